"""Whose turn it is to answer: one process at a time, the others stand by.

The dispositions topic has one partition, so a consumer group gives it to one of its members: that one
answers. Its membership is part of every transaction, so one that was overtaken without knowing it commits
nothing.
"""

from typing import Any

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition

from streams.kafka.log import Record, record_of
from streams.kafka.options import ClientOptions

SUFFIX = ".answers"
"""Of the consumer group and of the transactional id, after the workers' group."""


class Turn:
    """A member of the group, which reads the dispositions topic from its beginning whenever its turn
    comes."""

    def __init__(self, client: ClientOptions, topic: str, group: str, session_seconds: float) -> None:
        self.ours = False
        self.read = False
        """Whether everything that the topic held when our turn came is read."""
        session_ms = round(session_seconds * 1000)
        own = {
            "group.id": group + SUFFIX,
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "auto.offset.reset": "earliest",
            "session.timeout.ms": session_ms,
            "heartbeat.interval.ms": session_ms // 4,
            "log_level": 2,
        }
        self._consumer = Consumer({**client, **own})
        self._consumer.subscribe([topic], on_assign=self._given, on_revoke=self._taken, on_lost=self._taken)

    def poll(self, seconds: float) -> list[Record]:
        """Dispositions that came. Raises KafkaException for what the broker refuses."""
        found = []
        for message in self._consumer.consume(1000, seconds):
            error = message.error()
            if error is None:
                found.append(record_of(message))
            elif error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001  its public name is this one
                self.read = self.ours
            elif not error.retriable():
                raise KafkaException(error)
        return found

    def member(self) -> Any:
        """Who we are in the group, for transactions."""
        return self._consumer.consumer_group_metadata()

    def close(self) -> None:
        self._consumer.close()

    def _given(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        self.ours, self.read = any(each.partition == 0 for each in partitions), False
        for each in partitions:
            each.offset = OFFSET_BEGINNING
        consumer.assign(partitions)

    def _taken(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        del consumer, partitions
        self.ours = self.read = False
