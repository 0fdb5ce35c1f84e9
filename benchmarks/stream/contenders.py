"""Processes that screen: started, pinned to one core, and their CPU time read."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks import logicv2
from tests.kafka.broker import free_ports

CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
READY_SECONDS = 900.0
RIVALS = {
    "raw": "aiokafka, no screening",
    "newcomer": "Faust take() + brute-force rapidfuzz",
    "logicv2": "Faust take() + nomenklatura LogicV2",
}


def missing(kind: str) -> str:
    """Why a rival cannot run here; empty when it can."""
    return logicv2.missing() if kind == "logicv2" else ""


@dataclass(slots=True)
class Contender:
    """One process. `kind` is `interdict` or one of RIVALS."""

    kind: str
    bootstrap: str
    prefix: str
    names_file: Path
    core: int
    environment: Mapping[str, str] = field(default_factory=dict)
    ready_seconds: float = 0.0
    _process: subprocess.Popen[bytes] | None = None
    _port: int = 0

    def __enter__(self) -> Self:
        (self._port,) = free_ports(1)
        command = ["-m", "streams", "worker", "--log-level", "WARNING"]
        if self.kind != "interdict":
            command = ["-m", "benchmarks.stream.rivals", self.kind, self.bootstrap, self.prefix]
            command.append(str(self.names_file))
        environment = {
            **os.environ,
            "INTERDICT_BROKER": self.bootstrap,
            "INTERDICT_TOPIC_PREFIX": self.prefix,
            "INTERDICT_GROUP": f"{self.prefix}{self.kind}",
            "INTERDICT_WEB_PORT": str(self._port),
            **self.environment,
        }
        started = time.monotonic()
        self._process = subprocess.Popen([sys.executable, *command], env=environment)
        os.sched_setaffinity(self._process.pid, {self.core})
        if self.kind == "interdict":
            self._wait_until_ready()
        self.ready_seconds = time.monotonic() - started
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        process = self._running
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    @property
    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise RuntimeError(f"{self.kind} was not started")
        return self._process

    @property
    def pid(self) -> int:
        return self._running.pid

    @property
    def cpu_seconds(self) -> float:
        """User and system time so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / CLOCK_TICKS

    @property
    def megabytes(self) -> float:
        """Resident memory."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def _wait_until_ready(self) -> None:
        ends = time.monotonic() + READY_SECONDS
        while time.monotonic() < ends and self._running.poll() is None:
            try:
                with urlopen(f"http://127.0.0.1:{self._port}/ready", timeout=5):
                    return
            except (URLError, OSError):
                time.sleep(0.02)
        raise RuntimeError(f"{self.kind} did not become ready within {READY_SECONDS:.0f} s")


def machine() -> str:
    """One line about where this was measured."""
    cpu = next(
        (line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
         if line.startswith("model name")),
        "unknown CPU",
    )  # fmt: skip
    version = ".".join(map(str, sys.version_info[:3]))
    return f"{cpu}, {os.cpu_count()} cores, Python {version}"


def names_file(names: list[str]) -> Path:
    file = Path(tempfile.mkstemp(prefix="interdict-bench-", suffix=".txt")[1])
    file.write_text("\n".join(names))
    return file
