"""What a batch leads to beside its decisions: samples, parts, ids and the trace that goes on."""

import time
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from screening.decisions import Outcome
from screening.payments import PaymentError, PaymentProblem
from streams.records.headers import LEFT_OUT, PART
from streams.records.json import Origin
from streams.worker import desk as module
from streams.worker.desk import ScreeningDesk, _check_whole, _fallback_id, _trace_id
from streams.worker.results import origin
from tests.streams.worker.test_desk import PAYMENT, TOPICS, decide, desk, message

__all__ = ["desk"]
HIT, CLEAR = orjson.dumps(PAYMENT), b'{"id": "P-2", "parties": [{"name": "Acme"}]}'
TRACE = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def sample(desk: ScreeningDesk, name: str, **labels: str) -> float:
    return desk.metrics.registry.get_sample_value(f"interdict_{name}", labels) or 0.0


async def test_a_batch_is_counted_with_what_it_came_to(
    desk: ScreeningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    now: Any = SimpleNamespace(
        **{name: getattr(time, name) for name in ("monotonic", "perf_counter", "thread_time", "time_ns")}
    )
    now.time = lambda: 1692178200.0 + 3
    monkeypatch.setattr(module, "time", now)
    await decide(desk, [message(HIT), message(CLEAR), message(b"{")])

    assert (sample(desk, "batch_payments_sum"), sample(desk, "payment_wait_seconds_sum")) == (3, 3)
    assert sample(desk, "end_to_end_seconds_count") == 3
    assert 0 < sample(desk, "end_to_end_seconds_sum") < 60
    assert sample(desk, "screening_seconds_count") == 2
    assert sample(desk, "parties_total", remembered="no") == 2
    assert sample(desk, "hits_total", list="ofac", role="creditor", action="hold") == 1
    assert sample(desk, "payments_total", format="json", outcome="hit") == 1
    assert sample(desk, "payments_total", format="json", outcome="clear") == 1
    assert sample(desk, "payments_total", format="other", outcome="error") == 1
    assert sample(desk, "dead_letters_total", reason="not_json") == 1
    assert desk.decided == 3
    assert desk.idle.is_set()


async def test_who_watches_is_told_of_each_decision_and_of_the_alert(desk: ScreeningDesk) -> None:
    told: list[Any] = []
    feed: Any = desk.publication.feed
    feed.decided = lambda outcome, seconds: told.append((outcome, 0 < seconds < 60))
    feed.alert = lambda raw: told.append(orjson.loads(raw)["payment_id"])
    await decide(desk, [message(HIT), message(CLEAR), message(b"{")])

    assert told == ["P-1", (Outcome.HIT, True), (Outcome.CLEAR, True), (Outcome.ERROR, True)]


async def test_each_decision_says_which_payment_of_its_record_it_is_about(desk: ScreeningDesk) -> None:
    outbox: Any = desk.publication.outbox
    await decide(desk, [message(HIT), message(b"{")])

    parts = [headers.get(PART) for name, _, _, headers in outbox.sent if name == TOPICS.decisions]
    assert parts == [b"1/1", b"1/1"]


async def test_a_batch_that_fails_leaves_the_desk_idle_and_is_not_counted(desk: ScreeningDesk) -> None:
    outbox: Any = desk.publication.outbox
    outbox.refuses = True
    with pytest.RaisesGroup(RuntimeError):
        await decide(desk, [message(CLEAR)])

    assert desk.idle.is_set() and desk.decided == 0
    assert sample(desk, "end_to_end_seconds_count") == 0


async def test_a_result_taken_again_is_counted_each_time_it_is(desk: ScreeningDesk) -> None:
    barrier: Any = desk.barrier
    barrier.end = 9
    await decide(desk, [message(CLEAR), message(HIT)])

    assert sample(desk, "decided_again_total") == 2
    assert desk.replica.screener.lists.offsets == {0: 9}


async def test_an_answer_is_as_fresh_as_a_workers_and_publishes_nothing(desk: ScreeningDesk) -> None:
    outbox: Any = desk.publication.outbox
    barrier: Any = desk.barrier
    barrier.end = 9
    (result,) = await desk.answer([message(HIT)])

    assert [each.outcome for each in result.decisions] == [Outcome.HIT]
    assert result.list_offset == 9
    assert outbox.sent == []


def test_an_event_is_found_again_by_its_place_and_time() -> None:
    assert origin(message(HIT)) == Origin("t.payments", 3, 7, 1_692_178_200_000)


@pytest.mark.parametrize(
    ("traceparent", "trace_id"),
    [
        (TRACE, "0af7651916cd43dd8448eb211c80319c"),
        (b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331", None),
        (TRACE + b"-more", None),
        (b"", None),
    ],
)
def test_the_trace_of_a_payment_is_the_second_part_of_its_header(
    traceparent: bytes, trace_id: str | None
) -> None:
    assert _trace_id(message(HIT, headers=[("other", TRACE), ("traceparent", traceparent)])) == trace_id
    assert _trace_id(message(HIT)) is None


@pytest.mark.parametrize(
    ("key", "problem", "name"),
    [
        (b"K", PaymentProblem.NOT_JSON, "K"),
        (b"", PaymentProblem.NOT_JSON, "t.payments-3-7"),
        (b"K", PaymentProblem.EMPTY, "t.payments-3-7"),
        (b"\xff", PaymentProblem.NOT_JSON, "\ufffd"),
    ],
)
def test_a_payment_whose_id_cannot_be_read_is_named_by_its_key_or_its_place(
    key: bytes, problem: PaymentProblem, name: str
) -> None:
    assert _fallback_id(message(None, key=key), problem) == name


def test_a_record_whose_batch_was_too_large_says_how_much_it_may_hold() -> None:
    _check_whole(message(None))
    _check_whole(message(HIT, headers=[(LEFT_OUT, b"7")]))
    with pytest.raises(PaymentError, match="its batch holds more than 7 bytes uncompressed") as refused:
        _check_whole(message(None, headers=[(LEFT_OUT, b"7")]))
    assert refused.value.problem is PaymentProblem.TOO_LARGE
