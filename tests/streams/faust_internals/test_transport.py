"""Payments are handed on by the fetch, in one go, and no further ahead than there is room."""

import asyncio
import hashlib
import inspect
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.errors import ConsumerStoppedError
from faust.transport.consumer import Consumer
from faust.types import TP
from mode import Service

from streams.faust_internals import transport
from streams.faust_internals.decompression import Room
from streams.faust_internals.transport import MOST_WAITING, PacedConsumer

TP0, TP1 = TP("payments", 0), TP("payments", 1)
NOW = 7
"""The generation of the group that the worker is in."""


class Queue(asyncio.Queue[Any]):
    """What is used of Faust's."""

    force_put_nowait = asyncio.Queue.put_nowait


class Topic:
    """Read by one agent."""

    def __init__(self) -> None:
        self.queue = Queue()


class Topics(list[Topic]):
    """As Faust's conductor knows them."""

    def __init__(self, topic: Topic) -> None:
        super().__init__([topic])
        self._tp_index: dict[TP, set[Topic]] = {TP0: {topic}, TP1: {topic}}


class Worker:
    """A consumer with two partitions, and what it does beside handing on."""

    def __init__(self) -> None:
        self.topic = Topic()
        self.sought = 0
        self.gaps = list[tuple[TP, int, int]]()
        self.is_reading = False
        self.active = True
        consumer: Any = object.__new__(PacedConsumer)
        Service.__init__(consumer)
        consumer.app = SimpleNamespace(
            topics=Topics(self.topic),
            consumer_generation_id=NOW,
            flow_control=SimpleNamespace(is_active=lambda: self.active),
            should_stop=False,
        )
        consumer.flow_active = True
        consumer._read_offset = {TP0: None, TP1: None}
        consumer._thread = SimpleNamespace(reading=self._reading)
        consumer.perform_seek, consumer._add_gap = self._seek, self._gap
        self.consumer = consumer

    @property
    def handed_on(self) -> list[Any]:
        return list(self.topic.queue._queue)  # type: ignore[attr-defined]  # asyncio's own

    @property
    def offsets(self) -> list[tuple[int, int]]:
        return [(event.message.partition, event.message.offset) for event in self.handed_on]

    async def _seek(self) -> None:
        self.sought += 1

    async def _gap(self, tp: TP, first: int, last: int) -> None:
        self.gaps.append((tp, first, last))

    @contextmanager
    def _reading(self) -> Iterator[None]:
        self.is_reading = True
        yield
        self.is_reading = False


@pytest.fixture
async def worker() -> Worker:
    Room.clear()
    return Worker()


def fetched(tp: TP, *offsets: int, value: bytes | None = b"v") -> list[Any]:
    return [
        SimpleNamespace(
            topic=tp.topic,
            partition=tp.partition,
            offset=offset,
            timestamp=1_000,
            timestamp_type=0,
            key=b"\xff",
            value=value,
            checksum=None,
            serialized_key_size=1,
            serialized_value_size=1,
            headers=(("h", b"1"),),
        )
        for offset in offsets
    ]


def test_faust_still_does_what_this_is_in_place_of() -> None:
    """After an upgrade read it again, and what it calls; then renew the hash."""
    source = inspect.getsource(Consumer._drain_messages) + inspect.getsource(Consumer.getmany)

    assert (
        hashlib.sha256(source.encode()).hexdigest()
        == "dad829e92deab1aef54c984ee5cad036e96c8f46d8dc9fb52a45e4191ff747ef"
    )


@pytest.mark.parametrize("value", [b"v", b"", None])
async def test_keys_values_and_headers_are_handed_on_as_they_are(worker: Worker, value: bytes | None) -> None:
    await worker.consumer._hand_on({TP0: fetched(TP0, 5, value=value)}, {TP0})

    (event,) = worker.handed_on
    assert (event.app, event.key, event.value, event.headers) == (
        worker.consumer.app,
        b"\xff",
        value,
        {"h": b"1"},
    )
    assert (event.message.tp, event.message.generation_id, event.message.refcount) == (TP0, NOW, 1)


async def test_all_that_was_fetched_is_handed_on_in_order_and_no_place_twice(worker: Worker) -> None:
    worker.consumer._read_offset[TP1] = 3  # where it goes on

    await worker.consumer._hand_on({TP0: fetched(TP0, 0, 1), TP1: fetched(TP1, 1, 2, 3, 4)}, {TP0, TP1})

    assert worker.offsets == [(0, 0), (0, 1), (1, 3), (1, 4)]
    assert worker.consumer._read_offset == {TP0: 1, TP1: 4}
    assert not worker.gaps


