"""A stopped payment comes back altered, after every worker was killed and at another worker."""

import json
from typing import Any

import pytest

from screening import Designation, Name, NameType
from tests.e2e.pipeline import NewPipeline, Pipeline
from tests.e2e.records import producer, read_all

pytestmark = pytest.mark.kafka

VERSOR = Designation("ofac:44521", (Name("VERSOR S.R.O.", NameType.PRIMARY),))


@pytest.fixture
def pipeline(new_pipeline: NewPipeline) -> Pipeline:
    return new_pipeline([VERSOR])


def pay(pipeline: Pipeline, payment_id: str, payee: str, partition: int) -> None:
    """To Versor's account, under whatever name; the partition decides which worker sees it."""
    parties = [
        {"role": "debtor", "name": "Acme Trading Ltd", "account": "GB29NWBK60161331926819"},
        {"role": "creditor", "name": payee, "account": "SK3112000000198742637541"},
    ]
    event = {"id": payment_id, "amount": "12500.00", "currency": "USD", "parties": parties}
    writer = producer(pipeline.bootstrap)
    writer.produce(pipeline.topics.payments, json.dumps(event), payment_id, partition=partition)
    assert writer.flush(30) == 0


def decided(pipeline: Pipeline) -> dict[str, dict[str, Any]]:
    records = read_all(pipeline.bootstrap, pipeline.topics.decisions)
    return {str(body["payment_id"]): body for body in (json.loads(record.value or b"") for record in records)}


def test_a_resubmission_is_known_by_every_worker_also_after_all_were_killed(pipeline: Pipeline) -> None:
    pipeline.start()
    pay(pipeline, "P-1", "Versor s.r.o.", partition=0)
    pipeline.wait_for_decisions(1)

    for worker in pipeline.workers:
        worker.kill()
    pipeline.start()
    for partition in range(4):  # so that both workers see one
        pay(pipeline, f"P-2{partition}", "V. s.r.o.", partition)
    pipeline.settle()

    found = decided(pipeline)
    again = [found[f"P-2{partition}"] for partition in range(4)]
    assert {decision["outcome"] for decision in again} == {"hit"}
    assert {hit["reason"] for decision in again for hit in decision["hits"]} == {"stripping"}
    assert {decision["hits"][0]["stopped"]["payment_id"] for decision in again} == {"P-1"}
    alerted = [json.loads(each.value or b"") for each in read_all(pipeline.bootstrap, pipeline.topics.alerts)]
    assert {alert["payment_id"] for alert in alerted} == {"P-1", "P-20", "P-21", "P-22", "P-23"}
