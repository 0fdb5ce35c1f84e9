"""The history of the lists on a real Kafka: every record once, in order, at its own offset."""

import pytest

from screening import Policy
from streams.audit.replay import PastList
from streams.lists.history import Historian, list_history, original
from tests.streams.past import PETROV, VERSOR, Past

pytestmark = pytest.mark.kafka


@pytest.fixture
def past(kafka: str, topic_prefix: str) -> Past:
    return Past(kafka, topic_prefix)


def copy_all(past: Past, times: int = 1) -> None:
    for _ in range(times):
        historian = Historian(past.client, past.topics)
        for record in past.records(past.topics.designations):
            historian.copy(record)
        historian.delivered()


def test_a_second_historian_copies_only_what_is_new(past: Past) -> None:
    past.publish(PETROV)
    copy_all(past, times=2)
    past.publish(PETROV, VERSOR)
    copy_all(past, times=2)

    assert len(list(past.records(past.topics.history))) == len(list(past.records(past.topics.designations)))


def test_what_is_not_copied_yet_is_read_from_the_topic_itself(past: Past) -> None:
    past.publish(PETROV)
    copy_all(past)
    past.publish(PETROV, VERSOR)

    told = [(record.offset, record.key, record.value) for record in list_history(past.client, past.topics)]

    assert told == [
        (record.offset, record.key, record.value) for record in past.records(past.topics.designations)
    ]


def test_the_list_is_rebuilt_as_of_any_offset_and_time(past: Past) -> None:
    past.publish(PETROV)
    past.publish(PETROV, VERSOR)
    past.publish(VERSOR)
    copy_all(past)
    records = list(past.records(past.topics.history))
    commits = [found for record in records if record.key == b"ofac:@commit" and (found := original(record))]

    held = []
    for commit in commits:
        screener = PastList(list_history(past.client, past.topics), Policy()).at(commit.offset + 1)
        held.append([screener.get(entry.id) is not None for entry in (PETROV, VERSOR)])
        assert screener.lists.versions["ofac"].entries == len(screener)

    assert held == [[True, False], [True, True], [False, True]]
    first = PastList(list_history(past.client, past.topics), Policy()).at_time(commits[0].time)
    assert first.get(VERSOR.id) is None
