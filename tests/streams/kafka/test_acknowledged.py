"""What is acknowledged is on the broker; what the broker refuses is reported."""

from typing import Any

import pytest

from streams.kafka.acknowledged import Acknowledged
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.log import TopicLog
from streams.kafka.provisioning import BrokerError


def test_delivered_records_are_on_the_topic_in_order_with_their_times() -> None:
    with EmbeddedBroker({"t": 1}) as broker:
        client = {"bootstrap.servers": broker.bootstrap}
        with Acknowledged(client) as sent:
            for number in range(3):
                sent.send("t", b"k", b"%d" % number, [("n", b"1")], at_ms=1_000_000 + 1000 * number)
            sent.delivered()
        with TopicLog(client, "t") as log:
            records = list(log.read_all(log.spans()))

    told = [(record.value, record.time) for record in records]
    assert told == [(b"0", 1000.0), (b"1", 1001.0), (b"2", 1002.0)]
    assert records[0].headers == {"n": b"1"}


def test_what_no_broker_took_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.kafka.acknowledged.DELIVERY_SECONDS", 0.2)
    with (
        Acknowledged({"bootstrap.servers": "127.0.0.1:1"}) as sent,
        pytest.raises(BrokerError, match="1 records were not acknowledged; is the broker up"),
    ):
        sent.send("t", None, b"x", [])
        sent.delivered()


def test_what_the_broker_refuses_is_reported_with_its_topic() -> None:
    with EmbeddedBroker({"t": 1}) as broker:
        client = {"bootstrap.servers": broker.bootstrap}
        with Acknowledged(client) as sent, pytest.raises(BrokerError, match=r"^t: .*partition"):
            sent.send("t", None, b"x", [], partition=7)
            sent.delivered()


def test_a_queue_that_is_full_is_waited_for_a_tenth_of_a_second_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    did: list[Any] = []

    class Full:
        def produce(self, *record: Any, **more: Any) -> None:
            more.pop("on_delivery")
            did.append((record, more))
            if len(did) < 5:
                raise BufferError

        def poll(self, seconds: float) -> None:
            did.append(seconds)

        def flush(self, seconds: float) -> int:
            did.append(f"flushed {seconds}")
            return 0

    monkeypatch.setattr("streams.kafka.acknowledged.ordered_producer", lambda _: Full())
    with Acknowledged({}) as sent:
        sent.send("t", b"k", b"v", iter([("a", b"1")]))
        sent.send("t", None, None, [], at_ms=0, partition=0)
        sent.delivered()

    first = (("t", b"v", b"k"), {"headers": [("a", b"1")]})
    second = (("t", None, None), {"headers": [], "timestamp": 0, "partition": 0})
    assert did == [first, 0.1, first, 0.1, first, second, "flushed 60.0", "flushed 60.0"]
