"""`python -m tests.simulation.contract`: the model held against a real Kafka, by stories told to both.

    python -m tests.simulation.contract                # 50 seeds on a broker of its own
    python -m tests.simulation.contract --from 50 --compact

A script of publications, broken and overtaken ones, writers without a claim, withdrawals and deleted records
goes step by step to the model and to the broker. After each step both must say the same: what became of it,
every record that a reader is given with its offset, where the topic ends for readers of committed and of all
records. With `--compact` both are compacted at the end, and what is left must mean the same.
"""

import argparse
import asyncio
import hashlib
import logging
import random
import sys
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from typing import Any, NamedTuple
from unittest import mock

import orjson
from aiokafka import TopicPartition

from screening.ledger import Ledger
from streams.kafka import consumer as consumers
from streams.kafka.provisioning import TopicAdmin
from streams.kafka.rights import claim_on
from streams.kafka.topics import Topics
from streams.lists import claimed_log
from streams.lists.folding import fold
from streams.lists.publishing import publish
from streams.lists.withdrawing import withdraw
from streams.records.designations import is_marker, key_text
from tests.kafka import topics as real_topics
from tests.kafka.broker import KafkaCluster
from tests.simulation.clients import Kafka
from tests.simulation.cluster import Cluster
from tests.simulation.loop import VirtualLoop
from tests.simulation.parties import Edition, first_edition, next_edition
from tests.simulation.scene import in_place_of_kafka

SILENT_SECONDS = 0.3
"""After this a publisher that stands still is overtaken; waiting longer shows nothing more."""
STEPS = 14
COMPACT_NOW = {
    "segment.ms": "100",
    "min.compaction.lag.ms": "0",
    "max.compaction.lag.ms": "100",
    "min.cleanable.dirty.ratio": "0.001",
}
COMPACTED_SECONDS = 60.0
ROLLS = "zz:last"
"""The key of what is written so that a segment ends and can be compacted."""
AT_ONCE = 6
"""Stories on the broker: most of the time each waits for it."""
KINDS = (
    *("publish", "publish", "publish", "again", "older", "half", "half", "withdraw", "strays", "delete"),
    *("open", "open", "send", "send", "commit", "abort"),
)


class Step(NamedTuple):
    what: str
    edition: Edition
    share: float


class Seen(NamedTuple):
    """After one step: what came of it, the records, and the ends of committed and of all records."""

    step: str
    came: str
    records: tuple[tuple[int, str, str], ...]
    stable: int
    end: int


class Meaning(NamedTuple):
    """What the topic says, in however many records."""

    values: dict[str, str]
    """The last value of each key."""
    lists: list[str]
    """In force, with their hashes."""
    problems: list[str]


class Told(NamedTuple):
    """A script as it was told to one of the two."""

    seen: list[Seen]
    meaning: Meaning


def script(seed: int) -> list[Step]:
    """The same for the model and the real one."""
    rng = random.Random(f"contract {seed}")
    editions = {name: first_edition(name, rng) for name in ("ofac", "un")}
    steps = [Step("publish", edition, 0.0) for edition in editions.values()]
    for _ in range(STEPS):
        what, name = rng.choice(KINDS), rng.choice(("ofac", "ofac", "un"))
        if what in ("publish", "half", "open"):
            editions[name] = next_edition(editions[name], rng)
        steps.append(Step(what, editions[name], rng.random()))
    return steps


