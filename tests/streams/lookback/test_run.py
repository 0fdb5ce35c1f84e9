"""A lookback on a real Kafka: what is alerted, in which order, once, and after a kill."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from screening import Name, Policy
from screening.cases.dispositions import Disposition, Verdict
from screening.designations import Designation, Link
from streams.kafka.log import TopicLog
from streams.lists.log import IncompleteListError, read_list
from streams.lookback.follow import Follower
from streams.lookback.run import LookbackRun, OnProgress, Report, unwatched
from streams.records.json import disposition_to_json
from tests.kafka.topics import delete_records
from tests.streams.past import PETROV, VERSOR, Past, event, holding
from tests.test_schemas import errors

pytestmark = pytest.mark.kafka

PATIENCE_SECONDS = 30.0
HOUR = 3600.0


def look_back(past: Past, *changed: str, progress: OnProgress = unwatched) -> Report:
    listed = read_list(past.client, past.topics.designations, Policy())
    return LookbackRun(
        past.client,
        past.topics,
        listed,
        changed or listed.written,
        since=time.time() - 24 * HOUR,
        group=past.topics.prefix,
        progress=progress,
    ).run()


@pytest.fixture
def past(kafka: str, topic_prefix: str) -> Past:
    return Past(kafka, topic_prefix)


def cleared(past: Past, payment_id: str, creditor: str, hours_ago: float, **more: Any) -> None:
    """A payment that a worker decided before the designation."""
    raw = event(payment_id, creditor, **more)
    past.pay(raw, seconds_ago=hours_ago * HOUR)
    past.decide(raw, holding(PETROV), seconds_ago=hours_ago * HOUR - 1, partition=past.partitions - 1)


def test_three_payments_to_versor_are_alerted_newest_first_once_versor_is_designated(
    kafka: str, topic_prefix: str
) -> None:
    past = Past(kafka, topic_prefix, partitions=1)
    past.publish(PETROV)
    cleared(past, "P-1", "Versor s.r.o.", hours_ago=20, status="settled")
    cleared(past, "P-2", "VERSOR, S R O", hours_ago=10, status="ACSP")
    cleared(past, "P-3", "Acme Trading", hours_ago=5)
    cleared(past, "P-4", "Versor s.r.o.", hours_ago=1, status="pending")
    past.written()
    past.publish(PETROV, VERSOR)

    report = look_back(past, VERSOR.id)

    assert (report.payments, report.alerts, report.resumed) == (4, 3, False)
    alerts = past.alerts()
    assert [(alert["payment_id"], alert["stoppable"]) for alert in alerts] == [
        ("P-4", True),
        ("P-2", None),
        ("P-1", False),
    ]
    for alert in alerts:
        assert (alert["trigger"], alert["outcome"], alert["original"]["outcome"]) == (
            "lookback",
            "hit",
            "clear",
        )
        assert alert["original"]["screened_at"] < alert["screened_at"]
        assert [hit["designation"]["id"] for hit in alert["hits"]] == [VERSOR.id]
        assert alert["list"]["ofac"]["entries"] == 2
        assert errors("alert", alert) == []
    assert [alert["event"]["offset"] for alert in alerts] == [3, 1, 0]


def test_payments_that_retention_took_from_the_window_are_told(kafka: str, topic_prefix: str) -> None:
    """With a retention shorter than the window it ended as if it had looked at all of them."""
    past = Past(kafka, topic_prefix, partitions=1)
    for number, hours in enumerate((20, 10, 1)):
        cleared(past, f"P-{number}", "Versor s.r.o.", hours_ago=hours)
    past.written()
    past.publish(VERSOR)
    assert look_back(past).gone_before == ""

    delete_records(kafka, {(past.topics.payments, 0): 1})
    with TopicLog(past.client, past.topics.payments) as log:
        oldest = next(log.read(log.first_span())).time
        assert log.gone_before(time.time() - 15 * HOUR) == oldest
        assert log.gone_before(oldest + 60) is None
    assert look_back(past).gone_before == datetime.fromtimestamp(oldest, UTC).isoformat(timespec="seconds")

    delete_records(kafka, {(past.topics.payments, 0): 3})
    assert look_back(past).gone_before >= datetime.now(UTC).isoformat(timespec="minutes")[:13]


def test_what_a_worker_alerted_is_not_alerted_again(past: Past) -> None:
    raw = event("P-1", "Versor s.r.o.")
    past.pay(raw, seconds_ago=HOUR)
    past.decide(raw, holding(VERSOR), seconds_ago=HOUR)
    past.written()
    past.publish(VERSOR)

    assert look_back(past).alerts == 0
    assert [alert["trigger"] for alert in past.alerts()] == ["payment"]


def test_a_second_lookback_alerts_nothing_new(past: Past) -> None:
    cleared(past, "P-1", "Versor s.r.o.", hours_ago=1)
    past.written()
    past.publish(PETROV, VERSOR)

    assert [look_back(past).alerts, look_back(past).alerts] == [1, 0]
    assert len(past.alerts()) == 1


def test_a_name_that_grew_is_looked_back_upon(past: Past) -> None:
    past.publish(VERSOR)
    cleared(past, "P-1", "Blue Harbour Logistics", hours_ago=1)
    past.written()
    past.publish(Designation(VERSOR.id, (*VERSOR.names, Name("Blue Harbour Logistics"))))

    assert look_back(past).alerts == 1


def test_older_payments_than_the_window_are_left_alone(past: Past) -> None:
    cleared(past, "P-1", "Versor s.r.o.", hours_ago=25)
    past.written()
    past.publish(PETROV, VERSOR)

    assert look_back(past).payments == 0


def test_a_message_that_is_no_payment_is_counted_and_the_others_are_looked_at(past: Past) -> None:
    past.pay(b"no payment", seconds_ago=HOUR, key="X")
    cleared(past, "P-1", "Versor s.r.o.", hours_ago=2)
    past.written()
    past.publish(PETROV, VERSOR)

    report = look_back(past)

    assert (report.unreadable, report.alerts) == (1, 1)


def test_a_payment_whose_decision_is_not_there_is_alerted_without_it(past: Past) -> None:
    past.pay(event("P-1", "Versor s.r.o."), seconds_ago=HOUR)
    past.written()
    past.publish(VERSOR)

    look_back(past)

    assert [alert["original"] for alert in past.alerts()] == [None]


def test_a_list_that_was_never_committed_is_not_looked_back_with(past: Past) -> None:
    with pytest.raises(IncompleteListError, match="no list was committed"):
        look_back(past)


def command(past: Past, *flags: str) -> list[str]:
    broker = past.client["bootstrap.servers"]
    given = ["--broker", broker, "--prefix", past.topics.prefix, "--group", past.topics.prefix]
    return [sys.executable, "-m", "streams", "lookback", *given, "--json", *flags]


def test_killed_half_way_it_resumes_and_nothing_is_lost(past: Past) -> None:
    hits = 0
    for number in range(12_000):
        creditor = "Versor s.r.o." if number % 50 == 0 else f"Acme {number}"
        hits += number % 50 == 0
        past.pay(event(f"P-{number}", creditor), seconds_ago=12_000 - number, partition=number % 3)
    past.written()
    past.publish(VERSOR)
    quick = {**os.environ, "INTERDICT_LIST_SILENCE_SECONDS": "0.1"}

    first = subprocess.Popen(command(past), env=quick, stdout=subprocess.DEVNULL)
    until(lambda: len(past.alerts()) > hits // 10)
    first.send_signal(signal.SIGKILL)
    first.wait()
    stopped_at = len(past.alerts())
    second = subprocess.run(command(past), env=quick, capture_output=True, text=True, check=True)

    report = json.loads(second.stdout)
    assert stopped_at < hits
    assert report["resumed"]
    assert report["payments"] < 12_000
    alerted = [alert["payment_id"] for alert in past.alerts()]
    assert sorted(set(alerted)) == sorted(f"P-{number}" for number in range(0, 12_000, 50))


def test_an_unknown_designation_is_a_usage_error(past: Past) -> None:
    past.publish(VERSOR)

    told = subprocess.run(command(past, "--designation", "ofac:404"), capture_output=True, text=True)

    assert told.returncode == 2
    assert "ofac:404" in told.stderr


def test_following_ends_in_order_when_it_is_told_to(past: Past) -> None:
    past.publish(VERSOR)
    follower = subprocess.Popen(command(past, "--follow"), stdout=subprocess.DEVNULL)
    until(lambda: bool(list(past.records(past.topics.history))))

    follower.send_signal(signal.SIGTERM)

    assert follower.wait(PATIENCE_SECONDS) == 0


@contextmanager
def following(past: Past, policy: Policy | None = None) -> Iterator[list[Report]]:
    """A follower in the background, and the reports of its lookbacks."""
    stop, reports = threading.Event(), list[Report]()
    follower = Follower(
        past.client,
        past.topics,
        policy or Policy(),
        window_seconds=24 * HOUR,
        group=past.topics.prefix,
        done=reports.append,
    )
    thread = threading.Thread(target=follower.run, args=(stop.is_set,))
    thread.start()
    try:
        yield reports
    finally:
        stop.set()
        thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()


def follows(past: Past) -> bool:
    """The follower has noted where it began: what is published from now on is news to it."""
    with TopicLog(past.client, past.topics.designations, f"{past.topics.prefix}.lookback") as log:
        return 0 in log.noted()


def until(condition: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.05)


def test_a_publication_is_looked_back_upon_by_itself_also_when_it_came_while_nobody_followed(
    past: Past,
) -> None:
    past.publish(PETROV)
    cleared(past, "P-1", "Versor s.r.o.", hours_ago=1)
    cleared(past, "P-2", "Blue Harbour Logistics", hours_ago=1)
    past.written()
    with following(past) as reports:
        until(lambda: follows(past))  # its first start: what is on the list now is not looked back upon
        past.publish(PETROV, VERSOR)
        until(lambda: len(reports) == 1)
    harbour = Designation("ofac:2", (Name("Blue Harbour Logistics"),))
    past.publish(PETROV, VERSOR, harbour)

    with following(past) as later:
        until(lambda: len(later) == 1)

    assert (reports[0].designations, reports[0].alerts) == (1, 1)
    assert (later[0].designations, later[0].alerts) == (1, 1)
    assert sorted(alert["payment_id"] for alert in past.alerts()) == ["P-1", "P-2"]


def test_it_waits_for_nobody_and_leaves_what_comes_while_it_runs_to_the_workers(past: Past) -> None:
    cleared(past, "P-1", "Versor s.r.o.", hours_ago=1)
    past.publish(PETROV, VERSOR)
    past.written()

    def comes_now(report: Report) -> None:
        if not report.payments:  # planned, and nothing looked at yet
            past.pay(event("P-2", "Versor s.r.o."), seconds_ago=0)
            past.written()

    report = look_back(past, VERSOR.id, progress=comes_now)

    assert [alert["payment_id"] for alert in past.alerts()] == ["P-1"]
    assert (report.planned, report.payments) == (1, 1)


def test_an_alert_is_told_of_the_amendment_and_the_delisting_of_its_designation(past: Past) -> None:
    past.publish(PETROV, VERSOR)
    past.decide(event("P-1", "Versor s.r.o."), holding(VERSOR), seconds_ago=HOUR)
    past.written()
    with following(past):
        until(lambda: follows(past))
        past.publish(PETROV, replace(VERSOR, programs=("RUSSIA-EO14024",)))
        until(lambda: len(past.alerts()) == 2)
        past.publish(PETROV)
        until(lambda: len(past.alerts()) == 3)

    told = [(alert["hits"][0]["alert_id"], alert.get("update", {}).get("what")) for alert in past.alerts()]
    assert len({alert_id for alert_id, _ in told}) == 1
    assert {what for _, what in told} == {None, "amended", "delisted"}


def test_an_alert_is_told_of_the_withdrawal_of_its_whole_list(past: Past) -> None:
    past.publish(PETROV, VERSOR)
    past.decide(event("P-1", "Versor s.r.o."), holding(VERSOR), seconds_ago=HOUR)
    past.written()
    with following(past):
        until(lambda: follows(past))
        past.withdraw("ofac")
        until(lambda: len(past.alerts()) == 2)

    assert [alert["update"]["what"] for alert in past.alerts() if "update" in alert] == ["delisted"]


def test_an_alert_is_told_that_a_verdict_closed_it(past: Past) -> None:
    past.publish(PETROV, VERSOR)
    past.decide(event("P-1", "Versor s.r.o."), holding(VERSOR), seconds_ago=HOUR)
    past.written()
    (hit,) = past.alerts()[0]["hits"]
    verdict = Disposition(
        fingerprint=hit["fingerprint"],
        designation_id=VERSOR.id,
        designation_fingerprint=hit["designation"]["fingerprint"],
        verdict=Verdict.TRUE_POSITIVE,
        by="m.novak",
        reason="the account is theirs",
        until=datetime(2100, 1, 1, tzinfo=UTC),
    )
    with following(past):
        until(lambda: follows(past))
        past.send(past.topics.dispositions, verdict.key, disposition_to_json(verdict), 0, 0)
        past.written()
        until(lambda: len(past.alerts()) == 2)

    assert [alert["update"]["state"] for alert in past.alerts() if "update" in alert] == ["closed"]


def test_a_company_that_a_new_designation_makes_owned_is_looked_back_upon(past: Past) -> None:
    owner = Link("VERSOR S.R.O.", "owned_by", VERSOR.id, 60.0)
    company = Designation("book:1", (Name("Danubia Machine Tools"),), links=(owner,))
    past.publish(PETROV)
    past.publish_book(company)
    cleared(past, "P-1", "Danubia Machine Tools", hours_ago=1)
    past.written()
    with following(past, Policy(party_books=frozenset({"book"}))) as reports:
        until(lambda: follows(past))
        past.publish(PETROV, VERSOR)
        until(lambda: any(report.alerts for report in reports))

    (alert,) = past.alerts()
    assert (alert["payment_id"], alert["hits"][0]["reason"]) == ("P-1", "ownership")
