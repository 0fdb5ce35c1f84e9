"""When a broker is asked again by the console's reader, and when its error is the answer."""

import asyncio
from contextlib import closing
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.errors import (
    KafkaError,
    LeaderNotAvailableError,
    NotLeaderForPartitionError,
    OffsetOutOfRangeError,
    UnknownTopicOrPartitionError,
)
from aiokafka.structs import TopicPartition

from streams.kafka.provisioning import BrokerError
from streams.kafka.raw import raw_log
from streams.kafka.raw.raw_log import NEWEST, RawLog

NONE, MOVED, GONE = 0, NotLeaderForPartitionError.errno, OffsetOutOfRangeError.errno


class Client:
    """Leaders and answers, one after the other."""

    def __init__(self, *answers: dict[int, tuple[int, int]], leaders: tuple[int | None, ...] = (1,)) -> None:
        self.answers, self.leaders, self.did = list(answers), list(leaders), list[Any]()
        self.cluster = self
        self.partitions: list[set[int] | None] = [{1, 0}]

    def leader_for_partition(self, at: TopicPartition) -> int | None:
        assert at.topic == "t"
        return self.leaders.pop(0) if len(self.leaders) > 1 else self.leaders[0]

    def partitions_for_topic(self, topic: str) -> set[int] | None:
        assert topic == "t"
        return self.partitions.pop(0) if len(self.partitions) > 1 else self.partitions[0]

    async def add_topic(self, topic: str) -> None:
        self.did.append(topic)

    async def force_metadata_update(self) -> None:
        self.did.append("looked anew")

    async def send(self, node: int, _: object) -> Any:
        answer = self.answers.pop(0)
        self.did.append((node, sorted(answer)))
        rows = [(partition, code, 0, offset) for partition, (code, offset) in answer.items()]
        return SimpleNamespace(topics=[("t", rows)])

    async def close(self) -> None:
        self.did.append("closed")


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    found = list[float]()

    async def sleep(seconds: float) -> None:
        found.append(seconds)

    monkeypatch.setattr(raw_log, "asyncio", SimpleNamespace(sleep=sleep, Lock=asyncio.Lock))
    return found


def log_of(client: Client) -> Any:
    log: Any = RawLog({})
    log._client = client
    return log


async def test_a_broker_that_stands_still_is_given_up_before_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_log, "ANSWER_SECONDS", 0.2)

    async def stands_still(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer):
            await reader.read()

    async with await asyncio.start_server(stands_still, "127.0.0.1", 0) as server:
        _, port = server.sockets[0].getsockname()
        log = RawLog({"bootstrap_servers": f"127.0.0.1:{port}"})
        async with asyncio.timeout(20):  # aiokafka's own wait is 40
            with pytest.raises(KafkaError):
                await log.reach("t")


async def test_offsets_are_asked_of_the_leaders_and_again_where_one_has_moved(slept: list[float]) -> None:
    client = Client({0: (NONE, 5), 1: (MOVED, -1)}, {1: (NONE, 7)})

    assert await log_of(client)._offsets("t", [0, 1], NEWEST) == {0: 5, 1: 7}
    assert client.did == [(1, [0, 1]), "looked anew", (1, [1])]
    assert slept == [0.2]


@pytest.mark.parametrize(
    ("error", "tries"),
    [
        (NotLeaderForPartitionError, 5),
        (LeaderNotAvailableError, 5),
        (OffsetOutOfRangeError, 1),
        (UnknownTopicOrPartitionError, 1),
    ],
)
async def test_an_error_that_no_new_leader_mends_is_raised_at_once_and_any_after_five(
    slept: list[float], error: type[KafkaError], tries: int
) -> None:
    client = Client(*[{0: (error.errno, -1)}] * 5)

    with pytest.raises(error):
        await log_of(client)._offsets("t", [0], NEWEST)
    assert len(client.answers) == 5 - tries
    assert len(slept) == tries - 1


async def test_a_leader_is_waited_for_and_then_given_up(slept: list[float]) -> None:
    client = Client(leaders=(None, -1, 0))
    assert await log_of(client).leader("t", 0) == 0
    assert (client.did, slept) == (["looked anew"] * 2, [0.2, 0.2])

    with pytest.raises(NotLeaderForPartitionError, match="t-3"):
        await log_of(Client(leaders=(None,))).leader("t", 3)
    assert len(slept) == 7


async def test_a_topic_that_is_new_to_the_reader_is_looked_for() -> None:
    client = Client()
    client.partitions = [None, set(), {1, 0}]
    assert await log_of(client)._partitions("t") == [0, 1]
    assert client.did == ["t", "looked anew"] * 2

    client.partitions = [None]
    with pytest.raises(BrokerError, match="there is no topic t, or this user may not read it"):
        await log_of(client)._partitions("t")


async def test_a_connection_is_let_go_of_once() -> None:
    client = Client()
    log = log_of(client)
    await log.stop()
    await log.stop()

    assert client.did == ["closed"]
