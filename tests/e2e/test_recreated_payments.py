"""The payments topic is deleted and recreated while its worker stands still, or ends before the group's
place: nothing in it is passed over, though it may be longer by then than what was read of it."""

import json
import os
import subprocess
from collections.abc import Sequence

import pytest
from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition
from confluent_kafka.admin import AdminClient

from screening import Designation, Name, NameType
from tests.e2e.pipeline import NewPipeline, Pipeline
from tests.e2e.records import ends, producer, read_all
from tests.e2e.worker import INTERDICT, wait_until

pytestmark = pytest.mark.kafka

VERSOR = Designation("ofac:44521", (Name("VERSOR S.R.O.", NameType.PRIMARY),))
BEFORE, AFTER = 40, 120


@pytest.fixture
def pipeline(new_pipeline: NewPipeline) -> Pipeline:
    made = new_pipeline([VERSOR], workers=1, partitions=2)
    made.start()
    return made


def pay(pipeline: Pipeline, numbers: range) -> None:
    writer = producer(pipeline.bootstrap)
    for number in numbers:
        event = {"id": f"P-{number}", "parties": [{"role": "creditor", "name": "Versor s.r.o."}]}
        writer.produce(pipeline.topics.payments, json.dumps(event), f"P-{number}")
    writer.flush()


def decided(pipeline: Pipeline) -> set[str]:
    return {
        json.loads(record.value or b"")["payment_id"]
        for record in read_all(pipeline.bootstrap, pipeline.topics.decisions)
    }


def make_anew(pipeline: Pipeline) -> None:
    admin = AdminClient({"bootstrap.servers": pipeline.bootstrap})
    name = pipeline.topics.payments
    admin.delete_topics([name])[name].result()
    wait_until(lambda: name not in admin.list_topics(timeout=10).topics, "the topic is gone")
    pipeline.create_topics()


def test_payments_of_a_topic_recreated_behind_a_stopped_worker_are_all_decided(pipeline: Pipeline) -> None:
    (worker,) = pipeline.workers
    pay(pipeline, range(BEFORE))
    wait_until(lambda: len(decided(pipeline)) == BEFORE, "the first payments are decided")

    worker.pause()
    make_anew(pipeline)
    pay(pipeline, range(BEFORE, BEFORE + AFTER))
    worker.resume()
    wait_until(lambda: not worker.running, "the worker ends itself")
    assert "was deleted and recreated" in worker.log.read_text()
    worker.start()

    wait_until(lambda: len(decided(pipeline)) == BEFORE + AFTER, "each payment of the new topic is decided")


def test_payments_below_a_committed_place_that_the_topic_does_not_reach_are_all_decided(
    pipeline: Pipeline,
) -> None:
    """A leader lost the newest records, or somebody set the group's offsets: the worker was ready, nothing
    waited, and what came was never decided."""
    (worker,) = pipeline.workers
    pay(pipeline, range(BEFORE))
    wait_until(lambda: len(decided(pipeline)) == BEFORE, "the first payments are decided")
    pipeline.settle()
    worker.stop()
    set_place(pipeline, [1_000_000, 1_000_000])

    worker.start()
    pay(pipeline, range(BEFORE, BEFORE + AFTER))
    wait_until(lambda: not worker.running, "the worker ends itself", told=worker.told)
    assert "ends before the place that the group has committed" in worker.log.read_text()

    def all_decided() -> bool:
        worker.start()  # as a supervisor does: it may end once for each partition
        return len(decided(pipeline)) == BEFORE + AFTER

    wait_until(all_decided, "each payment is decided", told=worker.told)


def test_payments_that_somebody_set_the_group_past_are_told_and_found(pipeline: Pipeline) -> None:
    """The worker was ready and said nothing, and so did the audit until another payment was decided."""
    (worker,) = pipeline.workers
    pay(pipeline, range(BEFORE))
    wait_until(lambda: len(decided(pipeline)) == BEFORE, "the first payments are decided")
    pipeline.settle()
    worker.stop()
    passed = [ends(pipeline.bootstrap, pipeline.topics.payments)[at] for at in (0, 1)]
    pay(pipeline, range(BEFORE, AFTER))
    set_place(pipeline, [ends(pipeline.bootstrap, pipeline.topics.payments)[at] for at in (0, 1)])

    worker.start()
    worker.wait_until_ready()
    wait_until(lambda: worker.metric("interdict_payment_partitions_passed_over") == 2, "the worker says so")
    assert worker.log.read_text().count("was set by somebody else") == 2
    told = verify(pipeline)
    assert told.returncode == 1
    payments = pipeline.topics.payments
    for at in (0, 1):
        assert f"{payments}-{at}@{passed[at]}: no decision about the payment at offset" in told.stdout

    worker.stop()
    set_place(pipeline, passed)  # what an operator does who did not mean it
    worker.start()
    wait_until(lambda: len(decided(pipeline)) == AFTER, "each payment is decided", told=worker.told)
    pipeline.settle()
    worker.stop()
    worker.start()
    worker.wait_until_ready()
    assert worker.metric("interdict_payment_partitions_passed_over") == 0
    assert verify(pipeline).returncode == 0


def verify(pipeline: Pipeline) -> subprocess.CompletedProcess[str]:
    prefix = pipeline.topics.payments.removesuffix("payments")
    flags = ["--broker", pipeline.bootstrap, "--prefix", prefix]
    environment = {**os.environ, "INTERDICT_GROUP": pipeline.group}
    return subprocess.run(
        [INTERDICT, "audit", "verify", *flags], capture_output=True, text=True, env=environment
    )


def set_place(pipeline: Pipeline, offsets: Sequence[int]) -> None:
    """As `kafka-consumer-groups.sh --reset-offsets` does, for each partition of payments."""
    places = [TopicPartition(pipeline.topics.payments, at, offset) for at, offset in enumerate(offsets)]
    admin = AdminClient({"bootstrap.servers": pipeline.bootstrap})  # kept: its futures end with it
    group = ConsumerGroupTopicPartitions(pipeline.group, places)
    wait_until(lambda: _is_set(admin, group), "the group's offsets are set")


def _is_set(admin: AdminClient, group: ConsumerGroupTopicPartitions) -> bool:
    """The group is empty a moment after its last member has ended."""
    (answer,) = admin.alter_consumer_group_offsets([group]).values()
    return all(each.error is None for each in answer.result().topic_partitions)
