"""Faust's Kafka transport, which hands on payments by the fetch and reads no further ahead than they are
decided.

Faust hands on each message by itself, with two locks and four asyncio tasks, and reads ahead until 65,536
wait, however large they are: 300 payments of 8 MB took two gigabytes, and again at each start. Here a whole
fetch goes into the queue at once, and the next is requested when little is waiting, so payments are decided
while they are still in the processor's caches.
"""

import asyncio
from collections.abc import Mapping, Sequence, Set
from contextlib import suppress
from typing import Any

from aiokafka.errors import ConsumerStoppedError
from faust import Event
from faust.transport.drivers import aiokafka
from faust.types import TP
from mode.types import ServiceT

from streams.faust_internals.decompression import Room
from streams.faust_internals.position import STOP_SECONDS, CommittedThread, PlacedConsumer

MOST_FETCHED = 500
"""Payments that are taken at once from what the broker sent."""
MOST_WAITING = 750
"""With so many in the queue, one and a half batches, no more are taken."""
ROOM_SECONDS = 0.002
"""Between two looks whether there is room."""
FETCH_SECONDS = 1.0
"""So long a fetch waits for the first payment."""


class PacedConsumer(PlacedConsumer):
    """The consumer of payments."""

    _thread: CommittedThread

    async def _drain_messages(self, fetcher: ServiceT) -> None:
        """Replaces Faust's method: fetch payments and hand them on, until this or the `fetcher` is to
        stop."""
        try:
            while not (self.should_stop or fetcher.should_stop):
                if self._is_full():
                    with self._thread.reading():
                        await asyncio.sleep(ROOM_SECONDS)
                else:
                    await asyncio.sleep(0)  # where much has arrived, nothing below waits for anything
                    await self._hand_on(*await self._wait_next_records(FETCH_SECONDS))
        except (asyncio.CancelledError, ConsumerStoppedError):
            if not self.app.should_stop:
                raise

    def _is_full(self) -> bool:
        waiting = sum([topic.queue.qsize() for topic in self.app.topics])
        if not waiting:
            Room.clear()
        return waiting > MOST_WAITING or Room.left <= 0

    async def _hand_on(self, records: Mapping[TP, Sequence[Any]] | None, active: Set[TP] | None) -> None:
        """Put messages into the queues in one go, because partitions may change hands in any pause. Those
        that are not handed on are fetched again by the worker that then has them."""
        if self.should_stop:
            return
        if not (self.flow_active and self.app.flow_control.is_active()):
            with suppress(Exception):  # it is done once more when the flow goes on
                await self.perform_seek()
        elif records:
            held = {tp: batch for tp, batch in records.items() if active is None or tp in active}
            passed = [(tp, *gap) for tp, batch in held.items() for gap in self._put(tp, batch)]
            for tp, first, last in passed:
                await self._add_gap(tp, first, last)

    def _put(self, tp: TP, batch: Sequence[Any]) -> list[tuple[int, int]]:
        """Put what was not read before into the queue of the topic's reader. Returns the first and the last
        offset that were skipped because no payment is there: they must not hold up commits.

        Raises KeyError for a partition that nobody reads: its payments would be lost.
        """
        app: Any = self.app
        passed = list[tuple[int, int]]()
        topics = app.topics._tp_index[tp]
        if not topics:
            raise KeyError(tp)
        read = self._read_offset[tp]
        for record in batch:
            if read and record.offset > read + 1:
                passed.append((read + 1, record.offset - 1))
            if read is None or record.offset >= read:
                read = record.offset
                message = self._to_message(tp, record)
                message.incref(len(topics))
                event = Event(app, record.key, record.value, record.headers, message)
                for topic in topics:
                    topic.queue.force_put_nowait(event)
        self._read_offset[tp] = read
        return passed


class ProducerThatEnds(aiokafka.Producer):
    """Faust's producer, but records that a broker does not take in time do not hold up a worker that is told
    to stop.

    They were not acknowledged, so their payments were not committed and are decided again. aiokafka would try
    for ever.
    """

    async def flush(self) -> None:
        longest = STOP_SECONDS if self.app.should_stop else None
        with suppress(TimeoutError):
            await asyncio.wait_for(super().flush(), longest)

    async def on_stop(self) -> None:
        producer = self._producer
        try:
            await asyncio.wait_for(super().on_stop(), STOP_SECONDS)
        except TimeoutError:
            if producer is not None:
                await producer._sender.close()
                await producer.client.close()


class Transport(aiokafka.Transport):
    """Used by `app.Worker`."""

    Consumer = PacedConsumer
    Producer = ProducerThatEnds
