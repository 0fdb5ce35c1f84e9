"""Whose answer counts: how many replicas must agree, and what becomes of one that knows of a newer leader."""

import asyncio
from dataclasses import replace
from itertools import combinations

import pytest
from aiokafka.errors import KafkaConnectionError, NotLeaderForPartitionError

from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.leadership import NotProvedError, PartitionEnd, View, needed
from streams.kafka.requests import NO_ID
from tests.streams.list_topic import ListTopic

HOSTS = {node: (f"broker-{node}", 9092) for node in (1, 2, 3)}
OLD, NEW = View(1, 5, (1, 2, 3), HOSTS), View(2, 6, (1, 2, 3), HOSTS)


class Brokers(PartitionEnd):
    """Three replicas that answer as a test says: a view, or what keeps them from answering."""

    def __init__(self, views: dict[int, View | Exception], ends: dict[int, int | Exception]) -> None:
        super().__init__("designations", {"bootstrap_servers": "broker-1:9092"}, in_sync=2)
        self.views, self.ends = views, ends
        self.asked: list[int] = []

    async def _view_of(self, host: str, port: int) -> View:
        del port
        await asyncio.sleep(0)
        node = int(host.removeprefix("broker-"))
        self.asked.append(node)
        answer = self.views[node]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def _end_at(self, view: View) -> int:
        await asyncio.sleep(0)
        answer = self.ends[view.leader]
        if isinstance(answer, Exception):
            raise answer
        return answer


AWAY = KafkaConnectionError("away")


@pytest.mark.parametrize("replicas", range(1, 7))
def test_those_who_agree_and_those_who_can_acknowledge_always_share_a_replica(replicas: int) -> None:
    everybody = range(replicas)
    for in_sync in range(1, replicas + 1):
        for agreeing in combinations(everybody, needed(replicas, in_sync)):
            for acknowledging in combinations(everybody, in_sync):
                assert set(agreeing) & set(acknowledging)


@pytest.mark.parametrize(
    ("replicas", "in_sync", "agree"),
    [(1, 1, 1), (3, 2, 2), (3, 1, 3), (3, 3, 1), (5, 2, 4), (5, 3, 3), (2, 3, 1)],
)
def test_no_more_need_agree_than_that(replicas: int, in_sync: int, agree: int) -> None:
    assert needed(replicas, in_sync) == agree


async def test_the_leader_and_one_more_are_enough_of_three_and_no_more_are_asked() -> None:
    brokers = Brokers({1: OLD, 2: OLD, 3: OLD}, {1: 10})

    assert await brokers.end() == 10
    assert brokers.asked == [1, 2]  # the first to learn who leads, the second to agree


async def test_one_broker_may_be_away() -> None:
    assert await Brokers({1: OLD, 2: AWAY, 3: OLD}, {1: 10}).end() == 10


async def test_a_leader_that_nobody_else_answers_for_is_not_believed() -> None:
    with pytest.raises(NotProvedError, match="no answer from broker 2, 3"):
        await Brokers({1: OLD, 2: AWAY, 3: AWAY}, {1: 10}).end()


async def test_brokers_that_come_back_after_the_leader_are_asked_as_soon_as_it_knows_them() -> None:
    """After an outage of all, the first may be back for a while before it has heard of the others."""
    alone = replace(OLD, hosts={1: HOSTS[1]})
    brokers = Brokers({1: alone, 2: OLD, 3: OLD}, {1: 10})
    with pytest.raises(NotProvedError, match="no answer from broker 2, 3"):
        await brokers.end()

    brokers.views[1] = OLD
    assert await brokers.end() == 10


async def test_a_leader_that_was_cut_off_is_not_believed_and_the_new_one_is_asked() -> None:
    assert await Brokers({1: OLD, 2: NEW, 3: NEW}, {1: 10, 2: 12}).end() == 12


async def test_a_new_leader_that_only_one_replica_knows_of_is_enough_not_to_believe_the_old_one() -> None:
    assert await Brokers({1: OLD, 2: NEW, 3: OLD}, {1: 10, 2: 12}).end() == 12


async def test_a_leader_that_does_not_answer_proves_nothing_though_the_others_agree() -> None:
    refused = NotLeaderForPartitionError()

    with pytest.raises(NotLeaderForPartitionError):
        await Brokers({1: OLD, 2: OLD, 3: OLD}, {1: refused}).end()


async def test_many_questions_at_once_are_each_answered() -> None:
    brokers = Brokers({1: OLD, 2: OLD, 3: OLD}, {1: 10})

    assert await asyncio.gather(*(brokers.end() for _ in range(20))) == [10] * 20


async def test_the_end_is_where_the_last_record_ends() -> None:
    with EmbeddedBroker({"designations": 1}) as embedded:
        partition = PartitionEnd("designations", {"bootstrap_servers": embedded.bootstrap}, in_sync=1)
        async with ListTopic(embedded.bootstrap) as listed:
            assert await partition.end() == 0
            last = await listed.entry("1", "Somebody")
            assert await partition.end() == last + 1
        await partition.close()


async def test_questions_that_hang_hold_up_no_end_and_connections_are_let_go_of() -> None:
    class Connection:
        closed = False

        def close(self) -> None:
            self.closed = True

    class Hangs(Brokers):
        async def _end_at(self, view: View) -> int:
            await asyncio.Event().wait()
            raise AssertionError(view)

    brokers, connection = Hangs({1: OLD, 2: AWAY, 3: OLD}, {}), Connection()
    brokers._connections["broker-1", 9092] = connection
    asking = asyncio.create_task(brokers.end())
    for _ in range(10):
        await asyncio.sleep(0)
    asking.cancel()
    await asyncio.wait([asking])
    await asyncio.wait_for(brokers.close(), 5)

    assert connection.closed
    assert brokers._connections == {} and brokers._tasks == set()


async def test_a_topic_of_another_id_ends_at_its_beginning_once_and_one_without_an_id_is_not_told_apart() -> (
    None
):
    brokers = Brokers({1: OLD, 2: OLD, 3: OLD}, {1: 10})
    ends = []
    for named in (NO_ID, b"a" * 16, b"a" * 16, b"b" * 16, b"b" * 16):
        brokers._newest_id = named
        ends.append(await brokers.end())

    assert ends == [10, 10, 10, 0, 10]
