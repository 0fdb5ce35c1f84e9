"""What cannot be found is asked for again after pauses, and everything else at once."""

import time
from typing import Any

import pytest
from aiokafka.client import AIOKafkaClient

from streams.faust_internals import paced_metadata
from streams.faust_internals.paced_metadata import (
    AT_ONCE,
    JUST_NOW_SECONDS,
    LONGEST_SECONDS,
    SHORTEST_SECONDS,
    Pace,
    pace_metadata,
)

GONE = frozenset(("gone",))
ROUND_TRIP = 0.001


def test_the_same_question_over_and_over_waits_twice_as_long_each_time_up_to_a_second() -> None:
    pace, now, waited = Pace(), 100.0, []
    for _ in range(1 + AT_ONCE + 8):
        waited.append(pace.seconds_before(GONE, now))
        now += waited[-1] + ROUND_TRIP
        pace.answered(now)

    doubled = [min(SHORTEST_SECONDS * 2**times, LONGEST_SECONDS) for times in range(8)]
    assert waited == [0.0] * (1 + AT_ONCE) + doubled
    assert pace.seconds_before(GONE, now + 0.4) == pytest.approx(0.6)
    assert pace.seconds_before(GONE, now + 2.0) == 0.0


def test_a_writer_that_asks_every_tenth_of_a_second_is_paced_too() -> None:
    """One whose topic was gone wrote ten lines a second to its log for as long as it was."""
    pace, now, asked = Pace(), 100.0, 0
    while now < 160.0:
        now += 0.1
        now += pace.seconds_before(GONE, now) + ROUND_TRIP
        pace.answered(now)
        asked += 1

    assert asked < 60 / LONGEST_SECONDS + 2 * AT_ONCE


def test_another_question_and_one_that_comes_later_begin_anew() -> None:
    both = GONE | {"payments"}
    for topics, later in ((both, 0.0), (GONE, 2 * JUST_NOW_SECONDS), (GONE, 0.0)):
        pace = Pace()
        for _ in range(1 + AT_ONCE):
            assert pace.seconds_before(GONE, 1.0) == 0.0
            pace.answered(1.0)
        waits = pace.seconds_before(topics, 1.0 + later)
        assert waits == (0.0 if topics is both or later else SHORTEST_SECONDS)


async def test_a_client_is_paced_and_what_an_application_asks_for_itself_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    async def ask(_client: object, cluster: object, _topics: object) -> bool:
        asked.append(cluster)
        return True

    monkeypatch.setattr(paced_metadata, "_ask", ask)
    monkeypatch.setattr(AIOKafkaClient, "_metadata_update", AIOKafkaClient._metadata_update)
    pace_metadata()
    client: Any = AIOKafkaClient()
    began = time.monotonic()
    for _ in range(100):
        assert await client._metadata_update(object(), [])
    at_once, began = time.monotonic() - began, time.monotonic()
    for _ in range(1 + AT_ONCE + 3):
        assert await client._metadata_update(client.cluster, {"gone"})

    assert at_once < SHORTEST_SECONDS * 7 <= time.monotonic() - began
    assert len(asked) == 100 + 1 + AT_ONCE + 3
