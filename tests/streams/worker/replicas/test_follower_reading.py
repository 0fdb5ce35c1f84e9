"""When a copy of a topic is read, from where, and what becomes of a broker that is away; without one."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaConnectionError, KafkaError

from screening.cases.dispositions import Disposition, SuppressionRules, Verdict
from streams.records.json import disposition_to_json
from streams.worker.metrics import Metrics
from streams.worker.replicas import follower
from streams.worker.replicas.dispositions import DispositionReplica
from streams.worker.replicas.follower import TopicReplica, _reached
from streams.worker.replicas.turns import APPLY_SLICE_SECONDS, MOST_AT_ONCE, Turn

FIRST, SECOND = TopicPartition("t", 0), TopicPartition("t", 1)


class Copy(TopicReplica):
    """Keeps offsets; `bad` cannot be read."""

    without = "nothing is known"

    def __init__(self, **more: Any) -> None:
        super().__init__("t", {"bootstrap_servers": "b:1"}, **more)
        self.kept, self.fetches = list[int](), 0

    def apply(self, record: Any) -> None:
        if record.value == b"bad":
            raise LookupError("no field")
        self.kept.append(record.offset)

    def applied(self) -> None:
        self.fetches += 1


class Consumer:
    """Two partitions of five records; it comes to these positions, a fetch each."""

    _client = SimpleNamespace(get_random_node=lambda: None)

    def __init__(self, *fetches: list[int], starts: Exception | None = None) -> None:
        self.fetches, self.starts = list(fetches), starts
        self.at, self.sought = {FIRST: 0, SECOND: 5}, dict[TopicPartition, int]()
        self.times: dict[TopicPartition, int] | None = None
        self.younger: dict[TopicPartition, Any] = {}
        self.stopped = 0

    async def start(self) -> None:
        if self.starts:
            raise self.starts

    async def stop(self) -> None:
        self.stopped += 1

    def assignment(self) -> set[TopicPartition]:
        return {SECOND, FIRST}

    async def end_offsets(self, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        assert partitions == [FIRST, SECOND]
        return {FIRST: 5, SECOND: 5}

    async def position(self, partition: TopicPartition) -> int:
        return self.at[partition]

    async def getmany(self, **_: int) -> dict[TopicPartition, list[Any]]:
        if not self.fetches:
            await asyncio.Event().wait()
        offsets = self.fetches.pop(0)
        if offsets:
            self.at[FIRST] = offsets[-1] + 1
        value = {3: b"bad"}
        return (
            {
                FIRST: [
                    SimpleNamespace(offset=o, value=value.get(o, b""), topic="t", partition=0)
                    for o in offsets
                ]
            }
            if offsets
            else {}
        )

    async def offsets_for_times(self, times: dict[TopicPartition, int]) -> dict[TopicPartition, Any]:
        self.times = times
        return self.younger

    def seek(self, partition: TopicPartition, offset: int) -> None:
        self.sought[partition] = offset


@pytest.fixture
def consumers(monkeypatch: pytest.MonkeyPatch) -> list[Consumer]:
    held = list[Consumer]()
    monkeypatch.setattr(follower, "new_consumer", lambda *_: held.pop(0))
    return held


async def followed(copy: Copy, until_read: bool = True) -> None:
    following = asyncio.create_task(copy._follow())
    async with asyncio.timeout(10):
        if until_read:
            await copy._read.wait()
        for _ in range(20):
            await asyncio.sleep(0)
    following.cancel()
    with suppress(asyncio.CancelledError):
        await following


async def test_it_is_read_once_every_partition_is_where_its_end_was(consumers: list[Consumer]) -> None:
    unreadable = list[bool]()
    one = Consumer([0, 1], [], [2, 3, 4], [5])
    consumers.append(one)
    copy = Copy(on_unreadable=unreadable.append)
    copy.needed = True
    assert copy.missing == "t is not read yet; until it is, nothing is known"
    await followed(copy)

    assert (copy.kept, copy.fetches, unreadable) == ([0, 1, 2, 4, 5], 3, [False])
    assert (copy.missing, one.stopped, one.sought) == ("", 1, {})


class Refused(Consumer):
    """Its broker does not let it read."""

    def assignment(self) -> set[TopicPartition]:
        raise KafkaError("not allowed")


async def test_why_it_cannot_be_read_is_the_reason_to_wait(
    consumers: list[Consumer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cause stood in the log alone."""
    monkeypatch.setattr(follower, "RETRY_SECONDS", 10.0)
    consumers.append(Refused())
    copy = Copy()
    copy.needed = True
    await followed(copy, until_read=False)

    assert copy.missing == "t cannot be read: KafkaError('not allowed'); until it is, nothing is known"


