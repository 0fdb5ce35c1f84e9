"""Reads the customers topic onto the shelves: the partitions that the group gives this service, from their
beginning on.

No offsets are committed for the book: it is held in memory, so a service that takes a partition over reads
all of it, and the proofs say up to where it is screened. A partition that stays with this service over a
rebalance keeps its shelf.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Collection
from importlib.metadata import version
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from mode import Service

from screening.customers.book import Book
from screening.limits import LimitError
from screening.payments.model import PaymentError, PaymentProblem
from screening.policy.rules import Policy
from streams.customers.desk import SLICE_SECONDS, CustomerDesk
from streams.customers.proofs import ProofReplica
from streams.customers.shelf import Shelf, Trigger
from streams.faust_internals.identity import TopicIdentity
from streams.kafka.consumer import new_consumer
from streams.kafka.options import ClientOptions
from streams.kafka.promises import wrong_cleanup
from streams.records.headers import dead_letter_headers
from streams.records.json import Origin
from streams.worker.delivery import Outbox

log = logging.getLogger(__name__)

RETRY_SECONDS = 1.0
UNFIT_SECONDS = 5.0
"""How soon the topic's settings are looked at again."""
MOST_FETCHED = 500


class Received:
    """A record in the form that dead letters are made of."""

    def __init__(self, record: ConsumerRecord[bytes, bytes]) -> None:
        self.topic: str = record.topic
        self.partition: int = record.partition
        self.offset: int = record.offset
        self.timestamp: float = record.timestamp / 1000
        self.key: bytes | None = record.key
        self.value: bytes | None = record.value
        self.headers: Any = list(record.headers)


