"""Kafka requests in newer versions than the client's own: they carry leader epochs and topic ids."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any, ClassVar

from aiokafka.client import AIOKafkaClient
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.metadata import MetadataRequest_v5
from aiokafka.protocol.types import (
    AbstractType,
    Array,
    Boolean,
    CompactArray,
    CompactString,
    Int8,
    Int16,
    Int32,
    Int64,
    Schema,
    String,
    TaggedFields,
)

_LATEST, _READ_COMMITTED, _NO_REPLICA = -1, 1, -1


class MetadataResponse(Response):  # type: ignore[misc]  # aiokafka has no types
    API_KEY = 3
    API_VERSION = 7
    SCHEMA = Schema(
        ("throttle", Int32),
        (
            "brokers",
            Array(("node", Int32), ("host", String("utf-8")), ("port", Int32), ("rack", String("utf-8"))),
        ),
        ("cluster", String("utf-8")),
        ("controller", Int32),
        (
            "topics",
            Array(
                ("error", Int16),
                ("topic", String("utf-8")),
                ("internal", Boolean),
                (
                    "partitions",
                    Array(
                        ("error", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("epoch", Int32),
                        ("replicas", Array(Int32)),
                        ("in_sync", Array(Int32)),
                        ("offline", Array(Int32)),
                    ),
                ),
            ),
        ),
    )


class MetadataRequest(RequestStruct):  # type: ignore[misc]  # aiokafka has no types
    """Version 7, the first with the leader's epoch; the client's own is older."""

    API_KEY = 3
    API_VERSION = 7
    RESPONSE_TYPE = MetadataResponse
    SCHEMA = MetadataRequest_v5.SCHEMA


class AskMetadata(Request[MetadataRequest]):  # type: ignore[misc]  # aiokafka has no types
    API_KEY: ClassVar[int] = 3

    def __init__(self, topic: str) -> None:
        self._topic = topic

    def build(self, request_struct_class: type[MetadataRequest]) -> MetadataRequest:
        return request_struct_class([self._topic], False)


class Uuid(AbstractType[bytes]):  # type: ignore[misc]  # aiokafka has no types
    """Sixteen bytes; all zero for none."""

    @classmethod
    def encode(cls, value: bytes) -> bytes:
        return value

    @classmethod
    def decode(cls, data: BytesIO) -> bytes:
        return data.read(16)


_TEXT, _NUMBERS = CompactString("utf-8"), CompactArray(Int32)
NO_ID = bytes(16)


def is_another(before: bytes, newest: bytes) -> bool:
    """Whether a topic was recreated under its name, by the ids that it had and has. `NO_ID` says nothing,
    because no broker gave an id."""
    return NO_ID not in (before, newest) and before != newest


class TopicIdResponse(Response):  # type: ignore[misc]  # aiokafka has no types
    API_KEY = 3
    API_VERSION = 10
    SCHEMA = Schema(
        ("throttle", Int32),
        (
            "brokers",
            CompactArray(
                ("node", Int32), ("host", _TEXT), ("port", Int32), ("rack", _TEXT), ("tags", TaggedFields)
            ),
        ),
        ("cluster", _TEXT),
        ("controller", Int32),
        (
            "topics",
            CompactArray(
                ("error", Int16),
                ("topic", _TEXT),
                ("id", Uuid),
                ("internal", Boolean),
                (
                    "partitions",
                    CompactArray(
                        ("error", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("epoch", Int32),
                        ("replicas", _NUMBERS),
                        ("in_sync", _NUMBERS),
                        ("offline", _NUMBERS),
                        ("tags", TaggedFields),
                    ),
                ),
                ("rights", Int32),
                ("tags", TaggedFields),
            ),
        ),
        ("rights", Int32),
        ("tags", TaggedFields),
    )


class TopicIdRequest(RequestStruct):  # type: ignore[misc]  # aiokafka has no types
    """Version 10, the first with topic ids (KIP-516, Kafka 2.8): a recreated topic has another id."""

    FLEXIBLE_VERSION = True
    API_KEY = 3
    API_VERSION = 10
    RESPONSE_TYPE = TopicIdResponse
    SCHEMA = Schema(
        ("topics", CompactArray(("id", Uuid), ("topic", _TEXT), ("tags", TaggedFields))),
        ("create", Boolean),
        ("cluster_rights", Boolean),
        ("topic_rights", Boolean),
        ("tags", TaggedFields),
    )


class AskTopicId(Request[TopicIdRequest]):  # type: ignore[misc]  # aiokafka has no types
    API_KEY: ClassVar[int] = 3

    def __init__(self, topic: str) -> None:
        self._topic = topic

    def build(self, request_struct_class: type[TopicIdRequest]) -> TopicIdRequest:
        none: dict[int, Any] = {}
        return request_struct_class([(NO_ID, self._topic, none)], False, False, False, none)


def topic_id_in(answer: Any, topic: str) -> bytes:
    """The topic's id in an answer to `AskTopicId`; NO_ID if there is none."""
    return next((bytes(each[2]) for each in answer.topics if each[1] == topic), NO_ID)


async def topic_id(client: AIOKafkaClient, topic: str) -> bytes:
    """The id that distinguishes a topic from one recreated under its name (KIP-516); NO_ID if no broker gives
    one, as before Kafka 2.8. Raises KafkaError."""
    node = client.get_random_node()
    try:
        return NO_ID if node is None else topic_id_in(await client.send(node, AskTopicId(topic)), topic)
    except NotImplementedError:
        return NO_ID


class EndResponse(Response):  # type: ignore[misc]  # aiokafka has no types
    API_KEY = 2
    API_VERSION = 5
    SCHEMA = Schema(
        ("throttle", Int32),
        (
            "topics",
            Array(
                ("topic", String("utf-8")),
                (
                    "partitions",
                    Array(
                        ("partition", Int32),
                        ("error", Int16),
                        ("timestamp", Int64),
                        ("offset", Int64),
                        ("epoch", Int32),
                    ),
                ),
            ),
        ),
    )


class EndRequest(RequestStruct):  # type: ignore[misc]  # aiokafka has no types
    """Version 5: the leader refuses any other epoch, and answers only when its end cannot go back
    (KIP-207)."""

    API_KEY = 2
    API_VERSION = 5
    RESPONSE_TYPE = EndResponse
    SCHEMA = Schema(
        ("replica", Int32),
        ("isolation", Int8),
        (
            "topics",
            Array(
                ("topic", String("utf-8")),
                ("partitions", Array(("partition", Int32), ("epoch", Int32), ("timestamp", Int64))),
            ),
        ),
    )


class AskEnd(Request[EndRequest]):  # type: ignore[misc]  # aiokafka has no types
    API_KEY: ClassVar[int] = 2

    def __init__(self, topic: str, epoch: int) -> None:
        self._topic = topic
        self._epoch = epoch

    def build(self, request_struct_class: type[EndRequest]) -> EndRequest:
        partitions: Iterable[tuple[int, int, int]] = [(0, self._epoch, _LATEST)]
        return request_struct_class(_NO_REPLICA, _READ_COMMITTED, [(self._topic, partitions)])
