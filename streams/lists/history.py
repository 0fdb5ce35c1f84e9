"""The list's history: every record that the designations topic ever held, at its own offset.

Compaction removes overwritten records from the designations topic, and with them the answer to "what did the
list say on the 17th at 09:30?". So every record is copied to a topic that is kept for ten years (the period
of 31 CFR 501.601). A list can then be rebuilt as of any offset, and proved by the hash in its commit markers.
"""

import logging
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from streams.kafka.acknowledged import Acknowledged
from streams.kafka.log import Record, Span, TopicLog
from streams.kafka.options import ClientOptions
from streams.kafka.topics import Topics

log = logging.getLogger(__name__)

OFFSET = "interdict.offset"
"""Header of a copy: where the original stood."""
LONGEST_OFFSET = 19
"""Digits of the largest offset that a broker has."""


NOTHING = Record(-1, 0.0, b"", None, {})
"""What stands on a topic that holds nothing."""


class Historian(Acknowledged):
    """Copies records of the designations topic to its history, each once.

    A recreated topic is copied from its beginning, because its offsets mean other records. If it is already
    longer than what was copied of the old one, its first record shows that it is new.
    """

    def __init__(self, client: ClientOptions, topics: Topics) -> None:
        super().__init__(client)
        self._topic = topics.history
        self._original = topics.designations
        with TopicLog(client, topics.history) as history:
            last = max(_newest_originals(history), default=NOTHING)
        with TopicLog(client, topics.designations) as live:
            span = live.first_span()
            first = next(live.read(span), NOTHING)
        self._copied_to = last.offset
        self._ever_copied = last is not NOTHING
        self._seen_to = -1
        if last.offset >= span.end or _is_of_a_later_topic(first, last):
            self._begin_anew()

    def goes_on_at(self, span: Span) -> int:
        """The offset after the last copy; if nothing was ever copied, the topic's end."""
        return self._copied_to + 1 if self._ever_copied else span.end

    def copy(self, record: Record) -> None:
        """Copy one record unless it has been copied; `delivered` makes sure of it."""
        if record.offset <= self._seen_to:
            self._begin_anew()
        self._seen_to = record.offset
        if record.offset <= self._copied_to:
            return
        headers = [*record.headers.items(), (OFFSET, str(record.offset).encode())]
        self.send(self._topic, record.key, record.value, headers, at_ms=round(record.time * 1000))
        self._copied_to = record.offset

    def _begin_anew(self) -> None:
        log.warning("%s was recreated; it is copied from its beginning", self._original)
        self._copied_to = -1


def list_history(client: ClientOptions, topics: Topics) -> Iterator[Record]:
    """Everything that is known of the designations topic, in its order: the history, then what is not in it
    yet.

    If the topic was recreated, the old topic's records come first; the first offset out of sequence is the
    first of the new one. A record that was copied twice counts once.
    """
    copied_to, newest = -1, float("-inf")
    with TopicLog(client, topics.history) as history, TopicLog(client, topics.designations) as live:
        for record in chain(
            filter(None, map(original, _every_record(history))), live.read(live.first_span())
        ):
            if record.offset > copied_to or record.time > newest:
                copied_to, newest = record.offset, max(newest, record.time)
                yield record


def recreated_at(history: Iterable[Record]) -> list[float]:
    """When the designations topic was recreated, each time (Unix time), according to `list_history`."""
    found, before = list[float](), -1
    for record in history:
        if record.offset <= before:
            found.append(record.time)
        before = record.offset
    return found


def original(copy: Record) -> Record | None:
    """The record that a copy was made of; None for a record that is not a copy."""
    headers = dict(copy.headers)
    offset = headers.pop(OFFSET, None) or b""
    if not offset.isdigit() or len(offset) > LONGEST_OFFSET:
        return None
    return Record(int(offset), copy.time, copy.key, copy.value, headers)


def _every_record(log: TopicLog) -> Iterator[Record]:
    return log.read_all(log.spans())


def _newest_originals(log: TopicLog) -> Iterator[Record]:
    """For each partition, the original of the newest copy."""
    for span in log.spans():
        backwards = chain.from_iterable(chunk.records for chunk in log.newest_first([span]))
        yield from islice(filter(None, map(original, backwards)), 1)


def _is_of_a_later_topic(first: Record, last: Record) -> bool:
    """Whether the first record of a topic has a lower offset than the last one known and came after it."""
    return 0 <= first.offset <= last.offset and first.time > last.time