class CustomerReader(Service):
    """Follows the topic within the group; `reason` says why customers cannot be read."""

    logger = log

    def __init__(
        self,
        topic: str,
        dead_letters: str,
        *,
        client: ClientOptions,
        group: str,
        session_seconds: float,
        policy: Policy,
        desk: CustomerDesk,
        proofs: ProofReplica,
        outbox: Outbox,
        on_given_up: Callable[[int], object],
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.reason = f"{topic}: not read yet"
        self._topic = topic
        self._dead_letters = dead_letters
        self._client = client
        self._group = group
        self._session_seconds = session_seconds
        self._policy = policy
        self._desk = desk
        self._proofs = proofs
        self._outbox = outbox
        self._on_given_up = on_given_up

    @Service.task
    async def _follow(self) -> None:
        while not self.should_stop:
            try:
                if await self._may_vanish():
                    await self.sleep(UNFIT_SECONDS)
                else:
                    await self._read()
            except (KafkaError, OSError) as error:
                self.reason = f"{self._topic}: {error!r}; is the broker up, and may we read the topic?"
                log.warning("customers are not read: %s", self.reason)
                await self.sleep(RETRY_SECONDS)

    async def _may_vanish(self) -> bool:
        """Whether the topic loses customers with age; if so, says it."""
        if wrong := await wrong_cleanup(self._client, self._topic):
            self.reason = f"{wrong}; whom it loses nobody screens"
            log.warning("customers are not read: %s", self.reason)
        return bool(wrong)

    async def _read(self) -> None:
        consumer = new_consumer(
            self._client,
            group=self._group,
            fetch_max_wait_ms=20,
            session_timeout_ms=int(self._session_seconds * 1000),
            heartbeat_interval_ms=int(self._session_seconds * 1000 / 4),
        )
        consumer.subscribe([self._topic], listener=_Assignments(self, consumer))
        try:
            await consumer.start()
            identity = await TopicIdentity(consumer, self._topic).known()
            while not self.should_stop:
                if identity.has_changed():
                    for at in consumer.assignment():
                        self._begin_anew(consumer, at)
                fetched = await consumer.getmany(timeout_ms=100, max_records=MOST_FETCHED)
                shelves = {at: self._desk.shelves.get(at.partition) for at in fetched}
                for at, records in fetched.items():
                    shelf = shelves[at]
                    if shelf and records and records[0].offset < shelf.offset:
                        self._begin_anew(consumer, at)
                    elif shelf:
                        await self._put_all(shelf, records)
                await self._look_where(consumer)
        finally:
            await consumer.stop()

    async def _put_all(self, shelf: Shelf, records: list[ConsumerRecord[bytes, bytes]]) -> None:
        """Put records onto the shelf they were fetched for; a shelf that was replaced meanwhile is read from
        its beginning."""
        ends = time.monotonic() + SLICE_SECONDS
        for record in records:
            if self._desk.shelves.get(shelf.partition) is not shelf:
                return
            if record.offset < shelf.offset:
                continue
            await self._put(shelf, record)
            shelf.offset = record.offset + 1
            if time.monotonic() > ends:
                await asyncio.sleep(0)
                ends = time.monotonic() + SLICE_SECONDS

    async def _put(self, shelf: Shelf, record: ConsumerRecord[bytes, bytes]) -> None:
        key = (record.key or b"").decode(errors="surrogateescape")
        origin = Origin(record.topic, record.partition, record.offset, record.timestamp)
        is_new = shelf.is_new(record.offset, record.timestamp)
        if record.value is None:
            number = shelf.book.remove(key)
            if number is not None:
                for waiting in shelf.waiting.values():
                    waiting.discard(number)
                shelf.origins.pop(number, None)
            if is_new:
                shelf.gone[key] = origin
            return
        shelf.gone.pop(key, None)
        try:
            number = shelf.book.put(key, record.value)
        except (PaymentError, LimitError) as error:
            if is_new:
                await self._refuse(record, error)
            return
        if is_new:
            shelf.wait(Trigger.CUSTOMER, (number,))
            shelf.origins[number] = origin

    async def _refuse(self, record: ConsumerRecord[bytes, bytes], error: PaymentError | LimitError) -> None:
        code = error.problem if isinstance(error, PaymentError) else PaymentProblem.TOO_LARGE
        log.warning("%s-%d@%d is no customer: %s", record.topic, record.partition, record.offset, error)
        headers = dead_letter_headers(Received(record), code, str(error), version("interdict"))
        self._outbox.keep(self._dead_letters, record.key, record.value, headers)

    async def _look_where(self, consumer: AIOKafkaConsumer) -> None:
        """Note the position: control records and compacted ones are skipped without being seen."""
        for partition in consumer.assignment():
            shelf = self._desk.shelves.get(partition.partition)
            if shelf is None:
                continue
            if shelf.load_until is None:
                shelf.load_until = (await consumer.end_offsets([partition]))[partition]
            if not consumer.assignment() >= {partition}:
                return
            position = await consumer.position(partition)
            if position < shelf.offset:
                self._begin_anew(consumer, partition)
                continue
            shelf.offset = position
            if not shelf.loaded and shelf.offset >= shelf.load_until:
                self._desk.loaded(shelf)
                log.info("partition %d: %d customers", shelf.partition, len(shelf.book))
        self.reason = "" if consumer.assignment() else f"{self._topic}: no partition is assigned yet"

    def _begin_anew(self, consumer: AIOKafkaConsumer, at: TopicPartition) -> None:
        """The partition's former customers no longer exist, and no proof covers the new ones."""
        log.warning("%s-%d was recreated; it is read from its beginning", at.topic, at.partition)
        self._desk.take(Shelf(at.partition, Book(self._policy)))
        consumer.seek(at, 0)

    def assigned(self, consumer: AIOKafkaConsumer, partitions: Collection[TopicPartition]) -> None:
        """Give up partitions that others have now, and begin with new ones."""
        ours = {partition.partition for partition in partitions}
        for partition in self._desk.shelves.keys() - ours:
            del self._desk.shelves[partition]
            self._on_given_up(partition)
        for at in partitions:
            shelf = self._desk.shelves.get(at.partition)
            if shelf is None:
                proof = self._proofs.known.get(at.partition)
                self._desk.take(Shelf(at.partition, Book(self._policy), proof))
                consumer.seek(at, 0)
            else:
                consumer.seek(at, shelf.offset)


class _Assignments(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka's is not typed
    def __init__(self, reader: CustomerReader, consumer: AIOKafkaConsumer) -> None:
        self._reader = reader
        self._consumer = consumer

    def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        """Nothing: which partitions stay is only known with the next assignment."""

    def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        self._reader.assigned(self._consumer, assigned)
