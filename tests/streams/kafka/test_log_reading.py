"""A topic read as a log: what is read of a span, in which chunks, and what is no record of it."""

import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException, Producer, TopicPartition

from screening.payments.model import HEADERS_LEFT_OUT
from streams.kafka import log as module
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.log import Place, Record, Span, TopicLog, _runs, record_of
from streams.kafka.provisioning import TIMEOUT_SECONDS, BrokerError
from streams.kafka.raw.batches import Entry

COUNT = 30


@pytest.fixture(scope="module")
def client() -> Iterator[dict[str, Any]]:
    """A broker with two partitions: key k0, k1, k2 in turn, values by number, a second apart."""
    with EmbeddedBroker({"t": 2, "empty": 1}) as broker:
        found: dict[str, Any] = {"bootstrap.servers": broker.bootstrap}
        producer = Producer(found)
        for number in range(COUNT):
            key, value = b"k%d" % (number % 3), b"%d" % number
            producer.produce("t", value, key, partition=1, timestamp=1_000_000 + 1000 * number)
        producer.produce("t", None, b"k9", partition=0, timestamp=1, headers={"a": b"1"})
        assert producer.flush(10) == 0
        yield found


def values(records: Iterator[Record]) -> list[int]:
    return [int(record.value or b"-1") for record in records]


@pytest.mark.parametrize(
    ("first", "end"), [(0, COUNT), (0, 1), (3, 7), (COUNT - 1, COUNT), (5, 5), (7, 5), (28, COUNT + 5)]
)
def test_a_span_is_read_from_its_first_record_to_the_one_before_its_end(
    client: dict[str, Any], first: int, end: int
) -> None:
    wanted = list(range(first, min(end, COUNT)))
    with TopicLog(client, "t") as log:
        assert values(log.read(Span(1, first, end))) == wanted
        assert values(log.read_keys(Span(1, first, end), {b"k1", b"k2"})) == [n for n in wanted if n % 3]
        assert values(log.read_all([Span(1, first, end), Span(1, 0, 2)])) == [*wanted, 0, 1]


