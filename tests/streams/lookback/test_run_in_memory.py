"""What a lookback looks at, in which order, where it goes on, and what it hands to be alerted; in memory."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from screening import Policy, decode_payment
from screening.cases.dispositions import Disposition, SuppressionRules, Verdict
from screening.fingerprints import designation_fingerprint
from streams.kafka.topics import Topics
from streams.lists.log import ListLog
from streams.lookback import run
from streams.lookback.run import LookbackRun, Report, unwatched
from streams.records.json import disposition_to_json
from tests.streams.lists.written import written
from tests.streams.past import PETROV, VERSOR, event
from tests.streams.topics_in_memory import LogInMemory, TopicsInMemory

CLIENT = {"bootstrap.servers": "b:1"}
TOPICS = Topics("t-")
NOW = time.time()


class Looking:
    """Topics in memory, and what was alerted."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.topics, self.alerted = TopicsInMemory(), list[Any]()
        self.topics.stand_in(monkeypatch)
        self.listed = ListLog(Policy())
        for record in written([], [PETROV, VERSOR]):
            self.listed.apply(record)
        alerted = self.alerted

        class Alerts:
            def __init__(self, *given: Any) -> None:
                assert given == (CLIENT, TOPICS, b"secret")

            def __enter__(self) -> "Alerts":
                return self

            def __exit__(self, *error: object) -> None:
                alerted.append("closed")

            def alert(self, payment: Any, decision: Any, event: Any, original: Any) -> None:
                hits = [hit.designation.id for hit in decision.hits]
                alerted.append((payment.id, hits, event.offset, original and original.decision_id))

            def delivered(self) -> None:
                alerted.append("delivered")

        monkeypatch.setattr(run, "LookbackAlerts", Alerts)

    def pay(self, payment_id: str, creditor: str, seconds_ago: float) -> None:
        self.topics.put(TOPICS.payments, payment_id, event(payment_id, creditor), NOW - seconds_ago)

    def run(self, *changed: str, progress: Callable[[Report], None] = unwatched, **own: Any) -> LookbackRun:
        more: Any = {"since": NOW - 3_600, "group": "g", "key": b"secret", **own}
        made = LookbackRun(
            CLIENT, TOPICS, self.listed, changed or [VERSOR.id, "ofac:9"], progress=progress, **more
        )
        made.run()
        return made


@pytest.fixture
def looking(monkeypatch: pytest.MonkeyPatch) -> Looking:
    return Looking(monkeypatch)


def test_payments_of_the_window_are_looked_at_newest_first_and_alerted_with_what_let_them_pass(
    looking: Looking,
) -> None:
    looking.pay("P-0", "Versor s.r.o.", 3_601)
    looking.pay("P-1", "Versor s.r.o.", 3_599)
    looking.pay("P-2", "Acme", 100)
    looking.topics.put(TOPICS.payments, "P-3", b"no payment", NOW - 50)
    looking.pay("P-4", "Versor s.r.o.", 10)
    looking.pay("P-5", "Igor Petrov", 5)  # listed as before
    decided = {
        "payment_id": "P-1",
        "decision_id": "D-1",
        "outcome": "clear",
        "screened_at": "2026-01-01T00:00:00+00:00",
        "trigger": "payment",
    }
    looking.topics.put(TOPICS.decisions, "P-1", orjson.dumps(decided), NOW - 3_598)
    heard = list[tuple[int, int, int]]()
    made = looking.run(progress=lambda told: heard.append((told.planned, told.payments, told.alerts)))

    assert looking.alerted == [
        ("P-4", [VERSOR.id], 4, None),
        ("P-1", [VERSOR.id], 1, "D-1"),
        *("delivered", "closed"),
    ]
    report = made.report
    assert (report.designations, report.planned, report.payments, report.alerts) == (1, 5, 5, 2)
    assert (report.unreadable, report.resumed) == (1, False)
    assert heard == [(5, 0, 0), (5, 5, 2)]
    assert 0 <= report.seconds < 30


