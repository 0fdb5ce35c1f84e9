"""What a short-lived writer leaves: every record sealed, and a checkpoint that names how far it came."""

import orjson

from streams.audit.chain import HEADER, Chain, heads_of, read_seal
from streams.audit.sealed import SealedWriter
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.topics import Topics
from tests.e2e.records import read_all


def test_a_checkpoint_names_the_last_record_of_each_partition_and_its_own_kind() -> None:
    topics = Topics()
    with EmbeddedBroker(dict(topics.partitions(2))) as broker:
        client = {"bootstrap.servers": broker.bootstrap}
        with SealedWriter(client, topics, Chain(b"k", "lookback", "s")) as writer:
            for number in range(6):
                writer.send(topics.alerts, b"P-%d" % number, b"{}")
            writer.delivered()
            writer.send(topics.alerts, b"P-0", b"{}")
            writer.delivered()
        alerts = list(read_all(broker.bootstrap, topics.alerts))
        audited = list(read_all(broker.bootstrap, topics.audit))

    last = {}
    for record in alerts:
        seal = read_seal(dict(record.headers)[HEADER])
        last[topics.alerts, record.partition] = (seal.number, seal.digest.hex())
    heads = heads_of(orjson.loads(audited[-1].value or b""))
    found = {(head.topic, head.partition): (head.number, head.digest) for head in heads}
    assert {place: head for place, head in found.items() if place[0] == topics.alerts} == last
    assert found[topics.audit, 0][0] == 0
    assert len(audited) == 2


def test_an_alert_that_its_topic_takes_is_written_however_long_it_is() -> None:
    """A worker's alert of more than a million bytes ended every lookback that had news of it."""
    topics, long = Topics(), b'{"notes": ["' + b" " * (9 << 20) + b'"]}'
    with EmbeddedBroker(dict(topics.partitions(1))) as broker:
        with SealedWriter({"bootstrap.servers": broker.bootstrap}, topics, Chain(b"k", "updates")) as writer:
            writer.send(topics.alerts, b"P-1", long)
            writer.delivered()
        (alert,) = read_all(broker.bootstrap, topics.alerts)

    assert alert.value == long
