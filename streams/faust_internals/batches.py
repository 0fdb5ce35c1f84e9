"""Payments in batches, each acknowledged when the code that decides them says that it is done.

Faust's own `take()` and `async for` acknowledge in a `finally:` and lose the batch of an agent that raises.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from faust.streams import Stream
from faust.types import EventT, Message
from mode.utils.futures import maybe_async

APART_SECONDS = 0.005
"""Between the beginnings of two batches; the first payment after a pause waits for nothing. A batch takes a
worker a millisecond beside its payments, and the broker four requests: without it a worker at half of its
speed is never idle, and nothing is left for the moment in which more arrives."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Payments that were taken together."""

    events: Sequence[EventT[bytes]]

    @property
    def messages(self) -> list[Message]:
        return [event.message for event in self.events]

    def acknowledge(self) -> None:
        """All of them are done: from now on their offsets are committed."""
        for event in self.events:
            event.ack()


class BatchStream(Stream[bytes]):
    """A stream that is read in batches and acknowledged by the batch."""

    async def batches(self, most: int) -> AsyncIterator[Batch]:
        """Whatever has arrived, at most `most` messages at a time, without waiting for more than
        APART_SECONDS.

        The caller acknowledges each batch when it is done.

        Messages fetched before a rebalance are left out: their partition may be another worker's now, which
        is sent them again.
        """
        self._finalized = True
        started_here = await self.maybe_start()
        channel: Any = self.channel
        queue = channel.queue
        try:
            while not self.should_stop:
                try:
                    events: list[EventT[bytes]] = [await anext(channel)]
                except StopAsyncIteration:
                    return
                began = time.monotonic()
                while len(events) < most and not queue.empty():
                    events.append(queue.get_nowait())
                if batch := self._taken(events):
                    for processor in self._processors:  # Faust's test harness listens here
                        for event in batch:
                            await maybe_async(processor(event.value))
                    yield Batch(batch)
                await asyncio.sleep(max(0.0, began + APART_SECONDS - time.monotonic()))
        finally:
            self._channel_stop_iteration(self.channel)
            if started_here:
                await self.stop()
                self.service_reset()

    def _taken(self, events: Iterable[EventT[bytes]]) -> list[EventT[bytes]]:
        """The messages to decide, noted as taken. Faust's sensors are not called for each: nobody reads
        them."""
        app, consumer = self.app, self.app.consumer
        if not app.flow_control.is_active():
            return []
        batch = []
        for event in events:
            message = event.message
            if message.generation_id != app.consumer_generation_id:
                continue
            if message.topic in app.topics.acking_topics and not message.tracked:
                message.tracked = True
                consumer.unacked.add(message)
            batch.append(event)
        now = time.monotonic()
        for tp in {event.message.tp for event in batch}:
            app.monitor.stream_inbound_time[tp] = now  # by this Faust sees that a partition is being read
        self.events_total += len(batch)
        return batch
