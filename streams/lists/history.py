"""The list's history: every record that the designations topic ever held, at its own offset.

Compaction takes from the designations topic what was overwritten, and with it the answer to "what did the
list say on the 17th at 09:30?". So every record is copied to a topic that is kept for ten years (the period
of 31 CFR 501.601). A list is then rebuilt as of any offset, and proved by the hash in its commit markers.
"""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from confluent_kafka import KafkaError, Message

from streams.kafka.connection import ordered_producer
from streams.kafka.log import Record, TopicLog
from streams.kafka.provisioning import BrokerError
from streams.kafka.topics import Topics

OFFSET = "interdict.offset"
"""Header of a copy: where the original stood."""
DELIVERY_SECONDS = 60.0


class Historian:
    """Copies records of the designations topic to its history, each once."""

    def __init__(self, client: Mapping[str, Any], topics: Topics) -> None:
        self._topic = topics.history
        with TopicLog(client, self._topic) as log:
            self._copied_to = max((original(copy).offset for copy in _last(log)), default=-1)
        self._producer = ordered_producer(client)
        self._refused = ""

    def copy(self, record: Record) -> None:
        """Copy one record unless it is there already; `delivered` makes sure of it."""
        if record.offset <= self._copied_to:
            return
        copy: dict[str, Any] = {
            "topic": self._topic,
            "key": record.key,
            "value": record.value,
            "timestamp": int(record.time * 1000),
            "headers": [*record.headers.items(), (OFFSET, str(record.offset).encode())],
            "on_delivery": self._sent,
        }
        while True:
            try:
                self._producer.produce(**copy)
                break
            except BufferError:
                self._producer.poll(0.1)
        self._copied_to = record.offset

    def delivered(self) -> None:
        """Every copy so far is acknowledged. Raises BrokerError."""
        if self._producer.flush(DELIVERY_SECONDS) or self._refused:
            raise BrokerError(f"{self._topic}: {self._refused or 'copies were not acknowledged'}")

    def _sent(self, error: KafkaError | None, message: Message) -> None:
        del message
        if error is not None:
            self._refused = error.str()


def list_history(client: Mapping[str, Any], topics: Topics) -> Iterator[Record]:
    """All that is known of the designations topic, in its order: the history, then what is not in it yet."""
    copied_to = -1
    with TopicLog(client, topics.history) as history, TopicLog(client, topics.designations) as live:
        for record in chain(map(original, _all(history)), _all(live)):
            if record.offset > copied_to:
                copied_to = record.offset
                yield record


def original(copy: Record) -> Record:
    """The record that a copy was made of."""
    headers = dict(copy.headers)
    offset = int(headers.pop(OFFSET))
    return Record(offset, copy.time, copy.key, copy.value, headers)


def _all(log: TopicLog) -> Iterator[Record]:
    return log.read_all(log.spans())


def _last(log: TopicLog) -> Iterator[Record]:
    for span in log.spans():
        yield from log.read(span.last())
