"""The payments topic is deleted and made anew while its worker stands still, or ends before the group's
place: nothing in it is passed over, though it may be longer by then than what was read of it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition
from confluent_kafka.admin import AdminClient

from screening import Designation, Name, NameType
from tests.e2e.pipeline import Pipeline
from tests.e2e.records import producer, read_all
from tests.e2e.worker import wait_until

pytestmark = pytest.mark.kafka

VERSOR = Designation("ofac:44521", (Name("VERSOR S.R.O.", NameType.PRIMARY),))
BEFORE, AFTER = 40, 120


@pytest.fixture
def pipeline(kafka: str, topic_prefix: str, tmp_path: Path) -> Iterator[Pipeline]:
    with Pipeline(kafka, tmp_path, prefix=topic_prefix, workers=1, partitions=2) as made:
        made.create_topics()
        made.publish([VERSOR])
        made.start()
        yield made


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


def test_payments_of_a_topic_made_anew_behind_a_stopped_worker_are_all_decided(pipeline: Pipeline) -> None:
    (worker,) = pipeline.workers
    pay(pipeline, range(BEFORE))
    wait_until(lambda: len(decided(pipeline)) == BEFORE, "the first payments are decided")

    worker.pause()
    make_anew(pipeline)
    pay(pipeline, range(BEFORE, BEFORE + AFTER))
    worker.resume()
    wait_until(lambda: not worker.running, "the worker ends itself")
    assert "was deleted and made anew" in worker.log.read_text()
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
    beyond = [TopicPartition(pipeline.topics.payments, partition, 1_000_000) for partition in (0, 1)]
    admin = AdminClient({"bootstrap.servers": pipeline.bootstrap})  # kept: its futures end with it
    group = ConsumerGroupTopicPartitions(pipeline.group, beyond)
    wait_until(lambda: _is_set(admin, group), "the group's offsets are set")

    worker.start()
    pay(pipeline, range(BEFORE, BEFORE + AFTER))
    wait_until(lambda: not worker.running, "the worker ends itself", told=worker.told)
    assert "ends before the place that the group has committed" in worker.log.read_text()

    def all_decided() -> bool:
        worker.start()  # as a supervisor does: it may end once for each partition
        return len(decided(pipeline)) == BEFORE + AFTER

    wait_until(all_decided, "each payment is decided", told=worker.told)


def _is_set(admin: AdminClient, group: ConsumerGroupTopicPartitions) -> bool:
    """The group is empty a moment after its last member has ended."""
    (answer,) = admin.alter_consumer_group_offsets([group]).values()
    return all(each.error is None for each in answer.result().topic_partitions)
