"""Payments that their platform sends in Kafka transactions, as Kafka Streams and Flink do."""

import random
from pathlib import Path

import pytest
from confluent_kafka import Producer

from tests.e2e.pipeline import Pipeline
from tests.e2e.records import read_all
from tests.e2e.source import generated_list, payment
from tests.e2e.worker import wait_until

pytestmark = pytest.mark.kafka

LISTED = generated_list(20)


def send(pipeline: Pipeline, *ids: str, commit: bool) -> None:
    writer = Producer({"bootstrap.servers": pipeline.bootstrap, "transactional.id": pipeline.topics.payments})
    writer.init_transactions()
    writer.begin_transaction()
    for id in ids:
        writer.produce(pipeline.topics.payments, payment(id, LISTED[0], random.Random(1)).value, id.encode())
    assert writer.flush(30) == 0  # aborted or not, they are on the topic
    writer.commit_transaction() if commit else writer.abort_transaction()


def test_what_is_aborted_was_never_sent_and_the_marker_at_the_end_is_no_payment_that_waits(
    kafka: str, topic_prefix: str, tmp_path: Path
) -> None:
    with Pipeline(kafka, tmp_path, prefix=topic_prefix, workers=1, partitions=1) as pipeline:
        (worker,) = pipeline.workers
        pipeline.create_topics()
        pipeline.publish(LISTED)
        pipeline.start()
        send(pipeline, "P-1", commit=True)
        send(pipeline, "P-2", commit=False)
        send(pipeline, "P-3", "P-4", commit=True)

        pipeline.wait_for_decisions(3)
        nothing_waits = [{"partition": 0, "lag": 0}]
        at_rest = lambda: worker.status()["partitions"] == nothing_waits  # noqa: E731
        wait_until(at_rest, "no lag", told=worker.told)
        worker.stop()
        worker.start()
        worker.wait_until_ready()
        wait_until(at_rest, "no lag after a restart", told=worker.told)

        decided = [record.key for record in read_all(pipeline.bootstrap, pipeline.topics.decisions)]
        assert decided == [b"P-1", b"P-3", b"P-4"]
