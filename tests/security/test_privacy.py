"""Personal data stays where it belongs: marked names go in everywhere, and nothing we write has them."""

import asyncio
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import orjson
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from screening import Screener
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.topics import Topics
from tests.kafka.broker import free_port
from tests.streams.list_topic import ListTopic
from tests.streams.worker.test_desk import decide, desk, message

__all__ = ["desk"]  # a fixture

PATIENCE_SECONDS = 60.0
MARK = "Zzyzxqua"
"""In no word of ours; every place that can hold personal data gets it."""
HIT = {"id": f"{MARK}-1", "parties": [{"role": "creditor", "name": f"{MARK} Trading", "account": f"{MARK}9"}]}
PAYMENTS: dict[str, bytes] = {
    "a hit": orjson.dumps(HIT),
    "a clear one": orjson.dumps({"id": f"{MARK}-2", "parties": [{"name": "Acme", "address": MARK}]}),
    "broken JSON": f'{{"id": "{MARK}-3", "parties": [{{"name": "{MARK}"'.encode(),
    "a wrong type": orjson.dumps({"id": f"{MARK}-4", "parties": MARK}),
    "a bad amount": orjson.dumps({"id": f"{MARK}-5", "amount": MARK, "parties": [{"name": MARK}]}),
    "a bad time": orjson.dumps({"id": f"{MARK}-6", "time": MARK, "parties": [{"name": MARK}]}),
    "a key twice": f'{{"id": "{MARK}-7", "{MARK}": 1, "{MARK}": 2}}'.encode(),
    "broken XML": f"<Document><Nm>{MARK}</Nm>".encode(),
    "XML of nobody": f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "{MARK}">]><x>&a;</x>'.encode(),
    "a broken MT": f"{{1:F01{MARK}}}{{4:\n:59:{MARK}\n".encode(),
    "no text at all": MARK.encode("utf-16"),
}


@pytest.fixture
def broker() -> Iterator[str]:
    with EmbeddedBroker(dict(Topics().partitions(1))) as embedded:
        yield embedded.bootstrap


async def feed(bootstrap: str) -> None:
    async with ListTopic(bootstrap) as listed:
        await listed.entry("1", f"{MARK} Trading LLC")
        await listed.commit()
        await listed.raw("ofac:2", orjson.dumps({"id": "ofac:2", "names": MARK}))
        await listed.entry("2", f"{MARK} Shipping")
        await listed.commit()
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    for value in PAYMENTS.values():
        await producer.send_and_wait("payments", value, key=MARK.encode(), headers=[(MARK, MARK.encode())])
    await producer.stop()


async def outcomes(bootstrap: str) -> list[str]:
    consumer = AIOKafkaConsumer(
        "screening.decisions", bootstrap_servers=bootstrap, group_id=None, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return [orjson.loads((await consumer.getone()).value)["outcome"] for _ in PAYMENTS]
    finally:
        await consumer.stop()


def served(port: int, page: str) -> str:
    with urlopen(f"http://127.0.0.1:{port}/{page}") as answer:
        return str(answer.read().decode())


async def test_nothing_that_a_worker_writes_or_serves_to_scrapers_holds_a_name(
    broker: str, tmp_path: Path
) -> None:
    port = free_port()
    written = tmp_path / "worker.log"
    environment = {**os.environ, "INTERDICT_BROKER": broker, "INTERDICT_WEB_PORT": str(port)}
    with written.open("wb") as log:
        worker = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "streams", "worker", "--log-level", "DEBUG"),
            stdout=log,
            stderr=log,
            env=environment,
        )
    try:
        await feed(broker)
        decided = await outcomes(broker)
        metrics = await asyncio.to_thread(served, port, "metrics")
        ready = await asyncio.to_thread(served, port, "ready")
    finally:
        worker.terminate()
        await worker.wait()

    assert decided.count("hit") >= 1
    assert decided.count("error") >= 5
    assert f'interdict_payments_total{{format="json",outcome="hit"}} {decided.count("hit")}' in metrics
    leaks = [
        f"{place}: {line[:200]}"
        for place, text in (("log", written.read_text()), ("metrics", metrics), ("ready", ready))
        for line in text.splitlines()
        if MARK.lower() in line.lower()
    ]
    assert leaks == []


async def test_a_defect_that_carries_the_name_in_its_message_is_logged_without_it(
    desk: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ValueError(f"cannot handle {MARK}")

    monkeypatch.setattr(Screener, "screen", fails)
    with caplog.at_level(logging.DEBUG):
        await decide(desk, [message(PAYMENTS["a hit"])])

    assert "ValueError" in caplog.text
    assert "in fails" in caplog.text  # where it happened is still told
    assert MARK not in caplog.text
