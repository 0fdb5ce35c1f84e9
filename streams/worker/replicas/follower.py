"""A worker's copy of a topic beside the list: read at the start, then followed.

If a worker without the copy only alerts more than it needs to, the copy is no barrier: while the topic is out
of reach, payments go on, and a log line says what is missing. If a worker without it could clear what should
alert, the copy is `needed`, and no payment is taken before it is read.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from mode import Service

from streams.errors import NOT_OURS
from streams.faust_internals.identity import TopicIdentity
from streams.kafka.consumer import new_consumer, opened
from streams.kafka.log import oldest_first
from streams.kafka.options import ClientOptions
from streams.worker.replicas.turns import MOST_AT_ONCE

log = logging.getLogger(__name__)

RETRY_SECONDS = 5.0
FIRST_READ_SECONDS = 10.0
"""How long the start waits for what the topic holds."""
A_TURN = 16
"""Records that are applied before the event loop gets its turn; an alert takes some 0.1 ms."""


OnUnreadable = Callable[[bool], object]
"""Called for a record that could not be read, with whether it came since the topic was read whole."""


class UnfitError(RuntimeError):
    """The topic exists, but its settings make it unreliable; the text says how."""


class TopicReplica(Service):
    """Subclasses say in `apply` what a record means, and in `without` what is missing without the topic.

    Records older than `window_seconds` are left out; None reads the whole topic.
    """

    logger = log
    without = ""
    needed = False
    window_seconds: float | None = None
    in_one_order = False
    """Whether what several partitions hold is applied in the order in which it came, once all is read."""

    def __init__(
        self,
        topic: str,
        client: ClientOptions,
        on_unreadable: OnUnreadable | None = None,
    ) -> None:
        super().__init__()
        self._topic = topic
        self._client = client
        self._on_unreadable = on_unreadable
        self._read = asyncio.Event()
        self._unfit = ""
        self._failed = ""

    async def unfit(self) -> str:
        """Why the topic is unreliable; empty if it is not. Raises KafkaError and OSError."""
        return ""

    def apply(self, record: ConsumerRecord[bytes, bytes]) -> None:
        """Apply one record, in its partition's order. An exception in `NOT_OURS` means that it cannot be
        read."""
        raise NotImplementedError

    def applied(self) -> None:
        """Called after each fetch that brought something."""

    def read_again(self) -> None:
        """Called before the topic is read again from its beginning, because it may have been recreated."""

    def is_read_again(self) -> None:
        """Called when everything that the topic held then has been applied."""

    async def on_start(self) -> None:
        self.add_future(self._follow())
        while not self._read.is_set():
            try:
                await asyncio.wait_for(self._read.wait(), FIRST_READ_SECONDS)
            except TimeoutError:
                log.warning("%s; until it is, %s", self._missing, self.without)
                if not self.needed or self.should_stop:
                    return

    @property
    def missing(self) -> str:
        """Why payments must wait for this copy; empty if they need not."""
        if self.needed and not self._read.is_set():
            return f"{self._missing}; until it is, {self.without}"
        return ""

    @property
    def _missing(self) -> str:
        return self._unfit or self._failed or f"{self._topic} is not read yet"

    async def _follow(self) -> None:
        while not self.should_stop:
            try:
                await self._read_on()
            except UnfitError as error:
                log.warning("%s; until it is, %s", error, self.without)
            except (KafkaError, OSError) as error:
                self._failed = f"{self._topic} cannot be read: {error!r}"
                log.warning("%s; until it is, %s", self._failed, self.without)
            else:
                continue
            await self.sleep(RETRY_SECONDS)

    async def _read_on(self) -> None:
        """Read from the beginning on, until the topic is recreated or cannot be read."""
        self._unfit = await self.unfit()
        if self._unfit:
            raise UnfitError(self._unfit)
        async with opened(new_consumer(self._client, self._topic)) as consumer:
            identity = await TopicIdentity(consumer, self._topic).known()
            ends = await self._ends(consumer)
            await self._begin(consumer, ends)
            self.read_again()
            whole, places = False, await _places(consumer)
            early: dict[TopicPartition, list[ConsumerRecord[bytes, bytes]]] = {}
            while not self.should_stop:
                if not whole and await _reached(consumer, ends):
                    whole = True
                    await self._take_all(oldest_first(early.values(), lambda each: each.timestamp), ends)
                    early.clear()
                    self.is_read_again()
                    self._read.set()
                fetched = await consumer.getmany(timeout_ms=200, max_records=MOST_AT_ONCE)
                before, places = places, await _places(consumer)
                if _is_anew(before, places, fetched) or identity.has_changed():
                    log.warning("%s was recreated; it is read from its beginning", self._topic)
                    return
                if self.in_one_order and len(ends) > 1 and not whole:
                    for at, records in fetched.items():
                        early.setdefault(at, []).extend(records)
                    continue
                await self._take_all(chain.from_iterable(fetched.values()), ends)
                if fetched:
                    self.applied()

    async def _take_all(
        self, records: Iterable[ConsumerRecord[bytes, bytes]], ends: Mapping[TopicPartition, int]
    ) -> None:
        """Apply these in turns: the alerts of weeks held up pages and heartbeats for seconds."""
        for number, record in enumerate(records, 1):
            at = TopicPartition(record.topic, record.partition)
            self._take(record, since=record.offset >= ends.get(at, 0))
            if number % A_TURN == 0:
                await asyncio.sleep(0)

    def _take(self, record: ConsumerRecord[bytes, bytes], *, since: bool) -> None:
        """Apply a record; an unreadable one is logged, counted and skipped, so that nobody can end a worker
        by writing it."""
        try:
            self.apply(record)
        except NOT_OURS as error:
            place = f"{record.topic}-{record.partition}@{record.offset}"
            log.warning("%s cannot be read and is skipped: %s: %.200s", place, type(error).__name__, error)
            if self._on_unreadable:
                self._on_unreadable(since)

    async def _ends(self, consumer: AIOKafkaConsumer) -> Mapping[TopicPartition, int]:
        """Where the topic ends now."""
        if not consumer.assignment():
            raise KafkaError(f"no topic {self._topic}; create it with `interdict topics create`")
        return dict(await consumer.end_offsets(sorted(consumer.assignment())))

    async def _begin(self, consumer: AIOKafkaConsumer, ends: Mapping[TopicPartition, int]) -> None:
        """Seek to the beginning of the window, or to the end if nothing is younger."""
        if self.window_seconds is None:
            return
        since = int((time.time() - self.window_seconds) * 1000)
        first = await consumer.offsets_for_times(dict.fromkeys(ends, since))
        for partition, end in ends.items():
            found = first.get(partition)
            consumer.seek(partition, min(found.offset, end) if found else end)


async def _places(consumer: AIOKafkaConsumer) -> Mapping[TopicPartition, int]:
    """The offset up to which each partition is read."""
    return {partition: await consumer.position(partition) for partition in consumer.assignment()}


def _is_anew(
    before: Mapping[TopicPartition, int],
    now: Mapping[TopicPartition, int],
    fetched: Mapping[TopicPartition, Sequence[ConsumerRecord[bytes, bytes]]],
) -> bool:
    """Whether a partition went backwards, also in what was fetched of it, or disappeared: its topic was
    deleted."""
    firsts = {partition: records[0].offset for partition, records in fetched.items() if records}
    went_back = any(place < before.get(at, 0) for at, place in (*now.items(), *firsts.items()))
    return went_back or bool(before.keys() - now.keys())


async def _reached(consumer: AIOKafkaConsumer, ends: Mapping[TopicPartition, int]) -> bool:
    return all([await consumer.position(partition) >= end for partition, end in ends.items()])
