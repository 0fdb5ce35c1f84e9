"""Settings of topics on a real Kafka, changed under the pipeline's feet."""

import time

from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, ResourceType

PATIENCE_SECONDS = 30.0


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
    admin = AdminClient({"bootstrap.servers": bootstrap})  # kept: its futures end with it
    for future in admin.delete_records([TopicPartition(topic, 0, offset)]).values():
        future.result()
    alter(bootstrap, topic, {"cleanup.policy": "compact"})


def _shown(admin: AdminClient, topic: str) -> dict[str, str]:
    (future,) = admin.describe_configs([ConfigResource(ResourceType.TOPIC, topic)]).values()
    return {name: entry.value for name, entry in future.result().items()}
