"""What the broker guarantees for a topic: what it may delete, and how many copies an acknowledged record
has."""

import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import (
    IncompatibleBrokerVersion,
    KafkaError,
    UnknownTopicOrPartitionError,
    for_code,
)

from streams.errors import CannotProceedError
from streams.kafka.options import ClientOptions

log = logging.getLogger(__name__)

ASKED = ("cleanup.policy", "min.insync.replicas")


class PromisesUnknownError(RuntimeError):
    """The broker does not disclose them to this user; the text says which right is missing."""


@dataclass(frozen=True, slots=True)
class Promises:
    """The guarantees for one topic. The embedded broker discloses nothing and keeps one copy of
    everything."""

    cleanup_policy: str = "compact"
    in_sync: int = 1
    """An acknowledged record is on at least so many replicas (`min.insync.replicas`)."""
    is_kafka: bool = False
    """False: the embedded broker, which has no settings and whose transactions no aiokafka consumer reads."""


async def promises_of(client: ClientOptions, topic: str) -> Promises:
    """The guarantees for a topic. Raises KafkaError, OSError and PromisesUnknownError; `client` are
    aiokafka's options."""
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
    if error is UnknownTopicOrPartitionError:
        raise error(
            "no such topic for this user; create it with `interdict topics create`, or allow DESCRIBE"
        )
    if resource[0]:
        raise error(resource[1])
    values = {entry[0]: entry[1] for entry in resource[4]}
    return Promises(values["cleanup.policy"], int(values["min.insync.replicas"]), is_kafka=True)


async def wrong_cleanup(client: ClientOptions, topic: str) -> str:
    """Why this topic cannot be a table; empty if it can, or if the broker does not disclose it. Raises
    KafkaError and OSError."""
    try:
        return vanishing(topic, (await promises_of(client, topic)).cleanup_policy)
    except PromisesUnknownError as error:
        log.warning("%s; whether it keeps the newest record of each key is not checked", error)
        return ""


async def refuse_vanishing(client: ClientOptions, topics: Iterable[str], stopped: str) -> None:
    """Raises CannotProceedError if records of one of these tables vanish with age, and says what is stopped
    until they do not. A broker that is away is waited for later."""
    for topic in topics:
        with suppress(KafkaError, OSError):
            if wrong := await wrong_cleanup(client, topic):
                raise CannotProceedError(f"{wrong}; until then {stopped}")


def vanishing(topic: str, cleanup_policy: str) -> str:
    """What a table loses by this cleanup policy; empty if it keeps the newest record of each key."""
    if cleanup_policy == "compact":
        return ""
    return (
        f"{topic}: cleanup.policy is {cleanup_policy}, so that what stands vanishes with age; set it to "
        "compact (`interdict topics check` says how) and write again what is gone"
    )
