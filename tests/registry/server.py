"""Apicurio Registry as a process: it keeps its port over `stop` and `start`, and in memory what it knows.

Its schemas live as long as the process; `start` behind a `stop` begins empty, so tests pause it instead.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.kafka.broker import end_with_the_tests, free_ports
from tests.kafka.jars import maven, require_java

HERE = Path(__file__).parent
CACHE = HERE.parents[1] / ".cache" / "registry"
START_SECONDS = 120.0
"""It is up in 9 s on an idle machine; this is for a busy one."""
JVM = ("-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")


def registry_files() -> Path:
    """The folder of the unpacked registry, fetched if need be. Raises KafkaUnavailableError."""
    require_java()
    pom = HERE / "pom.xml"
    folder = CACHE / hashlib.sha256(pom.read_bytes()).hexdigest()[:12]
    if folder.is_dir():
        return folder
    CACHE.mkdir(parents=True, exist_ok=True)
    fetched = CACHE / f"{folder.name}.{os.getpid()}"  # renamed when whole
    shutil.rmtree(
        HERE / "target", ignore_errors=True
    )  # Maven's own marks, by which it would unpack nothing again
    maven(pom, "dependency:unpack-dependencies", f"-DoutputDirectory={fetched}")
    shutil.rmtree(HERE / "target", ignore_errors=True)
    try:
        fetched.rename(folder)
    except OSError:  # another test run was first
        shutil.rmtree(fetched, ignore_errors=True)
    return folder


class SchemaRegistryServer:
    """One registry while the `with` block lasts."""

    def __init__(self) -> None:
        (self.port,) = free_ports(1)
        self._folder = Path(tempfile.mkdtemp(prefix="interdict-registry-"))
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Confluent's API."""
        return f"http://127.0.0.1:{self.port}/apis/ccompat/v7"

    def start(self) -> None:
        """Returns when it answers. Raises with the end of its log when it does not."""
        files = registry_files()
        (jar,) = files.glob("*-runner.jar")
        log = self._folder / "registry.log"
        options = ["-Dquarkus.http.host=127.0.0.1", f"-Dquarkus.http.port={self.port}"]
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                ["java", *JVM, *options, "-jar", str(jar)],
                cwd=self._folder,
                stdout=output,
                stderr=output,
                process_group=0,
                preexec_fn=end_with_the_tests,
            )
        ends = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > ends:
                raise RuntimeError(f"the schema registry did not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.2)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/subjects", timeout=2) as answer:  # noqa: S310 - our own
                return bool(answer.status == 200)
        except OSError:
            return False

    def pause(self) -> None:
        """SIGSTOP: connections open and nobody answers."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    def __enter__(self) -> Self:
        try:
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
