"""The designations topic read as history: the list up to an offset, and when each entry was last written."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from screening.decisions import ListState
from screening.ledger import Ledger
from screening.policy.rules import Policy
from screening.screener import Screener
from streams.errors import CannotProceedError
from streams.kafka.log import Record, TopicLog
from streams.records.designations import is_marker, key_text
from streams.records.json import designation_from_json, marker_from_json


class IncompleteListError(CannotProceedError):
    """The list on the topic cannot be relied on; the text says why."""


class Written(NamedTuple):
    """When an entry came to be as it is: offset and Unix time of its record."""

    offset: int
    time: float


class ListLog:
    """A screener that is fed record by record in the topic's order."""

    def __init__(self, policy: Policy) -> None:
        self.screener = Screener(policy)
        self.ledger = Ledger()
        self.written: dict[str, Written] = {}
        self.ownership_changed: set[str] = set()
        """Companies of party books that the last record made owned by blocked persons, or freed."""
        self.offset = 0

    def apply(self, record: Record) -> None:
        """One record. Raises IncompleteListError for an entry that cannot be read."""
        key = key_text(record.key)
        self.ownership_changed.clear()
        try:
            if not is_marker(key):
                self._entry(key, record.value, Written(record.offset, record.time))
            elif record.value is not None:
                self.ledger.mark(marker_from_json(record.value))
        except ValueError as error:
            raise IncompleteListError(f"offset {record.offset}, {key}: {error}") from None
        self.offset = record.offset + 1

    def state(self) -> ListState:
        """Names the list as it stands; set on the screener before it decides."""
        self.screener.lists = ListState(self.ledger.versions(), {0: self.offset})
        return self.screener.lists

    def check(self) -> None:
        """Raises IncompleteListError unless every list is complete."""
        problems = self.ledger.problems()
        if not self.ledger.versions():
            problems = ["no list was committed; publish one with `interdict lists publish`"]
        if problems:
            raise IncompleteListError("; ".join(problems))

    def _entry(self, key: str, value: bytes | None, written: Written) -> None:
        if value is None:
            self.ownership_changed |= self.screener.remove(key)
            self.written.pop(key, None)
        else:
            designation = designation_from_json(value)
            if designation.id != key:
                raise ValueError(f"the entry says it is {designation.id}")
            self.ownership_changed |= self.screener.upsert(designation)
            self.written[key] = written
        self.ledger.record(key, value)


def read_list(client: Mapping[str, Any], topic: str, policy: Policy) -> ListLog:
    """The list as the topic holds it now. Raises BrokerError and IncompleteListError."""
    listed = ListLog(policy)
    with TopicLog(client, topic) as log:
        (span,) = log.spans()
        for record in log.read(span):
            listed.apply(record)
    listed.offset = span.end
    listed.check()
    listed.state()
    return listed
