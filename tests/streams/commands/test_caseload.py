"""`interdict dispositions caseload` on a real Kafka: alerts and verdicts as they stand on their topics."""

import json
from typing import Any

import pytest
from click.testing import CliRunner

from streams.cli import main
from streams.records.json import disposition_to_json
from tests.streams.lookback.test_closing import verdict_on
from tests.streams.lookback.test_updates import screener
from tests.streams.past import PETROV, VERSOR, Past, event

pytestmark = pytest.mark.kafka


def caseload(kafka: str, prefix: str, *more: str) -> list[dict[str, Any]]:
    done = CliRunner().invoke(
        main, ["dispositions", "caseload", "--broker", kafka, "--prefix", prefix, "--json", *more]
    )
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.output.splitlines()]


def test_alerts_are_counted_with_their_ages_and_verdicts(kafka: str, topic_prefix: str) -> None:
    past = Past(kafka, topic_prefix)
    both = screener(VERSOR, PETROV)
    past.decide(event("P-1", "Versor s.r.o."), both, seconds_ago=7200)
    past.decide(event("P-2", "Versor s.r.o."), both, seconds_ago=3600, partition=1)
    past.decide(event("P-3", "Igor Petrov"), both, seconds_ago=60, partition=2)
    past.written()
    (hit, *_) = [each["hits"][0] for each in past.alerts() if each["payment_id"] == "P-1"]
    verdict = verdict_on(hit)
    past.send(past.topics.dispositions, verdict.key, disposition_to_json(verdict), 0, 0)
    past.written()

    (row,) = caseload(kafka, topic_prefix, "--deadline", "any", "90m")

    assert row["list"] == "ofac"
    assert (row["alerts"], row["open"], row["late"]) == (3, 1, 1)
    assert (row["judged_pairs"], row["precision"]) == (1, 0.0)
    assert row["usual_hours"] == pytest.approx(2.0, abs=0.1)
    assert {each["reason"] for each in caseload(kafka, topic_prefix, "--by", "reason")} == {"name"}
    assert caseload(kafka, topic_prefix, "--since", "10m", "--by", "rail")[0]["alerts"] == 1
