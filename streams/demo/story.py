"""What the demo has seen: a plain account of decisions, from which view and summary are drawn."""

import asyncio
from collections import Counter, deque
from dataclasses import dataclass, field

from streams.demo.payments import COMPANIES, DemoPayment
from streams.records.shapes import DecisionRecord, HitRecord

SHOWN = 14  # lines of the payment table


@dataclass(slots=True)
class Line:
    """One decided payment, as the table shows it."""

    payment_id: str
    creditor: str
    company: str | None
    outcome: str
    detail: str


@dataclass(slots=True)
class Company:
    """What happened to the payments of one of the three."""

    clear_before: int = 0
    hits_after: int = 0
    hits_before: int = 0
    clear_after: int = 0
    effective_seconds: float | None = None
    """From its designation's broker timestamp to searchable, as the worker measured it."""


@dataclass(slots=True)
class Story:
    """Fed with payments sent, decisions read and designations seen in force."""

    sent: dict[str, DemoPayment] = field(default_factory=dict)
    sent_after: set[str] = field(default_factory=set)
    """Payments sent once the worker had said that all three designations are in force."""
    decided: Counter[str] = field(default_factory=Counter)
    latest: deque[Line] = field(default_factory=lambda: deque(maxlen=SHOWN))
    companies: dict[str, Company] = field(default_factory=lambda: {name: Company() for name in COMPANIES})
    latency_ms: deque[float] = field(default_factory=lambda: deque(maxlen=1000))
    published: bool = False
    all_decided: asyncio.Event = field(default_factory=asyncio.Event)
    _seen: set[str] = field(default_factory=set)

    def payment_sent(self, payment: DemoPayment) -> None:
        self.sent[payment.id] = payment
        self.all_decided.clear()
        if self.in_force:
            self.sent_after.add(payment.id)

    @property
    def in_force(self) -> bool:
        """All three designations are in force in the worker."""
        return all(company.effective_seconds is not None for company in self.companies.values())

    @property
    def undecided(self) -> int:
        return len(self.sent) - len(self._seen)

    def decision_read(self, decision: DecisionRecord) -> None:
        payment = self.sent.get(decision["payment_id"])
        if payment is None or payment.id in self._seen:
            return
        self._seen.add(payment.id)
        if not self.undecided:
            self.all_decided.set()
        outcome, hits = decision["outcome"], decision["hits"]
        self.decided[outcome] += 1
        self.latency_ms.append(decision["latency_ms"])
        if payment.company:
            self._count(self.companies[payment.company], payment.id, outcome)
        self.latest.append(
            Line(payment.id, payment.creditor, payment.company, outcome, _reason_of(hits[0]) if hits else "")
        )

    def _count(self, company: Company, payment_id: str, outcome: str) -> None:
        if outcome == "hit":
            company.hits_after += self.published
            company.hits_before += not self.published
        elif payment_id in self.sent_after:
            company.clear_after += 1
        else:
            company.clear_before += 1

    def designation_in_force(self, name: str, seconds: float) -> None:
        """The worker reported that a designation whose primary name is `name` is searchable."""
        for short, company in self.companies.items():
            if short.casefold() in name.casefold() and company.effective_seconds is None:
                company.effective_seconds = seconds

    def failures(self) -> list[str]:
        """What did not happen as it must; empty when the demo has shown what it claims."""
        found = [f"{self.undecided} of {len(self.sent)} payments have no decision"] if self.undecided else []
        for short, company in self.companies.items():
            if company.hits_before:
                found.append(f"{short}: {company.hits_before} hits before its designation")
            if company.clear_after:
                found.append(f"{short}: {company.clear_after} payments clear after its designation")
            if self.published and not company.hits_after:
                found.append(f"{short}: no payment alerted after its designation")
        return found


def _reason_of(hit: HitRecord) -> str:
    designation = hit["designation"]
    return (
        f"{hit['action']}: {designation['id']} {hit['matched'] or designation['name']} ({hit['score']:.2f})"
    )
