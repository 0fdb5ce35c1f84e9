"""Dispositions: what case systems found a hit to be, and what that means for the pair's next payment.

A pair is a party's fingerprint and a designation. A false positive suppresses the pair until it expires, or
until what the party or the list says about itself changes; a suppressed hit stays in the decision. A true
positive is held whatever the policy asks for.

With four eyes, the disposition in force stays until a second person approves what replaces it. Only what
makes more payments wait takes effect at once: a true positive, and the end of a false positive. And a
disposition whose giver stated what was in force does not end a true positive that came in the meantime.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from screening.cases.people import check_two
from screening.decisions import Decision, Hit, Outcome, SuppressedHit
from screening.designations import Designation
from screening.fingerprints import designation_fingerprint
from screening.policy.rules import Action


class Verdict(StrEnum):
    FALSE_POSITIVE = "false_positive"
    TRUE_POSITIVE = "true_positive"


def pair_key(fingerprint: str, designation_id: str) -> str:
    """The key of a party and a designation, on the topic as well: what a disposition is about."""
    return f"{fingerprint}|{designation_id}"


@dataclass(frozen=True, slots=True)
class Disposition:
    """One disposition; `by`, `reason` and `until` are never empty. Raises ValueError if one is."""

    fingerprint: str
    """The party, as `hits[].fingerprint` of the alert says."""
    designation_id: str
    designation_fingerprint: str
    """What was known of the designation, as `hits[].designation.fingerprint` of the alert says."""
    verdict: Verdict
    by: str
    reason: str
    until: datetime
    """With its offset; from then on the disposition does not count."""
    approved_by: str = ""
    """The second pair of eyes."""
    hit_reason: str = ""
    """By what the pair hit, as `hits[].reason` of the alert says; precision is counted by it."""
    stood: str | None = None
    """The `mark` of what stood of the pair when this was given, or approved; empty of nothing. None where
    nobody says."""

    def __post_init__(self) -> None:
        for name in ("fingerprint", "designation_id", "designation_fingerprint", "by", "reason"):
            if not getattr(self, name).strip():
                raise ValueError(f"a disposition needs {name}")
        if self.until.tzinfo is None:
            raise ValueError("until: a time with its offset is needed, such as 2027-01-31T00:00:00Z")
        check_two(self.by, self.approved_by)

    @property
    def key(self) -> str:
        """The pair's key, also on the topic."""
        return pair_key(self.fingerprint, self.designation_id)

    @property
    def mark(self) -> str:
        """Identifies it among others of its pair, also for a reader: `true_positive by ann until 2027-…`."""
        return f"{self.verdict} by {self.by} until {self.until.isoformat()}"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one person wants for a pair: a disposition, or with None the withdrawal of the one in force. It
    has no effect until another person approves it. Raises ValueError if who or why is missing."""

    pair: str
    by: str
    reason: str
    disposition: Disposition | None = None
    approved_by: str = ""
    """The second pair of eyes."""
    stood: str | None = None
    """The `mark` of what stood when it was approved, as of a disposition."""

    def __post_init__(self) -> None:
        for name in ("pair", "by", "reason"):
            if not getattr(self, name).strip():
                raise ValueError(f"{name} is missing; say who proposes what, and why")
        check_two(self.by, self.approved_by)
        if self.disposition and (self.disposition.key, self.disposition.by) != (self.pair, self.by):
            raise ValueError("a proposal's disposition is of its own pair and by the same person")

    @property
    def approved(self) -> Disposition | None:
        """The disposition with both names; None for a withdrawal."""
        disposition = self.disposition
        return disposition and replace(disposition, approved_by=self.approved_by, stood=self.stood)

    @property
    def unapproved(self) -> "Proposal":
        """The disposition before a second person approved it."""
        disposition = self.disposition and replace(self.disposition, approved_by="", stood=None)
        return replace(self, disposition=disposition, approved_by="", stood=None)


ONE_YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class SuppressionRules:
    """When a false positive suppresses its pair."""

    four_eyes: bool = False
    """Only when a second person approved it."""
    longest: timedelta = ONE_YEAR
    """And for no longer than this after it was given, whatever it says itself."""

    def why_not(self, given: "Given", listed: Designation | None, now: datetime) -> str:
        """Why a false positive does not suppress its pair now, in a few words; empty if it does.

        `listed` is the entry as it is now, None if it is not listed.
        """
        if out_of_force := self._out_of_force(given, now):
            return out_of_force
        if listed is None:
            return "not listed"
        if given.disposition.designation_fingerprint != designation_fingerprint(listed):
            return "the list says something else of it now"
        return ""

    def lifts(self, given: "Given", designation_fingerprint: str, now: datetime) -> bool:
        """Whether a false positive applies to the hit that a decision shows, with the entry as it was
        there."""
        judged = given.disposition.designation_fingerprint
        return not self._out_of_force(given, now) and judged == designation_fingerprint

    def answers(self, given: "Given", raised: datetime, designation_fingerprint: str) -> bool:
        """Whether a disposition answers a hit that was alerted at a moment, with the entry as it was there.

        One that had expired by then does not: the pair alerts again, and somebody must look. Nor does one
        that had expired when it came, or that waits for its second person.
        """
        judged = given.disposition.designation_fingerprint
        if self.waits(given.disposition) or judged != designation_fingerprint:
            return False
        return max(raised, given.at or raised) < self.ends(given)

    def waits(self, disposition: "Disposition") -> bool:
        """Whether it waits for a second person, and has no effect until then."""
        is_false = disposition.verdict is Verdict.FALSE_POSITIVE
        return self.four_eyes and is_false and not disposition.approved_by

    def keeps(self, stands: "Given", coming: Disposition | None, at: datetime | None) -> bool:
        """Whether the disposition in force stays although another came at a moment, or with None a
        withdrawal. So it does if the other would release more, and four eyes are required but only one person
        acted, or its giver had not seen the one in force."""
        if at is not None and at >= self.ends(stands):
            return False
        if coming and self.overlooks(stands, coming.stood, at):
            return _releases(stands.disposition, coming)
        if not self.four_eyes or (coming and coming.approved_by) or self.waits(stands.disposition):
            return False
        if stands.disposition.verdict is Verdict.FALSE_POSITIVE:
            return coming is not None and coming.verdict is Verdict.FALSE_POSITIVE
        return _releases(stands.disposition, coming)

    def overlooks(self, stands: "Given", stood: str | None, at: datetime | None) -> bool:
        """Whether another true positive was in force at a moment than the one that the giver saw."""
        if stood is None or (at is not None and at >= self.ends(stands)):
            return False
        return stands.disposition.verdict is Verdict.TRUE_POSITIVE and stands.disposition.mark != stood

    def ends(self, given: "Given") -> datetime:
        """From when on a disposition no longer counts; for a true positive its `until` alone decides."""
        until = given.disposition.until
        if given.at is None or given.disposition.verdict is Verdict.TRUE_POSITIVE:
            return until
        return until if until - given.at <= self.longest else given.at + self.longest

    def _out_of_force(self, given: "Given", now: datetime) -> str:
        disposition = given.disposition
        if now >= disposition.until:
            return "expired"
        if given.at and now - given.at >= self.longest:
            return f"older than {self.longest.days} days"
        if given.at and given.at - now > CLOCKS:
            return "given in the future"
        if self.four_eyes and not disposition.approved_by:
            return "not approved by a second person"
        return ""


def _releases(true: Disposition, coming: Disposition | None) -> bool:
    """Whether the new disposition lets go payments that a true positive holds, or lets them go sooner."""
    return coming is None or coming.verdict is Verdict.FALSE_POSITIVE or coming.until < true.until


CLOCKS = timedelta(minutes=10)
"""By so much a writer's clock may be ahead of ours."""


