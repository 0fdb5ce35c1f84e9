"""Whether a topic is still the one that a consumer began with; its broker is asked now and then."""

from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError

from streams.faust_internals import identity as module
from streams.faust_internals.identity import TopicIdentity
from streams.kafka.requests import NO_ID

ONE, TWO = b"1" * 16, b"2" * 16


class Consumer:
    _client = "its own"


async def changes(monkeypatch: pytest.MonkeyPatch, *answers: bytes | Exception) -> list[bool]:
    """What is said after each answer but the first."""
    coming = list(answers)

    async def topic_id(client: Any, topic: str) -> bytes:
        assert (client, topic) == ("its own", "t")
        answer = coming.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(module, "topic_id", topic_id)
    consumer: Any = Consumer()
    found = await TopicIdentity(consumer, "t").known()
    said = []
    for _ in answers[1:]:
        found._asked_at = float("-inf")
        assert not found.has_changed()  # it asks, and waits for no answer
        assert found._asking
        await found._asking
        said.append(found.has_changed())
    return said


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ((ONE, ONE, TWO, TWO, ONE), [False, True, False, True]),
        ((NO_ID, ONE, NO_ID, TWO), [False, False, True]),
        ((ONE, KafkaConnectionError(), OSError(), TWO), [False, False, True]),
        ((KafkaConnectionError(), ONE, TWO), [False, True]),
    ],
)
async def test_another_id_is_told_once_and_no_answer_says_nothing(
    answers: tuple[bytes | Exception, ...], said: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await changes(monkeypatch, *answers) == said
