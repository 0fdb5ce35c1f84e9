"""The options of a Kafka client, by the names of its own library: confluent-kafka's or aiokafka's."""

from collections.abc import Mapping
from typing import Any

ClientOptions = Mapping[str, Any]
"""Broker, security and what else the library knows; its values are of every kind."""
MOST_PRODUCED = 1 << 30
"""Bytes of a record that aiokafka sends. The client counts them before compression, so its limit must be out
of the way: a small compressed batch can hold a dead letter of any size. What the broker takes is for the
broker to say (`streams.worker.delivery.Outbox.keep`)."""
