"""Two of Kafka's requests in newer versions than the client's own: they know of the leader's epoch."""

from collections.abc import Iterable
from typing import ClassVar

from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.metadata import MetadataRequest_v5
from aiokafka.protocol.types import Array, Boolean, Int8, Int16, Int32, Int64, Schema, String

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
    """Version 7, the first that names the leader's epoch; the client's own is older."""

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
    """Version 5: the leader refuses another epoch, and answers only when its end cannot go back (KIP-207)."""

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
