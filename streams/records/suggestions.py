"""Suggestions as records of their topic."""

from collections.abc import Mapping
from datetime import datetime

import orjson

from screening.cases.dispositions import pair_key
from screening.policy.suggestions import Suggested
from screening.suggestions.measure import Made
from screening.suggestions.suggest import Suggestion
from streams.records.shapes import AlertRecord, HitRecord, SuggestionRecord, wrong_field


def suggestion_to_json(
    suggestion: Suggestion, alert: AlertRecord, hit: HitRecord, rules: str, at: datetime
) -> bytes:
    """`rules` is the hash of the rules that it was made by."""
    record: SuggestionRecord = {
        "suggestion_id": suggestion.suggestion_id,
        "alert_id": hit["alert_id"],
        "payment_id": alert["payment_id"],
        "decision_id": alert["decision_id"],
        "suggested": suggestion.suggested,
        "rule": suggestion.rule,
        "rules": rules,
        "suggested_at": at.isoformat(timespec="milliseconds"),
        "hit_reason": hit["reason"],
        "fingerprint": hit.get("fingerprint", ""),
        "designation_id": hit["designation"]["id"],
        "designation_fingerprint": hit["designation"].get("fingerprint", ""),
        "facts": [
            {
                "about": fact.about,
                "speaks": fact.speaks,
                "says": fact.says,
                "sources": [
                    {"where": source.where, "place": source.place, "says": source.says}
                    for source in fact.sources
                ],
            }
            for fact in suggestion.facts
        ],
    }
    return orjson.dumps(record)


def made_from_json(raw: bytes) -> Made:
    """The fields of a suggestion that are measured. Raises ValueError for bytes that are not a suggestion."""
    try:
        record: Mapping[str, str] = orjson.loads(raw)
        if wrong := wrong_field(record, SuggestionRecord):
            raise ValueError(f"no suggestion: {wrong} is not what one has there")
        at = datetime.fromisoformat(record["suggested_at"])
        if at.tzinfo is None:
            raise ValueError("no suggestion: suggested_at has no offset")
        return Made(
            alert_id=record["alert_id"],
            pair=pair_key(record["fingerprint"], record["designation_id"]),
            designation_fingerprint=record["designation_fingerprint"],
            suggested=Suggested(record["suggested"]),
            rule=record["rule"],
            at=at,
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no suggestion: {error!r}") from error
