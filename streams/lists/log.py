"""The designations topic read as history: the list up to an offset, and when each entry was last written."""

from collections.abc import Mapping
from typing import NamedTuple

from screening.decisions import ListState
from screening.designations import Designation
from screening.ledger import Changes, Ledger, gone
from screening.policy.rules import Policy
from screening.screener import Screener
from streams.errors import CannotProceedError
from streams.kafka.log import Record, TopicLog
from streams.kafka.options import ClientOptions
from streams.lists.folding import fold
from streams.offline.snapshots import Snapshots
from streams.records.designations import key_text
from streams.records.json import designation_from_json


class IncompleteListError(CannotProceedError):
    """The list on the topic cannot be relied on; the text says why."""


class Written(NamedTuple):
    """When an entry got its present state: offset and Unix time of the commit that brought it into force."""

    offset: int
    time: float


class Change(NamedTuple):
    """What an entry was and what it is now; None means that it is not on the list."""

    before: Designation | None
    after: Designation | None


class ListLog:
    """A screener that is fed record by record in topic order; only a commit changes it.

    What was `read` gets into the screener with the next `state`, or the next record that is applied, so that
    of an entry that was written often only the last version is indexed.
    """

    def __init__(self, policy: Policy, snapshots: Snapshots | None = None) -> None:
        self.screener = Screener(policy)
        self._snapshots = snapshots or Snapshots(None)
        self._aside: dict[str, tuple[bytes | None, Written]] = {}
        self.ledger = Ledger()
        self.written: dict[str, Written] = {}
        self.ownership_changed: set[str] = set()
        """Companies of party books that the last commit made owned by blocked persons, or freed."""
        self.offset = 0

    def read(self, record: Record) -> None:
        """Take one record whose changes the caller does not need."""
        written = Written(record.offset, record.time)
        self._aside.update((key, (value, written)) for key, value in self._fold(record).items())

    def apply(self, record: Record) -> Mapping[str, Change]:
        """Take one record; returns what comes into force with it. Raises IncompleteListError for an
        unreadable one."""
        self._settle()
        self.ownership_changed.clear()
        written = Written(record.offset, record.time)
        return {key: self._change(key, value, written) for key, value in self._fold(record).items()}

    def _fold(self, record: Record) -> Changes:
        folded = fold(self.ledger, key_text(record.key), record.value, record.headers.items())
        self.offset = record.offset + 1
        return folded.changes

    def _settle(self) -> None:
        """Put what was set aside into the table."""
        if self._aside:
            self._snapshots.recall(self.screener, self._aside)
            for key, (value, written) in self._aside.items():
                self._change(key, value, written)
            self._snapshots.settle(self.screener)
            self._aside.clear()

    def state(self) -> ListState:
        """Name the list's present state; call it before the screener decides. Raises IncompleteListError."""
        self._settle()
        self.screener.lists = ListState(self.ledger.versions(), {0: self.offset})
        return self.screener.lists

    def check(self) -> None:
        """Raises IncompleteListError unless every list is complete."""
        problems, versions = self.ledger.problems(), self.ledger.versions()
        problems += [
            gone(name, "the topic") for name in sorted(self.ledger.required()) if name not in versions
        ]
        if not versions and not problems:
            problems = ["no list was committed; publish one with `interdict lists publish`"]
        if problems:
            raise IncompleteListError("; ".join(problems))

    def _change(self, key: str, value: bytes | None, written: Written) -> Change:
        before = self.screener.get(key)
        if value is None:
            self.ownership_changed |= self.screener.remove(key)
            self.written.pop(key, None)
            return Change(before, None)
        try:
            designation = designation_from_json(value)
            if designation.id != key:
                raise ValueError(f"the entry says it is {designation.id}")
        except ValueError as error:
            raise _unreadable(written.offset, key, error) from None
        self.ownership_changed |= self.screener.upsert(designation)
        self.written[key] = written
        return Change(before, designation)


def _unreadable(offset: int, key: str, error: ValueError) -> IncompleteListError:
    return IncompleteListError(f"offset {offset}, {key}: {error}")


def read_list(
    client: ClientOptions, topic: str, policy: Policy, snapshots: Snapshots | None = None
) -> ListLog:
    """The list as the topic has it now. Raises BrokerError and IncompleteListError."""
    listed = ListLog(policy, snapshots)
    with TopicLog(client, topic) as log:
        span = log.first_span()
        for record in log.read(span):
            listed.read(record)
    listed.offset = span.end
    listed.check()
    listed.state()
    return listed
