"""The list as one reading of its topic has it, record by record and without a topic."""

from typing import Any, NamedTuple

import orjson
import pytest

from screening import Designation, Screener
from screening.ledger import ListDigest
from streams.records.designations import PUBLICATION
from streams.records.json import designation_to_json, registry_to_json
from streams.worker.replicas.table import Applied, EntryChange, ListTable
from tests.streams.list_topic import designation

AT = "1970-01-01T00:00:05+00:00"
MARKER = '{"marker": "%s", "list": "%s", "version": "v", "count": 0, "sha256": "", "published_at": "%s"}'


class Record(NamedTuple):
    offset: int
    key: bytes | None
    value: bytes | None
    timestamp: int = 5_000
    headers: Any = ((PUBLICATION, b"r"),)


class Reading:
    """A table, what it reported, and the records so far."""

    def __init__(self) -> None:
        self.changes: list[EntryChange] = []
        self.table = ListTable("t", Screener(), self.changes.append)
        self.offset = 0
        self.entries: dict[str, bytes] = {}

    def take(self, key: str, value: bytes | None, timestamp: int = 5_000) -> Any:
        record: Any = Record(self.offset, key.encode(), value, timestamp)
        self.offset += 1
        return self.table.fold(record)

    def entry(self, uid: str, name: str, timestamp: int = 5_000) -> bytes:
        listed = designation(uid, name)
        self.entries[listed.id] = designation_to_json(listed)
        self.take(listed.id, self.entries[listed.id], timestamp)
        return self.entries[listed.id]

    def mark(self, kind: str, version: str = "v1") -> Any:
        digest = ListDigest()
        for key, value in self.entries.items():
            digest.add(key.encode(), value)
        told = {"marker": kind, "list": "ofac", "version": version, "run": "r", "published_at": AT}
        return self.take(
            f"ofac:@{kind}", orjson.dumps(told | {"count": digest.count, "sha256": digest.sha256})
        )

    def commit(self) -> list[Applied | None]:
        _, changes = self.mark("commit")
        applied = [self.table.change(key, value) for key, value in changes.items()]
        self.table.state(self.offset)
        return applied


@pytest.fixture
def reading() -> Reading:
    made = Reading()
    made.mark("begin")
    return made


def test_each_change_says_what_it_is_and_when_the_broker_took_it(reading: Reading) -> None:
    reading.entry("1", "VERSOR", timestamp=7_000)
    assert reading.commit() == [Applied("ofac:1", "added", 7_000)]

    reading.mark("begin")
    reading.entry("1", "VERSOR LLC", timestamp=8_000)
    assert reading.commit() == [Applied("ofac:1", "amended", 8_000)]

    reading.mark("begin")
    reading.take("ofac:1", None, 9_000)
    reading.entries.clear()
    assert reading.commit() == [Applied("ofac:1", "removed", 9_000)]
    assert reading.table.screener.get("ofac:1") is None
    assert reading.changes == [
        EntryChange("ofac:1", 1, 7_000, frozenset()),
        EntryChange("ofac:1", 4, 8_000, frozenset()),
        EntryChange("ofac:1", 7, 9_000, frozenset()),
    ]


def test_of_a_place_that_is_not_known_nothing_is_said() -> None:
    changes: list[EntryChange] = []
    table = ListTable("t", Screener(), changes.append)

    value = designation_to_json(designation("1", "VERSOR"))
    assert table.change("ofac:1", value) == Applied("ofac:1", "added", 0)
    assert table.change("ofac:1", None) == Applied("ofac:1", "removed", 0)
    assert [(change.key, change.offset, change.came_ms) for change in changes] == [("ofac:1", -1, 0)] * 2


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (b"{", "t@1 ofac:1: "),
        (
            designation_to_json(designation("2", "VERSOR")),
            "the entry says it is ofac:2; key and id must be equal",
        ),
    ],
)
def test_an_entry_that_cannot_be_read_is_named_until_a_later_one_can(
    reading: Reading, value: bytes, why: str
) -> None:
    reading.take("ofac:1", value)
    reading.entries["ofac:1"] = value
    assert reading.commit() == [None]
    (problem,) = reading.table.problems()
    assert why in problem

    reading.mark("begin")
    reading.entry("1", "VERSOR")
    reading.commit()
    assert reading.table.problems() == []


