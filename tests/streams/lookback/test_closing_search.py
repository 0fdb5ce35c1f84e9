"""Which dispositions are looked at, how often, and what becomes of them; topics in memory."""

import logging
import time
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from screening.cases.dispositions import Disposition, SuppressionRules, Verdict
from screening.fingerprints import designation_fingerprint
from streams.kafka.topics import Topics
from streams.lookback import closing
from streams.lookback.closing import AlertClosing
from streams.records.json import disposition_to_json
from tests.streams.lookback.test_closing import LATER, ONE_PERSON
from tests.streams.lookback.test_updates import alert
from tests.streams.past import VERSOR
from tests.streams.topics_in_memory import TopicsInMemory

TOPICS = Topics()
CLIENT = {"bootstrap.servers": "b:1"}
KEY = b"secret"
NOW = time.time()


class Looking:
    """A follower with a clock of its own, and what it published."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.topics, self.clock = TopicsInMemory(), 100.0
        self.topics.stand_in(monkeypatch)
        clock = SimpleNamespace(monotonic=lambda: self.clock, time=lambda: NOW)
        monkeypatch.setattr(closing, "time", clock)
        monkeypatch.setattr(closing, "send_updates", self._send)
        self.updates: list[Any] = []
        self.made = alert()
        self.topics.put(TOPICS.alerts, "P-1", orjson.dumps(self.made), NOW - 3_600)

    def follower(self, rules: SuppressionRules = ONE_PERSON) -> AlertClosing:
        return AlertClosing(
            CLIENT, TOPICS, "g", window_seconds=7_200.0, rules=rules, key=KEY, every_seconds=10.0
        )

    def noted(self) -> dict[int, tuple[int, str]] | None:
        return self.topics.noted.get(("g.lookback.dispositions", TOPICS.dispositions))

    def judge(self, verdict: Verdict | None, approved_by: str = "") -> None:
        (hit,) = self.made["hits"]
        marks = (hit["fingerprint"], VERSOR.id, designation_fingerprint(VERSOR))
        given = verdict or Verdict.FALSE_POSITIVE
        one = Disposition(*marks, given, "ann", "why", LATER, approved_by=approved_by)
        value = disposition_to_json(one) if verdict else None
        self.topics.put(TOPICS.dispositions, one.key, value, NOW - 60)

    def _send(self, client: Any, topics: Topics, updates: list[Any], key: bytes) -> int:
        assert (client, topics, key) == (CLIENT, TOPICS, KEY)
        self.updates += updates
        for update in updates:
            self.topics.put(TOPICS.alerts, "P-1", orjson.dumps(update), NOW)
        return len(updates)


@pytest.fixture
def looking(monkeypatch: pytest.MonkeyPatch) -> Looking:
    return Looking(monkeypatch)


def test_it_looks_every_so_often_and_goes_on_where_the_group_came_to(
    looking: Looking, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with looking.follower() as follower:
        looking.judge(Verdict.FALSE_POSITIVE)
        assert follower.look() == 1
        assert looking.noted() == {0: (1, "")}

        looking.judge(None)
        looking.clock = 109.9
        assert follower.look() == 0
        looking.clock = 110.0
        assert follower.look() == 1
        assert [update["update"]["what"] for update in looking.updates] == ["closed", "reopened"]

        looking.clock = 120.0
        assert follower.look() == 0
        assert looking.noted() == {0: (2, "")}
        looking.topics.put(TOPICS.dispositions, "x|y", None, NOW)
        looking.clock = 130.0
        assert follower.look() == 0
    assert caplog.messages == ["1 alerts updated: closed or opened again"] * 2


@pytest.mark.parametrize(
    ("verdict", "four_eyes", "approved_by", "closes"),
    [
        (Verdict.FALSE_POSITIVE, True, "", 0),
        (Verdict.FALSE_POSITIVE, True, "bob", 1),
        (Verdict.FALSE_POSITIVE, False, "", 1),
        (Verdict.TRUE_POSITIVE, True, "", 1),
    ],
)
def test_four_eyes_are_asked_for_where_it_silences(
    looking: Looking, verdict: Verdict, four_eyes: bool, approved_by: str, closes: int
) -> None:
    looking.judge(verdict, approved_by)
    looking.topics.put(TOPICS.dispositions, "x|y", b"no disposition", NOW)
    with looking.follower(SuppressionRules(four_eyes)) as follower:
        assert follower.look() == closes


def test_alerts_before_the_window_and_of_other_pairs_stay_as_they_are(looking: Looking) -> None:
    looking.judge(Verdict.FALSE_POSITIVE)
    (standing,) = looking.topics.records[TOPICS.alerts]
    other = orjson.loads(standing.value or b"")
    other["hits"][0]["fingerprint"] = "another"
    looking.topics.records[TOPICS.alerts] = [standing._replace(time=NOW - 7_201)]
    looking.topics.put(TOPICS.alerts, "P-2", orjson.dumps(other), NOW - 3_600)
    with looking.follower() as follower:
        assert follower.look() == 0
        assert looking.noted() == {0: (1, "")}


def test_dispositions_of_a_topic_that_was_recreated_are_looked_at_from_its_beginning(
    looking: Looking,
) -> None:
    """Until it was as long as the old one nothing was closed."""
    looking.topics.noted["g.lookback.dispositions", TOPICS.dispositions] = {0: (5, "")}
    looking.judge(Verdict.FALSE_POSITIVE)

    with looking.follower() as follower:
        assert follower.look() == 1
        assert looking.noted() == {0: (1, "")}
