"""Retention takes the oldest records of each partition at moments of its own."""

import json
import os
import subprocess
import time
from pathlib import Path

import pytest

from screening import Designation, Name, NameType
from streams.audit.archive import gone_with_age
from streams.audit.auditor import Gap
from tests.e2e.pipeline import NewPipeline, Pipeline
from tests.e2e.records import ends, producer
from tests.e2e.worker import INTERDICT
from tests.kafka.topics import create, delete_records

pytestmark = pytest.mark.kafka

VERSOR = Designation("ofac:44521", (Name("VERSOR S.R.O.", NameType.PRIMARY),))
PAYMENTS = 200


@pytest.fixture
def pipeline(new_pipeline: NewPipeline) -> Pipeline:
    made = new_pipeline([VERSOR], workers=1, partitions=2)
    made.start()
    return made


def audit(pipeline: Pipeline, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "INTERDICT_BROKER": pipeline.bootstrap,
        "INTERDICT_GROUP": pipeline.group,
        "INTERDICT_TOPIC_PREFIX": pipeline.topics.payments.removesuffix("payments"),
    }
    return subprocess.run([INTERDICT, "audit", *arguments], capture_output=True, text=True, env=environment)


def test_decisions_that_went_with_age_are_no_finding_though_their_payments_are_there(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    """Decisions on one partition of payments stand in both where the platform's client spreads keys as
    librdkafka does: of one of them the older half is gone."""
    writer = producer(pipeline.bootstrap)
    for number in range(PAYMENTS):
        event = {"id": f"P-{number}", "parties": [{"role": "creditor", "name": "Greenfield Bakery"}]}
        writer.produce(pipeline.topics.payments, json.dumps(event), f"P-{number}")
    writer.flush()
    pipeline.wait_for_decisions(PAYMENTS)
    pipeline.settle()
    decisions = pipeline.topics.decisions
    delete_records(pipeline.bootstrap, {(decisions, 0): ends(pipeline.bootstrap, decisions)[0] // 2})

    for arguments in (["verify"], ["export", str(tmp_path)], ["verify", "--files", str(tmp_path)]):
        told = audit(pipeline, *arguments)
        assert told.returncode == 0, (arguments, told.stdout, told.stderr)


def test_a_gap_is_laid_to_age_only_before_every_decision_is_kept(kafka: str, topic_prefix: str) -> None:
    name, now = f"{topic_prefix}payments", time.time()
    create(kafka, [name], 2)
    writer = producer(kafka)
    for at in range(4):
        writer.produce(name, b"{}", partition=0, timestamp=round((now - 3600 * (4 - at)) * 1000))
    writer.flush()
    gaps = [Gap(name, 0, 0, 1), Gap(name, 0, 1, 2), Gap(name, 0, 2, 3), Gap(name, 1, 0, 1)]

    assert gone_with_age({"bootstrap.servers": kafka}, gaps, now - 2.5 * 3600) == gaps[:2]
    assert gone_with_age({"bootstrap.servers": kafka}, gaps, None) == []
