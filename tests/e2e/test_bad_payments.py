"""Whatever stands on the payments topic: decided, the original kept, and the stream goes on."""

import asyncio
import json
import random

import pytest

from screening.payments.model import HEADERS_LEFT_OUT
from streams.kafka.log import TopicLog
from streams.kafka.raw.compression import MOST_UNCOMPRESSED
from tests.e2e.pipeline import NewPipeline, Pipeline
from tests.e2e.records import producer, read_all
from tests.e2e.source import generated_list, payment
from tests.kafka import header_names
from tests.kafka.topics import alter

pytestmark = pytest.mark.kafka

LISTED = generated_list(20)
PARTY = {"role": "creditor", "name": "Somebody"}
MANY = 7 << 20

BAD: dict[str, bytes | None] = {
    "no value": None,
    "no bytes": b"",
    "not JSON": b"PAY 100 EUR TO SOMEBODY",
    "truncated": json.dumps({"id": "P", "parties": [PARTY]}).encode()[:-10],
    "not UTF-8": b'{"id": "P", "parties": [{"role": "creditor", "name": "M\xfcller"}]}',
    "no object": b"[1, 2, 3]",
    "missing id": json.dumps({"parties": [PARTY]}).encode(),
    "id of the wrong type": json.dumps({"id": 7, "parties": [PARTY]}).encode(),
    "no parties": json.dumps({"id": "P"}).encode(),
    "parties of the wrong type": json.dumps({"id": "P", "parties": "Somebody"}).encode(),
    "a party of the wrong type": json.dumps({"id": "P", "parties": ["Somebody"]}).encode(),
    "amount is NaN": b'{"id": "P", "amount": NaN, "parties": [{"role": "creditor", "name": "Somebody"}]}',
    "amount is NaN in quotes": json.dumps({"id": "P", "amount": "NaN", "parties": [PARTY]}).encode(),
    "deeply nested JSON": b'{"id": "P", "parties": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deeply nested names": json.dumps(
        {"id": "P", "parties": [{"name": json.loads("[" * 500 + "]" * 500)}]}
    ).encode(),
    "deeply nested XML": b"<Document>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</Document>",
    "truncated XML": b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"><FIToFICstmrCdtTrf>',
    "truncated MT": b"{1:F01BANKBEBBAXXX0000000000}{2:I103BANKDEFFXXXXN}{4:\r\n:20:P\r\n",
    "5 MB": json.dumps({"id": "P", "parties": [{**PARTY, "note": "x" * (5 << 20)}]}).encode(),
    "7 MB in a small compressed batch": b'{"id": "P", "note": "' + b"x" * MANY + b'"}',
}


@pytest.fixture
def pipeline(new_pipeline: NewPipeline) -> Pipeline:
    return new_pipeline(LISTED, workers=1, partitions=1)


def test_every_bad_payment_is_kept_and_decided_as_error_and_the_next_one_is_screened(
    pipeline: Pipeline,
) -> None:
    rng = random.Random(1)
    writer = producer(
        pipeline.bootstrap, **{"compression.type": "gzip", "message.max.bytes": MANY + (1 << 20)}
    )
    for number, (name, value) in enumerate(BAD.items()):
        writer.produce(pipeline.topics.payments, value, name.encode())
        good = payment(f"good-{number}", LISTED[0], rng)
        writer.produce(pipeline.topics.payments, good.value, good.id.encode())
    writer.produce(pipeline.topics.payments, b"no key, no JSON")
    writer.produce(pipeline.topics.payments)
    assert writer.flush(60) == 0
    name = "a header whose name is no UTF-8"
    value = json.dumps({"id": "P", "parties": [PARTY]}).encode()
    asyncio.run(header_names.send(pipeline.bootstrap, pipeline.topics.payments, name.encode(), value))
    bad = {**BAD, name: value}
    pipeline.start()
    pipeline.settle()
    pipeline.stop()

    decided = [
        json.loads(record.value or b"") for record in read_all(pipeline.bootstrap, pipeline.topics.decisions)
    ]
    outcomes = {decision["payment_id"]: decision["outcome"] for decision in decided}
    good_ids = [f"good-{number}" for number in range(len(BAD))]
    assert {id: outcomes.get(id) for id in good_ids} == dict.fromkeys(good_ids, "hit")
    kept = {record.key: record for record in read_all(pipeline.bootstrap, pipeline.topics.dead_letters)}
    assert set(kept) == {name.encode() for name in bad} | {None, b""}
    assert {name for name, value in bad.items() if kept[name.encode()].value != value} == set()
    codes = {name: kept[name.encode()].headers["interdict.error.code"].decode() for name in bad}
    assert "internal" not in codes.values(), codes
    with TopicLog({"bootstrap.servers": pipeline.bootstrap}, pipeline.topics.payments) as log:
        (read,) = (each for each in log.read_all(log.spans()) if each.key == name.encode())
    assert read.pairs == ((HEADERS_LEFT_OUT, b""),)
    errors = [decision for decision in decided if decision["outcome"] == "error"]
    assert len(errors) == len(bad) + 2
    assert all(decision["error"] for decision in errors)
    assert pipeline.workers[0].exit_code == 0


