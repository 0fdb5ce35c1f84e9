"""The brokers that the other tests stand on."""

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from tests.kafka.broker import KafkaCluster

pytestmark = pytest.mark.kafka


@pytest.mark.usefixtures("kafka_here")
def test_data_and_ports_outlive_a_broker_that_is_killed() -> None:
    with KafkaCluster() as cluster:
        bootstrap = cluster.bootstrap
        admin = AdminClient({"bootstrap.servers": bootstrap})
        admin.create_topics([NewTopic("kept", num_partitions=1)])["kept"].result()
        producer = Producer({"bootstrap.servers": bootstrap})
        producer.produce("kept", b"still here")
        assert producer.flush(10) == 0

        (broker,) = cluster.brokers
        broker.kill()
        assert not broker.running
        broker.start()
        cluster.wait()

        assert cluster.bootstrap == bootstrap
        consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "reader"})
        consumer.assign([TopicPartition("kept", 0, 0)])
        message = consumer.poll(10)
        consumer.close()
        assert message is not None
        assert message.value() == b"still here"
