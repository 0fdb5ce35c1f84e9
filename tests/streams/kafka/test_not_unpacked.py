"""A batch of payments that holds more than librdkafka unpacks: who reads it goes on behind it."""

from collections.abc import Iterator

import pytest
from confluent_kafka import Producer

from streams.answers.inputs import Inputs
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.log import Place, Record, Span, TopicLog
from streams.kafka.provisioning import BrokerError
from streams.kafka.raw import reader

UNPACKED = 70 << 20
"""Bytes; 64 MiB are unpacked at the most. Packed by zstd they are 3 KB."""


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker({"payments": 1, "designations": 1}) as embedded:
        yield embedded


def write(broker: EmbeddedBroker, topic: str, records: int) -> None:
    """One before, a batch of so many, two behind, and such a batch of one, and one more."""
    size = {"batch.size": UNPACKED * 2, "message.max.bytes": UNPACKED * 2, "linger.ms": 500}
    whole = Producer({"bootstrap.servers": broker.bootstrap, "compression.type": "zstd", **size})
    for number, many in ((1, False), (records, True), (2, False), (1, True), (1, False)):
        for _ in range(number):
            whole.produce(topic, b" " * (UNPACKED // number) if many else b"{}", b"k")
        assert whole.flush(30) == 0


@pytest.mark.parametrize("records", [1, 37])
def test_a_log_of_payments_is_read_on_behind_it(broker: EmbeddedBroker, records: int) -> None:
    """Every lookback, replay and backtest ended there, at each start."""
    write(broker, "payments", records)
    with TopicLog({"bootstrap.servers": broker.bootstrap}, "payments") as log:
        (span,) = log.spans()
        read = [record.offset for record in log.read(span)]
        inside = [record.offset for record in log.read(Span(0, records, records + 2))]

    assert read == [0, records + 1, records + 2, records + 4]
    assert inside == [records + 1]


def test_of_a_list_nothing_is_passed_over(broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MOST_OF_OURS", UNPACKED - 1)
    write(broker, "designations", 1)
    with TopicLog({"bootstrap.servers": broker.bootstrap}, "designations") as log:
        (span,) = log.spans()
        with pytest.raises(BrokerError, match="offset 1: a batch of more than"):
            [*log.read(span)]


@pytest.mark.parametrize("records", [1, 37])
def test_a_gate_takes_its_records_without_their_bytes_and_goes_on(
    broker: EmbeddedBroker, records: int
) -> None:
    """One message of 5 KB kept it from every payment behind it, in all partitions, for ever."""
    write(broker, "payments", records)
    client, taken = {"bootstrap.servers": broker.bootstrap}, list[tuple[int, bytes | None]]()

    def take(topic: str, place: Place, record: Record) -> None:
        assert (topic, place) == ("payments", Place(0, record.offset))
        taken.append((record.offset, record.value))

    with Inputs(client, "g", "payments", oldest=True) as found:
        while found.positions["payments"][0] < records + 5:
            found.poll(1.0, take)

    left_out = {*range(1, records + 1), records + 3}
    assert taken == [(at, None if at in left_out else b"{}") for at in range(records + 5)]
