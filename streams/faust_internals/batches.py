"""Payments in batches, acknowledged by the batch when the agent comes back for the next one.

Faust's own `take()` and `async for` acknowledge in a `finally:` and lose the batch of an agent that raises.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Any

from faust.streams import Stream
from faust.types import EventT, Message
from mode.utils.futures import maybe_async


class BatchStream(Stream[bytes]):
    """A stream that is read in batches and acknowledged by the batch."""

    async def batches(self, most: int) -> AsyncIterator[list[Message]]:
        """What has arrived, at most `most` messages at a time and without waiting for more.

        Messages fetched before a rebalance are left out: their partition may be another worker's now, and
        whoever holds it is sent them again.
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
                while len(events) < most and not queue.empty():
                    events.append(queue.get_nowait())
                if batch := self._taken(events):
                    for processor in self._processors:  # Faust's test harness listens here
                        for event, _ in batch:
                            await maybe_async(processor(event.value))
                    yield [event.message for event, _ in batch]
                    self._acknowledge(batch)
                await asyncio.sleep(0)
        finally:
            self._channel_stop_iteration(self.channel)
            if started_here:
                await self.stop()
                self.service_reset()

    def _taken(self, events: Iterable[EventT[bytes]]) -> list[tuple[EventT[bytes], Any]]:
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
                self._on_message_in(message.tp, message.offset, message)
            batch.append((event, self._on_stream_event_in(message.tp, message.offset, self, event)))
        self.events_total += len(batch)
        return batch

    def _acknowledge(self, batch: Iterable[tuple[EventT[bytes], Any]]) -> None:
        for event, state in batch:
            message = event.message
            last = event.ack()
            self._on_stream_event_out(message.tp, message.offset, self, event, state)
            if last:
                self._on_message_out(message.tp, message.offset, message)