def test_what_anybody_alerted_of_a_payment_is_no_news(looking: Looking) -> None:
    looking.pay("P-1", "Versor s.r.o.", 100)
    known = {"role": "creditor", "path": "/parties/0/name", "designation": {"id": VERSOR.id}, "alert_id": "a"}
    alert = {"payment_id": "P-1", "hits": [known]}
    looking.topics.put(TOPICS.alerts, "P-1", orjson.dumps(alert), NOW - 90)
    made = looking.run()

    assert (looking.alerted, made.report.alerts, made.report.payments) == (["closed"], 0, 1)


def noted(looking: Looking, made: LookbackRun) -> dict[int, tuple[int, str]]:
    return looking.topics.noted[made._group, TOPICS.payments]


def test_one_that_was_broken_off_goes_on_below_what_it_has_looked_at(looking: Looking) -> None:
    for number in range(4):
        looking.pay(f"P-{number}", "Versor s.r.o.", 100 - number)
    first = looking.run()
    assert noted(looking, first) == {0: (4, "done")}
    looking.alerted.clear()
    looking.topics.noted[first._group, TOPICS.payments] = {0: (2, "4")}
    second = looking.run()

    assert second.report.resumed and not first.report.resumed
    assert [each[0] for each in looking.alerted if isinstance(each, tuple)] == ["P-1", "P-0"]
    assert (second.report.planned, noted(looking, second)) == (2, {0: (4, "done")})
    looking.alerted.clear()
    assert looking.run().report.payments == 4  # one that is done is done again from its end


def test_how_far_it_is_is_noted_after_each_chunk_is_delivered(
    looking: Looking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.kafka.log.FIRST_CHUNK", 2)
    notes = list[Any]()

    def note(_: LogInMemory, offsets: Any, word: str = "") -> None:
        notes.append((dict(offsets), word, len(looking.alerted)))

    monkeypatch.setattr(LogInMemory, "note", note)
    for number in range(3):
        looking.pay(f"P-{number}", "Versor s.r.o.", 100 - number)
    looking.run()

    assert notes == [({0: 1}, "3", 3), ({0: 0}, "3", 5), ({0: 3}, "done", 5)]


def test_a_lookback_is_named_by_what_changed_and_where_it_was_written(looking: Looking) -> None:
    names = {looking.run(*changed)._group for changed in ((VERSOR.id,), (PETROV.id,), (VERSOR.id, PETROV.id))}
    assert len(names) == 3 and all(name.startswith("g.lookback.") for name in names)
    assert looking.run(PETROV.id, VERSOR.id)._group == looking.run(VERSOR.id, PETROV.id)._group
    before = looking.run(VERSOR.id)._group
    for record in written([PETROV, VERSOR], [VERSOR]):
        looking.listed.apply(record._replace(offset=record.offset + 4))
    assert looking.run(VERSOR.id, PETROV.id).report.designations == 1  # the other is listed no more
    assert looking.run(VERSOR.id)._group == before  # and this one was not written again


@pytest.mark.parametrize(
    ("rules", "alerts"), [(None, 0), (SuppressionRules(), 0), (SuppressionRules(True), 1)]
)
def test_what_a_person_found_false_is_no_alert_by_the_rules_that_are_given(
    looking: Looking, rules: SuppressionRules | None, alerts: int
) -> None:
    looking.pay("P-1", "Versor s.r.o.", 100)
    (payment,) = decode_payment(event("P-1", "Versor s.r.o."))
    (hit,) = looking.listed.screener.screen(payment).hits
    until = datetime.fromtimestamp(NOW + 99_999, UTC)
    marks = (hit.fingerprint, VERSOR.id, designation_fingerprint(VERSOR))
    given = Disposition(*marks, Verdict.FALSE_POSITIVE, "ann", "why", until)
    looking.topics.put(TOPICS.dispositions, given.key, disposition_to_json(given), NOW - 10)

    assert looking.run(VERSOR.id, rules=rules).report.alerts == alerts
