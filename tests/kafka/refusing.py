"""A broker that refuses what it is sent: the embedded one's own error injection, seen over a real socket."""

import ctypes

from streams.kafka.embedded import EmbeddedBroker

PRODUCE = 0
"""Kafka's number of the request."""
MESSAGE_TOO_LARGE = 10
TOPIC_AUTHORIZATION_FAILED = 29
"""Kafka's numbers of errors: the first is about a batch, the second one no client tries again."""


def refuse(broker: EmbeddedBroker, *errors: int) -> None:
    """The next requests to produce are answered with these errors, in turn; 0 lets one pass."""
    push = broker._library.rd_kafka_mock_push_request_errors_array
    push.restype = None
    push.argtypes = [ctypes.c_void_p, ctypes.c_int16, ctypes.c_size_t, ctypes.POINTER(ctypes.c_int)]
    push(broker._cluster, PRODUCE, len(errors), (ctypes.c_int * len(errors))(*errors))
