"""The consumer's place after a rebalance: no payment may be skipped."""

import asyncio
from collections import defaultdict
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from aiokafka.structs import OffsetAndMetadata
from faust.types import TP
from intervaltree import IntervalTree

from streams.faust_internals.position import OURS, CommittedThread, PlacedConsumer

FRESH, COMMITTED = TP("payments", 0), TP("payments", 1)


class Record(NamedTuple):
    offset: int


class State(NamedTuple):
    """What aiokafka knows of a partition."""

    position: int
    highwater: int
    lso: int | None = None
    has_valid_position: bool = True


class Thread:
    """Kafka's side of the consumer: one partition was committed at 40, one never and begins at 7."""

    def __init__(self) -> None:
        self.sought_to_beginning: list[TP] = []
        self.arriving: list[dict[TP, list[Record]]] = []
        self.while_fetching: Any = None
        self.state: State | None = None
        self.place = 40
        """Where the committed partition is read next."""
        self.committed: list[dict[TP, int]] = []
        self.begins = 7
        self.word = OURS

    def _ensure_consumer(self) -> Any:
        assignment = SimpleNamespace(state_value=lambda tp: self.state if tp == FRESH else None)
        return SimpleNamespace(
            _subscription=SimpleNamespace(subscription=SimpleNamespace(assignment=assignment))
        )

    async def seek_to_committed(self) -> dict[TP, int | None]:
        self.place = 40
        return {FRESH: None, COMMITTED: 40}

    async def seek_to_beginning(self, *partitions: TP) -> None:
        self.sought_to_beginning += partitions

    async def earliest_offsets(self, *partitions: TP) -> dict[TP, int]:
        return dict.fromkeys(partitions, self.begins)

    async def places(self) -> dict[TP, OffsetAndMetadata]:
        return {FRESH: OffsetAndMetadata(-1, ""), COMMITTED: OffsetAndMetadata(40, self.word)}

    async def commit(self, offsets: dict[TP, int]) -> bool:
        self.committed.append(dict(offsets))
        return True

    async def getmany(self, active_partitions: set[TP] | None, timeout: float) -> dict[TP, list[Record]]:  # noqa: ASYNC109
        del active_partitions, timeout
        if self.while_fetching:
            await self.while_fetching()
        fetched = self.arriving.pop(0)
        if COMMITTED in fetched:
            self.place = fetched[COMMITTED][-1].offset + 1
        return fetched


def consumer_on(thread: Thread) -> Any:
    consumer: Any = object.__new__(PlacedConsumer)
    consumer._thread = thread
    consumer._read_offset, consumer._committed_offset = {}, {}
    consumer._acked, consumer._acked_index = defaultdict(list), defaultdict(set)
    consumer._gap = defaultdict(IntervalTree)
    return consumer


async def test_a_partition_without_a_commit_is_read_from_its_beginning_again() -> None:
    thread = Thread()

    consumer = consumer_on(thread)
    assert await consumer.seek_to_committed() == {FRESH: 7, COMMITTED: 40}
    assert consumer.without_place == {FRESH}
    assert thread.sought_to_beginning == [FRESH]


async def test_records_that_were_on_their_way_while_the_place_was_taken_are_fetched_again() -> None:
    thread = Thread()
    consumer = consumer_on(thread)
    thread.arriving = [{COMMITTED: [Record(60)]}, {COMMITTED: [Record(40)]}]

    thread.while_fetching = consumer.perform_seek
    assert await consumer._getmany({COMMITTED}, 1.0) == {}
    assert thread.place == 40  # what is dropped has moved it on
    thread.while_fetching = None
    assert await consumer._getmany({COMMITTED}, 1.0) == {COMMITTED: [Record(40)]}
    assert consumer._read_offset[COMMITTED] == 40


