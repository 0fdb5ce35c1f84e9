"""A topic that is deleted and recreated is told from the one before, on a real Kafka."""

import time
from collections.abc import Callable

import pytest

from streams.kafka import same_topics as module
from streams.kafka.same_topics import SameTopics
from tests.streams.past import Past, make_anew

pytestmark = pytest.mark.kafka
PATIENCE_SECONDS = 20.0


@pytest.fixture
def past(kafka: str, topic_prefix: str) -> Past:
    return Past(kafka, topic_prefix)


def until(condition: Callable[[], object]) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.02)


def test_a_topic_recreated_is_told_once_and_one_that_is_not_there_is_not(
    past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOKS_EVERY_SECONDS", 0.0)
    alerts, payments = past.topics.alerts, past.topics.payments
    same = SameTopics(past.client, alerts, payments, "none")
    until(lambda: same.recreated() == [] and len(same._known) == 2)

    make_anew(past, alerts, [b"{}"])
    found = list[str]()

    def told() -> int:
        found.extend(same.recreated())
        return len(found)

    until(told)
    looks = iter(range(20))
    until(lambda: told() and next(looks, None) is None)
    assert found == [alerts]


def test_who_stood_still_is_told_before_it_reads_on(past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    same = SameTopics(past.client, past.topics.alerts)
    until(lambda: same.recreated() == [] and same._known)
    make_anew(past, past.topics.alerts, [b"{}"])
    monkeypatch.setattr(module, "LOOKS_EVERY_SECONDS", 0.0)
    monkeypatch.setattr(module, "STOOD_STILL_SECONDS", 0.0)

    assert same.recreated() == [past.topics.alerts]
