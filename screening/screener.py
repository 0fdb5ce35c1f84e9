"""The screener: parties -> candidates -> score -> decide, as one pure call.

Tests, benchmarks, replay, the command line and the Faust agent all call `Screener.screen`.
"""

from collections.abc import Iterator

from screening.decisions import Decision, Hit, ListState, Outcome, Reason, alert_id, decision_id
from screening.designations import Designation, Kind
from screening.index import Index
from screening.matching import explain
from screening.names import parse
from screening.payments.model import Field, Party, Payment, Role
from screening.policy import Policy


class Screener:
    """An in-memory designation table and the policy it is screened with.

    >>> screener = Screener(Policy())
    >>> screener.upsert(designation)
    >>> screener.match("Ashot Mkrtichev", kind="person")
    """

    def __init__(self, policy: Policy | None = None) -> None:
        self.policy = policy or Policy()
        self.lists = ListState()
        self._policy_sha256 = self.policy.sha256
        self._index = Index()

    def __len__(self) -> int:
        return len(self._index)

    def get(self, designation_id: str) -> Designation | None:
        return self._index.get(designation_id)

    def upsert(self, designation: Designation) -> None:
        """Add or replace one designation; in force with the next call."""
        self._index.put(designation)

    def remove(self, designation_id: str) -> None:
        """Delist; an unknown id is no error."""
        self._index.remove(designation_id)

    def match(self, name: str, *, kind: Kind | str | None = None) -> list[Hit]:
        """One name against the table, best hit first."""
        party = Party(Role.OTHER, names=(Field(name, ""),), kind=Kind(kind) if kind else None)
        return sorted(self._party_hits(party, rail=None), key=lambda hit: (-hit.score, hit.designation.id))

    def screen(self, payment: Payment, *, trigger: str = "payment") -> Decision:
        """Every party of one payment against the table."""
        hits = [
            _of_payment(hit, payment.id)
            for party in payment.parties
            for hit in self._party_hits(party, payment.rail)
        ]
        return self._decision(payment.id, trigger, Outcome.HIT if hits else Outcome.CLEAR, tuple(hits))

    def refuse(self, payment_id: str, error: str, *, trigger: str = "payment") -> Decision:
        """The `error` decision for something that could not be screened."""
        return self._decision(payment_id, trigger, Outcome.ERROR, (), error)

    def _decision(
        self, payment_id: str, trigger: str, outcome: Outcome, hits: tuple[Hit, ...], error: str = ""
    ) -> Decision:
        return Decision(
            decision_id=decision_id(payment_id, trigger),
            payment_id=payment_id,
            outcome=outcome,
            hits=hits,
            lists=self.lists,
            policy=self._policy_sha256,
            trigger=trigger,
            error=error,
        )

    def _party_hits(self, party: Party, rail: str | None) -> list[Hit]:
        best: dict[str, Hit] = {}
        for hit in self._name_hits(party, rail):
            held = best.get(hit.designation.id)
            if held is None or hit.score > held.score:
                best[hit.designation.id] = hit
        return list(best.values())

    def _name_hits(self, party: Party, rail: str | None) -> Iterator[Hit]:
        for value, path in party.names:
            form = parse(value, party.kind)
            for candidate, points in self._index.matches(form, self.policy.lowest_threshold):
                designation = candidate.designation
                verdict = self.policy.verdict(
                    designation.source, designation.programs, designation.kind, party.role, rail
                )
                if verdict is None:
                    continue
                threshold, action = verdict
                if points >= threshold:
                    yield Hit(
                        designation=designation,
                        name=candidate.name,
                        value=value,
                        score=round(points, 4),
                        threshold=threshold,
                        action=action,
                        reason=Reason.NAME,
                        role=party.role,
                        path=path,
                        explanation=explain(form, candidate.form),
                    )


def _of_payment(hit: Hit, payment_id: str) -> Hit:
    from dataclasses import replace

    return replace(hit, alert_id=alert_id(payment_id, hit.role, hit.path, hit.designation.id))
