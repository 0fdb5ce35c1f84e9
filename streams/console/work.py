"""The work list: what is open, by pair of party and designation, the most urgent first.

It is read from the topics when it is asked for, back in time until time or room is over, and kept for a few
seconds for whoever asks next. How far back it looked is said.
"""

import asyncio
import heapq
import math
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from screening.cases.caseload import ANY_RAIL
from screening.cases.dispositions import Disposition, SuppressionRules, Verdict
from screening.policy.rules import Action
from streams.console.backwards import Found
from streams.console.batches import Record
from streams.console.case_desk import CaseDesk, Kind
from streams.records.alerts import alert_from_json
from streams.records.json import disposition_from_json
from streams.records.shapes import AlertRecord, HitRecord

MOST_ALERTS = 20_000
"""Hits that are kept, some 1 KB each."""
MOST_DISPOSITIONS = 100_000
AT_ONCE = 2_000
SECONDS = 4.0
"""The oldest are often the most urgent, so it looks further back than a search does in one answer."""
KEPT_SECONDS = 5.0
MOST_SHOWN = 200
LONGEST_TEXT = 200


class Order(StrEnum):
    """What comes first."""

    DEADLINE = "deadline"
    AGE = "age"
    AMOUNT = "amount"
    ACTION = "action"


@dataclass(frozen=True, slots=True)
class OpenHit:
    """What the list shows of one hit; `at` is Unix time, `of_list` the designation's fingerprint."""

    alert_id: str
    pair: str
    at: float
    partition: int
    offset: int
    payment_id: str
    amount: str
    currency: str
    rail: str
    action: str
    value: str
    name: str
    designation_id: str
    of_list: str


@dataclass(slots=True)
class Pair:
    """The open hits of one pair, the newest first."""

    hits: list[OpenHit] = field(default_factory=list)
    states: set[str] = field(default_factory=set)
    waits_for_approval_of: str | None = None

    def row(self, deadlines: Mapping[str, float]) -> dict[str, Any]:
        newest, oldest = self.hits[0], min(self.hits, key=lambda hit: hit.at)
        due = [at for hit in self.hits if (at := _due(hit, deadlines)) is not None]
        largest = max(self.hits, key=lambda hit: _figure(hit.amount))
        return {
            "pair": newest.pair,
            "alerts": len(self.hits),
            "value": newest.value,
            "designation": {"id": newest.designation_id, "name": newest.name},
            "action": Action.HOLD if any(hit.action == Action.HOLD for hit in self.hits) else newest.action,
            "oldest": oldest.at,
            "newest": newest.at,
            "deadline": min(due, default=None),
            "amount": largest.amount,
            "currency": largest.currency,
            "rail": newest.rail,
            "payment_id": newest.payment_id,
            "states": sorted(self.states),
            "waits_for_approval_of": self.waits_for_approval_of,
            "alert": {"id": newest.alert_id, "partition": newest.partition, "offset": newest.offset},
        }


@dataclass(slots=True)
class _Reading:
    """What one look at the topics found."""

    hits: dict[str, OpenHit] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    """Of an alert, what its last update made of it."""
    standing: dict[str, Disposition | None] = field(default_factory=dict)
    """The newest disposition of a pair; None: withdrawn, or unreadable."""
    unreadable: int = 0
    back_to: float | None = None
    all_dispositions: bool = True

    def dispose(self, record: Record) -> None:
        """Records come newest first, so the first of a pair stands."""
        pair = record.key.decode(errors="replace")
        if pair not in self.standing:
            try:
                self.standing[pair] = disposition_from_json(record.value) if record.value else None
            except ValueError:
                self.standing[pair] = None

    def note(self, record: Record) -> None:
        try:
            alert = alert_from_json(record.value)
        except ValueError:
            self.unreadable += 1
            return
        if alert is None:
            return
        for hit in alert["hits"]:
            alert_id = hit["alert_id"]
            if update := alert.get("update"):
                self.states.setdefault(alert_id, str(update.get("state", "")))
            elif alert_id not in self.hits:
                self.hits[alert_id] = _open_hit(record, alert, hit)

    def pairs(self, rules: SuppressionRules) -> dict[str, Pair]:
        """What nobody has answered."""
        found: dict[str, Pair] = {}
        for hit in self.hits.values():
            state, standing = self.states.get(hit.alert_id, ""), self.standing.get(hit.pair)
            if state == "closed" or (standing and _answers(standing, hit, rules)):
                continue
            pair = found.setdefault(hit.pair, Pair())
            pair.hits.append(hit)
            if state:
                pair.states.add(state)
            if standing and _waits(standing, rules):
                pair.waits_for_approval_of = standing.by
        return found


