"""Whether topics that a librdkafka client reads are still those that it began with.

Kafka knows a topic by its name, and a reader by an offset: one that stands still while its topic is deleted
and recreated goes on at its old offset, and passes over what is below that. The topic's id tells (KIP-516).
"""

import time
from collections.abc import Mapping
from concurrent.futures import Future, wait
from typing import Any

from confluent_kafka import KafkaException, TopicCollection
from confluent_kafka.admin import AdminClient

from streams.kafka.options import ClientOptions
from streams.kafka.provisioning import TIMEOUT_SECONDS

LOOKS_EVERY_SECONDS = 1.0
STOOD_STILL_SECONDS = 2.0
"""Who comes back after so long waits for the answer before it reads on; else nobody does."""


class SameTopics:
    """Knows the topics' ids from its making on; make it before the first offset is asked for."""

    def __init__(self, client: ClientOptions, *topics: str) -> None:
        self._admin = AdminClient({**client, "log_level": 2})
        self._topics = topics
        self._known: dict[str, str] = {}
        self._called_at = self._asked_at = time.monotonic()
        self._asked = self._ask()

    def recreated(self) -> list[str]:
        """The topics that have another id than before, each said once. Asks now and then."""
        now = time.monotonic()
        stood_still = now - self._called_at > STOOD_STILL_SECONDS
        self._called_at = now
        if not self._asked and now - self._asked_at > LOOKS_EVERY_SECONDS:
            self._asked, self._asked_at = self._ask(), now
        if stood_still:
            wait(self._asked.values(), TIMEOUT_SECONDS)
        return self._changed() if all(each.done() for each in self._asked.values()) else []

    def _ask(self) -> Mapping[str, Future[Any]]:
        topics = TopicCollection([*self._topics])
        return self._admin.describe_topics(topics, request_timeout=TIMEOUT_SECONDS)

    def _changed(self) -> list[str]:
        """Take the answers in. A topic that is not there has none; before Kafka 2.8 all have the same."""
        answers, self._asked, changed = self._asked, {}, list[str]()
        for topic, answer in answers.items():
            try:
                named = str(answer.result(0).topic_id)
            except (KafkaException, TimeoutError):
                continue
            if self._known.setdefault(topic, named) != named:
                self._known[topic] = named
                changed.append(topic)
        return changed
