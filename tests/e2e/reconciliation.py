"""Every payment sent against every decision, alert and dead letter found: nothing may be missing or wrong.

What is right for a payment is told by the list topic itself: a decision names the list offset it was taken
with, and the topic says which designations stood there.
"""

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from streams.kafka.topics import Topics
from tests.e2e.records import read_all
from tests.e2e.source import Planted


class ListHistory:
    """Which designations were in force at any offset of the list topic: what a commit brought with it."""

    def __init__(self, bootstrap: str, topic: str) -> None:
        self._changes: dict[str, list[tuple[int, bool]]] = defaultdict(list)
        self._stamped_ms: dict[str, list[tuple[int, bool]]] = defaultdict(list)
        waiting: dict[str, dict[str, bool]] = defaultdict(dict)
        for record in read_all(bootstrap, topic):
            key = (record.key or b"").decode()
            source, _, uid = key.partition(":")
            waiting[source][key] = record.value is not None
            if uid == "@commit":
                for changed, listed in waiting.pop(source).items():
                    self._changes[changed].append((record.offset, listed))
                    self._stamped_ms[changed].append((record.timestamp_ms, listed))

    def in_force(self, designation_id: str, offset: int) -> bool:
        """Of what was committed before `offset`, the last record for this designation is no tombstone."""
        return _last_before(self._changes[designation_id], offset)

    def in_force_at(self, designation_id: str, unix_ms: int) -> bool:
        """The same at a moment of the broker's clock."""
        return _last_before(self._stamped_ms[designation_id], unix_ms)

    def in_force_now(self, designation_id: str) -> bool:
        """After all that is on the topic."""
        changes = self._changes[designation_id]
        return bool(changes) and changes[-1][1]

    def last_change(self, designation_id: str, unix_ms: int) -> int:
        """The offset of the last commit that changed this designation before that moment."""
        before = bisect_left(self._stamped_ms[designation_id], (unix_ms, False))
        return self._changes[designation_id][before - 1][0]


def _last_before(changes: list[tuple[int, bool]], place: int) -> bool:
    found = bisect_left(changes, (place, False))
    return found > 0 and changes[found - 1][1]


@dataclass(slots=True)
class Account:
    """What became of the payments. Everything in `wrong` must be empty."""

    sent: int = 0
    decided: int = 0
    hits: int = 0
    clear: int = 0
    dead_lettered: int = 0
    repeated: int = 0
    """Decisions beyond the first of their payment, all with the same ids."""
    false_alarms: int = 0
    """Hits on a payment that pays nobody listed: the matcher's business, only counted here."""
    behind: int = 0
    """Cleared by a list that was right by its offset, though the broker had stamped the designation earlier
    than the payment, and not decided again since: what `interdict recheck` must find."""
    missing: list[str] = field(default_factory=list)
    wrongly_clear: list[str] = field(default_factory=list)
    wrongly_hit: list[str] = field(default_factory=list)
    """Alerts against a party that had been taken off the list before."""
    in_error: list[str] = field(default_factory=list)
    alert_missing: list[str] = field(default_factory=list)
    ids_differ: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    """Decisions for payments that nobody sent."""

    @property
    def wrong(self) -> dict[str, list[str]]:
        """What must not be, by kind; empty when every payment is accounted for."""
        lists = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in lists.items() if isinstance(value, list) and value}

    def __str__(self) -> str:
        counts = {
            name: value if isinstance(value, int) else len(value)
            for name in (each.name for each in fields(self))
            if (value := getattr(self, name)) is not None
        }
        return ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in counts.items())


def reconcile(bootstrap: str, topics: Topics, sent: Iterable[Planted], *, others: str = "\0") -> Account:
    """The account of all payments in `sent` from what the topics hold now.

    Payments whose ids begin with `others` were sent for another purpose.
    """
    history = ListHistory(bootstrap, topics.designations)
    decisions = _by_payment(bootstrap, topics.decisions)
    alerts = _by_payment(bootstrap, topics.alerts)
    stamped_ms = {record.key: record.timestamp_ms for record in read_all(bootstrap, topics.payments)}
    account = Account(dead_lettered=sum(1 for _ in read_all(bootstrap, topics.dead_letters)))
    for planted in sent:
        account.sent += 1
        found = decisions.pop(planted.id, [])
        if not found:
            account.missing.append(planted.id)
            continue
        account.decided += 1
        account.repeated += len(found) - 1
        if not _same_ids(found):
            account.ids_differ.append(planted.id)
        for decision in found:
            _judge(account, planted, decision, history)
        account.behind += _behind(planted, found, history, stamped_ms.get(planted.id.encode(), 0))
        if any(_designations(decision) for decision in found):
            account.hits += 1
            if planted.id not in alerts:
                account.alert_missing.append(planted.id)
        else:
            account.clear += 1
    account.unknown.extend(id for id in decisions if not id.startswith(others))
    return account


def _by_payment(bootstrap: str, topic: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for record in read_all(bootstrap, topic):
        decision = json.loads(record.value or b"{}")
        found[decision["payment_id"]].append(decision)
    return found


def _judge(account: Account, planted: Planted, decision: Mapping[str, Any], history: ListHistory) -> None:
    if decision["outcome"] == "error":
        account.in_error.append(planted.id)
        return
    hit_on = _designations(decision)
    if planted.pays is None:
        account.false_alarms += bool(hit_on)
        return
    listed = history.in_force(planted.pays, decision["list"]["offsets"]["0"])
    if listed and planted.pays not in hit_on:
        account.wrongly_clear.append(planted.id)
    if not listed and planted.pays in hit_on:
        account.wrongly_hit.append(planted.id)


def _behind(
    planted: Planted, found: Iterable[Mapping[str, Any]], history: ListHistory, sent_at_ms: int
) -> bool:
    """A designation came before the payment, and no decision was taken with it."""
    return (
        planted.pays is not None
        and history.in_force_at(planted.pays, sent_at_ms)
        and not any(_knows(decision, planted.pays, history, sent_at_ms) for decision in found)
    )


SAID = ("trigger", "outcome", "policy", "matcher", "hits")
"""What a decision says; the clock, and a list that changed elsewhere, are not in its id."""


def _knows(decision: Mapping[str, Any], designation_id: str, history: ListHistory, at_ms: int) -> bool:
    """Taken with everything about this designation that was on the list by then."""
    taken_at: int = decision["list"]["offsets"]["0"]
    return taken_at > history.last_change(designation_id, at_ms)


def _designations(decision: Mapping[str, Any]) -> set[str]:
    return {hit["designation"]["id"] for hit in decision["hits"]}


def _same_ids(decisions: list[dict[str, Any]]) -> bool:
    """One decision id for each thing said, and one alert id for each place and designation."""
    alert_ids: dict[tuple[str, str, str], str] = {}
    hits = [hit for decision in decisions for hit in decision["hits"]]
    agree = all(
        alert_ids.setdefault((hit["role"], hit["path"], hit["designation"]["id"]), hit["alert_id"])
        == hit["alert_id"]
        for hit in hits
    )
    said = {
        (json.dumps([decision[name] for name in SAID], sort_keys=True), decision["decision_id"])
        for decision in decisions
    }
    return agree and len(said) == len({what for what, _ in said}) == len({own_id for _, own_id in said})
