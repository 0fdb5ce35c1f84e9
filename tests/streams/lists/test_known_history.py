"""All that is known of the designations topic, from topics in memory."""

import pytest

from streams.kafka.topics import Topics
from streams.lists.history import OFFSET, list_history, recreated_at
from tests.streams.topics_in_memory import TopicsInMemory

TOPICS = Topics()


@pytest.mark.parametrize(
    ("copied", "left", "known"),
    [((), (0, 1, 2), [0, 1, 2]), ((0, 1), (1, 2), [0, 1, 2]), ((0, 2), (), [0, 2])],
)
def test_what_was_copied_and_what_is_left_is_known_once_from_the_first_record(
    monkeypatch: pytest.MonkeyPatch, copied: tuple[int, ...], left: tuple[int, ...], known: list[int]
) -> None:
    world = TopicsInMemory()
    world.stand_in(monkeypatch)
    for offset in copied:
        world.put(TOPICS.history, "ofac:1", b"{}", headers=[(OFFSET, b"%d" % offset)])
    for offset in left:
        world.put(TOPICS.designations, "ofac:1", b"{}")
        held = world.records[TOPICS.designations]
        held[-1] = held[-1]._replace(offset=offset)

    records = list(list_history({"bootstrap.servers": "b:1"}, TOPICS))

    assert [record.offset for record in records] == known
    assert OFFSET not in {name for record in records for name in record.headers}


def test_a_topic_that_was_recreated_is_known_after_the_old_one_and_what_was_copied_twice_is_known_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the new topic held below the old one's end was passed over as copied."""
    world = TopicsInMemory()
    world.stand_in(monkeypatch)
    for offset, at in ((0, 1.0), (1, 2.0), (0, 1.0), (1, 2.0), (2, 3.0), (0, 8.0)):
        world.put(TOPICS.history, "ofac:1", b"{}", at, headers=[(OFFSET, b"%d" % offset)])
    for at in (8.0, 9.0):
        world.put(TOPICS.designations, "ofac:1", b"{}", at)

    records = list(list_history({"bootstrap.servers": "b:1"}, TOPICS))

    assert [(record.offset, record.time) for record in records] == [
        *((0, 1.0), (1, 2.0), (2, 3.0), (0, 8.0), (1, 9.0))
    ]
    assert recreated_at(records) == [8.0]
