"""The list as it stood at an offset or a time, and the decisions that are looked for; topics in memory."""

from typing import Any

import orjson
import pytest

from screening import Designation, Name, Policy, Screener
from streams.audit.replay import PastList, find_decisions
from streams.kafka.log import Record
from streams.kafka.topics import Topics
from streams.lists.history import recreated_at
from streams.lists.log import IncompleteListError, read_list
from tests.streams.lists.written import written
from tests.streams.topics_in_memory import TopicsInMemory

CLIENT = {"bootstrap.servers": "b:1"}
TOPICS = Topics("t-")
FIRST, SECOND = (
    Designation(f"acme:{number}", (Name(name),)) for number, name in enumerate(("Versor", "Petrov"))
)


def history() -> list[Record]:
    """Offsets 0 to 2, at 0 to 2 s, list the first; 3 to 5, at 13 to 15 s, the second too."""
    later = [
        record._replace(offset=record.offset + 3, time=13.0 + record.offset)
        for record in written([FIRST], [FIRST, SECOND])
    ]
    return [*written([], [FIRST]), *later]


def listed(screener: Screener) -> tuple[int, int]:
    """How many entries, and the offset that names them."""
    known = [entry for entry in (FIRST, SECOND) if screener.get(entry.id)]
    return len(known), screener.lists.offsets[0]


def test_a_list_is_rebuilt_as_of_offsets_going_forward() -> None:
    past = PastList(history(), Policy())

    assert [listed(past.at(offset)) for offset in (0, 2, 3, 5, 6, 9)] == [
        *((0, 0), (0, 2), (1, 3), (1, 5), (2, 6), (2, 9))
    ]
    assert listed(PastList([], Policy()).at(0)) == (0, 0)


@pytest.mark.parametrize(
    ("moment", "found"), [(1.9, (0, 2)), (2.0, (1, 3)), (14.9, (1, 5)), (15.0, (2, 6)), (99.0, (2, 6))]
)
def test_a_list_is_rebuilt_as_of_a_time(moment: float, found: tuple[int, int]) -> None:
    assert listed(PastList(history(), Policy()).at_time(moment)) == found


def test_an_offset_is_one_of_the_topic_of_its_time() -> None:
    """The new topic's offsets are below the old one's: none of its lists could be rebuilt."""
    anew = [record._replace(time=100.0 + record.offset) for record in written([], [SECOND])]
    assert recreated_at([*history(), *anew, *anew]) == [100.0, 100.0]
    past = PastList([*history(), *anew], Policy(), recreated=recreated_at([*history(), *anew]))

    def found(offset: int, moment: float) -> list[bool]:
        screener = past.at(offset, moment)
        return [screener.get(entry.id) is not None for entry in (FIRST, SECOND)]

    assert [found(*at) for at in ((3, 2.5), (6, 99.9), (2, 102.0), (3, 103.0))] == [
        *([True, False], [True, True], [False, False], [False, True])
    ]
    assert listed(PastList([*history(), *anew], Policy(), recreated=[100.0]).at(3)) == (1, 3)


@pytest.fixture
def topics(monkeypatch: pytest.MonkeyPatch) -> TopicsInMemory:
    made = TopicsInMemory()
    made.stand_in(monkeypatch)
    return made


def test_the_list_is_what_its_topic_holds_and_proves(topics: TopicsInMemory) -> None:
    for record in history():
        topics.put(
            "t-designations", record.key.decode(), record.value, record.time, [*record.headers.items()]
        )
    found = read_list(CLIENT, "t-designations", Policy())

    assert listed(found.screener) == (2, 6)
    assert found.written.keys() == {FIRST.id, SECOND.id}
    topics.records["t-designations"].pop(1)
    with pytest.raises(IncompleteListError, match="list acme"):
        read_list(CLIENT, "t-designations", Policy())


def decision(payment_id: str, **more: Any) -> bytes:
    event = {"topic": "payments", "partition": 0, "offset": 7, "timestamp_ms": 1}
    lists = {"offsets": {"0": 7}}
    made = {"payment_id": payment_id, "outcome": "clear", "trigger": "payment", "list": lists, "hits": []}
    return orjson.dumps(made | {"event": event, "screened_at": "2026-08-17T09:30:00+00:00"} | more)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["P-1", "P-2", "P-1"]),
        ({"payment_ids": ["P-1"]}, ["P-1", "P-1"]),
        ({"payment_ids": ["P-9"]}, []),
        ({"since": 20.0}, ["P-2", "P-1"]),
        ({"payment_ids": ["P-1"], "since": 20.0}, ["P-1"]),
    ],
)
def test_live_decisions_are_found_by_payment_and_time(
    topics: TopicsInMemory, asked: dict[str, Any], found: list[str]
) -> None:
    values = [decision("P-1"), None, decision("P-2"), decision("P-1", trigger="lookback"), decision("P-1")]
    without = decision("P-1").replace(b'"event"', b'"place"')
    for number, value in enumerate([*values, without], 1):
        key = orjson.loads(value)["payment_id"] if value else "P-1"
        topics.put(TOPICS.decisions, key, value, 10.0 * number)
    decisions = [*find_decisions(CLIENT, TOPICS, **asked)]

    assert [each.body["payment_id"] for each in decisions] == found
    assert all(each.list_offset == 7 for each in decisions)


@pytest.mark.parametrize(
    "key", ["payment_id", "outcome", "list", "event", "hits", "suppressed", "screened_at"]
)
@pytest.mark.parametrize("said", [1, None, "x", [1], [{}], {"offsets": 1}, {"offsets": {"0": "1"}}])
def test_what_is_no_decision_is_passed_over(topics: TopicsInMemory, key: str, said: Any) -> None:
    if said == "x" and key in {"payment_id", "outcome"}:
        said = 2.5
    odd = orjson.dumps(orjson.loads(decision("P-1")) | {key: said})
    for value in (odd, b"[]", b"1", b"no json", b"", decision("P-2")):
        topics.put(TOPICS.decisions, "P-1", value, 1.0)

    assert [each.body["payment_id"] for each in find_decisions(CLIENT, TOPICS)] == ["P-2"]
