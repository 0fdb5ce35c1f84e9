"""On a real Kafka of three brokers: the one that leads the list topic is cut off from its peers and not from
the worker. No payment is clear on what it still says."""

import asyncio
import json
import random
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from confluent_kafka import Consumer, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from screening import Designation
from streams.kafka.leadership import PartitionEnd
from streams.kafka.topics import ALL, DESIGNATIONS, Topics
from streams.lists.publishing import publish
from tests.e2e.pipeline import PaymentFeed, Pipeline
from tests.e2e.records import read_all
from tests.e2e.source import Planted, generated_list, payment
from tests.e2e.worker import WorkerProcess, wait_until
from tests.kafka import network
from tests.kafka.broker import KafkaCluster
from tests.kafka.network import BrokerNetwork

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.skipif(bool(network.missing()), reason=network.missing() or "brokers can be cut off"),
]

CUT_OFF = 1
OFFSETS = "__consumer_offsets"
EVERYBODY = generated_list(30)
LISTED, COMING = EVERYBODY[:20], EVERYBODY[20:]
PAYMENTS = 10
NOTICEABLE_SECONDS = 2.0


@pytest.fixture
def net(kafka_here: None) -> Iterator[BrokerNetwork]:
    del kafka_here
    with BrokerNetwork(3) as made:
        yield made


@pytest.fixture
def cluster(net: BrokerNetwork) -> Iterator[KafkaCluster]:
    with KafkaCluster(3, network=net) as made:
        yield made


def place_topics(bootstrap: str, prefix: str) -> None:
    """The broker that will be cut off leads the list, and nothing else that a decision needs."""
    admin = AdminClient({"bootstrap.servers": bootstrap})  # kept: its futures end with it
    topics = [
        NewTopic(
            prefix + spec.name,
            num_partitions=1,
            replica_assignment=[[CUT_OFF, 2, 3] if spec is DESIGNATIONS else [2, 3, CUT_OFF]],
            config={**spec.config, "min.insync.replicas": "2"},
        )
        for spec in ALL
    ]
    for made in admin.create_topics(topics).values():
        made.result()


def group_elsewhere(bootstrap: str) -> str:
    """A prefix whose group of workers is not coordinated by the broker that will be cut off."""
    somebody = Consumer({"bootstrap.servers": bootstrap, "group.id": "somebody", "log_level": 0})
    found: list[str] = []

    def look() -> bool:
        try:
            somebody.committed([TopicPartition(OFFSETS, 0)], timeout=5)  # the first to ask makes the topic
            partitions = somebody.list_topics(OFFSETS, timeout=10).topics[OFFSETS].partitions
        except KafkaException:  # a coordinator is being elected
            return False
        found.extend(
            prefix
            for prefix in (f"isolated{number}-" for number in range(20 if partitions else 0))
            if partitions[_hash(f"{prefix}workers") % len(partitions)].leader not in (CUT_OFF, -1)
        )
        return bool(found)

    wait_until(look, "a group that another broker coordinates")
    somebody.close()
    return found[0]


def _hash(text: str) -> int:
    """Java's, by which Kafka puts a group on a partition of the offsets' topic."""
    value = 0
    for character in text:
        value = (31 * value + ord(character)) & 0xFFFFFFFF
    return value & 0x7FFFFFFF


def leader(bootstrap: str, topic: str) -> int:
    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
    return int(admin.list_topics(topic, timeout=10).topics[topic].partitions[0].leader)


def believed_leader(address: str, topic: str) -> int:
    """What this broker itself says; a client of librdkafka would soon ask another one."""

    async def asked() -> int:
        partition = PartitionEnd(topic, {"bootstrap_servers": address}, in_sync=1)
        try:
            return (await partition._first_view()).leader
        finally:
            await partition.close()

    return asyncio.run(asked())


def designate(bootstrap: str, topics: Topics, listed: list[Designation]) -> None:
    asyncio.run(
        publish(
            {"bootstrap_servers": bootstrap},
            listed,
            list_name="ofac",
            topic=topics.designations,
        )
    )


def paid(name: str, parties: list[Designation]) -> list[Planted]:
    rng = random.Random(1)
    return [payment(f"{name}-{number}", parties[number % len(parties)], rng) for number in range(PAYMENTS)]


def test_no_payment_is_clear_on_what_a_leader_says_that_was_cut_off(
    cluster: KafkaCluster, net: BrokerNetwork, tmp_path: Path
) -> None:
    others = ",".join(broker.address for broker in cluster.brokers[1:])
    prefix = group_elsewhere(cluster.bootstrap)
    place_topics(cluster.bootstrap, prefix)
    with Pipeline(cluster.bootstrap, tmp_path, prefix=prefix, workers=1, partitions=1) as pipeline:
        pipeline.publish(LISTED)
        pipeline.start()
        (worker,) = pipeline.workers
        PaymentFeed(others, pipeline.topics.payments, paid("before", LISTED)).run()
        pipeline.wait_for_decisions(PAYMENTS)

        with ExitStack() as isolated:
            isolated.enter_context(net.cut_off(CUT_OFF))
            wait_until(lambda: leader(others, pipeline.topics.designations) != CUT_OFF, "a new leader")
            assert believed_leader(cluster.brokers[0].address, pipeline.topics.designations) == CUT_OFF
            designate(others, pipeline.topics, EVERYBODY)
            PaymentFeed(others, pipeline.topics.payments, paid("after", COMING)).run()
            sent_at = time.monotonic()
            told = reasons_until_decided(worker, pipeline, 2 * PAYMENTS)
            waited = time.monotonic() - sent_at

        outcomes = {
            record["payment_id"]: record["outcome"]
            for record in (
                json.loads(each.value or b"{}") for each in read_all(others, pipeline.topics.decisions)
            )
        }
    assert {outcomes[f"after-{number}"] for number in range(PAYMENTS)} == {"hit"}
    # the worker may have found the new leader before the payments came; where it waits, it says why
    assert waited < NOTICEABLE_SECONDS or any("broker" in reason for reason in told), (waited, told)


def reasons_until_decided(worker: WorkerProcess, pipeline: Pipeline, number: int) -> set[str]:
    """What the worker said of itself while the payments waited."""
    told: set[str] = set()

    def decided() -> bool:
        told.update(worker.reasons)
        return pipeline.decided() >= number

    wait_until(decided, f"{number} decisions", told=worker.told)
    return told
