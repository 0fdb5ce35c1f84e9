"""What analysts are given and give: suggestions, dispositions, releases."""

from typing import NotRequired, TypedDict


class DispositionRecord(TypedDict):
    """`screening.dispositions`, under `party fingerprint|designation id`."""

    fingerprint: str
    designation_id: str
    designation_fingerprint: str
    verdict: str
    by: str
    reason: str
    until: str
    hit_reason: NotRequired[str]
    approved_by: NotRequired[str]
    stood: NotRequired[str]


class ReleaseRecord(TypedDict):
    """`screening.dispositions`, under `event|payments-3@17`: a word on one stopped payment."""

    event: str
    word: str
    by: str
    reason: str
    approved_by: NotRequired[str]


class SourceRecord(TypedDict):
    where: str
    place: str
    says: str


class FactRecord(TypedDict):
    about: str
    speaks: str
    says: str
    sources: list[SourceRecord]


class SuggestionRecord(TypedDict):
    """`screening.suggestions`, under the alert's id."""

    suggestion_id: str
    alert_id: str
    payment_id: str
    decision_id: str
    suggested: str
    rule: str
    rules: str
    suggested_at: str
    hit_reason: str
    fingerprint: str
    designation_id: str
    designation_fingerprint: str
    facts: list[FactRecord]
