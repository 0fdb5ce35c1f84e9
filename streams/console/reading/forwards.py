"""A topic from its beginning on, a part of it at each call; every record is taken once."""

import asyncio
import time
from collections.abc import Callable

import cramjam
from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from streams.kafka.raw.batches import Record, batches, committed
from streams.kafka.raw.raw_log import RawLog, Reach, Sent
from streams.kafka.requests import NO_ID, is_another

FETCH_BYTES = 1 << 20


class RecreatedError(Exception):
    """The topic was deleted and made again: what was read of it says nothing of what it holds now."""


class Forwards:
    """Hands each record to `take`, in a thread and one at a time; the partitions side by side in time."""

    def __init__(self, log: RawLog, topic: str, take: Callable[[Record], None]) -> None:
        self._log, self._topic, self._take = log, topic, take
        self._id = NO_ID
        self._at: dict[int, int] = {}
        self._times: dict[int, float] = {}
        self.firsts: dict[int, int] = {}
        """By partition, the first offset that retention has left."""
        self.left: int | None = None
        """Records that are not read yet; None before the first call."""
        self.unread = 0
        """Records of batches that cannot be decompressed."""

    @property
    def read_to(self) -> float | None:
        """Everything older was read (Unix time); None where all of it was."""
        return min(self._times.values(), default=0.0) if self.left is None or self.left else None

    async def read(self, give_up_at: float) -> None:
        """Go on to where the topic ends now, or until that moment (monotonic); one fetch at the least.

        Raises RecreatedError, BrokerError, KafkaError.
        """
        before, newest = self._id, await self._log.topic_id(self._topic)
        if newest != NO_ID:
            self._id = newest
        if is_another(before, newest):
            raise RecreatedError(self._topic)
        reach = await self._log.reach(self._topic)
        self.firsts = {each: reached.first for each, reached in reach.items()}
        for each, reached in reach.items():
            if self._at.get(each, 0) > reached.end:
                raise RecreatedError(self._topic)
            self._at[each] = max(self._at.get(each, 0), reached.first)
        while behind := self._partitions_behind(reach):
            went_on = await self._step(min(behind, key=lambda each: self._times.get(each, 0.0)))
            if not went_on or time.monotonic() >= give_up_at:
                break
        # what came since of one partition makes up for nothing of another
        self.left = sum(max(0, reached.end - self._at[each]) for each, reached in reach.items())

    def _partitions_behind(self, reach: dict[int, Reach]) -> list[int]:
        return [each for each, reached in reach.items() if self._at[each] < reached.end]

    async def _step(self, partition: int) -> bool:
        """Whether a fetch brought anything; a broker that holds a reader back sends nothing for a while."""
        try:
            sent = await self._log.fetch(self._topic, partition, self._at[partition], FETCH_BYTES)
        except OffsetOutOfRangeError:  # retention took it meanwhile, and the next call begins behind that
            return False
        came = list(batches(sent.batches))
        if came:
            await asyncio.to_thread(self._hand_on, sent, partition)
            self._at[partition] = came[-1].last + 1
            self._times[partition] = came[-1].newest_ms / 1000
        return bool(came)

    def _hand_on(self, sent: Sent, partition: int) -> None:
        begin = self._at[partition]
        for batch in committed(sent.batches, sent.aborted):
            try:
                data = batch.unpacked()
            except (KafkaError, cramjam.DecompressionError):  # one that nobody reads must not hide the others
                self.unread += batch.last + 1 - max(begin, batch.first)
                continue
            for record in batch.records(partition, data):
                if record.offset >= begin:
                    self._take(record)
