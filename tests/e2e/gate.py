"""`interdict answers run` as a process, and what stands on its topics as the programs behind it read them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from streams.kafka.provisioning import TopicAdmin
from streams.kafka.topics import OF_ANSWERS, Topics
from tests.e2e.pipeline import Pipeline
from tests.e2e.records import Record, read_all
from tests.e2e.worker import INTERDICT, WorkerProcess, wait_until

ACTIVE = "interdict_answers_active"
ANSWERED = r"interdict_answers_total\{[^}]*\}"


class GateProcess(WorkerProcess):
    """One process of the gate; its metrics stand where a worker's pages do."""

    def __init__(
        self,
        name: str,
        pipeline: Pipeline,
        folder: Path,
        *,
        settings: Mapping[str, str] | None = None,
        command: tuple[str, ...] = (INTERDICT, "answers", "run"),
    ) -> None:
        prefix = pipeline.topics.payments.removesuffix("payments")
        own = {"INTERDICT_ANSWERS": "true", "INTERDICT_SESSION_TIMEOUT_SECONDS": "6", **(settings or {})}
        super().__init__(name, pipeline.bootstrap, folder, prefix=prefix, settings=own)
        self._command = (*command, "--metrics-port", str(self.port))

    @property
    def answering(self) -> bool:
        """Whether it is this process's turn."""
        try:
            return self.running and self.metric(ACTIVE) == 1
        except OSError:
            return False

    @property
    def answered(self) -> float:
        """Payment records, since its start; first and later answers."""
        return self.metric(ANSWERED)

    def wait_until_answering(self) -> None:
        wait_until(lambda: self.answering, f"{self.name} answers", told=self.log_end)

    def log_end(self) -> str:
        return self.log.read_text()[-3000:] if self.log.exists() else ""


def create_gate_topics(pipeline: Pipeline, partitions: int) -> None:
    prefix = pipeline.topics.payments.removesuffix("payments")
    TopicAdmin({"bootstrap.servers": pipeline.bootstrap}, prefix, OF_ANSWERS).create(partitions)


@dataclass(slots=True)
class Seen:
    """What left the gate, by where the payment's record stands."""

    released: dict[str, list[Record]] = field(default_factory=lambda: defaultdict(list))
    stopped: dict[str, list[Record]] = field(default_factory=lambda: defaultdict(list))
    answers: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))


def seen(bootstrap: str, topics: Topics) -> Seen:
    """Everything committed, in order."""
    found = Seen()
    for record in read_all(bootstrap, topics.released):
        found.released[record.headers["interdict.answer.event"].decode()].append(record)
    for record in read_all(bootstrap, topics.stopped):
        found.stopped[record.headers["interdict.answer.event"].decode()].append(record)
    for record in read_all(bootstrap, topics.answers):
        body = orjson.loads(record.value or b"")
        event = body["event"]
        found.answers[f"{event['topic']}-{event['partition']}@{event['offset']}"].append(body)
    return found


def sent(bootstrap: str, topics: Topics) -> Iterator[tuple[str, Record]]:
    """The payments themselves, by where they stand."""
    for record in read_all(bootstrap, topics.payments):
        yield f"{topics.payments}-{record.partition}@{record.offset}", record
