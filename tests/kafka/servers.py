"""Servers that tests start as processes of this machine, and that never outlive them."""

import ctypes
import os
import signal
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

STOP_SECONDS = 30.0
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
NOTHING: Mapping[str, str] = MappingProxyType({})


class ServerProcess:
    """One server: it can stand still, stop in order, or be killed, and be launched again."""

    _process: subprocess.Popen[bytes] | None = None

    def launch(
        self,
        command: Sequence[str],
        log: Path,
        *,
        folder: Path | None = None,
        environment: Mapping[str, str] = NOTHING,
    ) -> None:
        """What it prints goes behind what the log holds already."""
        with log.open("ab") as output:
            # a group of its own: Ctrl-C in the terminal must reach the tests first, which stop it in order.
            # Not a session of its own: Linux shares a core by sessions, and its 6.18 let a broker wait 10 s
            # for one that it shared with a busy source of payments
            self._process = subprocess.Popen(
                command,
                cwd=folder,
                env={**os.environ, **environment},
                stdout=output,
                stderr=output,
                process_group=0,
                preexec_fn=_end_with_the_tests,
            )

    def end(self, number: signal.Signals) -> None:
        """Send the signal and wait for the end; SIGKILL behind it where that does not come."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGCONT)  # a paused process cannot act on SIGTERM
        process.send_signal(number)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def pause(self) -> None:
        """SIGSTOP: connections stay open and nobody answers."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    @property
    def pid(self) -> int:
        if self._process is None:
            raise RuntimeError("the server was not started")
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self.running:
            self._process.send_signal(number)


class Started(ABC):
    """Runs while its `with` block lasts, from its beginning on unless `starts_itself` is off."""

    starts_itself = True

    @abstractmethod
    def start(self) -> None:
        """Returns when it serves."""

    @abstractmethod
    def stop(self) -> None:
        """End every process and remove what they wrote."""

    def __enter__(self) -> Self:
        try:
            if self.starts_itself:
                self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del kind, error, trace
        self.stop()


def _end_with_the_tests() -> None:
    """Asks Linux to end a server whose tests were killed and could not end it themselves."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