class Dated(Consumer):
    """Its second partition comes first, and what comes after both counts as it comes."""

    async def getmany(self, **timeout: int) -> dict[TopicPartition, list[Any]]:
        assert timeout
        if not self.fetches:
            await asyncio.Event().wait()
        offsets = self.fetches.pop(0)
        partition = SECOND if offsets[0] >= 10 else FIRST
        self.at[partition] = 5
        return {
            partition: [
                SimpleNamespace(
                    offset=o, value=b"", topic="t", partition=partition.partition, timestamp=o % 10
                )
                for o in offsets
            ]
        }


async def test_what_several_partitions_hold_is_applied_in_one_order_once_all_is_read(
    consumers: list[Consumer],
) -> None:
    one = Dated([12, 14], [1, 3, 5], [18], [6])
    one.at[SECOND] = 0
    consumers.append(one)
    copy = Copy()
    copy.in_one_order = True
    await followed(copy)

    assert copy.kept == [1, 12, 3, 14, 5, 18, 6]


@pytest.mark.parametrize("in_one_order", [False, True])
async def test_others_have_their_turn_while_a_long_topic_is_read(
    consumers: list[Consumer], monkeypatch: pytest.MonkeyPatch, in_one_order: bool
) -> None:
    """With the alerts of weeks no page of a worker that started was answered for seconds."""
    monkeypatch.setattr(follower, "A_TURN", 1)
    bounds = list[dict[str, int]]()

    class Bounded(Dated):
        async def getmany(self, **given: int) -> dict[TopicPartition, list[Any]]:
            bounds.append(given)
            return await super().getmany(**given)

    one = Bounded([10, 11, 12, 13, 14], [0, 1, 2, 3, 4])
    one.at[SECOND] = 0
    consumers.append(one)
    copy, kept_at = Copy(), set[int]()
    copy.in_one_order = in_one_order

    async def look() -> None:
        while True:
            kept_at.add(len(copy.kept))
            await asyncio.sleep(0)

    looking = asyncio.create_task(look())
    await followed(copy)
    looking.cancel()

    assert kept_at >= set(range(10))
    assert bounds[0]["max_records"] == MOST_AT_ONCE


async def test_an_unfinished_copy_is_not_read(consumers: list[Consumer]) -> None:
    consumers.append(Consumer([0, 1, 2], []))
    copy = Copy()
    await followed(copy, until_read=False)

    assert (copy.kept, copy._read.is_set()) == ([0, 1, 2], False)
    assert copy.missing == ""  # it is not needed


class Remade(Consumer):
    """Its topic is recreated behind the last fetch: the client goes to where the new one begins, may fetch of
    it beyond where the old one ended, or has none of its partitions meanwhile."""

    how, remade = "goes back", False

    def assignment(self) -> set[TopicPartition]:
        return {FIRST} if self.how == "gone" and self.remade else super().assignment()

    async def getmany(self, **timeout: int) -> dict[TopicPartition, list[Any]]:
        if self.fetches:
            return await super().getmany(**timeout)
        assert not self.remade, "what was recreated is not noticed"
        self.remade = True
        self.at[FIRST] = 0 if self.how == "goes back" else 9
        record = SimpleNamespace(offset=0, value=b"", topic="t", partition=0)
        return {FIRST: [record]} if self.how == "goes beyond" else {}


