"""When a verdict counts: each bound on both sides, and each thing that a verdict may not lack."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from screening import Action, Designation, Name, NameType, Outcome
from screening.cases.dispositions import (
    Disposition,
    Dispositions,
    Given,
    SuppressionRules,
    Verdict,
)
from screening.cases.people import canonical, same_person
from screening.cases.precision import UNKNOWN, precision
from screening.cases.releases import Release, Word
from screening.decisions import Decision, End, Hit, ListState, Stopped
from screening.fingerprints import designation_fingerprint
from screening.payments import Role

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
LISTED = Designation("ofac:1", (Name("VERSOR", NameType.PRIMARY),))
HIT = Hit(LISTED, LISTED.names[0], "Versor", 1.0, 0.8, Action.REVIEW, alert_id="a1", fingerprint="p1")


def seen() -> str:
    return designation_fingerprint(LISTED)


def false(**changes: Any) -> Disposition:
    given = Disposition("p1", "ofac:1", seen(), Verdict.FALSE_POSITIVE, "ann", "checked", NOW + DAY, "bob")
    return replace(given, **changes)


def true(**changes: Any) -> Disposition:
    return false(verdict=Verdict.TRUE_POSITIVE, **changes)


def decision(*hits: Hit) -> Decision:
    return Decision("P-1", "c", Outcome.HIT, hits, ListState(), "policy")


LONGEST = SuppressionRules(longest=timedelta(days=30))
FOUR_EYES = SuppressionRules(four_eyes=True)
BOUNDS: list[tuple[SuppressionRules, dict[str, Any], datetime | None, str]] = [
    (SuppressionRules(), {}, None, ""),
    (SuppressionRules(), {"until": NOW + SECOND}, None, ""),
    (SuppressionRules(), {"until": NOW}, None, "expired"),
    (SuppressionRules(), {"until": NOW - SECOND}, None, "expired"),
    (SuppressionRules(), {}, NOW - timedelta(days=366) + SECOND, ""),
    (SuppressionRules(), {}, NOW - timedelta(days=366), "older than 366 days"),
    (LONGEST, {}, NOW - timedelta(days=30) + SECOND, ""),
    (LONGEST, {}, NOW - timedelta(days=30), "older than 30 days"),
    (SuppressionRules(), {}, NOW + timedelta(minutes=10), ""),
    (SuppressionRules(), {}, NOW + timedelta(minutes=10, seconds=1), "given in the future"),
    (SuppressionRules(), {}, datetime.max.replace(tzinfo=UTC), "given in the future"),
    (FOUR_EYES, {}, None, ""),
    (FOUR_EYES, {"approved_by": ""}, None, "not approved by a second person"),
    (SuppressionRules(), {"approved_by": ""}, None, ""),
]


@pytest.mark.parametrize(("rules", "changes", "at", "why"), BOUNDS)
def test_a_false_positive_counts_up_to_each_of_its_bounds_and_not_from_there(
    rules: SuppressionRules, changes: dict[str, Any], at: datetime | None, why: str
) -> None:
    verdict = false(**changes)
    known = Dispositions(rules)
    known.put(verdict, at)

    assert rules.why_not(Given(verdict, at), LISTED, NOW) == why
    assert (known.judged("p1", "ofac:1", seen(), NOW) == verdict) is (why == "")
    assert (known.apply(decision(HIT), NOW).outcome is Outcome.CLEAR) is (why == "")


def test_a_false_positive_counts_for_the_entry_that_was_judged() -> None:
    rules, known = SuppressionRules(), Dispositions()
    known.put(false())
    amended = replace(LISTED, remarks="amended")

    assert rules.why_not(Given(false()), None, NOW) == "not listed"
    assert rules.why_not(Given(false()), amended, NOW) == "the list says something else of it now"
    assert rules.lifts(Given(false()), seen(), NOW) and not rules.lifts(Given(false()), "other", NOW)
    assert known.judged("p1", "ofac:1", "other", NOW) is None
    assert known.judged("p2", "ofac:1", seen(), NOW) is known.judged("p1", "ofac:2", seen(), NOW) is None


def test_a_true_positive_counts_until_it_expires_whatever_the_list_says_since() -> None:
    known = Dispositions(FOUR_EYES)
    known.put(true(approved_by=""), NOW - timedelta(days=999))
    review = decision(replace(HIT, designation=replace(LISTED, remarks="amended")))

    assert known.judged("p1", "ofac:1", "other", NOW) is not None
    assert known.judged("p1", "ofac:1", "other", NOW + DAY - SECOND) is not None
    assert known.judged("p1", "ofac:1", "other", NOW + DAY) is None
    (held,) = known.apply(review, NOW + DAY - SECOND).hits
    assert (held.action, held.confirmed_by) == (Action.HOLD, "ann")
    assert known.apply(review, NOW + DAY) == review


def test_the_newest_verdict_of_a_pair_is_the_one_and_each_pair_has_its_own() -> None:
    known = Dispositions()
    known.put(true())
    known.put(false())
    other = replace(HIT, fingerprint="p2", alert_id="a2")

    applied = known.apply(decision(HIT, other), NOW)

    assert (len(known), [*known]) == (1, [false()])
    assert (applied.outcome, applied.hits, [held.hit for held in applied.suppressed]) == (
        Outcome.HIT,
        (other,),
        [HIT],
    )
    known.remove("nobody|ofac:1")
    assert len(known) == 1
    assert Dispositions().apply(decision(HIT), NOW) == decision(HIT)


def test_a_resubmission_is_judged_by_its_own_pair_first_and_then_by_the_one_that_stopped() -> None:
    stopped = Stopped("a0", "P-0", NOW, "1", "EUR", End(), End(), Role.DEBTOR, "Versor", "p0", "ofac:1")
    again = replace(HIT, stopped=stopped)
    own, first = false(fingerprint="p1"), true(fingerprint="p0")
    known = Dispositions()
    known.put(first)
    assert [hit.confirmed_by for hit in known.apply(decision(again), NOW).hits] == ["ann"]
    known.put(own)
    assert known.apply(decision(again), NOW).outcome is Outcome.CLEAR
    known.put(replace(own, until=NOW))
    assert [hit.confirmed_by for hit in known.apply(decision(again), NOW).hits] == ["ann"]
    known.put(replace(first, until=NOW))
    assert known.apply(decision(again), NOW) == decision(again)


@pytest.mark.parametrize("lack", ["fingerprint", "designation_id", "designation_fingerprint", "by", "reason"])
@pytest.mark.parametrize("empty", ["", " \n"])
def test_a_verdict_needs_each_of_its_parts(lack: str, empty: str) -> None:
    with pytest.raises(ValueError, match=f"a disposition needs {lack}"):
        false(**{lack: empty})


def test_precision_counts_by_list_and_known_reason() -> None:
    verdicts = [
        true(hit_reason="name"),
        *(false(hit_reason="name") for _ in range(3)),
        false(hit_reason="whim"),
        true(designation_id="eu:1:2", hit_reason="text"),
    ]
    found = precision(verdicts)

    assert {key: (counted.true, counted.false, counted.ratio) for key, counted in found.items()} == {
        ("ofac", "name"): (1, 3, 0.25),
        ("ofac", UNKNOWN): (0, 1, 0.0),
        ("eu", "text"): (1, 0, 1.0),
    }


def release(**changes: Any) -> Release:
    return replace(Release("payments-3@17", Word.RELEASE, "ann", "checked"), **changes)


@pytest.mark.parametrize("lack", ["event", "by", "reason"])
def test_a_word_on_a_record_needs_who_why_and_of_what(lack: str) -> None:
    with pytest.raises(ValueError, match=f"{lack} is missing"):
        release(**{lack: " "})


def test_one_person_releases_nothing_where_two_must_and_one_rejects() -> None:
    approved, rejected = release(approved_by="bob"), release(word=Word.REJECT)

    assert [each.holds(four_eyes=True) for each in (release(), approved, rejected)] == [False, True, True]
    assert [each.holds(four_eyes=False) for each in (release(), approved, rejected)] == [True, True, True]
    with pytest.raises(ValueError, match="another person"):
        release(approved_by="Ann ")


@pytest.mark.parametrize(
    ("person", "as_compared"),
    [("  Ann  B. ", "ann b."), ("Ａnn", "ann"), ("田中さくら", "田中さくら"), ("김 金", "김 金"), ("7", "7")],
)
def test_a_person_is_compared_without_case_and_blanks(person: str, as_compared: str) -> None:
    assert canonical(person) == as_compared


@pytest.mark.parametrize(
    ("person", "why"),
    [
        ("", "at least one character"),
        (" \t", "at least one character"),
        ("an\u200bn", r"U\+200B is not seen"),
        ("an\x07n", r"U\+0007 is not seen"),
        ("ann\ufe0f", r"U\+FE0F is not seen"),
        ("ann\u034f", r"U\+034F is not seen"),
        ("김\u3164", r"U\+1160 is not seen"),
        ("\ue000", r"U\+E000 is not seen"),
        ("\u0378", r"U\+0378 is not seen"),
        ("\ud800", r"U\+D800 is not seen"),
        ("аnn", "letters of cyrillic and latin in one name"),
        ("田a", "letters of cjk and latin in one name"),
    ],
)
def test_a_name_that_could_be_taken_for_another_is_refused(person: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        canonical(person)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        *(("ann", "ANN.", True), ("mill", "mi1l", True), ("b0b", "bob", True), ("Łukasz", "lukasz", True)),
        *(("José", "Jose", True), ("і", "ι", True), ("राम", "रामी", False), ("ann", "anne", False)),
        *(("कि", "की", False), ("bob", "rob", False)),
    ],
)
def test_two_names_that_look_alike_are_one_person(one: str, other: str, same: bool) -> None:
    assert same_person(one, other) is same
