"""Two exports of different kinds on a real Kafka: each gets every message, through kill -9 of either."""

import asyncio
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path

import orjson
import pytest
from aiohttp import web

from streams.export.projections import message_id
from tests.streams.export.alerts import alert
from tests.streams.past import Past

pytestmark = pytest.mark.kafka
ALERTS = 1_000
PATIENCE_SECONDS = 120.0


def written(past: Past) -> set[str]:
    """Alerts and an update of each; returns the ids of all messages."""
    ids = set()
    for number in range(ALERTS):
        raised = alert(f"P-{number}")
        update = {
            "id": f"{number:032x}",
            "state": "superseded",
            "what": "delisted",
            "changed": [],
            "offset": 1,
        }
        for told in (raised, raised | {"update": update | {"at": raised["screened_at"], "offset": 1}}):
            ids.add(message_id(told))
            past.send(past.topics.alerts, f"P-{number}", orjson.dumps(told), 0, number % past.partitions)
    past.written()
    return ids


async def started(past: Past, *words: str, stdout: int | None = None) -> asyncio.subprocess.Process:
    flags = ("--broker", past.client["bootstrap.servers"], "--prefix", past.topics.prefix)
    command = (sys.executable, "-m", "streams", "export", *words, *flags)
    return await asyncio.create_subprocess_exec(*command, stdout=stdout)


async def test_each_export_gets_every_alert_and_update_through_a_kill_of_either(
    kafka: str, topic_prefix: str, tmp_path: Path
) -> None:
    past = await asyncio.to_thread(Past, kafka, topic_prefix)
    wanted = await asyncio.to_thread(written, past)
    posted: Counter[str] = Counter()
    shipped = tmp_path / "lines"

    async def take(request: web.Request) -> web.Response:
        posted[request.headers["webhook-id"]] += 1
        return web.Response(status=204)

    app = web.Application()
    app.router.add_post("/", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    words = (("webhook", f"http://127.0.0.1:{runner.addresses[0][1]}/"), ("lines",))

    def lines() -> set[str]:
        """What was shipped whole: a line that a kill cut off comes again."""
        found = set()
        for line in shipped.read_bytes().split(b"\n"):
            with suppress(ValueError):
                found.add(message_id(orjson.loads(line)))
        return found

    assert len(wanted) == 2 * ALERTS
    with shipped.open("ab") as out:
        running = [await started(past, *one, stdout=out.fileno()) for one in words]
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while len(posted) < 100 or len(lines()) < 100:  # noqa: ASYNC110  files have no events
                    await asyncio.sleep(0.1)
                for place, process in enumerate(running):
                    process.kill()
                    await process.wait()
                    running[place] = await started(past, *words[place], stdout=out.fileno())
                while {*posted} != wanted or lines() != wanted:  # noqa: ASYNC110
                    await asyncio.sleep(0.2)
        finally:
            for process in running:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
            await runner.cleanup()
