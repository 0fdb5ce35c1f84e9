"""The real outbox on a broker that refuses: what is not on its topic is an error of `delivered`."""

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import (
    InvalidTopicError,
    KafkaError,
    KafkaTimeoutError,
    NotEnoughReplicasError,
    UnknownTopicOrPartitionError,
)

from streams.audit.chain import HEADER, Chain, read_seal
from streams.kafka.embedded import EmbeddedBroker
from streams.records.reduced import REDUCED
from streams.worker.delivery import Outbox, turns
from streams.worker.refusals import InOneLine, NotDeliveredError, refusals_of
from tests.kafka.refusing import MESSAGE_TOO_LARGE, TOPIC_AUTHORIZATION_FAILED, refuse

PARTITIONS = 2
KEYS = (b"P-0", b"P-1", b"P-2", b"P-3")
"""Of both partitions."""


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker({"decisions": PARTITIONS, "alerts": 1, "dead": 1, "audit": 1}) as embedded:
        yield embedded


@asynccontextmanager
async def outbox_on(broker: EmbeddedBroker) -> AsyncIterator[Outbox]:
    async with AIOKafkaProducer(bootstrap_servers=broker.bootstrap, acks="all") as producer:
        yield Outbox(lambda: producer, Chain(b"k", session="s"), "audit")


async def records(broker: EmbeddedBroker, topic: str, partitions: int = 1) -> list[tuple[bytes, Any]]:
    """Every record of a topic as (key, value), a value of bytes or none, a partition after the other."""
    found = []
    async with AIOKafkaConsumer(bootstrap_servers=broker.bootstrap) as consumer:
        for place in (TopicPartition(topic, number) for number in range(partitions)):
            consumer.assign([place])
            await consumer.seek_to_beginning(place)
            end = (await consumer.end_offsets([place]))[place]
            while await consumer.position(place) < end:
                record = await consumer.getone()
                found.append((record.key, record.value))
    return found


@pytest.mark.parametrize("passed_before", range(2))
async def test_a_refused_batch_is_an_error_whichever_of_them_it_is(
    broker: EmbeddedBroker, passed_before: int
) -> None:
    """The alerts go first, then the decisions of both partitions in one request."""
    async with outbox_on(broker) as outbox:
        alert = outbox.send("alerts", b"P-0", b"{}", [])
        for key in KEYS:
            outbox.send("decisions", key, b"{}", [], alert)
        refuse(broker, *[0] * passed_before, TOPIC_AUTHORIZATION_FAILED)

        with pytest.raises(NotDeliveredError, match="may not write to it"):
            await outbox.delivered()


async def test_decisions_are_not_sent_where_their_alert_is_refused(broker: EmbeddedBroker) -> None:
    async with outbox_on(broker) as outbox:
        alert = outbox.send("alerts", b"P-1", b"{}", [])
        outbox.send("decisions", b"P-1", b"{}", [], alert)
        refuse(broker, TOPIC_AUTHORIZATION_FAILED)

        with pytest.raises(NotDeliveredError, match=r"^alerts: we may not write to it"):
            await outbox.delivered()
    assert await records(broker, "decisions", PARTITIONS) == []


async def test_a_dead_letter_that_is_refused_is_an_error(broker: EmbeddedBroker) -> None:
    async with outbox_on(broker) as outbox:
        refuse(broker, TOPIC_AUTHORIZATION_FAILED)
        outbox.keep("dead", b"P-1", b"no payment", [])

        with pytest.raises(NotDeliveredError, match=r"^dead: we may not write to it"):
            await outbox.delivered()


async def test_a_dead_letter_that_is_too_large_is_kept_as_a_pointer(broker: EmbeddedBroker) -> None:
    async with outbox_on(broker) as outbox:
        refuse(broker, MESSAGE_TOO_LARGE)
        outbox.keep("dead", b"P-1", b"no payment", [])
        await outbox.delivered()

    assert await records(broker, "dead") == [(b"P-1", None)]


async def test_a_batch_that_is_too_large_goes_record_by_record_and_none_is_lost(
    broker: EmbeddedBroker,
) -> None:
    async with outbox_on(broker) as outbox:
        for number in range(5):
            outbox.send("alerts", b"P-%d" % number, b"{}", [])
        refuse(broker, MESSAGE_TOO_LARGE)
        await outbox.delivered()

    assert await records(broker, "alerts") == [(b"P-%d" % number, b"{}") for number in range(5)]


async def test_records_that_overflow_a_batch_are_sent_in_the_next_and_none_is_lost(
    broker: EmbeddedBroker,
) -> None:
    large = orjson.dumps({"error": "x" * 9_000})
    async with outbox_on(broker) as outbox:  # a batch of the producer takes 16 KiB
        for number in range(7):
            outbox.send("alerts", b"P-%d" % number, large, [])
        await outbox.delivered()

    assert await records(broker, "alerts") == [(b"P-%d" % number, large) for number in range(7)]


