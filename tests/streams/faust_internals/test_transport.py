"""The shortcut in Faust's consumer: begun in place, and otherwise exactly Faust's own way."""

import asyncio
import hashlib
import inspect
from typing import Any

import pytest
from faust.transport.consumer import Consumer
from mode import Service

from streams.faust_internals.transport import EagerConsumer


@pytest.fixture
async def consumer() -> Any:
    made = object.__new__(EagerConsumer)  # `wait_first` needs a service and the flow's event only
    Service.__init__(made)
    made.suspend_flow = asyncio.Event()
    return made


def test_the_caller_is_the_one_the_shortcut_was_made_for() -> None:
    """`wait_first` is called once a message in here; after an upgrade read it again, then renew the hash."""
    source = inspect.getsource(Consumer._drain_messages)

    assert (
        hashlib.sha256(source.encode()).hexdigest()
        == "44a2500309e83c630493f6828af50166ec8d96a0b3e4fb2bab735f704ae93417"
    )
    assert source.count("self.wait_first(") == 1


async def test_what_finishes_at_once_is_not_made_a_task(consumer: Any) -> None:
    async def hand_over() -> asyncio.Task[Any] | None:
        return asyncio.current_task()

    found = await consumer.wait_first(hand_over(), consumer.suspend_flow.wait())

    assert found.results == [asyncio.current_task()]
    assert not found.stopped


async def test_what_has_to_wait_goes_on_where_it_waited(consumer: Any) -> None:
    room, steps = asyncio.Event(), []

    async def hand_over() -> str:
        steps.append("begun")
        await room.wait()
        steps.append("first wait over")
        await asyncio.sleep(0)
        return "done"

    asyncio.get_running_loop().call_soon(room.set)
    found = await consumer.wait_first(hand_over(), consumer.suspend_flow.wait())

    assert (found.results, steps) == (["done"], ["begun", "first wait over"])


async def test_a_suspended_flow_breaks_off_a_hand_over_that_waits(consumer: Any) -> None:
    broken_off = asyncio.Event()

    async def hand_over() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            broken_off.set()
            raise

    asyncio.get_running_loop().call_soon(consumer.suspend_flow.set)
    await consumer.wait_first(hand_over(), consumer.suspend_flow.wait())

    await asyncio.wait_for(broken_off.wait(), 5)


@pytest.mark.parametrize("waits_first", [False, True])
async def test_an_error_of_the_hand_over_comes_out(consumer: Any, waits_first: bool) -> None:
    async def hand_over() -> None:
        if waits_first:
            await asyncio.sleep(0)
        raise RuntimeError("no such queue")

    with pytest.raises(RuntimeError, match="no such queue"):
        await consumer.wait_first(hand_over(), consumer.suspend_flow.wait())
