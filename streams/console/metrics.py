"""What an operator sees of `interdict console`: who waits for it how long, beside the process itself."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import hdrs, web
from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector
from prometheus_client.exposition import choose_encoder

from streams.console.server import Handler
from streams.metrics import MetricsIn

SECONDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 5.0, 10.0)
PAGES = {"/desk/records": "records", "/desk/work": "work"}
"""A label is one of these: what people search for is in none."""


class ConsoleMetrics:
    """Of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._seconds = MetricsIn(self.registry).histogram(
            "console_answer_seconds",
            "From a question of a page to its answer, by what was asked.",
            SECONDS,
            "page",
        )
        for page in PAGES.values():
            self._seconds.labels(page)

    def timed(self, path: str, handler: Handler) -> Handler:
        """The same, with its seconds counted where they are asked for."""
        page = PAGES.get(path)
        if page is None:
            return handler

        async def answer(request: web.Request) -> web.StreamResponse:
            with self._measured(page):
                return await handler(request)

        return answer

    @contextmanager
    def _measured(self, page: str) -> Iterator[None]:
        began = time.monotonic()
        try:
            yield
        finally:
            self._seconds.labels(page).observe(time.monotonic() - began)

    async def show(self, request: web.Request) -> web.StreamResponse:
        """`/metrics`."""
        encode, content_type = choose_encoder(request.headers.get(hdrs.ACCEPT, ""))
        return web.Response(body=encode(self.registry), headers={hdrs.CONTENT_TYPE: content_type})
