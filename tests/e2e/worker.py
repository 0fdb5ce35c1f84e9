"""`interdict worker` as a process that tests start, hurt and ask."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from tests.kafka.broker import free_port

INTERDICT = str(Path(sys.executable).with_name("interdict"))
PATIENCE_SECONDS = 60.0
"""For anything that must happen; on an idle machine each takes a few seconds at most."""
STOP_SECONDS = 30.0


class WorkerProcess:
    """One worker on a port of its own; `log` is the file with all it said.

    `command` is what runs it, where it is not `interdict worker` itself.
    """

    def __init__(
        self,
        name: str,
        bootstrap: str,
        folder: Path,
        *,
        prefix: str,
        settings: Mapping[str, str] | None = None,
        command: Sequence[str] = (INTERDICT, "worker"),
    ) -> None:
        self.name = name
        self._command = command
        self.log = folder / f"{name}.log"
        self.port = free_port()
        self._environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("INTERDICT_")},
            "INTERDICT_BROKER": bootstrap,
            "INTERDICT_TOPIC_PREFIX": prefix,
            "INTERDICT_GROUP": f"{prefix}workers",
            "INTERDICT_WEB_PORT": str(self.port),
            **(settings or {}),
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, or start again after an end of any kind."""
        if self.running:
            return
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environment, stdout=log, stderr=log, process_group=0
            )

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """Of the process that ended by itself or by a signal; None while it runs."""
        return self._process.poll() if self._process else None

    @property
    def pid(self) -> int:
        if self._process is None:
            raise RuntimeError(f"{self.name} was not started")
        return self._process.pid

    def kill(self) -> None:
        """SIGKILL: as when its machine loses power."""
        self.send_signal(signal.SIGKILL)
        self.wait()

    def terminate(self) -> None:
        """SIGTERM, without waiting for the end."""
        self.send_signal(signal.SIGTERM)

    def pause(self) -> None:
        """SIGSTOP: as when its machine hangs; connections stay open."""
        self.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """SIGTERM and wait; one that does not end in time is killed."""
        self.resume()
        self.terminate()
        self.wait()

    def wait(self) -> int | None:
        if self._process is None:
            return None
        try:
            return self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def send_signal(self, number: int) -> None:
        """To a worker that runs; to one that has ended, nothing."""
        if self._process is not None and self.running:
            self._process.send_signal(number)

    @property
    def reasons(self) -> list[str]:
        """Why it is not ready, in its own words; empty when it is ready."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/ready", timeout=5) as answer:
                answer.read()
                return []
        except HTTPError as unready:
            with unready:
                return list(json.loads(unready.read())["reasons"])
        except (URLError, OSError) as error:
            return [f"no answer: {error}"]

    @property
    def ready(self) -> bool:
        return not self.reasons

    def status(self) -> dict[str, Any]:
        with urlopen(f"http://127.0.0.1:{self.port}/status.json", timeout=5) as answer:
            return dict(json.loads(answer.read()))

    def metric(self, name: str) -> float:
        """The sum of the samples whose name and labels match `name`, a regular expression."""
        with urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=5) as answer:
            text = answer.read().decode()
        return sum(float(value) for value in re.findall(rf"^{name} (\S+)$", text, re.MULTILINE))

    def wait_until_ready(self, *, seconds: float = PATIENCE_SECONDS) -> float:
        """Returns the seconds it took; raises with the reasons and the log's end."""
        return wait_until(lambda: self.ready, f"{self.name} is ready", seconds=seconds, told=self.told)

    def told(self) -> str:
        return f"{self.reasons}\n{self.log.read_text()[-3000:] if self.log.exists() else ''}"


def wait_until(
    condition: Callable[[], bool],
    what: str,
    *,
    seconds: float = PATIENCE_SECONDS,
    told: Callable[[], str] = lambda: "",
) -> float:
    """Seconds until the condition held. Raises TimeoutError naming what was waited for."""
    started = time.monotonic()
    while not condition():
        if time.monotonic() - started > seconds:
            raise TimeoutError(f"not within {seconds:.0f} s: {what}\n{told()}")
        time.sleep(0.05)
    return time.monotonic() - started
