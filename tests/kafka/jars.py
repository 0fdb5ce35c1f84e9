"""The broker's jars: fetched once with Maven into `.cache/kafka`, kept between runs and named by the pom."""

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
CACHE = HERE.parents[1] / ".cache" / "kafka"
OLDEST_JAVA = 17
"""Kafka 4 brokers need it."""


class KafkaUnavailableError(RuntimeError):
    """No broker can be started here; the text says what is missing."""


def kafka_jars() -> Path:
    """The folder of jars, fetched if need be. Raises KafkaUnavailableError."""
    _require_java()
    pom = HERE / "pom.xml"
    jars = CACHE / hashlib.sha256(pom.read_bytes()).hexdigest()[:12]
    if jars.is_dir():
        return jars
    if shutil.which("mvn") is None:
        raise KafkaUnavailableError("Maven is not installed (tests/kafka/install says how)")
    CACHE.mkdir(parents=True, exist_ok=True)
    fetched = CACHE / f"{jars.name}.{os.getpid()}"  # renamed when whole: an interrupted fetch is no cache
    command = ["mvn", "-q", "-B", "-f", str(pom), "dependency:copy-dependencies"]
    maven = subprocess.run(
        [*command, "-DincludeScope=runtime", f"-DoutputDirectory={fetched}"], capture_output=True, text=True
    )
    if maven.returncode:
        raise KafkaUnavailableError(f"Maven could not fetch Kafka: {(maven.stdout + maven.stderr)[-1000:]}")
    fetched.rename(jars)
    return jars


def _require_java() -> None:
    if shutil.which("java") is None:
        raise KafkaUnavailableError("Java is not installed (tests/kafka/install says how)")
    told = subprocess.run(["java", "-version"], capture_output=True, text=True).stderr
    found = re.search(r'version "(\d+)', told)
    if found is None or int(found[1]) < OLDEST_JAVA:
        raise KafkaUnavailableError(f"Java {OLDEST_JAVA} or newer is needed; `java -version` says {told!r}")
