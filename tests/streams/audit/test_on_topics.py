"""What an audit of the topics reads, and in which order."""

from collections.abc import Sized
from types import SimpleNamespace
from typing import Any

import pytest

from streams.audit import on_topics
from streams.kafka.topics import Topics
from tests.streams.topics_in_memory import TopicsInMemory

NAMES = ["screening.audit", "screening.decisions", "screening.alerts"]
CUSTOMERS = ["screening.customer-alerts", "screening.customer-proofs"]


class Auditor:
    """What it was given, in order; `gaps` have no decision."""

    def __init__(self, *gaps: str) -> None:
        self.gaps, self.records, self.did = gaps, 9_999, list[Any]()

    def begins(self, topic: str, partition: int, first: int) -> None:
        self.did.append((topic.removeprefix("t-"), partition, first))

    def take(self, entry: Any) -> None:
        self.records += 1
        self.did.append(entry)

    def undecided(self) -> list[str]:
        return [*self.gaps]

    def decisions_kept_since(self) -> float | None:
        return None

    def also_decided(self, entry: Any) -> None:
        self.did.append(("late", entry))


@pytest.fixture
def topics(monkeypatch: pytest.MonkeyPatch) -> TopicsInMemory:
    made = TopicsInMemory()
    made.stand_in(monkeypatch)
    for name in NAMES:
        made.put(f"t-{name}", "", b"x", 500.0)
    monkeypatch.setattr(on_topics, "entries_of", lambda log, spans: [(log.topic[2:], *map(len, spans))])
    return made


def verified(
    monkeypatch: pytest.MonkeyPatch, auditor: Auditor, *no_payment: str, customers: bool = False
) -> tuple[set[Any], list[Any]]:
    """What has no payment, and what else was done, in order."""
    more = list[Any]()

    def markers(_: object, gaps: Sized) -> tuple[str, ...]:
        more.append(len(gaps))
        return no_payment

    monkeypatch.setattr(on_topics, "markers", markers)
    clock = SimpleNamespace(time=lambda: 700.0, sleep=lambda seconds: more.append(("slept", seconds)))
    monkeypatch.setattr(on_topics, "time", clock)
    monkeypatch.setattr(on_topics, "Auditor", lambda *_: auditor)
    given: Any = auditor
    found, gaps = on_topics.verify_topics(
        {"bootstrap.servers": "b:1"},
        Topics("t-"),
        "workers",
        b"",
        customers=customers,
        progress=lambda seen: more.append(("progress", seen.records)),
        say=more.append,
    )
    assert found is given
    return gaps, more


@pytest.mark.parametrize("customers", [False, True])
@pytest.mark.usefixtures("topics")
def test_checkpoints_are_read_first_and_alerts_after_the_decisions_that_name_them(
    monkeypatch: pytest.MonkeyPatch, customers: bool
) -> None:
    auditor = Auditor()
    gaps, more = verified(monkeypatch, auditor, customers=customers)

    read = [name for name, _, *_ in auditor.did[::2]]
    assert read == NAMES + CUSTOMERS * customers
    assert auditor.did[0] == ("screening.audit", 0, 0)
    assert auditor.did[1] == ("screening.audit", 1)
    assert (gaps, more) == (set(), [("progress", 10_000)])


@pytest.mark.usefixtures("topics")
def test_what_was_under_way_is_looked_at_again_where_more_lacks_than_has_no_payment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    auditor = Auditor("a", "b")
    gaps, more = verified(monkeypatch, auditor, "a")
    assert (gaps, more[1:]) == ({"a"}, [2, ("slept", 2.0)])
    assert auditor.did[-1] == ("late", ("screening.decisions", 0))  # only of the last two minutes: none

    auditor = Auditor("a", "b")
    gaps, more = verified(monkeypatch, auditor, "a", "b")
    assert (gaps, more[1:]) == ({"a", "b"}, [2])
    assert auditor.did[-1][0] != "late"
