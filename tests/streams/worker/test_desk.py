"""The screening desk: what a batch leads to, and what must never happen to a message."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from faust.types import Message

from screening import Designation, Screener
from screening.cases.dispositions import Disposition, Verdict
from screening.decisions import ListState
from screening.judge import Judged, judged
from screening.payments import Payment, PaymentProblem
from screening.payments.mapping_file import read_mappings
from screening.policy.rules import ClearRule, Policy, StrippingRule
from streams.console.feed import Feed
from streams.faust_internals.batches import Batch
from streams.kafka.topics import Topics
from streams.worker.budget import Budget
from streams.worker.desk import TURN_SECONDS, ScreeningDesk
from streams.worker.metrics import Metrics
from streams.worker.replicas.turns import Turn
from streams.worker.results import Decided, Publication, Refused, Screened
from tests.streams.list_topic import designation
from tests.streams.turns import turns_of_others

TOPICS = Topics("t.")
PATIENCE_SECONDS = 10.0
PAYMENT: dict[str, Any] = {"id": "P-1", "parties": [{"role": "creditor", "name": "Versor s.r.o."}]}


@dataclass
class Outbox:
    """Keeps what would go to Kafka; refuses delivery when told to."""

    sent: list[tuple[str, bytes | None, bytes | None, dict[str, bytes]]] = field(default_factory=list)
    refuses: bool = False
    delivered_count: int = 0

    def send(
        self, topic: str, key: bytes | None, value: bytes | None, headers: list[Any], alert: object = None
    ) -> None:
        del alert
        self.sent.append((topic, key, value, dict(headers)))

    keep = send

    async def dispatched(self) -> Awaitable[None]:
        return self._delivered()

    async def _delivered(self) -> None:
        if self.refuses:
            raise RuntimeError("the broker refused a record")
        self.delivered_count += 1

    def to(self, topic: str) -> list[dict[str, Any]]:
        return [orjson.loads(value or b"null") for name, _, value, _ in self.sent if name == topic]


class Complete:
    async def wait(self) -> None: ...


@dataclass
class Barrier:
    """The list topic ends where the test says."""

    end: int = 0

    async def list_end(self) -> int:
        return self.end


@dataclass
class Replica:
    """A replica that is complete and holds Versor."""

    screener: Screener = field(default_factory=Screener)
    complete: Complete = field(default_factory=Complete)
    coming: list[Designation] = field(default_factory=list)
    """On the topic, not applied here yet."""

    def ends_before(self, end: int, read_to: int) -> bool:
        return end < read_to

    async def reached(self, offset: int) -> None:
        for late in self.coming:
            self.screener.upsert(late)
        self.screener.lists = ListState({}, {0: offset})


@pytest.fixture
def desk() -> ScreeningDesk:
    replica: Any = Replica()
    replica.screener.upsert(designation("44521", "VERSOR S.R.O."))
    outbox: Any = Outbox()
    barrier: Any = Barrier()
    metrics = Metrics(process=False)
    return ScreeningDesk(replica, barrier, Publication(outbox, TOPICS, metrics, Feed()), metrics)


def message(
    value: bytes | None, *, key: bytes = b"k", headers: list[tuple[str, bytes]] | None = None
) -> Message:
    return Message(
        "t.payments",
        3,
        7,
        timestamp=1692178200.0,
        timestamp_type=0,
        headers=headers,
        key=key,
        value=value,
        checksum=None,
    )


def false_positive(hit: dict[str, Any]) -> Disposition:
    """What a case system says of a hit of an alert."""
    return Disposition(
        hit["fingerprint"],
        hit["designation"]["id"],
        hit["designation"]["fingerprint"],
        Verdict.FALSE_POSITIVE,
        by="m.novak",
        reason="another Versor",
        until=datetime(2100, 1, 1, tzinfo=UTC),
    )


def batch(messages: Sequence[Message], acknowledged: list[Message]) -> Batch:
    events: Any = [SimpleNamespace(message=each, ack=partial(acknowledged.append, each)) for each in messages]
    return Batch(events)


async def decide(desk: ScreeningDesk, messages: Sequence[Message]) -> None:
    """One batch, from taken to acknowledged."""
    acknowledged = list[Message]()

    async def batches() -> AsyncIterator[Batch]:
        yield batch(messages, acknowledged)

    await desk.work(batches())
    assert acknowledged == messages


async def test_a_hit_is_a_decision_and_an_alert_with_the_same_ids(desk: ScreeningDesk) -> None:
    outbox: Any = desk.publication.outbox

    await decide(desk, [message(orjson.dumps(PAYMENT))])

    (decision,), (alert,) = outbox.to(TOPICS.decisions), outbox.to(TOPICS.alerts)
    assert decision["outcome"] == "hit"
    assert 0 < decision["latency_ms"] == alert["latency_ms"] < 900
    assert decision["decision_id"] == alert["decision_id"]
    assert decision["hits"][0]["alert_id"] == alert["hits"][0]["alert_id"]
    assert alert["payment"]["id"] == "P-1"


async def test_a_repeated_delivery_carries_the_same_ids(desk: ScreeningDesk) -> None:
    outbox: Any = desk.publication.outbox

    await decide(desk, [message(orjson.dumps(PAYMENT))])
    await decide(desk, [message(orjson.dumps(PAYMENT))])

    first, second = outbox.to(TOPICS.decisions)
    assert first["decision_id"] == second["decision_id"]
    assert first["hits"][0]["alert_id"] == second["hits"][0]["alert_id"]


async def test_a_clear_payment_is_a_decision_and_no_alert(desk: ScreeningDesk) -> None:
    outbox: Any = desk.publication.outbox

    await decide(desk, [message(b'{"id": "P-2", "parties": [{"name": "Acme Trading"}]}')])

    assert [decision["outcome"] for decision in outbox.to(TOPICS.decisions)] == ["clear"]
    assert outbox.to(TOPICS.alerts) == []


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (None, PaymentProblem.EMPTY),
        (b"\xff\xfe\x00", PaymentProblem.NOT_UTF8),
        (b"{", PaymentProblem.NOT_JSON),
        (b'{"parties": [{"name": "A"}]}', PaymentProblem.MISSING_ID),
        (b'{"id": "P-3"}', PaymentProblem.NO_PARTIES),
    ],
)
async def test_what_cannot_be_read_is_a_dead_letter_with_its_bytes_and_an_error_decision(
    desk: ScreeningDesk, value: bytes | None, problem: PaymentProblem
) -> None:
    outbox: Any = desk.publication.outbox

    await decide(desk, [message(value, key=b"P-key"), message(orjson.dumps(PAYMENT))])

    ((topic, key, raw, headers), *_) = outbox.sent
    assert (topic, key, raw) == (TOPICS.dead_letters, b"P-key", value)
    assert headers["interdict.error.code"] == problem.encode()
    assert headers["interdict.error.topic"] == b"t.payments"
    assert (headers["interdict.error.partition"], headers["interdict.error.offset"]) == (b"3", b"7")
    assert headers["interdict.error.timestamp"] == b"1692178200000"
    assert [decision["outcome"] for decision in outbox.to(TOPICS.decisions)] == ["error", "hit"]


async def test_a_tombstone_of_a_payment_is_not_that_payment_s_decision(desk: ScreeningDesk) -> None:
    outbox: Any = desk.publication.outbox

    await decide(desk, [message(None, key=b"P-1"), message(b"  ", key=b"P-1")])

    decisions = outbox.to(TOPICS.decisions)
    assert [decision["outcome"] for decision in decisions] == ["error", "error"]
    assert [decision["payment_id"] for decision in decisions] == ["t.payments-3-7", "t.payments-3-7"]


async def test_a_payment_refused_alone_is_an_error_and_one_dead_letter_while_the_others_are_decided(
    desk: ScreeningDesk,
) -> None:
    outbox: Any = desk.publication.outbox
    one = "{1:F01ABCDGB2LAXXX0000000000}{2:I103TATRSKBXXXXXN}{4:\n:20:R%s\n:32A:230817USD%s\n:59:%s\n-}"
    text = one % (1, "1,", "VERSOR TRADING S.R.O.") + one % (2, "1.5", "ANN") + one % (3, "2.5", "BO")

    await decide(desk, [message(text.encode())])

    (headers,) = [headers for topic, _, _, headers in outbox.sent if topic == TOPICS.dead_letters]
    assert headers["interdict.error.code"] == PaymentProblem.BAD_AMOUNT.encode()
    assert b"1 more" in headers["interdict.error.message"]
    decisions = outbox.to(TOPICS.decisions)
    assert [decision["outcome"] for decision in decisions] == ["hit", "error", "error"]
    assert [decision["payment_id"] for decision in decisions] == [f"ABCDGB2L/R{n}" for n in (1, 2, 3)]


async def test_a_defect_in_the_screener_is_a_dead_letter_too_and_the_stream_goes_on(
    desk: ScreeningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    outbox: Any = desk.publication.outbox
    monkeypatch.setattr(Screener, "screen", fails)

    await decide(desk, [message(orjson.dumps(PAYMENT))])

    assert [decision["outcome"] for decision in outbox.to(TOPICS.decisions)] == ["error"]
    assert outbox.sent[0][3]["interdict.error.code"] == b"internal"


async def test_memory_that_runs_out_ends_the_worker_and_is_not_held_against_the_payment(
    desk: ScreeningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise MemoryError

    outbox: Any = desk.publication.outbox
    monkeypatch.setattr(Screener, "screen", fails)

    with pytest.raises(ExceptionGroup) as raised:
        await decide(desk, [message(orjson.dumps(PAYMENT))])

    assert raised.group_contains(MemoryError)
    assert outbox.sent == []


async def test_a_record_the_broker_refuses_is_an_error_of_the_batch(desk: ScreeningDesk) -> None:
    outbox: Any = desk.publication.outbox
    outbox.refuses = True

    with pytest.RaisesGroup(pytest.RaisesExc(RuntimeError, match="refused")):
        await decide(desk, [message(orjson.dumps(PAYMENT))])


async def test_what_is_refused_ends_the_work_although_no_more_payments_come(desk: ScreeningDesk) -> None:
    outbox: Any = desk.publication.outbox
    outbox.refuses = True
    acknowledged = list[Message]()

    async def batches() -> AsyncIterator[Batch]:
        yield batch([message(orjson.dumps(PAYMENT))], acknowledged)
        await asyncio.Event().wait()

    with pytest.RaisesGroup(RuntimeError):
        async with asyncio.timeout(PATIENCE_SECONDS):
            await desk.work(batches())
    assert acknowledged == []


async def test_a_batch_is_decided_while_the_one_before_is_delivered_and_sent_after_that_is_acknowledged(
    desk: ScreeningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened, acknowledged, is_there = list[str](), list[Message](), asyncio.Event()

    async def batches() -> AsyncIterator[Batch]:
        for _ in range(2):
            yield batch([message(orjson.dumps(PAYMENT))], acknowledged)

    async def list_end() -> int:
        happened.append("asks")
        return 0

    def parties_screened(*_: int) -> None:
        """The second is screened wholly: from here on nothing but the wait for the first lets it go on."""
        if happened.count("asks") == 2:
            is_there.set()

    async def dispatched() -> Awaitable[None]:
        happened.append(f"sends after {len(acknowledged)}")
        return delivered()

    async def delivered() -> None:
        await is_there.wait()

    monkeypatch.setattr(desk.barrier, "list_end", list_end)
    monkeypatch.setattr(desk.metrics, "parties_screened", parties_screened)
    monkeypatch.setattr(desk.publication.outbox, "dispatched", dispatched)
    async with asyncio.timeout(PATIENCE_SECONDS):
        await desk.work(batches())

    assert happened == ["asks", "sends after 0", "asks", "sends after 1"]
    assert len(acknowledged) == 2


async def test_a_batch_that_waited_is_sent_with_what_was_designated_while_it_did(
    desk: ScreeningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox: Any = desk.publication.outbox
    replica: Any = desk.replica
    replica.coming = [designation("1", "Ashot MKRTYCHEV")]
    screened = asyncio.Event()
    payment = b'{"id": "P-5", "parties": [{"role": "creditor", "name": "Ashot Mkrtychev"}]}'

    async def batches() -> AsyncIterator[Batch]:
        for _ in range(2):
            yield batch([message(payment)], [])

    def parties_screened(*_: int) -> None:
        if outbox.sent:
            screened.set()

    async def delivered() -> None:
        await screened.wait()
        await replica.reached(12)

    monkeypatch.setattr(desk.metrics, "parties_screened", parties_screened)
    monkeypatch.setattr(outbox, "_delivered", delivered)
    async with asyncio.timeout(PATIENCE_SECONDS):
        await desk.work(batches())

    decisions = outbox.to(TOPICS.decisions)
    assert [decision["outcome"] for decision in decisions] == ["clear", "hit"]
    assert [decision["list"]["offsets"] for decision in decisions] == [{}, {"0": 12}]


async def test_a_batch_that_waited_is_not_clear_by_a_disposition_that_was_withdrawn_while_it_did(
    desk: ScreeningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox: Any = desk.publication.outbox
    await decide(desk, [message(orjson.dumps(PAYMENT))])
    given = false_positive(outbox.to(TOPICS.alerts)[0]["hits"][0])
    desk.dispositions.put(given)
    screened = asyncio.Event()

    async def batches() -> AsyncIterator[Batch]:
        for _ in range(2):
            yield batch([message(orjson.dumps(PAYMENT))], [])

    def parties_screened(*_: int) -> None:
        if len(outbox.to(TOPICS.decisions)) > 1:
            screened.set()

    async def delivered() -> None:
        await screened.wait()
        desk.dispositions.remove(given.key)

    monkeypatch.setattr(desk.metrics, "parties_screened", parties_screened)
    monkeypatch.setattr(outbox, "_delivered", delivered)
    async with asyncio.timeout(PATIENCE_SECONDS):
        await desk.work(batches())

    outcomes = [decision["outcome"] for decision in outbox.to(TOPICS.decisions)]
    assert outcomes == ["hit", "clear", "hit"]


async def test_the_trace_context_goes_on_with_decision_and_alert(desk: ScreeningDesk) -> None:
    outbox: Any = desk.publication.outbox
    trace = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    await decide(desk, [message(orjson.dumps(PAYMENT), headers=[("traceparent", trace)])])

    assert [headers["traceparent"] for _, _, _, headers in outbox.sent] == [trace, trace]


async def test_a_verdict_older_than_the_list_topic_is_taken_anew_before_anybody_hears_of_it(
    desk: ScreeningDesk,
) -> None:
    outbox: Any = desk.publication.outbox
    barrier: Any = desk.barrier
    replica: Any = desk.replica
    barrier.end = 12
    replica.coming = [designation("1", "Ashot MKRTYCHEV")]
    payment = b'{"id": "P-5", "parties": [{"role": "creditor", "name": "Ashot Mkrtychev"}]}'

    await decide(desk, [message(payment), message(orjson.dumps(PAYMENT))])

    decisions = outbox.to(TOPICS.decisions)
    assert [decision["outcome"] for decision in decisions] == ["hit", "hit"]
    assert [decision["list"]["offsets"] for decision in decisions] == [{"0": 12}, {"0": 12}]


async def test_a_topic_that_ends_before_what_was_read_of_it_is_read_anew_before_anybody_hears_of_a_decision(
    desk: ScreeningDesk,
) -> None:
    outbox: Any = desk.publication.outbox
    barrier: Any = desk.barrier
    replica: Any = desk.replica
    replica.screener.lists = ListState({}, {0: 500})
    replica.coming = [designation("1", "Ashot MKRTYCHEV")]
    barrier.end = 3

    await decide(
        desk, [message(b'{"id": "P-5", "parties": [{"role": "creditor", "name": "Ashot Mkrtychev"}]}')]
    )

    (decision,) = outbox.to(TOPICS.decisions)
    assert (decision["outcome"], decision["list"]["offsets"]) == ("hit", {"0": 3})


async def test_a_decision_names_the_event_it_is_about(desk: ScreeningDesk) -> None:
    outbox: Any = desk.publication.outbox

    await decide(desk, [message(orjson.dumps(PAYMENT)), message(b"{")])

    where = {"topic": "t.payments", "partition": 3, "offset": 7, "timestamp_ms": 1692178200000}
    assert [decision["event"] for decision in outbox.to(TOPICS.decisions)] == [where, where]
    assert outbox.to(TOPICS.alerts)[0]["event"] == where


async def test_an_alert_on_a_known_pair_is_linked_to_the_first(desk: ScreeningDesk) -> None:
    outbox: Any = desk.publication.outbox
    await decide(desk, [message(orjson.dumps(PAYMENT))])
    (first,) = outbox.to(TOPICS.alerts)
    assert "repeats" not in first
    hit = first["hits"][0]
    desk.publication.pairs.note(hit["alert_id"], hit["fingerprint"], hit["designation"]["id"], at=1.0)

    await decide(desk, [message(orjson.dumps(PAYMENT | {"id": "P-2"}))])

    second = outbox.to(TOPICS.alerts)[1]
    linked = {"first_alert_id": hit["alert_id"], "number": 2}
    assert second["repeats"] == {second["hits"][0]["alert_id"]: linked}


async def test_a_payment_that_was_stopped_and_comes_back_altered_in_one_batch_is_a_hit(
    desk: ScreeningDesk,
) -> None:
    outbox: Any = desk.publication.outbox
    first = PAYMENT | {"amount": "10", "currency": "EUR"}
    payer = {"role": "debtor", "name": "Acme", "account": "GB1"}
    first["parties"] = [payer, {"role": "creditor", "name": "Versor s.r.o.", "account": "SK1"}]
    again = first | {"id": "P-2", "parties": [payer, {"role": "creditor", "name": "Vrs", "account": "SK1"}]}

    await decide(desk, [message(orjson.dumps(first)), message(orjson.dumps(again))])

    told = outbox.to(TOPICS.alerts)
    assert [alert["hits"][0]["reason"] for alert in told] == ["name", "stripping"]
    assert told[1]["hits"][0]["stopped"]["alert_id"] == told[0]["hits"][0]["alert_id"]
    labels = {"change": "altered"}
    assert desk.metrics.registry.get_sample_value("interdict_resubmissions_total", labels) == 1


async def test_what_the_policy_switches_off_is_not_looked_for(desk: ScreeningDesk) -> None:
    outbox: Any = desk.publication.outbox
    desk.replica.screener.policy = Policy(stripping=StrippingRule(apply=False))
    payer = {"role": "debtor", "name": "Acme"}
    first = {"id": "P-1", "amount": "10", "currency": "EUR", "parties": [payer, *PAYMENT["parties"]]}

    await decide(
        desk, [message(orjson.dumps(first)), message(orjson.dumps(first | {"id": "P-2", "parties": [payer]}))]
    )

    assert [decision["outcome"] for decision in outbox.to(TOPICS.decisions)] == ["hit", "clear"]


async def test_a_policy_that_leaves_out_clear_decisions_still_publishes_hits_errors_and_what_was_suppressed(
    desk: ScreeningDesk,
) -> None:
    outbox: Any = desk.publication.outbox
    await decide(desk, [message(orjson.dumps(PAYMENT))])
    hit = outbox.to(TOPICS.alerts)[0]["hits"][0]
    desk.replica.screener.policy = Policy(clear=ClearRule(published=False))
    clear = {"id": "P-2", "parties": [{"name": "Acme Trading"}]}

    await decide(desk, [message(each) for each in (orjson.dumps(clear), b"{", orjson.dumps(PAYMENT))])
    desk.dispositions.put(false_positive(hit))
    await decide(desk, [message(orjson.dumps(PAYMENT))])

    told = [decision["outcome"] for decision in outbox.to(TOPICS.decisions)]
    assert told == ["hit", "error", "hit", "clear"]
    assert outbox.to(TOPICS.decisions)[-1]["suppressed"]
    counted = {"format": "json", "outcome": "clear"}
    assert desk.metrics.registry.get_sample_value("interdict_payments_total", counted) == 2


async def test_an_ignored_event_is_no_payment_but_counted_and_acknowledged(desk: ScreeningDesk) -> None:
    mapping = '[[mapping]]\nname = "no payments"\nwhen = "$.type == \'invoice\'"\nignore = true\n'
    replica: Any = desk.replica
    replica.screener = Screener(Policy(mappings=read_mappings(mapping)))
    outbox: Any = desk.publication.outbox

    await decide(desk, [message(b'{"type": "invoice", "id": "I-1"}')])

    assert (outbox.sent, outbox.delivered_count, desk.decided) == ([], 1, 1)
    counted = desk.metrics.registry.get_sample_value(
        "interdict_ignored_events_total", {"mapping": "no payments"}
    )
    assert counted == 1


async def test_a_payment_beyond_a_limit_is_an_error_and_a_dead_letter_and_the_next_one_is_decided(
    desk: ScreeningDesk,
) -> None:
    outbox: Any = desk.publication.outbox
    too_long = {**PAYMENT, "id": "P-2", "remittance": "spare parts " * 5_000}

    await decide(desk, [message(orjson.dumps(too_long)), message(orjson.dumps(PAYMENT))])

    first, second = outbox.to(TOPICS.decisions)
    assert (first["payment_id"], first["outcome"], first["hits"]) == ("P-2", "error", [])
    assert second["outcome"] == "hit"
    ((value, headers),) = [
        (value, headers) for topic, _, value, headers in outbox.sent if topic == TOPICS.dead_letters
    ]
    assert value == orjson.dumps(too_long)
    assert headers["interdict.error.code"] == b"too_large"
    assert b"characters" in headers["interdict.error.message"]


async def test_a_payment_that_takes_too_long_is_an_error_and_a_dead_letter_and_the_next_one_is_decided(
    desk: ScreeningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(payment: Payment, *rest: Any) -> Judged:
        while payment.id == "slow":
            pass
        return judged(payment, *rest)

    monkeypatch.setattr("streams.worker.desk.judged", slow)
    desk.budget = Budget(0.05)
    desk.budget.start()
    outbox: Any = desk.publication.outbox

    await decide(desk, [message(orjson.dumps({**PAYMENT, "id": "slow"})), message(orjson.dumps(PAYMENT))])
    desk.budget.stop()

    first, second = outbox.to(TOPICS.decisions)
    assert (first["payment_id"], first["outcome"]) == ("slow", "error")
    assert first["error"].startswith("too_slow: it took more than 0.05 s")
    assert second["outcome"] == "hit"
    codes = [
        headers["interdict.error.code"] for topic, *_, headers in outbox.sent if topic == TOPICS.dead_letters
    ]
    assert codes == [b"too_slow"]


TRANSFER = "{1:F01ABCDGB2LAXXX0000000000}{2:I103TATRSKBXXXXXN}{4:\n:20:R%s\n:32A:230817USD1,\n:59:ANN\n-}"


def takes(seconds: float) -> Callable[..., Judged]:
    """A payment that takes so much CPU time."""

    def slow(*given: Any) -> Judged:
        began = time.thread_time()
        while time.thread_time() - began < seconds:
            pass
        return judged(*given)

    return slow


async def test_payments_that_take_the_time_of_their_whole_message_leave_the_others_of_it_undecided(
    desk: ScreeningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.worker.desk.judged", takes(0.06))
    desk.budget = Budget(0.02)
    outbox: Any = desk.publication.outbox

    file = "".join(TRANSFER % number for number in range(7))
    await decide(desk, [message(file.encode()), message(orjson.dumps(PAYMENT))])

    *of_file, last = outbox.to(TOPICS.decisions)
    assert [each["outcome"] for each in of_file] == ["clear"] * 4 + ["error"] * 3
    assert of_file[4]["error"].startswith(
        "too_slow: what stands before it in its message took more than 0.2 s"
    )
    assert last["outcome"] == "hit"
    codes = [
        headers["interdict.error.code"] for topic, *_, headers in outbox.sent if topic == TOPICS.dead_letters
    ]
    assert codes == [b"too_slow"]


async def test_the_list_and_the_heartbeats_have_their_turn_between_the_payments_of_one_message(
    desk: ScreeningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.worker.desk.judged", takes(TURN_SECONDS))
    async with turns_of_others() as turns:
        await desk.answer([message("".join(TRANSFER % number for number in range(8)).encode())])

    assert turns() > 8


async def test_the_list_and_the_heartbeats_have_their_turn_while_thousands_of_hits_of_one_file_are_written(
    desk: ScreeningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.worker.replicas.turns.APPLY_SLICE_SECONDS", 0.0)
    file = "".join(TRANSFER % number for number in range(8)).replace("ANN", "VERSOR S.R.O.")
    (result,) = await desk.answer([message(file.encode())])
    outbox: Any = desk.publication.outbox
    async with turns_of_others() as turns:
        assert await desk.publication.publish(result, desk.replica.screener, 0.0, Turn()) == 8

    assert turns() >= 8
    assert len(outbox.to(TOPICS.alerts)) == 8


async def test_of_a_batch_that_takes_long_what_is_decided_is_acknowledged_before_the_rest(
    desk: ScreeningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.worker.desk.judged", takes(0.03))
    monkeypatch.setattr("streams.worker.desk.BATCH_SECONDS", 0.05)
    outbox: Any = desk.publication.outbox
    acknowledged = list[Message]()
    messages = [message(orjson.dumps({**PAYMENT, "id": f"P{number}"})) for number in range(5)]
    at_each = []

    async def dispatched() -> Any:
        at_each.append(len(outbox.to(TOPICS.decisions)))
        return await Outbox.dispatched(outbox)

    monkeypatch.setattr(outbox, "dispatched", dispatched)

    async def batches() -> AsyncIterator[Batch]:
        yield batch(messages, acknowledged)

    await desk.work(batches())

    assert at_each[-1] == 5 and len(at_each) > 1
    assert acknowledged == messages
    assert [each["payment_id"] for each in outbox.to(TOPICS.decisions)] == [f"P{n}" for n in range(5)]


@pytest.mark.parametrize(
    "name", ["traceparent", "tracestate", "content-type", "ce_id", "interdict.replay.of"]
)
async def test_a_header_without_a_value_stops_no_worker(desk: ScreeningDesk, name: str) -> None:
    headers: Any = [(name, None)]

    await decide(
        desk, [message(orjson.dumps(PAYMENT), headers=headers), message(b"no payment", headers=headers)]
    )

    assert desk.decided == 2


def test_of_a_message_that_is_refused_the_decision_that_says_so_is_its_only_one() -> None:
    given: list[Any] = [object(), object(), object()]
    first, second, refused = given
    made: Any = {"message": None, "list_offset": 0}
    nothing: Any = None
    both: Any = [Decided(nothing, each, nothing, nothing) for each in (first, second)]
    why: Any = Refused(nothing, refused, nothing)

    assert Screened(**made, decided=both).decisions == [first, second]
    assert Screened(**made, decided=both, refused=why).decisions == [refused]
    assert Screened(**made).decisions == []
