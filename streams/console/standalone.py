"""`interdict console`: the pages without a worker behind them; designations come from their topic, too."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from aiohttp import web
from aiokafka.errors import KafkaError

from streams.console.giving import Giving
from streams.console.metrics import ConsoleMetrics
from streams.console.routes import Console, answered, desk_pages
from streams.console.server import Handler, PageServer, json_answer
from streams.errors import CannotProceedError

READY_SECONDS = 5.0
"""A broker that does not answer within this time is not there."""


class ConsoleServer(PageServer):
    """Serves one desk, and the form where somebody may give dispositions; it is in no consumer group."""

    def __init__(
        self, host: str, port: int, console: Console, token: str | None = None, giving: Giving | None = None
    ) -> None:
        tokens = (*([token] if token else ()), *(giving.writers if giving else ()))
        super().__init__(host, port, tokens)
        self._console, self._desk, self._giving = console, console.desk, giving
        self.metrics = ConsoleMetrics()

    def gets(self) -> Mapping[str, Handler]:
        pages = {
            "/live": self._live,
            "/ready": self._ready,
            "/metrics": self.metrics.show,
            "/status.json": self._status,
            "/designations/{id}": answered(self._designation),
        }
        asked = {path: self.metrics.timed(path, page) for path, page in desk_pages(self._console).items()}
        return {**pages, **super().gets(), **asked}

    def posts(self) -> Mapping[str, Handler]:
        return self._giving.pages() if self._giving else {}

    async def on_stop(self) -> None:
        await super().on_stop()
        await self._desk.stop()

    async def reasons(self) -> list[str]:
        """Why nothing can be shown; empty when it can."""
        try:
            async with asyncio.timeout(READY_SECONDS):
                await self._desk.reach()
        except CannotProceedError as error:
            return [str(error)]
        except (KafkaError, OSError) as error:
            return [f"the broker does not answer: {str(error) or type(error).__name__}"]
        return []

    async def _live(self, _: web.Request) -> web.StreamResponse:
        return json_answer({"live": True})

    async def _ready(self, _: web.Request) -> web.StreamResponse:
        reasons = await self.reasons()
        return json_answer({"ready": not reasons, "reasons": reasons}, 503 if reasons else 200)

    async def _status(self, _: web.Request) -> web.StreamResponse:
        reasons = await self.reasons()
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        status: dict[str, object] = {"ready": not reasons, "reasons": reasons, "now": now, "alone": True}
        if self._giving:
            longest = self._giving.rules.longest / timedelta(days=1)
            status["form"] = {"four_eyes": self._giving.rules.four_eyes, "longest_days": longest}
        return json_answer(status)

    async def _designation(self, request: web.Request) -> web.StreamResponse:
        card = await self._desk.designation(request.match_info["id"])
        return json_answer(card) if card else json_answer({"error": "not on any list in force"}, 404)
