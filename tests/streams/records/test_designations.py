"""The keys of the designations topic: what is an entry and what is a marker."""

import asyncio
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from screening import Designation, ListError, Name, Policy
from screening.ledger import ListDigest, MarkerType
from streams.kafka.log import Record
from streams.lists.log import ListLog
from streams.lists.publishing import publish
from streams.records.designations import PUBLICATION, is_marker, marker_key, publication_of
from streams.records.json import designation_from_json, designation_to_json

AT = "2023-08-16T12:00:00+00:00"


@pytest.mark.parametrize("kind", MarkerType)
def test_the_markers_of_a_list_are_markers(kind: MarkerType) -> None:
    assert is_marker(marker_key("ofac", kind))


@pytest.mark.parametrize("key", ["acme:@acme", "acme:@", "acme:1:@commit", "acme:uid@begin", "@begin", ""])
def test_every_other_key_is_an_entrys(key: str) -> None:
    assert not is_marker(key)


def test_an_entry_whose_uid_begins_with_at_is_in_force_when_it_is_committed() -> None:
    entry = Designation("acme:@acme", (Name("Versor s.r.o."),))
    value, digest, listed = designation_to_json(entry), ListDigest(), ListLog(Policy())
    digest.add(entry.id.encode(), value)
    marker = {"list": "acme", "version": "1", "count": 1, "sha256": digest.sha256, "run": "r"}
    records = [
        (
            marker_key("acme", MarkerType.BEGIN),
            orjson.dumps(marker | {"marker": "begin", "published_at": AT}),
        ),
        (entry.id, value),
        (
            marker_key("acme", MarkerType.COMMIT),
            orjson.dumps(marker | {"marker": "commit", "published_at": AT}),
        ),
    ]

    for offset, (key, written) in enumerate(records):
        listed.apply(Record(offset, 0.0, key.encode(), written, {PUBLICATION: b"r"}))

    assert listed.ledger.problems() == []
    assert listed.screener.match("Versor s.r.o.")


def test_an_entry_with_the_key_of_a_marker_is_refused_before_anything_is_sent() -> None:
    entry = Designation("acme:@commit", (Name("Versor s.r.o."),))

    with pytest.raises(ListError, match="acme:@commit is the key of a marker; the entry needs another uid"):
        asyncio.run(publish({}, [entry], list_name="acme", topic="designations"))


def test_a_header_without_a_value_names_no_publication() -> None:
    """Kafka lets a header have none; whoever may write to the topic must not end a worker by it."""
    headers: Any = [(PUBLICATION, b"run-1"), (PUBLICATION, None)]

    assert publication_of(headers) == ""


WHOLE: dict[str, Any] = {
    "id": "acme:1",
    "names": [{"text": "Versor s.r.o.", "type": "primary", "quality": "strong"}],
    "programs": ["SDGT"],
    "identifiers": [{"scheme": "bic", "value": "TATRSKBX", "country": "SK", "note": "n"}],
    "birth_places": ["Brno"],
    "countries": ["SK"],
    "addresses": [{"text": "a", "city": "b", "region": "c", "postal_code": "d", "country": "SK"}],
    "links": [{"name": "Acme", "relation": "owner", "to": "acme:2", "percent": 50.0}],
    "remarks": "r",
}


def _others(value: Any, wrong: Any) -> Iterator[Any]:
    """The value with one of its parts replaced, for each of them."""
    if isinstance(value, dict):
        yield from ({**value, name: other} for name in value for other in _others(value[name], wrong))
    elif isinstance(value, list):
        yield from ([other] for other in _others(value[0], wrong))
    else:
        yield wrong


@pytest.mark.parametrize("wrong", [5, True, {"a": 1}, [["x"]]])
def test_an_entry_with_something_else_for_a_text_cannot_be_read_and_never_reaches_the_index(
    wrong: object,
) -> None:
    assert designation_from_json(orjson.dumps(WHOLE)).names
    for entry in _others(WHOLE, wrong):
        if entry["links"][0]["percent"] == 5:
            continue
        with pytest.raises(ValueError, match=r".+"):
            designation_from_json(orjson.dumps(entry))


@pytest.mark.parametrize("field", ["programs", "birth_places", "countries"])
def test_a_text_for_a_list_of_them_is_not_taken_for_its_letters(field: str) -> None:
    with pytest.raises(ValueError, match="'SK' must be a list"):
        designation_from_json(orjson.dumps({**WHOLE, field: "SK"}))
    assert designation_from_json(orjson.dumps({**WHOLE, field: None})).id == "acme:1"
