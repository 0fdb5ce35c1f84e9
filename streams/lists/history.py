"""The list's history: every record that the designations topic ever held, at its own offset.

Compaction takes from the designations topic what was overwritten, and with it the answer to "what did the
list say on the 17th at 09:30?". So every record is copied to a topic that is kept for ten years (the period
of 31 CFR 501.601). A list is then rebuilt as of any offset, and proved by the hash in its commit markers.
"""

from collections.abc import Iterator
from itertools import chain

from streams.kafka.acknowledged import Acknowledged
from streams.kafka.log import Record, TopicLog
from streams.kafka.options import ClientOptions
from streams.kafka.topics import Topics

OFFSET = "interdict.offset"
"""Header of a copy: where the original stood."""


class Historian(Acknowledged):
    """Copies records of the designations topic to its history, each once."""

    def __init__(self, client: ClientOptions, topics: Topics) -> None:
        super().__init__(client)
        self._topic = topics.history
        with TopicLog(client, topics.history) as log:
            self._copied_to = max((original(copy).offset for copy in _last(log)), default=-1)

    def copy(self, record: Record) -> None:
        """Copy one record unless it is there already; `delivered` makes sure of it."""
        if record.offset <= self._copied_to:
            return
        headers = [*record.headers.items(), (OFFSET, str(record.offset).encode())]
        self.send(self._topic, record.key, record.value, headers, at_ms=round(record.time * 1000))
        self._copied_to = record.offset


def list_history(client: ClientOptions, topics: Topics) -> Iterator[Record]:
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
