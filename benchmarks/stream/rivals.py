"""What Interdict is measured beside, each a process: `python -m benchmarks.stream.rivals KIND ...`.

- `raw`: aiokafka reads, writes a record as long as a decision and compressed as one, and commits; nobody
  screens. What Kafka costs.
- `newcomer`: a Faust agent with `take()` and a brute-force rapidfuzz search, as one writes it on a first day.
- `logicv2`: the same agent with nomenklatura's LogicV2 on candidates that share a rare word with the name.
"""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import faust
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from faust.types import StreamT
from rapidfuzz import fuzz, process

from benchmarks.logicv2 import ANY_PARTY, Blocks

Matches = Callable[[str], bool]
THRESHOLD = 80
PADDING = b"x" * 330
"""What a decision without hits and its seal, some 720 bytes, have more than a payment."""


async def raw(bootstrap: str, prefix: str) -> None:
    consumer = AIOKafkaConsumer(
        f"{prefix}payments",
        bootstrap_servers=bootstrap,
        group_id=f"{prefix}raw",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", linger_ms=2, compression_type="zstd")
    await consumer.start()
    await producer.start()
    while True:
        batches = await consumer.getmany(timeout_ms=100, max_records=500)
        sent = [
            await producer.send(f"{prefix}screening.decisions", record.value + PADDING, key=record.key)
            for records in batches.values()
            for record in records
        ]
        if sent:
            await asyncio.gather(*sent)
            await consumer.commit()


def faust_app(bootstrap: str, prefix: str, matches: Matches) -> faust.App:
    app = faust.App(
        f"{prefix}newcomer",
        broker=f"kafka://{bootstrap}",
        value_serializer="json",
        store="memory://",
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        consumer_auto_offset_reset="earliest",
        datadir=f"/tmp/{prefix}",  # noqa: S108  Faust insists on one
    )
    payments, decisions = app.topic(f"{prefix}payments"), app.topic(f"{prefix}screening.decisions")

    @app.agent(payments)
    async def screen(stream: StreamT[dict[str, Any]]) -> None:
        async for batch in stream.take(200, within=0.05):
            sent = []
            for payment in batch:
                hits = [party["name"] for party in payment["parties"] if matches(party["name"])]
                decision = {"id": payment["id"], "outcome": "hit" if hits else "clear", "padding": "x" * 300}
                sent.append(await decisions.send(key=payment["id"], value=decision))
            await asyncio.gather(*sent)

    return app


def brute_force(names: list[str]) -> Matches:
    lowered = [name.lower() for name in names]

    def matches(name: str) -> bool:
        found = process.extractOne(
            name.lower(), lowered, scorer=fuzz.token_sort_ratio, score_cutoff=THRESHOLD
        )
        return found is not None

    return matches


def logicv2(names: list[str]) -> Matches:
    blocks = Blocks([([name], ANY_PARTY) for name in names])
    return lambda name: bool(blocks.match(name))


def main() -> None:
    kind, bootstrap, prefix, names_file = sys.argv[1:]
    if kind == "raw":
        asyncio.run(raw(bootstrap, prefix))
        return
    names = Path(names_file).read_text().splitlines()
    app = faust_app(bootstrap, prefix, (brute_force if kind == "newcomer" else logicv2)(names))
    faust.Worker(app, loglevel="ERROR", redirect_stdouts=False).execute_from_commandline()


if __name__ == "__main__":
    main()
