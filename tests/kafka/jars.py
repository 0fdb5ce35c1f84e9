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
    require_java()
    pom = HERE / "pom.xml"
    jars = CACHE / hashlib.sha256(pom.read_bytes()).hexdigest()[:12]
    if jars.is_dir():
        return jars
    CACHE.mkdir(parents=True, exist_ok=True)
    fetched = CACHE / f"{jars.name}.{os.getpid()}"  # renamed when whole: an interrupted fetch is no cache
    maven(pom, "dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={fetched}")
    fetched.rename(jars)
    return jars


def maven(pom: Path, *words: str) -> None:
    """Run a goal of Maven. Raises KafkaUnavailableError."""
    if shutil.which("mvn") is None:
        raise KafkaUnavailableError("Maven is not installed (tests/kafka/install says how)")
    ran = subprocess.run(["mvn", "-q", "-B", "-f", str(pom), *words], capture_output=True, text=True)
    if ran.returncode:
        raise KafkaUnavailableError(f"Maven could not fetch {pom}: {(ran.stdout + ran.stderr)[-1000:]}")


def require_java() -> None:
    """Raises KafkaUnavailableError where no Java of this machine is new enough."""
    if shutil.which("java") is None:
        raise KafkaUnavailableError("Java is not installed (tests/kafka/install says how)")
    told = subprocess.run(["java", "-version"], capture_output=True, text=True).stderr
    found = re.search(r'version "(\d+)', told)
    if found is None or int(found[1]) < OLDEST_JAVA:
        raise KafkaUnavailableError(f"Java {OLDEST_JAVA} or newer is needed; `java -version` says {told!r}")
