"""Where the newest record of each designation stands, so that a card is one fetch and no search."""

import asyncio
import time

from streams.console.reading.forwards import Forwards, RecreatedError
from streams.kafka.raw.batches import Record, committed
from streams.kafka.raw.raw_log import RawLog
from streams.records.designations import key_text

MOST_PLACES = 200_000
"""Designations, some 150 bytes each; those of larger lists are searched for."""
SECONDS = 1.5
FETCH_BYTES = 64 << 10


class Listed:
    """What the designations topic holds, by id; read when it is first asked, and then what came since."""

    def __init__(self, log: RawLog, topic: str) -> None:
        self._log, self._topic = log, topic
        self._turn = asyncio.Lock()
        self._begin()

    def _begin(self) -> None:
        self._places: dict[str, tuple[int, int]] = {}
        self._whole = True
        self._forwards = Forwards(self._log, self._topic, self._take)

    @property
    def knows_all(self) -> bool:
        """Whether an id without a place is on no list."""
        return self._whole and not self._forwards.left

    async def newest(self, designation_id: str) -> Record | None:
        """Its newest record; None where none stands, or is known. Raises BrokerError, KafkaError."""
        async with self._turn:
            try:
                await self._forwards.read(time.monotonic() + SECONDS)
            except RecreatedError:
                self._begin()
                await self._forwards.read(time.monotonic() + SECONDS)
        place = self._places.get(designation_id)
        return await self._record(*place) if place else None

    async def _record(self, partition: int, offset: int) -> Record | None:
        sent = await self._log.fetch(self._topic, partition, offset, FETCH_BYTES)
        for batch in committed(sent.batches, sent.aborted):
            if batch.first <= offset <= batch.last:
                found = batch.records(partition, batch.unpacked())
                return next((record for record in found if record.offset == offset), None)
        return None

    def _take(self, record: Record) -> None:
        known = key_text(record.key)
        if record.value is None:
            self._places.pop(known, None)
        elif known in self._places or len(self._places) < MOST_PLACES:
            self._places[known] = record.partition, record.offset
        else:
            self._whole = False
