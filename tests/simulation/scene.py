"""The processes of a run: workers and publishers made of the real parts, and what starts them again."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, nullcontext, suppress
from datetime import datetime, tzinfo
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

from config.settings import Settings
from screening import ListError
from screening.fingerprints import designation_fingerprint
from screening.policy.rules import Policy
from screening.screener import Screener
from streams.audit.chain import Chain
from streams.console.feed import Feed
from streams.kafka.connection import aiokafka_options
from streams.kafka.topics import Topics
from streams.lists.claimed_log import PublicationConflictError
from streams.lists.publishing import Published, publish
from streams.lists.watching import Watcher, WatchMetrics
from streams.records.json import designation_to_json
from streams.worker.barrier import Barrier
from streams.worker.delivery import Outbox
from streams.worker.desk import ScreeningDesk
from streams.worker.replicas.designations import Replica
from streams.worker.replicas.dispositions import DispositionReplica
from streams.worker.replicas.repeats import PairReplica
from streams.worker.replicas.stopped import StoppedReplica
from streams.worker.results import Publication
from tests.simulation import clients
from tests.simulation.clients import Admin, Consumer, Kafka, Producer
from tests.simulation.group import Group, Payments, Stream
from tests.simulation.loop import PACE, PROCESS, Process, VirtualLoop
from tests.simulation.parties import Edition

SETTINGS = Settings(broker="model:1,model:2,model:3")
TOPICS = Topics(SETTINGS.topic_prefix)
PARTITIONS = {
    TOPICS.designations: 1,
    TOPICS.payments: 2,
    TOPICS.alerts: 2,
    TOPICS.decisions: 2,
    TOPICS.dead_letters: 1,
    TOPICS.dispositions: 1,
    TOPICS.audit: 1,
}
POLICIES = (Policy(), Policy(threshold=0.9))
"""Before and after a rolling upgrade."""
PACES = (PACE, (1.0, 0.1))
"""A worker's machine may be slow: then the list changes while a batch is being decided."""
RESTART_SECONDS = 1.0
WATCH_SECONDS = 3.0
BATCH = 20


_designation_to_json = lru_cache(1024)(designation_to_json)
_designation_fingerprint = lru_cache(1024)(designation_fingerprint)
"""The same for the same entry, and asked for again and again: there are some twenty entries in all."""


class _Nothing:
    """Metrics that nobody scrapes, and each of them."""

    def __getattr__(self, name: str) -> "_Nothing":
        return self

    def __call__(self, *_: object, **__: object) -> None: ...


class Worker:
    """`streams.worker.app.Worker` without Faust: the same parts, started in the same order."""

    def __init__(self, kafka: Kafka, group: Group, name: str, required: tuple[str, ...]) -> None:
        self.kafka = kafka
        self.group = group
        self.name = name
        self.required = required
        self.policy = POLICIES[0]
        self.starts = 0
        self.ended = False
        """Nobody starts it again."""
        self.process = Process(name)
        self.replica: Replica | None = None

    def start(self) -> None:
        skew = self.process.skew
        self.starts += 1
        self.process = Process(self.name)
        self.process.skew = skew
        self.process.pace = self.kafka.loop.rng.choice(PACES)
        self.process.on_death = self._restart
        self.kafka.loop.start(self.process, self._run())

    def _restart(self) -> None:
        self.replica = None
        if not self.ended:
            self.kafka.loop.later(RESTART_SECONDS, self.start)

    async def _run(self) -> None:
        try:
            await self._work()
        finally:
            self.process.kill()

    async def _work(self) -> None:
        client = aiokafka_options(SETTINGS)
        metrics: Any = _Nothing()
        policy: Any = self.policy
        barrier = Barrier(TOPICS.designations, client)
        self.replica = replica = Replica(
            TOPICS.designations,
            client=client,
            list_end=barrier.list_end,
            new_screener=lambda: Screener(policy),
            required_lists=self.required,
            metrics=metrics,
            feed=Feed(),
        )
        given = DispositionReplica(TOPICS.dispositions, client=client, metrics=metrics)
        pairs = PairReplica(TOPICS.alerts, client)
        stopped = StoppedReplica(TOPICS.alerts, policy.stripping, client, metrics)
        services = (barrier, replica, given, pairs, stopped)
        for service in services:
            await service.start()
        producer = Producer()
        await producer.start()
        session = f"{self.name}-{self.starts}"
        outbox = Outbox(lambda: producer, Chain(session=session, clock=self.kafka.loop.wall), TOPICS.audit)
        desk = ScreeningDesk(
            replica,
            barrier,
            Publication(outbox, TOPICS, metrics, Feed(), pairs.known),
            metrics,
            dispositions=given.known,
            stopped=stopped.known,
        )
        self.payments = payments = Payments(self.kafka, self.group, session)
        work: list[Coroutine[Any, Any, object]] = [self._screen(Stream(payments), desk)]
        work += [payments.follow_group(), payments.fetch(), payments.commit_now_and_then()]
        work += [service._crashed.wait() for service in services]
        # whatever ends is an error of this worker's, and ends it
        await asyncio.wait(map(asyncio.ensure_future, work), return_when=asyncio.FIRST_COMPLETED)

    async def _screen(self, stream: Stream, desk: ScreeningDesk) -> None:
        await desk.work(stream.batches(BATCH))

    def end_in_order(self, policy: Policy) -> None:
        """SIGTERM, and a start with another policy: what is acknowledged is committed, and the group left."""
        self.policy = policy
        self.kafka.loop.start(self.process, self._leave())

    async def _leave(self) -> None:
        with suppress(AttributeError):  # it has not joined yet
            await self.payments.commit()
            await self.payments.leave()
        self.process.kill()


