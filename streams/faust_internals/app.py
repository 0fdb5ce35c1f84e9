"""Faust's app with our transport and without its folders on disk; `streams.worker.app.Worker` is one."""

import asyncio
from collections.abc import Iterable
from itertools import chain
from typing import Any

import faust
import faust.app.base  # the module is lazy; BootStrategy is only there after this import
from faust.types.transports import ConsumerT, TransportT
from mode.types import ServiceT

from streams.faust_internals import transport
from streams.faust_internals.position import STOP_SECONDS


class _Boot(faust.app.base.BootStrategy):
    def server(self) -> Iterable[ServiceT]:
        app: App = self.app  # type: ignore[assignment]  # that starts nothing else
        return chain(
            self.sensors(),
            app.services_before(),
            self.kafka_producer(),
            app.services_with_producer(),
            self.kafka_consumer(),
            self.agents(),
            self.kafka_conductor(),
            self.tables(),
            app.services_after(),
        )


class App(faust.App):
    """Starts its services in order, each when the one before has started; payments arrive between the second
    and third group."""

    BootStrategy = _Boot

    def services_before(self) -> Iterable[ServiceT]:
        """What must have started before the consumer joins its group."""
        return ()

    def services_with_producer(self) -> Iterable[ServiceT]:
        """What may produce, and must have started before the first payment."""
        return ()

    def services_after(self) -> Iterable[ServiceT]:
        return ()

    def _new_transport(self) -> TransportT:
        return transport.Transport(self.conf.broker_consumer, self)

    async def _consumer_wait_empty(self, consumer: ConsumerT, logger: Any) -> None:
        """The last commit; if no broker takes it, a worker that is told to stop stops all the same. So does
        one that was told while it waits, in a rebalance, for a payment that waits for its list."""
        waiting = asyncio.ensure_future(super()._consumer_wait_empty(consumer, logger))
        try:
            while not waiting.done():
                stopping = self.should_stop
                await asyncio.wait((waiting,), timeout=STOP_SECONDS)
                if stopping and not waiting.done():
                    return
            await waiting
        finally:
            waiting.cancel()

    def _create_directories(self) -> None:
        """Nothing: Faust keeps tables on disk, but a worker has none and leaves nothing behind."""
