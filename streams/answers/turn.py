"""Whose turn it is to answer: one process at a time, while the others stand by.

A consumer group gives the first partition of the dispositions topic to one of its members: that one answers,
and reads all partitions, in case somebody gave the topic more than one. Its membership is part of every
transaction, so a process that was overtaken without knowing it commits nothing.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from confluent_kafka import Consumer, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient

from streams.kafka.log import Record, oldest_first, record_of
from streams.kafka.options import ClientOptions
from streams.kafka.provisioning import TIMEOUT_SECONDS
from streams.kafka.raw.reader import End, NotUnpacked, Reader
from streams.kafka.same_topics import SameTopics

FETCH_BYTES = 1 << 20
FETCH_WAIT_MS = 20
SUFFIX = ".answers"
"""Of the consumer group and of the transactional id, after the workers' group."""


class Turn:
    """A member of the group, which reads the dispositions topic from its beginning whenever its turn
    comes."""

    def __init__(self, client: ClientOptions, topic: str, group: str, session_seconds: float) -> None:
        self.ours = False
        self.read = False
        """Whether everything that the topic held when our turn came is read."""
        self._topic = topic
        self._partitions: set[int] = set()
        self._unread: set[int] = set()
        """Partitions whose end was not seen since our turn came."""
        self._early: dict[int, list[Record]] = defaultdict(list)
        """What came before that, of a topic that has several: none may overrule what is newer elsewhere."""
        session_ms = round(session_seconds * 1000)
        own = {
            "group.id": group + SUFFIX,
            "enable.auto.commit": False,
            "session.timeout.ms": session_ms,
            "heartbeat.interval.ms": session_ms // 4,
            "log_level": 2,
        }
        self._consumer = Consumer({**client, **own})
        self._reader = Reader(client, group + SUFFIX, FETCH_BYTES, FETCH_WAIT_MS)
        # a consumer that is asked while it calls back aborts the process at its next callback
        self._admin = AdminClient({**client, "log_level": 2})
        self._same = SameTopics(client, topic)
        self._consumer.subscribe(
            [topic], on_assign=self._on_assigned, on_revoke=self._on_revoked, on_lost=self._on_revoked
        )

    def poll(self, seconds: float) -> list[Record]:
        """Dispositions that have arrived, the oldest first. Raises KafkaException for what the broker
        refuses."""
        for message in self._consumer.consume(1, 0 if self.ours else seconds):
            error = message.error()
            if error is not None and not error.retriable():
                raise KafkaException(error)
        found = list(self._poll_records(seconds)) if self.ours else []
        if len(self._partitions) > 1:
            if not self.read:
                return []
            found = oldest_first(self._early.values(), lambda record: record.time)
        self._early.clear()
        return found

    def _poll_records(self, seconds: float) -> Iterator[Record]:
        for (topic, partition), event in self._reader.poll(1000, seconds):
            if isinstance(event, End):
                self._unread.discard(partition)
                self.read = not self._unread
            elif isinstance(event, NotUnpacked):
                raise event.refusal(topic)
            else:
                record = record_of(event)
                self._early[partition].append(record)
                yield record

    def recreated(self) -> list[str]:
        """The topic, if it was deleted and recreated since it was read."""
        return self._same.recreated()

    def grown(self) -> bool:
        """Whether the topic has other partitions than those that are read."""
        return self.ours and self._partitions_now() != self._partitions

    def member(self) -> Any:
        """This member's metadata, for transactions."""
        return self._consumer.consumer_group_metadata()

    def close(self) -> None:
        self._reader.close()
        self._consumer.close()

    def _on_assigned(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        self.ours, self.read = any(each.partition == 0 for each in partitions), False
        self._partitions = self._partitions_now() if self.ours else set()
        self._unread = {*self._partitions}
        self._early.clear()
        consumer.assign([])  # it is a member and reads nothing
        self._reader.assign({(self._topic, each): 0 for each in self._partitions})

    def _partitions_now(self) -> set[int]:
        found = self._admin.list_topics(self._topic, timeout=TIMEOUT_SECONDS).topics[self._topic]
        if found.error is not None:
            raise KafkaException(found.error)
        return set(found.partitions)

    def _on_revoked(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        del consumer, partitions
        self.ours = self.read = False
        self._reader.assign({})
