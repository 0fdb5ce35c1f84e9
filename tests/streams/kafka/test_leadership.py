"""How many replicas must agree, and what they are asked on the embedded broker."""

from itertools import combinations

import pytest

from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.leadership import PartitionEnd, needed
from tests.streams.list_topic import ListTopic


@pytest.mark.parametrize("replicas", range(1, 7))
def test_those_who_agree_and_those_who_can_acknowledge_always_share_a_replica(replicas: int) -> None:
    everybody = range(replicas)
    for in_sync in range(1, replicas + 1):
        for agreeing in combinations(everybody, needed(replicas, in_sync)):
            for acknowledging in combinations(everybody, in_sync):
                assert set(agreeing) & set(acknowledging)


async def test_the_end_is_where_the_last_record_ends() -> None:
    with EmbeddedBroker({"designations": 1}) as embedded:
        partition = PartitionEnd("designations", {"bootstrap_servers": embedded.bootstrap}, in_sync=1)
        async with ListTopic(embedded.bootstrap) as listed:
            assert await partition.end() == 0
            last = await listed.entry("1", "Somebody")
            assert await partition.end() == last + 1
        await partition.close()
