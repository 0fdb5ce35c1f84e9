"""A topic that is gone, or a partition without a leader, is asked for again only after pauses.

aiokafka asks without pause: a worker whose list topic was deleted asked its broker 1,500 to 3,400 times a
second, took half a core, and logged a line each time, until the topic was back or the disk full.
"""

import asyncio
import time
from collections.abc import Collection
from typing import Any
from weakref import WeakKeyDictionary

from aiokafka.client import AIOKafkaClient

AT_ONCE = 10
"""So often the same question is asked again at once: a client that starts, or whose leaders move, asks a few
times, and behind a fetch that waits for records each further question would take half a second."""
SHORTEST_SECONDS, LONGEST_SECONDS = 0.02, 1.0
"""Then between an answer and the question: the first pause, and what doubling it ends at. A topic that is
back is seen so much later at the most."""
JUST_NOW_SECONDS = 0.5
"""A question within so long of the answer is the same one again. A client that waits to write to a topic that
is not there asks every tenth of a second."""


class Pace:
    """When one client may ask for its topics again."""

    def __init__(self) -> None:
        self._topics: frozenset[str] = frozenset()
        self._answered_at = float("-inf")
        self._pause = 0.0
        self._again = 0

    def seconds_before(self, topics: frozenset[str], now: float) -> float:
        """How long to wait before a question; a new question, or one that was not asked just now, need not
        wait."""
        since = now - self._answered_at
        if topics != self._topics or since > self._pause + JUST_NOW_SECONDS:
            self._again, self._pause = 0, 0.0
        elif self._again < AT_ONCE:
            self._again += 1
        else:
            self._pause = min(LONGEST_SECONDS, max(SHORTEST_SECONDS, 2 * self._pause))
        self._topics = topics
        return max(0.0, self._pause - since)

    def answered(self, now: float) -> None:
        """The question was answered, whatever the answer."""
        self._answered_at = now


_paces: "WeakKeyDictionary[AIOKafkaClient, Pace]" = WeakKeyDictionary()
_ask = AIOKafkaClient._metadata_update


async def _ask_paced(client: AIOKafkaClient, cluster: Any, topics: Collection[str]) -> Any:
    if cluster is not client.cluster:  # a question of the application's own
        return await _ask(client, cluster, topics)
    pace = _paces.setdefault(client, Pace())
    await asyncio.sleep(pace.seconds_before(frozenset(topics), time.monotonic()))
    try:
        return await _ask(client, cluster, topics)
    finally:
        pace.answered(time.monotonic())


def pace_metadata() -> None:
    """From here on every client of this process pauses between repeated questions."""
    AIOKafkaClient._metadata_update = _ask_paced