@dataclass(frozen=True, slots=True)
class Given:
    """A disposition, and when its record came by the broker's time; None if nobody knows."""

    disposition: Disposition
    at: datetime | None = None


def mark_of(stands: Given | None) -> str:
    """The mark of the disposition in force, which a giver states as seen; empty for none."""
    return stands.disposition.mark if stands else ""


class Proposed(NamedTuple):
    """A waiting proposal, and when it came."""

    proposal: Proposal
    at: datetime | None = None


class Dispositions:
    """The disposition of each pair, and what waits there for a second person."""

    def __init__(self, rules: SuppressionRules | None = None) -> None:
        self._rules = rules or SuppressionRules()
        self._by_pair: dict[str, Given] = {}
        self._proposed: dict[str, Proposed] = {}
        self.unsettled: dict[str, None] = {}
        """Pairs of which something stands though a newer record is in its place, so that compaction would
        lose it; in the order in which that came."""

    def __len__(self) -> int:
        return len(self._by_pair)

    def __iter__(self) -> Iterator[Disposition]:
        return (given.disposition for given in self._by_pair.values())

    def put(self, disposition: Disposition, at: datetime | None = None) -> None:
        """A disposition that came at a moment replaces the pair's earlier one, or waits to replace it."""
        key = disposition.key
        self._proposed.pop(key, None)
        if self._keeps(key, disposition, at):
            self._waits(Proposal(key, disposition.by, disposition.reason, disposition), at)
            self.unsettled[key] = None
        else:
            self._by_pair[key] = Given(disposition, at)
            self.unsettled.pop(key, None)

    def remove(self, key: str, at: datetime | None = None) -> None:
        """Withdraw a disposition, unless that takes two people; an unknown pair is no error."""
        if self._keeps(key, None, at):
            self.unsettled[key] = None
        else:
            self.forget(key)

    def propose(self, proposal: Proposal, at: datetime | None) -> None:
        """Let a proposal wait, or apply it if a second person approved it. Without four eyes nothing can
        wait, and it is ignored."""
        stands = self._by_pair.get(proposal.pair)
        if not proposal.approved_by:
            self._waits(proposal, at)
        elif (disposition := proposal.approved) is not None:
            self.put(disposition, at)
        elif stands and self._rules.overlooks(stands, proposal.stood, at):
            self._waits(proposal, at)
        else:
            self.forget(proposal.pair)

    def retract(self, pair: str) -> None:
        """Drop what waits; an unknown pair is no error."""
        self._proposed.pop(pair, None)

    def forget(self, pair: str) -> None:
        """Drop a pair's disposition and what waits."""
        self._by_pair.pop(pair, None)
        self._proposed.pop(pair, None)
        self.unsettled.pop(pair, None)

    def _waits(self, proposal: Proposal, at: datetime | None) -> None:
        """Let it wait for a second person."""
        if self._rules.four_eyes:
            self._proposed[proposal.pair] = Proposed(proposal.unapproved, at)

    def _keeps(self, pair: str, coming: Disposition | None, at: datetime | None) -> bool:
        stands = self._by_pair.get(pair)
        return stands is not None and self._rules.keeps(stands, coming, at)

    def become(self, others: "Dispositions") -> set[str]:
        """Take over what another object holds, and nothing else; returns the pairs whose disposition
        differs."""
        before = self._by_pair
        self._by_pair = {given.disposition.key: given for given in others.given()}
        self._proposed = {waits.proposal.pair: waits for waits in others.proposed()}
        self.unsettled = dict(others.unsettled)
        pairs = before.keys() | self._by_pair.keys()
        return {pair for pair in pairs if before.get(pair) != self._by_pair.get(pair)}

    def waiting(self, pair: str) -> Proposed | None:
        """What a second person is asked for: a proposal, or a false positive that is not approved."""
        if found := self._proposed.get(pair):
            return found
        given = self._by_pair.get(pair)
        if given is None or not self._rules.waits(given.disposition):
            return None
        disposition = given.disposition
        return Proposed(Proposal(pair, disposition.by, disposition.reason, disposition), given.at)

    def proposed(self) -> Iterator[Proposed]:
        """Every proposal beside a pair's disposition."""
        yield from self._proposed.values()

    def given(self) -> Iterator[Given]:
        """Each pair's disposition, and when it came."""
        yield from self._by_pair.values()

    def of_pair(self, key: str) -> Given | None:
        """A pair's disposition, whether it is in force or not."""
        return self._by_pair.get(key)

    def apply(self, decision: Decision, now: datetime) -> Decision:
        """The decision with suppressed hits set apart and confirmed hits held."""
        if not self._by_pair or not decision.hits:
            return decision
        hits: list[Hit] = []
        suppressed: list[SuppressedHit] = []
        for hit in decision.hits:
            given = self._in_force(hit, now)
            if given is None:
                hits.append(hit)
            elif given.verdict is Verdict.TRUE_POSITIVE:
                hits.append(replace(hit, action=Action.HOLD, confirmed_by=given.by))
            else:
                suppressed.append(SuppressedHit(hit, given.by, given.reason, given.until))
        outcome = Outcome.HIT if hits else Outcome.CLEAR
        return replace(decision, hits=tuple(hits), suppressed=tuple(suppressed), outcome=outcome)

    def judged(
        self, fingerprint: str, designation_id: str, designation_fingerprint: str, now: datetime
    ) -> Disposition | None:
        """The disposition in force on a hit as a decision shows it: its party, and its designation as it was
        then."""
        given = self._by_pair.get(pair_key(fingerprint, designation_id))
        if given is None:
            return None
        if given.disposition.verdict is Verdict.TRUE_POSITIVE:
            return given.disposition if now < given.disposition.until else None
        return given.disposition if self._rules.lifts(given, designation_fingerprint, now) else None

    def _in_force(self, hit: Hit, now: datetime) -> Disposition | None:
        """The disposition on the hit's own pair, or else on the pair that stopped the payment which it
        resubmits."""
        fingerprints = [hit.fingerprint, *([hit.stopped.fingerprint] if hit.stopped else ())]
        for fingerprint in fingerprints:
            given = self._by_pair.get(pair_key(fingerprint, hit.designation.id))
            if given is None:
                continue
            if given.disposition.verdict is Verdict.TRUE_POSITIVE:
                if now < given.disposition.until:
                    return given.disposition
            elif not self._rules.why_not(given, hit.designation, now):
                return given.disposition
        return None
