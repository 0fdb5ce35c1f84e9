"""Consumer groups as the brokers know them: who is in one, and how far behind the topics it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from confluent_kafka import ConsumerGroupState, ConsumerGroupTopicPartitions, TopicPartition
from confluent_kafka.admin import (
    AdminClient,
    OffsetSpec,
)

TIMEOUT_SECONDS = 5.0
DONE = "done"
"""The word beside the offsets of a group that has read what it set out to read: nothing waits for it."""


def word_beside(place: TopicPartition) -> str:
    """What our librdkafka clients wrote beside an offset; what other clients wrote is unusable. librdkafka
    writes a closing NUL with its text, and reads other clients' texts beyond their end to find one."""
    try:
        return place.metadata or ""
    except UnicodeDecodeError:
        return ""


@dataclass(frozen=True, slots=True)
class Standing:
    """One consumer group. `behind` counts the records that it still has to read, on topics that it has read
    before."""

    name: str
    members: int
    state: ConsumerGroupState
    behind: int


def groups_beginning(admin: AdminClient, *prefixes: str) -> Iterator[Standing]:
    """The groups whose names begin with one of these, by name. Raises KafkaException."""
    listed = admin.list_consumer_groups(request_timeout=TIMEOUT_SECONDS).result()
    yield from (
        group(admin, name)
        for name in sorted(each.group_id for each in listed.valid)
        if name.startswith(prefixes)
    )


def group(admin: AdminClient, name: str) -> Standing:
    """One group; Kafka reports a group that does not exist as dead. Raises KafkaException."""
    asked: Mapping[str, Any] = admin.describe_consumer_groups([name], request_timeout=TIMEOUT_SECONDS)
    described = asked[name].result()
    return Standing(name, len(described.members), described.state, _records_behind(admin, name))


def _records_behind(admin: AdminClient, name: str) -> int:
    asked: Mapping[str, Any] = admin.list_consumer_group_offsets(
        [ConsumerGroupTopicPartitions(name)], request_timeout=TIMEOUT_SECONDS
    )
    noted = {
        TopicPartition(at.topic, at.partition): at.offset
        for at in asked[name].result().topic_partitions
        if at.offset >= 0 and word_beside(at) != DONE
    }
    if not noted:
        return 0
    latest = OffsetSpec.latest()  # type: ignore[no-untyped-call]  # the package says no types here
    ends = admin.list_offsets(dict.fromkeys(noted, latest), request_timeout=TIMEOUT_SECONDS)
    return sum(max(0, ends[place].result().offset - offset) for place, offset in noted.items())