def test_nothing_is_fetched_on_once_a_span_is_read(
    client: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broker let each question after it wait for the fetch at the partition's end."""
    with TopicLog(client, "t") as log:
        reading = log.read(Span(1, 0, 2))
        next(reading)
        assigned = list[object]()
        monkeypatch.setattr(log._reader, "assign", assigned.append)
        assert values(reading) == [1]

    assert assigned == [{}]


def test_what_a_topic_holds_is_told_by_partition(client: dict[str, Any]) -> None:
    with TopicLog(client, "t") as log:
        assert log.partitions() == [0, 1]
        assert log.spans() == [Span(0, 0, 1), Span(1, 0, COUNT)]
        assert log.embedded
        assert log.spans(since=1_005.0) == log.spans()  # it finds no time, and all it holds is of today
        (record,) = log.read(Span(0, 0, 1))
    assert record == Record(0, 0.001, b"k9", None, {"a": b"1"}, (("a", b"1"),))
    with TopicLog(client, "empty") as log:
        assert log.spans() == [Span(0, 0, 0)]


@pytest.mark.parametrize(
    ("topic", "where"), [("t-payments", ""), ("t-screening.stops", " where INTERDICT_ANSWERS=true")]
)
def test_a_topic_that_is_not_there_is_named_with_what_makes_it(
    topic: str, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`topics create` makes the gate's only where there is one."""
    with TopicLog({"bootstrap.servers": "127.0.0.1:1"}, topic) as log:
        missing = SimpleNamespace(error=KafkaError(KafkaError.UNKNOWN_TOPIC_OR_PART))
        asked: Any = SimpleNamespace(topics={topic: missing})
        monkeypatch.setattr(log, "_ask", lambda _: asked)
        with pytest.raises(BrokerError) as refused:
            log.partitions()

    assert str(refused.value).endswith(f"; `interdict topics create` makes it{where}")


def test_records_are_found_at_their_places_and_those_that_are_not_there_are_left_out(
    client: dict[str, Any],
) -> None:
    places = [Place(1, 4), Place(1, 6), Place(0, 0), Place(1, COUNT + 3), Place(1, 4)]
    with TopicLog(client, "t") as log:
        found = log.read_places(places)

    assert {place: record.value for place, record in found.items()} == {
        Place(1, 4): b"4",
        Place(1, 6): b"6",
        Place(0, 0): None,
    }


def test_a_topic_is_followed_from_where_it_is_told_and_says_when_nothing_is_new(
    client: dict[str, Any],
) -> None:
    with TopicLog(client, "t") as log:
        followed = log.follow(1, COUNT - 2)
        told = [next(followed) for _ in range(8)]

    assert [record.value for record in told if record] == [b"28", b"29"]
    assert told[-1] is None


def test_progress_is_kept_with_its_word_for_a_group(client: dict[str, Any]) -> None:
    with TopicLog(client, "t", "a-group") as log:
        assert log.noted() == {}
        log.note({1: 7}, "word")
        assert log.noted() == {1: (7, "word")}
        log.note({0: 0})
        assert log.noted() == {0: (0, ""), 1: (7, "word")}


def test_neighbours_are_read_in_one_go_and_what_is_far_off_is_jumped_to() -> None:
    at = [Place(0, 10), Place(0, 5010), Place(1, 5011)]

    assert _runs(at) == [Span(0, 10, 5011), Span(1, 5011, 5012)]
    assert _runs([Place(0, 10), Place(0, 5011)]) == [Span(0, 10, 11), Span(0, 5011, 5012)]
    three = [Place(0, 1), Place(0, 100_000), Place(0, 100_001)]
    assert _runs(three) == [Span(0, 1, 2), Span(0, 100_000, 100_002)]
    assert _runs([]) == []


def test_a_span_has_a_length_and_a_last_record() -> None:
    assert [len(Span(0, 3, 7)), len(Span(0, 3, 3)), len(Span(0, 7, 3))] == [4, 0, 0]
    assert [Span(2, 3, 7).last(), Span(2, 3, 3).last()] == [Span(2, 6, 7), Span(2, 3, 3)]


class Timed(TopicLog):
    """A log whose records' times a function of partition and offset gives."""

    def __init__(self, time_of: Any) -> None:
        self._time_of = time_of

    def read(self, span: Span) -> Iterator[Record]:
        for offset in range(span.first, span.end):
            yield Record(offset, self._time_of(span.partition, offset), b"", None, {})


def test_a_partition_is_read_backwards_in_chunks_that_grow() -> None:
    chunks = list(Timed(lambda _, offset: offset).newest_first([Span(0, 7, 40_000), Span(1, 3, 3)]))

    assert [(chunk.span.first, chunk.span.end) for chunk in chunks] == [
        (39_500, 40_000),
        (38_500, 39_500),
        (36_500, 38_500),
        (32_500, 36_500),
        (24_500, 32_500),
        (14_500, 24_500),
        (4_500, 14_500),
        (7, 4_500),
    ]
    assert [record.offset for record in chunks[0].records[:2]] == [39_999, 39_998]
    assert [chunk.span for chunk in Timed(lambda *_: 0.0).newest_first([Span(0, 0, 500)])] == [
        Span(0, 0, 500)
    ]
    assert len(list(Timed(lambda *_: 0.0).newest_first([Span(0, 0, 501)]))) == 2


def test_the_partition_with_the_newest_left_comes_next() -> None:
    """Partition 1 is a day behind partition 0, but for its newest chunk, which each gives first."""
    log = Timed(lambda partition, offset: offset - 86_400.0 * partition)

    chunks = list(log.newest_first([Span(1, 0, 1_000), Span(0, 0, 2_000)]))
    assert [(chunk.span.partition, chunk.span.end) for chunk in chunks] == [
        (0, 2_000),
        (1, 1_000),
        (0, 1_500),
        (0, 500),
        (1, 500),
    ]


class Asked(TopicLog):
    """Asks a question that fails with these errors, then is answered; sleeps by a clock of its own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *errors: KafkaError) -> None:
        self.topic, self.errors, self.now = "t", list(errors), 0.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)
        monkeypatch.setattr(time, "sleep", self._sleep)

    def _sleep(self, seconds: float) -> None:
        self.now += seconds

    def answer(self) -> int:
        if self.errors:
            raise KafkaException(self.errors.pop(0))
        return 7


def test_a_question_is_asked_again_while_a_leader_or_coordinator_is_being_chosen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    passing = (
        KafkaError.NOT_LEADER_FOR_PARTITION,
        KafkaError.LEADER_NOT_AVAILABLE,
        KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
        KafkaError.COORDINATOR_NOT_AVAILABLE,
        KafkaError.NOT_COORDINATOR,
    )
    log = Asked(monkeypatch, *map(KafkaError, passing))
    assert log._ask(log.answer) == 7

    for refused in (KafkaError.TOPIC_AUTHORIZATION_FAILED, KafkaError.UNKNOWN_TOPIC_OR_PART):
        log = Asked(monkeypatch, KafkaError(refused))
        with pytest.raises(BrokerError, match=r"^t: .*; is the broker up, and may we read the topic\?"):
            log._ask(log.answer)
    log = Asked(monkeypatch, KafkaError(KafkaError._TRANSPORT, "x", False, True))
    assert log._ask(log.answer) == 7  # what the client itself calls retriable


def test_a_question_about_no_topic_is_refused_with_the_name_of_the_broker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log = Asked(monkeypatch, KafkaError(KafkaError.CLUSTER_AUTHORIZATION_FAILED))
    log.topic, log._bootstrap = "", "b:9092"

    with pytest.raises(BrokerError, match=r"^b:9092: Broker: .*; is the broker up"):
        log._ask(log.answer)


def test_a_question_is_given_up_when_nobody_answers_for_a_quarter_of_a_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log = Asked(monkeypatch, *[KafkaError(KafkaError.NOT_COORDINATOR)] * 1000)

    with pytest.raises(BrokerError):
        log._ask(log.answer)
    assert 15 < log.now < 15.3


@pytest.mark.parametrize(
    ("group", "named"), [(None, "interdict-reader"), ("", "interdict-reader"), ("g", "g")]
)
def test_a_log_joins_no_group_and_commits_nothing_by_itself(
    monkeypatch: pytest.MonkeyPatch, group: str | None, named: str
) -> None:
    made = list[dict[str, Any]]()
    monkeypatch.setattr(module, "Consumer", made.append)
    read = list[Any]()
    monkeypatch.setattr(module, "Reader", lambda *given: read.append(given))
    TopicLog({"bootstrap.servers": "b:1"}, "t", group, read_ahead_kib=64_000)

    assert made == [
        {
            "bootstrap.servers": "b:1",
            "client.id": named,
            "group.id": named,
            "enable.auto.commit": False,
            "log_level": 2,
        }
    ]
    assert read == [({"bootstrap.servers": "b:1"}, named, 16 << 20, 100)]
    TopicLog({}, "t")
    assert read[1][2] == 2 << 20


@pytest.mark.parametrize("word", ["", "20"])
def test_progress_is_kept_before_anything_else_is_done(word: str) -> None:
    kept = list[Any]()

    class Consumer:
        def commit(self, *, offsets: list[Any], asynchronous: bool) -> None:
            kept.extend((at.topic, at.partition, at.offset, at.metadata or "") for at in offsets)
            assert not asynchronous

    log: Any = object.__new__(TopicLog)
    log.topic, log._consumer = "t", Consumer()
    log.note({0: 5, 3: 7}, word)

    assert kept == [("t", 0, 5, word), ("t", 3, 7, word)]


def test_what_the_broker_refuses_ends_the_reading_and_names_the_topic() -> None:
    class Refused:
        def assign(self, *_: Any) -> None: ...

        def poll(self, *_: Any) -> None:
            raise KafkaException(KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED))

    log: Any = object.__new__(TopicLog)
    log.topic, log._reader = "t", Refused()
    with pytest.raises(BrokerError, match=r"^t: Broker: Topic authorization failed"):
        next(log.read(Span(0, 0, 1)))


def test_a_record_that_lacks_key_headers_or_value_has_empty_ones() -> None:
    bare = Entry(5, 1.5, None, None, [])
    full = Entry(5, 1.5, b"k", b"v", [("a", b"1"), ("a", None)])
    named = Entry(5, 1.5, b"k", b"v", [("a", b"1"), ("\udcff", b"2")])
    other = Entry(5, 1.5, b"k", b"v", [("ä", b"1")])

    assert record_of(bare) == Record(5, 1.5, b"", None, {}, ())
    assert record_of(full) == Record(5, 1.5, b"k", b"v", {"a": None}, (("a", b"1"), ("a", None)))
    assert record_of(other).pairs == (("ä", b"1"),)
    assert record_of(named).pairs == ((HEADERS_LEFT_OUT, b""),)


@pytest.mark.parametrize("way", ["read", "read_keys"])
def test_records_that_are_said_to_be_there_and_do_not_come_are_an_error(
    monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(module, "SILENT_SECONDS", 0.3)
    more: Any = () if way == "read" else ({b"k"},)
    with (
        TopicLog({"bootstrap.servers": "127.0.0.1:1"}, "t") as log,
        pytest.raises(BrokerError, match="t: no answer for 0 s; is the broker up"),
    ):
        list(getattr(log, way)(Span(0, 0, 1), *more))


class Silent:
    """A reader that is sent so much, and then nothing, by a clock that each look moves on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *sent: Entry) -> None:
        self.sent, self.now, self.most = list(sent), 0.0, list[int]()
        self.assigned = list[Any]()
        monkeypatch.setattr(time, "monotonic", lambda: self.now)

    def assign(self, firsts: Any, ends: Any = None) -> None:
        self.assigned.append((firsts, ends))

    def poll(self, most: int, seconds: float) -> list[Any]:
        assert seconds == 0.2
        self.now += 10.0
        self.most.append(most)
        return [(("t", 1), self.sent.pop(0))] if self.sent else []


@pytest.mark.parametrize("keys", [None, {b"k"}])
def test_records_that_are_there_and_are_not_sent_are_an_error_after_half_a_minute(
    monkeypatch: pytest.MonkeyPatch, keys: Any
) -> None:
    log: Any = object.__new__(TopicLog)
    log.topic = "t"
    sent = [Entry(offset, 1.0, b"k", b"", []) for offset in (5, 6)]
    log._reader = reader = Silent(monkeypatch, *sent)
    span, read = Span(1, 5, 9_000), list[int]()
    with pytest.raises(BrokerError, match=r"^t: no answer for 30 s; is the broker up\?$"):
        for record in log.read_keys(span, keys) if keys else log.read(span):
            read.append(record.offset)

    assert read == [5, 6]
    assert reader.assigned == [({("t", 1): 5}, {("t", 1): 9_000}), ({}, None)]
    assert reader.most == [10_000 if keys else 1_000] * (2 + 4)


def test_a_chunk_has_no_more_bytes_than_it_may_and_at_least_one_record(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Five hundred records of 60 MB each can be packed into 3 MB."""
    monkeypatch.setattr(module, "LARGEST_CHUNK_BYTES", 100)

    class Large(Timed):
        def read(self, span: Span) -> Iterator[Record]:
            for offset in range(span.first, span.end):
                yield Record(offset, 0.0, b"", bytes(60 if offset != 3 else 500), {})

    chunks = list(Large(None).newest_first([Span(0, 0, 5)]))
    assert [[record.offset for record in chunk.records] for chunk in chunks] == [[4], [3], [2], [1], [0]]
    assert all(len(chunk.records) == len(chunk.span) for chunk in chunks)


def test_a_moment_is_asked_for_in_milliseconds_and_what_no_record_is_so_new_for_is_the_end() -> None:
    asked: list[Any] = []

    class Consumer:
        def offsets_for_times(self, times: list[Any], timeout: float) -> list[Any]:
            asked.append(([(at.topic, at.partition, at.offset) for at in times], timeout))
            return [TopicPartition("t", 0, 7), TopicPartition("t", 1, -1), TopicPartition("t", 2, 0)]

    log: Any = object.__new__(TopicLog)
    log.topic, log._consumer = "t", Consumer()

    found = log._offsets_at(1_700_000_000.1239, [Span(0, 3, 9), Span(1, 0, 5), Span(2, 0, 4)])

    assert found == {0: 7, 1: 5, 2: 0}
    assert asked == [([("t", place, 1_700_000_000_123) for place in range(3)], TIMEOUT_SECONDS)]
