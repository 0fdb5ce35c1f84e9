"""How often a client may ask: a bucket of tokens each, in bounded memory."""

from collections import OrderedDict
from collections.abc import Callable

MOST_CLIENTS = 4096
"""Buckets that are remembered; the one asked longest ago goes first, and begins full again."""


class RateLimit:
    """`per_second` requests a client on average, a second's worth at once; `clock` is monotonic seconds."""

    def __init__(self, per_second: float, clock: Callable[[], float]) -> None:
        self._per_second = per_second
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_seconds(self, client: str) -> float:
        """0 when the client may go on, which takes a token; else how long until there is one."""
        now = self._clock()
        most = max(1.0, self._per_second)
        tokens, at = self._buckets.pop(client, (most, now))
        tokens = min(most, tokens + (now - at) * self._per_second)
        allowed = tokens >= 1
        self._buckets[client] = (tokens - 1 if allowed else tokens, now)
        if len(self._buckets) > MOST_CLIENTS:
            self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - tokens) / self._per_second
