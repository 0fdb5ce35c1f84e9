"""Apicurio Registry as a process: it keeps its port over `stop` and `start`, and in memory what it knows.

Its schemas live as long as the process; `start` behind a `stop` begins empty, so tests pause it instead.
"""

import hashlib
import os
import shutil
import signal
import tempfile
import time
import urllib.request
from pathlib import Path

from tests.kafka.broker import free_port
from tests.kafka.jars import maven, require_java
from tests.kafka.servers import ServerProcess, Started

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


class SchemaRegistryServer(ServerProcess, Started):
    """One registry while the `with` block lasts."""

    def __init__(self) -> None:
        self.port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="interdict-registry-"))

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
        self.launch(["java", *JVM, *options, "-jar", str(jar)], log, folder=self._folder)
        ends = time.monotonic() + START_SECONDS
        while not self._answers():
            if not self.running or time.monotonic() > ends:
                raise RuntimeError(f"the schema registry did not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.2)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/subjects", timeout=2) as answer:  # noqa: S310 - our own
                return bool(answer.status == 200)
        except OSError:
            return False

    def stop(self) -> None:
        self.end(signal.SIGKILL)
        shutil.rmtree(self._folder, ignore_errors=True)
