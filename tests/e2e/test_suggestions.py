"""Suggestions on a real Kafka: each alert has its own, once by its id, also where a process is killed."""

import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from screening.cases.dispositions import Disposition, Verdict
from streams.records.json import disposition_to_json
from tests.e2e.gate import GateProcess
from tests.e2e.pipeline import NewPipeline, Pipeline
from tests.e2e.records import producer, read_all
from tests.e2e.worker import INTERDICT, wait_until
from tests.streams.export.alerts import VERSOR, alert_bytes

pytestmark = pytest.mark.kafka

ALERTS = 3_000
RUN = (INTERDICT, "suggest", "run", "--from", "beginning")


@pytest.fixture
def pipeline(new_pipeline: NewPipeline) -> Pipeline:
    return new_pipeline([VERSOR], workers=0, partitions=2)


def suggestions(pipeline: Pipeline) -> list[dict[str, Any]]:
    return [
        json.loads(each.value or b"") for each in read_all(pipeline.bootstrap, pipeline.topics.suggestions)
    ]


def alerts_of(count: int) -> Iterator[dict[str, Any]]:
    """As many payments that hit the same designation."""
    alert = json.loads(alert_bytes())
    (hit,) = alert["hits"]
    for number in range(count):
        own = {"payment_id": f"P-{number}", "decision_id": f"{number:032x}"}
        yield {**alert, **own, "hits": [{**hit, "alert_id": f"{number + count:032x}"}]}


def delivered(process: GateProcess) -> float:
    """Suggestions of a process that may not serve its metrics yet."""
    try:
        return process.metric(r"interdict_export_messages_total\{[^}]*\}")
    except (OSError, ValueError):
        return 0.0


def test_each_alert_has_one_suggestion_by_its_id_over_a_kill_and_is_measured(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    alerts = [*alerts_of(ALERTS)]
    writer = producer(pipeline.bootstrap)
    for alert in alerts:
        writer.produce(pipeline.topics.alerts, json.dumps(alert), alert["payment_id"])
    writer.flush()
    first = GateProcess("first", pipeline, tmp_path, command=RUN)
    first.start()
    wait_until(lambda: delivered(first) > 50, "first suggestions", told=first.log_end)

    first.kill()
    before = len(suggestions(pipeline))
    second = GateProcess("second", pipeline, tmp_path, command=RUN)
    second.start()
    wanted = {alert["hits"][0]["alert_id"] for alert in alerts}
    wait_until(
        lambda: {each["alert_id"] for each in suggestions(pipeline)} == wanted, "all", told=second.log_end
    )
    second.stop()

    found = suggestions(pipeline)
    assert before < ALERTS, "the kill came too late to show anything"
    assert len({each["suggestion_id"] for each in found}) == len(wanted) == ALERTS
    assert measured(pipeline, alerts[0])["judged"] == 1


def measured(pipeline: Pipeline, alert: dict[str, Any]) -> dict[str, Any]:
    """What `interdict suggest measure` says once a person has found one of the hits to be true."""
    (hit,) = alert["hits"]
    until = datetime.now(UTC) + timedelta(days=30)
    judged = Disposition(
        hit["fingerprint"],
        hit["designation"]["id"],
        hit["designation"]["fingerprint"],
        Verdict.TRUE_POSITIVE,
        "ann",
        "the same company",
        until,
    )
    writer = producer(pipeline.bootstrap)
    writer.produce(pipeline.topics.dispositions, disposition_to_json(judged), judged.key)
    writer.flush()
    prefix = pipeline.topics.payments.removesuffix("payments")
    command = [INTERDICT, "suggest", "measure", "--json", "--broker", pipeline.bootstrap, "--prefix", prefix]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    loaded: dict[str, Any] = json.loads(done.stdout)
    return loaded
