"""Closes connections that send no whole request: uvicorn would wait for the rest for ever.

Anybody who reaches the port, with or without a token, could hold as many connections as the process may open.
A request's head must arrive within `REST_SECONDS`, and so must the rest of a body that is answered already;
any other body must arrive within the request's own deadline (`http`).
"""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

REST_SECONDS = 10.0
"""From the connection, or from the first byte of a further request, to the end of its headers."""


class HastyProtocol(H11Protocol):
    """uvicorn's own protocol, with time limits where it has none."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        super().connection_made(transport)
        self._wait_for_rest()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state is h11.IDLE or self.conn.our_state is h11.DONE:  # or answered already
            self._wait_for_rest()
        else:
            self._wait_no_more()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_more()
        super().connection_lost(exc)

    def _wait_for_rest(self) -> None:
        if self._late is None:
            close: Any = self.transport.close
            self._late = self.loop.call_later(REST_SECONDS, close)

    def _wait_no_more(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