@pytest.mark.parametrize("how", ["goes back", "goes beyond", "gone"])
async def test_a_topic_that_was_recreated_is_read_from_its_beginning_and_when_that_is_done_is_said(
    consumers: list[Consumer], caplog: pytest.LogCaptureFixture, how: str
) -> None:
    said = list[object]()
    old = Remade([0, 1, 2, 4])
    old.how = how
    consumers += [old, Consumer([0, 1], [2, 4], [5])]
    copy: Any = Copy()
    copy.read_again, copy.is_read_again = partial(said.append, "again"), partial(said.append, "read")
    copy.apply = lambda record: said.append(record.offset)
    await followed(copy)

    assert said == ["again", 0, 1, 2, 4, "read", "again", 0, 1, 2, 4, "read", 5]
    assert caplog.messages == ["t was recreated; it is read from its beginning"]
    assert old.stopped == 1


@pytest.mark.parametrize("error", [KafkaConnectionError("away"), OSError("away")])
async def test_a_broker_that_is_away_is_asked_again_after_a_while(
    consumers: list[Consumer],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    slept = list[float]()
    first = Consumer(starts=error)
    consumers += [first, Consumer([0, 1, 2, 3, 4])]
    copy = Copy()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(copy, "sleep", sleep)
    await followed(copy)

    assert (slept, first.stopped, copy.kept) == ([5.0], 1, [0, 1, 2, 4])
    assert caplog.messages[0].startswith("t cannot be read: ")
    assert caplog.messages[0].endswith("; until it is, nothing is known")


async def test_a_topic_that_is_not_there_says_how_it_is_made() -> None:
    nothing: Any = SimpleNamespace(assignment=set)

    with pytest.raises(KafkaError, match="no topic t; create it with `interdict topics create`"):
        await Copy()._ends(nothing)


@pytest.mark.parametrize(
    ("window", "younger", "sought"),
    [
        (None, {}, {}),
        (60.0, {FIRST: 2, SECOND: None}, {FIRST: 2, SECOND: 5}),
        (60.0, {FIRST: 7}, {FIRST: 5, SECOND: 5}),  # what came since is read on the way
    ],
)
async def test_a_window_begins_with_its_first_record_or_at_the_end(
    monkeypatch: pytest.MonkeyPatch, window: float | None, younger: Any, sought: Any
) -> None:
    monkeypatch.setattr(follower, "time", SimpleNamespace(time=lambda: 1_000.0))
    consumer: Any = Consumer()
    consumer.younger = {at: offset and SimpleNamespace(offset=offset) for at, offset in younger.items()}
    copy = Copy()
    copy.window_seconds = window
    await copy._begin(consumer, {FIRST: 5, SECOND: 5})

    assert consumer.sought == sought
    assert consumer.times == (None if window is None else {FIRST: 940_000, SECOND: 940_000})


@pytest.mark.parametrize(
    ("at", "reached"), [((4, 5), False), ((5, 4), False), ((5, 5), True), ((6, 9), True), ((9, 0), False)]
)
async def test_ends_are_reached_when_no_partition_is_before_its_own(
    at: tuple[int, int], reached: bool
) -> None:
    consumer: Any = Consumer()
    consumer.at = dict(zip((FIRST, SECOND), at, strict=True))

    assert await _reached(consumer, {FIRST: 5, SECOND: 5}) is reached


@pytest.mark.parametrize(
    ("needed", "stops", "looks"), [(False, False, 1), (True, False, 3), (True, True, 1), (False, True, 1)]
)
async def test_a_start_waits_for_what_is_needed_and_else_for_ten_seconds(
    monkeypatch: pytest.MonkeyPatch, needed: bool, stops: bool, looks: int
) -> None:
    copy, waited = Copy(), list[float]()
    copy.needed = needed

    async def wait_for(coming: Any, seconds: float) -> None:
        coming.close()
        waited.append(seconds)
        if len(waited) == 3:
            copy._read.set()
            return
        raise TimeoutError

    monkeypatch.setattr(copy, "add_future", lambda coming: coming.close())
    monkeypatch.setattr(follower, "asyncio", SimpleNamespace(wait_for=wait_for))
    if stops:
        copy._stopped.set()
    await copy.on_start()

    assert waited == [10.0] * looks


def test_a_disposition_is_as_old_as_its_record() -> None:
    replica = DispositionReplica("d", client={}, metrics=Metrics(process=False))
    one = Disposition("f", "ofac:1", "g", Verdict.FALSE_POSITIVE, "a", "w", datetime(2100, 1, 1, tzinfo=UTC))
    record: Any = SimpleNamespace(key=one.key.encode(), value=disposition_to_json(one), timestamp=1_500)
    replica.apply(record)
    given = replica.known.of_pair(one.key)

    assert given and given.at == datetime.fromtimestamp(1.5, UTC)


def test_dispositions_stay_in_force_while_their_topic_is_read_again_and_then_are_what_it_says() -> None:
    changed = list[set[str]]()
    replica = DispositionReplica("d", client={}, metrics=Metrics(process=False))
    vars(replica)["changed"] = changed.append

    def given(fingerprint: str, by: str = "a") -> Any:
        until = datetime(2100, 1, 1, tzinfo=UTC)
        one = Disposition(fingerprint, "ofac:1", "g", Verdict.FALSE_POSITIVE, by, "w", until)
        return SimpleNamespace(key=one.key.encode(), value=disposition_to_json(one), timestamp=1_500)

    def known() -> dict[str, str]:
        return {each.fingerprint: each.by for each in replica.known}

    for record in (given("same"), given("gone"), given("other")):
        replica.apply(record)
    replica.read_again()
    for record in (given("same"), given("other", by="b"), given("new")):
        replica.apply(record)
    assert known() == {"same": "a", "gone": "a", "other": "a"}
    replica.is_read_again()
    replica.apply(given("later"))

    assert known() == {"same": "a", "other": "b", "new": "a", "later": "a"}
    assert changed == [{f"{pair}|ofac:1" for pair in ("gone", "other", "new")}]


def test_a_true_positive_that_compaction_would_lose_is_named_once(caplog: pytest.LogCaptureFixture) -> None:
    metrics = Metrics(process=False)
    replica = DispositionReplica("d", client={}, metrics=metrics, rules=SuppressionRules(four_eyes=True))
    one = Disposition("f", "ofac:1", "g", Verdict.TRUE_POSITIVE, "a", "w", datetime(2100, 1, 1, tzinfo=UTC))
    for value in (disposition_to_json(one), None, None):
        replica.apply(SimpleNamespace(key=one.key.encode(), value=value, timestamp=1_500))
        replica.applied()

    assert [*replica.known] == [one]
    assert [f"{one.key}: what stands stays" in message for message in caplog.messages] == [True]
    assert metrics.registry.get_sample_value("interdict_dispositions_unsettled") == 1


async def test_a_turn_is_over_after_its_slice_and_then_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [10.0]
    monkeypatch.setattr("streams.worker.replicas.turns.time", SimpleNamespace(monotonic=lambda: now[0]))
    turn = Turn()
    over = list[bool]()
    for passed in (0.0, APPLY_SLICE_SECONDS / 2, APPLY_SLICE_SECONDS * 1.1):
        now[0] = 10.0 + passed
        over.append(turn.is_over())
    await turn.pass_on()

    assert (over, turn.is_over()) == ([False, False, True], False)
    now[0] += APPLY_SLICE_SECONDS * 1.1
    assert turn.is_over()
