"""Claims about the forms in which alerts leave: what the standards require is there, and nothing is lost."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
import pytest

from streams.export.projections import FORMS, cloudevents, ecs, message_id, ocsf, summary
from streams.records.shapes import AlertRecord, UpdateRecord
from tests.streams.export.alerts import alert


def test_ocsf_finding_has_what_its_class_requires() -> None:
    finding = sent(ocsf(alert()))

    assert (finding["class_uid"], finding["category_uid"], finding["activity_id"]) == (2004, 2, 1)
    assert finding["type_uid"] == finding["class_uid"] * 100 + finding["activity_id"]
    assert finding["time"] == 1692273600000
    assert finding["severity_id"] == 4
    assert finding["metadata"]["version"] == "1.4.0"
    assert finding["metadata"]["product"]["name"] == "Interdict"
    assert finding["finding_info"]["uid"] == alert()["decision_id"]
    assert finding["finding_info"]["title"]


def test_ecs_event_is_an_alert_with_allowed_values() -> None:
    event = sent(ecs(alert()))

    assert event["@timestamp"] == "2023-08-17T12:00:00.000+00:00"
    assert (event["event"]["kind"], event["event"]["category"], event["event"]["type"]) == (
        "alert",
        ["threat"],
        ["indicator"],
    )
    assert event["rule"] == {"name": "VERSOR S.R.O.", "id": "ofac:44521", "ruleset": ["ofac"]}


def sent(message: Mapping[str, object]) -> Any:
    """As it arrives."""
    return orjson.loads(orjson.dumps(message))


def updated(what: str = "delisted", state: str = "superseded") -> AlertRecord:
    at = "2023-09-01T09:30:00.000+00:00"
    update: UpdateRecord = {
        "id": "51d0" * 8,
        "state": state,
        "what": what,
        "changed": [],
        "offset": 7,
        "at": at,
    }
    return {**alert(), "update": update}


def id_in(form: str, record: Any) -> str:
    places: dict[str, Callable[[Any], str]] = {
        "alert": message_id,
        "ocsf": lambda it: str(it["metadata"]["uid"]),
        "ecs": lambda it: str(it["event"]["id"]),
    }
    return places.get(form, lambda it: str(it["id"]))(record)


@pytest.mark.parametrize("form", sorted(FORMS))
def test_an_update_goes_out_under_an_id_of_its_own(form: str) -> None:
    raised, update = (sent(FORMS[form](told)) for told in (alert(), updated()))

    assert id_in(form, raised) == alert()["decision_id"]
    assert id_in(form, update) == "51d0" * 8


def test_an_update_of_a_finding_names_the_finding_and_its_own_time() -> None:
    raised, update = sent(ocsf(alert())), sent(ocsf(updated()))

    assert update["finding_info"]["uid"] == raised["finding_info"]["uid"]
    assert (update["activity_name"], update["time"]) == ("Update", 1693560600000)
    assert ecs(updated())["@timestamp"] == "2023-09-01T09:30:00.000+00:00"


def test_a_cloud_event_says_by_its_type_what_became_of_the_alert() -> None:
    types = [cloudevents(told)["type"] for told in (alert(), updated(), updated("closed", "closed"))]

    assert types == ["interdict.alert.raised", "interdict.alert.superseded", "interdict.alert.closed"]
    assert cloudevents(alert())["subject"] == "P-1"
    assert cloudevents(alert())["data"] == alert()


@pytest.mark.parametrize("form", ["ocsf", "ecs"])
def test_the_whole_alert_goes_along(form: str) -> None:
    record = sent(FORMS[form](alert()))

    assert record.get("interdict", record.get("unmapped", {}).get("interdict")) == alert()


def test_a_payment_left_for_review_is_less_severe_than_a_held_one() -> None:
    review = alert()
    review["hits"][0]["action"] = "review"

    assert sent(ocsf(review))["severity_id"] < sent(ocsf(alert()))["severity_id"]
    assert sent(ecs(review))["event"]["severity"] < sent(ecs(alert()))["event"]["severity"]
    assert sent(ecs(review))["event"]["action"] == "payment-review"


@pytest.mark.parametrize(("score", "risk"), [(0.87654, 87.7), (0.87644, 87.6), (1.0, 100.0)])
def test_the_risk_is_the_score_of_a_hundred_to_one_place(score: float, risk: float) -> None:
    record = alert()
    record["hits"][0]["score"] = score

    assert sent(ecs(record))["event"]["risk_score"] == risk


def test_summary_names_payment_party_and_designation() -> None:
    expected = "Payment P-1: creditor 'VERSOR S.R.O.' is VERSOR S.R.O. (ofac:44521)"

    assert summary(alert()) == expected
