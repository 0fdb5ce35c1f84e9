"""The outbox: what is sent before what, how each record is sealed, and what a checkpoint may not hold up."""

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from aiokafka.errors import KafkaConnectionError

from streams.audit.chain import HEADER, Chain, read_seal
from streams.worker import delivery
from streams.worker.delivery import Outbox


@dataclass
class Batch:
    records: list[dict[str, Any]] = field(default_factory=list)

    def append(self, **record: Any) -> object:
        self.records.append(record)
        return object()


@dataclass
class Producer:
    """Keeps what it is sent, in order, and acknowledges a batch one step later."""

    log: list[tuple[str, Any]] = field(default_factory=list)
    refuses: str = ""

    async def partitions_for(self, topic: str) -> set[int]:
        del topic
        return {0, 1}

    def create_batch(self) -> Batch:
        return Batch()

    async def send_batch(self, batch: Batch, topic: str, partition: int) -> Any:
        self.log.append((f"sent {topic}", (partition, batch.records)))

        async def acknowledged() -> None:
            self.log.append((f"acknowledged {topic}", None))

        return acknowledged()

    async def send_and_wait(self, topic: str, value: bytes, _key: bytes, **more: Any) -> None:
        if topic == self.refuses:
            raise KafkaConnectionError
        self.log.append((f"sent {topic}", (more["partition"], [{"value": value, **more}])))

    def seals(self, topic: str) -> list[Any]:
        told = [one for name, one in self.log if name == f"sent {topic}"]
        return [read_seal(dict(record["headers"])[HEADER]) for _, records in told for record in records]


async def outbox_with_a_hit(refuses: str = "") -> tuple[Outbox, Producer]:
    producer = Producer(refuses=refuses)
    outbox = Outbox(lambda: producer, Chain(b"k", session="s"), "audit")
    outbox.send("decisions", b"P-0", b"clear", [])
    alert = outbox.send("alerts", b"P-1", b"alert", [])
    outbox.send("decisions", b"P-1", b"hit", [], alert)
    await outbox.delivered()
    return outbox, producer


async def test_alerts_are_acknowledged_before_the_decisions_that_name_them_are_sent() -> None:
    _, producer = await outbox_with_a_hit()

    names = [name for name, _ in producer.log if "audit" not in name]
    assert names.index("acknowledged alerts") < names.index("sent decisions")


async def test_a_decision_names_the_seal_of_its_alert() -> None:
    _, producer = await outbox_with_a_hit()

    (alert,) = producer.seals("alerts")
    partition = next(one[0] for name, one in producer.log if name == "sent alerts")
    assert sorted(seal.alert for seal in producer.seals("decisions")) == sorted(["-", alert.named(partition)])


async def test_a_session_leaves_a_checkpoint_at_its_start_and_its_end_with_its_heads() -> None:
    outbox, producer = await outbox_with_a_hit()
    await outbox.last_checkpoint()

    told = [orjson.loads(one[1][0]["value"]) for name, one in producer.log if name == "sent audit"]
    assert [each["kind"] for each in told] == ["begin", "end"]
    assert {place.partition("-")[0] for place in told[0]["heads"]} == {"alerts", "decisions"}
    assert [seal.number for seal in producer.seals("audit")] == [0, 1]


async def test_a_checkpoint_that_is_refused_holds_up_nothing_and_is_not_tried_again() -> None:
    outbox, producer = await outbox_with_a_hit(refuses="audit")
    await outbox.last_checkpoint()

    assert "acknowledged decisions" in [name for name, _ in producer.log]
    assert producer.seals("audit") == []


@pytest.mark.parametrize(
    ("passed", "kinds"),
    [(1.0, ["begin", "end"]), (60.0, ["begin", "end"]), (60.1, ["begin", "checkpoint", "end"])],
)
async def test_a_checkpoint_is_left_once_a_minute_and_says_which_it_is(
    monkeypatch: pytest.MonkeyPatch, passed: float, kinds: list[str]
) -> None:
    now = 1_000.0
    monkeypatch.setattr(delivery, "time", SimpleNamespace(monotonic=lambda: now))
    outbox, producer = await outbox_with_a_hit()
    await outbox.delivered()  # of nothing: no reason for one
    await asyncio.sleep(0)
    now += passed
    outbox.send("decisions", b"P-2", b"clear", [])
    await outbox.delivered()
    await outbox.last_checkpoint()

    told = [orjson.loads(one[1][0]["value"]) for name, one in producer.log if name == "sent audit"]
    assert [each["kind"] for each in told] == kinds


async def test_there_is_one_checkpoint_at_a_time_and_none_without_a_topic_for_it() -> None:
    outbox, producer = await outbox_with_a_hit()
    first = outbox.checkpoint("checkpoint")
    assert first is not None and outbox.checkpoint("checkpoint") is first
    await first
    second = outbox.checkpoint("checkpoint")
    assert second is not None and second is not first
    await second

    silent = Outbox(lambda: producer, Chain(b"k", session="s"))
    before = [*producer.log]
    assert silent.checkpoint("checkpoint") is None
    await silent.last_checkpoint()
    assert producer.log == before
