"""The customer book on a real Kafka: alerts for what changes, nothing lost over a kill, the whole proved."""

import json
import os
import subprocess
from collections.abc import Mapping
from typing import Any

import pytest

from screening import Designation, Name, NameType
from streams.customers.status import read_status
from tests.e2e.pipeline import NewPipeline, Pipeline
from tests.e2e.records import producer, read_all
from tests.e2e.worker import INTERDICT, wait_until

pytestmark = pytest.mark.kafka

PETROV = Designation("ofac:1", (Name("Igor Petrov", NameType.PRIMARY),))
VERSOR = Designation("ofac:44521", (Name("VERSOR S.R.O.", NameType.PRIMARY),))
BOOK: Mapping[str, dict[str, Any] | None] = {
    "C-1": {"name": "Versor s.r.o.", "kind": "organization", "country": "SK"},
    "C-2": {"name": "Igor Petrov", "kind": "person"},
    "C-3": {"name": "Northern Bicycle Works", "kind": "organization"},
    "C-4": {
        "name": "Granite Bearings",
        "kind": "organization",
        "owners": [{"name": "Versor s.r.o.", "kind": "organization", "percent": 60}],
    },
}
PATIENCE_SECONDS = 240


@pytest.fixture
def pipeline(new_pipeline: NewPipeline) -> Pipeline:
    return new_pipeline([PETROV], workers=1, partitions=2, command=(INTERDICT, "customers", "run"))


def write(pipeline: Pipeline, book: Mapping[str, dict[str, Any] | None]) -> None:
    writer = producer(pipeline.bootstrap)
    for key, customer in book.items():
        writer.produce(pipeline.topics.customers, json.dumps(customer) if customer else None, key)
    writer.flush()


def standing(pipeline: Pipeline) -> dict[str, dict[str, Any]]:
    """The last record of every customer."""
    return {
        (record.key or b"").decode(): json.loads(record.value or b"{}")
        for record in read_all(pipeline.bootstrap, pipeline.topics.customer_alerts)
    }


def hits(pipeline: Pipeline) -> dict[str, set[tuple[str, str]]]:
    """Reason and designation of every hit that stands, by customer."""
    return {
        key: {(hit["reason"], hit["designation"]["id"]) for hit in record["hits"]}
        for key, record in standing(pipeline).items()
        if record["hits"]
    }


def status(pipeline: Pipeline) -> tuple[int, dict[str, Any]]:
    """Exit code and answer of the command."""
    prefix = pipeline.topics.customers.removesuffix("customers")
    command = [INTERDICT, "customers", "status", "--json", "--broker", pipeline.bootstrap, "--prefix", prefix]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        env={key: value for key, value in os.environ.items() if not key.startswith("INTERDICT_")},
    )
    assert done.returncode in (0, 1), done.stderr
    return done.returncode, json.loads(done.stdout)


def audited(pipeline: Pipeline) -> str:
    """What `audit verify --customers` says; it must find nothing."""
    prefix = pipeline.topics.customers.removesuffix("customers")
    where = ["--broker", pipeline.bootstrap, "--prefix", prefix]
    done = subprocess.run(
        [INTERDICT, "audit", "verify", "--customers", *where],
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def is_proved(pipeline: Pipeline) -> bool:
    return read_status({"bootstrap.servers": pipeline.bootstrap}, pipeline.topics).complete


def wait_until_proved(pipeline: Pipeline) -> None:
    wait_until(lambda: is_proved(pipeline), "the book is proved", seconds=PATIENCE_SECONDS)


def wait_for_hits(pipeline: Pipeline, expected: Mapping[str, set[tuple[str, str]]]) -> None:
    wait_until(lambda: hits(pipeline) == expected, f"hits {expected}", seconds=PATIENCE_SECONDS)


def test_a_designation_reaches_the_book_and_nothing_is_lost_over_a_kill(pipeline: Pipeline) -> None:
    (service,) = pipeline.workers
    write(pipeline, BOOK)
    pipeline.start()
    wait_for_hits(pipeline, {"C-2": {("name", "ofac:1")}})
    wait_until_proved(pipeline)

    pipeline.publish([PETROV, VERSOR])
    expected = {
        "C-1": {("name", "ofac:44521")},
        "C-2": {("name", "ofac:1")},
        "C-4": {("name", "ofac:44521"), ("ownership", "ofac:44521")},
    }
    wait_for_hits(pipeline, expected)
    wait_until_proved(pipeline)
    first = standing(pipeline)

    service.kill()
    write(pipeline, {"C-5": {"name": "Igor Petrov"}, "C-2": None})
    pipeline.publish([VERSOR], max_shrink=0.9)
    code, found = status(pipeline)
    assert code == 1
    assert any("records behind" in reason for reason in found["reasons"])
    assert any("is in force" in reason for reason in found["reasons"])

    service.start()
    del expected["C-2"]
    wait_for_hits(pipeline, expected)
    wait_until_proved(pipeline)

    code, found = status(pipeline)
    last = standing(pipeline)
    assert (code, found["customers"], found["reasons"]) == (0, len(BOOK), [])
    assert [change["what"] for change in last["C-2"]["changes"]] == ["customer_deleted"]
    assert "C-5" not in last, "its only namesake was delisted before it was screened"
    assert last["C-1"] == first["C-1"], "what was told before the kill is not told again"
    assert ", 0 without a seal" in audited(pipeline)
