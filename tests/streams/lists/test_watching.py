"""A watch publishes what is good and survives everything else."""

import math
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from prometheus_client import generate_latest

from config.settings import Settings
from streams.kafka.embedded import EmbeddedBroker
from streams.lists.files import ListFile, publish_file
from streams.lists.sources import FolderSource
from streams.lists.status import read_topic
from streams.lists.watching import LAST_RETRY_SECONDS, Watcher, WatchMetrics
from tests.streams.list_topic import ListTopic


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker({"designations": 1}) as embedded:
        yield embedded


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Watch:
    """A watcher of one file, its metrics and its clock."""

    def __init__(self, path: Path, bootstrap: str) -> None:
        self.path = path
        self.clock = Clock()
        self.metrics = WatchMetrics("own", self.clock)
        self.watcher = Watcher(
            Settings(broker=bootstrap),
            FolderSource(path, settle_seconds=0),
            format_name="csv",
            list_name="own",
            max_shrink=0.1,
            metrics=self.metrics,
        )
        self._writes = 0

    def write(self, *names: str, header: str = "uid,name") -> None:
        rows = (f"{name.lower()},{name}\n" for name in names)
        self.path.write_text(f"{header}\n{''.join(rows)}")
        self._writes += 1
        os.utime(self.path, (self._writes, self._writes))  # two writes within one tick of the file's clock

    def shown(self, metric: str) -> float | None:
        return self.metrics.registry.get_sample_value(metric, {"list": "own"})

    def failures(self, reason: str) -> float | None:
        labels = {"list": "own", "reason": reason}
        return self.metrics.registry.get_sample_value("interdict_list_source_failures_total", labels)


@pytest.fixture
def watch(tmp_path: Path, broker: EmbeddedBroker) -> Watch:
    return Watch(tmp_path / "own.csv", broker.bootstrap)


async def entries(broker: EmbeddedBroker) -> int:
    topic = read_topic({"bootstrap.servers": broker.bootstrap}, "designations")
    assert topic.problems == []
    return topic.lists["own"].entries


async def test_what_is_new_is_published_and_nothing_else_is_sent(
    watch: Watch, broker: EmbeddedBroker
) -> None:
    watch.write("Alpha", "Beta")
    assert await watch.watcher.look() == ""
    first = read_topic({"bootstrap.servers": broker.bootstrap}, "designations")
    assert await watch.watcher.look() == ""
    again = read_topic({"bootstrap.servers": broker.bootstrap}, "designations")

    assert (first.lists["own"].entries, again.end) == (2, first.end)


async def test_a_bad_file_keeps_the_last_good_list_and_lets_its_source_grow_old(
    watch: Watch, broker: EmbeddedBroker
) -> None:
    watch.write("Alpha", "Beta")
    await watch.watcher.look()
    watch.clock.now += 600
    watch.write("Alpha", header="id,title")

    assert "no column 'uid'" in await watch.watcher.look()
    assert await entries(broker) == 2
    assert watch.shown("interdict_list_source_age_seconds") == 600
    assert watch.failures("refused") == 1

    watch.write("Alpha", "Beta", "Gamma")
    assert await watch.watcher.look() == ""
    assert await entries(broker) == 3
    assert watch.shown("interdict_list_source_age_seconds") == 0


async def test_a_source_that_was_dead_before_the_watch_began_is_as_old_as_its_list(
    watch: Watch, broker: EmbeddedBroker, tmp_path: Path
) -> None:
    """After a restart it looked fresh for hours."""
    watch.write("Alpha", "Beta")
    await watch.watcher.look()
    published = read_topic({"bootstrap.servers": broker.bootstrap}, "designations").lists["own"].at
    again = Watch(tmp_path / "gone.csv", broker.bootstrap)
    again.clock.now = published.timestamp() + 86_400
    before = again.shown("interdict_list_source_age_seconds")
    assert await again.watcher.look()

    assert before is not None and math.isnan(before)
    assert again.shown("interdict_list_source_age_seconds") == pytest.approx(86_400)
    again.clock.now += 60
    again.metrics.confirmed()
    assert await again.watcher.look()
    assert again.shown("interdict_list_source_age_seconds") == 0


async def test_of_a_source_that_was_never_good_nobody_says_when(
    tmp_path: Path, broker: EmbeddedBroker
) -> None:
    for bootstrap in (broker.bootstrap, "127.0.0.1:1"):
        watch = Watch(tmp_path / "gone.csv", bootstrap)
        assert await watch.watcher.look()
        assert math.isnan(watch.shown("interdict_list_source_age_seconds") or 0)


