"""The in-process broker, seen by an independent client."""

import ctypes
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import confluent_kafka
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from confluent_kafka.admin import AdminClient

from streams.kafka import embedded
from streams.kafka.embedded import EmbeddedBroker, EmbeddedBrokerError
from streams.kafka.topics import Topics


def partitions(bootstrap: str) -> dict[str, int]:
    known = AdminClient({"bootstrap.servers": bootstrap}).list_topics(timeout=10).topics
    return {name: len(topic.partitions) for name, topic in known.items()}


def test_topics_have_the_partitions_that_were_asked_for() -> None:
    with EmbeddedBroker({"payments": 3, "designations": 1}) as broker:
        assert partitions(broker.bootstrap) == {"payments": 3, "designations": 1}
        asked = AdminClient({"bootstrap.servers": broker.bootstrap}).list_topics(timeout=10)
        assert len(asked.brokers) == 1


def test_the_library_is_told_what_is_a_pointer() -> None:
    """An address that counts as a number loses its upper half, on some machines and some days."""
    library, pointer = embedded._librdkafka(), ctypes.c_void_p
    for name in ("rd_kafka_conf_new", "rd_kafka_new", "rd_kafka_mock_cluster_new"):
        assert getattr(library, name).restype is pointer
    assert library.rd_kafka_mock_cluster_new.argtypes == [pointer, ctypes.c_int]
    assert library.rd_kafka_destroy.argtypes == [pointer]


async def test_what_is_produced_is_consumed_with_key_null_value_and_headers() -> None:
    with EmbeddedBroker({"payments": 1}) as broker:
        async with AIOKafkaProducer(bootstrap_servers=broker.bootstrap) as producer:
            await producer.send_and_wait("payments", b"value", b"P-1", headers=[("content-type", b"text")])
            await producer.send_and_wait("payments", None, b"P-2")
        async with AIOKafkaConsumer(bootstrap_servers=broker.bootstrap) as consumer:
            consumer.assign([TopicPartition("payments", 0)])
            await consumer.seek_to_beginning()
            first, second = await consumer.getone(), await consumer.getone()

            assert (first.key, first.value, first.headers) == (b"P-1", b"value", (("content-type", b"text"),))
            assert (second.key, second.value) == (b"P-2", None)


async def test_two_brokers_in_one_process_are_apart() -> None:
    with EmbeddedBroker({"payments": 1}) as one, EmbeddedBroker({"payments": 1}) as other:
        async with AIOKafkaProducer(bootstrap_servers=one.bootstrap) as producer:
            await producer.send_and_wait("payments", b"only here")
        async with AIOKafkaConsumer(bootstrap_servers=other.bootstrap) as consumer:
            partition = TopicPartition("payments", 0)

            assert await consumer.end_offsets([partition]) == {partition: 0}


def test_without_the_wheels_library_the_error_says_what_to_use_instead(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(confluent_kafka, "__file__", str(tmp_path / "confluent_kafka/__init__.py"))

    with pytest.raises(EmbeddedBrokerError, match="--broker host:port"):
        EmbeddedBroker({})


INTERDICT = str(Path(sys.executable).with_name("interdict"))


@pytest.fixture
def broker_process() -> Iterator[subprocess.Popen[str]]:
    command = [INTERDICT, "broker", "--partitions", "2", "--topic", "extra:3"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_broker_command_prints_its_address_and_ends_when_told(
    how: signal.Signals, broker_process: subprocess.Popen[str]
) -> None:
    assert broker_process.stdout is not None
    bootstrap = broker_process.stdout.readline().strip()
    assert partitions(bootstrap) == {**dict(Topics().partitions(2)), "extra": 3}
    broker_process.send_signal(how)
    assert broker_process.wait(10) == 0


def test_a_topic_without_partitions_is_a_usage_error() -> None:
    told = subprocess.run([INTERDICT, "broker", "--topic", "payments"], capture_output=True, text=True)

    assert told.returncode == 2
    assert "NAME:PARTITIONS" in told.stderr
