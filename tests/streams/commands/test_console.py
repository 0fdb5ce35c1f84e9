"""`interdict console`: starts without a worker, ends when it is told to, and says what is in its way."""

import asyncio
import os
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest
from click.testing import CliRunner

from streams.commands.console import command
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.topics import Topics
from tests.kafka.broker import free_port

ROOT = Path(__file__).parents[3]
PATIENCE_SECONDS = 60.0


async def test_it_serves_the_desk_until_it_is_told_to_end() -> None:
    with EmbeddedBroker(dict(Topics().partitions(1))) as broker:
        port = free_port()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "streams", "console", "--broker", broker.bootstrap),
            *("--web-port", str(port)),
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        try:
            async with asyncio.timeout(PATIENCE_SECONDS), aiohttp.ClientSession() as client:
                assert await ready(client, f"http://127.0.0.1:{port}/ready", process) == 200
                async with client.get(f"http://127.0.0.1:{port}/desk/work") as answer:
                    assert (await answer.json())["pairs"] == []
                async with client.get(f"http://127.0.0.1:{port}/metrics") as answer:
                    assert 'interdict_console_answer_seconds_count{page="work"} 1.0' in await answer.text()
                process.send_signal(signal.SIGTERM)
                assert await process.wait() == 0
        finally:
            with suppress(ProcessLookupError):
                process.kill()


async def ready(client: aiohttp.ClientSession, url: str, process: asyncio.subprocess.Process) -> int:
    while process.returncode is None:
        with suppress(aiohttp.ClientError):
            async with client.get(url) as answer:
                return answer.status
        await asyncio.sleep(0.1)
    return 0


def test_a_port_in_use_is_one_line_and_exit_code_2() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = CliRunner().invoke(command, ["--web-port", str(taken.getsockname()[1])])

    assert result.exit_code == 2
    assert "INTERDICT_WEB_PORT" in result.output


def test_writers_that_cannot_be_told_apart_are_refused_before_it_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("INTERDICT_WEB_WRITERS", "ann:0123456789abcdef,Ann:0123456789abcdeg")
    result = CliRunner().invoke(command, ["--web-port", "0"])

    assert result.exit_code == 2
    assert "one person" in result.output
    assert "0123456789" not in result.output


def test_a_deadline_for_a_rail_of_ours_in_another_spelling_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It was for no payment: nothing of that rail was ever late."""
    monkeypatch.setenv("INTERDICT_ALERT_DEADLINES", "SEPA-Instant=600,any=86400")
    result = CliRunner().invoke(command, ["--web-port", "0"])

    assert result.exit_code == 2
    assert (
        "INTERDICT_ALERT_DEADLINES, rails: 'SEPA-Instant' is no rail; write 'sepa_instant'" in result.output
    )


@pytest.mark.parametrize("text", ["instant", "instant=0", "=5", "instant=soon", "instant=1e9999"])
def test_a_deadline_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("INTERDICT_ALERT_DEADLINES", text)
    result = CliRunner().invoke(command, [])

    assert result.exit_code == 2
    assert "rail=seconds" in result.output
