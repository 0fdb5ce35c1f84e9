"""Whose turn it is, what a session begins with, and which errors end the process: with topics in memory."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from confluent_kafka import KafkaError, KafkaException

from screening.cases.dispositions import SuppressionRules
from screening.policy.answers import AnswerPolicy, Cause
from screening.policy.rules import Policy
from streams.answers import service as services
from streams.answers.metrics import AnswerMetrics
from streams.answers.service import PlaceLostError, Service, _wait
from streams.kafka.log import Place, Record, Span
from streams.kafka.provisioning import BrokerError
from streams.kafka.topics import Topics
from streams.records.stops import Stop, stop_to_json
from tests.streams.answers.made import AT, HIT, OTHER

TOPICS = Topics("t-")
CLIENT = {"bootstrap.servers": "b:1"}
STOP = Stop(Cause.HOLD, "rail", AT, (HIT,), whole=True, ended=False)


@dataclass
class World:
    """What the topics hold and the broker says, and what the service made of it."""

    embedded: bool = False
    stops: list[Record] = field(default_factory=list)
    polls: list[tuple[list[Record], bool, bool]] = field(default_factory=lambda: [([], True, True)])
    """For each look whether it is our turn: dispositions, `ours`, `read`."""
    steps: list[Callable[[], None]] = field(default_factory=list)
    """What each step of a session does; it is over after the last."""
    refused: str = ""
    close_fails: bool = False
    fresh: bool = False
    """Whether the group has committed nothing."""
    answered: int = 0
    """Where the answers end."""
    lost: dict[str, int] = field(default_factory=dict)
    unread: dict[str, set[int]] = field(default_factory=dict)
    beyond: dict[str, dict[int, int]] = field(default_factory=dict)
    told: list[Any] = field(default_factory=list)
    over: bool = False
    turn: Any = None
    """What the session asks whether it is its turn."""
    metrics: AnswerMetrics = field(default_factory=AnswerMetrics)
    start: str | None = "beginning"

    def active(self) -> float | None:
        return self.metrics.registry.get_sample_value("interdict_answers_active")

    def unreadable(self) -> float | None:
        return self.metrics.registry.get_sample_value(
            "interdict_answers_unreadable_total", {"since": "false"}
        )

    def service(self) -> Service:
        self.metrics = metrics = AnswerMetrics()
        answers = AnswerPolicy(pacs002=True)
        return Service(CLIENT, TOPICS, "g", 12.0, Policy(), answers, SuppressionRules(), metrics, self.start)

    def stopping(self) -> bool:
        return self.over


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    held = World()

    class Log:
        def __init__(self, client: Mapping[str, Any], topic: str) -> None:
            assert (client, topic) in ((CLIENT, ""), (CLIENT, TOPICS.stops), (CLIENT, TOPICS.answers))
            self.topic = topic
            self.embedded = held.embedded

        def __enter__(self) -> "Log":
            return self

        def __exit__(self, *error: object) -> None:
            held.told.append("log closed")

        def spans(self) -> list[Span]:
            return [Span(0, 0, 0), Span(1, held.answered, held.answered)]

        def read_all(self, spans: list[Span]) -> Iterator[Record]:
            assert (spans, self.topic) == (self.spans(), TOPICS.stops)
            return iter(held.stops)

    class Turn:
        ours = read = False

        def __init__(self, *given: Any) -> None:
            assert given == (CLIENT, TOPICS.dispositions, "g", 12.0)
            held.told.append("turn")

        def poll(self, seconds: float) -> list[Record]:
            assert seconds == 0.5
            if not held.polls:
                held.over = True
                return []
            came, self.ours, self.read = held.polls.pop(0)
            return came

        def close(self) -> None:
            held.told.append("turn closed")

    class Inputs:
        def __init__(self, *given: Any, oldest: bool) -> None:
            assert given == (CLIENT, "g", TOPICS.decisions, TOPICS.payments)
            assert oldest is (held.start == "beginning")
            self.positions = {TOPICS.payments: {0: 5, 1: 7}, TOPICS.decisions: {0: 9}}
            self.fresh, self.lost, self.unread = held.fresh, held.lost, held.unread
            self.beyond = held.beyond

        def __enter__(self) -> "Inputs":
            return self

        def __exit__(self, *error: object) -> None:
            held.told.append("inputs closed")

    class Outputs:
        def __init__(self, *given: Any, pacs002: bool) -> None:
            assert given == (CLIENT, "g", TOPICS)
            assert pacs002
            self.refused = held.refused

        def close(self) -> None:
            held.told.append("outputs closed")
            if held.close_fails:
                raise error(KafkaError._STATE)

    class Session:
        def __init__(self, *given: Any) -> None:
            held.told.append(("session", given[3]))
            held.turn = given[5]

        def step(self) -> None:
            held.told.append("step")
            held.steps.pop(0)()
            held.over = not held.steps

    for name, stand_in in (("TopicLog", Log), ("Turn", Turn), ("Inputs", Inputs), ("Outputs", Outputs)):
        monkeypatch.setattr(services, name, stand_in)
    monkeypatch.setattr(services, "Session", Session)
    monkeypatch.setattr(services, "RETRY_SECONDS", 0.0)
    return held


def error(code: int) -> KafkaException:
    return KafkaException(KafkaError(code))


def raising(error: Exception) -> Callable[[], None]:
    def step() -> None:
        raise error

    return step


def nothing() -> None:
    """A step in which nothing goes wrong."""


def stop_record(offset: int, key: str, value: bytes | None) -> Record:
    return Record(offset, AT, key.encode(), value, {})


def test_the_embedded_broker_is_refused(world: World) -> None:
    world.embedded = True

    with pytest.raises(BrokerError, match=r"^the embedded broker knows no transactions; answer on a Kafka"):
        world.service().run(world.stopping)
    assert world.told == ["log closed"]


def test_a_session_begins_where_the_group_stands_and_steps_until_it_is_told_to_stop(world: World) -> None:
    service = world.service()
    seen = list[float | None]()
    world.steps = [lambda: seen.append(world.active())] * 3
    service.run(world.stopping)

    (gate,) = [each[1] for each in world.told if isinstance(each, tuple)]
    assert (gate.payments(), seen, world.active()) == ({0: 5, 1: 7}, [1.0, 1.0, 1.0], 0.0)
    assert world.told[:3] == ["log closed", "turn", "log closed"]
    assert world.told[4:] == ["step"] * 3 + ["outputs closed", "inputs closed", "turn closed"]


@pytest.mark.parametrize(
    ("start", "answered", "begins"),
    [(None, 0, True), (None, 7, False), ("now", 7, True), ("beginning", 7, True)],
)
def test_one_whose_place_was_lost_begins_only_where_it_is_told(
    world: World, start: str | None, answered: int, begins: bool
) -> None:
    """Offsets go past their time after a week, also what is long answered: it began with the next payment,
    and those that came meanwhile were neither released nor stopped."""
    world.start, world.fresh, world.answered = start, True, answered
    world.steps = [nothing]
    if begins:
        world.service().run(world.stopping)
    else:
        with pytest.raises(
            PlaceLostError, match=r"^the group g\.answers has no place in t-payments any more"
        ):
            world.service().run(world.stopping)

    assert world.told.count("step") == begins
    assert world.told[-1] == "turn closed"


@pytest.mark.parametrize("start", [None, "beginning", "now"])
def test_one_that_stands_behind_the_end_of_payments_answers_nothing(world: World, start: str | None) -> None:
    """All of them would be answered once more: released a second time."""
    world.start = start
    world.beyond = {TOPICS.decisions: {0: 9}}
    world.steps = [nothing]
    world.service().run(lambda: world.over)
    assert "step" in world.told

    world.over, world.polls = False, [([], True, True)]
    world.beyond[TOPICS.payments] = {1: 700}
    with pytest.raises(PlaceLostError, match=r"stands at 700 of t-payments-1, which ends before that"):
        world.service().run(lambda: world.over)


def test_it_stands_by_while_another_answers_and_until_the_dispositions_are_read(world: World) -> None:
    broken = Record(3, AT, b"no key of a pair", b"no disposition", {})
    world.polls = [([broken], False, False), ([], False, True), ([broken], True, False), ([], True, True)]
    world.steps = [nothing]
    service = world.service()
    service.run(world.stopping)

    assert world.polls == []
    assert world.told.count("step") == 1
    assert world.unreadable() == 2


def test_one_that_is_told_to_stop_while_it_stands_by_answers_nothing(world: World) -> None:
    world.polls = [([], False, False)]
    world.service().run(world.stopping)

    assert world.told == ["log closed", "turn", "turn closed"]


def test_a_turn_that_is_over_ends_the_session_and_another_is_waited_for(world: World) -> None:
    def overtaken() -> None:
        cast(Any, world).turn.ours = False

    world.polls = [([], True, True), ([], True, True)]
    world.steps = [overtaken, nothing, nothing]
    world.service().run(world.stopping)

    assert [each for each in world.told if each in ("turn", "turn closed", "step")] == [
        *("turn", "step", "turn closed"),
        *("turn", "step", "step", "turn closed"),
    ]


@pytest.mark.parametrize(
    "code",
    [
        KafkaError.TOPIC_AUTHORIZATION_FAILED,
        KafkaError.GROUP_AUTHORIZATION_FAILED,
        KafkaError.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
        KafkaError.CLUSTER_AUTHORIZATION_FAILED,
        KafkaError._AUTHENTICATION,
        KafkaError.UNKNOWN_TOPIC_OR_PART,
    ],
)
def test_what_no_new_session_mends_ends_the_process(world: World, code: int) -> None:
    world.steps = [raising(error(code)), nothing]
    service = world.service()

    with pytest.raises(KafkaException) as raised:
        service.run(world.stopping)
    assert raised.value.args[0].code() == code
    assert world.active() == 0.0


@pytest.mark.parametrize("passing", [error(KafkaError._FENCED), BrokerError("more partitions")])
def test_anything_else_begins_anew_from_what_the_topics_hold(
    world: World, caplog: pytest.LogCaptureFixture, passing: Exception
) -> None:
    world.polls *= 2
    world.steps = [raising(passing), nothing]
    service = world.service()
    with caplog.at_level(logging.WARNING):
        service.run(world.stopping)

    first, second = (each[1] for each in world.told if isinstance(each, tuple))
    assert first is not second
    assert world.told.count("turn") == world.told.count("turn closed") == 2
    assert caplog.messages == [f"answers begin anew from what the topics hold: {passing.args[0]}"]


@pytest.mark.parametrize("close_fails", [False, True])
def test_what_the_broker_refused_is_named_and_what_was_under_way_never_was(
    world: World, caplog: pytest.LogCaptureFixture, close_fails: bool
) -> None:
    """A producer whose closing fails too hides neither."""
    world.steps = [raising(error(KafkaError._FENCED))]
    world.refused, world.close_fails = "too large", close_fails
    world.polls *= 2
    world.steps += [nothing]
    service = world.service()
    with caplog.at_level(logging.WARNING):
        service.run(world.stopping)

    assert caplog.messages[0] == "too large"
    assert "answers begin anew" in caplog.messages[1]
    assert "outputs closed" in world.told[world.told.index("step") :]


def test_stops_are_as_they_were_last_written_and_what_cannot_be_read_is_counted(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    other = Stop(Cause.HOLD, "rail", AT, (OTHER,), whole=True, ended=False)
    world.stops = [
        stop_record(0, "t-payments-0@1", stop_to_json(STOP)),
        stop_record(1, "another-0@1", stop_to_json(STOP)),
        stop_record(2, "t-payments-0@2", stop_to_json(STOP)),
        stop_record(3, "t-payments-0@3", b"no stop"),
        stop_record(4, "t-payments-0@4", stop_to_json(STOP)),
        stop_record(5, "t-payments-0@2", None),
        stop_record(6, "t-payments-0@1", stop_to_json(other)),
    ]
    world.steps = [nothing]
    service = world.service()
    with caplog.at_level(logging.INFO):
        service.run(world.stopping)

    (gate,) = [each[1] for each in world.told if isinstance(each, tuple)]
    assert len(gate.stops) == 2
    assert gate.stops.get(Place(0, 1)) == other
    assert gate.stops.get(Place(0, 4)) == STOP
    assert world.unreadable() == 1
    assert caplog.messages[0].startswith("t-screening.stops: the stop of t-payments-0@3 cannot be read: ")
    assert caplog.messages[1] == "answering, 2 stopped payments wait"


def test_payments_that_went_past_their_time_are_counted_and_stops_of_a_topic_recreated_are_over(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.lost, world.unread = {TOPICS.payments: 3, TOPICS.decisions: 9}, {TOPICS.payments: {0}}
    world.stops = [stop_record(number, f"t-payments-{number}@1", stop_to_json(STOP)) for number in range(2)]
    world.steps = [nothing]
    service = world.service()
    service.run(world.stopping)

    (gate,) = [each[1] for each in world.told if isinstance(each, tuple)]
    assert (gate.stops.get(Place(0, 1)), gate.stops.get(Place(1, 1))) == (None, STOP)
    assert gate.stops.changed == {Place(0, 1): None}
    assert service.metrics.registry.get_sample_value("interdict_answers_forgotten_total") == 4
    assert [message[:12] for message in caplog.messages[:2]] == ["3 records of", "t-payments w"]


def test_a_wait_ends_by_its_time_and_sooner_by_a_word() -> None:
    asked = list[float]()
    began = time.monotonic()

    def stopping() -> bool:
        asked.append(0.0)
        return len(asked) > 1

    _wait(30.0, stopping)

    assert len(asked) == 2
    assert time.monotonic() - began < 10
    _wait(0.0, lambda: pytest.fail("nobody asks when there is nothing to wait for"))
