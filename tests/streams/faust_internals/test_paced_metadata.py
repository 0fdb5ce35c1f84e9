"""What cannot be found is asked for again after pauses, and everything else at once."""

import time
from typing import Any

import pytest
from aiokafka.client import AIOKafkaClient

from streams.faust_internals import paced_metadata
from streams.faust_internals.paced_metadata import LONGEST_SECONDS, SHORTEST_SECONDS, Pace, pace_metadata

GONE = frozenset(("gone",))
ROUND_TRIP = 0.001


def test_the_same_question_over_and_over_waits_twice_as_long_each_time_up_to_a_second() -> None:
    pace, now, waited = Pace(), 100.0, []
    for _ in range(9):
        waited.append(pace.seconds_before(GONE, now))
        now += waited[-1] + ROUND_TRIP
        pace.answered(now)

    assert waited == [0.0, *(min(SHORTEST_SECONDS * 2**doubled, LONGEST_SECONDS) for doubled in range(8))]
    assert pace.seconds_before(GONE, now + 0.4) == pytest.approx(0.6)
    assert pace.seconds_before(GONE, now + 2.0) == 0.0


def test_another_question_and_one_that_comes_later_do_not_wait() -> None:
    pace = Pace()
    pace.answered(1.0)
    assert pace.seconds_before(GONE, 1.0) == 0.0
    pace.answered(1.0)
    assert pace.seconds_before(GONE | {"payments"}, 1.0) == 0.0
    pace.answered(1.0)
    assert pace.seconds_before(GONE | {"payments"}, 1.0 + 2 * SHORTEST_SECONDS) == 0.0


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
    for _ in range(4):
        assert await client._metadata_update(client.cluster, {"gone"})

    assert at_once < SHORTEST_SECONDS * 7 <= time.monotonic() - began
    assert len(asked) == 104
