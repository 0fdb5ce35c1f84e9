"""Every problem of the desk is a sentence with the status that fits it, and a limit is a whole number."""

from collections.abc import Awaitable
from typing import Any

import orjson
import pytest
from aiokafka.errors import KafkaConnectionError, TopicAuthorizationFailedError

from streams.console.case_desk import BusyError
from streams.console.reading.words import SearchError
from streams.console.routes import _limit, _offsets, answered
from streams.console.server import json_answer
from streams.kafka.provisioning import BrokerError


def problem(error: Exception | None) -> Awaitable[Any]:
    async def handler(_: Any) -> Any:
        if error:
            raise error
        return json_answer({"fine": True})

    request: Any = None
    return answered(handler)(request)


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (BusyError("16 wait"), 503, "16 wait"),
        (SearchError("q: too long"), 400, "q: too long"),
        (TopicAuthorizationFailedError(), 502, "interdict topics rights"),
        (BrokerError("down"), 502, "down"),
        (KafkaConnectionError("gone"), 502, "the broker does not answer: KafkaConnectionError: gone"),
        (OSError(), 502, "the broker does not answer: OSError"),
    ],
)
async def test_a_problem_is_a_sentence_with_its_status(error: Exception, status: int, told: str) -> None:
    answer = await problem(error)

    assert answer.status == status
    assert told in orjson.loads(answer.body)["error"]


async def test_what_is_no_problem_is_the_answer() -> None:
    answer = await problem(None)

    assert (answer.status, orjson.loads(answer.body)) == (200, {"fine": True})


@pytest.mark.parametrize("text", ["0", "201", "00201", "1.5", "-1", "²", "", "x"])
def test_a_limit_beyond_its_bounds_is_refused(text: str) -> None:
    with pytest.raises(SearchError, match="limit: a whole number from 1 to 200"):
        _limit(text)


def test_a_limit_within_its_bounds_is_taken_and_none_is_fifty() -> None:
    assert [_limit(text) for text in (None, "1", "200", "0200")] == [50, 1, 200, 200]
    assert _offsets({"until": "0:7"}, "until") == {0: 7}
    assert _offsets({"until": ""}, "until") is None is _offsets({}, "until")
