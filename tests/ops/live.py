"""A real worker process on the in-process broker, with a list and payments: what monitoring is tried on."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import orjson
from aiokafka import AIOKafkaProducer

from screening.cases.dispositions import Disposition, Verdict
from streams.kafka.embedded import EmbeddedBroker
from streams.records.json import disposition_to_json
from tests.kafka.broker import free_port
from tests.streams.list_topic import ListTopic

TOPICS = {
    "payments": 2,
    "designations": 1,
    "screening.alerts": 2,
    "screening.decisions": 2,
    "screening.dead-letters": 2,
    "screening.dispositions": 1,
    "screening.audit": 1,
}
START_SECONDS = 60.0
VERDICT = Disposition(
    fingerprint="0" * 32,
    designation_id="ofac:44519",
    designation_fingerprint="0" * 32,
    verdict=Verdict.TRUE_POSITIVE,
    by="m.novak",
    reason="the account is theirs",
    until=datetime(2100, 1, 1, tzinfo=UTC),
    hit_reason="name",
)
"""Of a pair that no payment here has: for the panels of precision."""
NAMES = ("Nordic Timber AB", "Delta Freight GmbH", "Lumen Optics SA", "Harbor Ceramics Inc")


@dataclass
class LiveWorker:
    """The worker's page, its broker and the topics it reads."""

    url: str
    bootstrap: str
    lists: ListTopic
    producer: AIOKafkaProducer
    numbers: int = 0

    async def pay(self, creditor: str) -> str:
        """One payment; returns its id."""
        self.numbers += 1
        payment_id = f"P-{self.numbers}"
        payment = {
            "id": payment_id,
            "amount": "12500.00",
            "currency": "USD",
            "parties": [
                {"role": "debtor", "name": "Acme Trading Ltd"},
                {"role": "creditor", "name": creditor},
            ],
        }
        await self.producer.send("payments", orjson.dumps(payment), key=payment_id.encode())
        return payment_id

    async def keep_paying(self) -> None:
        """A hundred payments a second, one in twenty to a designated party, now and then one unreadable."""
        while True:
            for number in range(20):
                await self.pay("VERSOR S.R.O." if number == 7 else NAMES[number % len(NAMES)])
            if self.numbers % 400 == 0:
                await self.producer.send("payments", b"{not json")
            await asyncio.sleep(0.2)


@asynccontextmanager
async def live_worker(**environment: str) -> AsyncIterator[LiveWorker]:
    """Ready to decide, with one list of two designations in force; `environment` beside its own settings."""
    with EmbeddedBroker(TOPICS) as broker:
        producer = AIOKafkaProducer(bootstrap_servers=broker.bootstrap, linger_ms=5)
        async with ListTopic(broker.bootstrap) as lists, producer:
            await lists.entry("41563", "Ashot MKRTYCHEV")
            await lists.entry("44519", "VERUS")
            await lists.commit("2023-08-15")
            await producer.send_and_wait(
                "screening.dispositions", disposition_to_json(VERDICT), key=VERDICT.key.encode()
            )
            async with _worker(broker.bootstrap, environment) as url:
                yield LiveWorker(url, broker.bootstrap, lists, producer)


@asynccontextmanager
async def _worker(bootstrap: str, environment: dict[str, str]) -> AsyncIterator[str]:
    port = free_port()
    settings = {"INTERDICT_BROKER": bootstrap, "INTERDICT_WEB_PORT": str(port)}
    process = await asyncio.create_subprocess_exec(
        *(str(Path(sys.executable).with_name("interdict")), "worker", "--log-level", "WARNING"),
        env=os.environ | settings | environment,
    )
    url = f"http://127.0.0.1:{port}/"
    try:
        async with asyncio.timeout(START_SECONDS):
            await _ready(url, process)
        yield url
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), 15)
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _ready(url: str, process: asyncio.subprocess.Process) -> None:
    async with aiohttp.ClientSession(url) as client:
        while process.returncode is None:
            with suppress(aiohttp.ClientError):
                async with client.get("ready") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.1)
    raise AssertionError(f"the worker ended with code {process.returncode} before it was ready")
