"""What leaves the gate in one transaction: which topic, which bytes, which answers; and what it reads."""

import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

from screening.answers.originals import Original
from screening.policy.answers import Cause, Course, Reply
from streams.answers import inputs as inputs_module
from streams.answers import outputs
from streams.answers.inputs import Inputs
from streams.answers.moves import Move
from streams.answers.outputs import Outputs, fits
from streams.answers.payments import LONGEST_NAME
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.log import Place, Record
from streams.kafka.provisioning import BrokerError
from streams.kafka.topics import ALL, Topics
from streams.records.answers import Answer, Reference, answer_to_json
from streams.records.stops import Stop, stop_to_json
from tests.streams.answers.made import AT, said

PARTITIONS = {"payments.released": 3, "payments.stopped": 3, "screening.answers": 2, "screening.stops": 1}
RELEASE, STOP = Reply(Course.RELEASE, "ACSP"), Reply(Course.STOP, "PDNG", "AM01")
OWN = (("x", b"1"), ("traceparent", b"00-t"))
RECORD = Record(7, AT, b"K-1", b"payment", dict(OWN), (*OWN, ("interdict.answer.follows", b"a lie")))


class Wire:
    """A producer of transactions; what it is told, and every record."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options, self.log, self.full = options, list[Any](), 0
        self.records: list[tuple[str, int, bytes | None, bytes | None, dict[str, bytes]]] = []

    def list_topics(self, timeout: float) -> Any:
        del timeout
        there = {name: SimpleNamespace(partitions=dict.fromkeys(range(n))) for name, n in PARTITIONS.items()}
        return SimpleNamespace(topics=there)

    def produce(
        self,
        topic: str,
        value: bytes | None,
        key: bytes | None,
        *,
        partition: int,
        headers: Any,
        on_delivery: Any,
    ) -> None:
        assert on_delivery
        if self.full:
            self.full -= 1
            raise BufferError
        self.records.append((topic, partition, key, value, dict(headers)))

    def poll(self, seconds: float) -> None:
        self.log.append(f"poll {seconds}")

    def send_offsets_to_transaction(self, offsets: list[TopicPartition], member: Any, _: float) -> None:
        self.log.append(("offsets", member, [(at.topic, at.partition, at.offset) for at in offsets]))

    def __getattr__(self, name: str) -> Any:
        return lambda *_: self.log.append(name)


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Wire]]:
    made: list[Wire] = []

    def producer(options: dict[str, Any]) -> Wire:
        made.append(Wire(options))
        return made[-1]

    monkeypatch.setattr(outputs, "Producer", producer)
    yield made


def opened(wire: list[Wire], *, pacs002: bool = False) -> tuple[Outputs, Wire]:
    out = Outputs({"bootstrap.servers": "b"}, "g", Topics(), pacs002=pacs002)
    return out, wire[-1]


def move(reply: Reply, *, follows: bool = False, partition: int = 4, decisions: Any = None) -> Move:
    decided = {1: said(7)} if decisions is None else decisions
    return Move(Place(partition, 7), Cause.CLEAR, reply, AT + 60, follows=follows, decisions=decided)


def test_a_gate_is_one_producer_with_a_name_of_its_own(wire: list[Wire]) -> None:
    _, producer = opened(wire)

    assert producer.log == ["init_transactions"]
    told = producer.options
    assert (told["transactional.id"], told["transaction.timeout.ms"]) == ("g.answers", 30_000)
    assert (told["message.max.bytes"], told["enable.idempotence"]) == (16 << 20, True)


def test_without_one_of_its_topics_it_does_not_begin(
    wire: list[Wire], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "tests.streams.answers.test_outputs.PARTITIONS",
        {k: v for k, v in PARTITIONS.items() if k != "screening.stops"},
    )
    with pytest.raises(BrokerError, match=r"^screening\.stops: not there.*INTERDICT_ANSWERS=true"):
        opened(wire)


@pytest.mark.parametrize(
    ("reply", "follows", "topic"),
    [
        (RELEASE, False, "payments.released"),
        (RELEASE, True, "payments.released"),
        (STOP, False, "payments.stopped"),
        (STOP, True, None),  # it stands there already
    ],
)
def test_a_payment_goes_where_its_answer_says_with_its_own_bytes(
    wire: list[Wire], reply: Reply, follows: bool, topic: str | None
) -> None:
    out, producer = opened(wire)
    out.move(move(reply, follows=follows), RECORD, (Reference("P-1"),), AT)

    sent = [each for each in producer.records if each[0] != "screening.answers"]
    assert [(each[0], each[1], each[2], each[3]) for each in sent] == (
        [(topic, 4 % 3, b"K-1", b"payment")] if topic else []
    )
    if topic:
        assert sent[0][4]["x"] == b"1" and (sent[0][4].get("interdict.answer.follows") != b"a lie")
        assert sent[0][4]["interdict.answer.event"] == b"payments-4@7"
    (answer,) = (each for each in producer.records if each[0] == "screening.answers")
    assert (answer[1], answer[2]) == (0, b"P-1")
    assert set(answer[4]) == {"content-type", "traceparent"}


def test_of_a_record_that_is_gone_the_answer_stands_alone(wire: list[Wire]) -> None:
    out, producer = opened(wire)
    out.move(move(STOP), None, (), AT + 9)

    stopped, answer = producer.records
    assert (stopped[2], stopped[3]) == (None, None)
    told = orjson.loads(answer[3] or b"")
    assert told["event"]["timestamp_ms"] == int((AT + 9) * 1000)
    assert (told["payment_id"], told["decision_id"]) == ("P-7", "D-7")


@pytest.mark.parametrize(
    ("references", "decisions", "ids"),
    [
        ((Reference("A"), Reference("B")), {1: said(7, count=2), 2: said(7, number=2, count=2)}, ["A", "B"]),
        ((Reference("A"),), {1: said(7, count=2)}, ["P-7", "K-1"]),  # not as many as decided: by decision
        ((), {}, ["K-1"]),
        ((Reference(""), Reference("B")), {}, ["K-1", "B"]),
        ((), {2: said(7, number=2, count=2)}, ["K-1", "P-7"]),
    ],
)
def test_every_payment_of_a_record_is_answered_by_the_name_that_is_known_of_it(
    wire: list[Wire], references: tuple[Reference, ...], decisions: Any, ids: list[str]
) -> None:
    out, producer = opened(wire)
    out.move(move(RELEASE, decisions=decisions), RECORD, references, AT)

    told = [orjson.loads(each[3] or b"") for each in producer.records if each[0] == "screening.answers"]
    assert [each["payment_id"] for each in told] == ids
    assert len({each["answer_id"] for each in told}) == len(ids)
    assert all("pacs002" not in each for each in told)


def test_a_payment_without_any_name_is_named_by_its_place_and_a_long_name_is_cut(wire: list[Wire]) -> None:
    out, producer = opened(wire)
    out.move(move(RELEASE, decisions={}), RECORD._replace(key=b""), (), AT)
    out.move(move(RELEASE, decisions={}), RECORD._replace(key=b"k" * 5_000), (), AT)

    names = [each[2] or b"" for each in producer.records if each[0] == "screening.answers"]
    assert names == [b"payments-4@7", b"k" * LONGEST_NAME]
    assert producer.records[0][2] is None


def test_a_status_report_names_the_original_of_its_own_transaction(
    wire: list[Wire], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []

    def report(answer: Answer, number: int, named: Reference, decision: str, original: Any) -> bytes:
        made.append(original)
        return answer_to_json(answer, number, named, decision, None)

    monkeypatch.setattr(outputs, "answer_to_json", report)
    known = [Original(transaction_id="a"), Original(transaction_id="b")]
    monkeypatch.setattr(outputs, "originals", lambda raw: known if raw == b"payment" else [])
    out, _ = opened(wire, pacs002=True)
    out.move(move(RELEASE, decisions={}), RECORD, (Reference("A"), Reference("B", uetr="u")), AT)
    assert made == known

    made.clear()
    out.move(move(RELEASE, decisions={}), RECORD, (Reference("A", uetr="u"),) * 3, AT)
    out.move(move(RELEASE, decisions={}), None, (), AT)
    assert made == [Original(uetr="u")] * 3 + [Original()]


def test_a_stop_is_kept_under_its_place_and_taken_out_there(wire: list[Wire]) -> None:
    out, producer = opened(wire)
    stop = Stop(Cause.HOLD, "swift", AT)
    out.keep(Place(4, 7), stop)
    out.keep(Place(4, 7), None)

    assert [each[:4] for each in producer.records] == [
        ("screening.stops", 0, b"payments-4@7", stop_to_json(stop)),
        ("screening.stops", 0, b"payments-4@7", None),
    ]
    assert producer.records[1][4] == {}


def test_what_was_read_is_committed_with_what_was_answered_and_nothing_of_what_was_not(
    wire: list[Wire],
) -> None:
    out, producer = opened(wire)
    out.close()
    out.begin()
    out.move(move(RELEASE), RECORD, (), AT)
    out.commit("member", {"payments": {0: 5, 1: 6}})
    out.close()
    out.begin()
    out.close()
    out.close()

    told = [each for each in producer.log if not str(each).startswith("poll")]
    assert told == [
        "init_transactions",
        "begin_transaction",
        ("offsets", "member", [("payments", 0, 5), ("payments", 1, 6)]),
        "commit_transaction",
        "begin_transaction",
        "abort_transaction",
    ]


def test_a_full_queue_is_waited_for_and_no_record_is_lost(wire: list[Wire]) -> None:
    out, producer = opened(wire)
    producer.full = 3
    out.keep(Place(0, 1), None)

    assert len(producer.records) == 1
    assert producer.log.count("poll 0.1") == 3


@pytest.mark.parametrize(
    ("size", "headers", "fit"),
    [
        ((16 << 20) - (1 << 16) - 3, (), True),
        ((16 << 20) - (1 << 16) - 2, (), False),
        ((16 << 20) - (1 << 16) - 3 - (1 << 20), (("h", b"x" * ((1 << 20) - 1)),), True),
        ((16 << 20) - (1 << 16) - 3, (("h", b"x" * (1 << 20)),), True),  # out of proportion: left out
        ((16 << 20) - (1 << 16) - 5, (("h", b"x"),), True),
        ((16 << 20) - (1 << 16) - 4, (("h", b"x"),), False),
    ],
)
def test_a_payment_fits_its_topic_up_to_its_bound(size: int, headers: Any, fit: bool) -> None:
    assert fits(Record(0, AT, b"key", b"x" * size, dict(headers), headers)) is fit
    assert fits(Record(0, AT, b"key", None, {}, ()))


@pytest.fixture(scope="module")
def broker() -> Iterator[EmbeddedBroker]:
    """Two records in each partition of payments and of decisions."""
    with EmbeddedBroker(dict(Topics().partitions(2, ALL))) as embedded:
        producer = Producer({"bootstrap.servers": embedded.bootstrap})
        for number in range(4):
            for topic in ("payments", "screening.decisions"):
                producer.produce(topic, b"%d" % (number // 2), b"k", partition=number % 2)
        assert producer.flush(10) == 0
        yield embedded


BOTH = ("screening.decisions", "payments")


def taken(inputs: Inputs, least: int, until: Callable[[], bool] = lambda: True) -> list[tuple[str, int, int]]:
    """At least so many records, and what comes in three looks more; a minute is waited for that."""
    found: list[tuple[str, int, int]] = []
    looks, patience = 0, time.monotonic() + 60
    while looks < 3:
        assert time.monotonic() < patience
        inputs.poll(0.1, lambda topic, place, _: found.append((topic, *place)))
        looks += len(found) >= least and until()
    return found


def test_a_group_that_never_answered_begins_where_the_topics_end_or_with_the_oldest(
    broker: EmbeddedBroker,
) -> None:
    client = {"bootstrap.servers": broker.bootstrap}
    with Inputs(client, "new", *BOTH) as inputs:
        assert inputs.fresh
        assert inputs.positions == {topic: {0: 2, 1: 2} for topic in BOTH}
        assert taken(inputs, 0) == []
        assert not inputs.grown()
    with Inputs(client, "new", *BOTH, oldest=True) as inputs:
        assert inputs.positions == {topic: {0: 0, 1: 0} for topic in BOTH}
        assert not inputs.at_end("payments")
        found = taken(inputs, 8, until=lambda: inputs.at_end("payments"))
        assert sorted(found) == [(topic, p, o) for topic in sorted(BOTH) for p in (0, 1) for o in (0, 1)]
        assert inputs.positions == {topic: {0: 2, 1: 2} for topic in BOTH}


def test_a_group_that_answered_goes_on_where_it_stood_though_a_partition_is_new_to_it(
    broker: EmbeddedBroker,
) -> None:
    client = {"bootstrap.servers": broker.bootstrap}
    of_group = Consumer({**client, "group.id": "old.answers"})
    of_group.commit(offsets=[TopicPartition("payments", 0, 1)], asynchronous=False)
    of_group.close()

    with Inputs(client, "old", *BOTH) as inputs:
        assert not inputs.fresh
        assert inputs.positions == {"payments": {0: 1, 1: 0}, "screening.decisions": {0: 0, 1: 0}}


def test_a_group_that_stands_behind_the_end_of_a_partition_is_told(
    broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inputs_module, "LEADER_SECONDS", 0.1)
    client = {"bootstrap.servers": broker.bootstrap}
    of_group = Consumer({**client, "group.id": "beyond.answers"})
    places = [TopicPartition("payments", 0, 3), TopicPartition("payments", 1, 2)]
    of_group.commit(offsets=places, asynchronous=False)
    of_group.close()

    with Inputs(client, "beyond", *BOTH) as inputs:
        assert inputs.beyond == {"payments": {0: 3}}
        with pytest.raises(BrokerError, match="partition 0 ended before what was read of it"):
            taken(inputs, 20)


def test_a_partition_is_held_and_read_on(broker: EmbeddedBroker) -> None:
    with Inputs({"bootstrap.servers": broker.bootstrap}, "held", *BOTH, oldest=True) as inputs:
        for _ in range(2):
            inputs.hold("payments", 0, held=True)
        found = taken(inputs, 6)
        assert ("payments", 1, 1) in found and ("payments", 0, 0) not in found
        for _ in range(2):
            inputs.hold("payments", 0, held=False)
        assert sorted(taken(inputs, 2)) == [("payments", 0, 0), ("payments", 0, 1)]


def test_a_topic_that_is_not_there_is_an_error(broker: EmbeddedBroker) -> None:
    with pytest.raises(KafkaException):
        Inputs(
            {"bootstrap.servers": broker.bootstrap, "allow.auto.create.topics": False}, "g", "no such topic!"
        )
