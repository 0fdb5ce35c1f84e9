"""No complete list, no decision: the worker says which, and goes on by itself when it comes."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient

from streams.kafka.provisioning import TopicAdmin
from streams.records.json import designation_to_json
from tests.e2e.pipeline import Pipeline
from tests.e2e.records import producer
from tests.e2e.source import generated_list, payment
from tests.e2e.worker import wait_until
from tests.kafka.broker import KafkaCluster

pytestmark = pytest.mark.kafka

LISTED = generated_list(20)


def says(pipeline: Pipeline, reason: str) -> None:
    """The worker is unready for this reason and has decided nothing."""
    (worker,) = pipeline.workers
    wait_until(lambda: reason in " ".join(worker.reasons), f"unready: {reason}", told=worker.told)


@pytest.fixture
def pipeline(kafka: str, topic_prefix: str, tmp_path: Path) -> Iterator[Pipeline]:
    with Pipeline(kafka, tmp_path, prefix=topic_prefix, workers=1, partitions=1) as it:
        yield it


def send_one_payment(pipeline: Pipeline) -> None:
    writer = producer(pipeline.bootstrap)
    sent = payment("P-1", LISTED[0], random.Random(1))
    writer.produce(pipeline.topics.payments, sent.value, sent.id.encode())
    writer.flush()


def test_an_absent_then_empty_then_uncommitted_list_clears_nobody(pipeline: Pipeline) -> None:
    (worker,) = pipeline.workers
    pipeline.create_topics()
    admin = AdminClient({"bootstrap.servers": pipeline.bootstrap})
    admin.delete_topics([pipeline.topics.designations])[pipeline.topics.designations].result()
    send_one_payment(pipeline)
    worker.start()

    says(pipeline, "no such topic")
    pipeline.create_topics()
    says(pipeline, "no list was committed")
    writer = producer(pipeline.bootstrap)
    writer.produce(pipeline.topics.designations, designation_to_json(LISTED[5]), LISTED[5].id.encode())
    writer.flush()
    says(pipeline, "never committed")
    assert pipeline.decided() == 0

    pipeline.publish(LISTED)
    worker.wait_until_ready()
    pipeline.settle()
    assert pipeline.decided() == 1


@pytest.mark.usefixtures("kafka_here")
def test_a_broker_out_of_reach_is_waited_for(tmp_path: Path) -> None:
    with (
        KafkaCluster(start=False) as cluster,
        Pipeline(cluster.bootstrap, tmp_path, prefix="", workers=1, partitions=1) as pipeline,
    ):
        (worker,) = pipeline.workers
        worker.start()
        says(pipeline, "is the broker up")

        cluster.start()
        TopicAdmin({"bootstrap.servers": cluster.bootstrap}).create(partitions=1)
        send_one_payment(pipeline)
        says(pipeline, "no list was committed")
        assert pipeline.decided() == 0
        pipeline.publish(LISTED)
        worker.wait_until_ready()
        pipeline.settle()
        assert pipeline.decided() == 1


@pytest.mark.usefixtures("kafka_here")
def test_a_list_topic_that_falls_silent_holds_payments_back(tmp_path: Path) -> None:
    settings = {"INTERDICT_LIST_SILENCE_SECONDS": "2"}
    with (
        KafkaCluster() as cluster,
        Pipeline(
            cluster.bootstrap, tmp_path, prefix="", workers=1, partitions=1, settings=settings
        ) as pipeline,
    ):
        (worker,) = pipeline.workers
        (broker,) = cluster.brokers
        pipeline.create_topics()
        pipeline.publish(LISTED)
        pipeline.start()

        broker.pause()
        says(pipeline, "out of reach")
        broker.resume()
        worker.wait_until_ready()
        send_one_payment(pipeline)
        pipeline.settle()
        assert pipeline.decided() == 1
