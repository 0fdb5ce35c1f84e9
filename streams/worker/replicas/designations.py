"""The worker's own copy of the designations topic: complete before any payment is decided, then kept in step.

Every worker reads the whole topic with a consumer of its own, outside any group, so a rebalance of payments
never touches it. The service's start is the barrier: Faust starts services in order and waits for each, so
the payment consumer does not exist until the list is proved complete. Later, whenever completeness cannot be
told (a commit that disagrees, an unreadable entry, a topic out of reach), `complete` turns false and the
agent holds its payments until it can.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import ConsumerStoppedError, KafkaError
from mode import Service

from screening.decisions import ListState, ListVersion
from screening.ledger import Ledger, Marker, MarkerType
from screening.screener import Screener
from streams.kafka.consumer import new_consumer
from streams.records.designations import is_marker, key_text, marker_key
from streams.records.json import designation_from_json, marker_from_json
from streams.worker.console.feed import Feed
from streams.worker.garbage import loading
from streams.worker.metrics import Metrics

log = logging.getLogger(__name__)

APPLY_SLICE_SECONDS = 0.005
"""Entries are applied for this long before the event loop gets its turn: a whole list arriving at once must
not hold up the payments in flight."""
RETRY_SECONDS = 1.0
CONFIRM_SECONDS = 1.0
"""How often the broker is asked where the topic ends: the only proof that silence means no news."""


class Replica(Service):
    """Keeps `screener` equal to the designations topic and says whether it is.

    `complete` is awaited by the agent before each batch; `reasons` says why it is not set. Table, ledger
    and offsets change together, between two turns of the event loop: no payment can see them apart.
    """

    logger = log

    def __init__(
        self,
        topic: str,
        *,
        client: dict[str, Any],
        new_screener: Callable[[], Screener],
        metrics: Metrics,
        feed: Feed,
        required_lists: tuple[str, ...] = (),
        silence_seconds: float = 10.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.topic = topic
        self.complete = asyncio.Event()
        self.reasons: tuple[str, ...] = (f"{topic}: not read yet",)
        self.screener = new_screener()
        self.markers: dict[str, tuple[Marker, float]] = {}
        """The last begin and commit of each list, and when they were applied here (Unix time)."""
        self._client = client
        self._new_screener = new_screener
        self._metrics = metrics
        self._required = required_lists
        self._silence_seconds = silence_seconds
        self._feed = feed
        self._consumer: AIOKafkaConsumer | None = None
        self._ledger = Ledger()
        self._partition = TopicPartition(topic, 0)  # one partition: entries stand between their markers
        self._offset = 0
        self._unreadable: dict[str, str] = {}
        self._loaded: dict[str, ConsumerRecord[bytes, bytes]] = {}
        self._unreachable = ""
        self._loading = True
        self._reload = False
        self._confirmed_at = 0.0
        self._counted: dict[str, Marker] = {}
        self._moved = asyncio.Event()

    async def reached(self, offset: int) -> None:
        """Returns once the list is complete and every record before `offset` is applied."""
        while not self.complete.is_set() or self.screener.lists.offsets.get(0, 0) < offset:
            await (self.complete if not self.complete.is_set() else self._moved).wait()

    async def on_start(self) -> None:
        """The barrier: returns when the list is complete, however long that takes, or when stopped."""
        while not (self.complete.is_set() or self.should_stop):
            await self._advance()

    async def on_stop(self) -> None:
        await self._close()

    @Service.task
    async def _follow(self) -> None:
        while not self.should_stop:
            await self._advance()

    async def _advance(self) -> None:
        """One step: read the whole topic where that is needed, else apply what has arrived."""
        try:
            if self._consumer is None:
                await self._load()
            elif self._reload:
                await self._close()
            else:
                await self._apply(await self._consumer.getmany(timeout_ms=200))
        except (KafkaError, OSError, ConsumerStoppedError) as error:
            self._doubt(f"{self.topic}: {error!r}; is the broker up, and may we read the topic?")
        if self._reload:
            await self._close()
            await self.sleep(RETRY_SECONDS)

    @Service.task
    async def _confirm(self) -> None:
        """Ask the broker for the topic's end: measures the lag, and notices when nobody answers."""
        while not self.should_stop:
            await self.sleep(CONFIRM_SECONDS)
            consumer = self._consumer
            if consumer is None or self._loading:
                continue
            read = self._offset
            try:
                async with asyncio.timeout(self._silence_seconds):
                    (end,) = (await consumer.end_offsets([self._partition])).values()
            except (KafkaError, OSError, TimeoutError) as error:
                self._silence(repr(error))
                continue
            if consumer is self._consumer and not self._loading:
                self._heard(end, read)

    def _silence(self, error: str) -> None:
        silent = time.monotonic() - self._confirmed_at
        if silent > self._silence_seconds:
            self._unreachable = f"{self.topic}: out of reach for {silent:.0f} s ({error})"
            self._judge()

    def _heard(self, end: int, read: int) -> None:
        """The topic's end, from an answer to a question that was asked when it was read up to `read`."""
        self._confirmed_at = time.monotonic()
        self._metrics.list_behind(max(0, end - self._offset))
        if end < read:
            self._doubt(f"{self.topic}: ends before what was read of it; it was made anew")
        elif end == self._offset:
            self._unreachable = ""
            self._judge()

    async def _load(self) -> None:
        """Read the topic from its beginning to where it ends now, into a fresh table."""
        self._loading = True
        self._consumer = consumer = new_consumer(
            self._client,
            auto_offset_reset="none",  # an offset out of range must be an error, never a silent jump
            fetch_max_wait_ms=20,  # the embedded broker sleeps this out even when data comes; Kafka does not
        )
        await consumer.start()
        if self.topic not in await consumer.topics():
            self._doubt(
                f"{self.topic}: no such topic for this user; create it with `interdict topics create`, "
                "or allow READ"
            )
            return
        consumer.assign([self._partition])
        await consumer.seek_to_beginning(self._partition)
        end = (await consumer.end_offsets([self._partition]))[self._partition]
        self.screener, self._ledger = self._new_screener(), Ledger()
        self._unreadable.clear()
        self._loaded.clear()
        with loading():
            # position, not the last record seen: compaction and control records leave gaps at the end
            while not self.should_stop and await consumer.position(self._partition) < end:
                await self._apply(await consumer.getmany(timeout_ms=200))
            await self._index_loaded()
        self._offset = end
        self._unreachable = ""
        self._confirmed_at = time.monotonic()
        self._loading = False
        self._state_offset()
        self._judge()

    async def _index_loaded(self) -> None:
        """Indexing costs far more than reading, and only an entry's last record counts.

        So a topic that holds many versions of a list, not compacted yet, loads about as fast as one.
        """
        turn_ends = time.monotonic() + APPLY_SLICE_SECONDS
        for key, record in self._loaded.items():
            try:
                self._index(key, record.value or b"")
            except ValueError as error:
                self._unreadable[key] = f"{self.topic}@{record.offset} {key}: {error}"
            if time.monotonic() > turn_ends:
                await asyncio.sleep(0)
                turn_ends = time.monotonic() + APPLY_SLICE_SECONDS
        self._loaded.clear()

    async def _apply(self, fetched: dict[TopicPartition, list[ConsumerRecord[bytes, bytes]]]) -> None:
        turn_ends = time.monotonic() + APPLY_SLICE_SECONDS
        for record in chain.from_iterable(fetched.values()):
            if self._loading:
                self._keep(record)
            else:
                self._apply_record(record)
            if time.monotonic() > turn_ends:
                self._state_offset()
                await asyncio.sleep(0)
                turn_ends = time.monotonic() + APPLY_SLICE_SECONDS
        if self._consumer is not None:
            # a control record, or an entry compacted away at the end, is passed without being seen
            self._offset = await self._consumer.position(self._partition)
        self._state_offset()
        if fetched and not self._loading:
            if self._ledger.contradicted() and self.complete.is_set():
                self._doubt(*self._ledger.problems())
            else:
                self._judge()

    def _state_offset(self) -> None:
        """What the next decisions will name; always set before anything else can run."""
        self.screener.lists = ListState(self._ledger.versions(), {0: self._offset})
        self._moved.set()
        self._moved = asyncio.Event()

    def _keep(self, record: ConsumerRecord[bytes, bytes]) -> None:
        """While the topic is loaded: markers and the ledger go by every record, the table by the last."""
        key = key_text(record.key)
        if is_marker(key):
            self._apply_record(record)
            return
        self._ledger.record(key, record.value)
        self._offset = record.offset + 1
        if record.value is None:
            self._loaded.pop(key, None)
        else:
            self._loaded[key] = record

    def _apply_record(self, record: ConsumerRecord[bytes, bytes]) -> None:
        key = key_text(record.key)
        change = ""
        try:
            if is_marker(key):
                self._apply_marker(key, record.value)
            else:
                change = self._apply_entry(key, record.value)
            self._unreadable.pop(key, None)
        except ValueError as error:
            self._unreadable[key] = f"{self.topic}@{record.offset} {key}: {error}"
        self._offset = record.offset + 1
        if change and not self._loading:
            self._tell(key, change, seconds=max(0.0, time.time() - record.timestamp / 1000))

    def _apply_entry(self, key: str, value: bytes | None) -> str:
        change = "amended" if self.screener.get(key) else "added"
        if value is None:
            self.screener.remove(key)
            change = "removed"
        else:
            self._index(key, value)
        self._ledger.record(key, value)
        return change

    def _index(self, key: str, value: bytes) -> None:
        designation = designation_from_json(value)
        if designation.id != key:
            raise ValueError(f"the entry says it is {designation.id}; key and id must be equal")
        self.screener.upsert(designation)

    def _tell(self, key: str, change: str, seconds: float) -> None:
        """Count and show that a change is in force, this long after the broker took it."""
        self._metrics.designation_effective(seconds)
        designation = self.screener.get(key)
        if designation is None:
            self._feed.delisted(key, seconds)
        else:
            self._feed.designated(designation, change, seconds)

    def _apply_marker(self, key: str, value: bytes | None) -> None:
        if value is None:
            return
        marker: Marker = marker_from_json(value)
        self._ledger.mark(marker)
        self.markers[key] = (marker, time.time())

    def _judge(self) -> None:
        """Complete or not, from everything known; a commit that disagrees is read anew.

        A table that is to be read anew, or is being read, is not judged before it is read: its ledger may be
        whole by then and its index is not.
        """
        if self._reload or self._loading:
            return
        problems = [*self._ledger.problems(), *self._unreadable.values()]
        problems += [self._unreachable] if self._unreachable else []
        versions = self._ledger.versions()
        problems += [
            f"list {name} is required but not on {self.topic}"
            for name in self._required
            if name not in versions
        ]
        if not versions and not problems:
            problems = [
                f"{self.topic} is empty and no list was committed; publish one with `interdict lists publish`"
            ]
        self._count(versions)
        if problems:
            self._incomplete(*problems)
        elif not self.complete.is_set():
            log.info("every list is complete: %d designations in force", len(self.screener))
            self.reasons = ()
            self.complete.set()

    def status(self) -> dict[str, dict[str, object]]:
        """Each list in force here: version, entries, hash, when published, when applied."""
        lists: dict[str, dict[str, object]] = {}
        for source, at in self.screener.lists.versions.items():
            marker, applied_at = self.markers[marker_key(source, MarkerType.COMMIT)]
            lists[source] = {
                "version": at.version,
                "entries": at.entries,
                "sha256": at.sha256,
                "published_at": datetime.fromtimestamp(marker.published_at, UTC).isoformat(),
                "applied_at": datetime.fromtimestamp(applied_at, UTC).isoformat(timespec="milliseconds"),
            }
            if coming := self._ledger.pending().get(source):
                lists[source]["coming"] = coming
        return lists

    def _count(self, versions: Mapping[str, ListVersion]) -> None:
        for source, at in versions.items():
            self._metrics.list_entries(source, at.entries)
            marker, _ = self.markers[marker_key(source, MarkerType.COMMIT)]
            if self._counted.get(source) != marker:
                self._counted[source] = marker
                self._metrics.list_applied(
                    source,
                    version=at.version,
                    entries=at.entries,
                    sha256=at.sha256,
                    published_at=marker.published_at,
                )
                log.info("list %s %s is in force: %d entries", source, at.version, at.entries)

    def _incomplete(self, *reasons: str) -> None:
        if reasons != self.reasons:
            log.warning("payments are held back: %s", "; ".join(reasons))
        self.reasons = reasons
        self.complete.clear()

    def _doubt(self, *reasons: str) -> None:
        """Hold payments back and let the whole topic be read anew."""
        self._incomplete(*reasons)
        self._reload = True

    async def _close(self) -> None:
        self._reload = False
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await consumer.stop()
