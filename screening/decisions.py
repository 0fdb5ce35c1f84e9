"""What screening says: a `Decision` for every payment, with a `Hit` for every match, each explained."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from screening.cases.stopped import Stopped
from screening.designations import Designation, Name
from screening.hits.by_ownership import Tie
from screening.payments.model import Role
from screening.policy.rules import Action

MATCHER = "1.3.0"
"""Version of everything that can change a hit: normalisation, index, scorer. Part of every id."""


class Outcome(StrEnum):
    CLEAR = "clear"
    HIT = "hit"
    ERROR = "error"


class Reason(StrEnum):
    """By what a party hit."""

    NAME = "name"
    TEXT = "text"
    IDENTIFIER = "identifier"
    COUNTRY = "country"
    GOODS = "goods"
    OWNERSHIP = "ownership"
    STRIPPING = "stripping"
    """By nothing of its own: a stopped payment sent again without what stopped it."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One reason for a score: an aligned pair of tokens, a leftover (other side empty), or evidence.

    `how` is one of the field's words ("exact", "spelling", "phonetic", "initial", "legal form",
    "unmatched", "birth date", ...), `weight` what it counted, `similarity` 0..1 (evidence: its effect).
    """

    query: str
    matched: str
    how: str
    weight: float
    similarity: float


@dataclass(frozen=True, slots=True)
class Hit:
    """One party of a payment against one designation, best name only."""

    designation: Designation
    name: Name | None
    """The designation's name that matched; None where an identifier or a country did."""
    value: str
    """What the payment said, exactly."""
    score: float
    threshold: float
    action: Action
    reason: Reason = Reason.NAME
    role: Role = Role.OTHER
    path: str = ""
    explanation: tuple[Explanation, ...] = ()
    summary: str = ""
    """One sentence an analyst can read."""
    network: tuple[Tie, ...] = ()
    """Who is tied to the designation, whichever of the two entries says so."""
    alert_id: str = ""
    fingerprint: str = ""
    """The party, as a case system's verdict names it (`screening.cases.fingerprints`)."""
    confirmed_by: str = ""
    """Who found an earlier hit of this pair to be true."""
    stopped: Stopped | None = None
    """The payment that this one resubmits, altered (`screening.hits.by_resubmission`)."""


@dataclass(frozen=True, slots=True)
class SuppressedHit:
    """A hit that a case system's verdict silences: who said so, why, and until when."""

    hit: Hit
    by: str
    reason: str
    until: datetime


@dataclass(frozen=True, slots=True)
class ListVersion:
    """Which state of a list a decision was taken with."""

    version: str
    entries: int
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class ListState:
    """Every list in force and the topic offsets applied, as named in a decision."""

    versions: Mapping[str, ListVersion] = field(default_factory=dict)
    offsets: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome for one payment and everything it was taken with."""

    decision_id: str
    payment_id: str
    outcome: Outcome
    hits: tuple[Hit, ...]
    lists: ListState
    policy: str
    matcher: str = MATCHER
    trigger: str = "payment"
    error: str = ""
    notes: tuple[str, ...] = ()
    """What else the reader must know, e.g. "ofac not applied on rail sepa_instant by policy"."""
    suppressed: tuple[SuppressedHit, ...] = ()


def decision_id(payment_id: str, trigger: str) -> str:
    """The same for every delivery of one payment, so that consumers can drop repeats."""
    return _digest("decision", payment_id, trigger, MATCHER)


def alert_id(payment_id: str, role: str, path: str, designation_id: str) -> str:
    """The same for every delivery; differs by payment, role, place, designation and matcher version."""
    return _digest("alert", payment_id, role, path, designation_id, MATCHER)


def resubmission_alert_id(payment_id: str, stopped_alert_id: str) -> str:
    """Of a payment that comes again in the place of a stopped one: never an id of that one, be the payment's
    own id the same."""
    return _digest("resubmission", payment_id, stopped_alert_id, MATCHER)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
