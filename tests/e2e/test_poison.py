"""A payment over which a worker would compute for ever is given up and kept; the others take seconds."""

import json
import random
import sys

import pytest

from tests.e2e.pipeline import NewPipeline, PaymentFeed, Pipeline
from tests.e2e.poisoned_worker import POISON
from tests.e2e.reconciliation import reconcile
from tests.e2e.records import read_all
from tests.e2e.source import generated_list, payment, payments

pytestmark = pytest.mark.kafka

LISTED = generated_list(300)
COUNT = 1_000
OTHERS_SECONDS = 15.0
"""For the poison's second of CPU time, the others, and a machine that is busy; it takes 2 to 4."""


@pytest.fixture
def pipeline(new_pipeline: NewPipeline) -> Pipeline:
    made = new_pipeline(LISTED, command=(sys.executable, "-m", "tests.e2e.poisoned_worker"))
    made.start()
    return made


def test_two_workers_decide_a_thousand_payments_in_seconds_although_one_of_them_is_poison(
    pipeline: Pipeline,
) -> None:
    sent = list(payments(COUNT, LISTED, hits=10))
    poison = payment(POISON, None, random.Random(1))
    processes = [worker.pid for worker in pipeline.workers]

    feed = PaymentFeed(pipeline.bootstrap, pipeline.topics.payments, [poison, *sent])
    feed.start()
    feed.finish()
    took = pipeline.wait_for_decisions(COUNT + 1)
    pipeline.settle()

    print(f"{COUNT + 1} payments decided {took:.1f} s after the last was sent")  # noqa: T201
    assert took < OTHERS_SECONDS
    assert [worker.pid for worker in pipeline.workers if worker.running] == processes
    pipeline.stop()
    account = reconcile(pipeline.bootstrap, pipeline.topics, sent)
    assert (account.wrong, account.hits) == ({"unknown": [POISON]}, 10)
    (kept,) = read_all(pipeline.bootstrap, pipeline.topics.dead_letters)
    assert (kept.key, kept.value) == (POISON.encode(), poison.value)
    assert kept.headers["interdict.error.code"] == b"too_slow"
    (decided,) = [
        decision
        for record in read_all(pipeline.bootstrap, pipeline.topics.decisions)
        if (decision := json.loads(record.value or b""))["payment_id"] == POISON
    ]
    assert decided["outcome"] == "error"
