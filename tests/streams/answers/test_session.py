"""One turn at answering, with topics in memory: what is written, in which transaction, and what is not."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import orjson
import pytest

from screening.cases.dispositions import SuppressionRules
from screening.policy.answers import AnswerPolicy, Cause, Course
from screening.policy.rules import Policy
from streams.answers import session as sessions
from streams.answers.gate import Gate
from streams.answers.judged import Judged
from streams.answers.metrics import AnswerMetrics
from streams.answers.moves import Move, Waiting
from streams.answers.payments import Payments
from streams.answers.session import Session
from streams.kafka.log import Place, Record
from streams.kafka.provisioning import BrokerError
from streams.kafka.topics import Topics
from streams.records.answers import Reference
from streams.records.headers import part_header
from streams.records.stops import Stop

TOPICS = Topics()
RULES = SuppressionRules()


@dataclass
class Turn:
    """Dispositions that come, while it is ours."""

    coming: list[Record] = field(default_factory=list)
    ours: bool = True
    anew: list[str] = field(default_factory=list)

    def poll(self, seconds: float) -> list[Record]:
        del seconds
        came, self.coming = self.coming, []
        return came

    def member(self) -> str:
        return "us"

    def grown(self) -> bool:
        return False

    def recreated(self) -> list[str]:
        return self.anew


@dataclass
class Inputs:
    coming: list[tuple[str, Place, Record]] = field(default_factory=list)
    anew: list[str] = field(default_factory=list)
    fresh: bool = False
    held: set[tuple[str, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.positions = {TOPICS.payments: {0: 0}, TOPICS.decisions: {0: 0}}

    def poll(self, seconds: float, take: Callable[[str, Place, Record], None]) -> int:
        del seconds
        came, self.coming = self.coming, []
        for topic, place, record in came:
            self.positions[topic][place.partition] = place.offset + 1
            take(topic, place, record)
        return len(came)

    def grown(self) -> bool:
        return False

    def recreated(self) -> list[str]:
        return self.anew

    def partitions(self, topic: str) -> list[int]:
        return [0, 1] if topic in self.anew else [0]

    def at_end(self, topic: str) -> bool:
        del topic
        return True

    def hold(self, topic: str, partition: int, *, held: bool) -> None:
        (self.held.add if held else self.held.discard)((topic, partition))


@dataclass
class Outputs:
    """Transactions: what each holds, and how far was read with it."""

    done: list[tuple[list[Any], Mapping[str, Mapping[int, int]]]] = field(default_factory=list)
    open: list[Any] = field(default_factory=list)
    due: bool = False

    def move(self, move: Move, record: Record | None, references: tuple[Reference, ...], now: float) -> None:
        del references, now
        self.open.append((move, record))

    def keep(self, place: Place, stop: Stop | None) -> None:
        self.open.append((place, stop))

    def commit(self, member: str, read: Mapping[str, Mapping[int, int]]) -> None:
        assert member == "us"
        self.done.append((self.open, read))
        self.open = []


class Bytes(Payments):
    """Payments without a topic to read them from again, but for what `kept` holds."""

    def __init__(self, most: int = 1 << 20) -> None:
        self.kept: dict[Place, Record] = {}
        super().__init__(
            {"bootstrap.servers": "127.0.0.1:1"}, TOPICS.payments, Policy(), AnswerPolicy(), most
        )

    def again(self, place: Place) -> Record | None:
        return self.kept.get(place)


@dataclass
class Made:
    session: Session
    turn: Turn
    inputs: Inputs
    outputs: Outputs
    payments: Bytes
    metrics: AnswerMetrics

    def pay(self, offset: int, *, age: float = 0.0) -> Record:
        event = orjson.dumps({"id": f"P-{offset}", "parties": [{"role": "creditor", "name": "A"}]})
        record = Record(offset, time.time() - age, b"k", event, {})
        self.inputs.coming.append((TOPICS.payments, Place(0, offset), record))
        return record

    def decide(self, offset: int, outcome: str = "clear", **hit: Any) -> None:
        event = {"topic": "payments", "partition": 0, "offset": offset, "timestamp_ms": 0}
        body = {
            "payment_id": f"P-{offset}",
            "decision_id": "d",
            "outcome": outcome,
            "hits": [],
            "event": event,
        }
        headers = (part_header(1, 1),)
        record = Record(offset, time.time(), b"k", orjson.dumps(body | hit), dict(headers), headers)
        self.inputs.coming.append((TOPICS.decisions, Place(0, offset), record))

    def counted(self, name: str) -> float:
        return sum(
            sample.value
            for family in self.metrics.registry.collect()
            for sample in family.samples
            if sample.name == name
        )


def made(*, most_bytes: int = 1 << 20, fresh: bool = False) -> Made:
    metrics, answers = AnswerMetrics(), AnswerPolicy()
    judged = Judged(RULES, TOPICS.payments)
    gate = Gate(answers, judged)
    gate.start(0, 0)
    turn, inputs, outputs, payments = Turn(), Inputs(fresh=fresh), Outputs(), Bytes(most_bytes)
    parts = cast(Any, (turn, inputs, outputs, payments))
    return Made(
        Session(TOPICS, answers, metrics, gate, judged, *parts), turn, inputs, outputs, payments, metrics
    )


HOLD = {"hits": [{"action": "hold", "fingerprint": "f", "designation": {"id": "ofac:1", "fingerprint": "g"}}]}


def test_what_left_its_stop_and_how_far_was_read_are_one_transaction() -> None:
    found = made()
    found.pay(0)
    found.pay(1)
    found.decide(0)
    found.decide(1, "hit", **HOLD)
    found.session.step()

    ((held, read),) = found.outputs.done
    (released, _), (stopped, _), (place, stop) = held
    assert (released.place, released.reply.course) == (Place(0, 0), Course.RELEASE)
    assert (stopped.place, stopped.reply.course) == (Place(0, 1), Course.STOP)
    assert (place, stop.hits[0].designation_id) == (Place(0, 1), "ofac:1")
    assert read == {TOPICS.payments: {0: 2}, TOPICS.decisions: {0: 2}}
    assert found.counted("interdict_answers_total") == 2


def test_a_transaction_that_is_open_for_long_is_committed_before_more_is_written() -> None:
    found = made()
    found.outputs.due = True
    for offset in range(2):
        found.pay(offset)
        found.decide(offset)
    found.session.step()

    assert [(len(held), read[TOPICS.payments]) for held, read in found.outputs.done] == [
        (1, {0: 1}),
        (1, {0: 2}),
    ]


@pytest.mark.parametrize(("records", "commits"), [(0, 0), (1, 1), (2, 1)])
def test_what_was_read_is_committed_soon_though_nothing_was_answered(records: int, commits: int) -> None:
    found = made()
    for offset in range(records):
        found.pay(offset)
    found.session.step()
    assert found.outputs.done == []

    found.session._committed_at -= sessions.COMMIT_SECONDS
    found.session.step()
    found.session.step()
    assert found.outputs.done == [([], {TOPICS.payments: {0: 0}, TOPICS.decisions: {0: 0}})] * commits


def test_a_gate_that_begins_says_first_where() -> None:
    assert made(fresh=True).outputs.done == [([], {TOPICS.payments: {0: 0}, TOPICS.decisions: {0: 0}})]


def test_nothing_is_answered_once_the_turn_is_over() -> None:
    found = made()
    found.turn.ours = False
    found.pay(0)
    found.decide(0)
    found.session.step()

    assert found.outputs.done == []


def test_bytes_that_were_let_go_of_are_read_again() -> None:
    found = made(most_bytes=0)
    record = found.payments.kept[Place(0, 0)] = found.pay(0)
    found.session.step()
    found.decide(0)
    found.session.step()

    ((held, _),) = found.outputs.done
    assert [each for _, each in held] == [record]


def test_a_payment_whose_bytes_are_gone_is_never_released() -> None:
    found = made(most_bytes=0)
    found.pay(0)
    found.decide(0)
    found.session.step()

    (((move, record),), _) = found.outputs.done[0]
    assert (move.reply.course, move.cause, record) == (Course.STOP, "error", None)
    found.session.step()
    found.session.step()
    assert found.counted("interdict_answers_forgotten_total") == 1


def sent_again(found: Made, record: Record, offset: int, of: bytes) -> None:
    """A record comes that says where it stood before."""
    again = ("interdict.replay.event", of)
    mended = record._replace(offset=offset, headers=dict([again]), pairs=(*record.pairs, again))
    found.inputs.coming.append((TOPICS.payments, Place(0, offset), mended))


def test_an_error_that_was_mended_and_sent_again_waits_for_nobody() -> None:
    found = made()
    original = found.pay(0)
    found.payments.kept[Place(0, 0)] = original
    found.decide(0, "error")
    held = found.pay(1)
    found.decide(1, "hit", **HOLD)
    found.session.step()
    sent_again(found, original, 2, b"payments-0@0")
    sent_again(found, held, 3, b"payments-0@1")
    sent_again(found, held, 4, b"nowhere")
    found.session.step()

    assert found.outputs.done[-1][0] == [(Place(0, 0), None)]
    assert found.counted("interdict_answers_open") == 1


@pytest.mark.parametrize(
    "other",
    [{"value": b"{}"}, {"value": None}, {"key": b"another"}, {"pairs": (("content-type", b"text/xml"),)}],
    ids=["bytes", "no value", "key", "headers"],
)
def test_a_record_that_only_says_it_is_an_error_sent_again_ends_no_stop(other: dict[str, Any]) -> None:
    found = made()
    original = found.pay(0)
    found.payments.kept[Place(0, 0)] = original
    found.decide(0, "error")
    found.session.step()
    sent_again(found, original._replace(**other), 1, b"payments-0@0")
    found.session.step()

    assert found.counted("interdict_answers_open") == 1


def test_an_error_whose_bytes_are_gone_is_ended_by_a_person_alone() -> None:
    found = made()
    original = found.pay(0)
    found.decide(0, "error")
    found.session.step()
    sent_again(found, original, 1, b"payments-0@0")
    found.session.step()

    assert found.counted("interdict_answers_open") == 1


def test_what_is_no_decision_and_no_disposition_is_counted_and_passed() -> None:
    found = made()
    found.turn.coming.append(Record(0, time.time(), b"event|payments-0@0", b"{", {}))
    headers = (part_header(1, 1),)
    for offset, value in enumerate((b"{", b"[]", b'{"event": 1}', json.dumps({"hits": 1}).encode())):
        record = Record(offset, time.time(), b"", value, dict(headers), headers)
        found.inputs.coming.append((TOPICS.decisions, Place(0, offset), record))
    found.pay(0)
    found.decide(5)
    found.session.step()

    assert found.counted("interdict_answers_unreadable_total") >= 4
    assert found.outputs.done == []


def test_headers_without_a_value_are_no_reason_to_stop_answering() -> None:
    found = made()
    pairs: Any = tuple(
        (name, None) for name in ("traceparent", "content-type", "interdict.replay.event", "ce_id")
    )
    bare = found.pay(0)._replace(headers=dict(pairs), pairs=pairs)
    found.inputs.coming[0] = (TOPICS.payments, Place(0, 0), bare)
    found.decide(0)
    found.session.step()

    (((move, record), *_), _) = found.outputs.done[0]
    assert (move.reply.course, record) == (Course.RELEASE, bare)


def test_a_payment_that_fits_no_topic_is_stopped_without_its_bytes() -> None:
    found = made(most_bytes=1 << 30)
    large = found.pay(0)._replace(value=b" " * (16 << 20))
    found.inputs.coming[0] = (TOPICS.payments, Place(0, 0), large)
    found.decide(0, "error")
    found.session.step()

    (((move, record), *_), _) = found.outputs.done[0]
    assert (move.reply.course, record) == (Course.STOP, None)


@pytest.mark.parametrize("timestamp", [-1e15, 1e15])
def test_a_timestamp_that_cannot_be_is_no_reason_to_stop_answering(timestamp: float) -> None:
    found = made()
    record = found.pay(0)._replace(time=timestamp)
    found.inputs.coming[0] = (TOPICS.payments, Place(0, 0), record)
    found.decide(0)
    found.session.step()

    (((move, _), *_), _) = found.outputs.done[0]
    assert move.reply.course is (Course.STOP if timestamp < 0 else Course.RELEASE)


def test_reading_waits_where_too_much_waits_and_goes_on_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "MOST_WAITING", 3)
    monkeypatch.setattr(sessions, "MOST_UNUSED", 2)
    found = made()
    for offset in range(3):
        found.pay(offset)
    found.session.step()
    assert found.inputs.held == {(TOPICS.payments, 0)}
    for offset in range(3):
        found.decide(offset)
    found.session.step()
    assert found.inputs.held == set()

    for offset in range(1000, 1003):  # about payments that are not there
        found.decide(offset)
    found.session.step()
    found.session.step()

    assert found.inputs.held == set()


def test_only_the_first_answer_to_a_payment_is_timed() -> None:
    found = made()
    record = found.payments.kept[Place(0, 0)] = found.pay(0)
    reply = AnswerPolicy().reply(Cause.ERROR, None)
    at_hand = Waiting(Place(0, 0), 0.0, None, record)
    for move in (
        Move(Place(0, 0), Cause.ERROR, reply, 0.0, waiting=at_hand),
        Move(Place(0, 0), Cause.ERROR, reply, 0.0, follows=True),
        Move(Place(0, 1), Cause.ERROR, reply, 0.0),  # whose bytes are gone
        Move(Place(0, 1), Cause.ERROR, reply, 0.0, follows=True),
    ):
        found.session._move(move, record.time)

    assert [sent_at for _, _, sent_at in found.session._moved] == [record.time, None, None, None]


@pytest.mark.parametrize("topic", [TOPICS.payments, TOPICS.decisions])
def test_a_topic_that_was_recreated_is_read_from_its_beginning_by_the_next_session(topic: str) -> None:
    """A gate that stood still meanwhile went on at its old place: 5 of 20 payments were neither released nor
    stopped, and the place of a stop was another payment's."""
    found = made()
    found.pay(0)
    found.decide(0, "hit", hits=[])
    found.session.step()
    (stopped,) = [place for place, stop in found.outputs.done[-1][0] if isinstance(stop, Stop)]
    found.pay(1)
    found.inputs.anew = [topic]

    with pytest.raises(BrokerError, match=f"{topic}: deleted and recreated"):
        found.session.step()
    written, read = found.outputs.done[-1]
    assert read == {topic: {0: 0, 1: 0}}
    assert written == ([(stopped, None)] if topic == TOPICS.payments else [])
    assert found.counted("interdict_answers_forgotten_total") == (topic == TOPICS.payments)


def test_dispositions_that_were_recreated_release_nothing_by_what_the_old_ones_said() -> None:
    found = made()
    found.turn.anew = [TOPICS.dispositions]

    with pytest.raises(BrokerError, match="dispositions: deleted and recreated"):
        found.session.step()
