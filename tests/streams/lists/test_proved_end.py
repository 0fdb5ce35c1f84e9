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
        log: Any = object.__new__(ClaimedLog)
        log._topic, log._topic_end = "designations", self
        self.log = log

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


@pytest.mark.parametrize("fails", [False, True])
async def test_it_reads_on_where_it_was_from_another_broker_or_stays_with_the_one_it_has(fails: bool) -> None:
    did: list[object] = []

    class Reader:
        def __init__(self, name: str) -> None:
            self.name = name

        async def start(self) -> None:
            did.append((self.name, "starts"))
            if fails:
                raise KafkaConnectionError("gone")

        def assign(self, partitions: object) -> None:
            did.append((self.name, partitions))

        def seek(self, partition: object, position: int) -> None:
            did.append((self.name, partition, position))

        async def stop(self) -> None:
            did.append((self.name, "stops"))

    def reader(isolation: str) -> Reader:
        did.append(isolation)
        return Reader("fresh")

    log: Any = object.__new__(ClaimedLog)
    old = Reader("old")
    log._partition, log._consumer, log._reader = "p", old, reader
    if fails:
        with pytest.raises(KafkaConnectionError):
            await log._read_from_another_broker(7)
        assert log._consumer is old
        assert did == ["read_committed", ("fresh", "starts"), ("fresh", "stops")]
    else:
        await log._read_from_another_broker(7)
        assert log._consumer.name == "fresh"
        starts = ["read_committed", ("fresh", "starts"), ("fresh", ["p"]), ("fresh", "p", 7)]
        assert did == [*starts, ("old", "stops")]