async def test_what_was_refused_leaves_no_link_in_the_chain(broker: EmbeddedBroker) -> None:
    told = {"payment_id": "P-1", "hits": [], "error": "long"}
    async with outbox_on(broker) as outbox:
        outbox.send("alerts", b"P-1", orjson.dumps(told), [])
        refuse(broker, MESSAGE_TOO_LARGE)
        await outbox.delivered()
        outbox.send("alerts", b"P-2", orjson.dumps(told), [])
        await outbox.delivered()

    async with AIOKafkaConsumer(bootstrap_servers=broker.bootstrap) as consumer:
        consumer.assign([TopicPartition("alerts", 0)])
        await consumer.seek_to_beginning()
        headers = [dict((await consumer.getone()).headers) for _ in range(2)]
    assert [read_seal(each[HEADER]).number for each in headers] == [0, 1]
    assert [REDUCED in each for each in headers] == [True, False]


async def test_a_checkpoint_names_no_record_that_the_broker_does_not_have(broker: EmbeddedBroker) -> None:
    """Otherwise it would be missed for ever, and an audit would take it for deleted."""
    async with outbox_on(broker) as outbox:
        outbox.send("alerts", b"P-1", b"{}", [])
        await outbox.delivered()
        outbox.send("alerts", b"P-2", b"{}", [])
        refuse(broker, TOPIC_AUTHORIZATION_FAILED)
        with pytest.raises(NotDeliveredError, match="may not write to it"):
            await outbox.delivered()
        await outbox.last_checkpoint()

    *_, (_, last) = await records(broker, "audit")
    heads = orjson.loads(last)["heads"]
    assert len(await records(broker, "alerts")) == 1
    assert {place: head.partition("/")[0] for place, head in heads.items()} == {
        "alerts-0": "0",
        "audit-0": "0",
    }


async def test_the_smallest_record_that_is_too_large_says_what_to_raise(broker: EmbeddedBroker) -> None:
    async with outbox_on(broker) as outbox:
        outbox.send("alerts", b"P-1", orjson.dumps({"payment_id": "P-1", "hits": [], "error": "long"}), [])
        refuse(broker, *[MESSAGE_TOO_LARGE] * 3)

        with pytest.raises(NotDeliveredError, match=r"^alerts: it does not take .* max\.message\.bytes$"):
            await outbox.delivered()


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (UnknownTopicOrPartitionError(), "create it: interdict topics create"),
        (NotEnoughReplicasError(), "bring back the brokers that are away"),
        (KafkaTimeoutError(), "is its leader up?"),
        (InvalidTopicError("x"), "InvalidTopicError: x; `interdict doctor` finds what is wrong"),
    ],
)
def test_each_refusal_says_what_to_do(error: KafkaError, remedy: str) -> None:
    with pytest.raises(NotDeliveredError, match=r"^alerts: ") as refused, refusals_of("alerts"):
        raise error

    assert str(refused.value).endswith(remedy)


def test_the_end_of_who_cannot_deliver_is_one_line_and_any_other_keeps_its_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    log = logging.getLogger("test_refusals")
    log.addFilter(InOneLine())
    for error in (ExceptionGroup("g", [ExceptionGroup("g", [NotDeliveredError("alerts: why")])]), KeyError()):
        try:
            raise error
        except Exception as raised:
            log.exception("Crashed reason=%r", raised)

    one, other = caplog.records
    assert (one.getMessage(), one.exc_info) == ("this worker ends itself: alerts: why", None)
    assert (other.getMessage(), bool(other.exc_info)) == ("Crashed reason=KeyError()", True)


async def test_what_the_broker_has_still_to_acknowledge_is_named_by_its_topic(broker: EmbeddedBroker) -> None:
    """A worker that waits for it ends after a minute, and its operator is to know what it waited for."""
    async with outbox_on(broker) as outbox:
        alert = outbox.send("alerts", b"P-0", b"{}", [])
        outbox.send("decisions", b"P-0", b"{}", [], alert)
        assert outbox.under_way == []
        outbox.keep("dead", b"P-1", b"no payment", [])
        await turns(1)
        assert outbox.under_way == ["dead"]
        sending = await outbox.dispatched()
        assert "decisions" in outbox.under_way
        await sending
        assert outbox.under_way == []

        refuse(broker, TOPIC_AUTHORIZATION_FAILED)
        outbox.send("alerts", b"P-0", b"{}", [])
        with pytest.raises(NotDeliveredError):
            await outbox.delivered()
        assert outbox.under_way == []
