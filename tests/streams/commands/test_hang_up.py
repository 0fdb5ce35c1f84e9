"""A terminal that is closed ends a command in order, as SIGTERM does, and not one that nohup has started."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from streams.cli import main

STARTED = "import signal, sys; from streams.cli import main; {first}; main(['broker', '--partitions', '1'])"
"""A command that runs until it is stopped, and needs nothing."""


@contextmanager
def broker(first: str) -> Iterator[subprocess.Popen[str]]:
    code = STARTED.format(first=first)
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    with process:
        try:
            assert process.stdout.readline()  # its address: it runs
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_hang_up_ends_a_command_in_order(number: signal.Signals) -> None:
    with broker("signal.signal(signal.SIGHUP, signal.SIG_DFL)") as process:
        process.send_signal(number)

        assert process.wait(30) == 0


def test_what_nohup_started_goes_on() -> None:
    with broker("signal.signal(signal.SIGHUP, signal.SIG_IGN)") as process:
        process.send_signal(signal.SIGHUP)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.5)
        process.send_signal(signal.SIGTERM)

        assert process.wait(30) == 0


async def test_a_command_that_is_called_in_another_thread_sets_no_signal() -> None:
    done = await asyncio.to_thread(CliRunner().invoke, main, ["lists", "sources"])

    assert done.exit_code == 0, done.output
