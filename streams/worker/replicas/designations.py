"""The worker's own copy of the designations topic: complete before any payment is decided, then kept up to
date.

Every worker reads the whole topic with a consumer outside any group, so a rebalance of payments never touches
it. Its start is the barrier: Faust starts services in order and waits for each, so the payment consumer does
not exist until the list is proved complete. A publication's changes are set aside until its commit and then
applied at once: no payment is decided in between. Later, whenever the list cannot be proved complete (a
commit that disagrees, entries that nobody published, a topic out of reach), `complete` turns false and
screening pauses until it can.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from itertools import chain
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import ConsumerStoppedError, KafkaError
from mode import Service

from screening.ledger import Changes, Marker, MarkerType, gone
from screening.screener import Screener
from streams.console.feed import Feed
from streams.kafka.consumer import new_consumer
from streams.kafka.options import ClientOptions
from streams.kafka.promises import wrong_cleanup
from streams.offline.snapshots import Snapshots
from streams.worker.garbage import loading
from streams.worker.metrics import Metrics
from streams.worker.replicas.reporting import ListReport
from streams.worker.replicas.table import ListTable, OnChange
from streams.worker.replicas.topic_end import CONFIRM_SECONDS, TopicEnd
from streams.worker.replicas.turns import MOST_AT_ONCE, Turn

log = logging.getLogger(__name__)

RETRY_SECONDS = 1.0
IDENTIFY_SECONDS = 1.0
"""Longest wait for the topic's id: where its end is not proved, no payment is decided anyway."""
LONG_APPLY_SECONDS = 1.0
"""A publication that takes longer to apply is given as the reason why payments wait."""


