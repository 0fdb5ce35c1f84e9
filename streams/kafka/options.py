"""The options of a Kafka client, by the names of its own library: confluent-kafka's or aiokafka's."""

from collections.abc import Mapping
from typing import Any

ClientOptions = Mapping[str, Any]
"""Broker, security and what else the library knows; its values are of every kind."""
