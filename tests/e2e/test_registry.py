"""Avro and Protobuf payments on a real Kafka by a real registry: evolved, away, unknown; none is lost.

The registry is away until the worker says so; for longer with REGISTRY_AWAY_SECONDS=60 in the environment.
"""

import json
import os
import time
from collections.abc import Iterator
from uuid import UUID

import pytest
from confluent_kafka.schema_registry import SchemaRegistryClient

from screening import Designation, Name
from tests.e2e.pipeline import NewPipeline, Pipeline
from tests.e2e.records import producer, read_all
from tests.e2e.worker import wait_until
from tests.registry.server import SchemaRegistryServer
from tests.registry.written import AvroWriter, ProtobufWriter, evolved

pytestmark = pytest.mark.kafka

LISTED = "Ivan Zuvavov"
ROUND = 20
AWAY_SECONDS = float(os.environ.get("REGISTRY_AWAY_SECONDS", "0"))
UNKNOWN = b"\x00\x7f\xff\xff\xffXYZ"


@pytest.fixture
def pipeline(new_pipeline: NewPipeline, registry: SchemaRegistryServer) -> Pipeline:
    listed = [Designation("test:1", (Name(LISTED),))]
    settings = {"INTERDICT_SCHEMA_REGISTRY_URL": registry.url}
    return new_pipeline(listed, workers=1, partitions=1, settings=settings)


@pytest.fixture
def client(registry: SchemaRegistryServer) -> Iterator[SchemaRegistryClient]:
    with SchemaRegistryClient({"url": registry.url}) as it:
        yield it


class Payments:
    """Writes payments and remembers which must hit."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._writer = producer(pipeline.bootstrap)
        self.wanted: dict[str, str] = {}

    def send(self, number: int, value: bytes, *, listed: bool) -> None:
        payment_id = str(UUID(int=number))
        self.wanted[payment_id] = "hit" if listed else "clear"
        self.send_raw(payment_id, value)

    def send_raw(self, key: str, value: bytes) -> None:
        self._writer.produce(self._pipeline.topics.payments, value, key.encode())
        assert self._writer.flush(30) == 0

    def outcomes(self) -> dict[str, str]:
        records = read_all(self._pipeline.bootstrap, self._pipeline.topics.decisions)
        decisions = [json.loads(record.value or b"") for record in records]
        return {decision["payment_id"]: decision["outcome"] for decision in decisions}


def test_nothing_is_lost_and_nothing_is_cleared_unread(
    pipeline: Pipeline, registry: SchemaRegistryServer, client: SchemaRegistryClient, topic_prefix: str
) -> None:
    topic = pipeline.topics.payments
    avro, protobuf = AvroWriter(client, topic), ProtobufWriter(client, f"{topic_prefix}pb")
    payments = Payments(pipeline)
    for number in range(ROUND):
        listed = number % 5 == 0
        payments.send(number, avro(number, LISTED if listed else "Ann Green"), listed=listed)
        payments.send(
            ROUND + number, protobuf(ROUND + number, "Bob Brown", LISTED if listed else ""), listed=listed
        )
    pipeline.start()
    pipeline.settle()
    assert payments.outcomes() == payments.wanted

    # the schema gets a field while the worker runs; a name in it is found
    newer = AvroWriter(client, topic, evolved("memo"))
    for number in range(100, 100 + ROUND):
        listed = number % 2 == 0
        payments.send(
            number, newer(number, "Ann Green", memo=f"for {LISTED}" if listed else "rent"), listed=listed
        )
    pipeline.settle()
    assert payments.outcomes() == payments.wanted

    # the registry goes away before the worker has seen the newest schema
    newest = AvroWriter(client, topic, evolved("note"))
    values = {number: newest(number, LISTED, note="x") for number in range(200, 200 + ROUND)}
    before = dict(payments.wanted)
    registry.pause()
    try:
        for number, value in values.items():
            payments.send(number, value, listed=True)
        (worker,) = pipeline.workers
        wait_until(
            lambda: any("a payment waits for schema" in reason for reason in worker.reasons),
            "the worker says that it waits",
        )
        ends = time.monotonic() + AWAY_SECONDS
        while time.monotonic() < ends:
            assert not worker.ready
            time.sleep(1)
        assert not worker.ready
        assert payments.outcomes() == before
    finally:
        registry.resume()
    pipeline.settle()
    assert payments.outcomes() == payments.wanted
    worker.wait_until_ready()

    # a schema that nobody registered is a dead letter, and the next payment is screened
    payments.send_raw("unknown", UNKNOWN)
    payments.send(300, newest(300, LISTED, note="x"), listed=True)
    pipeline.settle()
    assert payments.outcomes() == payments.wanted | {"unknown": "error"}
    (letter,) = read_all(pipeline.bootstrap, pipeline.topics.dead_letters)
    assert letter.value == UNKNOWN
    said = dict(letter.headers)["interdict.error.message"].decode()
    assert "is not in the schema registry" in said
    assert "register it" in said
