"""Where payments are read from after a rebalance: exactly where nothing is decided yet, or data is lost.

While partitions change hands, Faust drops what it has fetched and goes back to the committed offsets.
Payments can be skipped undecided in four ways; `tests/faults` found the first two:

- A partition without a committed offset has nothing to go back to. What was fetched from it and dropped (the
  backlog of a worker that was killed before its first commit) is skipped, and the next commit makes that
  final.
- Records can be on their way from the consumer's thread while the main thread goes back. They arrive as if
  they were next, and Faust takes the offsets before them for a compacted gap, which it counts as decided.
- A partition may end before the committed offset: its leader lost its newest records, or somebody set the
  group's offsets. aiokafka then reads from the beginning, and Faust drops those records.
- While no worker runs, somebody may set the group's offsets forward, or retention may delete what nobody has
  read. Kafka reports neither. So a worker writes a text beside each offset that it commits; if it begins at
  an offset without that text, or before a partition's first record, it says so.

A payment sent in a transaction is read when the transaction is committed, and never if it is aborted. The
marker that ends a transaction takes an offset without a payment: it must neither count as waiting nor hold up
commits.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from types import MappingProxyType
from typing import Any, cast

from aiokafka.structs import OffsetAndMetadata
from faust.exceptions import ConsumerNotStarted
from faust.transport.drivers import aiokafka
from faust.types import TP

STOP_SECONDS = 5.0
"""For what is on its way when a worker is told to stop; Kubernetes kills it after 30."""
OURS = "interdict"
"""The word beside each place that a worker commits."""


class CommittedThread(aiokafka.AIOKafkaConsumerThread):
    """Reads committed records only. Faust does so only for its own transactions."""

    def _create_worker_consumer(self, transport: aiokafka.Transport) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._isolation_level = "read_committed"
        commit = consumer.commit

        async def commit_as_ours(offsets: Mapping[Any, OffsetAndMetadata]) -> None:
            await commit({at: OffsetAndMetadata(place.offset, OURS) for at, place in offsets.items()})

        consumer.commit = commit_as_ours
        return consumer

    async def places(self) -> Mapping[TP, OffsetAndMetadata]:
        """What the group has committed for this worker's partitions, with the text beside each offset."""
        found = await self.call_thread(self._ask_places)
        return {TP(at.topic, at.partition): place for at, place in found.items()}

    async def _ask_places(self) -> Mapping[Any, OffsetAndMetadata]:
        consumer = self._ensure_consumer()
        found: Mapping[Any, OffsetAndMetadata] = await consumer._coordinator.fetch_committed_offsets(
            [*consumer.assignment()]
        )
        return found

    def reading(self) -> AbstractContextManager[None]:
        """Acts as if something were read: a member that reads nothing for a quarter of an hour is removed
        from the group."""
        reads: AbstractContextManager[None] = self._ensure_consumer()._subscription.fetch_context()
        return reads

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Faust's check whether a partition is being read; a partition that seeks its place is left out.

        Faust asserts that the place is known, which ended the worker.
        """
        state = _state(self, tp)
        if state is not None and state.has_valid_position:
            super().verify_event_path(now, tp)

    def _stopped_set(self) -> None:
        """Where a worker ends itself, this thread and its event loop may have ended before."""
        if self.thread_loop.is_closed():
            self._stopped.set()
        else:
            super()._stopped_set()

    async def on_thread_stop(self) -> None:
        """Ends also where no broker answers: aiokafka then waits for a request under way, for as long as 40 s
        from a broker that is frozen, or raises what cancels its own waiting.

        That would end the thread before it says so, and the worker would wait for it for ever.
        """
        try:
            await asyncio.wait_for(super().on_thread_stop(), STOP_SECONDS)
        except (asyncio.CancelledError, TimeoutError):
            if self._consumer is not None:
                await self._consumer._client.close()


class PlacedConsumer(aiokafka.Consumer):
    """The consumer of payments, which makes sure of its position."""

    begins_again = False
    """The topic was recreated while offsets of the old one were read: where they stand is no place in it."""
    ends_early: frozenset[TP] = frozenset()
    """Partitions that end before the place that was committed: payments there were never read."""
    passed_over: Mapping[TP, str] = MappingProxyType({})
    """Partitions that this worker has begun behind payments which the group may never have read, and why."""
    without_place: frozenset[TP] = frozenset()
    """Partitions of which the group had committed nothing: they are read from their beginning."""
    _went_back: frozenset[TP] = frozenset()
    """Those that were read from before their place; so they are once more where they end early."""
    _placed = 0
    """How often the place was taken anew: records that were asked for before it changed are passed over."""
    _fetched: Mapping[TP, int] = MappingProxyType({})
    """The last record fetched of each partition since then."""

    def _new_consumer_thread(self) -> aiokafka.AIOKafkaConsumerThread:
        return CommittedThread(self, loop=self.loop, beacon=self.beacon)

    def waiting(self, tp: TP) -> int | None:
        """How many payments of a partition are not committed yet, by what the last fetch said.

        None while that is not known: nothing was fetched, or the partition is changing hands.
        """
        state = _state(self._thread, tp)
        if state is None or state.highwater is None or not state.has_valid_position:
            return None
        end: int = state.highwater if state.lso is None or state.lso < 0 else state.lso
        return max(0, end - self._decided_before(tp, state.position))

    def _decided_before(self, tp: TP, position: int) -> int:
        """The first offset that may hold an undecided payment: after transaction markers if everything is
        committed."""
        committed = self._committed_offset.get(tp) or 0  # Faust keeps None for 0
        fetched = self._fetched.get(tp)
        return position if fetched is None or committed > fetched else committed

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Go back to the committed offsets, and to the beginning where nothing is committed."""
        self._placed += 1
        self._fetched = {}
        committed = await super().seek_to_committed()
        fresh = [tp for tp, offset in committed.items() if not offset or offset < 0]
        self.without_place |= {*fresh}
        if fresh:
            await self._thread.seek_to_beginning(*fresh)
            committed = {**committed, **await self.earliest_offsets(*fresh)}
        await self._find_passed_over(committed)
        self._placed += 1  # again: what was asked for in between may come from before as well as from after
        return committed

    async def _find_passed_over(self, held: Mapping[TP, int]) -> None:
        begins = await self.earliest_offsets(*held)
        for tp, place in (await cast(CommittedThread, self._thread).places()).items():
            if 0 <= place.offset < begins.get(tp, 0):
                why = f"{begins[tp] - place.offset} payments went past their time before anybody read them"
            elif place.offset > begins.get(tp, 0) and place.metadata != OURS:
                why = f"the group's place {place.offset} was set by somebody else, or by an older version"
            else:
                continue
            self.passed_over = {**self.passed_over, tp: why}

    async def begin_again(self) -> None:
        """Commit the beginning of every partition, and nothing else from here on, so that the next reader
        skips nothing after this worker has ended."""
        self.begins_again = True
        with suppress(ConsumerNotStarted):
            if held := self.assignment():
                await self._commit(dict.fromkeys(held, 0))

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        anew = offsets.keys() if self.begins_again else offsets.keys() & self.ends_early
        committed: bool = await super()._commit({**offsets, **dict.fromkeys(anew, 0)})
        return committed

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> Any:  # noqa: ASYNC109  Faust's
        placed = self._placed
        records = await super()._getmany(active_partitions, timeout)
        if records and placed != self._placed:
            await self.perform_seek()
            return {}
        if await self._goes_back(records):
            return {}
        for tp, batch in records.items():
            await self._bridge(tp, batch)
            self._fetched = {**self._fetched, tp: batch[-1].offset}
        return records

    async def _goes_back(self, records: Mapping[TP, Sequence[Any]]) -> bool:
        """Whether records came, unasked, from before what was read, because their partition ended there. Then
        everything is read from its committed offset. If that happens once more, the partition ends before
        that offset, too: its beginning is committed, and `ends_early` tells the code that ends this worker.
        """
        read = self._read_offset.get
        back = frozenset(tp for tp, batch in records.items() if batch[0].offset < (read(tp) or 0))
        again, self._went_back = back & self._went_back, (self._went_back - records.keys()) | back
        if early := again - self.ends_early:
            self.ends_early |= early
            await self._commit(dict.fromkeys(early, 0))
        if back:
            await self.perform_seek()
        return bool(back)

    async def _bridge(self, tp: TP, batch: Sequence[Any]) -> None:
        """Close the gap after offset 0, which Faust takes for no offset; otherwise commits would stop there
        for ever."""
        if self._fetched.get(tp, batch[0].offset) == 0:
            second = next((record.offset for record in batch if record.offset > 0), 0)
            if second > 1:
                await self._add_gap(tp, 1, second - 1)


def _state(thread: Any, tp: TP) -> Any:
    """aiokafka's own state of a partition: its position and its end; None if it is not assigned."""
    subscription = thread._ensure_consumer()._subscription.subscription
    assignment = subscription.assignment if subscription is not None else None
    return assignment.state_value(tp) if assignment is not None else None
