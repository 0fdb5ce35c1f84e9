"""Claims about the case of an alert as a worker writes it: what is known of a hit, and what is suggested."""

from datetime import UTC, date, datetime
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator

from screening import Designation, Name, NameType, Policy, Screener
from screening.designations import DateRange, Kind
from screening.payments import Field, Party, Payment, Role
from screening.policy.suggestions import About
from screening.suggestions import suggest
from screening.suggestions.measure import Made
from streams.offline.policies import load_suggestions
from streams.records.json import alert_to_json
from streams.records.shapes import AlertRecord
from streams.records.suggestions import made_from_json, suggestion_to_json
from streams.suggestions.cases import case_of
from tests.streams.records.test_shapes import schema

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def petrov(designation_id: str, year: int) -> Designation:
    born = DateRange(date(year, 1, 1), date(year, 12, 31))
    return Designation(
        designation_id, (Name("Igor Petrov", NameType.PRIMARY),), Kind.PERSON, birth_dates=(born,)
    )


def alert_on(*listed: Designation) -> AlertRecord:
    screener = Screener(Policy())
    for entry in listed:
        screener.upsert(entry)
    born = DateRange(date(1990, 5, 1), date(1990, 5, 1))
    party = Party(
        Role.CREDITOR,
        names=(Field("Igor Petrov", "/parties/0/name"),),
        addresses=(Field("1 Quay Street, Bristol", "/parties/0/address"),),
        kind=Kind.PERSON,
        birth_date=born,
    )
    payment = Payment("P-1", (party,))
    alert: AlertRecord = orjson.loads(alert_to_json(screener.screen(payment), payment, NOON, 3.1))
    return alert


def test_a_hit_that_another_entry_explains_better_is_told_from_it() -> None:
    alert = alert_on(petrov("ofac:1", 1957), petrov("un:2", 1990))
    by_entry = {hit["designation"]["id"]: hit for hit in alert["hits"]}

    found = {
        entry: suggest(case_of(alert, hit, None, None), load_suggestions(None))
        for entry, hit in by_entry.items()
    }

    assert found["un:2"].suggested == "true_positive"
    assert found["ofac:1"].suggested == "false_positive"
    assert {fact.about for fact in found["ofac:1"].facts} >= {About.BIRTH_DATE, About.NAMESAKES}


def test_an_alert_says_the_address_of_the_party_that_hit() -> None:
    alert = alert_on(petrov("ofac:1", 1957))

    assert case_of(alert, alert["hits"][0], None, None).addresses == ("1 Quay Street, Bristol",)


def test_an_address_is_of_the_party_that_has_the_value_or_of_the_only_one_of_its_role() -> None:
    alert = alert_on(petrov("ofac:1", 1957))
    (hit,) = alert["hits"]
    (party,) = alert["payment"]["parties"]
    other: Any = {**party, "names": ["Ann Other"], "addresses": ["2 Elsewhere"]}
    payer: Any = {**other, "role": "debtor"}

    def addresses(*parties: Any) -> tuple[str, ...]:
        with_them: Any = {**alert, "payment": {**alert["payment"], "parties": list(parties)}}
        return case_of(with_them, hit, None, None).addresses

    assert addresses(other, party, payer) == ("1 Quay Street, Bristol",)
    assert addresses(other, payer) == ("2 Elsewhere",)  # the value is no name: an account, or its reference
    assert addresses(other, other) == ()
    assert addresses(payer) == ()


def test_a_suggestion_is_of_its_schema_and_read_again_to_be_measured() -> None:
    alert = alert_on(petrov("un:2", 1990))
    (hit,) = alert["hits"]
    suggestion = suggest(case_of(alert, hit, petrov("un:2", 1990), None), load_suggestions(None))

    raw = suggestion_to_json(suggestion, alert, hit, load_suggestions(None).sha256, NOON)

    Draft202012Validator(schema("suggestion")).validate(orjson.loads(raw))
    assert made_from_json(raw) == Made(
        hit["alert_id"],
        f"{hit['fingerprint']}|un:2",
        hit["designation"]["fingerprint"],
        suggestion.suggested,
        suggestion.rule,
        NOON,
    )


@pytest.mark.parametrize(
    "change", [{"rule": ["same_birth_date"]}, {"suggested_at": "2026-11-24T12:00:00"}, {"suggested": None}]
)
def test_what_resembles_a_suggestion_is_not_measured(change: dict[str, Any]) -> None:
    """One such record ended the measuring of all others."""
    alert = alert_on(petrov("un:2", 1990))
    (hit,) = alert["hits"]
    suggestion = suggest(case_of(alert, hit, petrov("un:2", 1990), None), load_suggestions(None))
    raw = suggestion_to_json(suggestion, alert, hit, load_suggestions(None).sha256, NOON)

    with pytest.raises(ValueError, match="no suggestion"):
        made_from_json(orjson.dumps(orjson.loads(raw) | change))


def test_hits_on_the_same_value_are_told_from_those_on_others_suppressed_or_not() -> None:
    alert: Any = alert_on(petrov("ofac:1", 1957))
    (hit,) = alert["hits"]

    def beside(name: str, path: str, value: str = "Igor Petrov") -> Any:
        return hit | {"alert_id": name, "path": path, "value": value}

    here, before, behind = "/parties/0/name", "/a", "/z"
    alert["hits"] += [beside("same", here), beside("cut", here, "Igor"), beside("before", before)]
    alert["hits"] += [beside("behind", behind)]
    alert["suppressed"] = [beside(f"quiet {path}", path) for path in (before, here, behind)]
    alert["suppressed"].append(beside("quiet cut", here, "Igor"))
    case = case_of(alert, hit, None, None)

    assert [each.alert_id for each in case.same_value] == ["same", f"quiet {here}", "quiet cut"]
    assert [each.alert_id for each in case.others] == ["before", "behind"]
    assert (case.alert_id, case.path, case.value) == (hit["alert_id"], here, "Igor Petrov")
