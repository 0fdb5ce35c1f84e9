"""Finds payments that were decided on a list older than themselves, and screens them again.

A worker lets no such decision out (`barrier.py`), so this finds nothing while all goes well. It is the proof
of that, and the remedy for decisions that no barrier stood before: those of an older worker, of a list topic
that was restored from elsewhere, or of a designation that its publisher's acknowledgement came late for.
"""

from bisect import bisect_right
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any

import orjson
from aiokafka import ConsumerRecord

from screening.decisions import Decision
from screening.payments import Payment, PaymentError, decode_payment
from screening.policy.rules import Policy
from screening.screener import Screener
from streams.kafka.reading import consumer_of, read_one, read_to_end
from streams.kafka.topics import Topics
from streams.records.json import Origin

TRIGGER = "barrier"


@dataclass(frozen=True, slots=True)
class Stale:
    """A payment decided with the list up to `decided_with` that came after the entry at `designated_at`."""

    payment_id: str
    event: Origin
    decided_with: int
    designated_at: int


@dataclass(slots=True)
class Findings:
    """What a check found: decisions looked at, and the stale ones that no later decision has mended."""

    decisions: int = 0
    without_event: int = 0
    stale: dict[tuple[str, Origin], Stale] = field(default_factory=dict)


async def find_stale(client: Mapping[str, Any], topics: Topics, since_ms: int) -> Findings:
    """One pass over the list and one over the decisions; memory grows with the findings only."""
    entries = sorted(
        [
            (record.timestamp, record.offset)
            async for record in read_to_end(client, topics.designations)
            if record.value is not None and b":@" not in (record.key or b"")
        ]
    )
    times = [time for time, _ in entries]
    newest = list(accumulate((offset for _, offset in entries), max))
    found = Findings()
    async for record in read_to_end(client, topics.decisions, since_ms):
        decision = orjson.loads(record.value or b"{}")
        found.decisions += 1
        if "event" not in decision:
            found.without_event += 1
            continue
        event = Origin(**decision["event"])
        known = bisect_right(times, event.timestamp_ms)
        designated_at = newest[known - 1] if known else -1
        decided_with = int(decision["list"]["offsets"].get("0", 0))
        key = (decision["payment_id"], event)
        if decision["outcome"] == "error" or decided_with > designated_at:
            found.stale.pop(key, None)
        else:
            found.stale[key] = Stale(*key, decided_with, designated_at)
    return found


async def decide_again(
    client: Mapping[str, Any], topics: Topics, screener: Screener, stale: Mapping[Any, Stale]
) -> AsyncIterator[tuple[Stale, Payment | None, Decision, datetime]]:
    """A new decision for each stale one; without a payment where its event is no longer on the topic."""
    if not stale:
        return
    async with consumer_of(client, topics.payments) as consumer:
        for one in sorted(stale.values(), key=lambda item: (item.event.partition, item.event.offset)):
            record = await read_one(consumer, one.event.partition, one.event.offset)
            payment = _payment(record, one.payment_id, screener.policy) if record else None
            if payment is None:
                gone = f"event_expired: {one.event.topic} no longer holds the event; ask its sender"
                decision = screener.refuse(one.payment_id, gone, trigger=TRIGGER)
            else:
                decision = screener.screen(payment, trigger=TRIGGER)
            yield one, payment, decision, datetime.now(UTC)


def _payment(record: ConsumerRecord[bytes, bytes], payment_id: str, policy: Policy) -> Payment | None:
    try:
        payments = decode_payment(record.value, None, record.headers, mappings=policy.mappings)
    except PaymentError:
        return None
    return next((payment for payment in payments if payment.id == payment_id), None)
