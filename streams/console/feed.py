"""In-process broadcast of what the worker does, for browsers that watch it.

What always holds: the agent never waits for a browser. Payments are only counted, and sent once a second;
alerts and designations are sent one by one, up to a bound a second; a queue that is full loses its oldest.
"""

import asyncio
import random
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import orjson

from screening.decisions import Outcome
from screening.designations import Designation

QUEUE = 512  # events a browser may be behind: about ten seconds of the most that is sent
ALERTS_KEPT = 100  # what a browser that comes later is shown
TICKS_KEPT = 300  # five minutes of rates
SENT_A_SECOND = 25  # alerts, and designations, sent one by one in a second; more are only counted
LATENCIES_A_SECOND = 2048  # sample for the percentiles


@dataclass(frozen=True, slots=True)
class Event:
    """One server-sent event: `kind` is its name, `data` its JSON."""

    kind: str
    data: bytes

    def encode(self) -> bytes:
        """As the wire has it; JSON of orjson has no line breaks, so one data line suffices."""
        return b"event: " + self.kind.encode() + b"\ndata: " + self.data + b"\n\n"


class Subscription:
    """What one browser has not read yet."""

    def __init__(self) -> None:
        self.dropped = 0
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue(QUEUE)

    def put(self, event: Event | None) -> bool:
        """False when the oldest event had to go to make room."""
        full = self._queue.full()
        if full:
            self._queue.get_nowait()
            self.dropped += 1
        self._queue.put_nowait(event)
        return not full

    async def get(self) -> Event | None:
        """The next event; None: the worker is stopping."""
        return await self._queue.get()


@dataclass(slots=True)
class Second:
    """What happened since the last tick."""

    payments: int = 0
    hits: int = 0
    errors: int = 0
    alerts: int = 0
    designations: int = 0
    latencies: list[float] = field(default_factory=list)

    def summary(self, at: datetime, seconds: float) -> dict[str, object]:
        ordered = sorted(self.latencies)
        return {
            "at": at.isoformat(timespec="milliseconds"),
            "seconds": round(seconds, 3),
            "payments": self.payments,
            "hits": self.hits,
            "errors": self.errors,
            "alerts": self.alerts,
            "designations": self.designations,
            "latency": {f"p{q}": _quantile(ordered, q / 100) for q in (50, 95, 99)} if ordered else None,
        }


class Feed:
    """The agent and the list replica tell, browsers listen.

    feed.decided(Outcome.CLEAR, 0.004)
    feed.alert(alert_to_json(decision, payment, now, 4.0))
    feed.designated(designation, "added", effective_seconds=0.031)
    """

    def __init__(self) -> None:
        self.dropped = 0
        self._subscriptions: set[Subscription] = set()
        self._second = Second()
        self._alerts: deque[Event] = deque(maxlen=ALERTS_KEPT)
        self._designations: deque[Event] = deque(maxlen=ALERTS_KEPT)
        self._ticks: deque[Event] = deque(maxlen=TICKS_KEPT)
        self._random = random.Random(0)  # noqa: S311  a sample of latencies, nothing secret

    @property
    def browsers(self) -> int:
        """Browsers listening."""
        return len(self._subscriptions)

    def decided(self, outcome: Outcome, seconds: float) -> None:
        """One payment was decided this many seconds after it was read."""
        second = self._second
        second.payments += 1
        if outcome is Outcome.HIT:
            second.hits += 1
        elif outcome is Outcome.ERROR:
            second.errors += 1
        if len(second.latencies) < LATENCIES_A_SECOND:
            second.latencies.append(seconds)
        elif (place := int(self._random.random() * second.payments)) < LATENCIES_A_SECOND:
            second.latencies[place] = seconds

    def alert(self, alert: bytes) -> None:
        """An alert as it goes to Kafka."""
        self._second.alerts += 1
        if self._second.alerts <= SENT_A_SECOND:
            self._send(Event("alert", alert), self._alerts)

    def designated(self, designation: Designation, change: str, effective_seconds: float) -> None:
        """A designation is in force: `change` is "added" or "amended"."""
        self._designation(
            {
                "change": change,
                "effective_seconds": effective_seconds,
                "designation": designation_card(designation),
            }
        )

    def delisted(self, designation_id: str, effective_seconds: float) -> None:
        """A designation is no longer in force."""
        self._designation(
            {
                "change": "removed",
                "effective_seconds": effective_seconds,
                "designation": {"id": designation_id},
            }
        )

    def _designation(self, record: dict[str, object]) -> None:
        self._second.designations += 1
        if self._second.designations <= SENT_A_SECOND:
            record["at"] = datetime.now(UTC).isoformat(timespec="milliseconds")
            self._send(Event("designation", orjson.dumps(record)), self._designations)

    def tick(self, at: datetime, seconds: float, status: Mapping[str, object]) -> None:
        """Tell the rates of the last `seconds` and the worker's state; called by the web server."""
        second, self._second = self._second, Second()
        self._send(Event("tick", orjson.dumps(second.summary(at, seconds))), self._ticks)
        self._send(Event("status", orjson.dumps(status)))

    def close(self) -> None:
        """End every subscription."""
        for subscription in self._subscriptions:
            subscription.put(None)

    @contextmanager
    def subscribe(self) -> Iterator[tuple[list[Event], Subscription]]:
        """What happened lately, and from now on."""
        subscription = Subscription()
        self._subscriptions.add(subscription)
        try:
            yield [*self._designations, *self._alerts, *self._ticks], subscription
        finally:
            self._subscriptions.discard(subscription)

    def _send(self, event: Event, kept: deque[Event] | None = None) -> None:
        if kept is not None:
            kept.append(event)
        for subscription in self._subscriptions:
            if not subscription.put(event):
                self.dropped += 1


def designation_card(designation: Designation) -> dict[str, object]:
    """What the console shows of a designation: whom it names and whom it is tied to."""
    return {
        "id": designation.id,
        "name": designation.name,
        "aliases": [name.text for name in designation.names[1:]],
        "kind": designation.kind,
        "programs": designation.programs,
        "countries": designation.countries,
        "listed_on": designation.listed_on,
        "links": [
            {"name": link.name, "to": link.to, "relation": link.relation, "percent": link.percent}
            for link in designation.links
        ],
    }


def _quantile(ordered: list[float], share: float) -> float:
    """Nearest rank of a non-empty sorted sample."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