async def test_a_shrunken_file_is_refused(watch: Watch, broker: EmbeddedBroker) -> None:
    watch.write("Alpha", "Beta")
    await watch.watcher.look()
    watch.write("Alpha")

    assert "--max-shrink" in await watch.watcher.look()
    assert await entries(broker) == 2


async def test_a_source_that_is_away_is_counted_and_waits_grow(watch: Watch) -> None:
    pauses = []
    for _ in range(10):
        assert "No such file" in await watch.watcher.look()
        pauses.append(watch.watcher.pause(every_seconds=86_400))

    watch.write("Alpha")
    assert await watch.watcher.look() == ""
    watch.write("Alpha", header="id,title")
    assert await watch.watcher.look()
    assert 4 <= watch.watcher.pause(every_seconds=86_400) <= 6  # as after the first

    assert watch.failures("download") == 10
    assert 4 <= pauses[0] <= 6
    assert pauses[0] < pauses[3] < pauses[6]
    assert max(pauses) <= LAST_RETRY_SECONDS * 1.2


async def test_a_broker_that_is_away_does_not_end_the_watch(tmp_path: Path) -> None:
    watch = Watch(tmp_path / "own.csv", "127.0.0.1:1")
    watch.write("Alpha")

    assert await watch.watcher.look()
    assert watch.failures("broker") == 1


def test_every_reason_is_a_series_from_the_start() -> None:
    shown = generate_latest(WatchMetrics("own").registry).decode()

    for reason in ("refused", "download", "broker", "internal"):
        assert f'interdict_list_source_failures_total{{list="own",reason="{reason}"}} 0.0' in shown


@pytest.mark.parametrize(("issued", "late"), [(date(2026, 1, 28), True), (date(2026, 11, 20), False)])
def test_a_file_whose_own_date_stands_still_is_told(issued: date, late: bool) -> None:
    """The UK's consolidated list answers long after it was given up."""
    now = datetime(2026, 11, 28, 12, tzinfo=UTC).timestamp()
    metrics = WatchMetrics("uk", clock=lambda: now)

    days = metrics.issued(issued, usual_days=30)

    text = generate_latest(metrics.registry).decode()
    assert days == (304 if late else 0)
    assert f'interdict_list_source_stands_still{{list="uk"}} {float(late)}' in text


async def test_entries_that_somebody_else_deleted_are_there_again_after_the_next_look(
    broker: EmbeddedBroker, tmp_path: Path
) -> None:
    watch = Watch(tmp_path / "own.csv", broker.bootstrap)
    watch.write("Alpha", "Beta")
    assert await watch.watcher.look() == ""
    async with ListTopic(broker.bootstrap) as topic:
        await topic.raw("own:alpha", None)

    assert await watch.watcher.look() == ""

    held = read_topic({"bootstrap.servers": broker.bootstrap}, "designations")
    assert held.problems == []
    assert held.lists["own"].entries == 2


@pytest.mark.parametrize("key", ["own:@commit", "own:@begin", "@lists"])
async def test_a_marker_that_nobody_can_read_is_written_again_at_the_next_look(
    broker: EmbeddedBroker, tmp_path: Path, key: str
) -> None:
    watch = Watch(tmp_path / "own.csv", broker.bootstrap)
    watch.write("Alpha", "Beta")
    assert await watch.watcher.look() == ""
    async with ListTopic(broker.bootstrap) as topic:
        await topic.raw(key, b"{")

    assert await watch.watcher.look() == ""

    assert read_topic({"bootstrap.servers": broker.bootstrap}, "designations").problems == []


async def test_another_file_that_somebody_else_published_is_replaced_at_the_next_look(
    broker: EmbeddedBroker, tmp_path: Path
) -> None:
    watch = Watch(tmp_path / "own.csv", broker.bootstrap)
    watch.write("Alpha", "Beta")
    assert await watch.watcher.look() == ""
    other = tmp_path / "other.csv"
    other.write_text("uid,name\nalpha,Alpha\nbeta,Gamma\n")
    settings = Settings(broker=broker.bootstrap)
    await publish_file(settings, ListFile("csv", other, "own"), max_shrink=1.0)

    assert await watch.watcher.look() == ""

    ours = await publish_file(settings, ListFile("csv", watch.path, "own"), max_shrink=1.0)
    assert not ours.committed
