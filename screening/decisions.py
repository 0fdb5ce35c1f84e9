"""What screening returns: a `Decision` for every payment, with a `Hit` for every match, each explained.

Ids are hashes and never random, so that a repeat carries the id of the first (`IDS`):

- a decision's id covers the payment's id and screened content, the trigger, the policy, the matcher, and the
  result: outcome, error, hits and suppressed hits with their designations as they are. Nothing else of the
  list counts: a change elsewhere in the list gives the same id, a change to the result gives another.
- an alert's id covers one hit: the payment's id and screened content, the place and reason of the hit, and
  the designation's id. Trigger, policy and matcher are left out, so that a lookback that finds what a worker
  found gives the same id.
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

MATCHER: Final = "1.11.0"
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
    """What kind of hit it is."""

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
    """One reason for a score: a pair of aligned words, a leftover word (the other side empty), or evidence.

    `how` is one of the field's words ("exact", "spelling", "phonetic", "initial", "legal form", "unmatched",
    "birth date", ...), `weight` is how much it counted, and `similarity` is 0..1 (for evidence: its effect).
    """

    query: str
    matched: str
    how: str
    weight: float
    similarity: float


@dataclass(frozen=True, slots=True)
class Tie:
    """`one` is `relation` of `other`; `other` is an id, or a name for which there is no entry."""

    one: str
    relation: str
    other: str
    percent: float | None = None


@dataclass(frozen=True, slots=True)
class End:
    """One end of a payment, debtor or creditor: its accounts and other codes, and its names in plain
    spelling."""

    codes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.codes or self.names)


@dataclass(frozen=True, slots=True)
class Stopped:
    """One hit of a stopped payment, with everything needed to recognise the payment when it comes again."""

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
    """The party, as a case system's disposition names it (`screening.fingerprints`)."""
    confirmed_by: str = ""
    """Who found an earlier hit of this pair to be true."""
    stopped: Stopped | None = None
    """The payment that this one resubmits, altered (`screening.hits.by_resubmission`)."""


@dataclass(frozen=True, slots=True)
class SuppressedHit:
    """A hit that a disposition suppresses: who gave it, why, and until when."""

    hit: Hit
    by: str
    reason: str
    until: datetime


@dataclass(frozen=True, slots=True)
class ListVersion:
    """The state of one list that a decision was taken with."""

    version: str
    entries: int
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class ListState:
    """Every list in force, and the topic offsets applied, as a decision names them."""

    versions: Mapping[str, ListVersion] = field(default_factory=dict)
    offsets: Mapping[int, int] = field(default_factory=dict)

    @property
    def applied_to(self) -> int:
        """The offset after the last list record that is applied; 0 if there is none."""
        return self.offsets.get(0, 0)


@dataclass(slots=True, init=False)
class Decision:
    """The outcome for one payment and everything it was decided with.

    Nothing changes a decision: `replace` makes another.
    """

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

    def __init__(
        self,
        payment_id: str,
        content: str,
        outcome: Outcome,
        hits: tuple[Hit, ...],
        lists: ListState,
        policy: str,
        matcher: str = MATCHER,
        trigger: str = "payment",
        error: str = "",
        notes: tuple[str, ...] = (),
        suppressed: tuple[SuppressedHit, ...] = (),
    ) -> None:
        """Written out to be compiled: what a dataclass generates takes ten times as long."""
        self.payment_id = payment_id
        self.content = content
        self.outcome = outcome
        self.hits = hits
        self.lists = lists
        self.policy = policy
        self.matcher = matcher
        self.trigger = trigger
        self.error = error
        self.notes = notes
        self.suppressed = suppressed

    @property
    def decision_id(self) -> str:
        """The same for every repeat with the same result, so that consumers can drop repeats."""
        said = [_said_of(hit) for hit in self.hits]
        said += (
            json.dumps([_said_of(held.hit), held.by, held.reason, held.until.isoformat()])
            for held in self.suppressed
        )
        own = (self.payment_id, self.content, self.trigger, self.policy, self.matcher)
        return _digest("decision", *own, self.outcome, self.error, *self.notes, *said)


def content_of(payment: Payment) -> str:
    """32 hex digits over everything in a payment that is screened or that an alert is judged by.

    Time, status, format and notes are left out, so that a change of status does not make it another payment.
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
    """The same for every delivery of one payment, whatever matcher finds the hit. Another content, place or
    designation gives another id."""
    return _digest(
        *("alert", payment_id, content, hit.reason, hit.role, hit.path, hit.value, hit.designation.id),
        _ALERTED_SINCE,
    )


def resubmission_alert_id(payment_id: str, content: str, stopped_alert_id: str) -> str:
    """The alert id of a payment that replaces a stopped one. It differs from the stopped payment's, even if
    both have the same payment id."""
    return _digest("resubmission", payment_id, content, stopped_alert_id, _ALERTED_SINCE)


def _said_of(hit: Hit) -> str:
    listed, name = designation_fingerprint(hit.designation), hit.name.text if hit.name else ""
    return json.dumps([hit.alert_id, listed, name, hit.score, hit.threshold, hit.action, hit.confirmed_by])


def _digest(*parts: str) -> str:
    return _hash(as_one((IDS, *parts)))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
