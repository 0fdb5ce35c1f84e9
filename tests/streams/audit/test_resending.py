"""Which dead letters are sent again, in which transactions, and what is counted; topics in memory."""

import logging
from collections.abc import Mapping
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException

from streams.audit import dead_letters
from streams.audit.dead_letters import Replayed, Wanted, find, replay
from streams.kafka.provisioning import BrokerError
from streams.kafka.topics import Topics
from streams.records.headers import LEFT_OUT
from tests.streams.topics_in_memory import TopicsInMemory

CLIENT = {"bootstrap.servers": "b:1"}
TOPICS = Topics("t-")
ERROR = "interdict.error."


class Producing:
    """A producer with transactions: what was committed, and where it fails."""

    def __init__(self) -> None:
        self.options: Mapping[str, Any] = {}
        self.did: list[Any] = []
        self.fails_at, self.code = "", KafkaError._TIMED_OUT

    def __call__(self, options: Mapping[str, Any], logger: Any) -> "Producing":
        assert not logger.isEnabledFor(logging.CRITICAL)
        self.options = options
        return self

    def init_transactions(self, seconds: float) -> None:
        self._do("init", seconds)

    def begin_transaction(self) -> None:
        self._do("begin")

    def commit_transaction(self, seconds: float) -> None:
        self._do("commit", seconds)

    def produce(self, topic: str, value: Any, key: Any, **more: Any) -> None:
        names = [name for name, _ in more.pop("headers")]
        self._do(topic, value, key, names, *more.items())

    def _do(self, *what: Any) -> None:
        self.did.append(what)
        if what[0] == self.fails_at:
            raise KafkaException(KafkaError(self.code))


class World:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.topics, self.producer, self.embedded = TopicsInMemory(), Producing(), False
        self.topics.stand_in(monkeypatch)
        monkeypatch.setattr(dead_letters, "Producer", self.producer)
        in_memory: Any = vars(dead_letters)["TopicLog"]
        monkeypatch.setattr(in_memory.func, "embedded", property(lambda _: self.embedded))

    def letter(self, number: int, value: bytes | None = b"{", at: float = 0.0, **more: str) -> None:
        error = {"topic": "t-payments", "partition": "0", "offset": str(number), "code": "not_json", **more}
        headers = [("x", b"1"), *((ERROR + name, text.encode()) for name, text in error.items())]
        self.topics.put(TOPICS.dead_letters, f"K-{number}", value, at, headers)

    def replay(self, **more: Any) -> Replayed:
        return replay(CLIENT, TOPICS, "g", Wanted(), "ann", "why", **more)

    def sent(self) -> list[Any]:
        return [each for each in self.producer.did if each[0].startswith("t-")]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    return World(monkeypatch)


def test_each_message_goes_with_its_note_in_one_transaction_and_so_many_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dead_letters, "AT_ONCE", 2)
    for number in range(3):
        world.letter(number, b"{%d" % number)
    world.letter(0, b"{0")  # a worker that was killed wrote it twice
    heard = list[Any]()
    done = world.replay(progress=lambda *told: heard.append(told))

    assert (done.sent, done.known, done.gone, heard) == (3, 0, [], [(2, 3), (3, 3)])
    assert [each[0] for each in world.producer.did] == [
        *("init", "begin", *(TOPICS.payments, TOPICS.dead_letters) * 2, "commit"),
        *("begin", TOPICS.payments, TOPICS.dead_letters, "commit"),
    ]
    payment, note = world.sent()[:2]
    assert payment[1:3] == (b"{0", b"K-0")
    assert payment[3][0] == "x" and ERROR + "code" not in payment[3]
    assert note[1:3] == (None, b"K-0") and note[4:] == (("partition", 0),)
    assert payment[3][1:] == note[3] and all(name.startswith("interdict.replay.") for name in note[3])
    assert world.producer.options["transactional.id"] == "g.dead-letters"
    assert world.producer.options["transaction.timeout.ms"] == 60_000
    assert world.producer.options["enable.idempotence"] is True


