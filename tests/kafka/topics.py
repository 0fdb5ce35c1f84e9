"""Settings of topics on a real Kafka, changed under the pipeline's feet."""

import time
from collections.abc import Iterable, Mapping

from confluent_kafka import TopicPartition
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
    ResourceType,
)

PATIENCE_SECONDS = 120.0


def alter(bootstrap: str, topic: str, settings: dict[str, str]) -> None:
    """Set these settings of one topic; returns when the broker shows them, a moment after it answers."""
    entries = [
        ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
        for name, value in settings.items()
    ]
    resource = ConfigResource(ResourceType.TOPIC, topic, incremental_configs=entries)
    admin = AdminClient({"bootstrap.servers": bootstrap})  # kept: its futures end with it
    for future in admin.incremental_alter_configs([resource]).values():
        future.result()
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not _shown(admin, topic).items() >= settings.items():
        assert time.monotonic() < give_up_at, f"{topic} does not show {settings}"
        time.sleep(0.05)


def delete_before(bootstrap: str, topic: str, offset: int) -> None:
    """Every record of the topic's first partition before `offset` is gone, as retention takes them.

    A compacted topic's records cannot be deleted by hand, so its policy is another one for the moment.
    """
    alter(bootstrap, topic, {"cleanup.policy": "delete"})
    delete_records(bootstrap, {(topic, 0): offset})
    alter(bootstrap, topic, {"cleanup.policy": "compact"})


def create(bootstrap: str, topics: Iterable[str], partitions: int) -> None:
    """Plain topics; returns when the broker shows all of them, a moment after it answers."""
    admin = AdminClient({"bootstrap.servers": bootstrap})  # kept: its futures end with it
    wanted = [NewTopic(topic, num_partitions=partitions, replication_factor=1) for topic in topics]
    for future in admin.create_topics(wanted).values():
        future.result()
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not {each.topic for each in wanted} <= admin.list_topics(timeout=PATIENCE_SECONDS).topics.keys():
        assert time.monotonic() < give_up_at, "not all topics are shown"
        time.sleep(0.05)


def widen(bootstrap: str, topic: str, partitions: int) -> None:
    """Somebody gives a topic more partitions; returns when the broker shows them."""
    admin = AdminClient({"bootstrap.servers": bootstrap})  # kept: its futures end with it
    for future in admin.create_partitions([NewPartitions(topic, partitions)]).values():
        future.result()
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while len(admin.list_topics(topic, timeout=PATIENCE_SECONDS).topics[topic].partitions) < partitions:
        assert time.monotonic() < give_up_at, f"{topic} does not show {partitions} partitions"
        time.sleep(0.05)


def delete_records(bootstrap: str, ends: Mapping[tuple[str, int], int]) -> None:
    """What stands before these offsets of topics' partitions is gone, as retention takes it."""
    wanted = [TopicPartition(topic, partition, end) for (topic, partition), end in ends.items()]
    admin = AdminClient({"bootstrap.servers": bootstrap})  # kept: its futures end with it
    for future in admin.delete_records(wanted).values() if wanted else ():
        future.result(PATIENCE_SECONDS)


def _shown(admin: AdminClient, topic: str) -> dict[str, str]:
    (future,) = admin.describe_configs([ConfigResource(ResourceType.TOPIC, topic)]).values()
    return {name: entry.value for name, entry in future.result().items()}