class _Source:
    """What a watcher watches: a file that is replaced by newer ones."""

    def __init__(self) -> None:
        self.edition: Edition | None = None
        self._accepted: Edition | None = None

    @asynccontextmanager
    async def new(self) -> AsyncIterator[Path | None]:
        self._read = self.edition
        yield Path("file") if self._read is not None and self._read != self._accepted else None

    def accept(self) -> None:
        self._accepted = self._read

    def forget(self) -> None:
        self._accepted = None


class _Watch(Watcher):
    """The real one; instead of parsing a file it publishes an edition."""

    publisher: "Publisher"

    async def _publish(self, path: Path) -> Published:
        del path
        return await self.publisher.publish()


class Publisher:
    """`interdict lists watch` on a machine of its own."""

    def __init__(self, kafka: Kafka, name: str, list_name: str) -> None:
        self.kafka = kafka
        self.name = name
        self.list_name = list_name
        self.process = Process(name)
        self.ended = False
        self.source = _Source()
        self.on_publish: Callable[[Edition], None] = lambda _: None
        """Called when a publication begins."""
        self.outcomes: list[tuple[Edition, frozenset[str], float, str]] = []
        """What was published, the ids of its publications, when it ended, and why it came to nothing."""

    def start(self) -> None:
        skew = self.process.skew
        self.process = Process(self.name)
        self.process.skew = skew
        self.process.on_death = self._restart
        self.kafka.loop.start(self.process, self._run())

    def _restart(self) -> None:
        if not self.ended:
            self.kafka.loop.later(RESTART_SECONDS, self.start)

    async def _run(self) -> None:
        self.source.forget()
        source: Any = self.source
        watch = _Watch(
            SETTINGS,
            source,
            format_name="simulated",
            list_name=self.list_name,
            max_shrink=1.0,
            metrics=WatchMetrics(self.list_name, self.kafka.loop.wall),
        )
        watch.publisher = self
        await watch.run(WATCH_SECONDS)

    async def publish(self) -> Published:
        edition = self.source.edition
        assert edition is not None
        self.process.ids.clear()
        self.on_publish(edition)
        why = ""
        try:
            return await publish(
                aiokafka_options(SETTINGS),
                edition.designations(),
                list_name=edition.list_name,
                topic=TOPICS.designations,
                source_date=edition.date,
                max_shrink=1.0,
            )
        except (ListError, PublicationConflictError) as error:
            why = f"{type(error).__name__}: {error}"
            raise
        except BaseException as error:
            why = f"! {error!r}"
            raise
        finally:
            if not self.process.dead:
                ids = frozenset(self.process.ids)
                self.outcomes.append((edition, ids, self.kafka.loop.now, why))


@contextmanager
def in_place_of_kafka(kafka: Kafka) -> Iterator[None]:
    """The clock, the clients and the ids of a run, where the code under test looks for them."""
    loop = kafka.loop
    numbers = itertools.count()
    clock = _clock(loop)

    def new_id() -> SimpleNamespace:
        process = PROCESS.get()
        made = f"{process.name if process else ''} {next(numbers)}"
        if process:
            process.ids.append(made)
        return SimpleNamespace(hex=made)

    places: dict[str, Any] = {
        "time.time": loop.wall,
        "time.time_ns": lambda: int(loop.wall() * 1e9),
        "time.monotonic": loop.monotonic,
        "uuid.uuid4": new_id,
        "random.uniform": loop.rng.uniform,
        "asyncio.to_thread": clients.in_thread,
        "streams.lists.status.TopicLog": clients.ListLog,
        "streams.kafka.consumer.AIOKafkaConsumer": Consumer,
        "streams.lists.claimed_log.AIOKafkaProducer": Producer,
        "streams.kafka.promises.AIOKafkaAdminClient": Admin,
        "streams.kafka.leadership.create_conn": clients.connect,
        "streams.worker.replicas.designations.loading": nullcontext,
        "streams.lists.watching.list_issued": lambda *_: "",
        "streams.lists.publishing.designation_to_json": _designation_to_json,
        "screening.decisions.designation_fingerprint": _designation_fingerprint,
        "screening.cases.dispositions.designation_fingerprint": _designation_fingerprint,
        "streams.worker.desk.datetime": clock,
        "streams.worker.replicas.stopped.datetime": clock,
        "streams.lists.claimed_log.datetime": clock,
        "streams.lists.publishing.datetime": clock,
    }
    clients.opened(kafka)
    with ExitStack() as patches:
        for place, value in places.items():
            patches.enter_context(mock.patch(place, value))
        yield
    clients.opened(None)


def _clock(loop: VirtualLoop) -> type[datetime]:
    class Clock(datetime):
        """`datetime` by the simulated clock; what it makes is plain."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # no Clock
            return datetime.fromtimestamp(loop.wall(), tz)

        @classmethod
        def fromtimestamp(cls, at: float, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # no Clock
            return datetime.fromtimestamp(at, tz)

    return Clock
