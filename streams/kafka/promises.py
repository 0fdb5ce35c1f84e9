"""What the broker promises for a topic: what it may delete, how many copies an acknowledged record has."""

from dataclasses import dataclass

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import IncompatibleBrokerVersion, for_code

from streams.kafka.options import ClientOptions

ASKED = ("cleanup.policy", "min.insync.replicas")


class PromisesUnknownError(RuntimeError):
    """The broker does not disclose it to this user; the text says which right is missing."""


@dataclass(frozen=True, slots=True)
class Promises:
    """Of one topic. The embedded broker discloses nothing and keeps one copy of everything."""

    cleanup_policy: str = "compact"
    in_sync: int = 1
    """An acknowledged record is on at least so many replicas (`min.insync.replicas`)."""
    is_kafka: bool = False
    """False: the embedded broker, which has no settings and whose transactions no aiokafka consumer reads."""


async def promises_of(client: ClientOptions, topic: str) -> Promises:
    """Raises KafkaError, OSError and PromisesUnknownError; `client` are aiokafka's options."""
    admin = AIOKafkaAdminClient(**client)
    try:
        await admin.start()
        try:
            (answer,) = await admin.describe_configs(
                [ConfigResource(ConfigResourceType.TOPIC, topic, dict.fromkeys(ASKED, ""))]
            )
        except IncompatibleBrokerVersion:
            return Promises()
    finally:
        await admin.close()
    (resource,) = answer.resources
    error = for_code(resource[0])
    if error.__name__ == "TopicAuthorizationFailedError":
        raise PromisesUnknownError(
            f"{topic}: the broker does not disclose its settings; allow DESCRIBE_CONFIGS"
        )
    if resource[0]:
        raise error(resource[1])
    values = {entry[0]: entry[1] for entry in resource[4]}
    return Promises(values["cleanup.policy"], int(values["min.insync.replicas"]), is_kafka=True)
