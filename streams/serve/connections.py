"""Closes connections that send no whole request, or take no answer: uvicorn would wait for them for ever.

Anybody who reaches the port, with or without a token, could hold as many connections as the process may open.
A request's head must arrive within `REST_SECONDS`, and so must the rest of a body that is answered already;
any other body must arrive within the request's own deadline (`http`). An answer must be taken in that time.
"""

import asyncio
from collections import OrderedDict
from typing import Any, ClassVar

import h11
import orjson
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.h11_impl import H11Protocol

from streams.serve.openapi import STATUSES

REST_SECONDS = 10.0
"""From the connection, or from the first byte of a further request, to the end of its headers; and from an
answer that waits for its reader to where he has taken on most of it."""
MOST_SILENT = 256
"""Connections that may wait at once for the rest of a head; the one that would be closed first makes room."""
MALFORMED = orjson.dumps(
    {
        "title": STATUSES["400"],
        "status": 400,
        "detail": "this is no HTTP/1.1 request, or its head is too large; percent-encode what is not ASCII",
    }
)


class OneAtATime(FlowControl):
    """Reads nothing while a whole request waits for its answer. uvicorn reads on whenever a request asks for
    its body, also for one that is there, so requests sent ahead of their answers would fill the memory."""

    def __init__(self, transport: asyncio.Transport, conn: h11.Connection) -> None:
        super().__init__(transport)
        self._conn = conn

    def resume_reading(self) -> None:
        waits = self._conn.their_state is h11.DONE and self._conn.our_state is not h11.DONE
        if not waits:
            super().resume_reading()


class HastyProtocol(H11Protocol):
    """uvicorn's own protocol, with limits where it has none, and its refusals as sentences."""

    _silent: ClassVar[OrderedDict["HastyProtocol", None]] = OrderedDict()
    """Those that wait for the rest of a head, the oldest first."""
    _late: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        super().connection_made(transport)
        self.flow = OneAtATime(transport, self.conn)
        self._wait_for_rest()
        if len(self._silent) > MOST_SILENT:
            oldest, _ = self._silent.popitem(last=False)
            oldest.transport.abort()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state is h11.IDLE or self.conn.our_state is h11.DONE:  # or answered already
            self._wait_for_rest()
        else:
            self._wait_no_more()

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._unread is None:
            abort: Any = self.transport.abort  # what is closed still waits until all is read
            self._unread = self.loop.call_later(REST_SECONDS, abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_more()
        self.resume_writing()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        del msg
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):  # not while another answer is under way
            headers = [
                ("content-type", "application/problem+json"),
                ("content-length", str(len(MALFORMED))),
                ("connection", "close"),
            ]
            for event in (
                h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
                h11.Data(data=MALFORMED),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event))
        self.transport.close()

    def _should_upgrade(self) -> bool:
        """Never: a request that offers another protocol is answered as it stands."""
        return False

    def _wait_for_rest(self) -> None:
        if self._late is None:
            self._silent[self] = None
            close: Any = self.transport.close
            self._late = self.loop.call_later(REST_SECONDS, close)

    def _wait_no_more(self) -> None:
        if self._late is not None:
            self._silent.pop(self, None)
            self._late.cancel()
            self._late = None
