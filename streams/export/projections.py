"""An alert in the forms that other systems know. Pure: the same alert gives the same record.

All keep the whole alert beside their own fields, so that nothing the case worker needs is lost on the way.
Each carries the id of what is sent (`message_id`): an alert's, or that of an update of it.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from importlib.metadata import version

import orjson

from streams.records.shapes import AlertRecord, HitRecord

Message = Mapping[str, object]
"""An alert in the form of another system."""

OCSF_VERSION = "1.4.0"
ECS_VERSION = "8.17.0"
HIGH, MEDIUM = 4, 3  # OCSF severity_id; a held payment cannot wait, a review can


def message_id(alert: AlertRecord) -> str:
    """Of the message itself: an update has an id of its own, an alert that of its decision. What is sent
    twice under one id says the same."""
    return str(alert["update"]["id"] if "update" in alert else alert["decision_id"])


def as_is(alert: AlertRecord) -> Message:
    """The alert as it stands on the topic."""
    return alert


def ocsf(alert: AlertRecord) -> Message:
    """Open Cybersecurity Schema Framework: Detection Finding (class 2004), created, updated or closed."""
    held = _is_held(alert)
    closed = alert.get("update", {}).get("state") == "closed"
    activity_id, activity = (3, "Close") if closed else (2, "Update") if "update" in alert else (1, "Create")
    return {
        "class_uid": 2004,
        "class_name": "Detection Finding",
        "category_uid": 2,
        "category_name": "Findings",
        "activity_id": activity_id,
        "activity_name": activity,
        "type_uid": 200400 + activity_id,
        "type_name": f"Detection Finding: {activity}",
        "time": _milliseconds(_time(alert)),
        "severity_id": HIGH if held else MEDIUM,
        "severity": "High" if held else "Medium",
        "status_id": 4 if closed else 1,
        "status": "Resolved" if closed else "New",
        "is_alert": True,
        "confidence_score": round(100 * _best(alert)["score"]),
        "message": summary(alert),
        "metadata": {
            "version": OCSF_VERSION,
            "uid": message_id(alert),
            "product": {"name": "Interdict", "vendor_name": "Interdict", "version": version("interdict")},
        },
        "finding_info": {
            "uid": alert["decision_id"],
            "title": summary(alert),
            "created_time": _milliseconds(alert["screened_at"]),
            "types": ["Sanctions screening"],
            "analytic": {"type_id": 1, "type": "Rule", "name": "interdict", "version": alert["matcher"]},
        },
        "observables": [
            {
                "name": f"payment{hit['path'].replace('/', '.')}",
                "type_id": 99,
                "type": "Party",
                "value": hit["value"],
            }
            for hit in alert["hits"]
        ],
        "unmapped": {"interdict": alert},
    }


def ecs(alert: AlertRecord) -> Message:
    """Elastic Common Schema: an event of kind `alert`, category `threat`."""
    best = _best(alert)
    return {
        "@timestamp": _time(alert),
        "ecs": {"version": ECS_VERSION},
        "message": summary(alert),
        "event": {
            "kind": "alert",
            "category": ["threat"],
            "type": ["indicator"],
            "module": "interdict",
            "dataset": "interdict.alert",
            "id": message_id(alert),
            "action": "payment-held" if _is_held(alert) else "payment-review",
            "severity": 73 if _is_held(alert) else 47,  # Elastic's own bands for high and medium
            "risk_score": round(100 * best["score"], 1),
            "reason": best["summary"] or summary(alert),
        },
        "rule": {
            "name": best["designation"]["name"],
            "id": best["designation"]["id"],
            "ruleset": _lists(alert),
        },
        "interdict": alert,
    }


def cloudevents(alert: AlertRecord) -> Message:
    """CloudEvents 1.0 in structured mode; the type says whether it is raised, or what became of it."""
    update = alert.get("update", {})
    return {
        "specversion": "1.0",
        "id": message_id(alert),
        "source": "/interdict/screening.alerts",
        "type": f"interdict.alert.{update.get('state', 'raised')}",
        "subject": alert["payment_id"],
        "time": _time(alert),
        "datacontenttype": "application/json",
        "data": alert,
    }


FORMS: Mapping[str, Callable[[AlertRecord], Message]] = {
    "alert": as_is,
    "ocsf": ocsf,
    "ecs": ecs,
    "cloudevents": cloudevents,
}


def in_form(form: str) -> Callable[[AlertRecord], Awaitable[Sequence[tuple[str, bytes]]]]:
    """Each alert as one message of this form, under the message's id."""

    async def render(alert: AlertRecord) -> Sequence[tuple[str, bytes]]:
        body = orjson.dumps(FORMS[form](alert))
        return ((message_id(alert), body),)

    return render


def summary(alert: AlertRecord) -> str:
    """One line: `Payment P-1: creditor 'Versor s.r.o.' is VERSOR S.R.O. (ofac:44521)`."""
    best = _best(alert)
    more = f" and {len(alert['hits']) - 1} more" if len(alert["hits"]) > 1 else ""
    designation = best["designation"]
    since = f", {alert['update']['what']} since" if "update" in alert else ""
    return (
        f"Payment {alert['payment_id']}: {best['role'].replace('_', ' ')} {best['value']!r} "
        f"is {designation['name']} ({designation['id']}){since}{more}"
    )


def _time(alert: AlertRecord) -> str:
    """When this message came to be: an update later than its alert."""
    return str(alert.get("update", {}).get("at", alert["screened_at"]))


def _best(alert: AlertRecord) -> HitRecord:
    return max(alert["hits"], key=lambda hit: hit["score"])


def _is_held(alert: AlertRecord) -> bool:
    return any(hit["action"] == "hold" for hit in alert["hits"])


def _lists(alert: AlertRecord) -> list[str]:
    return sorted({hit["designation"]["id"].partition(":")[0] for hit in alert["hits"]})


def _milliseconds(iso: str) -> int:
    return round(datetime.fromisoformat(iso).timestamp() * 1000)
