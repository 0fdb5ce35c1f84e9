"""A worker in a process of its own: `interdict worker`, the command of production."""

import asyncio
import contextlib
import socket
import sys
import tempfile
from collections.abc import AsyncIterator

import aiohttp

from config.settings import Settings
from streams.errors import CannotProceedError

READY_SECONDS = 60.0
TAIL_BYTES = 4000


class DemoError(CannotProceedError):
    """The demo cannot go on; the text says why and what to do."""


@contextlib.asynccontextmanager
async def worker_process(settings: Settings) -> AsyncIterator[str]:
    """Starts a worker and gives its console's address once it is ready; stops it at the end.

    Raises DemoError with the end of the worker's log when it does not become ready.
    """
    port = settings.web_port or _free_port()
    console_url = f"http://127.0.0.1:{port}/"
    flags = ["--broker", settings.broker, "--prefix", settings.topic_prefix]
    flags += ["--web-host", "127.0.0.1", "--web-port", str(port)]
    with tempfile.TemporaryFile() as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "streams", "worker", *flags),
            stdout=log,
            stderr=log,
            process_group=0,  # Ctrl-C is for the demo, which then ends the worker in order
        )
        try:
            if not await _ready(process, f"{console_url}ready"):
                log.seek(max(0, log.seek(0, 2) - TAIL_BYTES))
                said = log.read().decode(errors="replace")
                raise DemoError(f"the worker did not become ready; the end of its log:\n{said}")
            yield console_url
        finally:
            if process.returncode is None:
                process.terminate()
                await process.wait()


async def _ready(process: asyncio.subprocess.Process, url: str) -> bool:
    """Whether the worker turns ready before it ends, and in time."""
    with contextlib.suppress(TimeoutError):
        async with aiohttp.ClientSession() as session, asyncio.timeout(READY_SECONDS):
            while process.returncode is None:
                if await _answers_ok(session, url):
                    return True
                await asyncio.sleep(0.1)
    return False


async def _answers_ok(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(url) as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port
