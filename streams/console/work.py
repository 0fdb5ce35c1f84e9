"""The work list: what is open, by pair of party and designation, the most urgent first.

Both topics are read from their beginnings once, a part of them for each who asks, and then what came since.
What is not read yet, or not held, is said.
"""

import asyncio
import heapq
import time
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from screening.cases.dispositions import SuppressionRules
from screening.policy.rules import Action
from streams.console.case_desk import CaseDesk, Kind
from streams.console.open_hits import OpenHits, figure
from streams.console.reading.forwards import RecreatedError

SECONDS = 1.5
"""An answer comes in two seconds; half a second is for the way and for what is made of it."""
KEPT_SECONDS = 5.0
MOST_SHOWN = 200


class Order(StrEnum):
    """What comes first."""

    DEADLINE = "deadline"
    AGE = "age"
    AMOUNT = "amount"
    ACTION = "action"


class WorkList:
    """Open pairs as one desk sees them; `deadlines` are seconds by rail, `any` for every other.

    `seconds` is how long it reads for one who asks.
    """

    def __init__(
        self,
        desk: CaseDesk,
        rules: SuppressionRules,
        deadlines: Mapping[str, float],
        seconds: float = SECONDS,
    ) -> None:
        self._desk, self._rules, self._deadlines = desk, rules, deadlines
        self._seconds = seconds
        self._kept: tuple[float, dict[str, Any], list[dict[str, Any]]] | None = None
        self._turn = asyncio.Lock()
        self._begin()

    def _begin(self) -> None:
        self._hits = OpenHits(self._rules)
        self._dispositions = self._desk.forwards(Kind.DISPOSITIONS, self._hits.take_disposition)
        self._alerts = self._desk.forwards(Kind.ALERTS, self._hits.take_alert)

    async def rows(self, order: Order) -> dict[str, Any]:
        """The most urgent pairs, how many more there are, and what is not read yet.

        Raises BrokerError, KafkaError.
        """
        async with self._turn:
            if self._kept is None or time.monotonic() > self._kept[0] + KEPT_SECONDS:
                await self._read()
                about, rows = await asyncio.to_thread(self._open_pairs)
                whole = not about["behind"]
                self._kept = time.monotonic() if whole else -KEPT_SECONDS, about, rows
            _, about, rows = self._kept
        shown = heapq.nsmallest(MOST_SHOWN, rows, key=_KEYS[order])
        return {**about, "order": order, "pairs": shown, "not_shown": len(rows) - len(shown)}

    def forget(self) -> None:
        """The next one who asks is shown what was given just now."""
        self._kept = None

    async def _read(self) -> None:
        """Dispositions first: what they answer takes no room."""
        give_up_at = time.monotonic() + self._seconds
        if self._hits.outdated:
            self._begin()
        try:
            await self._go_on(give_up_at)
        except RecreatedError:
            self._begin()
            await self._go_on(give_up_at)

    async def _go_on(self, give_up_at: float) -> None:
        await self._dispositions.read(give_up_at)
        if not self._dispositions.left:
            await self._alerts.read(give_up_at)

    def _open_pairs(self) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        pairs = self._hits.pairs(self._alerts.firsts)
        about = {
            "alerts": sum(len(pair.hits) for pair in pairs.values()),
            "not_held": self._hits.left_out,
            "waiting_beside": self._hits.waiting_beside(pairs),
            "behind": self._dispositions.left or self._alerts.left,
            "read_to": self._alerts.read_to,
            "all_dispositions": self._hits.all_dispositions and not self._dispositions.unread,
            "unreadable": self._hits.unreadable + self._alerts.unread,
        }
        return about, [pair.row(self._deadlines) for pair in pairs.values()]


_NEVER = float("inf")
_KEYS: Mapping[Order, Callable[[Mapping[str, Any]], Any]] = {
    Order.DEADLINE: lambda row: (_NEVER if row["deadline"] is None else row["deadline"], row["oldest"]),
    Order.AGE: lambda row: row["oldest"],
    Order.AMOUNT: lambda row: (-figure(row["amount"]), row["oldest"]),
    Order.ACTION: lambda row: (row["action"] != Action.HOLD, row["oldest"]),
}
