"""Which hits nobody has answered: a fold over alerts, their updates and dispositions, in bounded memory.

Of more open hits than are held, the oldest and the newest stay and those between are counted: the oldest are
the most overdue, and the newest are those that an instant payment waits for.
"""

import math
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from screening.cases.caseload import ANY_RAIL
from screening.cases.dispositions import Disposition, Dispositions, Proposal, SuppressionRules
from screening.policy.rules import Action
from streams.kafka.raw.batches import Record
from streams.records.alerts import alert_from_json, payment_in
from streams.records.dispositions import pair_of, pair_of_key, take
from streams.records.shapes import AlertRecord, HitRecord

MOST_HITS = 50_000
"""Some 0.7 KB each."""
MOST_DISPOSITIONS = 100_000
"""Less than 1 KB each."""
MOST_CLOSED = 100_000
"""Ids of alerts that were closed and are no longer held: a repeated delivery must not open one again."""
LONGEST_TEXT = 200
LONGEST_PAIR = 800
"""A pair is never cut where it can be helped: it is the key by which a second person approves."""
CLOSED = "closed"
NEVER = -math.inf
"""Until when a disposition counts that was over when it came."""


class OpenHit(NamedTuple):
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
    """The open hits of one pair, the oldest first."""

    hits: list[OpenHit] = field(default_factory=list)
    states: set[str] = field(default_factory=set)
    waits_for_approval_of: str | None = None

    def row(self, deadlines: Mapping[str, float]) -> dict[str, Any]:
        newest = max(self.hits, key=lambda hit: hit.at)
        due = [at for hit in self.hits if (at := _due(hit, deadlines)) is not None]
        largest = max(self.hits, key=lambda hit: figure(hit.amount))
        return {
            "pair": newest.pair,
            "alerts": len(self.hits),
            "value": newest.value,
            "designation": {"id": newest.designation_id, "name": newest.name},
            "action": Action.HOLD if any(hit.action == Action.HOLD for hit in self.hits) else newest.action,
            "oldest": min(hit.at for hit in self.hits),
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


class _Lean:
    """Takes in what is known of each pair without the reasons, of so many that they would fill the memory."""

    def __init__(self, known: Dispositions) -> None:
        self._known = known

    def put(self, disposition: Disposition, at: datetime | None = None) -> None:
        self._known.put(_lean(disposition), at)

    def remove(self, key: str, at: datetime | None = None) -> None:
        self._known.remove(key, at)

    def propose(self, proposal: Proposal, at: datetime | None) -> None:
        disposition = proposal.disposition and _lean(proposal.disposition)
        lean = replace(proposal, by=sys.intern(proposal.by), reason=UNSAID, disposition=disposition)
        self._known.propose(lean, at)

    def retract(self, pair: str) -> None:
        self._known.retract(pair)


UNSAID = "-"


def _lean(disposition: Disposition) -> Disposition:
    listed, by = sys.intern(disposition.designation_fingerprint), sys.intern(disposition.by)
    return replace(disposition, designation_fingerprint=listed, by=by, reason=UNSAID, hit_reason="")


class _Standing(NamedTuple):
    """What stands of a pair: of the entry with this fingerprint, until when (Unix time) it counts; and for
    whose second the pair waits."""

    of_list: str
    before: float
    waits_for_approval_of: str | None

    def answers(self, hit: OpenHit) -> bool:
        """As `SuppressionRules.answers`, of so many hits that nothing is made for each."""
        return self.of_list == hit.of_list and hit.at < self.before


class OpenHits:
    """Takes the records of both topics from their beginnings on. `most` is how many hits are held."""

    def __init__(self, rules: SuppressionRules, most: int = MOST_HITS) -> None:
        self._rules, self._half = rules, max(2, most // 2)
        self._oldest: dict[str, OpenHit] = {}
        self._newest: dict[str, OpenHit] = {}
        self._states: dict[str, str] = {}
        """Of a held hit, what its last update made of its alert."""
        self._closed: dict[str, None] = {}
        self._known = Dispositions(rules)
        self._standing: dict[str, _Standing] = {}
        """Of what is known as much as is asked of every hit."""
        self._answered_dropped = False
        self._reopened = False
        self.left_out = 0
        """Hits between the oldest and the newest, open when they left."""
        self.unreadable = 0
        self.all_dispositions = True

    @property
    def outdated(self) -> bool:
        """Whether the topics must be read again from their beginnings: hits that left would now be shown."""
        return self._reopened or (self.left_out > 0 and sum(1 for _ in self._open()) < self._half)

    def take_disposition(self, record: Record) -> None:
        pair = pair_of_key(record.key)
        if pair is None:
            return
        with suppress(ValueError):  # it ends what stood; a worker's log names it
            take(_Lean(self._known), record.key, record.value, record.time)
        before, now = self._standing.pop(pair, None), self._stands(pair)
        if self._answered_dropped and before and before.waits_for_approval_of is None and now != before:
            self._reopened = True
        if now is None:
            return
        self._standing[pair] = now
        if len(self._standing) > MOST_DISPOSITIONS:
            first = next(iter(self._standing))
            del self._standing[first]
            self._known.forget(first)
            self.all_dispositions = False

    def _stands(self, pair: str) -> _Standing | None:
        given, waiting = self._known.of_pair(pair), self._known.waiting(pair)
        by = waiting.proposal.by if waiting else None
        if given is None or given.at is None:
            return _Standing("", NEVER, by) if by else None
        ends = self._rules.ends(given)
        before = ends.timestamp() if given.at < ends else NEVER
        return _Standing(given.disposition.designation_fingerprint, before, by)

    def take_alert(self, record: Record) -> None:
        try:
            alert = alert_from_json(record.value)
        except ValueError:
            self.unreadable += 1
            return
        if alert is None:
            return
        for hit in alert["hits"]:
            alert_id, update = hit["alert_id"], alert.get("update")
            held = alert_id in self._oldest or alert_id in self._newest
            if update is None:
                if not held and alert_id not in self._closed:
                    self._hold(_open_hit(record, alert, hit))
            elif held:
                self._states[alert_id] = sys.intern(str(update.get("state", "")))
            elif update.get("state") == CLOSED:
                self._forget(alert_id)
            elif alert_id in self._closed:
                del self._closed[alert_id]
                self._hold(_open_hit(record, alert, hit))

    def pairs(self, firsts: Mapping[int, int]) -> dict[str, Pair]:
        """What nobody has answered, of alerts that stand on their topic from these offsets on."""
        found: dict[str, Pair] = {}
        for hit in self._open():
            if hit.offset < firsts.get(hit.partition, 0):
                continue
            pair = found.setdefault(hit.pair, Pair())
            pair.hits.append(hit)
            if state := self._states.get(hit.alert_id):
                pair.states.add(state)
            if standing := self._standing.get(hit.pair):
                pair.waits_for_approval_of = standing.waits_for_approval_of
        return found

    def waiting_beside(self, pairs: Mapping[str, Pair]) -> int:
        """Pairs that wait for a second person and are not among these: none of their alerts is held."""
        return sum(each.proposal.pair not in pairs for each in self._known.proposed())

    def _open(self) -> Iterator[OpenHit]:
        for held in (self._oldest, self._newest):
            yield from (hit for hit in held.values() if self._is_open(hit))

    def _is_open(self, hit: OpenHit) -> bool:
        """Whether somebody must look at it: also at what is closed, where a second person is waited for."""
        standing = self._standing.get(hit.pair)
        if standing and standing.waits_for_approval_of is not None:
            return True
        return self._states.get(hit.alert_id) != CLOSED and not (standing and standing.answers(hit))

    def _hold(self, hit: OpenHit) -> None:
        among_oldest = len(self._oldest) < self._half and not self._newest
        (self._oldest if among_oldest else self._newest)[hit.alert_id] = hit
        if len(self._newest) > self._half:
            self._make_room()

    def _make_room(self) -> None:
        """Let those go that are answered; where that is too little, a part of those in the middle."""
        held = [*self._oldest.values(), *self._newest.values()]
        staying = sorted((hit for hit in held if self._is_open(hit)), key=lambda hit: hit.at)
        for hit in held:
            if self._states.get(hit.alert_id) == CLOSED and not self._is_open(hit):
                self._forget(hit.alert_id)
        self._answered_dropped |= len(staying) < len(held)
        if len(staying) > 2 * self._half - self._gone_at_once:
            over = staying[self._half : len(staying) - self._half + self._gone_at_once]
            del staying[self._half : self._half + len(over)]
            self.left_out += len(over)
        self._oldest = {hit.alert_id: hit for hit in staying[: self._half]}
        self._newest = {hit.alert_id: hit for hit in staying[self._half :]}
        self._states = {
            hit.alert_id: self._states[hit.alert_id] for hit in staying if hit.alert_id in self._states
        }

    @property
    def _gone_at_once(self) -> int:
        """So many go at once, for making room looks at every hit."""
        return max(1, self._half // 16)

    def _forget(self, alert_id: str) -> None:
        self._closed[alert_id] = None
        if len(self._closed) > MOST_CLOSED:
            del self._closed[next(iter(self._closed))]


def _open_hit(record: Record, alert: AlertRecord, hit: HitRecord) -> OpenHit:
    listed, payment = hit["designation"], payment_in(alert)
    return OpenHit(
        alert_id=hit["alert_id"],
        pair=_text(pair_of(hit), LONGEST_PAIR),
        at=record.time,
        partition=record.partition,
        offset=record.offset,
        payment_id=str(alert.get("payment_id") or "")[:LONGEST_TEXT],
        amount=_text(payment.get("amount")),
        currency=_text(payment.get("currency")),
        rail=_text(payment.get("rail")),
        action=_text(hit.get("action")),
        value=_text(hit.get("value")),
        name=_text(listed.get("name")),
        designation_id=_text(listed["id"]),
        of_list=_text(listed.get("fingerprint")),
    )


def _text(value: object, longest: int = LONGEST_TEXT) -> str:
    """Kept once, however many hits say it."""
    return "" if value is None else sys.intern(str(value)[:longest])


def _due(hit: OpenHit, deadlines: Mapping[str, float]) -> float | None:
    seconds = deadlines.get(hit.rail, deadlines.get(ANY_RAIL))
    return None if seconds is None else hit.at + seconds


def figure(amount: str) -> float:
    """An amount as a number, whatever its currency; 0 for what is none."""
    try:
        number = float(amount)
    except ValueError:
        return 0.0
    return number if math.isfinite(number) else 0.0
