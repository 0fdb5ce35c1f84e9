"""Payments and their decisions as they arrive, from the group's committed offsets on."""

import time
from collections.abc import Callable, Iterator

from confluent_kafka import Consumer, KafkaException, TopicPartition

from streams.answers.turn import SUFFIX
from streams.kafka.log import Place, Record, record_of
from streams.kafka.options import ClientOptions
from streams.kafka.provisioning import TIMEOUT_SECONDS, BrokerError
from streams.kafka.raw.batches import Entry
from streams.kafka.raw.reader import End, NotUnpacked, Reader
from streams.kafka.same_topics import SameTopics
from streams.resource import Resource

AT_ONCE = 2_000
FETCH_BYTES = 1 << 20
FETCH_WAIT_MS = 20
LEADER_SECONDS = 5.0
"""For all partitions: a new leader learns where its partition ends with its peers' next fetch."""


class Inputs(Resource):
    """A reader of both topics with partitions assigned by hand; `positions` is how far each partition is
    read. Its consumer asks where topics begin and end, and where the group stands.

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
        self._consumer = Consumer(
            {
                **client,
                "group.id": group + SUFFIX,
                "enable.auto.commit": False,
                "log_level": 2,
            }
        )
        self._reader = Reader(client, group + SUFFIX, FETCH_BYTES, FETCH_WAIT_MS)
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
        self._reader.assign(
            {(topic, each): at for topic, found in self.positions.items() for each, at in found.items()}
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
        taken = 0
        for (topic, partition), event in self._reader.poll(AT_ONCE, seconds):
            if isinstance(event, End):
                self._ends.add((topic, partition))
                self.positions[topic][partition] = max(self.positions[topic][partition], event.offset)
                continue
            if event.offset < self.positions[topic][partition]:
                raise BrokerError(f"{topic}: partition {partition} ended before what was read of it")
            self._ends.discard((topic, partition))
            for record in _records(event):
                self.positions[topic][partition] = record.offset + 1
                take(topic, Place(partition, record.offset), record)
                taken += 1
        return taken

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
        self._reader.hold((topic, partition), held=held)

    def close(self) -> None:
        self._reader.close()
        self._consumer.close()


def _records(event: Entry | NotUnpacked) -> Iterator[Record]:
    """The record; or those of a batch that is not unpacked, without their bytes: workers make an error of
    each, and that is its answer."""
    if isinstance(event, Entry):
        yield record_of(event)
    else:
        for offset in range(event.offset, event.end):
            yield Record(offset, time.time(), b"", None, {})
