"""The main job on a real Kafka, small enough for every run; `python -m tests.e2e` is the long form."""

import pytest

from tests.e2e.pipeline import NewPipeline, PaymentFeed, Pipeline
from tests.e2e.reconciliation import reconcile
from tests.e2e.source import generated_list, payments

pytestmark = pytest.mark.kafka

LISTED = generated_list(300)


@pytest.fixture
def pipeline(new_pipeline: NewPipeline) -> Pipeline:
    return new_pipeline(LISTED, settings={"INTERDICT_SESSION_TIMEOUT_SECONDS": "6"})


def test_two_workers_decide_every_payment_once_one_is_killed_midway(pipeline: Pipeline) -> None:
    sent = list(payments(2000, LISTED, hits=20))
    pipeline.start()
    first, _ = pipeline.workers

    feed = PaymentFeed(pipeline.bootstrap, pipeline.topics.payments, sent, rate=1000)
    feed.start()
    pipeline.wait_for_decisions(500)
    first.kill()
    first.start()
    feed.finish()
    pipeline.settle()
    pipeline.stop()

    account = reconcile(pipeline.bootstrap, pipeline.topics, sent)
    assert account.wrong == {}
    assert (account.decided, account.hits, account.dead_lettered) == (2000, 20, 0)
