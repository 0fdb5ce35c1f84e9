"""The fixtures that more than one folder of tests uses."""

import gc
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import settings

from tests import official
from tests.kafka.broker import KafkaCluster, in_ci
from tests.kafka.jars import KafkaUnavailableError, kafka_jars
from tests.registry.server import SchemaRegistryServer, registry_files

START_WORKERS = frozenset(("streams", "e2e", "registry", "security", "faults", "browser", "benchmarks"))
"""Folders whose tests start workers, or load lists as they do."""


def pytest_configure() -> None:
    """SIGTERM (a time limit, a cancelled job) ends the run in order, so that no broker or worker is left."""
    signal.signal(signal.SIGTERM, lambda *_: pytest.exit("terminated", returncode=143))
    settings.register_profile("unhurried", settings.default, deadline=None)  # a busy machine is no failure
    settings.load_profile("unhurried")
    for compiled in Path("screening").rglob("*.so"):  # of `make native`: it is what is imported
        if compiled.stat().st_mtime < compiled.with_name(compiled.name.split(".")[0] + ".py").stat().st_mtime:
            pytest.exit(f"{compiled} is older than its source; `make native` or `make pure`", returncode=4)


def pytest_collection_finish(session: pytest.Session) -> None:
    """What a late test waits for comes over the network meanwhile."""
    if any("test_the_official_parsers" in item.nodeid for item in session.items):
        official.begin()


def pytest_unconfigure() -> None:
    official.end()


def pytest_runtest_teardown() -> None:
    """What a command of one test kept from the collector is looked at again: Hypothesis, too, asks for it."""
    gc.unfreeze()


def _unavailable(reason: str) -> None:
    if in_ci():
        pytest.fail(f"CI must run the tests on a real Kafka, but {reason}")
    pytest.skip(f"no real Kafka: {reason}; or set KAFKA_BOOTSTRAP")


@pytest.fixture(scope="module", autouse=True)
def _no_snapshot_of_other_tests(request: pytest.FixtureRequest) -> Iterator[None]:
    """Workers begin with an index that nobody left: one of the whole list of OFAC is 15 MB, 2 s to read and
    to forget again, and whether it is there depends on what ran before."""
    if not START_WORKERS.intersection(request.path.relative_to(request.config.rootpath).parts):
        yield
        return
    folder = request.getfixturevalue("tmp_path_factory").getbasetemp() / "caches" / request.path.stem
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield


@pytest.fixture(scope="session")
def kafka_here() -> None:
    """For tests that start brokers of their own: skips with the reason where that cannot be; fails in CI."""
    try:
        kafka_jars()
    except KafkaUnavailableError as error:
        _unavailable(str(error))


@pytest.fixture(scope="session")
def kafka(request: pytest.FixtureRequest) -> Iterator[str]:
    """The bootstrap address of a real Kafka that all tests share; give topics the `topic_prefix`."""
    if given := os.environ.get("KAFKA_BOOTSTRAP"):
        yield given
        return
    request.getfixturevalue("kafka_here")
    with KafkaCluster() as cluster:
        yield cluster.bootstrap


@pytest.fixture
def topic_prefix() -> str:
    """Keeps one test's topics and groups apart from every other's on a shared broker."""
    return f"t{uuid4().hex[:10]}-"


@pytest.fixture(scope="session")
def registry(kafka_here: None) -> Iterator[SchemaRegistryServer]:
    """A real schema registry that all tests share; give subjects names of your own."""
    del kafka_here
    try:
        registry_files()
    except KafkaUnavailableError as error:
        _unavailable(str(error))
    with SchemaRegistryServer() as server:
        yield server
