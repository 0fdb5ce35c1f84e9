"""Processes that screen: started, each pinned to a core of its own, and their CPU time read."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks import logicv2
from benchmarks.stream.quota import CoreShare
from streams.resource import Resource
from tests.kafka.broker import free_ports

CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
READY_SECONDS = 900.0
STOP_SECONDS = 20.0
INTERDICT, RAW = "interdict", "raw"
TITLES = {INTERDICT: "Interdict", RAW: "raw aiokafka", "newcomer": "rapidfuzz", "logicv2": "LogicV2"}
"""Contenders by kind; benchmarks.stream.rivals says what each rival does."""


def missing(kind: str) -> str:
    """Why a rival cannot run here; empty when it can."""
    return logicv2.missing() if kind == "logicv2" else ""


@dataclass(slots=True)
class Contender(Resource):
    """Processes of one kind, one a core, which share the partitions as one consumer group."""

    kind: str
    bootstrap: str
    prefix: str
    names_file: Path
    cores: Sequence[int]
    share: float
    """The part of its core that each may use."""
    samples: Path | None = None
    """Where Interdict leaves what it was doing (`benchmarks.stream.sampled`), if it is looked at."""
    ready_seconds: float = 0.0
    """Until the last of them said that it is ready; rivals do not say."""
    _processes: "list[Process]" = field(default_factory=list)

    def __enter__(self) -> Self:
        started = time.monotonic()
        try:
            for core in self.cores:
                self._processes.append(Process(self._command, self._environment, core))
                if self.share < 1:
                    self._processes[-1].hold_to(self.share)
            if self.kind == INTERDICT:
                for process in self._processes:
                    process.wait_until_ready()
        except BaseException:
            self.close()
            raise
        self.ready_seconds = time.monotonic() - started
        return self

    @property
    def cpu_seconds(self) -> float:
        """User and system time of all so far."""
        return sum([process.cpu_seconds for process in self._processes])

    @property
    def megabytes(self) -> float:
        """Resident memory of all."""
        return sum([process.megabytes for process in self._processes])

    @property
    def _command(self) -> list[str]:
        if self.kind == INTERDICT:
            looked_at = ["benchmarks.stream.sampled", str(self.samples)] if self.samples else ["streams"]
            return ["-m", *looked_at, "worker", "--log-level", "WARNING"]
        rival = ["-m", "benchmarks.stream.rivals", self.kind, self.bootstrap, self.prefix]
        return [*rival, str(self.names_file)]

    @property
    def _environment(self) -> dict[str, str]:
        return {
            "INTERDICT_BROKER": self.bootstrap,
            "INTERDICT_TOPIC_PREFIX": self.prefix,
            "INTERDICT_GROUP": f"{self.prefix}{self.kind}",
        }

    def close(self) -> None:
        for process in self._processes:
            process.stop()


class Process:
    """One worker on one core, or on a part of it."""

    def __init__(self, command: list[str], environment: dict[str, str], core: int) -> None:
        (self._port,) = free_ports(1)
        environment = {**os.environ, **environment, "INTERDICT_WEB_PORT": str(self._port)}
        self._process = subprocess.Popen([sys.executable, *command], env=environment)
        os.sched_setaffinity(self._process.pid, {core})
        self._held: CoreShare | None = None

    def hold_to(self, share: float) -> None:
        """To a part of its core from now on. Raises RuntimeError where this cannot be done."""
        self._held = CoreShare(self._process.pid, share)

    @property
    def cpu_seconds(self) -> float:
        fields = self._proc("stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / CLOCK_TICKS

    @property
    def megabytes(self) -> float:
        return int(self._proc("statm").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

    def _proc(self, file: str) -> str:
        if self._process.poll() is not None:
            raise RuntimeError(f"a worker ended by itself with exit code {self._process.returncode}")
        return Path(f"/proc/{self._process.pid}/{file}").read_text()

    def wait_until_ready(self) -> None:
        ends = time.monotonic() + READY_SECONDS
        while time.monotonic() < ends and self._process.poll() is None:
            try:
                with urlopen(f"http://127.0.0.1:{self._port}/ready", timeout=5):
                    return
            except (URLError, OSError):
                time.sleep(0.02)
        raise RuntimeError(f"a worker did not become ready within {READY_SECONDS:.0f} s")

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._held:
            self._held.end()
