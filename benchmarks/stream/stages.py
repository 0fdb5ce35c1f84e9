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
from benchmarks.stream.made import ALL_NEW, HALF_NEW, OFAC_NAMES, OFTEN_NEW, TYPICAL, designations, payments
from benchmarks.stream.options import shares_of_new
from config.settings import Settings
from screening import Designation, Payment, Screener, decode_payment, parse_list
from streams.audit.chain import Chain
from streams.records.json import Origin, decision_to_json
from streams.worker.garbage import by_the_clock, loading

ZSTD = 4
"""Kafka's number for it (KIP-110)."""
BATCH: int = Settings.model_fields["batch_size"].default
"""Records in one batch."""


@click.command()
@click.option("--names", default=OFAC_NAMES, show_default=True, help="Size of the made-up list.")
@click.option("--ofac", type=click.Path(exists=True, path_type=Path), help="The real list instead (CSV).")
@click.option("--payments", "count", default=6_000, show_default=True)
@shares_of_new(ALL_NEW, HALF_NEW, OFTEN_NEW, TYPICAL)
def main(names: int, ofac: Path | None, count: int, shares: tuple[float, ...]) -> None:
    """Print microseconds of CPU a payment of four parties, stage by stage."""
    listed = list(parse_list("ofac", ofac) if ofac else designations(names))
    spellings = [name.text for entry in listed for name in entry.names]
    measured = [_stages(listed, [one.value for one in payments(count, spellings, new=new)]) for new in shares]
    click.echo(f"{machine()}; {len(spellings):,} names, {count:,} payments\n")
    click.echo("| stage, µs of CPU a payment | " + " | ".join(f"{new:.0%} new" for new in shares) + " |")
    click.echo("|---|" + "---:|" * len(shares))
    for stage in measured[0]:
        click.echo(f"| {stage} | " + " | ".join(f"{one[stage]:,.1f}" for one in measured) + " |")


def _stages(listed: Sequence[Designation], events: Sequence[bytes]) -> dict[str, float]:
    """Each stage and what it takes, in a screener that has seen nothing yet."""
    screener = Screener()
    with loading():
        for entry in listed:
            screener.upsert(entry)
    by_the_clock()  # as in a worker, which looks for garbage once a second
    chain, now, origin = Chain(), datetime.now(UTC), Origin("payments", 0, 0, 0)

    decoded = [decode_payment(event)[0] for event in events]
    half = len(decoded) // 2
    first, second = decoded[:half], decoded[half:]
    took = {"decode_payment": _microseconds(decode_payment, events)}
    took["screen, from a cold start"] = _microseconds(screener.screen, first)
    took[f"screen, after {half:,} payments"] = _microseconds(screener.screen, second)
    took["screen, every party met before"] = _microseconds(screener.screen, second)
    decisions = [screener.screen(payment) for payment in second]
    took["screen, new parties of words met before"] = _microseconds(screener.screen, _mixed(second))
    took["decision_to_json"] = _microseconds(lambda one: decision_to_json(one, now, 1.0, origin), decisions)
    values = [decision_to_json(one, now, 1.0, origin) for one in decisions]
    took["seal for the audit"] = _microseconds(
        lambda value: chain.link("decisions", 0, b"key", value), values
    )
    batches = [values[place : place + BATCH] for place in range(0, len(values), BATCH)]
    took["batch and zstd"] = _microseconds(_batch, batches) * len(batches) / len(values)
    return took


def _mixed(payments: Sequence[Payment]) -> list[Payment]:
    """The payments, the first word of each name from the party before: others of the same words."""
    found = []
    before = "Mixed"
    for payment in payments:
        parties = []
        for party in payment.parties:
            (name,) = party.names
            first, _, rest = name.value.partition(" ")
            parties.append(party._replace(names=(name._replace(value=f"{before} {rest}"),)))
            before = first
        found.append(payment._replace(parties=tuple(parties)))
    return found


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
