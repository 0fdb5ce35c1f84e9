"""Records go where Kafka's own clients put them."""

import random

from aiokafka.partitioner import DefaultPartitioner, murmur2

from streams.kafka import topics
from streams.kafka.topics import partition_of


def test_a_key_of_any_length_has_the_hash_of_kafkas_clients() -> None:
    dice = random.Random(1)
    for length in range(70):
        for _ in range(20):
            key = dice.randbytes(length)
            assert topics.murmur2(key) == murmur2(key)


def test_a_key_goes_to_the_partition_of_kafkas_clients_and_none_to_any() -> None:
    held = [0, 1, 3, 7]
    kafkas = DefaultPartitioner()
    for number in range(200):
        key = f"P-{number}".encode()
        assert partition_of(key, held) == kafkas(key, held, held)
    assert {partition_of(None, held) for _ in range(200)} == set(held)
