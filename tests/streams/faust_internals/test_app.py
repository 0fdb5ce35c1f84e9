"""How a worker waits for what is on its way."""

import asyncio
from typing import Any

import faust
import pytest

from streams.faust_internals.app import App


@pytest.mark.parametrize("told", ["before", "meanwhile"])
async def test_a_worker_that_waits_for_a_payment_in_hand_ends_when_it_is_told_to(
    monkeypatch: pytest.MonkeyPatch, told: str
) -> None:
    """One that was in a rebalance, with a payment that waited for its list, took no SIGTERM at all."""
    cancelled = list[bool]()
    stop = [told == "before"]

    async def never(*_: Any) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    monkeypatch.setattr("streams.faust_internals.app.STOP_SECONDS", 0.05)
    monkeypatch.setattr(faust.App, "_consumer_wait_empty", never)
    monkeypatch.setattr(App, "should_stop", property(lambda _: stop[0]))
    app: Any = App.__new__(App)
    waiting = asyncio.create_task(app._consumer_wait_empty(None, None))
    await asyncio.sleep(0.2)
    assert waiting.done() == stop[0]
    stop[0] = True
    async with asyncio.timeout(5):
        await waiting
    await asyncio.sleep(0)

    assert cancelled == [True]


async def test_what_is_on_its_way_is_waited_for_and_its_error_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    async def raises(*_: Any) -> None:
        await asyncio.sleep(0.1)
        raise KeyError("gone")

    monkeypatch.setattr("streams.faust_internals.app.STOP_SECONDS", 0.03)
    monkeypatch.setattr(faust.App, "_consumer_wait_empty", raises)
    monkeypatch.setattr(App, "should_stop", property(lambda _: False))
    app: Any = App.__new__(App)
    with pytest.raises(KeyError, match="gone"):
        await app._consumer_wait_empty(None, None)
