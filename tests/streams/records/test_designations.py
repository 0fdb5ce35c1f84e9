"""The keys of the designations topic: what is an entry and what is a marker."""

import asyncio

import pytest

from screening import Designation, ListError, Name, Policy
from screening.ledger import MarkerType
from streams.kafka.log import Record
from streams.lists.log import ListLog
from streams.lists.publishing import publish
from streams.records.designations import is_marker, marker_key
from streams.records.json import designation_to_json


@pytest.mark.parametrize("kind", MarkerType)
def test_the_markers_of_a_list_are_markers(kind: MarkerType) -> None:
    assert is_marker(marker_key("ofac", kind))


@pytest.mark.parametrize("key", ["acme:@acme", "acme:@", "acme:1:@commit", "acme:uid@begin", "@begin", ""])
def test_every_other_key_is_an_entrys(key: str) -> None:
    assert not is_marker(key)


def test_an_entry_whose_uid_begins_with_at_is_in_force() -> None:
    entry = Designation("acme:@acme", (Name("Versor s.r.o."),))
    listed = ListLog(Policy())

    listed.apply(Record(0, 0.0, entry.id.encode(), designation_to_json(entry), {}))

    assert listed.screener.match("Versor s.r.o.")


def test_an_entry_with_the_key_of_a_marker_is_refused_before_anything_is_sent() -> None:
    entry = Designation("acme:@commit", (Name("Versor s.r.o."),))

    with pytest.raises(ListError, match="acme:@commit is the key of a marker; the entry needs another uid"):
        asyncio.run(publish({}, [entry], list_name="acme", topic="designations"))
