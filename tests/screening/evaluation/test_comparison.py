"""What two policies make of the same payments, counted once each."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening import Action, Designation, Kind, Name, NameType, Policy, Rule, Screener, decode_payment
from screening.evaluation.comparison import DIMENSIONS, Comparison, band
from screening.evaluation.report import Sides
from tests.screening.random_payments import Chance

VERSOR = Designation(
    "ofac:44521",
    (Name("VERSOR S.R.O.", NameType.PRIMARY),),
    Kind.ORGANIZATION,
    ("RUSSIA-EO14024", "UKRAINE-EO13662"),
)


def screener_of(policy: Policy, *listed: Designation) -> Screener:
    screener = Screener(policy)
    for designation in listed:
        screener.upsert(designation)
    return screener


def compared(names: list[str], current: Policy, proposed: Policy) -> Comparison:
    comparison = Comparison()
    ours, theirs = screener_of(current, VERSOR), screener_of(proposed, VERSOR)
    for number, name in enumerate(names):
        raw = b'{"id": "P-%d", "parties": [{"role": "creditor", "name": "%s"}]}' % (number, name.encode())
        (payment,) = decode_payment(raw)
        comparison.add(payment, ours.screen(payment), theirs.screen(payment))
    return comparison


def test_a_higher_threshold_loses_the_weaker_hits_and_shows_them() -> None:
    report = compared(["VERSOR S.R.O.", "Versar s.r.o.", "Acme"], Policy(), Policy(threshold=0.95)).report()

    assert report["alerts"] == {"both": 1, "only_current": 1, "only_proposed": 0}
    assert report["alerts_per_1000_payments"] == {"current": 666.667, "proposed": 333.333}
    assert report["by"]["program"]["UKRAINE-EO13662"] == {"both": 1, "only_current": 1, "only_proposed": 0}
    (example,) = report["examples"]
    assert (example["payment_id"], example["value"]) == ("P-1", "Versar s.r.o.")
    assert (example["current"], example["proposed"]) == ("hold", "nothing")


def test_another_action_for_the_same_hit_is_a_difference() -> None:
    review = Policy(rules=(Rule(programs=frozenset({"RUSSIA-EO14024"}), action=Action.REVIEW),))

    report = compared(["VERSOR S.R.O."], Policy(), review).report()

    assert report["hits"]["both"] == 1
    assert report["actions"] == [{"current": "hold", "proposed": "review", "hits": 1}]
    assert len(report["examples"]) == 1


@pytest.mark.parametrize(
    ("score", "name"), [(0.8, "0.80-0.85"), (0.8499, "0.80-0.85"), (0.85, "0.85-0.90"), (1.0, "1.00")]
)
def test_score_bands_hold_their_lower_end(score: float, name: str) -> None:
    assert band(score) == name


def test_no_payments_give_a_report_of_zeros() -> None:
    assert Comparison().report()["alerts_per_1000_payments"] == {"current": 0.0, "proposed": 0.0}


def counted(sides: Sides) -> int:
    return sides["both"] + sides["only_current"] + sides["only_proposed"]


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32), threshold=st.floats(0.6, 1.0))
def test_counts_add_up_and_a_policy_against_itself_differs_in_nothing(seed: int, threshold: float) -> None:
    chance = Chance(seed)
    listed = [chance.designation(number) for number in range(15)]
    ours, theirs = screener_of(Policy(), *listed), screener_of(Policy(threshold=threshold), *listed)
    comparison, same, hits = Comparison(), Comparison(), 0
    for payment in map(chance.payment, range(30)):
        current, proposed = ours.screen(payment), theirs.screen(payment)
        comparison.add(payment, current, proposed)
        same.add(payment, current, current)
        hits += len({(hit.role, hit.fingerprint, hit.designation.id) for hit in current.hits})

    told = comparison.report()
    assert told["hits"]["both"] + told["hits"]["only_current"] == hits
    for dimension in set(DIMENSIONS) - {"program"}:  # a designation may stand under several programs
        assert sum(map(counted, told["by"][dimension].values())) == counted(told["hits"])
    assert sum(row["hits"] for row in told["actions"]) == counted(told["hits"])
    assert same.report()["examples"] == []
    assert same.report()["hits"]["both"] == hits


def test_a_whole_report_counts_every_hit_by_all_that_is_known_of_it_and_reports_add_up() -> None:
    current, proposed = Policy(threshold=0.95), Policy(threshold=0.8, action=Action.REVIEW)
    one = compared(["VERSOR S.R.O.", "Versar s.r.o.", "Acme"], current, proposed).report()
    both = Comparison()
    for _ in range(2):
        both.include(one)

    assert one == {
        "payments": 3,
        "alerts": {"both": 1, "only_current": 0, "only_proposed": 1},
        "alerts_per_1000_payments": {"current": 333.333, "proposed": 666.667},
        "hits": {"both": 1, "only_current": 0, "only_proposed": 1},
        "actions": [
            {"current": "hold", "proposed": "review", "hits": 1},
            {"current": "nothing", "proposed": "review", "hits": 1},
        ],
        "by": {
            "list": {"ofac": {"both": 1, "only_current": 0, "only_proposed": 1}},
            "program": {
                "RUSSIA-EO14024": {"both": 1, "only_current": 0, "only_proposed": 1},
                "UKRAINE-EO13662": {"both": 1, "only_current": 0, "only_proposed": 1},
            },
            "reason": {"name": {"both": 1, "only_current": 0, "only_proposed": 1}},
            "score": {
                "0.80-0.85": {"both": 0, "only_current": 0, "only_proposed": 1},
                "1.00": {"both": 1, "only_current": 0, "only_proposed": 0},
            },
        },
        "examples": [
            {
                "payment_id": payment_id,
                "role": "creditor",
                "value": value,
                "designation_id": "ofac:44521",
                "matched": "VERSOR S.R.O.",
                "score": score,
                "current": action,
                "proposed": "review",
            }
            for payment_id, value, score, action in (
                ("P-0", "VERSOR S.R.O.", 1.0, "hold"),
                ("P-1", "Versar s.r.o.", pytest.approx(0.8125), "nothing"),
            )
        ],
    }
    twice = both.report()
    assert (twice["payments"], twice["hits"]["only_proposed"], twice["actions"][0]["hits"]) == (6, 2, 2)
    assert twice["by"]["score"]["1.00"]["both"] == 2
    assert twice["examples"] == one["examples"] * 2


def test_as_many_examples_are_kept_as_a_page_has() -> None:
    one = compared(["Versar s.r.o."], Policy(), Policy(threshold=0.95)).report()
    many = Comparison()
    for _ in range(201):
        many.include(one)

    assert (len(many.examples), many.payments) == (200, 201)
    (payment,) = decode_payment(b'{"id": "P-1", "parties": [{"name": "Versor s.r.o."}]}')
    decision = screener_of(Policy(), VERSOR).screen(payment)
    many.add(payment, decision, screener_of(Policy()).screen(payment))
    assert (len(many.examples), many.payments) == (200, 202)
