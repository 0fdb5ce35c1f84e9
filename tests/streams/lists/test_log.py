"""What is read without asking for its changes comes to the same list as what is applied step by step."""

import random

import orjson
import pytest

from screening import Designation, Name, Policy
from screening.ledger import ListDigest, MarkerType
from streams.kafka.log import Record
from streams.lists.log import IncompleteListError, ListLog
from streams.records.designations import PUBLICATION, marker_key
from streams.records.json import designation_to_json

NAMES = ("Versor s.r.o.", "Ashot Mkrtychev", "Marina Gold Trading", "Petrov Ivan", "Qorban Zahed")


def topic(versions: int, chance: random.Random) -> list[Record]:
    """Publications of a list in which entries come, change and go."""
    records: list[Record] = []
    listed: dict[str, bytes] = {}

    def put(key: str, value: bytes | None, run: bytes) -> None:
        records.append(Record(len(records), float(len(records)), key.encode(), value, {PUBLICATION: run}))

    def mark(kind: MarkerType, run: str) -> None:
        digest = ListDigest()
        for key, value in listed.items():
            digest.add(key.encode(), value)
        marker = {"marker": kind, "list": "acme", "version": run, "count": digest.count, "run": run}
        more = {"sha256": digest.sha256, "published_at": "2023-08-16T12:00:00+00:00"}
        put(marker_key("acme", kind), orjson.dumps(marker | more), run.encode())

    for version in range(versions):
        run = f"r{version}"
        mark(MarkerType.BEGIN, run)
        for number in chance.sample(range(8), 4):
            entry = Designation(f"acme:{number}", (Name(f"{chance.choice(NAMES)} {number}"),))
            if entry.id in listed and chance.random() < 0.4:
                del listed[entry.id]
                put(entry.id, None, run.encode())
            else:
                listed[entry.id] = designation_to_json(entry)
                put(entry.id, listed[entry.id], run.encode())
        mark(MarkerType.COMMIT, run)
    return records


@pytest.mark.parametrize("seed", range(5))
def test_a_list_that_was_read_is_the_list_that_was_applied(seed: int) -> None:
    records = topic(6, random.Random(seed))
    applied, read = ListLog(Policy()), ListLog(Policy())

    for record in records:
        applied.apply(record)
        read.read(record)
        if record.offset % 7 == 0:
            read.state()

    assert read.state() == applied.state()
    assert read.written == applied.written
    assert [read.screener.get(f"acme:{number}") for number in range(8)] == [
        applied.screener.get(f"acme:{number}") for number in range(8)
    ]


def test_what_a_record_changes_is_told_although_those_before_were_only_read() -> None:
    records = topic(2, random.Random(1))
    applied, read = ListLog(Policy()), ListLog(Policy())
    for record in records[:-1]:
        applied.apply(record)
        read.read(record)

    assert read.apply(records[-1]) == applied.apply(records[-1])


def test_an_entry_that_cannot_be_read_is_named_with_its_place() -> None:
    records = topic(1, random.Random(1))
    listed = ListLog(Policy())
    for record in records:
        listed.read(record._replace(value=b"{}") if record.offset == 1 else record)

    with pytest.raises(IncompleteListError, match=r"offset 5, acme:\d: no designation"):
        listed.state()


def told(records: list[Record]) -> str:
    """Why the list of these records cannot be relied on; "" where it can."""
    listed = ListLog(Policy())
    for record in records:
        listed.read(record)
    try:
        listed.check()
    except IncompleteListError as error:
        return str(error)
    return ""


def test_a_list_is_relied_on_when_it_was_committed_and_every_list_that_ever_was_is_there() -> None:
    whole = topic(1, random.Random(1))
    ever = Record(9, 9.0, b"@lists", b'{"lists": ["acme", "un"]}', {})

    assert told([]) == "no list was committed; publish one with `interdict lists publish`"
    assert told(whole) == ""
    assert "list un" in told([*whole, ever]) and "no list was committed" not in told([*whole, ever])
    assert "no list was committed" not in told(whole[:-1])
    cut = told([*whole[:1], *whole[2:]])
    assert "acme" in cut


def test_where_each_entry_was_last_written_is_the_commit_that_brought_it_into_force() -> None:
    records = topic(1, random.Random(1))
    listed = ListLog(Policy())
    for record in records:
        listed.read(record)

    assert listed.state().offsets == {0: len(records)}
    assert {(each.offset, each.time) for each in listed.written.values()} == {
        (len(records) - 1, float(len(records) - 1))
    }
    assert len(listed.written) == 4


def test_an_entry_under_another_key_is_named_with_its_place() -> None:
    begin, entry, *rest = topic(1, random.Random(1))
    other = entry._replace(value=designation_to_json(Designation("acme:other", (Name("Somebody"),))))
    listed = ListLog(Policy())
    with pytest.raises(
        IncompleteListError, match=rf"^offset \d+, {entry.key.decode()}: the entry says it is"
    ):
        for record in (begin, other, *rest):
            listed.apply(record)
