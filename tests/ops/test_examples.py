"""The example programs of the documentation run as they stand there, against a live worker."""

import asyncio
import base64
import runpy
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import aiohttp
import orjson
from aiohttp import web

from streams.export.webhook import Webhook, read_secret, signature
from tests.ops.live import live_worker
from tests.streams.export.alerts import alert

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


async def example(name: str, *arguments: str) -> str:
    """Run one to its end; returns what it printed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(EXAMPLES / name), *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await asyncio.wait_for(process.communicate(), 40)
    assert process.returncode == 0, errors.decode()
    return output.decode()


async def test_a_payment_sent_by_the_example_is_a_case_in_the_other_once(tmp_path: Path) -> None:
    cases = tmp_path / "cases.db"
    async with live_worker() as worker:
        broker = ("--broker", worker.bootstrap)
        sent = await example("send_payments.py", *broker, "--rate", "1000", "--count", "200")
        # the same payment again: another alert, no second case
        await example("send_payments.py", *broker, "--rate", "1000", "--count", "200")
        printed = await example("consume_alerts.py", *broker, "--cases", str(cases), "--count", "2")

    assert sent.startswith("EX-1: ")
    assert sent.endswith("200 payments sent to payments\n")
    assert "EX-200: known already" in printed
    with closing(sqlite3.connect(cases)) as stored:
        (payment,) = stored.execute("select payment_id from cases").fetchall()
    assert payment == ("EX-200",)


def test_an_update_is_stored_and_a_message_that_comes_again_changes_nothing() -> None:
    store, tables = runpy.run_path(str(EXAMPLES / "consume_alerts.py"))["store"], ("cases", "messages")
    update = {"id": "51d0" * 8, "state": "superseded", "what": "delisted", "at": "2023-09-01T09:30:00Z"}
    with closing(sqlite3.connect(":memory:")) as cases:
        cases.executescript(runpy.run_path(str(EXAMPLES / "consume_alerts.py"))["CASES"])

        new = [store(cases, told) for told in [alert(), alert() | {"update": update}] * 2]

        stored = [cases.execute(f"select count(*) from {name}").fetchone()[0] for name in tables]  # noqa: S608
        assert (new, stored) == ([1, 0, 0, 0], [1, 2])
        assert cases.execute("select state from cases").fetchone() == ("superseded",)


async def test_a_chat_gets_one_line_for_each_signed_alert_and_none_for_another() -> None:
    chat = runpy.run_path(str(EXAMPLES / "chat_alerts.py"))
    posted: list[dict[str, Any]] = []

    async def room(request: web.Request) -> web.Response:
        posted.append(await request.json())
        return web.Response()

    async with served(room) as slack, served(room) as teams, aiohttp.ClientSession() as session:
        secret = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
        made = chat["app"](secret, [(slack, chat["slack"]), (teams, chat["teams"])])
        async with serving(made) as url:
            await Webhook(url, read_secret(secret), session).deliver("id-1", orjson.dumps(alert()))
            refused = [(await session.post(url, data=b"{}", headers=each)).status for each in forged(secret)]

    assert set(refused) == {401}
    assert len(posted) == 2
    assert posted[0]["text"].startswith("Payment P-1: raised: VERSOR S.R.O.")
    assert posted[1]["attachments"][0]["content"]["body"][0]["text"] == posted[0]["text"]


def forged(secret: str) -> list[dict[str, str]]:
    """Headers that nobody signed, that are none, and those of a message an hour old."""
    now, old = int(time.time()), int(time.time()) - 3600
    signed = signature(read_secret(secret), "x", old, b"{}")
    return [
        {},
        {"webhook-id": "x", "webhook-timestamp": str(now)},
        {"webhook-id": "x", "webhook-timestamp": str(now), "webhook-signature": "v1,\u044f"},
        {"webhook-id": "x", "webhook-timestamp": "\u0661"},
        {"webhook-id": "x", "webhook-timestamp": "9" * 5000},
        {"webhook-id": "x", "webhook-timestamp": str(old), "webhook-signature": signed},
    ]


@asynccontextmanager
async def serving(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()


@asynccontextmanager
async def served(handler: Callable[[web.Request], Awaitable[web.Response]]) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/", handler)
    async with serving(app) as url:
        yield url
