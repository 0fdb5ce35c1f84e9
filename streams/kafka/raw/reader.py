"""Records of partitions that are assigned by hand, for code that runs in no event loop of its own.

librdkafka unpacks every batch of a fetch however large it becomes, before anybody is asked. Here what a
broker sends stays packed until it is its turn, and one batch at a time is unpacked, up to the limits of
`compression`. So a reader holds two answers of each partition, packed, one batch, and what `poll` gave.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import NamedTuple

import confluent_kafka
from aiokafka.errors import KafkaError, UnknownError

from streams.kafka.connection import asyncio_options
from streams.kafka.options import ClientOptions
from streams.kafka.provisioning import BrokerError
from streams.kafka.raw.batches import Entry, batches, committed
from streams.kafka.raw.compression import MOST_OF_OURS
from streams.kafka.raw.fetching import At, Came, Fetching
from streams.kafka.raw.raw_log import RawLog
from streams.kafka.topics import PAYMENTS
from streams.resource import Resource

log = logging.getLogger(__name__)
MOST_AT_ONCE_BYTES = 32 << 20
"""Of the records of one `poll`, beside the last: any of them may have 64 MiB."""
CLOSE_SECONDS = 10.0


class End(NamedTuple):
    """A partition has nothing more for now, or nothing more before the end that was asked for."""

    offset: int


class NotUnpacked(NamedTuple):
    """Offsets of a batch that is not unpacked, `end` not included, and why."""

    offset: int
    end: int
    why: str

    def refusal(self, topic: str) -> BrokerError:
        """What a reader raises that may not pass over it: what it holds may be a person's word."""
        return BrokerError(
            f"{topic}: offset {self.offset}: {self.why}, up to offset {self.end - 1}, which nobody reads; "
            "have its records written again under the same keys in smaller batches, and this one compacted "
            "away (set the topic's min.compaction.lag.ms to 0 meanwhile) or deleted (kafka-delete-records.sh)"
        )


Event = Entry | End | NotUnpacked


class _Answer:
    """What one fetch brought of a partition, unpacked a batch at a time from `offset` on."""

    def __init__(self, came: Came) -> None:
        self.at, self.offset, self.begun = came.at, came.offset, False
        if isinstance(came.what, KafkaError):
            raise confluent_kafka.KafkaException(_librdkafkas(came.what))
        self.end = came.what.end
        self._behind = max([came.offset, *(batch.last + 1 for batch in batches(came.what.batches))])
        """Also behind what nobody reads: marks of transactions, and what was aborted."""
        self._batches = list(committed(came.what.batches, came.what.aborted))
        self.events = self._read()

    def pack(self) -> None:
        """Let go of what was unpacked: it is unpacked again when it goes on."""
        self.events = self._read()

    def _read(self) -> Iterator[Event]:
        most = None if self.at[0].endswith(PAYMENTS.name) else MOST_OF_OURS
        for batch in self._batches:
            if batch.last < self.offset:
                continue
            try:
                for entry in batch.entries(batch.unpacked(most)):
                    if entry.offset >= self.offset:
                        self.offset = entry.offset + 1
                        yield entry
            except (KafkaError, IndexError) as error:
                first, self.offset = self.offset, batch.last + 1
                why = str(error.args[0] if error.args else type(error).__name__)
                yield NotUnpacked(first, batch.last + 1, why)
            self.offset = batch.last + 1
        self.offset = self._behind


