"""Closes connections on which nobody asks: aiohttp keeps them for an hour, and half a request for ever.

Anybody who reaches the port, with or without a token, could hold as many connections as the process may open
files, and it would reach no broker any more.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

MOST_CONNECTIONS = 256
"""Open at once, eight for each browser that may follow."""
REST_SECONDS = 75.0
"""From a connection, or the beginning of its last request, until it is closed; Prometheus asks sooner."""
LOOK_SECONDS = 0.25


class Transport(Protocol):
    def abort(self) -> None: ...


class Connection(Protocol):
    @property
    def transport(self) -> Transport | None: ...


class Connections:
    """When something was last asked on each connection of a server; times are seconds of one clock."""

    def __init__(self) -> None:
        self._asked: dict[Connection, float] = {}
        self._followed: set[Connection] = set()

    def asked(self, connection: Connection, now: float) -> None:
        """A request begins."""
        self._asked[connection] = now

    @contextmanager
    def followed(self, connection: Connection) -> Iterator[None]:
        """Its answer has no end, and who takes it is looked after elsewhere."""
        self._followed.add(connection)
        try:
            yield
        finally:
            self._followed.discard(connection)

    def close_idle(self, there: Iterable[Connection], now: float) -> None:
        """Close those of REST_SECONDS, and of too many those on which nothing was asked for longest."""
        self._asked = {each: self._asked.get(each, now) for each in there}
        others = [each for each in self._asked if each not in self._followed]
        others.sort(key=self._asked.__getitem__)
        too_many = max(0, len(self._asked) - MOST_CONNECTIONS)
        for place, each in enumerate(others):
            is_idle = place < too_many or now - self._asked[each] > REST_SECONDS
            if is_idle and each.transport:
                each.transport.abort()  # `close` would wait until its reader has taken all