class WorkList:
    """Open pairs as one desk sees them; `deadlines` are seconds by rail, `any` for every other."""

    def __init__(
        self, desk: CaseDesk, rules: SuppressionRules, deadlines: Mapping[str, float], most: int = MOST_ALERTS
    ) -> None:
        self._desk, self._rules, self._deadlines, self._most = desk, rules, deadlines, most
        self._kept: tuple[float, dict[str, Any], list[dict[str, Any]]] | None = None
        self._turn = asyncio.Lock()

    async def rows(self, order: Order) -> dict[str, Any]:
        """The most urgent pairs, how many more there are, and how far back was looked.

        Raises SearchError, BrokerError, KafkaError.
        """
        async with self._turn:
            if self._kept is None or time.monotonic() > self._kept[0] + KEPT_SECONDS:
                reading = await self._read()
                pairs = reading.pairs(self._rules)
                about = {
                    "alerts": sum(len(pair.hits) for pair in pairs.values()),
                    "back_to": reading.back_to,
                    "all_dispositions": reading.all_dispositions,
                    "unreadable": reading.unreadable,
                }
                rows = [pair.row(self._deadlines) for pair in pairs.values()]
                self._kept = time.monotonic(), about, rows
            _, about, rows = self._kept
        shown = heapq.nsmallest(MOST_SHOWN, rows, key=_KEYS[order])
        return {**about, "order": order, "pairs": shown, "not_shown": len(rows) - len(shown)}

    def forget(self) -> None:
        """The next one who asks is shown what was given just now."""
        self._kept = None

    async def _read(self) -> _Reading:
        reading, give_up_at = _Reading(), time.monotonic() + SECONDS
        async for records in self._pages(Kind.DISPOSITIONS, give_up_at):
            for record in records.records:
                reading.dispose(record)
            reading.all_dispositions = not records.looked.next
            if len(reading.standing) >= MOST_DISPOSITIONS:
                break
        async for records in self._pages(Kind.ALERTS, give_up_at):
            for record in records.records:
                reading.note(record)
            reading.back_to = records.looked.back_to
            if len(reading.hits) >= self._most:
                break
        return reading

    async def _pages(self, kind: Kind, give_up_at: float) -> AsyncIterator[Found]:
        """Newest first; one page at least."""
        until: Mapping[int, int] | None = None
        while until is None or (until and time.monotonic() < give_up_at):
            found = await self._desk.newest(kind, AT_ONCE, until)
            yield found
            until = found.looked.next


def _open_hit(record: Record, alert: AlertRecord, hit: HitRecord) -> OpenHit:
    listed, payment = hit["designation"], alert.get("payment") or {}
    return OpenHit(
        alert_id=hit["alert_id"],
        pair=f"{hit.get('fingerprint', '')}|{listed['id']}",
        at=record.time,
        partition=record.partition,
        offset=record.offset,
        payment_id=_text(alert.get("payment_id")),
        amount=_text(payment.get("amount")),
        currency=_text(payment.get("currency")),
        rail=_text(payment.get("rail")),
        action=_text(hit.get("action")),
        value=_text(hit.get("value")),
        name=_text(listed.get("name")),
        designation_id=_text(listed["id"]),
        of_list=_text(listed.get("fingerprint")),
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)[:LONGEST_TEXT]


def _waits(given: Disposition, rules: SuppressionRules) -> bool:
    """For a second person."""
    return rules.four_eyes and given.verdict is Verdict.FALSE_POSITIVE and not given.approved_by


def _answers(given: Disposition, hit: OpenHit, rules: SuppressionRules) -> bool:
    """A disposition answers the pair's hits on the entry as it was judged."""
    return given.designation_fingerprint == hit.of_list and not _waits(given, rules)


def _due(hit: OpenHit, deadlines: Mapping[str, float]) -> float | None:
    seconds = deadlines.get(hit.rail, deadlines.get(ANY_RAIL))
    return None if seconds is None else hit.at + seconds


def _amount(row: Mapping[str, Any]) -> float:
    """As a figure, whatever its currency; 0 for what is none."""
    return _figure(str(row["amount"]))


def _figure(text: str) -> float:
    try:
        figure = float(text)
    except ValueError:
        return 0.0
    return figure if math.isfinite(figure) else 0.0


_NEVER = float("inf")
_KEYS: Mapping[Order, Callable[[Mapping[str, Any]], Any]] = {
    Order.DEADLINE: lambda row: (_NEVER if row["deadline"] is None else row["deadline"], row["oldest"]),
    Order.AGE: lambda row: row["oldest"],
    Order.AMOUNT: lambda row: (-_amount(row), row["oldest"]),
    Order.ACTION: lambda row: (row["action"] != Action.HOLD, row["oldest"]),
}