async def test_a_partition_that_ends_before_its_committed_place_is_read_from_its_beginning() -> None:
    """aiokafka goes to the beginning by itself, and Faust drops what it takes for read: nobody decided it."""
    thread = Thread()
    consumer = consumer_on(thread)
    await consumer.perform_seek()
    back, others = [Record(0)], [Record(7), Record(8)]
    thread.arriving = [{COMMITTED: back, FRESH: others}, {FRESH: others}, {COMMITTED: back}]

    assert await consumer._getmany({COMMITTED, FRESH}, 1.0) == {}
    assert thread.place == 40  # asked for once more
    assert not consumer.ends_early
    assert await consumer._getmany({COMMITTED, FRESH}, 1.0) == {FRESH: others}
    assert await consumer._getmany({COMMITTED, FRESH}, 1.0) == {}
    assert consumer.ends_early == {COMMITTED}
    await consumer._commit({COMMITTED: 41, FRESH: 9})

    assert thread.committed == [{COMMITTED: 0}, {COMMITTED: 0, FRESH: 9}]


async def test_of_a_topic_recreated_nothing_but_its_beginning_is_committed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    thread = Thread()
    consumer = consumer_on(thread)
    monkeypatch.setattr(PlacedConsumer, "assignment", lambda _: {COMMITTED})
    await consumer.begin_again()
    await consumer._commit({COMMITTED: 41, FRESH: 9})

    assert thread.committed == [{COMMITTED: 0}, {COMMITTED: 0, FRESH: 0}]


@pytest.mark.parametrize(
    ("word", "begins", "why"),
    [
        (OURS, 7, ""),
        (OURS, 40, ""),
        (OURS, 41, "1 payments went past their time before anybody read them"),
        ("", 7, "the group's place 40 was set by somebody else, or by an older version"),
        ("", 40, ""),
    ],
)
async def test_a_place_that_no_worker_committed_or_that_is_gone_is_said(
    word: str, begins: int, why: str
) -> None:
    thread = Thread()
    thread.word, thread.begins = word, begins
    consumer = consumer_on(thread)

    await consumer.seek_to_committed()

    assert consumer.passed_over == ({COMMITTED: why} if why else {})


async def test_one_that_ended_behind_its_committed_place_goes_on_from_there() -> None:
    """A leader lost what was read and not committed yet."""
    thread = Thread()
    consumer = consumer_on(thread)
    await consumer.perform_seek()
    thread.arriving = [{COMMITTED: [Record(at)]} for at in (50, 45, 45, 50, 45)]
    consumer._read_offset[COMMITTED] = 50
    assert await consumer._getmany({COMMITTED}, 1.0) == {COMMITTED: [Record(50)]}
    assert await consumer._getmany({COMMITTED}, 1.0) == {}
    assert await consumer._getmany({COMMITTED}, 1.0) == {COMMITTED: [Record(45)]}
    consumer._read_offset[COMMITTED] = 50
    assert await consumer._getmany({COMMITTED}, 1.0) == {COMMITTED: [Record(50)]}
    assert await consumer._getmany({COMMITTED}, 1.0) == {}

    assert (thread.committed, consumer.ends_early) == ([], frozenset())


@pytest.mark.parametrize("fetches", [[[0, 3, 4]], [[0], [3, 4]], [[0], [3], [4]]])
async def test_commits_pass_a_gap_behind_the_very_first_payment(fetches: list[list[int]]) -> None:
    """A transaction's marker stands at 1, an aborted payment at 2."""
    thread = Thread()
    consumer = consumer_on(thread)
    consumer._committed_offset = {FRESH: 1}
    thread.arriving = [{FRESH: [Record(offset) for offset in fetch]} for fetch in fetches]
    for _ in fetches:
        await consumer._getmany({FRESH}, 1.0)

    consumer._acked[FRESH] = [3, 4]

    assert consumer._new_offset(FRESH) == 5