def test_a_dead_letter_that_the_topic_does_not_take_is_kept_as_a_pointer_to_the_payment(
    pipeline: Pipeline,
) -> None:
    alter(pipeline.bootstrap, pipeline.topics.dead_letters, {"max.message.bytes": "100000"})
    value = random.Random(1).randbytes(200_000)  # does not compress
    writer = producer(pipeline.bootstrap)
    writer.produce(pipeline.topics.payments, value, b"P-1")
    assert writer.flush(60) == 0
    pipeline.start()
    pipeline.settle()

    (kept,) = read_all(pipeline.bootstrap, pipeline.topics.dead_letters)
    assert (kept.key, kept.value) == (b"P-1", None)
    assert kept.headers["interdict.error.value_left_out"] == b"200000"
    assert kept.headers["interdict.error.offset"] == b"0"


def test_what_a_payment_brings_along_never_makes_a_record_too_large_to_be_written(
    pipeline: Pipeline,
) -> None:
    writer = producer(pipeline.bootstrap, **{"message.max.bytes": 7 << 20})
    topic = pipeline.topics.payments
    hit = payment("P-1", LISTED[0], random.Random(1)).value
    noise = random.Random(2)
    large = noise.randbytes(3 << 20).hex().encode()  # compresses to half of its 6 MB
    writer.produce(topic, hit, b"P-1", headers=[("traceparent", large)])
    writer.produce(topic, b"no JSON", b"P-2", headers=[("traceparent", large), ("other", b"x")])
    writer.produce(topic, b"no JSON", large)
    long_id = json.dumps({"id": large[: 900 << 10].decode(), "parties": [PARTY]}).encode()
    writer.produce(topic, long_id, b"P-4")
    assert writer.flush(60) == 0
    pipeline.start()
    pipeline.settle()
    pipeline.stop()

    outcomes = [
        json.loads(record.value or b"")["outcome"]
        for record in read_all(pipeline.bootstrap, pipeline.topics.decisions)
    ]
    assert sorted(outcomes) == ["error", "error", "error", "hit"]
    assert len(list(read_all(pipeline.bootstrap, pipeline.topics.dead_letters))) == 3
    assert pipeline.workers[0].exit_code == 0


def test_an_alert_that_the_topic_does_not_take_is_written_without_its_explanations(
    pipeline: Pipeline,
) -> None:
    for name in (pipeline.topics.alerts, pipeline.topics.decisions):
        alter(pipeline.bootstrap, name, {"max.message.bytes": "3000"})
    parties = [{"role": "creditor", "name": each.name} for each in LISTED]
    writer = producer(pipeline.bootstrap)
    writer.produce(pipeline.topics.payments, json.dumps({"id": "P-1", "parties": parties}).encode(), b"P-1")
    writer.produce(pipeline.topics.payments, payment("P-2", None, random.Random(1)).value, b"P-2")
    assert writer.flush(60) == 0
    pipeline.start()
    pipeline.settle()
    pipeline.stop()

    (alert,) = read_all(pipeline.bootstrap, pipeline.topics.alerts)
    told = json.loads(alert.value or b"")
    assert len(told["hits"]) == 10
    assert told["hits_left_out"] >= 10
    assert told["left_out_bytes"] > len(alert.value or b"")
    assert "interdict.reduced_from" in alert.headers
    decided = {
        decision["payment_id"]: decision["outcome"]
        for record in read_all(pipeline.bootstrap, pipeline.topics.decisions)
        if (decision := json.loads(record.value or b""))
    }
    assert decided == {"P-1": "hit", "P-2": "clear"}


@pytest.mark.parametrize("codec", ["zstd", "gzip", "lz4"])
def test_a_small_batch_that_would_fill_the_memory_is_an_error_and_the_next_payment_is_decided(
    pipeline: Pipeline, codec: str
) -> None:
    writer = producer(
        pipeline.bootstrap, **{"compression.type": codec, "message.max.bytes": MOST_UNCOMPRESSED + (2 << 20)}
    )
    topic = pipeline.topics.payments
    writer.produce(topic, payment("P-1", LISTED[0], random.Random(1)).value, b"P-1")
    assert writer.flush(60) == 0
    writer.produce(topic, b" " * (MOST_UNCOMPRESSED + 1), b"P-2")
    assert writer.flush(60) == 0
    writer.produce(topic, payment("P-3", None, random.Random(1)).value, b"P-3")
    assert writer.flush(60) == 0
    pipeline.start()
    pipeline.settle()
    pipeline.stop()

    decided = {
        decision["payment_id"]: (decision["outcome"], decision.get("error", ""))
        for record in read_all(pipeline.bootstrap, pipeline.topics.decisions)
        if (decision := json.loads(record.value or b""))
    }
    assert [decided.pop(name)[0] for name in ("P-1", "P-3")] == ["hit", "clear"]
    ((place, (outcome, error)),) = decided.items()
    assert (place, outcome) == (f"{topic}-0-1", "error")
    assert error.startswith("too_large: its batch holds more than")
    (kept,) = read_all(pipeline.bootstrap, pipeline.topics.dead_letters)
    assert (kept.value, kept.headers["interdict.error.offset"]) == (None, b"1")
