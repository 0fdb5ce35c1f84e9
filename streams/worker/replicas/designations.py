"""The worker's own copy of the designations topic: complete before any payment is decided, then kept in step.

Every worker reads the whole topic with a consumer of its own, outside any group, so a rebalance of payments
never touches it. The service's start is the barrier: Faust starts services in order and waits for each, so
the payment consumer does not exist until the list is proved complete. What a publication changes is kept
aside until its commit and then applied at once: no payment is decided in between. Later, whenever
completeness cannot be told (a commit that disagrees, entries that nobody published, a topic out of reach),
`complete` turns false and the agent holds its payments until it can.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import ConsumerStoppedError, KafkaError
from mode import Service

from screening.decisions import ListState, ListVersion
from screening.ledger import Changes, Ledger, Marker, MarkerType, gone
from screening.screener import Screener
from streams.kafka.consumer import new_consumer
from streams.kafka.promises import PromisesUnknownError, promises_of
from streams.lists.folding import fold
from streams.records.designations import is_marker, key_text, marker_key
from streams.records.json import designation_from_json
from streams.worker.console.feed import Feed
from streams.worker.garbage import loading
from streams.worker.metrics import Metrics

log = logging.getLogger(__name__)

APPLY_SLICE_SECONDS = 0.005
"""Entries are applied for this long before the event loop gets its turn: a whole list arriving at once must
not hold up the payments in flight."""
RETRY_SECONDS = 1.0
APPLY_TOLD_SECONDS = 1.0
"""A publication that takes longer to apply is told as the reason why payments wait."""
STUCK_SECONDS = 2.0
"""The topic has more and nothing comes: another broker is asked for it then."""
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
        list_end: Callable[[], Awaitable[int]] | None = None,
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
        self._list_end = list_end
        """Proves where the topic ends; without it the broker that is read from is believed."""
        self.behind = ""
        """Why what is proved to be on the topic does not come; empty while it does."""
        self._stuck: tuple[int, float] | None = None
        """Offset and monotonic time since when nothing comes although the topic has more."""
        self._reconnect = False
        self._feed = feed
        self._consumer: AIOKafkaConsumer | None = None
        self._ledger = Ledger()
        self._partition = TopicPartition(topic, 0)  # one partition: entries stand between their markers
        self._offset = 0
        self._unreadable: dict[str, str] = {}
        self._places: dict[str, tuple[int, int]] = {}
        """Offset and timestamp (Unix ms) of records that are not indexed yet."""
        self._loaded: dict[str, bytes] = {}
        self._known: frozenset[str] = frozenset()
        """Lists that were in force while this worker ran: one that vanished with its records is missed."""
        self._unreachable = ""
        self._loading = True
        self._applying = False
        self._sound = False
        """The last judgement found the list complete: what contradicts it now may have been lost here."""
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
            elif self._reconnect:
                await self._read_from_another_broker()
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
                    end = await self._end(consumer)
            except (KafkaError, OSError, TimeoutError) as error:
                self._silence(repr(error))
                continue
            if consumer is self._consumer and not self._loading:
                self._heard(end, read)

    async def _end(self, consumer: AIOKafkaConsumer) -> int:
        if self._list_end:
            return await self._list_end()
        (end,) = (await consumer.end_offsets([self._partition])).values()
        return int(end)

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
        elif end <= self._offset:
            self._unreachable = self.behind = ""
            self._stuck = None
            self._judge()
        else:
            self._notice_standstill(end)

    def _notice_standstill(self, end: int) -> None:
        """A broker that no longer leads the topic, and does not know it, sends nothing new for ever."""
        now = time.monotonic()
        if self._applying or self._stuck is None or self._stuck[0] != self._offset:
            self._stuck = (self._offset, now)
        elif now - self._stuck[1] > STUCK_SECONDS - CONFIRM_SECONDS / 2:
            self.behind = (
                f"{self.topic}: read up to {self._offset} of {end}, and the broker it is read from sends no "
                "more; another one is asked"
            )
            log.warning("payments wait: %s", self.behind)
            self._reconnect = True
            self._stuck = None

    async def _read_from_another_broker(self) -> None:
        """A new connection that goes on where the old one stood: the table stays."""
        self._reconnect = False
        old, self._consumer = self._consumer, None
        if old is not None:
            await old.stop()
        fresh = self._new_consumer()
        try:
            await fresh.start()
            fresh.assign([self._partition])
            fresh.seek(self._partition, self._offset)
        except BaseException:
            await fresh.stop()
            self._reload = True  # nothing is lost: the topic is read from its beginning
            raise
        self._consumer = fresh

    async def _load(self) -> None:
        """Read the topic from its beginning to where it ends now, into a fresh table."""
        self._loading = True
        self._consumer = consumer = self._new_consumer()
        await consumer.start()
        if self.topic not in await consumer.topics():
            self._doubt(
                f"{self.topic}: no such topic for this user; create it with `interdict topics create`, "
                "or allow READ"
            )
            return
        if wrong := await self._wrong_cleanup():
            self._doubt(wrong)
            return
        consumer.assign([self._partition])
        await consumer.seek_to_beginning(self._partition)
        end = (await consumer.end_offsets([self._partition]))[self._partition]
        self.screener, self._ledger = self._new_screener(), Ledger()
        self._unreadable.clear()
        self._places.clear()
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

    def _new_consumer(self) -> AIOKafkaConsumer:
        return new_consumer(
            self._client,
            auto_offset_reset="none",  # an offset out of range must be an error, never a silent jump
            fetch_max_wait_ms=20,  # the embedded broker sleeps this out even when data comes; Kafka does not
        )

    async def _wrong_cleanup(self) -> str:
        """Why this topic cannot hold a list; empty when it can, or when the broker does not tell."""
        try:
            policy = (await promises_of(self._client, self.topic)).cleanup_policy
        except PromisesUnknownError as error:
            log.warning("%s; whether it keeps every entry is not checked", error)
            return ""
        if policy == "compact":
            return ""
        return (
            f"{self.topic}: cleanup.policy is {policy}, so that entries of the list vanish; set it to "
            "compact (`interdict topics check` says how) and publish every list again"
        )

    async def _index_loaded(self) -> None:
        """Indexing costs far more than reading, and only an entry's last record counts.

        So a topic that holds many versions of a list, not compacted yet, loads about as fast as one.
        """
        turn_ends = time.monotonic() + APPLY_SLICE_SECONDS
        for key, value in self._loaded.items():
            self._index(key, value)
            if time.monotonic() > turn_ends:
                await asyncio.sleep(0)
                turn_ends = time.monotonic() + APPLY_SLICE_SECONDS
        self._loaded.clear()

    async def _apply(self, fetched: dict[TopicPartition, list[ConsumerRecord[bytes, bytes]]]) -> None:
        turn_ends = time.monotonic() + APPLY_SLICE_SECONDS
        for record in chain.from_iterable(fetched.values()):
            await self._apply_record(record)
            if time.monotonic() > turn_ends:
                self._state_offset()
                await asyncio.sleep(0)
                turn_ends = time.monotonic() + APPLY_SLICE_SECONDS
        if self._consumer is not None:
            # a control record, or an entry compacted away at the end, is passed without being seen
            self._offset = await self._consumer.position(self._partition)
        self._state_offset()
        if fetched and not self._loading:
            if self._sound and self._ledger.contradicted():
                self._doubt(*self._ledger.problems())
            else:
                self._judge()

    def _state_offset(self) -> None:
        """What the next decisions will name; always set before anything else can run."""
        self.screener.lists = ListState(self._ledger.versions(), {0: self._offset})
        self._moved.set()
        self._moved = asyncio.Event()

    async def _apply_record(self, record: ConsumerRecord[bytes, bytes]) -> None:
        key = key_text(record.key)
        try:
            marker, changes = fold(self._ledger, key, record.value, record.headers)
            if is_marker(key):
                self._unreadable.pop(key, None)
        except ValueError as error:
            self._unreadable[key] = f"{self.topic}@{record.offset} {key}: {error}"
            marker, changes = None, {}
        if not is_marker(key):
            self._places[key] = (record.offset, record.timestamp)
        elif marker:
            self.markers[key] = (marker, time.time())
            if marker.type is MarkerType.WITHDRAWAL:
                self._known -= {marker.source}
            await self._bring_into_force(marker, changes)
        self._offset = record.offset + 1

    async def _bring_into_force(self, marker: Marker, changes: Changes) -> None:
        """All that a publication changes; no payment is decided before the last of it is in the table."""
        if self._loading:
            for key, value in changes.items():
                if value is None:
                    self._loaded.pop(key, None)
                else:
                    self._loaded[key] = value
            return
        if not changes:
            return
        were_complete = self.complete.is_set()
        self.complete.clear()
        self._applying = True
        try:
            await self._change_all(marker, changes, tell=were_complete)
        finally:
            self._applying = False

    async def _change_all(self, marker: Marker, changes: Changes, *, tell: bool) -> None:
        began = time.monotonic()
        turn_ends = began + APPLY_SLICE_SECONDS
        for done, (key, value) in enumerate(changes.items()):
            self._change(key, value)
            if (now := time.monotonic()) > turn_ends:
                if now - began > APPLY_TOLD_SECONDS and tell:
                    self.reasons = (
                        f"list {marker.source} {marker.version} is being applied: {done} of {len(changes)}",
                    )
                await asyncio.sleep(0)
                turn_ends = time.monotonic() + APPLY_SLICE_SECONDS

    def _change(self, key: str, value: bytes | None) -> None:
        change = "amended" if self.screener.get(key) else "added"
        _, timestamp = self._places.get(key, (0, 0))
        if value is None:
            change = "removed"
            self.screener.remove(key)
            self._unreadable.pop(key, None)
            self._places.pop(key, None)
        elif not self._index(key, value):
            return
        if timestamp:
            self._tell(key, change, seconds=max(0.0, time.time() - timestamp / 1000))

    def _index(self, key: str, value: bytes) -> bool:
        """One entry into the table; one that cannot be read is a reason to let payments wait."""
        offset, _ = self._places.pop(key, (-1, 0))
        try:
            designation = designation_from_json(value)
            if designation.id != key:
                raise ValueError(f"the entry says it is {designation.id}; key and id must be equal")
        except ValueError as error:
            self._unreadable[key] = f"{self.topic}@{offset} {key}: {error}"
            return False
        self._unreadable.pop(key, None)
        self.screener.upsert(designation)
        return True

    def _tell(self, key: str, change: str, seconds: float) -> None:
        """Count and show that a change is in force, this long after the broker took it."""
        self._metrics.designation_effective(seconds)
        designation = self.screener.get(key)
        if designation is None:
            self._feed.delisted(key, seconds)
        else:
            self._feed.designated(designation, change, seconds)

    def _judge(self) -> None:
        """Complete or not, from everything known; a commit that disagrees is read anew.

        A table that is to be read anew, is being read, or is being changed by a publication, is not judged
        before that is done: its ledger may be whole by then and its index is not.
        """
        if self._reload or self._loading or self._applying:
            return
        problems = [*self._ledger.problems(), *self._unreadable.values()]
        problems += [self._unreachable] if self._unreachable else []
        versions = self._ledger.versions()
        self._known |= self._ledger.required()
        required = self._known.union(self._required)
        problems += [gone(name, self.topic) for name in sorted(required) if name not in versions]
        if not versions and not problems:
            problems = [
                f"{self.topic} is empty and no list was committed; publish one with `interdict lists publish`"
            ]
        self._count(versions)
        if problems:
            self._incomplete(*problems)
        elif not self.complete.is_set():
            if self.reasons:
                log.info("every list is complete: %d designations in force", len(self.screener))
            self.reasons = ()
            self.complete.set()
        self._sound = not problems

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
        self._metrics.policy_lists(self.screener.policy.lists_named, versions)
        for source in self._counted.keys() - versions.keys():
            del self._counted[source]
            self._metrics.list_entries(source, 0)
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
            log.warning("screening paused: %s", "; ".join(reasons))
        self.reasons = reasons
        self.complete.clear()

    def _doubt(self, *reasons: str) -> None:
        """Hold payments back and let the whole topic be read anew."""
        self._sound = False
        self._incomplete(*reasons)
        self._reload = True

    async def _close(self) -> None:
        self._reload = False
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await consumer.stop()
