"""What screening says: a `Decision` for every payment, with a `Hit` for every match, each explained.

Ids are hashes of what they name, never random, so that a repeat carries the id of the first (`IDS`):

- a decision's id names the payment's id and screened content, trigger, policy, matcher, and what it says:
  outcome, error, hits and suppressed hits with the designations as they are. Of the list it names no more
  than that: a list that changed elsewhere gives the same id, one that changes what is said gives another.
- an alert's id names a hit: the payment's id and screened content, where and by what, the designation's id,
  the matcher. Neither trigger nor policy is in it: a lookback that finds what a worker found says the same.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from screening.designations import Designation, Name
from screening.fingerprints import designation_fingerprint
from screening.joining import as_one
from screening.payments.model import Payment, Role
from screening.policy.rules import Action

MATCHER: Final = "1.10.0"
"""Version of everything that can change a hit: normalisation, index, scorer. Part of a decision's id."""

IDS: Final = "2"
"""Version of the scheme of ids. 1 named neither the payment's content nor what was said."""

_ALERTED_SINCE: Final = "1.9.0"
"""The last matcher that alerts' ids named. They outlive updates: under other ids every case that is open, of
every customer above all, would be closed and raised anew."""


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
class Tie:
    """`one` is `relation` of/to `other`, which is an id, or a name that leads to no entry."""

    one: str
    relation: str
    other: str
    percent: float | None = None


@dataclass(frozen=True, slots=True)
class End:
    """Who stands at one end of a payment: its accounts and other codes, and its names, written plainly."""

    codes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.codes or self.names)


@dataclass(frozen=True, slots=True)
class Stopped:
    """One hit of a payment that was stopped; everything that is needed to know the payment again."""

    alert_id: str
    payment_id: str
    at: datetime
    amount: str
    """As `money` writes it."""
    currency: str
    debtor: End
    creditor: End
    role: Role
    """Where it hit, and `value` is what stood there."""
    value: str
    fingerprint: str
    designation_id: str

    def end(self, role: Role) -> End:
        return self.debtor if role is Role.DEBTOR else self.creditor


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
    """The party, as a case system's verdict names it (`screening.fingerprints`)."""
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

    @property
    def applied_to(self) -> int:
        """The offset behind the last record of the list that is applied; 0 where none is."""
        return self.offsets.get(0, 0)


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome for one payment and everything it was taken with."""

    payment_id: str
    content: str
    """Hash of the payment's screened content, or of the bytes that could not be read."""
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

    @property
    def decision_id(self) -> str:
        """The same for every repeat that says the same, so that consumers can drop it; else another."""
        said = [_said_of(hit) for hit in self.hits]
        said += (
            json.dumps([_said_of(held.hit), held.by, held.reason, held.until.isoformat()])
            for held in self.suppressed
        )
        own = (self.payment_id, self.content, self.trigger, self.policy, self.matcher)
        return _digest("decision", *own, self.outcome, self.error, *self.notes, *said)


def content_of(payment: Payment) -> str:
    """32 hex digits over everything of a payment that is screened or that an alert is judged by.

    Its time, status, format and notes say nothing of whom it pays; they are left out, so that a status that
    moves on makes no other payment of it.
    """
    said = [payment.amount or "", payment.currency or "", payment.rail or "", payment.uetr or ""]
    for role, names, codes, addresses, countries, texts, kind, birth, gender in payment.parties:
        said.append(role)
        if kind:
            said.append("k" + kind)
        if birth or gender:
            said.append(repr((birth, gender)))
        for fields in (names, codes, addresses, countries, texts):
            # how many follow: no two payments are written alike
            said.append(str(len(fields)) if fields else "0")
            for field_ in fields:
                said.extend(field_)
    return _hash(as_one(said))


def content_of_bytes(raw: bytes | None) -> str:
    """The same for a message that cannot be read."""
    return hashlib.sha256(raw or b"").hexdigest()[:32]


def alert_id(hit: Hit, payment_id: str, content: str) -> str:
    """The same for every delivery of one payment, whatever matcher finds it; another content, place or
    designation gives another."""
    return _digest(
        *("alert", payment_id, content, hit.reason, hit.role, hit.path, hit.value, hit.designation.id),
        _ALERTED_SINCE,
    )


def resubmission_alert_id(payment_id: str, content: str, stopped_alert_id: str) -> str:
    """Of a payment that comes again in the place of a stopped one: never an id of that one, be the payment's
    own id the same."""
    return _digest("resubmission", payment_id, content, stopped_alert_id, _ALERTED_SINCE)


def _said_of(hit: Hit) -> str:
    listed, name = designation_fingerprint(hit.designation), hit.name.text if hit.name else ""
    return json.dumps([hit.alert_id, listed, name, hit.score, hit.threshold, hit.action, hit.confirmed_by])


def _digest(*parts: str) -> str:
    return _hash(as_one((IDS, *parts)))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
