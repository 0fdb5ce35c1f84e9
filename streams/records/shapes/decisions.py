"""What stands on the topics of decisions and of alerts, and the comparison of two policies."""

from typing import Any, NotRequired, TypedDict

from screening.evaluation.report import Report

OFFSETS = "offsets"
"""What stands beside the lists in `list` of decisions: no list has this name."""
ListsRecord = dict[str, Any]
"""`list` of decisions: a version for each list under its name, and `offsets`. A TypedDict cannot say that: it
knows no open names beside a fixed one."""


class EventPlace(TypedDict):
    """Where a payment's event stands."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int


class EndRecord(TypedDict):
    codes: list[str]
    names: list[str]


class StoppedRecord(TypedDict):
    """The stopped payment that a hit says is sent again."""

    alert_id: str
    payment_id: str
    at: str
    amount: str
    currency: str
    debtor: EndRecord
    creditor: EndRecord
    role: str
    value: str
    fingerprint: str
    designation_id: str


class DesignationInHit(TypedDict):
    id: str
    name: str
    kind: str | None
    programs: list[str]
    linked_to: list[str]
    fingerprint: NotRequired[str]


class TieRecord(TypedDict):
    one: str
    relation: str
    other: str
    percent: NotRequired[float | None]


class ExplanationRecord(TypedDict):
    query: str
    matched: str
    how: str
    weight: float
    similarity: float


class HitRecord(TypedDict):
    """`hits[]` of decisions and alerts."""

    alert_id: str
    reason: str
    role: str
    path: str
    value: str
    designation: DesignationInHit
    matched: str | None
    name_type: NotRequired[str | None]
    alias_quality: NotRequired[str | None]
    score: float
    threshold: float
    action: str
    summary: NotRequired[str]
    network: NotRequired[list[TieRecord]]
    explanation: list[ExplanationRecord]
    fingerprint: NotRequired[str]
    confirmed_by: NotRequired[str | None]
    stopped: NotRequired[StoppedRecord]


class SuppressedBy(TypedDict):
    by: str
    reason: str
    until: str


class SuppressedHitRecord(HitRecord):
    """`suppressed[]` of decisions: a hit with the disposition that suppresses it."""

    disposition: SuppressedBy


class Replaces(TypedDict):
    """The dead letter whose message was sent again."""

    dead_letter: str
    event: str
    decision_id: NotRequired[str]


class MoreOfDecision(TypedDict, total=False):
    """What a decision says beside what was decided."""

    replaces: Replaces


class DecisionRecord(MoreOfDecision):
    """`screening.decisions`."""

    decision_id: str
    payment_id: str
    outcome: str
    screened_at: str
    latency_ms: float
    list: ListsRecord
    policy: str
    matcher: str
    trigger: str
    hits: list[HitRecord]
    event: NotRequired[EventPlace]
    error: NotRequired[str]
    hits_left_out: NotRequired[int]
    left_out_bytes: NotRequired[int]
    notes: NotRequired[list[str]]
    suppressed: NotRequired[list[SuppressedHitRecord]]


class PartyInAlert(TypedDict):
    role: str
    names: NotRequired[list[str]]
    addresses: NotRequired[list[str]]
    countries: NotRequired[list[str]]
    accounts: NotRequired[list[str]]
    texts: NotRequired[list[str]]


class PaymentInAlert(TypedDict):
    id: str
    format: str
    time: NotRequired[str | None]
    amount: NotRequired[str | None]
    currency: NotRequired[str | None]
    rail: NotRequired[str | None]
    uetr: NotRequired[str | None]
    status: NotRequired[str | None]
    parties: list[PartyInAlert]


class OriginalDecision(TypedDict):
    """The decision that let a payment pass which a lookback alerts."""

    decision_id: str
    outcome: str
    screened_at: str


class UpdateRecord(TypedDict):
    """What became of an alert that is sent again."""

    id: str
    state: str
    what: str
    changed: list[str]
    at: str
    offset: int
    verdict: NotRequired[str]
    by: NotRequired[str]
    reason: NotRequired[str]
    delisted: NotRequired[bool]


class RepeatRecord(TypedDict):
    """Of a hit whose pair was alerted before: the first alert, and the how manieth this is."""

    first_alert_id: str
    number: int


class MoreOfAlert(MoreOfDecision, total=False):
    """What an alert says beside the decision and the payment."""

    repeats: dict[str, RepeatRecord]
    original: OriginalDecision | None
    stoppable: bool | None


class AlertRecord(DecisionRecord, MoreOfAlert):
    """`screening.alerts`: the decision with the payment."""

    payment: PaymentInAlert
    update: NotRequired[UpdateRecord]


class ComparisonRecord(Report):
    """`screening.shadow`."""

    worker: str
    since: str
    until: str
    current_policy: str
    proposed_policy: str
    list: ListsRecord
    left_out: int
