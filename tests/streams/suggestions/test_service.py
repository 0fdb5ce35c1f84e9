"""What a suggestion is made of: the entry as it stands, what a person found before, and where it goes."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from config.settings import load_settings
from screening import Designation
from screening.cases.dispositions import Disposition, Dispositions, Verdict
from screening.fingerprints import designation_fingerprint
from screening.ledger import MarkerType
from streams.offline.policies import load_suggestions
from streams.records.designations import marker_key
from streams.records.json import designation_to_json, disposition_to_json
from streams.records.shapes import AlertRecord, HitRecord
from streams.suggestions import service as services
from streams.suggestions.metrics import SuggestionMetrics
from streams.suggestions.replicas import Entries, Given
from streams.suggestions.service import Suggester, group_of, run_suggestions
from tests.streams.suggestions.test_cases import alert_on, petrov

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SETTINGS = load_settings(broker="b:1", four_eyes=True, topic_prefix="t-", group="g")
LISTED = petrov("ofac:1", 1957)


def record(key: str, value: bytes | None, offset: int = 0) -> Any:
    return SimpleNamespace(
        key=key.encode(), value=value, offset=offset, timestamp=1_000, topic="t", partition=0
    )


@pytest.fixture
def suggester() -> Suggester:
    return Suggester(SETTINGS, load_suggestions(None), SuggestionMetrics(), clock=lambda: NOW)


def entries(suggester: Suggester, *listed: Designation, offset: int = 0) -> None:
    for entry in listed:
        suggester._entries.apply(record(entry.id, designation_to_json(entry), offset))


def hit_of(alert: AlertRecord) -> HitRecord:
    (hit,) = alert["hits"]
    return hit


def test_an_entry_is_the_last_that_was_written_and_a_marker_is_none() -> None:
    held = Entries("designations", {})
    for offset, value in enumerate((designation_to_json(LISTED), b"no entry", designation_to_json(LISTED))):
        held.apply(record("ofac:1", value, offset))
        assert held.offset == offset + 1
        assert held.get("ofac:1") == (None if value == b"no entry" else LISTED)
    held.apply(record(marker_key("ofac", MarkerType.COMMIT), b"{}", 7))
    assert (len(held.known), held.offset, held.get("ofac:2")) == (1, 8, None)
    held.apply(record("ofac:1", None, 8))
    assert held.get("ofac:1") is None


def test_a_disposition_that_cannot_be_read_is_no_fact(suggester: Suggester) -> None:
    given = Given("dispositions", {}, suggester._when)
    given._take(record("a|b", b"no disposition"), since=True)
    assert given.known.of_pair("a|b") is None
    one = Disposition("f", "ofac:1", "g", Verdict.TRUE_POSITIVE, "ann", "why", NOW)
    given.apply(record(one.key, disposition_to_json(one)))
    found = given.known.of_pair(one.key)
    assert found and (found.disposition, found.at) == (one, datetime.fromtimestamp(1.0, UTC))


def test_what_a_topic_recreated_does_not_say_is_no_fact_once_it_is_read(suggester: Suggester) -> None:
    given = Given("dispositions", {}, suggester._when)
    held = Entries("designations", {})
    gone, kept = (Disposition(each, "ofac:1", "g", Verdict.TRUE_POSITIVE, "ann", "w", NOW) for each in "ab")
    for one in (gone, kept):
        given.apply(record(one.key, disposition_to_json(one)))
    other = petrov("un:2", 1990)
    held.apply(record("ofac:1", designation_to_json(LISTED), 7))
    given.read_again()
    held.read_again()
    given.apply(record(kept.key, disposition_to_json(kept)))
    assert given.known.of_pair(gone.key) and held.get("ofac:1") and held.offset == 0
    held.apply(record("un:2", designation_to_json(other), 0))
    given.is_read_again()
    held.is_read_again()

    assert given.known.of_pair(gone.key) is None and given.known.of_pair(kept.key)
    assert (held.get("ofac:1"), held.get("un:2"), held.offset) == (None, other, 1)
    held.apply(record("un:2", None, 1))
    assert held.get("un:2") is None


async def test_each_hit_has_a_suggestion_under_its_alert_s_id_and_an_update_none(
    suggester: Suggester,
) -> None:
    alert = alert_on(LISTED, petrov("un:2", 1990))
    entries(suggester, LISTED)
    found = await suggester.render(alert)

    assert [alert_id for alert_id, _ in found] == [hit["alert_id"] for hit in alert["hits"]]
    made = [orjson.loads(body) for _, body in found]
    assert [each["alert_id"] for each in made] == [hit["alert_id"] for hit in alert["hits"]]
    assert {each["suggested"] for each in made} == {"true_positive", "false_positive"}
    counted = suggester._metrics.registry.get_sample_value
    assert counted("interdict_suggestions_total", {"suggested": "false_positive"}) == 1
    update: Any = {**alert, "update": {"id": "u"}}
    assert list(await suggester.render(update)) == []


@pytest.mark.parametrize(
    ("held", "behind", "reason", "waits"),
    [
        (None, True, "name", True),  # our copy may be about to have it
        (LISTED, True, "name", False),  # it is the one that the alert names
        (petrov("ofac:1", 1958), True, "name", True),
        (petrov("ofac:1", 1958), False, "name", False),
        (None, False, "name", False),
        (None, True, "country", False),  # no list's entry
        (None, True, "goods", False),
    ],
)
async def test_an_entry_that_our_copy_may_not_have_yet_is_waited_for(
    suggester: Suggester,
    monkeypatch: pytest.MonkeyPatch,
    held: Designation | None,
    behind: bool,
    reason: str,
    waits: bool,
) -> None:
    hit: Any = {**hit_of(alert_on(LISTED)), "reason": reason}
    entries(suggester, *([held] if held else ()), offset=8)
    suggester._entries.offset = 9
    slept = list[float]()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        entries(suggester, LISTED, offset=20)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    found = await suggester._listed(hit, 10 if behind else 9)

    assert (slept, found) == (([0.05], LISTED) if waits else ([], held))


async def test_an_entry_that_does_not_come_is_waited_for_two_seconds(
    suggester: Suggester, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]

    async def sleep(_: float) -> None:
        now[0] += 0.5

    monkeypatch.setattr(asyncio, "sleep", sleep)
    monkeypatch.setattr(services, "time", SimpleNamespace(monotonic=lambda: now[0]))

    assert await suggester._listed(hit_of(alert_on(LISTED)), 10) is None
    assert now == [102.5]


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("more", "why_not"),
    [
        ({"verdict": Verdict.TRUE_POSITIVE}, ""),
        ({"verdict": Verdict.TRUE_POSITIVE, "until": NOW}, "expired"),
        ({"approved_by": "bob"}, ""),
        ({}, "not approved by a second person"),
        ({"approved_by": "bob", "until": NOW - DAY}, "expired"),
    ],
)
def test_what_a_person_found_before_is_said_with_why_it_counts_no_longer(
    suggester: Suggester, more: dict[str, Any], why_not: str
) -> None:
    hit = hit_of(alert_on(LISTED))
    marks = (hit["fingerprint"], LISTED.id, designation_fingerprint(LISTED))
    one = Disposition(*marks, Verdict.FALSE_POSITIVE, "ann", "why", NOW + DAY)
    assert suggester._earlier(hit, LISTED) is None
    suggester._given.known = Dispositions(suggester._when)
    suggester._given.known.put(replace(one, **more))
    found = suggester._earlier(hit, LISTED)

    assert found is not None and found.given.disposition.by == "ann"
    assert found.why_not == why_not


class Producing:
    """A producer, and everything in the order it was done."""

    def __init__(self, did: list[Any], **options: Any) -> None:
        assert options["acks"] == "all" and options["enable_idempotence"] is True
        self.did = did

    async def start(self) -> None:
        self.did.append("producer started")

    async def stop(self) -> None:
        self.did.append("producer stopped")

    async def send_and_wait(self, topic: str, value: bytes, key: bytes, headers: Sequence[Any]) -> None:
        self.did.append((topic, value, key, [name for name, _ in headers]))


@pytest.mark.parametrize("fails", [False, True])
async def test_suggestions_are_an_export_of_alerts_to_a_topic(
    monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    did, stopping = list[Any](), asyncio.Event()
    metrics = SuggestionMetrics()

    async def forward(topic: str, group: str, client: Any, **more: Any) -> int:
        assert (topic, group, client["bootstrap_servers"]) == ("t-screening.alerts", "g.suggestions", "b:1")
        assert (more["stopping"], more["metrics"]) == (stopping, metrics)
        if fails:
            raise OSError("gone")
        await more["deliver"]("A", b"body")
        return 3

    async def noted(what: str) -> None:
        did.append(what)

    monkeypatch.setattr(services, "AIOKafkaProducer", lambda **options: Producing(did, **options))
    monkeypatch.setattr(services, "forward", forward)
    monkeypatch.setattr(Suggester, "start", lambda _: noted("read"))
    monkeypatch.setattr(Suggester, "stop", lambda _: noted("stopped"))
    running = run_suggestions(SETTINGS, load_suggestions(None), metrics, stopping, oldest=True)
    if fails:
        with pytest.raises(OSError, match="gone"):
            await running
    else:
        assert await running == 3

    sent = [] if fails else [("t-screening.suggestions", b"body", b"A", ["content-type"])]
    assert did == ["producer started", "read", *sent, "stopped", "producer stopped"]
    assert group_of(SETTINGS) == "g.suggestions"
