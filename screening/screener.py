"""The screener: parties -> candidates -> score -> decide, as one pure call.

Tests, benchmarks, replay, the command line and the Faust agent all call `Screener.screen`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import replace
from typing import Final, Self

from screening.decisions import (
    Decision,
    Explanation,
    Hit,
    ListState,
    Outcome,
    Reason,
    alert_id,
    content_of,
    content_of_bytes,
)
from screening.designations import Designation, Kind
from screening.fingerprints import owned_fingerprint, party_fingerprint
from screening.hits.by_embargo import EmbargoIndex
from screening.hits.by_identifier import IdentifierIndex
from screening.hits.by_name import name_hits, text_hits
from screening.hits.by_ownership import Ties
from screening.hits.screened_parties import ScreenedParties
from screening.hits.split_names import split_names
from screening.limits import LimitError, check_size, short_id
from screening.matching.index import Index
from screening.matching.plain_words import load as load_plain_words
from screening.matching.snapshot import Recalled, Snapshot
from screening.names.cleaning import is_lost
from screening.names.transcription import load as load_transcriptions
from screening.payments.model import Field, Party, Payment, PaymentProblem, Role
from screening.policy.rules import Policy, Rule

MOST_TIES: Final = 25
"""A hit shows so many ties: enough for nearly every entry, while OFAC's best connected one has 139, which
would make each of its alerts many times larger. The list has the rest."""
REMEMBERED_PARTIES, REMEMBERED_BYTES = 50_000, 64 << 20
"""What parties hit is remembered up to both; one with address and account that hits nothing takes 600 bytes,
a hit a thousand."""


class _Table:
    """What the screeners of one table under several policies share, beside its indexes."""

    changes = 0
    """How often an entry came or went."""


class Screener:
    """A table of designations in memory, and the policy that it is screened with.

    `on_scored` is called with the number of pairs scored for a name, for benchmarks. `remembered` bounds the
    memory of parties screened before, in entries and bytes; decisions are the same without it.

    >>> from screening.designations import Name
    >>> screener = Screener(Policy())
    >>> screener.upsert(Designation("ofac:1", (Name("Ashot Mkrtychev"),)))
    frozenset()
    >>> [hit.designation.id for hit in screener.match("Ashot Mkrtichev", kind="person")]
    ['ofac:1']
    """

    def __init__(
        self,
        policy: Policy | None = None,
        on_scored: Callable[[int], object] | None = None,
        remembered: tuple[int, int] = (REMEMBERED_PARTIES, REMEMBERED_BYTES),
    ) -> None:
        self.policy = policy or Policy()
        self.lists = ListState()
        self.policy_sha256 = self.policy.sha256
        """Worked out once: each decision names it, and a desk that waits asks all the time."""
        self._named = tuple(sorted(self.policy.lists_named))
        load_plain_words()
        load_transcriptions()
        self._index = Index(on_scored)
        self._table = _Table()
        self._screened_parties = ScreenedParties(self.policy, *remembered)
        self._identifiers = IdentifierIndex()
        self._embargoes = EmbargoIndex(self.policy.embargoes)
        self._ties = Ties(
            self.policy.party_books,
            lambda entry: self.policy.reaches_what_it_owns(entry.source, entry.programs),
            self._index,
        )

    def __len__(self) -> int:
        return len(self._index)

    def under(self, policy: Policy) -> Self:
        """The same table under another policy: a view that follows it and has no memory of its own.

        The table depends on the policy's party books and on whose listing reaches what it owns, so it raises
        ValueError if the two policies differ in these.
        """
        if policy.ownership != self.policy.ownership:
            raise ValueError("party_books or no_ownership differ: two policies on one table need the same")
        other = copy(self)
        other.policy, other.policy_sha256 = policy, policy.sha256
        other._named = tuple(sorted(policy.lists_named))  # noqa: SLF001  a copy of its own
        other._embargoes = EmbargoIndex(policy.embargoes)  # noqa: SLF001
        other._screened_parties = self._screened_parties.under(policy)  # noqa: SLF001
        return other

    def get(self, designation_id: str) -> Designation | None:
        """An entry of the lists, or an embargo of the policy; None if there is none."""
        return self._index.get(designation_id) or self._embargoes.get(designation_id)

    def upsert(self, designation: Designation) -> frozenset[str]:
        """Add or replace one designation; in force with the next call.

        Returns the ids of companies in party books that became owned by blocked persons through this, or no
        longer are.
        """
        self._table.changes += 1
        self._index.put(designation)
        self._identifiers.put(designation)
        return self._ties.put(designation)

    def remove(self, designation_id: str) -> frozenset[str]:
        """Delist a designation; an unknown id is no error. Returns the same as `upsert`."""
        self._table.changes += 1
        self._index.remove(designation_id)
        self._identifiers.remove(designation_id)
        return self._ties.remove(designation_id)

    def recall(self, recalled: Recalled) -> None:
        """Load a snapshot of an index, before the first `upsert` of a list that may be in it; `settle` ends
        it."""
        self._index.recall(recalled)

    def settle(self) -> int:
        """Drop what was recalled and not used; returns how many names have been parsed since the start."""
        return self._index.settle()

    def snapshot(self) -> Snapshot:
        """What another screener can `recall`; valid until the next change."""
        return self._index.snapshot()

    def touched_by(self, designation_ids: Iterable[str]) -> frozenset[str]:
        """Every entry whose hits can change when these change: the entries themselves, and what they own."""
        return frozenset(self._ties.below(set(designation_ids)))

    def match(self, name: str, *, kind: Kind | str | None = None) -> list[Hit]:
        """One name against the table, best hit first.

        Raises LimitError for a text that is too long for a name, or in which an encoding destroyed too much.
        """
        if is_lost(name):
            raise LimitError(f"an encoding has destroyed the name {name[:70]!r}; give it in UTF-8")
        self._index.begin_payment()
        party = Party(Role.OTHER, names=(Field(name, ""),), kind=Kind(kind) if kind else None)
        return list(self._party_hits(party, rail=None))

    def screen(self, payment: Payment, *, trigger: str = "payment") -> Decision:
        """Every party of one payment against the table; a payment beyond a limit gets an `error` decision."""
        content = content_of(payment)
        if payment.refused:
            error = ": ".join(payment.refused)
            return self._decision(payment.id, content, trigger, Outcome.ERROR, (), error)
        try:
            hits = self._hits(payment, content)
        except LimitError as limit:
            error = f"{PaymentProblem.TOO_LARGE}: {limit}"
            return self._decision(payment.id, content, trigger, Outcome.ERROR, (), error)
        exempt = self._exempt(payment.rail)
        notes = (*payment.notes, *self._not_applied(exempt, payment.rail), *self._not_in_force())
        if hits:
            return self._decision(payment.id, content, trigger, Outcome.HIT, tuple(hits), notes=notes)
        if exempt and exempt.keys() == self.lists.versions.keys():
            if not all(rule.exemption for rule in exempt.values()):
                error = (
                    f"no list is applied on rail {payment.rail} by policy; if that is right, say why in the "
                    "rule (exemption = ...)"
                )
                return self._decision(payment.id, content, trigger, Outcome.ERROR, (), error, notes)
            reasons = dict.fromkeys(rule.exemption for rule in exempt.values())
            notes += tuple(f"exempt, for no list is applied: {reason}" for reason in reasons)
        outcome = Outcome.ERROR if (error := name_lost(payment)) else Outcome.CLEAR
        return self._decision(payment.id, content, trigger, outcome, (), error, notes)

    def _hits(self, payment: Payment, content: str) -> list[Hit]:
        """Every party's hits. Raises LimitError for a payment beyond a limit."""
        check_size(payment)
        self._index.begin_payment()
        hits: list[Hit] = []
        for party in payment.parties:
            if found := self._party_hits(party, payment.rail):
                hits += self._hits_of(found, party, payment, content)
        for party in split_names(payment.parties):
            found = self._party_hits(party, payment.rail)
            known = {hit.designation.id for hit in hits}
            more = tuple([hit for hit in found if hit.designation.id not in known])
            hits += self._hits_of(more, party, payment, content)
        return hits

    def _hits_of(self, found: tuple[Hit, ...], party: Party, payment: Payment, content: str) -> list[Hit]:
        """What a party hits as hits of its payment."""
        if not found:
            return []
        fingerprint = party_fingerprint(party, payment)
        return [self._of_payment(hit, payment.id, content, fingerprint) for hit in found]

    def refuse(
        self, payment_id: str, error: str, raw: bytes | None = None, *, trigger: str = "payment"
    ) -> Decision:
        """The `error` decision for something that could not be screened; `raw` is the message."""
        return self._decision(payment_id, content_of_bytes(raw), trigger, Outcome.ERROR, (), error)

    def _decision(
        self,
        payment_id: str,
        content: str,
        trigger: str,
        outcome: Outcome,
        hits: tuple[Hit, ...],
        error: str = "",
        notes: tuple[str, ...] = (),
    ) -> Decision:
        return Decision(
            payment_id=short_id(payment_id),
            content=content,
            outcome=outcome,
            hits=hits,
            lists=self.lists,
            policy=self.policy_sha256,
            trigger=trigger,
            error=error,
            notes=notes,
        )

    def _exempt(self, rail: str | None) -> Mapping[str, Rule]:
        """The lists in force that the policy does not apply at all on a rail, and the rule that says so."""
        if all(rule.apply for rule in self.policy.rules):
            return {}
        found = ((source, self.policy.exempts(source, rail)) for source in self.lists.versions)
        return {source: rule for source, rule in found if rule}

    def _not_applied(self, exempt: Iterable[str], rail: str | None) -> Iterator[str]:
        """The note that names the lists that the policy does not apply on a rail."""
        return (f"{source} not applied on rail {rail} by policy" for source in exempt)

    def _not_in_force(self) -> Iterator[str]:
        """The note that names lists in the policy that nobody has published: a mistake there, or here."""
        if self.lists.versions:
            for source in self._named:
                if source not in self.lists.versions:
                    yield f"list {source} is named by the policy and not in force"

    def remembered_parties(self) -> tuple[int, int]:
        """Parties screened since the last call, and how many of them were remembered."""
        return self._screened_parties.counted()

    def _party_hits(self, party: Party, rail: str | None) -> tuple[Hit, ...]:
        said, effort = self._screened_parties.said_of(party, rail), self._index.effort
        known = self._screened_parties.known(said, party, self._table.changes, effort)
        if known is not None:
            return known
        before = effort.so_far()
        hits = tuple(self._searched(party, rail))
        self._screened_parties.note(said, party, hits, effort.since(before))
        return hits

    def _searched(self, party: Party, rail: str | None) -> list[Hit]:
        """The hits of a party, strongest first."""
        hits = [
            *name_hits(party, rail, self._index, self.policy),
            *text_hits(party, rail, self._index, self.policy),
            *self._identifier_hits(party, rail),
            *self._country_hits(party, rail),
        ]
        if not hits:
            return hits
        best: dict[str, Hit] = {}
        for hit in hits:
            held = best.get(hit.designation.id)
            if held is None or hit.score > held.score:
                best[hit.designation.id] = hit
        judged = [kept for found in best.values() if (kept := self._by_ownership(found))]
        # an order that does not depend on how the list came to be, so that a replay gives the same bytes
        return sorted(judged, key=lambda hit: (-hit.score, hit.designation.id))

    def _by_ownership(self, hit: Hit) -> Hit | None:
        """A company of a party book hits only when blocked persons own it."""
        if hit.designation.source not in self.policy.party_books:
            return hit
        ownership = self._ties.owned(hit.designation.id)
        if ownership is None:
            return None
        owners = [(self._name_of(owner), percent) for owner, percent in ownership.owners]
        rows = (Explanation(name, f"{percent:g} %", "owner", 1.0, percent / 100) for name, percent in owners)
        shares = " and ".join(f"{percent:g} % by {name}" for name, percent in owners)
        return replace(
            hit,
            reason=Reason.OWNERSHIP,
            explanation=(*hit.explanation, *rows),
            summary=f"{hit.designation.name} is on no list, but owned {shares}",
        )

    def _name_of(self, designation_id: str) -> str:
        held = self.get(designation_id)
        return f"{held.name} ({held.id})" if held else designation_id

    def _of_payment(self, hit: Hit, payment_id: str, content: str, fingerprint: str) -> Hit:
        if hit.reason is Reason.OWNERSHIP:
            fingerprint = owned_fingerprint(fingerprint, self._ties.shares(hit.designation.id))
        return replace(
            hit,
            alert_id=alert_id(hit, payment_id, content),
            fingerprint=fingerprint,
            network=self._ties.network(hit.designation.id)[:MOST_TIES],
        )

    def _identifier_hits(self, party: Party, rail: str | None) -> Iterator[Hit]:
        """Listed numbers and codes, in the party's identifiers and anywhere in its texts."""
        for value, part, path, (designation, known) in self._identifiers.of_party(party):
            how = ("identifier", part, f"{known.scheme} {known.value}")
            yield from self._exact_hit(party, rail, designation, Reason.IDENTIFIER, value, path, how)

    def _country_hits(self, party: Party, rail: str | None) -> Iterator[Hit]:
        """Countries, regions and goods under embargo."""
        met: set[str] = set()  # the first place says enough; a text can name a country a thousand times
        for designation, reason, value, matched, how, path in self._embargoes.matches(party):
            if designation.id in met:
                continue
            met.add(designation.id)
            yield from self._exact_hit(party, rail, designation, reason, value, path, (how, value, matched))

    def _exact_hit(
        self,
        party: Party,
        rail: str | None,
        designation: Designation,
        reason: Reason,
        value: str,
        path: str,
        how: tuple[str, str, str],
    ) -> Iterator[Hit]:
        """The hit by a value that is equal, if the policy applies here."""
        ruling = self.policy.ruling(
            designation.source, designation.programs, designation.kind, party.role, rail
        )
        if ruling is not None:
            threshold, action = ruling
            word, query, matched = how
            yield Hit(
                designation=designation,
                name=None,
                value=value,
                score=1.0,
                threshold=threshold,
                action=action,
                reason=reason,
                role=party.role,
                path=path,
                explanation=(Explanation(query, matched, word, 1.0, 1.0),),
                summary=f"{word}: {query[:80]} is {matched} of {designation.name}",
            )


def name_lost(payment: Payment) -> str:
    """The error of a payment with a name that an encoding destroyed, or an empty text. Such a name cannot be
    compared, and that is no reason to clear it."""
    for party in payment.parties:
        for value, path in party.names:
            if is_lost(value):
                where = f"{PaymentProblem.NOT_UTF8}: {path}"
                return f"{where}: an encoding has destroyed the name {value[:70]!r}; send it in UTF-8"
    return ""