async def test_offsets_where_no_payment_stands_hold_up_no_commit(worker: Worker) -> None:
    worker.consumer._read_offset[TP0] = 4

    await worker.consumer._hand_on({TP0: fetched(TP0, 7, 8, 11), TP1: fetched(TP1, 9, 12)}, {TP0, TP1})

    assert worker.offsets == [(0, 7), (0, 8), (0, 11), (1, 9), (1, 12)]
    assert worker.gaps == [(TP0, 5, 6), (TP0, 9, 10), (TP1, 10, 11)]


async def test_a_partition_that_is_not_read_now_is_left_out(worker: Worker) -> None:
    await worker.consumer._hand_on({TP0: fetched(TP0, 1), TP1: fetched(TP1, 1)}, {TP1})

    assert worker.offsets == [(1, 1)]
    assert worker.consumer._read_offset[TP0] is None


async def test_a_payment_that_nobody_would_decide_is_an_error(worker: Worker) -> None:
    worker.consumer.app.topics._tp_index[TP0] = set()

    with pytest.raises(KeyError):
        await worker.consumer._hand_on({TP0: fetched(TP0, 1)}, {TP0})


@pytest.mark.parametrize("stopped", ["flow_active", "active"])
async def test_nothing_is_handed_on_while_partitions_change_hands(worker: Worker, stopped: str) -> None:
    setattr(worker if stopped == "active" else worker.consumer, stopped, False)

    await worker.consumer._hand_on({TP0: fetched(TP0, 1)}, {TP0})

    assert (worker.offsets, worker.sought) == ([], 1)  # from the committed place on they are read again


async def test_a_place_that_cannot_be_found_now_is_found_when_the_flow_goes_on(worker: Worker) -> None:
    async def no_broker() -> None:
        raise ConnectionError

    worker.active, worker.consumer.perform_seek = False, no_broker

    await worker.consumer._hand_on({}, {TP0})

    assert worker.offsets == []


async def drained(worker: Worker, monkeypatch: pytest.MonkeyPatch, seen: list[bool]) -> Sequence[str]:
    """What was done, until three steps are: fetches, and pauses for want of room."""
    done, fetcher = list[str](), SimpleNamespace(should_stop=False)

    async def fetch(_seconds: float) -> tuple[Any, Any]:
        done.append("fetch")
        fetcher.should_stop = len(done) == 3
        return {}, {TP0}

    async def pause(seconds: float) -> None:
        if seconds:
            done.append("pause")
            seen.append(worker.is_reading)
            fetcher.should_stop = len(done) == 3

    worker.consumer._wait_next_records = fetch
    monkeypatch.setattr(
        transport, "asyncio", SimpleNamespace(sleep=pause, CancelledError=asyncio.CancelledError)
    )
    await worker.consumer._drain_messages(fetcher)
    return done


@pytest.mark.parametrize(
    ("waiting", "room", "steps"),
    [
        (0, 1, "fetch"),
        (MOST_WAITING, 1, "fetch"),
        (MOST_WAITING + 1, 1, "pause"),
        (1, 0, "pause"),
        (0, 0, "fetch"),  # all that filled the room is taken
    ],
)
async def test_more_is_fetched_only_where_there_is_room(
    worker: Worker, monkeypatch: pytest.MonkeyPatch, waiting: int, room: int, steps: str
) -> None:
    Room.left = room
    for _ in range(waiting):
        worker.topic.queue.put_nowait(None)
    seen = list[bool]()

    assert await drained(worker, monkeypatch, seen) == [steps] * 3
    assert all(seen)  # or aiokafka would leave the group of a worker that waits for its list


@pytest.mark.parametrize("stopping", [True, False])
async def test_a_consumer_that_was_closed_ends_quietly_where_the_worker_stops(
    worker: Worker, stopping: bool
) -> None:
    async def closed(_seconds: float) -> Any:
        raise ConsumerStoppedError

    worker.consumer._wait_next_records = closed
    worker.consumer.app.should_stop = stopping
    reading = worker.consumer._drain_messages(SimpleNamespace(should_stop=False))

    if stopping:
        await reading
    else:
        with pytest.raises(ConsumerStoppedError):
            await reading
