"""A backlog of large payments takes little memory: a worker reads no further ahead than it decides."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.pipeline import NewPipeline, Pipeline
from tests.e2e.reconciliation import reconcile
from tests.e2e.records import producer
from tests.e2e.source import Planted, generated_list, payments

pytestmark = pytest.mark.kafka

LISTED = generated_list(300)
COUNT = 900
LARGE = 1_000_000
"""Bytes of a payment; larger ones than a MiB are refused."""
MOST_MIB = 400
"""Of a worker, which has some 150 without; what waits is bounded by 32, and what is being decided by as much.
All that is sent are 860."""


@pytest.fixture
def pipeline(new_pipeline: NewPipeline) -> Pipeline:
    return new_pipeline(LISTED, workers=1)


def large(sent: Planted) -> Planted:
    """The same payment in a JSON text that is nearly all blanks."""
    return replace(sent, value=sent.value.ljust(LARGE))


def test_a_backlog_of_large_payments_is_decided_in_little_memory(pipeline: Pipeline) -> None:
    sent = [large(each) for each in payments(COUNT, LISTED, hits=10)]
    to = producer(pipeline.bootstrap, **{"compression.type": "zstd"})
    for each in sent:
        to.produce(pipeline.topics.payments, each.value, each.id)
        to.flush()  # each packed by itself

    pipeline.start()
    pipeline.wait_for_decisions(COUNT)
    pipeline.settle()
    (worker,) = pipeline.workers
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{worker.pid}/status").read_text())
    print(f"{COUNT} payments of {LARGE >> 10} KiB in {int(peak) >> 10} MiB at the most")  # noqa: T201
    pipeline.stop()

    assert reconcile(pipeline.bootstrap, pipeline.topics, sent).hits == 10
    assert int(peak) >> 10 < MOST_MIB
