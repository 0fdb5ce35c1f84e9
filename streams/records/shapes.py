"""What stands on each topic as types, field by field as `config/schemas` says; a test compares the two.

A field that may be absent is `NotRequired`. Times are text in ISO 8601, closed sets of words are text.
`wrong_field` holds a record to its shape, whoever wrote it.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple, NotRequired, TypedDict, get_args, get_origin, get_type_hints, is_typeddict

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


class NameRecord(TypedDict):
    text: str
    type: NotRequired[str]
    quality: NotRequired[str]


class IdentifierRecord(TypedDict):
    scheme: str
    value: str
    country: NotRequired[str]
    note: NotRequired[str]


class DateRangeRecord(TypedDict):
    earliest: str
    latest: str
    circa: NotRequired[bool]


class AddressRecord(TypedDict, total=False):
    text: str
    city: str
    region: str
    postal_code: str
    country: str


class LinkRecord(TypedDict):
    name: str
    relation: NotRequired[str]
    to: NotRequired[str]
    percent: NotRequired[float]


class DesignationRecord(TypedDict):
    """`designations`, under `source:uid`."""

    id: str
    names: list[NameRecord]
    kind: NotRequired[str]
    programs: NotRequired[list[str]]
    identifiers: NotRequired[list[IdentifierRecord]]
    birth_dates: NotRequired[list[DateRangeRecord]]
    birth_places: NotRequired[list[str]]
    countries: NotRequired[list[str]]
    gender: NotRequired[str]
    addresses: NotRequired[list[AddressRecord]]
    links: NotRequired[list[LinkRecord]]
    listed_on: NotRequired[str]
    remarks: NotRequired[str]


class PublicationRecord(TypedDict):
    """What every marker of one publication says."""

    list: str
    version: str
    count: int
    sha256: str
    run: NotRequired[str]
    reason: NotRequired[str]
    by: NotRequired[str]
    source_date: NotRequired[str]
    source_sha256: NotRequired[str]


class MarkerRecord(PublicationRecord):
    """`designations`, the markers of a publication."""

    marker: str
    published_at: str


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


class AnswerRecord(TypedDict):
    """`screening.answers`."""

    answer_id: str
    payment_id: str
    event: EventPlace
    course: str
    cause: str
    status: str
    answered_at: str
    due: str
    reason: NotRequired[str]
    rail: NotRequired[str]
    uetr: NotRequired[str]
    decision_id: NotRequired[str]
    follows: NotRequired[str]
    pacs002: NotRequired[str]


class StoppedHitRecord(TypedDict):
    fingerprints: list[str]
    designation_id: str
    designation_fingerprint: str


class StopRecord(TypedDict):
    """`screening.stops`, under the place of the payment's record."""

    cause: str
    rail: str
    due: float
    hits: list[StoppedHitRecord]
    whole: bool
    ended: bool
    at: NotRequired[float]
    payment_ids: NotRequired[list[str]]


class ComparisonRecord(Report):
    """`screening.shadow`."""

    worker: str
    since: str
    until: str
    current_policy: str
    proposed_policy: str
    list: ListsRecord
    left_out: int


class _Fields(NamedTuple):
    """Of one shape: the types of those that hold one value, and checks of the others."""

    single: Mapping[str, frozenset[type]]
    more: Mapping[str, Callable[[Any], bool]]


def wrong_field(record: Mapping[str, Any], shape: type) -> str:
    """The first field that has another type than the shape says; empty if none has. A field may be missing,
    as in records of earlier versions, and one that the shape does not have may be anything."""
    single, more = _fields(shape)
    for name, value in record.items():
        types = single.get(name)
        if types is not None:
            if type(value) not in types:
                return name
        elif name in more and not more[name](value):
            return name
    return ""


@cache
def _fields(shape: type) -> _Fields:
    kinds = {name: kind for name, kind in get_type_hints(shape).items() if kind is not Any}
    single = {name: types for name, kind in kinds.items() if (types := _types(kind))}
    return _Fields(single, {name: _check(kind) for name, kind in kinds.items() if name not in single})


def _types(kind: Any) -> frozenset[type]:
    """The types of a single value; none for what holds more."""
    if (origin := get_origin(kind)) in (list, dict) or is_typeddict(kind) or kind is Any:
        return frozenset()
    if origin is None:
        return frozenset((float, int)) if kind is float else frozenset((kind,))
    found = [_types(each) for each in get_args(kind)]
    return frozenset[type]().union(*found) if all(found) else frozenset()


def _check(kind: Any) -> Callable[[Any], bool]:
    """Of a value that holds more."""
    if is_typeddict(kind):
        return lambda value: isinstance(value, dict) and not wrong_field(value, kind)
    origin, (*_, of) = get_origin(kind), get_args(kind)
    if origin not in (list, dict):  # a shape, or none
        shape = _check(get_args(kind)[0])
        return lambda value: value is None or shape(value)
    if types := _types(of):
        return lambda value: isinstance(value, origin) and types.issuperset(map(type, _values(value)))
    if of is Any:
        return lambda value: isinstance(value, origin)
    check = _check(of)
    return lambda value: isinstance(value, origin) and all(map(check, _values(value)))


def _values(several: Any) -> Any:
    return several.values() if isinstance(several, dict) else several
