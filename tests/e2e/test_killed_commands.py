"""SIGKILL while verdicts are in force, while decisions are replayed, while policies are compared."""

import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Producer

from screening import Designation, Name, NameType
from tests.e2e.pipeline import NewPipeline, Pipeline
from tests.e2e.records import ends, producer, read_all
from tests.e2e.worker import INTERDICT, wait_until

pytestmark = pytest.mark.kafka

VERSOR = Designation("ofac:44521", (Name("VERSOR S.R.O.", NameType.PRIMARY),))
PETROV = Designation("ofac:1", (Name("Igor Petrov", NameType.PRIMARY),))
NAMES = ("Versor s.r.o.", "Igor Petrov", "Northern Bicycle Works")
PAYMENTS = 600
PATIENCE_SECONDS = 120


@pytest.fixture
def pipeline(new_pipeline: NewPipeline) -> Pipeline:
    return new_pipeline([VERSOR, PETROV], workers=1, partitions=2)


def command(pipeline: Pipeline, *words: str) -> list[str]:
    """A command line with its options for the broker; they stand behind the subcommand."""
    flags = ["--broker", pipeline.bootstrap, "--prefix", pipeline.topics.payments.removesuffix("payments")]
    return [INTERDICT, *words, *flags]


def interdict(pipeline: Pipeline, *words: str) -> str:
    done = subprocess.run(command(pipeline, *words), capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def killed_while_reading(pipeline: Pipeline, *words: str) -> None:
    """Started, and killed as soon as the threads of its Kafka client run."""
    process = subprocess.Popen(
        command(pipeline, *words), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    tasks = Path(f"/proc/{process.pid}/task")
    wait_until(lambda: any(each.startswith("rdk:") for each in _names(tasks)), f"{words} reads")
    process.kill()
    assert process.wait() == -signal.SIGKILL


def _names(tasks: Path) -> list[str]:
    return [(task / "comm").read_text() for task in tasks.iterdir()] if tasks.exists() else []


def pay(pipeline: Pipeline, writer: Producer, number: int) -> None:
    event = {"id": f"P-{number}", "parties": [{"role": "creditor", "name": NAMES[number % len(NAMES)]}]}
    writer.produce(pipeline.topics.payments, json.dumps(event), f"P-{number}")


def decided(pipeline: Pipeline) -> dict[int, dict[str, Any]]:
    """Decisions by the payment's number; a repeated one says the same."""
    found: dict[int, dict[str, Any]] = {}
    for record in read_all(pipeline.bootstrap, pipeline.topics.decisions):
        body = json.loads(record.value or b"")
        number = int(body["payment_id"].removeprefix("P-"))
        assert found.setdefault(number, body)["outcome"] == body["outcome"]
        found[number] = body
    return found


@pytest.mark.skipif(not os.path.exists("/proc/self/task"), reason="threads are told by Linux's /proc")
def test_verdicts_replay_and_backtest_outlive_a_kill(pipeline: Pipeline, tmp_path: Path) -> None:
    (worker,) = pipeline.workers
    writer = producer(pipeline.bootstrap)
    pipeline.start()
    for number in range(3):
        pay(pipeline, writer, number)
    writer.flush()
    pipeline.settle()
    alert_id = decided(pipeline)[0]["hits"][0]["alert_id"]
    verdict = ("--verdict", "false_positive", "--by", "m.novak", "--reason", "another", "--for", "9d")
    interdict(pipeline, "dispositions", "add", alert_id, *verdict)
    in_force = r'interdict_dispositions\{list="ofac",reason="name",verdict="false_positive"\}'
    wait_until(lambda: worker.metric(in_force) == 1, "the verdict is in force")

    for number in range(3, PAYMENTS):
        pay(pipeline, writer, number)
    writer.flush()
    pipeline.wait_for_decisions(50)
    worker.kill()
    worker.start()
    pipeline.settle()

    found = decided(pipeline)
    assert sorted(found) == [*range(PAYMENTS)]
    for number in range(3, PAYMENTS):
        body = found[number]
        assert body["outcome"] == ("hit" if number % 3 == 1 else "clear")
        assert len(body.get("suppressed", ())) == (number % 3 == 0)
    pipeline.stop()

    strict = tmp_path / "strict.toml"
    strict.write_text("threshold = 0.99\n[stripping]\napply = false\n")
    topics = (pipeline.topics.decisions, pipeline.topics.alerts, pipeline.topics.dispositions)
    before = [ends(pipeline.bootstrap, topic) for topic in topics]
    killed_while_reading(pipeline, "replay", "--since", "1h", "--json")
    killed_while_reading(pipeline, "backtest", "--since", "1h", "--against", str(strict), "--json")

    replayed = interdict(pipeline, "replay", "--since", "1h", "--json")
    again = [json.loads(line) for line in replayed.splitlines()]
    report = json.loads(interdict(pipeline, "backtest", "--since", "1h", "--against", str(strict), "--json"))
    assert {line["payment_id"] for line in again} == {f"P-{number}" for number in range(PAYMENTS)}
    assert [line["differences"] for line in again if not line["identical"]] == []
    assert (report["payments"], report["hits"]["both"]) == (PAYMENTS, 2 * PAYMENTS // 3)
    assert [ends(pipeline.bootstrap, topic) for topic in topics] == before
