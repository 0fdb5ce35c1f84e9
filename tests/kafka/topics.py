"""Settings of topics on a real Kafka, changed under the pipeline's feet."""

from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, ResourceType


def alter(bootstrap: str, topic: str, settings: dict[str, str]) -> None:
    """Set these settings of one topic; returns when they are in force."""
    entries = [
        ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
        for name, value in settings.items()
    ]
    resource = ConfigResource(ResourceType.TOPIC, topic, incremental_configs=entries)
    admin = AdminClient({"bootstrap.servers": bootstrap})  # kept: its futures end with it
    for future in admin.incremental_alter_configs([resource]).values():
        future.result()
