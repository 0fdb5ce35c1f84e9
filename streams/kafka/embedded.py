"""A Kafka-protocol broker inside this process, for first use and for tests: nothing to install or to start.

It is librdkafka's own mock cluster, which the confluent-kafka wheel carries; we reach it through ctypes
because the wheel's Python side does not expose it. It speaks the real protocol over real sockets and keeps
committed offsets, but it is not Kafka: no compaction, no persistence, at most 5 MiB or 100,000 batches a
partition, and a second worker in the same group is not served reliably. Everything about delivery is proved
on a real Kafka.
"""

import ctypes
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import confluent_kafka

from streams.errors import CannotProceedError
from streams.resource import Resource

REBALANCE_DELAY_MS = 100
"""How long the first member of a group is kept waiting for others; the mock's own default is 3 s."""


class EmbeddedBrokerError(CannotProceedError):
    """The in-process broker cannot run here; the text says what to use instead."""


class EmbeddedBroker(Resource):
    """A broker with the given topics (name to partitions) while the `with` block lasts.

    `with EmbeddedBroker({"payments": 4, "designations": 1}) as broker: connect(broker.bootstrap)`
    """

    def __init__(self, topics: Mapping[str, int]) -> None:
        self._topics = topics
        self._library = _librdkafka()
        self._handle: Any = None
        self._cluster: Any = None
        self.bootstrap = ""

    def __enter__(self) -> Self:
        error = ctypes.create_string_buffer(512)
        configuration = self._library.rd_kafka_conf_new()
        # the handle only hosts the cluster; without this it warns that it has no broker to talk to
        self._library.rd_kafka_conf_set(configuration, b"log_level", b"0", error, len(error))
        self._handle = self._library.rd_kafka_new(0, configuration, error, len(error))
        if not self._handle:
            raise EmbeddedBrokerError(f"librdkafka did not start: {error.value.decode()}")
        self._cluster = self._library.rd_kafka_mock_cluster_new(self._handle, 1)
        self.bootstrap = self._library.rd_kafka_mock_cluster_bootstraps(self._cluster).decode()
        delayed = self._library.rd_kafka_mock_group_initial_rebalance_delay_ms
        self._ask(delayed, self._cluster, REBALANCE_DELAY_MS)
        create = self._library.rd_kafka_mock_topic_create
        for name, partitions in self._topics.items():
            failed = self._ask(create, self._cluster, name.encode(), partitions, 1)
            if failed:
                raise EmbeddedBrokerError(f"topic {name} with {partitions} partitions was refused ({failed})")
        return self

    def close(self) -> None:
        self._ask(self._library.rd_kafka_mock_cluster_destroy, self._cluster)
        self._library.rd_kafka_destroy(self._handle)

    def _ask(self, what: Any, *arguments: Any) -> Any:
        """Call a function that the cluster's own thread answers, without delay.

        That thread checks for requests once a second, and whenever somebody connects to it.
        """
        answers: list[Any] = []
        asking = threading.Thread(target=lambda: answers.append(what(*arguments)))
        asking.start()
        host, _, port = self.bootstrap.rpartition(":")
        while asking.is_alive():
            with suppress(OSError):
                socket.create_connection((host, int(port)), timeout=0.1).close()
            asking.join(0.01)
        return answers[0]


def _librdkafka() -> ctypes.CDLL:
    """The library in the wheel, with the few signatures that we call."""
    package = Path(confluent_kafka.__file__).parent
    linux = package.parent.glob("confluent_kafka.libs/librdkafka*")
    mac = package.glob(".dylibs/librdkafka*")
    found = sorted([*linux, *mac])
    if not found:
        raise EmbeddedBrokerError(
            "this confluent-kafka was not installed from its wheel and brings no librdkafka of its own; "
            "start an Apache Kafka and pass --broker host:port"
        )
    library = ctypes.CDLL(str(found[0]))
    pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
    signatures: dict[str, tuple[Any, list[Any]]] = {
        "rd_kafka_conf_new": (pointer, []),
        "rd_kafka_conf_set": (number, [pointer, text, text, text, ctypes.c_size_t]),
        "rd_kafka_new": (pointer, [number, pointer, text, ctypes.c_size_t]),
        "rd_kafka_destroy": (None, [pointer]),
        "rd_kafka_mock_cluster_new": (pointer, [pointer, number]),
        "rd_kafka_mock_cluster_destroy": (None, [pointer]),
        "rd_kafka_mock_cluster_bootstraps": (text, [pointer]),
        "rd_kafka_mock_topic_create": (number, [pointer, text, number, number]),
        "rd_kafka_mock_group_initial_rebalance_delay_ms": (None, [pointer, ctypes.c_int32]),
    }
    for name, (result, arguments) in signatures.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library
