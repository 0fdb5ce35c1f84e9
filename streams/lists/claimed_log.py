"""The designations topic as a publisher sees it: read to its end, claimed by one, written in one
transaction."""

import asyncio
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.errors import (
    InvalidProducerEpoch,
    InvalidProducerIdMapping,
    InvalidTxnState,
    KafkaError,
    MessageSizeTooLargeError,
    OutOfOrderSequenceNumber,
    ProducerFenced,
    TransactionalIdAuthorizationFailed,
)

from screening.ledger import Ledger, Marker, MarkerType
from screening.lists import ListError
from streams.errors import CannotProceedError
from streams.kafka.consumer import new_consumer
from streams.kafka.leadership import NotProvedError, PartitionEnd
from streams.kafka.options import ClientOptions
from streams.kafka.promises import Promises, PromisesUnknownError, promises_of
from streams.kafka.rights import claim_on
from streams.kafka.topics import MAX_MESSAGE_BYTES
from streams.lists.folding import fold
from streams.records.designations import PUBLICATION, REGISTRY, is_marker, key_text, marker_key, source_of
from streams.records.json import CONTENT_TYPE, registry_to_json
from streams.records.shapes import MarkerRecord, PublicationRecord

SILENT_SECONDS = 10.0
"""A transaction that is open for so long without a new record is taken for dead, and its claim taken."""
WAIT_SECONDS = 60.0
"""How long another publication is waited for while it sends."""
LOOK_SECONDS = 0.2
NEW_TOPIC_SECONDS = 3.0
"""A broker is told of a topic that another one made within moments; after so long there is none."""
MOST_SENT_BYTES = int(MAX_MESSAGE_BYTES)
"""Of one record: no larger one has a place on the topic as `topics create` makes it."""
IN_FLIGHT = 500  # records sent before their acknowledgements are awaited
TRANSACTION_MS = 600_000
"""Under the brokers' own limit of 15 minutes. It may be long: the next claim ends a transaction at once."""
VISIBLE_SECONDS = 15.0
"""A committed transaction is visible to every reader within milliseconds; longer means that another one,
not ours, stands open before it. A leader proves within milliseconds, too, where the topic ends."""
STUCK_SECONDS = 2.0
"""The topic has more and nothing comes: another broker is asked for it then."""
DELIVERY_SECONDS = 120.0
LOST = (
    *(ProducerFenced, InvalidProducerEpoch, InvalidProducerIdMapping, InvalidTxnState),
    OutOfOrderSequenceNumber,  # the brokers have forgotten our transaction, for another began
)


class PublicationConflictError(CannotProceedError):
    """Another publication is in the way; the text says what to do."""


