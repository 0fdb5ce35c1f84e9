"""`interdict export` as a process beside a live worker: alerts come out, and SIGTERM ends it in order."""

import asyncio
import sys
from contextlib import suppress
from pathlib import Path

import orjson
from aiohttp import web

from tests.ops.live import LiveWorker, live_worker

PATIENCE_SECONDS = 30.0


async def started(worker: LiveWorker, *arguments: str) -> asyncio.subprocess.Process:
    interdict = str(Path(sys.executable).with_name("interdict"))
    return await asyncio.create_subprocess_exec(
        *(interdict, "export", *arguments, "--broker", worker.bootstrap), stdout=asyncio.subprocess.PIPE
    )


async def test_a_hit_comes_out_as_a_line_and_as_a_webhook() -> None:
    posted: asyncio.Queue[bytes] = asyncio.Queue()

    async def take(request: web.Request) -> web.Response:
        await posted.put(await request.read())
        return web.Response(status=204)

    app = web.Application()
    app.router.add_post("/", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/"

    async with live_worker() as worker:
        payment_id = await worker.pay("Ashot Mkrtychev")
        lines = await started(worker, "lines", "--as", "ecs")
        webhook = await started(worker, "webhook", url, "--as", "ocsf")
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                assert lines.stdout
                line = orjson.loads(await lines.stdout.readline())
                body = orjson.loads(await posted.get())
            for process in (lines, webhook):
                process.terminate()
                assert await asyncio.wait_for(process.wait(), PATIENCE_SECONDS) == 0
        finally:
            for process in (lines, webhook):
                with suppress(ProcessLookupError):
                    process.kill()
    await runner.cleanup()

    assert line["event"]["kind"] == "alert"
    assert line["interdict"]["payment_id"] == payment_id
    assert body["class_uid"] == 2004
    assert body["metadata"]["uid"] == line["event"]["id"]
