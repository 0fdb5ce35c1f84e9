"""A small batch that would fill the memory costs no reader more than its limits, whatever packs it."""

import subprocess
import sys

import pytest
from confluent_kafka import Producer

from tests.kafka.topics import alter, create

pytestmark = pytest.mark.kafka

UNPACKED = {"gzip": 300 << 20, "snappy": 90 << 20, "lz4": 300 << 20, "zstd": 300 << 20}
"""Bytes; a broker, which looks into a batch, must itself have room for one of snappy."""
MOST_MIB = 160
"""What one batch of 64 MiB may take, twice, and what was sent; it was twice as much as the batch became."""

READ = """
import resource, sys
from streams.answers.inputs import Inputs
from streams.kafka.log import READ_ON_KIB, TopicLog

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

client, topic, way = {"bootstrap.servers": sys.argv[1]}, sys.argv[2], sys.argv[3]
before, read = peak(), []
if way == "gate":
    with Inputs(client, "g", topic, oldest=True) as inputs:
        while inputs.positions[topic][0] < 2:
            inputs.poll(1.0, lambda _, place, record: read.append((place.offset, record.value)))
else:
    with TopicLog(client, topic, read_ahead_kib=READ_ON_KIB) as log:
        if way == "forwards":
            read = [(record.offset, record.value) for record in log.read_all(log.spans())]
        else:
            chunks = log.newest_first(log.spans())
            read = [(record.offset, record.value) for chunk in chunks for record in chunk.records]
print(peak() - before, read)
"""


@pytest.mark.parametrize("codec", UNPACKED)
def test_a_batch_that_becomes_far_more_than_was_sent_is_not_unpacked(
    kafka: str, topic_prefix: str, codec: str
) -> None:
    """One of 300 MB took 650 MB of a gate, a lookback and a replay, and many of them come in one fetch."""
    topic = f"{topic_prefix}payments"
    create(kafka, [topic], 1)
    alter(kafka, topic, {"max.message.bytes": str(64 << 20)})
    options = {"message.max.bytes": UNPACKED[codec] + 1_000_000, "compression.type": codec, "linger.ms": 0}
    once = {"enable.idempotence": True}  # a busy broker answers late, and the first would be there twice
    writer = Producer({"bootstrap.servers": kafka, **options, **once})
    for value in (bytes(UNPACKED[codec]), b"{}"):
        writer.produce(topic, value, b"k")
        assert writer.flush(60) == 0

    for way, found in (
        ("forwards", [(1, b"{}")]),
        ("backwards", [(1, b"{}")]),
        ("gate", [(0, None), (1, b"{}")]),
    ):
        run = subprocess.run(
            [sys.executable, "-c", READ, kafka, topic, way], capture_output=True, text=True, timeout=120
        )
        assert run.returncode == 0, run.stderr
        grown, read = run.stdout.split(maxsplit=1)
        assert read.strip() == str(found), way
        assert int(grown) < MOST_MIB, way