class Replica(Service):
    """Keeps `screener` equal to the designations topic and says whether it is.

    The agent awaits `complete` before each batch; `reasons` says why it is not set. Table, ledger and offsets
    change together, between two turns of the event loop: no payment can see them apart.
    """

    logger = log

    def __init__(
        self,
        topic: str,
        *,
        client: ClientOptions,
        new_screener: Callable[[], Screener],
        metrics: Metrics,
        feed: Feed,
        required_lists: tuple[str, ...] = (),
        silence_seconds: float = 10.0,
        list_end: Callable[[], Awaitable[int]] | None = None,
        on_change: OnChange | None = None,
        snapshots: Snapshots | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.topic = topic
        self.complete = asyncio.Event()
        self.reasons: tuple[str, ...] = (f"{topic}: not read yet",)
        self._client = client
        self._new_screener = new_screener
        self._on_change = on_change
        self._snapshots = snapshots
        self._table = ListTable(topic, new_screener(), on_change)
        self._metrics = metrics
        self._report = ListReport(metrics, feed)
        self._required = required_lists
        self._silence_seconds = silence_seconds
        self._list_end = list_end
        """Proves where the topic ends; without it the broker that is read from is believed."""
        self._topic_end = TopicEnd(topic, silence_seconds)
        self._consumer: AIOKafkaConsumer | None = None
        self._partition = TopicPartition(topic, 0)  # one partition: entries stand between their markers
        self._offset = 0
        self._moved = asyncio.Event()
        self._ever_required: frozenset[str] = frozenset()
        """Lists that were in force while this worker ran: one that vanished with its records is missed."""
        self._loading = True
        self._loaded_for_nothing = ""
        """Why what is being read is to be read again: the topic was recreated meanwhile."""
        self._applying = False
        self._was_complete = False
        """The list was found complete last time: what contradicts it now may have been lost here."""
        self._committed = False
        """A commit came since the topic was last read whole: what it contradicts may stand here alone, such
        as an entry whose record was deleted. Once a commit: a topic that is wrong is not read for ever."""
        self._reload = False
        self._reconnect = False

    @property
    def screener(self) -> Screener:
        """Searches the list in force; it is another object after the topic was read again."""
        return self._table.screener

    @property
    def behind(self) -> str:
        """Why records that are proved to be on the topic do not arrive; empty while they do."""
        return self._topic_end.behind

    def status(self) -> Mapping[str, Mapping[str, object]]:
        """Each list in force here: version, entries, hash, when it was published, when it was applied."""
        return self._table.status()

    async def reached(self, offset: int) -> None:
        """Returns once the list is complete and every record before `offset` is applied."""
        while not self.complete.is_set() or self.screener.lists.applied_to < offset:
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
        """One step: read the whole topic if that is needed, else apply what has arrived."""
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
            self._distrust_and_reload(
                f"{self.topic}: {error!r}; is the broker up, and may we read the topic?"
            )
        if self._reload:
            await self._close()
            await self.sleep(RETRY_SECONDS)

    @Service.task
    async def _confirm(self) -> None:
        """Ask the broker for the topic's end: this measures the lag, and notices when nobody answers."""
        while not self.should_stop:
            await self.sleep(CONFIRM_SECONDS)
            consumer = self._consumer
            if consumer is None or self._loading:
                continue
            read_to = self._offset
            try:
                async with asyncio.timeout(self._silence_seconds):
                    end = await self._end(consumer)
            except (KafkaError, OSError, TimeoutError) as error:
                self._no_answer(repr(error))
                continue
            if consumer is self._consumer and not self._loading:
                self._end_reported(end, read_to)

    async def _end(self, consumer: AIOKafkaConsumer) -> int:
        if self._list_end:
            return await self._list_end()
        (end,) = (await consumer.end_offsets([self._partition])).values()
        return int(end)

    def _no_answer(self, error: str) -> None:
        if self._topic_end.not_answered(error):
            self._update_completeness()

    def _end_reported(self, end: int, read_to: int) -> None:
        """The topic's end, from the answer to a question that was asked when it was read up to `read_to`."""
        self._topic_end.answered()
        self._metrics.list_behind(max(0, end - self._offset))
        if self.ends_before(end, read_to):
            return
        if end <= self._offset:
            self._topic_end.reached()
            self._update_completeness()
        elif self._topic_end.stands_still(end, self._offset, busy=self._applying):
            log.warning("payments wait: %s", self.behind)
            self._reconnect = True

    def ends_before(self, end: int, read_to: int) -> bool:
        """Whether the topic ends before what had been read of it when that was asked: then it was recreated,
        and no payment is decided before it is read again."""
        if end >= read_to:
            return False
        why = f"{self.topic}: ends before what was read of it; it was recreated"
        if self._loading:
            self._loaded_for_nothing = why
        else:
            self._distrust_and_reload(why)
        return True

    async def _read_from_another_broker(self) -> None:
        """Open a new connection that goes on where the old one was; the table stays."""
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
        self._loading, self._loaded_for_nothing = True, ""
        await self._identify()
        self._consumer = consumer = self._new_consumer()
        await consumer.start()
        if self.topic not in await consumer.topics():
            self._distrust_and_reload(
                f"{self.topic}: no such topic for this user; create it with `interdict topics create`, "
                "or allow READ"
            )
            return
        if wrong := await wrong_cleanup(self._client, self.topic):
            self._distrust_and_reload(wrong)
            return
        consumer.assign([self._partition])
        await consumer.seek_to_beginning(self._partition)
        end = (await consumer.end_offsets([self._partition]))[self._partition]
        self._table = ListTable(self.topic, self._new_screener(), self._on_change, self._snapshots)
        with loading():
            # position, not the last record seen: compaction and control records leave gaps at the end
            while not self.should_stop and await consumer.position(self._partition) < end:
                await self._apply(await consumer.getmany(timeout_ms=200, max_records=MOST_AT_ONCE))
            await self._index_loaded()
        self._offset = end
        self._topic_end.answered()
        self._topic_end.unreachable = ""
        self._loading = False
        self._state_offset()
        if self._loaded_for_nothing:
            self._distrust_and_reload(self._loaded_for_nothing)
        self._update_completeness()

    async def _identify(self) -> None:
        """If the topic's end is proved, ask for the topic's id with it before a record is read: from then on
        a recreated topic is recognised, also while it is read."""
        if self._list_end:
            with suppress(TimeoutError, KafkaError, OSError):
                await asyncio.wait_for(self._list_end(), IDENTIFY_SECONDS)

    def _new_consumer(self) -> AIOKafkaConsumer:
        return new_consumer(
            self._client,
            auto_offset_reset="none",  # an offset out of range must be an error, never a silent jump
            fetch_max_wait_ms=20,  # the embedded broker sleeps this out even when data comes; Kafka does not
        )

    async def _index_loaded(self) -> None:
        """Put what was read into the table. A snapshot is read and written beside the loop: for OFAC's names
        that takes more than a second, in which no page and no heartbeat was answered."""
        await asyncio.to_thread(self._table.recall)
        turn = Turn()
        for _ in self._table.index_all():
            await turn.pass_on_when_over()
        await asyncio.to_thread(self._table.settle)

    async def _apply(self, fetched: dict[TopicPartition, list[ConsumerRecord[bytes, bytes]]]) -> None:
        turn = Turn()
        for record in chain.from_iterable(fetched.values()):
            await self._apply_record(record)
            if turn.is_over():
                self._state_offset()
                await turn.pass_on()
        if self._consumer is not None:
            # a control record, or an entry compacted away at the end, is passed without being seen
            self._offset = await self._consumer.position(self._partition)
        self._state_offset()
        if fetched and not self._loading:
            committed, self._committed = self._committed, False
            if (self._was_complete or committed) and self._table.ledger.contradicted():
                self._distrust_and_reload(*self._table.ledger.problems())
            else:
                self._update_completeness()

    def _state_offset(self) -> None:
        """Set the offset that the next decisions will name, before anything else can run."""
        self._table.state(self._offset)
        self._moved.set()
        self._moved = asyncio.Event()

    async def _apply_record(self, record: ConsumerRecord[bytes, bytes]) -> None:
        marker, changes = self._table.fold(record)
        if marker:
            if marker.type is MarkerType.WITHDRAWAL:
                self._ever_required -= {marker.source}
            self._committed = self._committed or (marker.type is MarkerType.COMMIT and not self._loading)
            await self._bring_into_force(marker, changes)
        self._offset = record.offset + 1

    async def _bring_into_force(self, marker: Marker, changes: Changes) -> None:
        """Apply all changes of a publication; no payment is decided before the last of them is in the
        table."""
        if self._loading:
            self._table.put_aside(changes)
            return
        if not changes:
            return
        were_complete = self.complete.is_set()
        self.complete.clear()
        self._applying = True
        try:
            await self._change_all(marker, changes, give_reason=were_complete)
        finally:
            self._applying = False

    async def _change_all(self, marker: Marker, changes: Changes, *, give_reason: bool) -> None:
        began, turn = time.monotonic(), Turn()
        for done, (key, value) in enumerate(changes.items()):
            if applied := self._table.change(key, value):
                self._report.applied(self._table, applied)
            if turn.is_over():
                if give_reason and time.monotonic() - began > LONG_APPLY_SECONDS:
                    self.reasons = (
                        f"list {marker.source} {marker.version} is being applied: {done} of {len(changes)}",
                    )
                await turn.pass_on()

    def _update_completeness(self) -> None:
        """Decide whether the list is complete, from everything known.

        A table that is to be read again, is being read, or is being changed by a publication is judged only
        when that is done: its ledger may be complete before its index is.
        """
        if self._reload or self._loading or self._applying:
            return
        problems = [*self._table.problems(), *filter(None, (self._topic_end.unreachable,))]
        versions = self._table.ledger.versions()
        self._ever_required |= self._table.ledger.required()
        required = self._ever_required.union(self._required)
        problems += [
            gone(name, self.topic, versions, ever_in_force=name in self._ever_required)
            for name in sorted(required)
            if name not in versions
        ]
        if not versions and not problems:
            problems = [
                f"{self.topic} is empty and no list was committed; publish one with `interdict lists publish`"
            ]
        self._report.in_force(self._table)
        if problems:
            self._pause(*problems)
        elif not self.complete.is_set():
            if self.reasons:
                log.info("every list is complete: %d designations in force", len(self.screener))
            self.reasons = ()
            self.complete.set()
        self._was_complete = not problems

    def _pause(self, *reasons: str) -> None:
        if reasons != self.reasons:
            log.warning("screening paused: %s", "; ".join(reasons))
        self.reasons = reasons
        self.complete.clear()

    def _distrust_and_reload(self, *reasons: str) -> None:
        """Pause screening and have the whole topic read again."""
        self._was_complete = False
        self._pause(*reasons)
        self._reload = True

    async def _close(self) -> None:
        self._reload = False
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await consumer.stop()
