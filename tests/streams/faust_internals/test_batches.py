"""A batch holds what is this worker's: nothing that was fetched before its partitions changed hands."""

import asyncio
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from faust.types import TP, Message

from streams.faust_internals import batches
from streams.faust_internals.batches import BatchStream

NOW = 7
"""The generation of the group that the worker is in."""


def message(offset: int, generation: int) -> Message:
    made = Message("payments", 0, offset, 0.0, 0, None, b"k", b"v", None, tp=TP("payments", 0))
    made.generation_id, made.tracked = generation, False  # as a fetched one comes
    return made


def stream(*, active: bool = True) -> Any:
    """A stream of a worker in generation `NOW`, without the worker."""
    made: Any = object.__new__(BatchStream)
    made.app = SimpleNamespace(
        consumer=SimpleNamespace(unacked=set()),
        consumer_generation_id=NOW,
        flow_control=SimpleNamespace(is_active=lambda: active),
        topics=SimpleNamespace(acking_topics={"payments"}),
        monitor=SimpleNamespace(stream_inbound_time={}),
    )
    made.events_total = 0
    return made


def offsets(batch: list[Any]) -> list[int]:
    return [event.message.offset for event in batch]


@pytest.mark.parametrize("older", [NOW - 1, NOW + 1])
def test_what_was_fetched_in_another_generation_is_neither_taken_nor_to_be_acknowledged(older: int) -> None:
    fetched = [message(0, older), message(1, NOW), message(2, older), message(3, NOW)]
    taken = stream()

    assert offsets(taken._taken([SimpleNamespace(message=each) for each in fetched])) == [1, 3]
    assert {each.offset for each in taken.app.consumer.unacked} == {1, 3}
    assert [each.tracked for each in fetched] == [False, True, False, True]
    assert taken.events_total == 2
    assert taken.app.monitor.stream_inbound_time.keys() == {TP("payments", 0)}  # else Faust reports a stall


def test_nothing_is_taken_while_partitions_change_hands() -> None:
    fetched = message(1, NOW)

    assert stream(active=False)._taken([SimpleNamespace(message=fetched)]) == []
    assert not fetched.tracked


class Channel:
    """What has arrived; it is over after the last."""

    def __init__(self, *events: Any) -> None:
        self.queue: asyncio.Queue[Any] = asyncio.Queue()
        for event in events:
            self.queue.put_nowait(event)

    async def __anext__(self) -> Any:
        if self.queue.empty():
            raise StopAsyncIteration
        return self.queue.get_nowait()


def reads(channel: Channel) -> Any:
    """A stream that reads what is on this channel."""
    made = stream()
    made.channel, made._processors = channel, []
    made.maybe_start = partial(asyncio.sleep, 0, False)
    made._stopped, made._shutdown, made._crashed = (asyncio.Event() for _ in range(3))
    made._channel_stop_iteration = lambda _channel: None
    return made


@pytest.mark.parametrize(("most", "sizes"), [(1, [1] * 5), (2, [2, 2, 1]), (5, [5]), (9, [5])])
async def test_a_batch_is_what_has_arrived_up_to_its_most_and_acknowledged_once_it_is_done(
    most: int, sizes: list[int]
) -> None:
    acknowledged, heard, ended = list[int](), list[Any](), list[Any]()

    def event(offset: int) -> Any:
        ack = partial(acknowledged.append, offset)
        return SimpleNamespace(message=message(offset, NOW), value=b"v%d" % offset, ack=ack)

    reading = reads(Channel(*map(event, range(5))))
    reading._processors = [heard.append]
    reading._channel_stop_iteration = ended.append
    took = list[list[int]]()
    async for batch in reading.batches(most):
        took.append([each.offset for each in batch.messages])
        assert acknowledged == [at for before in took[:-1] for at in before]
        batch.acknowledge()

    assert ([len(each) for each in took], acknowledged) == (sizes, [0, 1, 2, 3, 4])
    assert heard == [b"v0", b"v1", b"v2", b"v3", b"v4"]
    assert ended == [reading.channel]


@pytest.mark.parametrize(("took", "pause"), [(0.0, 0.005), (0.002, 0.003), (0.005, 0.0), (0.7, 0.0)])
async def test_the_next_batch_begins_five_milliseconds_after_the_one_before_or_at_once_if_that_took_as_long(
    took: float, pause: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, pauses = [1_000.0], list[float]()

    async def sleep(seconds: float) -> None:
        pauses.append(round(seconds, 6))
        now[0] += seconds

    reading = reads(Channel(*(SimpleNamespace(message=message(offset, NOW)) for offset in range(3))))
    monkeypatch.setattr(batches, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(batches, "asyncio", SimpleNamespace(sleep=sleep))
    async for _ in reading.batches(1):
        now[0] += took

    assert pauses == [pause] * 3
