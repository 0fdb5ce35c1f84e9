"""Stripping: a stopped payment that is sent again without what stopped it, or with that spelt differently.

The amount and both ends are the same, and it comes soon after, but the value that hit is gone: removed,
shortened, or altered until no list matches it (Wolfsberg Group, Payment Transparency Standards: information
must not be omitted, deleted or altered to avoid its detection). Such a payment is a hit on the designation
that the stopped one hit, whatever its own names say. Hits are only ever added.

Not affected are payments with another amount or currency, another payee or another payer, and payments that
still contain what hit, such as a retry or one that a list or a policy no longer stops.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

from rapidfuzz.distance import Indel

from screening.cases.stopped import ENDS, MOST_OF_AN_END, end_of, money, party_words
from screening.decisions import (
    Decision,
    End,
    Explanation,
    Hit,
    Outcome,
    Reason,
    Stopped,
    resubmission_alert_id,
)
from screening.designations import Designation
from screening.fingerprints import plain, resubmission_fingerprint, squeezed
from screening.payments.model import Field, Party, Payment
from screening.policy.rules import Policy

ALIKE = 0.6
"""Two spellings are one name altered from this similarity on. Of unrelated pairs of names on OFAC's list, 0.4
% of companies and 0.2 % of persons reach it; "Bank Melli Iran" and "BK MELI IRAN" have 0.87, "Versor s.r.o."
and "V.s.r.o." 0.62."""


class Listed(Protocol):
    """The list and the policy in force, as a `Screener` holds them."""

    @property
    def policy(self) -> Policy: ...

    def get(self, designation_id: str) -> Designation | None: ...


class Change(StrEnum):
    """What happened to the value that hit."""

    REMOVED = "removed"
    SHORTENED = "shortened"
    ALTERED = "altered"


def stopped_by(payment: Payment, decision: Decision, at: datetime) -> Iterator[Stopped]:
    """What to remember of a payment that hit: nothing without an amount, an end, or a hit of its own."""
    if not decision.hits:
        return
    amount = money(payment.amount, payment.currency)
    words = [party_words(party) for party in payment.parties]
    debtor, creditor = (end_of(words, role, MOST_OF_AN_END) for role in ENDS)
    if amount is None or not (debtor or creditor):
        return
    for hit in decision.hits:
        if hit.reason is not Reason.STRIPPING:
            yield Stopped(
                alert_id=hit.alert_id,
                payment_id=payment.id,
                at=at.replace(microsecond=at.microsecond // 1000 * 1000),  # as it stands in the alert
                amount=amount[0],
                currency=amount[1],
                debtor=debtor,
                creditor=creditor,
                role=hit.role,
                value=hit.value,
                fingerprint=hit.fingerprint,
                designation_id=hit.designation.id,
            )


def with_resubmissions(
    payment: Payment, decision: Decision, stopped: Iterable[Stopped], lists: Listed
) -> Decision:
    """The decision with one more hit for each designation that a payment of `stopped` hit and this one does
    not; the first of `stopped` counts. A designation that is delisted, or that the policy does not apply
    here, adds nothing."""
    hit_already = {hit.designation.id for hit in decision.hits}
    added: dict[str, Hit] = {}
    for each in stopped:
        if each.designation_id in hit_already or each.designation_id in added:
            continue
        if hit := _resubmission(payment, decision.content, each, lists):
            added[each.designation_id] = hit
    if not added:
        return decision
    return replace(decision, hits=(*decision.hits, *added.values()), outcome=Outcome.HIT)


def _resubmission(payment: Payment, content: str, stopped: Stopped, lists: Listed) -> Hit | None:
    listed, policy = lists.get(stopped.designation_id), lists.policy
    if listed is None:
        return None
    ruling = policy.ruling(listed.source, listed.programs, listed.kind, stopped.role, payment.rail)
    tie = _tie(payment, stopped, policy.stripping.same)
    if ruling is None or not tie or _says(payment, stopped.value):
        return None
    threshold, action = ruling
    now, change = _instead(payment.parties, stopped)
    amount = f"{stopped.amount} {stopped.currency}"
    at = f"{stopped.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return Hit(
        designation=listed,
        name=None,
        value=now.value,
        score=1.0,
        threshold=threshold,
        action=action,
        reason=Reason.STRIPPING,
        role=stopped.role,
        path=now.path,
        explanation=(
            Explanation(now.value, stopped.value, change, 1.0, round(_likeness(now.value, stopped.value), 4)),
            Explanation(amount, amount, "same amount", 1.0, 1.0),
            Explanation(tie, tie, "same end", 1.0, 1.0),
        ),
        summary=f"{amount} were stopped as {stopped.payment_id} at {at}; what hit there, {stopped.role} "
        f"{stopped.value[:80]}, is {change} here",
        alert_id=resubmission_alert_id(payment.id, content, stopped.alert_id),
        fingerprint=resubmission_fingerprint(payment, stopped.fingerprint),
        stopped=stopped,
    )


def _says(payment: Payment, value: str) -> bool:
    """Whether a payment still contains what hit, anywhere."""
    wanted = squeezed(value)
    return any(squeezed(field.value) == wanted for party in payment.parties for field in _fields(party))


def _fields(party: Party) -> Iterator[Field]:
    yield from (*party.names, *party.texts, *party.addresses, *party.countries)
    yield from (Field(code.value, code.path) for code in party.identifiers)


def _tie(payment: Payment, stopped: Stopped, same: frozenset[str]) -> str:
    """A word that shows both ends to be the same; empty if one of them belongs to another end."""
    words = [party_words(party) for party in payment.parties]
    ties: list[str] = []
    for role in ENDS:
        then, now = stopped.end(role), end_of(words, role)
        shared = _shared(then, now, same)
        ties += shared
        if role is stopped.role:
            if not shared and not _could_be(then, now, stopped.value):
                return ""
        elif not shared and (then or now):
            return ""
    return ties[0] if ties else ""


def _shared(then: End, now: End, same: frozenset[str]) -> list[str]:
    codes = [code for code in now.codes if code in then.codes] if "account" in same else []
    return codes + ([name for name in now.names if name in then.names] if "name" in same else [])


def _could_be(then: End, now: End, value: str) -> bool:
    """Whether an end without a word in common can be the party that hit: it is left out, has a similar name,
    or no longer states its own account."""
    if not now or any(_change(name, value) for name in now.names):
        return True
    return bool(then.codes) and not now.codes


def _instead(parties: Iterable[Party], stopped: Stopped) -> tuple[Field, Change]:
    """What is in the value's place now, and what kind of change that is."""
    found = [field for party in parties if party.role == stopped.role for field in _fields(party)]
    likely = max(found, key=lambda field: _likeness(field.value, stopped.value), default=None)
    if likely and (change := _change(likely.value, stopped.value)):
        return likely, change
    names = [field for party in parties if party.role == stopped.role for field in party.names]
    if names and plain(stopped.value) not in stopped.debtor.names + stopped.creditor.names:
        return Field("", names[0].path), Change.REMOVED  # it hit by something beside its name
    return (names[0], Change.ALTERED) if names else (Field("", ""), Change.REMOVED)


def _change(now: str, then: str) -> Change | None:
    """Whether one spelling is a shortened or altered form of another; None if they are unlike."""
    words, of = plain(now).split(), plain(then).split()
    initials = "".join(word[0] for word in of)
    if words and (
        all(any(each.startswith(word) for each in of) for word in words) or squeezed(now) == initials
    ):
        return Change.SHORTENED
    return Change.ALTERED if _likeness(now, then) >= ALIKE else None


def _likeness(now: str, then: str) -> float:
    return Indel.normalized_similarity(squeezed(now), squeezed(then)) if now else 0.0
