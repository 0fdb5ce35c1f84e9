"""Asks each leader for all partitions that are wanted of it in one question, as often as it answers."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from aiokafka.errors import (
    KafkaConnectionError,
    KafkaError,
    LeaderNotAvailableError,
    OffsetOutOfRangeError,
    UnknownTopicOrPartitionError,
    for_code,
)
from aiokafka.protocol.fetch import FetchRequest
from aiokafka.structs import TopicPartition

from streams.kafka.provisioning import BrokerError
from streams.kafka.raw.batches import batches
from streams.kafka.raw.raw_log import RawLog, Sent, sent_of

PAUSE_SECONDS = 0.2
UNKNOWN_ATTEMPTS = 25
"""A topic of which a broker knows nothing may be so new that only others know it: five seconds."""
NO_END = 1 << 63
_COMMITTED = 1
At = tuple[str, int]
"""A topic and one of its partitions."""


class Came(NamedTuple):
    """What a leader answered of one partition: what it sent from `offset` on, or the error that ends it.

    `order` is that of the `want` that it answers.
    """

    order: int
    at: At
    offset: int
    what: Sent | KafkaError


@dataclass(slots=True)
class _Wanted:
    """A partition: where the next fetch begins, and where it is of no more use."""

    offset: int
    end: int
    asked: bool = False
    """A question about it is under way, or its answer was not taken yet."""
    unknown: int = 0


class Fetching:
    """One answer of each partition waits until `taken` is called, so what is not read yet has a bound.

    Runs in its own loop; `came` is called there with each answer. Passing errors are tried again after a
    pause, for as long as they last; what does not pass is given to `came`, once for each partition.
    """

    def __init__(self, log: RawLog, most_bytes: int, wait_ms: int, came: Callable[[Came], None]) -> None:
        self._log, self._most, self._wait_ms, self._came = log, most_bytes, wait_ms, came
        self._wanted: dict[At, _Wanted] = {}
        self._changed = asyncio.Event()
        self._flying: dict[int, asyncio.Task[None]] = {}
        self._pausing: set[asyncio.Task[None]] = set()
        self._order = self._rounds = 0

    def want(self, order: int, firsts: Mapping[At, int], ends: Mapping[At, int]) -> None:
        """Read these from there on, and no others; up to its end where a partition has one."""
        self._order = order
        self._wanted = {at: _Wanted(first, ends.get(at, NO_END)) for at, first in firsts.items()}
        self._changed.set()

    def taken(self, at: At) -> None:
        """The answer about this partition was taken: ask on."""
        if at in self._wanted:
            self._wanted[at].asked = False
            self._changed.set()

    async def run(self) -> None:
        """Until cancelled."""
        try:
            while True:
                self._changed.clear()
                for node, places in (await self._by_leader()).items():
                    self._flying[node] = asyncio.create_task(self._ask(node, places))
                await self._changed.wait()
        finally:
            tasks = [*self._flying.values(), *self._pausing]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._log.stop()

    async def _by_leader(self) -> dict[int, dict[At, _Wanted]]:
        """What is to be asked of whom; of a leader that has not answered yet, nothing."""
        found: dict[int, dict[At, _Wanted]] = {}
        for at, wanted in self._in_turn():
            if wanted.asked or wanted.offset >= wanted.end:
                continue
            try:
                node = await self._leader(at)
            except KafkaError as error:
                self._pause({at: wanted}, error)
            else:
                if node not in self._flying:
                    wanted.asked = True
                    found.setdefault(node, {})[at] = wanted
        return found

    def _in_turn(self) -> list[tuple[At, _Wanted]]:
        """A broker sends a batch that is larger than a fetch only where it is the first of its answer."""
        wanted, self._rounds = [*self._wanted.items()], self._rounds + 1
        begin = self._rounds % len(wanted) if wanted else 0
        return wanted[begin:] + wanted[:begin]

    async def _leader(self, at: At) -> int:
        client = await self._log.connected()
        known = client.cluster.leader_for_partition(TopicPartition(*at))
        if known is None:
            await client.add_topic(at[0])
            known = client.cluster.leader_for_partition(TopicPartition(*at))
        if known is None or known < 0:
            raise LeaderNotAvailableError(f"{at[0]}-{at[1]}")
        return int(known)

    def _pause(self, places: Mapping[At, _Wanted], error: KafkaError) -> None:
        """Ask about these again later, while the others are asked about."""
        for wanted in places.values():
            wanted.asked = True
        task = asyncio.create_task(self._failed(places, error))
        self._pausing.add(task)
        task.add_done_callback(self._pausing.discard)

    async def _ask(self, node: int, places: Mapping[At, _Wanted]) -> None:
        try:
            answer = await self._send(node, places)
        except (KafkaError, OSError, TimeoutError) as error:
            self._pause(places, error if isinstance(error, KafkaError) else KafkaConnectionError(str(error)))
        else:
            for topic, partitions in answer:
                for found in partitions:
                    at = (topic, int(found[0]))
                    await self._answered(at, places[at], found)
        finally:
            del self._flying[node]
            self._changed.set()

    async def _send(self, node: int, places: Mapping[At, _Wanted]) -> list[tuple[str, list[tuple[int, ...]]]]:
        topics: dict[str, list[tuple[int, int, int]]] = {}
        for (topic, partition), wanted in places.items():
            topics.setdefault(topic, []).append((partition, wanted.offset, self._most))
        asked = FetchRequest(self._wait_ms, 1, self._most, _COMMITTED, [*topics.items()], "")
        answer = await (await self._log.connected()).send(node, asked)
        error = for_code(getattr(answer, "error_code", 0))
        if error.errno != 0:
            raise error()
        return list(answer.topics)

    async def _answered(self, at: At, wanted: _Wanted, found: tuple[int, ...]) -> None:
        try:
            sent = sent_of(found)
        except OffsetOutOfRangeError:
            await self._begin_anew(at, wanted)
        except KafkaError as error:
            self._pause({at: wanted}, error)
        else:
            begin, wanted.unknown = wanted.offset, 0
            wanted.offset = max([begin, *(batch.last + 1 for batch in batches(sent.batches))])
            self._give(at, wanted, begin, sent)

    def _give(self, at: At, wanted: _Wanted, begin: int, what: Sent | KafkaError) -> None:
        if self._wanted.get(at) is wanted:  # else something else is read by now
            self._came(Came(self._order, at, begin, what))

    async def _begin_anew(self, at: At, wanted: _Wanted) -> None:
        """Retention took what was asked for, or the topic was recreated: what is left is read."""
        try:
            reach = (await self._log.reach(at[0]))[at[1]]
        except (KafkaError, BrokerError, KeyError):
            self._pause({at: wanted}, LeaderNotAvailableError())
        else:
            wanted.offset = reach.first
            self._give(at, wanted, reach.first, Sent(b"", [], reach.end))

    async def _failed(self, places: Mapping[At, _Wanted], error: KafkaError) -> None:
        """Ask again after a pause, and who leads; or give the error to who reads."""
        asked_again = list[_Wanted]()
        for at, wanted in places.items():
            wanted.unknown += isinstance(error, UnknownTopicOrPartitionError)
            if error.retriable and wanted.unknown < UNKNOWN_ATTEMPTS:
                asked_again.append(wanted)
            else:
                self._give(at, wanted, wanted.offset, error)
        await asyncio.sleep(PAUSE_SECONDS)
        with suppress(KafkaError, OSError):
            await (await self._log.connected()).force_metadata_update()
        for wanted in asked_again:
            wanted.asked = False
        self._changed.set()
