"""A topic as a log: spans of offsets by time, read forwards or newest first, and how far a reader has come.

The commands that look at the past use it (lookback, replay, what-if). Partitions are assigned by hand: it
joins no group, so it never moves a partition of the live workers. A librdkafka consumer asks how far a topic
goes and keeps progress; it fetches nothing, for it unpacks without bound.
"""

import heapq
import operator
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any, NamedTuple, TypeVar

from confluent_kafka import OFFSET_INVALID, Consumer, KafkaError, KafkaException, TopicPartition

from screening.payments.model import HEADERS_LEFT_OUT
from streams.kafka.groups import word_beside
from streams.kafka.options import ClientOptions
from streams.kafka.provisioning import TIMEOUT_SECONDS, BrokerError, first_answer
from streams.kafka.raw.batches import Entry
from streams.kafka.raw.reader import End, Event, NotUnpacked, Reader
from streams.kafka.topics import OF_ANSWERS, PAYMENTS
from streams.resource import Resource

SILENT_SECONDS = 30.0
"""Records that the broker says are there and does not send for so long are an error, not the end."""
_PASSING = (
    KafkaError.NOT_LEADER_FOR_PARTITION,
    KafkaError.LEADER_NOT_AVAILABLE,
    KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
    KafkaError.COORDINATOR_NOT_AVAILABLE,
    KafkaError.NOT_COORDINATOR,
)
Answer = TypeVar("Answer")
Of = TypeVar("Of")
NEIGHBOURS = 5_000
"""Records that are read over rather than jumped over: a jump takes as long as reading so many."""

READ_AHEAD_KIB = 2048
"""Reading backwards throws away what was fetched past a chunk's end: measured 129,000 records a second with
2 MiB of read-ahead and 63,000 with 16 MiB."""
NO_GROUP = "interdict-reader"
"""librdkafka wants a group's name and looks for its coordinator, also where no offset is kept there."""
READ_ON_KIB = 65_536
"""For who reads on forwards and throws nothing away: as much as the broker sends."""
LARGEST_FETCH = 16 << 20
FETCH_WAIT_MS = 100
FIRST_CHUNK = 500
"""Records in a partition's newest chunk: enough to come within a second, whatever else waits."""
LARGEST_CHUNK = 10_000
"""A jump backwards costs about 50 ms, so older chunks grow to make it small; more would only take memory."""

LARGEST_CHUNK_BYTES = 64 << 20
"""Records of 60 MB each can be packed into 5 KB; a chunk of them has fewer."""


@dataclass(frozen=True, slots=True)
class Span:
    """Offsets of one partition; `end` is not included."""

    partition: int
    first: int
    end: int

    def __len__(self) -> int:
        return max(0, self.end - self.first)

    def last(self) -> "Span":
        """The span of its last record alone."""
        return replace(self, first=max(self.first, self.end - 1))


class Place(NamedTuple):
    """Where one record is in its topic."""

    partition: int
    offset: int


class Record(NamedTuple):
    """A record as the broker keeps it; `time` is its timestamp as Unix time, and an absent key is empty."""

    offset: int
    time: float
    key: bytes
    value: bytes | None
    headers: Mapping[str, bytes | None]
    pairs: tuple[tuple[str, bytes | None], ...] = ()
    """The headers as they stand, those of one name too."""


class Chunk(NamedTuple):
    """A part of a span and its records, newest first."""

    span: Span
    records: list[Record]


