"""A hit of an alert as the case that facts are found in."""

from collections.abc import Iterable

from screening.decisions import Explanation, Reason, Tie
from screening.designations import Designation, Quality
from screening.suggestions import Case, Earlier
from screening.suggestions.case import Beside
from streams.records.shapes import AlertRecord, HitRecord


def case_of(alert: AlertRecord, hit: HitRecord, listed: Designation | None, earlier: Earlier | None) -> Case:
    """`listed` is the entry as it is now, `earlier` the disposition that stands for the pair. Raises
    KeyError, TypeError or ValueError for what is no alert."""
    besides = [each for each in alert["hits"] if each["alert_id"] != hit["alert_id"]]
    suppressed = [each for each in alert.get("suppressed", ()) if each["path"] == hit["path"]]
    same = [each for each in besides if (each["path"], each["value"]) == (hit["path"], hit["value"])]
    return Case(
        alert_id=hit["alert_id"],
        reason=Reason(hit["reason"]),
        path=hit["path"],
        value=hit["value"],
        matched=hit["matched"] or "",
        score=hit["score"],
        weak_alias=hit.get("alias_quality") == Quality.WEAK,
        designation_id=hit["designation"]["id"],
        rows=_rows(hit),
        ties=tuple(
            Tie(tie["one"], tie["relation"], tie["other"], tie.get("percent"))
            for tie in hit.get("network", ())
        ),
        listed=listed,
        addresses=_addresses(alert, hit),
        earlier=earlier,
        confirmed_by=hit.get("confirmed_by") or "",
        same_value=_other_hits((*same, *suppressed)),
        others=_other_hits(each for each in besides if each["path"] != hit["path"]),
    )


def _rows(hit: HitRecord) -> tuple[Explanation, ...]:
    return tuple(
        Explanation(row["query"], row["matched"], row["how"], row["weight"], row["similarity"])
        for row in hit["explanation"]
    )


def _other_hits(hits: Iterable[HitRecord]) -> tuple[Beside, ...]:
    return tuple(
        Beside(
            hit["alert_id"], hit["value"], hit["designation"]["id"], hit["designation"]["name"], _rows(hit)
        )
        for hit in hits
    )


def _addresses(alert: AlertRecord, hit: HitRecord) -> tuple[str, ...]:
    """Of the party that hit: the one of its role that has the value, where several have the role."""
    parties = [party for party in alert["payment"]["parties"] if party["role"] == hit["role"]]
    own = [party for party in parties if hit["value"] in party.get("names", ())]
    if not own and len(parties) == 1:
        own = parties
    return tuple(line for party in own[:1] for line in party.get("addresses", ()))
