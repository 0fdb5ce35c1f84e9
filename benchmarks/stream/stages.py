"""`python -m benchmarks.stream.stages`: CPU time of each stage of one payment, without Kafka.

What is left of the stream benchmark's CPU time is transport: Faust, aiokafka and the event loop.
"""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import rich_click as click
from aiokafka.producer.message_accumulator import BatchBuilder

from benchmarks.stream.machine import machine
from benchmarks.stream.made import OFAC_NAMES, designations, payments
from config.settings import Settings
from screening import Screener, decode_payment, parse_list
from streams.audit.chain import Chain
from streams.records.json import Origin, decision_to_json

ZSTD = 4
"""Kafka's number for it (KIP-110)."""
BATCH: int = Settings.model_fields["batch_size"].default
"""Records in one batch."""


@click.command()
@click.option("--names", default=OFAC_NAMES, show_default=True, help="Size of the made-up list.")
@click.option("--ofac", type=click.Path(exists=True, path_type=Path), help="The real list instead (CSV).")
@click.option("--payments", "count", default=8_000, show_default=True)
def main(names: int, ofac: Path | None, count: int) -> None:
    """Print microseconds of CPU a payment of four parties, stage by stage."""
    screener = Screener()
    listed = list(parse_list("ofac", ofac) if ofac else designations(names))
    load = _microseconds(screener.upsert, listed)
    spellings = [name.text for entry in listed for name in entry.names]
    events = [payment.value for payment in payments(count, spellings)]
    chain, now, origin = Chain(), datetime.now(UTC), Origin("payments", 0, 0, 0)

    decoded = [decode_payment(event)[0] for event in events]
    first, second = decoded[: count // 2], decoded[count // 2 :]
    rows = [("decode_payment", _microseconds(decode_payment, events))]
    rows.append(("screen, from a cold start", _microseconds(screener.screen, first)))
    rows.append(("screen, after as many payments", _microseconds(screener.screen, second)))
    rows.append(("screen, every word seen before", _microseconds(screener.screen, second)))
    decisions = [screener.screen(payment) for payment in second]
    rows.append(
        ("decision_to_json", _microseconds(lambda one: decision_to_json(one, now, 1.0, origin), decisions))
    )
    values = [decision_to_json(one, now, 1.0, origin) for one in decisions]
    rows.append(("seal", _microseconds(lambda value: chain.link("decisions", 0, b"key", value), values)))
    batches = [values[place : place + BATCH] for place in range(0, len(values), BATCH)]
    rows.append(("batch and zstd", _microseconds(_batch, batches) * len(batches) / len(values)))

    click.echo(f"{machine()}; {len(spellings):,} names, {load:,.0f} µs to apply one entry\n")
    click.echo("| stage | µs of CPU a payment |\n|---|---|")
    for stage, microseconds in rows:
        click.echo(f"| {stage} | {microseconds:,.1f} |")


def _microseconds(stage: Callable[[Any], object], items: Sequence[Any]) -> float:
    started = time.process_time()
    for item in items:
        stage(item)
    return (time.process_time() - started) / len(items) * 1e6


def _batch(values: Sequence[bytes]) -> None:
    batch = BatchBuilder(1 << 20, ZSTD)
    for value in values:
        batch.append(timestamp=None, key=b"key", value=value)
    batch._build()


if __name__ == "__main__":
    main()