@dataclass(slots=True)
class Teller:
    """Tells a script to whatever stands behind the clients."""

    client: dict[str, Any]
    topic: str
    delete_before: Callable[[int], Awaitable[None]]
    opened: Any = None
    """A publisher that has begun and neither ends nor goes away."""

    async def tell(self, steps: Sequence[Step]) -> list[Seen]:
        seen = []
        for number, step in enumerate(steps):
            try:
                came = str(await getattr(self, f"_{step.what}")(step))
            except (Exception, AssertionError) as error:
                came = type(error).__name__
            seen.append(await self._look(f"{number} {step.what} {step.edition.list_name}", came))
        await self._let_go()
        return seen

    async def _publish(self, step: Step, **more: Any) -> Any:
        edition = step.edition
        done = await publish(
            self.client,
            edition.designations(),
            list_name=edition.list_name,
            topic=self.topic,
            source_date=edition.date,
            max_shrink=1.0,
            **more,
        )
        return (done.version, done.entries, done.added, done.amended, done.removed, done.committed)

    _again = _publish

    async def _older(self, step: Step) -> Any:
        older = Edition(step.edition.list_name, step.edition.number - 1, step.edition.parties)
        return await self._publish(step._replace(edition=older))

    async def _half(self, step: Step) -> Any:
        """A publisher with a defect: it ends its transaction itself."""

        def breaks(sent: int, total: int) -> None:
            if sent >= max(1, total // 2):
                raise RuntimeError

        return await self._publish(step, progress=breaks)

    async def _withdraw(self, step: Step) -> Any:
        done = await withdraw(
            self.client, list_name=step.edition.list_name, topic=self.topic, reason="no longer", by="jo"
        )
        return (done.version, done.entries, done.left)

    async def _strays(self, step: Step) -> Any:
        producer = _producer(**self.client, acks="all")
        await producer.start()
        try:
            keys = [f"{step.edition.list_name}:{int(step.share * 5)}".encode(), b"ofac:99"]
            return [
                (await (await producer.send(self.topic, None, key=key, partition=0))).offset for key in keys
            ]
        finally:
            await producer.stop()

    async def _delete(self, step: Step) -> Any:
        _, stable, _ = await self._read()
        await self.delete_before(int(stable * step.share * 0.6))
        return ""

    async def _open(self, step: Step) -> Any:
        await self._let_go()
        self.opened = _producer(
            **self.client, transactional_id=claim_on(self.topic), transaction_timeout_ms=600_000
        )
        await self.opened.start()
        await self.opened.begin_transaction()
        return await self._send(step)

    async def _send(self, step: Step) -> Any:
        if self.opened is None:
            return "nobody"
        key = f"{step.edition.list_name}:{int(step.share * 5)}".encode()
        sent = await self.opened.send(self.topic, b'{"half": "an entry"}', key=key, partition=0)
        return (await sent).offset

    async def _commit(self, step: Step) -> Any:
        del step
        opened, self.opened = self.opened, None
        if opened is None:
            return "nobody"
        try:
            await opened.commit_transaction()
        finally:
            await opened.stop()
        return "committed"

    async def _abort(self, step: Step) -> Any:
        del step
        opened, self.opened = self.opened, None
        if opened is None:
            return "nobody"
        try:
            await opened.abort_transaction()
        finally:
            await opened.stop()
        return "aborted"

    async def _let_go(self) -> None:
        """As if it was killed: what it began stays open."""
        opened, self.opened = self.opened, None
        if opened is not None:
            with suppress(Exception):
                await opened.stop()

    async def _look(self, step: str, came: str) -> Seen:
        records: tuple[tuple[int, str, str], ...] = ()
        stable, end = 0, 0
        ends = -1
        while ends != end:  # markers are written after the answer to a commit
            ends = end
            records, stable, end = await self._read()
            await asyncio.sleep(0.1)
        return Seen(step, came, records, stable, end)

    async def _read(self) -> tuple[tuple[tuple[int, str, str], ...], int, int]:
        partition = TopicPartition(self.topic, 0)
        found, ends = [], []
        for isolation in ("read_uncommitted", "read_committed"):
            reader = consumers.new_consumer(self.client, isolation_level=isolation)
            await reader.start()
            try:
                reader.assign([partition])
                await reader.seek_to_beginning(partition)
                end = (await reader.end_offsets([partition]))[partition]
                ends.append(end)
                while isolation == "read_committed" and await reader.position(partition) < end:
                    for records in (await reader.getmany(timeout_ms=200)).values():
                        found += records
            finally:
                await reader.stop()
        self.last_read = found
        return tuple((each.offset, key_text(each.key), _meaning(each)) for each in found), ends[1], ends[0]

    async def meaning(self) -> Meaning:
        await self._read()
        ledger = Ledger()
        values = {}
        for each in self.last_read:
            key = key_text(each.key)
            fold(ledger, key, each.value, each.headers)
            values[key] = _meaning(each)
        held = [f"{name} {at.sha256}" for name, at in sorted(ledger.versions().items())]
        return Meaning({key: value for key, value in values.items() if value}, held, ledger.problems())

    last_read: Any = ()


def _producer(**options: Any) -> Any:
    """As publications open it: on the model it is the model's."""
    return vars(claimed_log)["AIOKafkaProducer"](**options)


def _meaning(record: Any) -> str:
    """A record without what differs from run to run."""
    if record.value is None:
        return ""
    if is_marker(key_text(record.key)):
        marker = orjson.loads(record.value)
        return str([marker.get(name) for name in ("marker", "list", "version", "count", "sha256", "lists")])
    return hashlib.sha256(record.value).hexdigest()[:12]


def on_model(seed: int, compact: bool = False) -> Told:
    """The script as the model has it."""
    rng = random.Random(f"model {seed}")
    loop = VirtualLoop(rng)
    topic = Topics().designations
    kafka = Kafka(Cluster(loop, rng, {topic: 1}, topic))

    async def delete_before(offset: int) -> None:
        for node in kafka.cluster.nodes.values():
            node.log.delete_before(offset)

    async def work() -> Told:
        teller = Teller({"bootstrap_servers": "model:1"}, topic, delete_before)
        seen = await teller.tell(script(seed))
        if compact:
            await _claim_once(teller)
            for node in kafka.cluster.nodes.values():
                node.log.compact(node.log.end, tombstones=False)
        return Told(seen, await teller.meaning())

    asyncio.set_event_loop(loop)
    try:
        with in_place_of_kafka(kafka), impatient():
            return loop.run_until_complete(work())
    finally:
        asyncio.set_event_loop(None)
        loop.clear()
        loop.close()


def on_kafka(bootstrap: str, seed: int, compact: bool = False) -> Told:
    """The script as a real broker has it, on topics of its own."""
    prefix = f"contract-{seed}-{random.randrange(1 << 30)}-"
    TopicAdmin({"bootstrap.servers": bootstrap}, prefix).create(partitions=1)
    topic = Topics(prefix).designations

    async def delete_before(offset: int) -> None:
        await asyncio.to_thread(real_topics.delete_before, bootstrap, topic, offset)

    async def work() -> Told:
        teller = Teller({"bootstrap_servers": bootstrap}, topic, delete_before)
        seen = await teller.tell(script(seed))
        if compact:
            await _claim_once(teller)
            await _compacted(teller, bootstrap)
        return Told(seen, await teller.meaning())

    return asyncio.run(work())


def impatient() -> AbstractContextManager[object]:
    """A publisher that stands still is overtaken at once."""
    return mock.patch.object(claimed_log, "SILENT_SECONDS", SILENT_SECONDS)


async def _claim_once(teller: Teller) -> None:
    """Nothing stays open: the cleaner passes no open transaction."""
    await asyncio.sleep(2 * SILENT_SECONDS)
    async with claimed_log.ClaimedLog(teller.client, teller.topic, "ofac") as log:
        await log.claim()


async def _compacted(teller: Teller, bootstrap: str) -> None:
    """Until the cleaner took something; every write rolls the segment before it."""
    before = len((await teller._read())[0])
    await asyncio.to_thread(real_topics.alter, bootstrap, teller.topic, COMPACT_NOW)
    async with asyncio.timeout(COMPACTED_SECONDS):
        while True:
            producer = _producer(**teller.client, acks="all")
            await producer.start()
            await producer.send_and_wait(teller.topic, None, key=ROLLS.encode(), partition=0)
            await producer.stop()
            await asyncio.sleep(1.0)
            records = (await teller._read())[0]
            if sum(key != ROLLS for _, key, _ in records) < before:
                return


def difference(seed: int, told: Told, real: Told, compacted: bool = False) -> str:
    """The first step after which model and broker differ, with both; empty where they agree."""
    for ours, theirs in zip(told.seen, real.seen, strict=True):
        if ours != theirs:
            return f"seed {seed}\n  model {ours}\n  Kafka {theirs}"
    meant, means = told.meaning, real.meaning
    if compacted:  # what rolled the segments stands on the real one alone
        means = Meaning({key: value for key, value in means.values.items() if key != ROLLS}, *means[1:])
    return "" if meant == means else f"seed {seed}\n  model {meant}\n  Kafka {means}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.contract")
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--from", type=int, default=0, dest="first")
    parser.add_argument("--compact", action="store_true")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    differ, seeds = 0, range(options.first, options.first + options.seeds)
    models = [on_model(seed, options.compact) for seed in seeds]
    with KafkaCluster() as cluster, ThreadPoolExecutor(AT_ONCE) as threads, impatient():
        real = threads.map(lambda seed: on_kafka(cluster.bootstrap, seed, options.compact), seeds)
        for seed, model, broker in zip(seeds, models, real, strict=True):
            if found := difference(seed, model, broker, options.compact):
                differ += 1
                sys.stdout.write(f"{found}\n")
                sys.stdout.flush()
    sys.stdout.write(f"{options.seeds} stories told to the model and to Kafka: {differ} differ\n")
    return int(differ > 0)


if __name__ == "__main__":
    sys.exit(main())
