"""How a command that runs until it is stopped begins: its log, what it warns of, its metrics."""

import asyncio
import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from socketserver import BaseRequestHandler
from typing import Any

import rich_click as click
from prometheus_client import CollectorRegistry, start_http_server

from config.settings import Settings
from streams.commands._credentials import end_when_credentials_are_renewed
from streams.commands._options import PORT, Flagged
from streams.kafka.connection import security_warnings

log = logging.getLogger(__name__)

metrics_port_option = click.option(
    "--metrics-port", type=PORT, help="Serve its Prometheus metrics on this port."
)


def start_option(default: str | None, text: str) -> Callable[[Flagged], Flagged]:
    """`--from`: where a group that has committed nothing begins, as `text` says of this one."""
    return click.option(
        "--from",
        "start",
        type=click.Choice(["beginning", "now"]),
        default=default,
        show_default=default is not None,
        help=text,
    )


_STOPS = frozenset((signal.SIGTERM, signal.SIGINT))
"""By which a process is asked to stop; a hang-up becomes the first of them (`streams.cli`)."""


def when_stopped(call: Callable[..., object], *args: Any) -> None:
    """Have this called by the running event loop when the process is asked to stop."""
    for number in _STOPS:
        asyncio.get_running_loop().add_signal_handler(number, call, *args)


def stop_signals() -> list[int]:
    """The signals that ask the process to stop, as they come from now on: without an event loop.

    A list grows without a lock: one that the interrupted code holds would never be free.
    """
    come: list[int] = []
    for number in _STOPS:
        signal.signal(number, lambda number, _: come.append(number))
    return come


@contextmanager
def until_stopped() -> Iterator[None]:
    """What goes on until it is stopped is done then: SIGTERM ends it as Ctrl-C does, neither is a failure."""
    before = signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGTERM, before)


def begin(settings: Settings, level: str = "INFO", *, of_kafka: str = "WARNING") -> None:
    """Log to standard error, aiokafka from `of_kafka` on, and say what in the settings is not safe. It ends
    when its credentials are renewed."""
    logging.basicConfig(
        level=level.upper(), stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("aiokafka").setLevel(of_kafka)
    for warning in security_warnings(settings):
        log.warning("%s", warning)
    end_when_credentials_are_renewed(settings)


def serve_metrics(registry: CollectorRegistry, port: int | None, settings: Settings) -> None:
    """Where a port is named; on the address of the settings' web pages. Raises CannotProceedError."""
    if port is not None:
        from streams.console.server import check_port  # aiohttp takes a tenth of a second of a start

        check_port(settings.web_host, port, "--metrics-port")
        server, _ = start_http_server(port, settings.web_host, registry)
        handler: Any = server.RequestHandlerClass
        server.RequestHandlerClass = type("Hasty", (_Hasty, handler), {})


METRICS_SECONDS = 10.0
"""Until half a request, or an answer that nobody takes, is given up."""
_ROOM = threading.BoundedSemaphore(256)


class _Hasty(BaseRequestHandler):
    """Prometheus' own server has a thread and a file for each connection, for as long as its other end likes,
    until this process may open none to a broker."""

    timeout = METRICS_SECONDS

    def handle(self) -> None:
        if _ROOM.acquire(blocking=False):
            try:
                with suppress(TimeoutError, ConnectionError):
                    super().handle()
            finally:
                _ROOM.release()
