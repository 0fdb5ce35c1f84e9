"""The pieces of the customer service: in which order they start, and what keeps it from screening."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from config.settings import load_settings
from screening import Policy
from screening.customers.book import Book
from screening.decisions import MATCHER
from streams.customers import service as module
from streams.customers.service import CustomerService
from streams.customers.shelf import Shelf
from streams.kafka.options import MOST_PRODUCED
from tests.streams.customers.test_shelf_updates import Record


@pytest.fixture
async def service() -> AsyncIterator[CustomerService]:
    made = CustomerService(load_settings(broker="127.0.0.1:9", web_port=0), Policy())
    yield made
    await made._producer.stop()


async def test_each_piece_says_what_it_waits_for_and_partitions_that_are_read_are_named(
    service: CustomerService,
) -> None:
    assert not service.ready
    told = "\n".join(service.reasons)
    for topic in ("designations", "screening.customer-proofs", "screening.customer-alerts", "customers"):
        assert f"{topic}: not read yet" in told or f"{topic} is not read yet" in told
    assert "are being read" not in told

    for number in (3, 0, 7):
        service.desk.take(Shelf(number, Book(Policy()), loaded=number == 3))
    assert service.reasons[-1] == "partitions 0, 7 are being read"


async def test_the_status_says_with_what_customers_are_screened(service: CustomerService) -> None:
    status = service.status()

    assert status["worker"] == service.name_of_worker
    assert (status["policy"], status["matcher"]) == (Policy().sha256, MATCHER)
    assert (status["offsets"], status["partitions"], status["customers"]) == ({}, [], {})


@pytest.mark.parametrize(("key", "pair"), [(b"f|ofac:1", "f|ofac:1"), (None, ""), (b"\xff", "�")])
async def test_the_pair_of_every_disposition_is_reported_also_of_one_that_cannot_be_read(
    service: CustomerService, key: bytes | None, pair: str
) -> None:
    pairs = list[str]()
    service._dispositions.on_pair = pairs.append
    withdrawn: Any = Record(key, None)
    service._dispositions.apply(withdrawn)
    broken: Any = Record(key, b"no disposition")
    with pytest.raises(ValueError):
        service._dispositions.apply(broken)

    assert pairs == [pair, pair]


class Piece:
    """A service that is started, or crashes."""

    crash_reason = RuntimeError("broken")

    def __init__(self, name: str, started: list[str]) -> None:
        self.name, self.started, self.crashed = name, started, False

    async def start(self) -> None:
        self.started.append(self.name)


async def test_the_pieces_behind_the_pages_start_in_order_and_one_that_crashed_ends_the_service(
    service: CustomerService, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, looks = list[str](), 0
    pieces = [Piece(name, started) for name in "abc"]

    async def looked() -> bool:
        nonlocal looks
        looks += 1
        pieces[2].crashed = looks > 2
        return looks % 2 == 0

    monkeypatch.setattr(module, "IDLE_SECONDS", 0.0)
    monkeypatch.setattr(service, "_services", tuple(pieces))
    service._replica.complete.set()
    service._proofs._read.set()
    monkeypatch.setattr(service.desk, "advance", looked)
    async with asyncio.timeout(10):
        running = asyncio.create_task(service._run())
        await asyncio.sleep(0.05)
        assert looks == 0  # how everybody stands is not read yet
        service._standings._read.set()
        with pytest.raises(RuntimeError, match="broken"):
            await running

    assert (started, looks) == (["b", "c"], 3)


def test_proofs_and_alerts_are_sent_by_a_producer_that_loses_none(monkeypatch: pytest.MonkeyPatch) -> None:
    made = list[dict[str, Any]]()
    monkeypatch.setattr(module, "AIOKafkaProducer", lambda **options: made.append(options))
    module._new_producer({"bootstrap_servers": "b:1"})

    assert made == [
        {
            "bootstrap_servers": "b:1",
            "acks": "all",
            "compression_type": "zstd",
            "max_batch_size": 1_048_576,
            "max_request_size": MOST_PRODUCED,
        }
    ]
