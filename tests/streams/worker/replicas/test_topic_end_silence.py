"""A topic whose end nobody tells any more: a quiet list and a dead connection look the same to a poll."""

import asyncio
from collections.abc import Iterator

import pytest
from aiokafka.errors import KafkaConnectionError

from screening import Screener
from streams.console.feed import Feed
from streams.kafka.embedded import EmbeddedBroker
from streams.worker.metrics import Metrics
from streams.worker.replicas.designations import Replica
from tests.streams.list_topic import ListTopic
from tests.streams.worker.replicas.test_designations import PATIENCE_SECONDS, running, until


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker({"designations": 1}) as embedded:
        yield embedded


class Teller:
    """Tells where the topic ends, as the barrier does for a worker, until it is silenced."""

    def __init__(self) -> None:
        self.silenced = asyncio.Event()
        self.hangs = False
        self.end = 0

    async def __call__(self) -> int:
        if self.silenced.is_set():
            if self.hangs:
                await asyncio.Event().wait()
            raise KafkaConnectionError
        return self.end


@pytest.mark.parametrize("hangs", [False, True])
async def test_payments_are_held_when_nobody_tells_the_end_and_go_on_when_it_is_told_again(
    broker: EmbeddedBroker, hangs: bool
) -> None:
    teller = Teller()
    replica = Replica(
        "designations",
        client={"bootstrap_servers": broker.bootstrap},
        new_screener=Screener,
        metrics=Metrics(process=False),
        feed=Feed(),
        silence_seconds=0.5,
        list_end=teller,
    )
    async with ListTopic(broker.bootstrap) as topic, running(replica):
        await topic.entry("1", "Somebody")
        teller.end = 1 + await topic.commit()
        await asyncio.wait_for(replica.complete.wait(), PATIENCE_SECONDS)
        teller.hangs = hangs
        teller.silenced.set()
        await until(lambda: "out of reach for" in " ".join(replica.reasons))
        assert not replica.complete.is_set()

        teller.silenced.clear()
        await asyncio.wait_for(replica.complete.wait(), PATIENCE_SECONDS)
        assert replica.reasons == ()