class ClaimedLog:
    """Reads every list on the topic and writes one of them; `entries` and `commit` are that list's."""

    def __init__(self, client: ClientOptions, topic: str, list_name: str) -> None:
        self.list_name = list_name
        self.ledger = Ledger()
        self.entries: dict[str, bytes] = {}
        """The list's records as they stand on the topic, in force or not."""
        self.commit: Marker | None = None
        self.seen = 0
        """Counts the list's own records; the same number means that nobody wrote to it in between."""
        self._client = client
        self._topic = topic
        self._partition = TopicPartition(topic, 0)
        self._consumer = self._reader("read_committed")
        self._producer: AIOKafkaProducer | None = None
        self._promises = Promises()
        self._topic_end: PartitionEnd | None = None

    def _reader(self, isolation: str) -> AIOKafkaConsumer:
        return new_consumer(
            self._client, auto_offset_reset="none", isolation_level=isolation, fetch_max_wait_ms=20
        )

    async def __aenter__(self) -> Self:
        try:
            await self._consumer.start()
            if not await self._is_there():
                raise ListError(f"there is no topic {self._topic}; create it with `interdict topics create`")
            self._consumer.assign([self._partition])
            await self._consumer.seek_to_beginning(self._partition)
            try:
                self._promises = await promises_of(self._client, self._topic)
            except PromisesUnknownError:
                self._promises = Promises(is_kafka=True)
            self._topic_end = PartitionEnd(self._topic, self._client, self._promises.in_sync)
        except BaseException:
            await self.__aexit__(None, None, None)
            raise
        return self

    async def _is_there(self) -> bool:
        ends = time.monotonic() + NEW_TOPIC_SECONDS
        while self._topic not in await self._consumer.topics():
            if time.monotonic() > ends:
                return False
            await asyncio.sleep(LOOK_SECONDS)
        return True

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del kind, error, trace
        await self._disclaim()
        topic_end, self._topic_end = self._topic_end, None
        if topic_end is not None:
            await topic_end.close()
        await self._consumer.stop()

    async def refresh(self) -> None:
        """Read on to the topic's present end. Raises KafkaError if nobody can prove where that is.

        A leader that is cut off from its peers would hide what was published meanwhile, and an older file
        would replace it.
        """
        await self._read_to(await self._end(time.monotonic() + VISIBLE_SECONDS))

    async def refresh_past(self, offset: int) -> None:
        """Read on past a record of a transaction that was committed. Raises PublicationConflictError."""
        give_up_at, end = time.monotonic() + VISIBLE_SECONDS, -1
        while end <= offset:
            if time.monotonic() > give_up_at:
                raise PublicationConflictError(self._unseen())
            with suppress(KafkaError):
                end = await self._end(give_up_at)
            await asyncio.sleep(LOOK_SECONDS / 10 if end <= offset else 0)
        try:
            await self._read_to(end)
        except KafkaError:
            raise PublicationConflictError(self._unseen()) from None

    def _unseen(self) -> str:
        return (
            f"{self._topic}: the publication is committed and could not be seen within "
            f"{VISIBLE_SECONDS:.0f} s: no leader answers, or a transaction of somebody else stands "
            "open before it (kafka-transactions.sh find-hanging). `interdict lists status` says when "
            "it is in force"
        )

    async def _end(self, give_up_at: float) -> int:
        """The topic's end for every reader, proved by its leader. Raises KafkaError."""
        if self._topic_end is None:
            raise RuntimeError("the topic is not opened")
        while True:
            try:
                return await self._topic_end.end()
            except (KafkaError, NotProvedError, OSError) as error:
                if time.monotonic() > give_up_at:
                    raise KafkaError(f"where {self._topic} ends cannot be proved: {error!r}") from None
            await asyncio.sleep(LOOK_SECONDS)

    async def _read_to(self, end: int) -> None:
        """Read up to an offset. Raises KafkaError if no broker sends what is proved to be there."""
        came_at = asked_anew_at = time.monotonic()
        while (position := await self._consumer.position(self._partition)) < end:
            for records in (await self._consumer.getmany(timeout_ms=200)).values():
                for record in records:
                    self._apply(record)
            now = time.monotonic()
            if await self._consumer.position(self._partition) > position:
                came_at = asked_anew_at = now
            elif now - came_at > VISIBLE_SECONDS:
                raise KafkaError(f"{self._topic}: read up to {position} of {end}, and no broker sends more")
            elif now - asked_anew_at > STUCK_SECONDS:
                await self._read_from_another_broker(position)
                asked_anew_at = time.monotonic()

    async def _read_from_another_broker(self, position: int) -> None:
        """Change brokers: the present one may be cut off from its peers, and would never send anything
        new."""
        fresh = self._reader("read_committed")
        try:
            await fresh.start()
            fresh.assign([self._partition])
            fresh.seek(self._partition, position)
        except BaseException:
            await fresh.stop()
            raise
        old, self._consumer = self._consumer, fresh
        await old.stop()

    async def claim(self) -> bool:
        """Take the topic over, once nobody else is in the middle of a publication, and read it to its end.

        Returns False if somebody else claimed it at the same moment.
        """
        await self._wait_for_others()
        await self._disclaim()
        options: dict[str, Any] = (
            {"transactional_id": claim_on(self._topic), "transaction_timeout_ms": TRANSACTION_MS}
            if self._promises.is_kafka
            else {"acks": "all"}
        )
        self._producer = AIOKafkaProducer(
            **self._client, **options, compression_type="gzip", max_request_size=MOST_SENT_BYTES
        )
        try:
            async with asyncio.timeout(DELIVERY_SECONDS):
                await self._producer.start()
        except LOST:
            return False
        except TimeoutError:
            raise KafkaError(
                "no broker coordinates transactions; is __transaction_state there and in sync?"
            ) from None
        except TransactionalIdAuthorizationFailed:
            raise KafkaError(
                f"this user may not use the transactional id {claim_on(self._topic)}; allow WRITE "
                "and DESCRIBE on it"
            ) from None
        await self.refresh()
        return True

    def publication(self, publication: str) -> "Sending":
        """Everything sent within the block becomes visible to all readers when it ends, or never."""
        if self._producer is None:
            raise RuntimeError("the topic is not claimed")
        return Sending(self._producer, self._topic, publication, transactional=self._promises.is_kafka)

    async def _wait_for_others(self) -> None:
        """Wait for a publication under way, but not for a publisher that fell silent: claiming ends its
        transaction."""
        give_up_at = time.monotonic() + WAIT_SECONDS
        before, since = 0.0, time.monotonic()
        while last := await self._open_since():
            now = time.monotonic()
            if last != before:
                before, since = last, now
            # the broker's clock may be ahead of ours: what we see standing still counts as well
            if time.time() - last > SILENT_SECONDS or now - since > SILENT_SECONDS:
                return
            if now > give_up_at:
                raise PublicationConflictError(
                    f"list {self.list_name}: another publication has been sending for {WAIT_SECONDS:.0f} s; "
                    "try again later"
                )
            await asyncio.sleep(LOOK_SECONDS)

    async def _open_since(self) -> float:
        """Unix time of the last record of an open transaction; 0 if none is open."""
        stable = (await self._consumer.end_offsets([self._partition]))[self._partition]
        reader = self._reader("read_uncommitted")
        try:
            await reader.start()
            end = (await reader.end_offsets([self._partition]))[self._partition]
            if end <= stable:
                return 0.0
            reader.assign([self._partition])
            reader.seek(self._partition, end - 1)
            with suppress(TimeoutError):
                async with asyncio.timeout(1.0):
                    return float((await reader.getone()).timestamp) / 1000
            return 0.0 if await self._stable() >= end else time.time()
        finally:
            await reader.stop()

    async def _stable(self) -> int:
        return int((await self._consumer.end_offsets([self._partition]))[self._partition])

    def _apply(self, record: ConsumerRecord[bytes, bytes]) -> None:
        key = key_text(record.key)
        own = source_of(key) == self.list_name
        self.seen += own
        marker = fold(self.ledger, key, record.value, record.headers).marker
        if own and not is_marker(key):
            self._keep(key, record.value)
        elif own and marker and marker.type is not MarkerType.BEGIN:
            self.commit = marker if marker.type is MarkerType.COMMIT else None

    def _keep(self, key: str, value: bytes | None) -> None:
        if value is None:
            self.entries.pop(key, None)
        else:
            self.entries[key] = value

    async def _disclaim(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            with suppress(KafkaError):
                await producer.stop()


class Sending:
    """One publication on its way: a transaction, except on the embedded broker, which has none."""

    def __init__(
        self, producer: AIOKafkaProducer, topic: str, publication: str, *, transactional: bool
    ) -> None:
        self.lost = False
        """Another publisher took the claim: nothing of this publication is on the topic for any reader."""
        self.last = -1
        """Offset of the last record that was acknowledged."""
        self._producer = producer
        self._topic = topic
        self._headers = [CONTENT_TYPE, (PUBLICATION, publication.encode())]
        self._transactional = transactional
        self._waiting: list[Any] = []

    async def __aenter__(self) -> Self:
        if self._transactional:
            await self._producer.begin_transaction()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        del kind, trace
        try:
            if error is None:
                await self._delivered()
                if self._transactional:
                    async with asyncio.timeout(DELIVERY_SECONDS):
                        await self._producer.commit_transaction()
                return False
        except LOST:
            self.lost = True
        self.lost = self.lost or isinstance(error, LOST)
        if not self.lost and self._transactional:
            with suppress(KafkaError, TimeoutError):
                async with asyncio.timeout(DELIVERY_SECONDS):
                    await self._producer.abort_transaction()
        return self.lost

    async def send(self, key: str, value: bytes | None) -> None:
        sent = await self._producer.send(
            self._topic, value, key=key.encode(), headers=self._headers, partition=0
        )
        sent.add_done_callback(_retrieved)
        self._waiting.append(sent)
        if len(self._waiting) >= IN_FLIGHT:
            await self._delivered()

    async def mark(self, kind: MarkerType, marker: PublicationRecord) -> None:
        """Send a marker, acknowledged before anything after it is sent."""
        await self._delivered()
        record: MarkerRecord = {"marker": kind, **marker, "published_at": datetime.now(UTC).isoformat()}
        await self.send(marker_key(marker["list"], kind), orjson.dumps(record))
        await self._delivered()

    async def register(self, names: Iterable[str]) -> None:
        """Send the names of the lists that were ever in force and not withdrawn."""
        await self.send(REGISTRY, registry_to_json(names))

    async def _delivered(self) -> None:
        waiting, self._waiting = self._waiting, []
        try:
            async with asyncio.timeout(DELIVERY_SECONDS):
                for sent in waiting:
                    self.last = max(self.last, (await sent).offset)
        except MessageSizeTooLargeError:
            raise MessageSizeTooLargeError(
                f"{self._topic} does not take a record of the list; raise its max.message.bytes"
            ) from None


def _retrieved(sent: "asyncio.Future[object]") -> None:
    """Raise the first of several errors; asyncio would print the others if nobody looked at them."""
    if not sent.cancelled():
        sent.exception()