class Reader(Resource):
    """Reads in a thread of its own, which the first `assign` starts; `client` are librdkafka's options.

    One fetch brings about `most_bytes`; a broker that has nothing waits for `wait_ms` before it says so.
    """

    def __init__(self, client: ClientOptions, name: str, most_bytes: int, wait_ms: int) -> None:
        self._client, self._name, self._most, self._wait_ms = client, name, most_bytes, wait_ms
        self._came: SimpleQueue[Came] = SimpleQueue()
        self._answers: list[_Answer] = []
        """In the order in which they are read."""
        self._held: set[At] = set()
        self._ended: dict[At, int] = {}
        self._ends: Mapping[At, int] = {}
        self._order = 0
        self._thread: threading.Thread | None = None
        self._stop: Callable[[], object] = bool
        self._loop: asyncio.AbstractEventLoop
        self._fetching: Fetching

    def assign(self, firsts: Mapping[At, int], ends: Mapping[At, int] | None = None) -> None:
        """Read these partitions from there on, and no others; up to its end where one is given."""
        self._order += 1
        self._ends = ends or {}
        self._answers.clear()
        self._held.clear()
        self._ended.clear()
        if self._thread is None and firsts:
            self._start()
        if self._thread is not None:
            self._ask(partial(self._fetching.want, self._order, dict(firsts), self._ends))

    def poll(self, most: int, seconds: float) -> list[tuple[At, Event]]:
        """What has arrived, each partition's in its order, and the ends that were reached, each once. Waits
        only while there is nothing.

        Raises confluent_kafka.KafkaException for what the broker refuses.
        """
        give_up_at = time.monotonic() + seconds
        found: list[tuple[At, Event]] = []
        while True:
            self._sort_in(0.0)
            self._take(found, most)
            left = give_up_at - time.monotonic()
            if found or left <= 0:
                return found
            self._sort_in(left)

    def hold(self, at: At, *, held: bool) -> None:
        """Give nothing of a partition, or go on with it."""
        if held:
            self._held.add(at)
            for answer in self._answers:
                if answer.at == at:
                    answer.pack()
        else:
            self._held.discard(at)

    def close(self) -> None:
        if self._thread is not None:
            self._ask(self._stop)
            self._thread.join(CLOSE_SECONDS)
            self._thread = None

    def _take(self, found: list[tuple[At, Event]], most: int) -> None:
        size = 0
        for answer in [each for each in self._answers if each.at not in self._held]:
            at = answer.at
            if not answer.begun:
                answer.begun = True
                self._ask(partial(self._fetching.taken, at))
            for event in answer.events:
                found.append((at, event))
                if isinstance(event, Entry) and event.value is not None:
                    size += len(event.value)
                if len(found) >= most or size >= MOST_AT_ONCE_BYTES:
                    return
            self._answers.remove(answer)
            found += self._end(answer)

    def _end(self, answer: _Answer) -> list[tuple[At, Event]]:
        """Whether the partition ended with this answer, which is said once."""
        at = answer.at
        if answer.offset < min(answer.end, self._ends.get(at, answer.end)) or (
            self._ended.get(at) == answer.offset
        ):
            return []
        self._ended[at] = answer.offset
        return [(at, End(answer.offset))]

    def _sort_in(self, seconds: float) -> None:
        """What has come; waits so long for the first."""
        with suppress(Empty):
            came = self._came.get(timeout=seconds) if seconds else self._came.get_nowait()
            while True:
                if came.order == self._order:
                    self._answers.append(_Answer(came))
                came = self._came.get_nowait()

    def _start(self) -> None:
        ready = threading.Event()
        options = asyncio_options(self._client)
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._run(options, ready)), name=self._name, daemon=True
        )
        self._thread.start()
        ready.wait()

    async def _run(self, options: ClientOptions, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._fetching = Fetching(RawLog(options, self._name), self._most, self._wait_ms, self._came.put)
        running = asyncio.create_task(self._fetching.run())
        self._stop = running.cancel
        ready.set()
        try:
            await running
        except asyncio.CancelledError:
            return
        except Exception:  # whoever waits for records would wait for ever
            log.exception("reading ended")
            self._came.put(Came(self._order, ("", 0), 0, UnknownError()))

    def _ask(self, what: Callable[[], object]) -> None:
        """Have it done in the loop of the thread."""
        with suppress(RuntimeError):  # it is closed
            self._loop.call_soon_threadsafe(what)


def _librdkafkas(error: KafkaError) -> confluent_kafka.KafkaError:
    """The same error as librdkafka names it."""
    return confluent_kafka.KafkaError(error.errno)