async def test_what_was_fetched_before_a_rebalance_says_nothing_of_what_comes_after_it() -> None:
    thread = Thread()
    consumer = consumer_on(thread)
    thread.begins = 0
    thread.arriving = [{FRESH: [Record(0), Record(3), Record(4)]} for _ in range(2)]
    consumer._committed_offset = {FRESH: 1}
    await consumer._getmany({FRESH}, 1.0)
    await consumer.perform_seek()
    consumer._gap, consumer._committed_offset = defaultdict(IntervalTree), {FRESH: 1}  # as Faust begins anew
    await consumer._getmany({FRESH}, 1.0)

    consumer._acked[FRESH] = [3, 4]

    assert consumer._new_offset(FRESH) == 5


async def test_what_waits_ends_where_no_payment_is_left() -> None:
    thread = Thread()
    consumer = consumer_on(thread)
    thread.state = State(position=7, highwater=7)
    thread.arriving = [{FRESH: [Record(4), Record(5)]}]

    assert consumer.waiting(FRESH) == 0  # nothing was fetched yet, there are only markers
    await consumer._getmany({FRESH}, 1.0)
    consumer._committed_offset = {FRESH: 5}
    assert consumer.waiting(FRESH) == 2
    consumer._committed_offset = {FRESH: 6}
    assert consumer.waiting(FRESH) == 0  # a marker stands at 6
    thread.state = State(position=7, highwater=9)
    assert consumer.waiting(FRESH) == 2
    thread.state = State(position=7, highwater=9, lso=7)
    assert consumer.waiting(FRESH) == 0  # sent in a transaction that is not committed


@pytest.mark.parametrize(
    ("state", "looked_at"),
    [(None, []), (State(0, 9, has_valid_position=False), []), (State(0, 9), [FRESH])],
)
def test_a_partition_that_seeks_its_place_is_not_looked_at(
    state: State | None, looked_at: list[TP], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Faust looks every few seconds, and asserts that the place is known: it ended the workers of a group."""
    seen: list[TP] = []

    def looks(thread: CommittedThread, now: float, tp: TP) -> None:
        del thread, now
        seen.append(tp)

    monkeypatch.setattr(CommittedThread.__base__, "verify_event_path", looks)
    kafka = Thread()
    kafka.state = state
    thread = CommittedThread.__new__(CommittedThread)
    monkeypatch.setattr(thread, "_ensure_consumer", kafka._ensure_consumer)

    thread.verify_event_path(1.0, FRESH)

    assert seen == looked_at


@pytest.mark.parametrize("ends", ["in order", "cancelled", "never"])
async def test_the_consumers_thread_ends_whatever_the_broker_does(
    monkeypatch: pytest.MonkeyPatch, ends: str
) -> None:
    """A broker that was frozen held up a worker that was to stop for the 40 s of a request under way."""
    did = list[str]()

    async def stop(_: CommittedThread) -> None:
        if ends == "cancelled":
            raise asyncio.CancelledError
        if ends == "never":
            await asyncio.Event().wait()
        did.append("in order")

    async def close() -> None:
        did.append("closed")

    monkeypatch.setattr(CommittedThread.__base__, "on_thread_stop", stop)
    monkeypatch.setattr("streams.faust_internals.position.STOP_SECONDS", 0.05)
    thread = CommittedThread.__new__(CommittedThread)
    client: Any = SimpleNamespace(_client=SimpleNamespace(close=close))
    thread._consumer = client
    async with asyncio.timeout(10):
        await thread.on_thread_stop()

    assert did == (["in order"] if ends == "in order" else ["closed"])


@pytest.mark.parametrize("over", [False, True])
async def test_a_thread_that_has_ended_can_be_stopped(over: bool) -> None:
    """A worker that ended itself logged a traceback: its event loop is closed."""
    thread = CommittedThread.__new__(CommittedThread)
    thread.thread_loop = asyncio.new_event_loop()
    stopped: Any = asyncio.Event()
    thread._stopped = stopped
    if over:
        thread.thread_loop.close()
    thread._stopped_set()
    if not over:
        thread.thread_loop.run_in_executor(None, thread.thread_loop.stop)
        await asyncio.to_thread(thread.thread_loop.run_forever)
        thread.thread_loop.close()

    assert stopped.is_set()
