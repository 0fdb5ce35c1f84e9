"""Which version of every list is in force: as the topic holds it, and as each worker says it applied it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from screening.ledger import Ledger, Marker, MarkerType, gone
from streams.kafka.log import TopicLog
from streams.kafka.options import ClientOptions
from streams.lists.folding import fold
from streams.records.designations import key_text


@dataclass(frozen=True, slots=True)
class ListVersionThere:
    """One list as the topic or a worker has it; `at` is when it was published or applied."""

    version: str
    entries: int
    sha256: str
    at: datetime


@dataclass(slots=True)
class TopicLists:
    """Every list on the designations topic, read from its beginning to its end."""

    lists: dict[str, ListVersionThere] = field(default_factory=dict)
    coming: Mapping[str, str] = field(default_factory=dict)
    """Publications under way: list -> version."""
    forgotten: tuple[str, ...] = ()
    """Required lists that are not there: named by a setting, or in force once and never withdrawn. Payments
    wait for them."""
    withdrawn: Mapping[str, str] = field(default_factory=dict)
    """Lists that were taken out of force on purpose, and why."""
    problems: list[str] = field(default_factory=list)
    end: int = 0
    """Offset behind the last record."""


@dataclass(slots=True)
class WorkerLists:
    """What one worker answered, or why it did not."""

    worker: str
    lists: dict[str, ListVersionThere] = field(default_factory=dict)
    offset: int = 0
    error: str = ""

    def state(self, name: str, topic: TopicLists) -> str:
        """ "in force", "behind" (it has not applied all of the topic yet), "differs" or "absent"."""
        here, there = self.lists.get(name), topic.lists[name]
        if here is not None and (here.version, here.sha256) == (there.version, there.sha256):
            return "in force"
        if self.offset < topic.end:
            return "behind"
        return "differs" if here else "absent"


class ReadLedger(NamedTuple):
    """The ledger of the whole topic, with each list's last commit; the topic was read up to `end`."""

    ledger: Ledger
    commits: Mapping[str, Marker]
    end: int


def read_ledger(client: ClientOptions, topic: str) -> ReadLedger:
    """`client` are librdkafka's options; it blocks, so use a thread from async code. Raises BrokerError."""
    ledger, commits, end = Ledger(), dict[str, Marker](), 0
    with TopicLog(client, topic) as log:
        for record in log.read(log.first_span()):
            end = record.offset + 1
            marker = fold(ledger, key_text(record.key), record.value, record.headers.items()).marker
            if marker and marker.type is MarkerType.COMMIT:
                commits[marker.source] = marker
    return ReadLedger(ledger, commits, end)


def read_topic(client: ClientOptions, topic: str, required: Iterable[str] = ()) -> TopicLists:
    """The lists that the topic proves, and those of `required` that it lacks.

    `client` are librdkafka's options; it blocks, so use a thread from async code. Raises BrokerError.
    """
    read = read_ledger(client, topic)
    ledger, found = read.ledger, TopicLists(end=read.end)
    versions = ledger.versions()
    for name, at in versions.items():
        published = datetime.fromtimestamp(read.commits[name].published_at, UTC)
        found.lists[name] = ListVersionThere(at.version, at.entries, at.sha256, published)
    found.forgotten = tuple(sorted(ledger.required().union(required) - versions.keys()))
    found.withdrawn = {name: marker.reason for name, marker in ledger.withdrawn().items()}
    found.coming = ledger.pending()
    missing = (
        gone(name, topic, versions, ever_in_force=name in ledger.required()) for name in found.forgotten
    )
    found.problems = [*ledger.problems(), *missing]
    return found


def age(since: datetime, now: datetime) -> str:
    """An age that an operator takes in at a glance: "3 min", "5 h", "12 d"."""
    passed = max(now - since, timedelta())
    for unit, length in (("d", timedelta(days=1)), ("h", timedelta(hours=1)), ("min", timedelta(minutes=1))):
        if passed >= length:
            return f"{passed // length} {unit}"
    return f"{passed.total_seconds():.0f} s"