def test_what_was_sent_before_is_known_and_what_is_gone_is_not_counted_as_sent(world: World) -> None:
    world.letter(0)
    event = [("interdict.replay.event", b"t-payments-0@0")]
    again = [(f"interdict.replay.{name}", b"x") for name in ("of", "by", "why", "at")]
    world.topics.put(TOPICS.dead_letters, "K-0", None, 0.0, [*event, *again])
    world.letter(1, None, value_left_out="true")
    world.letter(2, None, value_left_out="true")
    world.topics.put("t-payments", "K-0", b"first")
    world.topics.put("t-payments", "K-1", b"large")
    done = world.replay()

    assert (done.sent, done.known, [each.event for each in done.gone]) == (1, 1, ["t-payments-0@2"])
    assert [each[:3] for each in world.sent()] == [
        (TOPICS.payments, b"large", b"K-1"),
        (TOPICS.dead_letters, None, b"K-1"),
    ]


def test_what_is_found_keeps_no_bytes_of_messages_and_so_many_as_fit_into_memory_go_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch of 20 KB unpacks to a message of 64 MiB: `list` and `replay` were killed before their first."""
    monkeypatch.setattr(dead_letters, "MOST_BYTES", 100)
    for number, size in enumerate((40, 40, 40, 300, 10)):
        world.letter(number, b"{" * size)

    for letter in find(CLIENT, TOPICS, Wanted()).letters:
        assert (letter.record.value, letter.record.pairs, letter.record.headers) == (None, (), {})
        assert letter.size and all(name.startswith(ERROR) for name, _ in letter.headers)
    assert world.replay().sent == 5
    groups = "".join(" " if each[0] == "begin" else "." for each in world.producer.did).split()
    assert [len(each) // 2 for each in groups[1:]] == [2, 1, 1, 1]
    assert [len(each[1]) for each in world.sent() if each[0] == TOPICS.payments] == [40, 40, 40, 300, 10]


def test_one_whose_batch_was_not_unpacked_is_sent_from_where_it_stood_or_named(world: World) -> None:
    """A payment without a value was sent for it, and was said to be sent again."""
    for number in (0, 1):
        error = {"topic": "t-payments", "partition": "0", "offset": str(number), "code": "too_large"}
        headers = [(LEFT_OUT, b"67108864"), *((ERROR + name, text.encode()) for name, text in error.items())]
        world.topics.put(TOPICS.dead_letters, f"K-{number}", None, 0.0, headers)
    world.topics.put("t-payments", "K-0", b"{large")
    done = world.replay()

    assert (done.sent, [each.event for each in done.gone]) == (1, ["t-payments-0@1"])
    (payment, _) = world.sent()
    assert payment[1] == b"{large" and LEFT_OUT not in payment[3]


def test_one_that_retention_took_meanwhile_is_gone_and_nothing_is_sent_for_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.letter(0)
    in_memory: Any = vars(dead_letters)["TopicLog"]
    monkeypatch.setattr(in_memory.func, "read_places", lambda *_: {})
    done = world.replay()

    assert (done.sent, [each.event for each in done.gone], world.sent()) == (0, ["t-payments-0@0"], [])


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), [0, 1, 2]),
        (Wanted(since=10.0), [1, 2]),
        (Wanted(until=20.0), [0, 1]),
        (Wanted(since=10.0, until=20.0), [1]),
        (Wanted(reasons=frozenset({"wrong_type"})), [1, 2]),
        (Wanted(keys=frozenset({b"K-0", b"K-2"})), [0, 2]),
        (Wanted(reasons=frozenset({"wrong_type"}), keys=frozenset({b"K-0"})), []),
    ],
)
def test_letters_are_found_by_time_reason_and_key(world: World, wanted: Wanted, found: list[int]) -> None:
    for number, code in enumerate(("not_json", "wrong_type", "wrong_type")):
        world.letter(number, at=10.0 * number, code=code)
    world.topics.put(TOPICS.dead_letters, "somebody", b"else's", 15.0)

    letters = find(CLIENT, TOPICS, wanted).letters
    assert [letter.event for letter in letters] == [f"t-payments-0@{number}" for number in found]


@pytest.mark.parametrize("fails_at", ["init", "begin", "t-payments", "commit"])
def test_what_the_broker_refuses_is_said_with_its_topic(world: World, fails_at: str) -> None:
    world.letter(0)
    world.producer.fails_at = fails_at

    with pytest.raises(BrokerError, match=r"^t-payments: "):
        world.replay()
    world.producer.code = KafkaError._FENCED
    with pytest.raises(BrokerError, match=r"^another replay was started and goes on"):
        world.replay()


def test_the_embedded_broker_is_refused(world: World) -> None:
    world.embedded = True

    with pytest.raises(BrokerError, match=r"^the embedded broker knows no transactions; replay on a Kafka"):
        world.replay()
    assert world.producer.did == []