class TopicLog(Resource):
    """One topic for reading, while the `with` block lasts; `client` are librdkafka's options.

    `group` names where `note` keeps the progress; without one no right on a group is needed. Raises
    BrokerError for what the broker refuses.
    """

    _reads = 0
    """How often a span was begun to be read; the last one has the consumer."""

    def __init__(
        self,
        client: ClientOptions,
        topic: str,
        group: str | None = None,
        read_ahead_kib: int = READ_AHEAD_KIB,
    ) -> None:
        self.topic = topic
        self._bootstrap = str(client.get("bootstrap.servers", ""))
        group = group or NO_GROUP
        self._consumer = Consumer(
            {
                **client,
                "client.id": group,
                "group.id": group,
                "enable.auto.commit": False,
                "log_level": 2,  # failures come to the caller, not to stderr
            }
        )
        self._reader = Reader(client, group, min(read_ahead_kib * 1024, LARGEST_FETCH), FETCH_WAIT_MS)

    def close(self) -> None:
        self._reader.close()
        self._consumer.close()

    def partitions(self) -> list[int]:
        """The topic's partitions. Raises BrokerError if the topic does not exist, or not for this user."""
        topics = self._ask(lambda: first_answer(self._list, self._bootstrap)).topics
        found = topics[self.topic]
        if found.error is not None:
            of_gate = any(self.topic.endswith(spec.name) for spec in OF_ANSWERS)
            how = "`interdict topics create` makes it" + (" where INTERDICT_ANSWERS=true" if of_gate else "")
            raise BrokerError(f"{self.topic}: {found.error.str()}; {how}")
        return sorted(found.partitions)

    def _list(self, wait: float) -> Any:
        return self._consumer.list_topics(self.topic, timeout=wait)

    def spans(self, since: float | None = None, until: float | None = None) -> list[Span]:
        """What the topic holds between two moments (Unix time), by the records' timestamps.

        The embedded broker cannot search by time and keeps only what came since it was started; there it is
        everything.
        """
        spans = [self._span(partition) for partition in self.partitions()]
        firsts = self._offsets_at(since, spans) if since is not None else {}
        if firsts == {span.partition: span.end for span in spans} and any(map(len, spans)) and self.embedded:
            firsts = {}
        ends = self._offsets_at(until, spans) if until is not None else {}
        return [
            replace(
                span,
                first=firsts.get(span.partition, span.first),
                end=ends.get(span.partition, span.end),
            )
            for span in spans
        ]

    def gone_before(self, since: float) -> float | None:
        """From when on the topic is complete (Unix time), if retention may have deleted records since the
        given moment; None if the topic reaches back that far."""
        spans = [span for span in self.spans() if span.first]
        firsts = self._offsets_at(since, spans) if spans else {}
        left = [next(self.read(span), None) for span in spans if firsts[span.partition] <= span.first]
        return max((record.time if record else time.time() for record in left), default=None)

    def first_span(self) -> Span:
        """What the first partition holds: a list is written there alone, even if its topic has more
        partitions."""
        return self._span(self.partitions()[0])

    def read(self, span: Span) -> Iterator[Record]:
        """The span's records, oldest first."""
        return self._rest(map(record_of, self._entries(span, 1000))) if len(span) else iter(())

    def read_keys(self, span: Span, keys: Collection[bytes]) -> Iterator[Record]:
        """The span's records with these keys, oldest first; others are skipped without decoding."""
        if not len(span):
            return iter(())
        return self._rest(record_of(each) for each in self._entries(span, 10_000) if each.key in keys)

    def _rest(self, records: Iterator[Record]) -> Iterator[Record]:
        """The rest of these records. Nothing is fetched afterwards: a fetch at a partition's end waits at the
        broker, which answers nothing else on this connection meanwhile, 0.1 s for each question."""
        self._reads = this = self._reads + 1
        try:
            yield from records
        finally:
            if self._reads == this:
                self._reader.assign({})

    def _entries(self, span: Span, at_once: int) -> Iterator[Entry]:
        at, heard_at = (self.topic, span.partition), time.monotonic()
        self._reader.assign({at: span.first}, {at: span.end})
        while True:
            for event in self._poll(at_once):
                heard_at = time.monotonic()
                if isinstance(event, Entry) and event.offset < span.end:
                    yield event
                elif not self._passes_over(event):  # what is missing up to `end` are markers of transactions
                    return
            if time.monotonic() - heard_at > SILENT_SECONDS:
                raise BrokerError(f"{self.topic}: no answer for {SILENT_SECONDS:.0f} s; is the broker up?")

    def _poll(self, at_once: int) -> list[Event]:
        try:
            return [event for _, event in self._reader.poll(at_once, 0.2)]
        except KafkaException as error:
            raise BrokerError(f"{self.topic}: {error.args[0].str()}") from None

    def _passes_over(self, event: Event) -> bool:
        """Whether it is a batch of payments that is not unpacked. Workers make an error of each of its
        records, and nobody else can read them; of any other topic nothing is passed over."""
        if not isinstance(event, NotUnpacked):
            return False
        if not self.topic.endswith(PAYMENTS.name):
            raise event.refusal(self.topic)
        return True

    def read_all(self, spans: Iterable[Span]) -> Iterator[Record]:
        """Several spans, one after another."""
        for span in spans:
            yield from self.read(span)

    def read_places(self, places: Iterable[Place]) -> dict[Place, Record]:
        """The records at these places, without those that retention has deleted and places that the topic
        does not have; neighbours are read in one go."""
        there = {*self.partitions()}
        wanted = {place for place in places if place.partition in there and place.offset >= 0}
        return {
            place: record
            for span in _runs(sorted(wanted))
            for record in self.read(span)
            if (place := Place(span.partition, record.offset)) in wanted
        }

    def newest_first(self, spans: Iterable[Span]) -> Iterator[Chunk]:
        """The spans in chunks from their ends backwards, always from the partition with the newest record
        left."""
        left = [(float("-inf"), span.partition, span, FIRST_CHUNK) for span in spans if len(span)]
        heapq.heapify(left)
        while left:
            _, partition, span, size = heapq.heappop(left)
            chunk, records = self._newest(Span(partition, max(span.first, span.end - size), span.end))
            yield Chunk(chunk, records)
            if chunk.first > span.first:
                age = -records[-1].time if records else float("-inf")
                rest = replace(span, end=chunk.first)
                heapq.heappush(left, (age, partition, rest, min(2 * size, LARGEST_CHUNK)))

    def _newest(self, chunk: Span) -> Chunk:
        """As much of it, from its end, as takes no more memory than a chunk may."""
        records, size = list[Record](), 0
        for record in self.read(chunk):
            records.append(record)
            size += len(record.value or b"")
            if size > LARGEST_CHUNK_BYTES and len(chunk) > 1:
                return self._newest(replace(chunk, first=chunk.end - len(chunk) // 2))
        records.reverse()
        return Chunk(chunk, records)

    def follow(self, partition: int, first: int) -> Iterator[Record | None]:
        """One partition's records as they arrive, without end; yields None whenever there is nothing new."""
        return self.follow_all({partition: first})

    def follow_all(self, firsts: Mapping[int, int]) -> Iterator[Record | None]:
        """Several partitions' records as they arrive, without end; yields None whenever there is nothing
        new."""
        self._reader.assign({(self.topic, partition): first for partition, first in firsts.items()})
        while True:
            came = [event for event in self._poll(1000) if not isinstance(event, End)]
            for event in came:
                if isinstance(event, Entry):
                    yield record_of(event)
                else:
                    self._passes_over(event)
            if not came:
                yield None

    def noted(self) -> dict[int, tuple[int, str]]:
        """Partition -> the offset and the text last noted for this group."""
        asked = [TopicPartition(self.topic, partition) for partition in self.partitions()]
        found = self._ask(lambda: self._consumer.committed(asked, timeout=TIMEOUT_SECONDS))
        return {at.partition: (at.offset, word_beside(at)) for at in found if at.offset != OFFSET_INVALID}

    def note(self, offsets: Mapping[int, int], word: str = "") -> None:
        """Store at the broker how far this group has come."""
        kept = [TopicPartition(self.topic, partition, offset, word) for partition, offset in offsets.items()]
        self._ask(lambda: self._consumer.commit(offsets=kept, asynchronous=False))

    def _ask(self, question: Callable[[], Answer]) -> Answer:
        """Ask the broker, and again while a new leader or coordinator is being elected."""
        give_up_at = time.monotonic() + TIMEOUT_SECONDS
        while True:
            try:
                return question()
            except KafkaException as error:
                reason: KafkaError = error.args[0]
                if time.monotonic() > give_up_at or not (reason.retriable() or reason.code() in _PASSING):
                    raise BrokerError(
                        f"{self.topic or self._bootstrap}: {reason.str()}; is the broker up, and may we read "
                        "the topic?"
                    ) from None
            time.sleep(0.1)

    @property
    def embedded(self) -> bool:
        """Whether the broker is that of `interdict demo`, which stores nothing and has no transactions."""
        cluster = self._ask(lambda: self._consumer.list_topics(timeout=TIMEOUT_SECONDS))
        return str(cluster.cluster_id).startswith("mock")

    def _span(self, partition: int) -> Span:
        at = TopicPartition(self.topic, partition)
        low, high = self._ask(lambda: self._consumer.get_watermark_offsets(at, timeout=TIMEOUT_SECONDS))
        return Span(partition, low, high)

    def _offsets_at(self, moment: float, spans: Iterable[Span]) -> dict[int, int]:
        """The first offset of that moment or later; -1 from the broker means that nothing is that new."""
        asked = [TopicPartition(self.topic, span.partition, int(moment * 1000)) for span in spans]
        found = self._ask(lambda: self._consumer.offsets_for_times(asked, timeout=TIMEOUT_SECONDS))
        end = {span.partition: span.end for span in spans}
        return {at.partition: at.offset if at.offset >= 0 else end[at.partition] for at in found}


class LogReader(Resource):
    """Something that reads its own log and closes it at the end of its `with` block."""

    def __init__(self, log: TopicLog) -> None:
        self._log = log

    def close(self) -> None:
        self._log.close()


def _runs(places: Iterable[Place]) -> list[Span]:
    """Sorted places as as few spans as possible."""
    spans: list[Span] = []
    for partition, offset in places:
        last = spans[-1] if spans else None
        if last and last.partition == partition and offset - last.end < NEIGHBOURS:
            spans[-1] = Span(partition, last.first, offset + 1)
        else:
            spans.append(Span(partition, offset, offset + 1))
    return spans


def record_of(entry: Entry) -> Record:
    """An entry of a batch with its headers by name."""
    pairs = tuple(entry.headers)
    if not all(name.isascii() or _is_utf8(name) for name, _ in pairs):
        pairs = ((HEADERS_LEFT_OUT, b""),)  # who could say which the others are
    return Record(entry.offset, entry.time, entry.key or b"", entry.value, dict(pairs), pairs)


def _is_utf8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def oldest_first(partitions: Iterable[Sequence[Of]], time_of: Callable[[Of], float]) -> list[Of]:
    """Records of several partitions in one order, with each partition's in their own order. A topic may have
    been given more than its one partition; then a pair's newest record may be in any of them, and the newest
    counts. A record that was put back with an old timestamp is no earlier than the record before it."""
    dated = list[tuple[float, Of]]()
    for records in partitions:
        times = accumulate(map(time_of, records), max)
        dated += zip(times, records, strict=True)
    return [record for _, record in sorted(dated, key=operator.itemgetter(0))]
