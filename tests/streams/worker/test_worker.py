"""A whole worker on the embedded broker: what it acknowledges when, and what we read inside Faust."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress

import orjson
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from config.settings import load_settings
from screening import Policy
from streams.faust_internals.engine import assigned, consumer_lag, coordination_problem, kafka_consumer
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.topics import Topics
from streams.worker.app import Worker
from tests.streams.list_topic import ListTopic

PATIENCE_SECONDS = 30.0


@pytest.fixture
def broker() -> Iterator[str]:
    with EmbeddedBroker(dict(Topics().partitions(2))) as embedded:
        yield embedded.bootstrap


@asynccontextmanager
async def worker(bootstrap: str, *, commit_seconds: float = 0.2) -> AsyncIterator[Worker]:
    settings = load_settings(broker=bootstrap, web_port=0, commit_interval_seconds=commit_seconds)
    app = Worker(settings, Policy())
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await app.start()
        await until(lambda: app.ready)
        yield app
    finally:
        await app.stop()


async def until(condition: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  what is waited for has no event of its own
            await asyncio.sleep(0.05)


async def publish_versor(bootstrap: str) -> None:
    async with ListTopic(bootstrap) as topic:
        await topic.entry("44521", "VERSOR S.R.O.")
        await topic.commit()


async def pay(bootstrap: str, count: int) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all")
    await producer.start()
    for number in range(count):
        event = {"id": f"P-{number}", "parties": [{"name": "Versor" if number % 10 == 0 else "Acme"}]}
        await producer.send("payments", orjson.dumps(event), key=str(number).encode())
    await producer.stop()


async def read_all(bootstrap: str, topic: str) -> list[dict[str, object]]:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest", group_id=None)
    await consumer.start()
    partitions = [TopicPartition(topic, 0), TopicPartition(topic, 1)]
    consumer.assign(partitions)
    await consumer.seek_to_beginning(*partitions)
    ends = await consumer.end_offsets(partitions)
    records: list[dict[str, object]] = []
    while any([await consumer.position(tp) < end for tp, end in ends.items()]):
        for batch in (await consumer.getmany(timeout_ms=100)).values():
            records += [orjson.loads(record.value) for record in batch]
    await consumer.stop()
    return records


async def test_going_back_before_the_first_commit_goes_back_to_the_beginning(broker: str) -> None:
    """What Faust does in each rebalance; a partition without a commit must not keep its place."""
    await publish_versor(broker)
    await pay(broker, 50)
    async with worker(broker, commit_seconds=3600) as app:
        await until(lambda: app.desk.decided == 50)
        app.flow_control.suspend()
        app.consumer.stop_flow()
        await app.consumer.perform_seek()
        app.flow_control.resume()
        app.consumer.resume_flow()
        await until(lambda: app.desk.decided == 100)


async def test_every_payment_is_decided_once_and_committed(broker: str) -> None:
    await publish_versor(broker)
    await pay(broker, 50)
    async with worker(broker) as app:
        await until(lambda: app.desk.decided == 50)
        await until(lambda: not any(consumer_lag(app).values()))

        assert assigned(app) == {0, 1}
        assert coordination_problem(app) == ""
        assert kafka_consumer(app)._coordinator._pending_exception is None

    decisions = await read_all(broker, "screening.decisions")
    assert sorted(str(decision["payment_id"]) for decision in decisions) == sorted(
        f"P-{n}" for n in range(50)
    )
    assert sum(decision["outcome"] == "hit" for decision in decisions) == 5
    assert len(await read_all(broker, "screening.alerts")) == 5


async def test_an_agent_that_raises_ends_the_worker_and_its_payments_come_again(
    broker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish_versor(broker)
    await pay(broker, 20)

    async def refused() -> None:
        raise RuntimeError("the broker refused a record")

    async def dispatched(*_: object) -> Awaitable[None]:
        return refused()

    with monkeypatch.context() as broken, suppress(RuntimeError):
        broken.setattr("streams.worker.delivery.Outbox.dispatched", dispatched)
        async with worker(broker) as app:
            await until(lambda: app.crashed)
            assert app.desk.decided == 0

    async with worker(broker) as app:
        await until(lambda: app.desk.decided == 20)


async def test_a_worker_told_to_stop_ends_although_no_broker_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C after the broker is gone: what is not acknowledged is decided again, and not waited for."""
    for module in ("app", "position", "transport"):
        monkeypatch.setattr(f"streams.faust_internals.{module}.STOP_SECONDS", 0.2)
    monkeypatch.setattr("streams.worker.app.LAST_CHECKPOINT_SECONDS", 0.2)
    with EmbeddedBroker(dict(Topics().partitions(2))) as embedded:
        await publish_versor(embedded.bootstrap)
        app = Worker(load_settings(broker=embedded.bootstrap, web_port=0), Policy())
        await app.start()
        await until(lambda: app.ready)
        await pay(embedded.bootstrap, 20)
        await until(lambda: app.desk.decided)

    async with asyncio.timeout(PATIENCE_SECONDS):
        await app.stop()
