"""Payments through the gate on a real Kafka: released, stopped and released, rejected, with their answers."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from screening import Designation, Name, NameType
from tests.e2e.gate import GateProcess, Seen, create_gate_topics, seen, sent
from tests.e2e.pipeline import NewPipeline, Pipeline
from tests.e2e.records import producer, read_all
from tests.e2e.worker import INTERDICT, wait_until

pytestmark = pytest.mark.kafka

VERSOR = Designation("ofac:44521", (Name("VERSOR S.R.O.", NameType.PRIMARY),))
PETROV = Designation("ofac:1", (Name("Igor Petrov", NameType.PRIMARY),))
POLICY = """
[stripping]
apply = false
[answers]
pacs002 = true
"""


@pytest.fixture
def pipeline(new_pipeline: NewPipeline) -> Pipeline:
    made = new_pipeline([VERSOR, PETROV], workers=1, partitions=2)
    create_gate_topics(made, 2)
    return made


@pytest.fixture
def gate(pipeline: Pipeline, tmp_path: Path) -> Iterator[GateProcess]:
    policy = tmp_path / "policy.toml"
    policy.write_text(POLICY)
    process = GateProcess("gate", pipeline, tmp_path, settings={"INTERDICT_POLICY_FILE": str(policy)})
    process.start()
    try:
        process.wait_until_answering()
        yield process
    finally:
        process.stop()


def pay(pipeline: Pipeline, **payees: str) -> None:
    writer = producer(pipeline.bootstrap)
    for id, name in payees.items():
        event = {"id": id, "rail": "swift", "parties": [{"role": "creditor", "name": name}]}
        headers: list[tuple[str, str | bytes | None]] = [
            ("content-type", b"application/json"),
            ("platform", b"core"),
        ]
        writer.produce(pipeline.topics.payments, json.dumps(event), id, headers=headers)
    writer.flush()


def interdict(pipeline: Pipeline, *words: str) -> str:
    prefix = pipeline.topics.payments.removesuffix("payments")
    command = [INTERDICT, *words, "--broker", pipeline.bootstrap, "--prefix", prefix]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def alert_ids(pipeline: Pipeline, payment: str) -> set[str]:
    """Of every hit of a payment."""
    alerts = [json.loads(each.value or b"") for each in read_all(pipeline.bootstrap, pipeline.topics.alerts)]
    return {hit["alert_id"] for alert in alerts if alert["payment_id"] == payment for hit in alert["hits"]}


def wait_for_answers(pipeline: Pipeline, gate: GateProcess, number: int) -> Seen:
    """So many records answered by this process since its start, and all that every process wrote."""
    wait_until(lambda: gate.answered >= number, f"{number} answers", told=gate.log_end)
    return seen(pipeline.bootstrap, pipeline.topics)


def of(found: dict[str, list[Any]], places: dict[str, str], payment: str) -> list[Any]:
    return found.get(places[payment], [])


def test_one_payment_is_released_one_after_a_false_positive_and_one_is_rejected(
    pipeline: Pipeline, gate: GateProcess
) -> None:
    pipeline.start()
    pay(pipeline, clear="Northern Bicycle Works", versor="Versor s.r.o.", petrov="Igor Petrov")
    found = wait_for_answers(pipeline, gate, 3)
    payments = {
        (record.key or b"").decode(): (place, record)
        for place, record in sent(pipeline.bootstrap, pipeline.topics)
    }
    places = {id: place for id, (place, _) in payments.items()}

    (released,) = of(found.released, places, "clear")
    assert (released.key, released.value) == (b"clear", payments["clear"][1].value)
    assert released.headers["platform"] == b"core"
    assert released.headers["interdict.answer.cause"] == b"clear"
    for id in ("versor", "petrov"):
        (stopped,) = of(found.stopped, places, id)
        assert (stopped.key, stopped.value) == (id.encode(), payments[id][1].value)
        assert stopped.headers["interdict.answer.cause"] == b"hold"
        assert of(found.released, places, id) == []
        (answer,) = of(found.answers, places, id)
        assert (answer["course"], answer["status"], answer["rail"]) == ("stop", "PDNG", "swift")
        assert "<TxSts>PDNG</TxSts>" in answer["pacs002"]

    for payment, verdict in (("versor", "false_positive"), ("petrov", "true_positive")):
        given = ("--verdict", verdict, "--by", "m.novak", "--reason", "looked at", "--for", "9d")
        for alert_id in alert_ids(pipeline, payment):
            interdict(pipeline, "dispositions", "add", alert_id, *given)
    found = wait_for_answers(pipeline, gate, 5)

    (released,) = of(found.released, places, "versor")
    assert released.value == payments["versor"][1].value
    first, last = of(found.answers, places, "versor")
    assert (last["course"], last["cause"], last["status"]) == ("release", "false_positive", "ACSP")
    assert last["follows"] == first["answer_id"]
    first, last = of(found.answers, places, "petrov")
    assert (last["course"], last["status"], last["reason"]) == ("reject", "RJCT", "RR04")
    assert of(found.released, places, "petrov") == []
    assert interdict(pipeline, "answers", "stopped") == ""

    gate.stop()
    gate.start()
    gate.wait_until_answering()
    pay(pipeline, again="Northern Bicycle Works")
    found = wait_for_answers(pipeline, gate, 1)
    assert [len(found.released[places[id]]) for id in ("clear", "versor", "petrov")] == [1, 1, 0]


def test_what_nobody_decides_in_time_is_stopped_and_a_person_releases_it(
    pipeline: Pipeline, gate: GateProcess, tmp_path: Path
) -> None:
    gate.stop()
    (tmp_path / "policy.toml").write_text(POLICY + "deadline_seconds = 1\n")
    gate.start()
    gate.wait_until_answering()
    pay(pipeline, late="Northern Bicycle Works")  # no worker runs
    found = wait_for_answers(pipeline, gate, 1)
    ((place, answers),) = found.answers.items()
    assert (answers[0]["cause"], answers[0]["course"]) == ("unanswered", "stop")

    event = json.loads(interdict(pipeline, "answers", "stopped"))["event"]
    assert event == place
    interdict(
        pipeline, "answers", "release", event, "--by", "m.novak", "--reason", "read by hand, nobody listed"
    )
    found = wait_for_answers(pipeline, gate, 2)

    assert [len(found.stopped[place]), len(found.released[place])] == [1, 1]
    assert found.answers[place][1]["follows"] == found.answers[place][0]["answer_id"]
