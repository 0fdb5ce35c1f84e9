"""A record stays small, whatever the decision holds."""

from dataclasses import replace
from datetime import UTC, datetime

import orjson

from screening import Designation, Name, Payment, Policy, Screener
from screening.decisions import Decision, Explanation
from screening.limits import MOST_HITS, MOST_ROWS
from screening.payments import Role
from screening.payments.model import Field, Party
from screening.policy.rules import Action
from streams.records.json import alert_to_json, decision_to_json

NOW = datetime(2023, 8, 17, tzinfo=UTC)


def hit_often(count: int) -> tuple[Payment, Decision]:
    """A payment, and its decision with so many hits: every other one is only to be reviewed."""
    screener = Screener(Policy())
    screener.upsert(Designation("test:1", (Name("Versor LLC"),)))
    payment = Payment("P-1", (Party(Role.CREDITOR, names=(Field("Versor LLC", "/parties/0/name"),)),))
    decision = screener.screen(payment)
    (hit,) = decision.hits
    actions = (Action.REVIEW, Action.HOLD)
    hits = tuple(replace(hit, score=number / count, action=actions[number % 2]) for number in range(count))
    return payment, replace(decision, hits=hits)


def test_a_record_shows_the_strongest_hits_that_stop_the_payment_and_says_how_many_more_there_are() -> None:
    payment, decision = hit_often(3 * MOST_HITS)

    for raw in (decision_to_json(decision, NOW, 1.0), alert_to_json(decision, payment, NOW, 1.0)):
        record = orjson.loads(raw)
        assert record["hits_left_out"] == 2 * MOST_HITS
        assert [hit["action"] for hit in record["hits"]] == ["hold"] * MOST_HITS
        assert min(hit["score"] for hit in record["hits"]) > 0.3


def test_a_record_with_all_its_hits_says_nothing_of_more() -> None:
    _, decision = hit_often(MOST_HITS)

    record = orjson.loads(decision_to_json(decision, NOW, 1.0))

    assert len(record["hits"]) == MOST_HITS
    assert "hits_left_out" not in record


def test_a_long_explanation_ends_with_how_many_rows_are_left_out() -> None:
    _, decision = hit_often(1)
    rows = (Explanation("a", "b", "exact", 1.0, 1.0),) * (MOST_ROWS + 5)

    record = orjson.loads(
        decision_to_json(replace(decision, hits=(replace(decision.hits[0], explanation=rows),)), NOW, 1.0)
    )

    shown = record["hits"][0]["explanation"]
    assert len(shown) == MOST_ROWS + 1
    assert shown[-1] == {
        "query": "5 more rows",
        "matched": "",
        "how": "left out",
        "weight": 0.0,
        "similarity": 0.0,
    }


def test_a_text_of_twenty_thousand_characters_is_not_repeated_in_each_of_its_hits() -> None:
    payment, decision = hit_often(50)
    text = "spare parts " * 1_700 + "Versor LLC"
    hits = tuple(replace(hit, value=text) for hit in decision.hits)

    raw = alert_to_json(replace(decision, hits=hits), payment, NOW, 1.0)

    assert len(raw) < 50 * 3_000
    assert "Versor LLC" in orjson.loads(raw)["hits"][0]["value"]
