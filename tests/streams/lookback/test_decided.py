"""What was decided before: dispositions as they stand, and which hits were alerted; topics in memory."""

from datetime import UTC, datetime

import orjson
import pytest

from screening.cases.dispositions import Disposition, SuppressionRules, Verdict
from screening.fingerprints import designation_fingerprint
from streams.lookback.decided import AlertMemory, Original, Originals, read_dispositions
from streams.records.json import disposition_to_json
from tests.streams.audit.test_stale import stopped_payment
from tests.streams.past import VERSOR
from tests.streams.topics_in_memory import TopicsInMemory

CLIENT = {"bootstrap.servers": "b:1"}
LATER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def topics(monkeypatch: pytest.MonkeyPatch) -> TopicsInMemory:
    made = TopicsInMemory()
    made.stand_in(monkeypatch)
    return made


def test_dispositions_are_those_that_stand_and_can_be_read(topics: TopicsInMemory) -> None:
    marks = designation_fingerprint(VERSOR), Verdict.TRUE_POSITIVE
    for party in "fgh":
        one = Disposition(party, VERSOR.id, *marks, "ann", "why", LATER)
        topics.put("d", one.key, disposition_to_json(one), 5.0)
    topics.put("d", f"g|{VERSOR.id}", None)
    topics.put("d", f"h|{VERSOR.id}", b"no disposition")
    known = read_dispositions(CLIENT, "d", SuppressionRules())

    assert len(known) == 1
    assert topics.servers == {"b:1"}


def test_a_hit_is_news_once_and_never_where_it_was_alerted(topics: TopicsInMemory) -> None:
    _, decision = stopped_payment()
    (hit,) = decision.hits
    alerted = {
        "role": str(hit.role),
        "path": hit.path,
        "alert_id": "a",
        "designation": {"id": hit.designation.id},
    }

    def alert(payment_id: str, at: float) -> None:
        topics.put("a", payment_id, orjson.dumps({"payment_id": payment_id, "hits": [alerted]}), at)

    alert("P-0", 9.0)
    alert("P-1", 10.0)
    with AlertMemory(CLIENT, "a", since=10.0) as memory:
        memory.refresh()
        assert [memory.is_news(name, hit) for name in ("P-0", "P-1", "P-2", "P-2")] == [
            *(True, False, True, False)
        ]

        topics.put("a", "P-3", b"no alert", 1.0)
        topics.put("a", "P-3", b'{"hits": []}', 1.0)
        alert("P-4", 1.0)  # a clock that went back: what has come since is read, whatever its time
        memory.refresh()
        assert [memory.is_news(name, hit) for name in ("P-3", "P-4")] == [True, False]


def test_a_payment_is_named_by_the_decision_that_let_it_pass(topics: TopicsInMemory) -> None:
    def decide(payment_id: str, at: float, decision_id: str, trigger: str = "payment") -> None:
        said = {
            "payment_id": payment_id,
            "decision_id": decision_id,
            "outcome": "clear",
            "screened_at": "then",
        }
        topics.put("d", payment_id, orjson.dumps(said | {"trigger": trigger}), at)

    decide("P-1", 9.0, "before")
    topics.put("d", "P-1", None, 10.0)
    topics.put("d", "P-1", b"no decision", 10.0)
    decide("P-1", 11.0, "lookback", "lookback")
    decide("P-2", 12.0, "another's")
    decide("P-1", 3_619.0, "own")
    decide("P-1", 3_619.5, "again")
    decide("P-3", 3_620.0, "too late")
    with Originals(CLIENT, "d") as originals:
        assert originals.find({"P-1", "P-3"}, 0, oldest=10.0, newest=20.0) == {
            "P-1": Original("own", "clear", "then")
        }
        assert originals.find(set(), 0, oldest=10.0, newest=20.0) == {}


def test_all_that_are_sought_are_found_wherever_they_stand(
    topics: TopicsInMemory,
) -> None:
    for number in (1, 2, 3):
        one = {"payment_id": f"P-{number}", "decision_id": f"d-{number}", "outcome": "clear"}
        one |= {"screened_at": "2023-08-17T09:30:00.000+00:00", "trigger": "payment"}
        topics.put("d", f"P-{number}", orjson.dumps(one), 10.0)
    with Originals(CLIENT, "d") as originals:
        for sought in ({"P-1", "P-2", "P-3"}, {"P-1", "P-3"}, {"P-2"}, {"P-3", "P-9"}):
            found = originals.find(sought, 0, 5.0, 20.0)
            assert {name: each.decision_id for name, each in found.items()} == {
                name: f"d-{name[2:]}" for name in sought - {"P-9"}
            }
