"""Where a publisher believes that the topic ends: asked again while it cannot be proved, then given up."""

from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError, KafkaError

from streams.kafka.leadership import NotProvedError
from streams.lists import claimed_log
from streams.lists.claimed_log import ClaimedLog


class Asked:
    """A log of which only the end is asked; `answers` come one by one, a tenth of a second apart."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: int | Exception) -> None:
        self.now, self.answers = 0.0, list(answers)
        clock = SimpleNamespace(monotonic=lambda: self.now)
        monkeypatch.setattr(claimed_log, "time", clock)
        monkeypatch.setattr(claimed_log, "asyncio", SimpleNamespace(sleep=self._sleep))
        self.log: Any = object.__new__(ClaimedLog)
        self.log._topic, self.log._topic_end = "designations", self

    async def _sleep(self, seconds: float) -> None:
        assert seconds == claimed_log.LOOK_SECONDS
        self.now += 0.1

    async def end(self) -> int:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.mark.parametrize("error", [KafkaConnectionError("x"), NotProvedError("x"), OSError("x")])
async def test_an_end_that_cannot_be_proved_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    asked = Asked(monkeypatch, error, error, 7, 8)

    assert await asked.log._end(give_up_at=5.0) == 7
    assert asked.now == pytest.approx(0.2)


async def test_it_is_given_up_after_its_time_and_the_topic_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(monkeypatch, *[NotProvedError("nobody leads")] * 50)

    with pytest.raises(KafkaError, match=r"where designations ends cannot be proved: .*nobody leads"):
        await asked.log._end(give_up_at=0.25)
    assert len(asked.answers) == 50 - 4


async def test_one_that_is_not_opened_is_a_mistake_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(monkeypatch)
    asked.log._topic_end = None

    with pytest.raises(RuntimeError, match="not opened"):
        await asked.log._end(1.0)
