"""The series meets every kind of fault, and its tools do what the faults rely on."""

import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.e2e.pipeline import Pipeline
from tests.faults import clock
from tests.faults.catalogue import CATALOGUE, schedule
from tests.faults.ground import ground


def test_sixty_runs_meet_every_kind_at_least_three_times() -> None:
    met = Counter(fault for seed in range(1, 61) for fault in schedule(seed, list(CATALOGUE), 2))

    assert set(met) == set(CATALOGUE)
    assert min(met.values()) >= 3


def test_a_seed_has_the_same_faults_whatever_ran_before_it() -> None:
    kinds = list(CATALOGUE)

    assert schedule(7, kinds, 2) == schedule(7, kinds, 2)
    assert schedule(7, kinds, 2) != schedule(8, kinds, 2)


@pytest.mark.skipif(bool(clock.missing()), reason=clock.missing() or "clocks can be stepped")
def test_a_stepped_clock_shows_another_time_of_day_and_the_same_monotonic_time(tmp_path: Path) -> None:
    clocks = clock.Clocks(tmp_path)
    show = "import time\nfor _ in range(2): input(); print(time.time(), time.monotonic(), flush=True)"
    process = subprocess.Popen(
        [sys.executable, "-c", show],
        env=dict(clocks.environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin and process.stdout
    shown = []
    with process:
        for step in (-3600, 0):
            clocks.step(process.pid, step)
            process.stdin.write("\n")
            process.stdin.flush()
            shown.append([float(each) for each in process.stdout.readline().split()])

    (stepped, early), (right, late) = shown
    assert stepped == pytest.approx(time.time() - 3600, abs=600)
    assert right == pytest.approx(time.time(), abs=600)
    assert early <= late < early + 600


@pytest.mark.kafka
@pytest.mark.usefixtures("kafka_here")
@pytest.mark.skipif(bool(clock.missing()), reason=clock.missing() or "clocks can be stepped")
def test_a_broker_whose_clock_is_stepped_stamps_the_list_with_another_time(tmp_path: Path) -> None:
    with ground(1, tmp_path) as under:
        assert under.clocks
        pipeline = Pipeline(under.cluster.bootstrap, tmp_path, prefix="clock.", workers=0)
        pipeline.create_topics()
        right = pipeline.change("ofac:1", None)
        under.clocks.step(under.cluster.brokers[0].pid, -1800)

        stepped = pipeline.change("ofac:1", None)

    assert stepped - right == pytest.approx(-1_800_000, abs=60_000)
