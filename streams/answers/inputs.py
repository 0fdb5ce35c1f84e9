"""Payments and their decisions as they arrive, from the group's committed offsets on."""

import time
from collections.abc import Callable

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from streams.answers.turn import SUFFIX
from streams.kafka.log import Place, Record, TopicLog, cannot_be_unpacked, record_of
from streams.kafka.options import ClientOptions
from streams.kafka.provisioning import TIMEOUT_SECONDS, BrokerError
from streams.kafka.same_topics import SameTopics
from streams.resource import Resource

AT_ONCE = 2_000
LEADER_SECONDS = 5.0
"""For all partitions: a new leader learns where its partition ends with its peers' next fetch."""


class Inputs(Resource):
    """A consumer of both topics with partitions assigned by hand; `positions` is how far each partition is
    read.

    A group that has never committed begins at the end of the topics, the first of `topics` first; with
    `oldest` it begins at their beginning.
    """

    def __init__(self, client: ClientOptions, group: str, *topics: str, oldest: bool = False) -> None:
        self.positions: dict[str, dict[int, int]] = {}
        self.fresh = True
        """Whether the group had committed nothing."""
        self.lost: dict[str, int] = {}
        """Offsets of a topic that retention took before they were read: nobody answers what stood there."""
        self.unread: dict[str, set[int]] = {}
        """Partitions of which the group has committed nothing, by topic."""
        self.beyond: dict[str, dict[int, int]] = {}
        """Where the group stands behind the end of a partition, by topic: records are lost, or somebody set
        its offsets."""
        self._ends: set[tuple[str, int]] = set()
        self._leaders_known = time.monotonic() + LEADER_SECONDS
        self._paused: set[tuple[str, int]] = set()
        self._client = client
        self._left_out: dict[tuple[str, int], int] = {}
        """Where the last batch began that could not be unpacked."""
        self._consumer = Consumer(
            {
                **client,
                "group.id": group + SUFFIX,
                "enable.auto.commit": False,
                "enable.partition.eof": True,
                "auto.offset.reset": "earliest",
                "fetch.wait.max.ms": 20,
                "queued.max.messages.kbytes": 16_384,
                "log_level": 2,
            }
        )
        self._same = SameTopics(client, *topics)
        self._begin(topics, oldest=oldest)

    def _begin(self, topics: tuple[str, ...], *, oldest: bool) -> None:
        ends: dict[tuple[str, int], int] = {}
        for topic in topics:
            found = self._consumer.list_topics(topic, timeout=TIMEOUT_SECONDS).topics[topic]
            if found.error is not None:
                raise KafkaException(found.error)
            partitions = [TopicPartition(topic, partition) for partition in sorted(found.partitions)]
            at = self.positions.setdefault(topic, {})
            for committed in self._consumer.committed(partitions, timeout=TIMEOUT_SECONDS):
                partition = committed.partition
                begins, end = self._reach(TopicPartition(topic, partition), committed.offset)
                self.fresh = self.fresh and committed.offset < 0
                ends[topic, partition] = end
                if committed.offset > end:
                    self.beyond.setdefault(topic, {})[partition] = committed.offset
                if committed.offset < 0:
                    self.unread.setdefault(topic, set()).add(partition)
                else:
                    self.lost[topic] = self.lost.get(topic, 0) + max(0, begins - committed.offset)
                at[partition] = max(begins, committed.offset)  # none committed is below 0
        if self.fresh and not oldest:
            for (topic, partition), end in ends.items():
                self.positions[topic][partition] = end
        self._consumer.assign(
            [TopicPartition(topic, *at) for topic, found in self.positions.items() for at in found.items()]
        )

    def _reach(self, at: TopicPartition, committed: int) -> tuple[int, int]:
        """Where a partition begins and ends. A new leader knows its end a moment after it was elected."""
        while True:
            begins, end = self._consumer.get_watermark_offsets(at, timeout=TIMEOUT_SECONDS)
            if end >= committed or time.monotonic() > self._leaders_known:
                return begins, end
            time.sleep(LEADER_SECONDS / 10)

    def poll(self, seconds: float, take: Callable[[str, Place, Record], None]) -> int:
        """Hand what has arrived to `take` in each partition's order; waits for the first record only.

        Raises BrokerError if a partition lost its end and is read from before what was read.
        """
        first = self._consumer.poll(seconds)
        messages = [first, *self._consumer.consume(AT_ONCE, 0)] if first is not None else []
        taken = 0
        for message in messages:
            topic, partition = str(message.topic()), int(message.partition() or 0)
            error = message.error()
            if error is not None:
                if error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001  its public name is this one
                    self._ends.add((topic, partition))
                    self.positions[topic][partition] = max(
                        self.positions[topic][partition], int(message.offset() or 0)
                    )
                elif cannot_be_unpacked(message):
                    taken += self._take_left_out(topic, Place(partition, int(message.offset() or 0)), take)
                elif not error.retriable():
                    raise KafkaException(error)
                continue
            record = record_of(message)
            if record.offset < self.positions[topic][partition]:
                raise BrokerError(f"{topic}: partition {partition} ended before what was read of it")
            self._ends.discard((topic, partition))
            self.positions[topic][partition] = record.offset + 1
            take(topic, Place(partition, record.offset), record)
            taken += 1
        return taken

    def _take_left_out(self, topic: str, batch: Place, take: Callable[[str, Place, Record], None]) -> int:
        """Take the records of a batch that cannot be unpacked, without their bytes: workers make an error of
        each, and that is its answer. It is named again and again; the first time counts."""
        partition, at = batch.partition, self.positions[topic]
        if self._left_out.get((topic, partition)) == batch.offset:
            return 0
        with TopicLog(self._client, topic) as log:
            behind = log.behind_batch(partition, at[partition])
        self._left_out[topic, partition] = batch.offset
        offsets, at[partition] = range(at[partition], behind), behind
        self._consumer.seek(TopicPartition(topic, partition, behind))
        for offset in offsets:
            take(topic, Place(partition, offset), Record(offset, time.time(), b"", None, {}))
        return len(offsets)

    def recreated(self) -> list[str]:
        """The topics that were deleted and recreated since the offsets were asked for."""
        return self._same.recreated()

    def grown(self) -> bool:
        """Whether a topic has other partitions than those that are read since this turn began."""
        return any(len(self.partitions(topic)) != len(at) for topic, at in self.positions.items())

    def partitions(self, topic: str) -> list[int]:
        """The topic's as they are now."""
        return sorted(self._consumer.list_topics(topic, timeout=TIMEOUT_SECONDS).topics[topic].partitions)

    def at_end(self, topic: str) -> bool:
        """Whether a topic had nothing more when it was last read."""
        return all((topic, partition) in self._ends for partition in self.positions[topic])

    def hold(self, topic: str, partition: int, *, held: bool) -> None:
        """Pause reading one partition, or resume it."""
        at = [TopicPartition(topic, partition)]
        if held and (topic, partition) not in self._paused:
            self._paused.add((topic, partition))
            self._consumer.pause(at)
        elif not held and (topic, partition) in self._paused:
            self._paused.discard((topic, partition))
            self._consumer.resume(at)

    def close(self) -> None:
        self._consumer.close()