def test_a_delisting_takes_back_that_an_entry_could_not_be_read(reading: Reading) -> None:
    reading.take("ofac:1", b"{")
    reading.entries["ofac:1"] = b"{"
    reading.commit()
    reading.mark("begin")
    reading.take("ofac:1", None)
    reading.entries.clear()
    reading.commit()

    assert reading.table.problems() == []


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("ofac:@commit", "{", "list ofac has a marker that nobody can read: ofac:@commit: "),
        ("ofac:@begin", '{"marker": "begin"}', "no list marker"),
        ("ofac:@commit", MARKER % ("commit", "un", AT), "it says it is un:@commit"),
        ("ofac:@begin", MARKER % ("commit", "ofac", AT), "it says it is ofac:@commit"),
        ("ofac:@commit", MARKER % ("commit", "ofac", "9999-12-31T23:59:59-23:59"), "no list marker"),
        ("@lists", "[]", "@lists: no registry of lists"),
        ("@lists", '{"lists": "ofac"}', "no registry of lists"),
        ("@lists", '{"lists": [1]}', "publish any list again"),
    ],
)
def test_a_marker_that_cannot_be_read_holds_payments_back_until_it_is_written_again(
    reading: Reading, key: str, value: str, why: str
) -> None:
    reading.entry("1", "VERSOR")
    reading.commit()
    before = dict(reading.table.ledger.versions())

    reading.take(key, value.encode())

    (problem,) = reading.table.problems()
    assert why in problem
    assert reading.table.ledger.versions() == before
    reading.table.state(9)
    assert [*reading.table.status()] == ["ofac"]

    reading.mark("begin")
    reading.commit()
    reading.take("@lists", registry_to_json(["ofac"]))
    assert reading.table.problems() == []


@pytest.mark.parametrize("mended", [None, MARKER % ("withdrawal", "un", AT)])
def test_a_marker_of_no_list_is_in_the_way_until_it_is_deleted_or_withdrawn(
    reading: Reading, mended: str | None
) -> None:
    reading.take("un:@commit", b"{")
    (problem,) = reading.table.problems()
    assert "`interdict lists withdraw un --reason ...`" in problem

    reading.take("un:@withdrawal" if mended else "un:@commit", mended.encode() if mended else None)

    assert reading.table.problems() == []


def test_of_what_was_put_aside_the_last_record_counts(reading: Reading) -> None:
    table = reading.table
    first, last = (designation_to_json(designation("1", name)) for name in ("VERSOR", "VERSOR LLC"))
    table.put_aside({"ofac:1": first, "ofac:2": designation_to_json(designation("2", "OTHER"))})
    table.put_aside({"ofac:1": last, "ofac:2": None})
    table.put_aside({"ofac:3": None})

    assert list(table.index_all()) == ["ofac:1"]
    found = table.screener.get("ofac:1")
    assert isinstance(found, Designation) and found.name == "VERSOR LLC"
    assert table.screener.get("ofac:2") is None
    assert list(table.index_all()) == []


def test_the_status_of_a_list_is_that_of_its_commit_and_what_is_coming(reading: Reading) -> None:
    reading.entry("1", "VERSOR")
    reading.commit()
    (told,) = reading.table.status().values()
    marker, applied_at = reading.table.committed("ofac")

    assert told["version"] == "v1" and told["entries"] == 1 and told["sha256"] == marker.sha256
    assert told["published_at"] == "1970-01-01T00:00:05+00:00"
    assert str(told["applied_at"]).startswith("20") and applied_at > 0
    assert "coming" not in told
    assert reading.table.screener.lists.offsets == {0: 3}

    reading.mark("begin", "v2")
    reading.table.state(reading.offset)
    (told,) = reading.table.status().values()
    assert told["coming"]
