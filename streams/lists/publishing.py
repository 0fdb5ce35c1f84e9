"""Publishing a list: what differs between a file and the topic, sent between two markers.

The topic is the only state. A publisher reads it to its end, sends `begin`, the entries that differ and
`commit`, each acknowledged by every in-sync replica, then reads the topic again and checks that it holds the
file. One that is killed half-way leaves a topic that the next run brings to its own file's state.

Two publications of one list at once: the `begin` that stands first in the topic goes on, the other waits for
its `commit`. A run that fell silent is superseded by name; should it wake up, it sees that and stops.
"""

import asyncio
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from aiokafka import AIOKafkaProducer, ConsumerRecord, TopicPartition

from screening.completeness import ListDigest
from screening.designations import Designation
from screening.ledger import MarkerType
from screening.lists import ListError
from streams.errors import CannotProceedError
from streams.kafka.consumer import new_consumer
from streams.records.designations import is_marker, key_text, marker_key
from streams.records.json import CONTENT_TYPE, designation_to_json

MAX_SHRINK = 0.10
"""A list that loses more than this share at once is more likely truncated than amended."""
SILENT_SECONDS = 10.0
"""A publication that sent nothing for so long is taken for dead; a live one sends every few milliseconds."""
WAIT_SECONDS = 60.0
"""How long another publication of the same list is waited for."""
ATTEMPTS = 3
"""How often the topic is brought to the file's state when somebody else wrote in between."""
IN_FLIGHT = 500  # records sent before their acknowledgements are awaited

Progress = Callable[[int, int], None]
"""Called with records sent so far and records to send."""


class PublicationConflictError(CannotProceedError):
    """Another publication of the same list is in the way; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication did; all zero for a list that was there already."""

    list_name: str
    version: str
    entries: int
    sha256: str
    added: int = 0
    amended: int = 0
    removed: int = 0
    committed: bool = False
    """False: the topic held exactly this, and nothing was sent."""
    changes: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """("added" | "amended" | "removed", designation id) for every difference."""


@dataclass(slots=True)
class TopicState:
    """One list as the topic holds it."""

    entries: dict[str, bytes] = field(default_factory=dict)
    commit: dict[str, Any] = field(default_factory=dict)
    """The last commit marker; empty if there is none."""
    open_runs: list[str] = field(default_factory=list)
    """Runs that began after it, in the topic's order."""
    last_record_at: float = 0.0
    """Unix time of the list's last record, by the clock that the topic is set up to stamp with."""

    def apply(self, record: ConsumerRecord[bytes, bytes], list_name: str) -> None:
        key = key_text(record.key)
        if not key.startswith(f"{list_name}:"):
            return
        self.last_record_at = record.timestamp / 1000
        if key == marker_key(list_name, MarkerType.BEGIN) and record.value:
            marker = orjson.loads(record.value)
            superseded = marker.get("supersedes", [])
            self.open_runs = [run for run in self.open_runs if run not in superseded]
            self.open_runs.append(str(marker.get("run")))
        elif key == marker_key(list_name, MarkerType.COMMIT) and record.value:
            self.commit = orjson.loads(record.value)
            self.open_runs.clear()
        elif record.value is None:
            self.entries.pop(key, None)
        else:
            self.entries[key] = record.value

    def rival(self, own: str) -> str | None:
        """A run that began before `own` and shows signs of life."""
        first = self.open_runs[0] if self.open_runs else None
        alive = time.time() - self.last_record_at < SILENT_SECONDS
        return first if alive and first != own else None


@dataclass(frozen=True, slots=True)
class Difference:
    """What must be sent so that the topic holds the file."""

    added: Mapping[str, bytes]
    amended: Mapping[str, bytes]
    removed: tuple[str, ...]

    @classmethod
    def between(cls, wanted: Mapping[str, bytes], held: Mapping[str, bytes]) -> "Difference":
        return cls(
            added={key: value for key, value in wanted.items() if key not in held},
            amended={key: value for key, value in wanted.items() if held.get(key, value) != value},
            removed=tuple(key for key in held if key not in wanted),
        )

    def records(self) -> Iterable[tuple[str, bytes | None]]:
        """Additions first, delistings last: half-way through, too many are stopped rather than too few."""
        yield from self.added.items()
        yield from self.amended.items()
        for key in self.removed:
            yield key, None

    def changes(self) -> Iterator[tuple[str, str]]:
        for what, ids in (("added", self.added), ("amended", self.amended), ("removed", self.removed)):
            yield from ((what, designation_id) for designation_id in ids)

    def __len__(self) -> int:
        return len(self.added) + len(self.amended) + len(self.removed)


async def publish(
    client: Mapping[str, Any],
    designations: Iterable[Designation],
    *,
    list_name: str,
    topic: str,
    source_date: str = "",
    source_sha256: str = "",
    max_shrink: float = MAX_SHRINK,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Published:
    """Bring one list on the topic to the state of `designations`; `client` are aiokafka's options.

    Raises ListError for what must not be published and PublicationConflictError when another publication of
    the list is under way; in both cases the list in force is as it was.
    """
    entries, digest = _encoded(designations, list_name)
    version = "-".join(filter(None, (source_date, digest.sha256[:12])))
    async with _Log(client, topic, list_name) as log:
        await log.refresh()
        difference = Difference.between(entries, log.state.entries)
        _refuse(list_name, entries, difference, log.state, source_date, max_shrink)
        stands = not difference and log.state.commit.get("version") == version and not log.state.open_runs
        outcome = Published(
            list_name,
            version,
            digest.count,
            digest.sha256,
            added=len(difference.added),
            amended=len(difference.amended),
            removed=len(difference.removed),
            committed=not stands,
            changes=tuple(difference.changes()),
        )
        if stands or dry_run:
            return outcome
        marker = {
            "list": list_name,
            "version": version,
            "count": digest.count,
            "sha256": digest.sha256,
            "run": uuid.uuid4().hex,
            "source_date": source_date,
            "source_sha256": source_sha256,
        }
        for _ in range(ATTEMPTS):
            await _claim(log, marker)
            await _bring(log, entries, marker, progress)
            await log.refresh()
            if log.state.entries == entries:
                return outcome
        raise PublicationConflictError(
            f"list {list_name}: somebody else keeps writing its entries; publish again"
        )


async def _claim(log: "_Log", marker: Mapping[str, Any]) -> None:
    """Begin once no other run is under way; the topic's order decides between two that begin together."""
    give_up_at = time.monotonic() + WAIT_SECONDS
    while log.state.open_runs[:1] != [marker["run"]]:
        if rival := log.state.rival(own=marker["run"]):
            await _wait_for(rival, log, give_up_at)
        else:
            await log.mark(MarkerType.BEGIN, {**marker, "supersedes": log.state.open_runs})
            await log.refresh()


async def _wait_for(rival: str, log: "_Log", give_up_at: float) -> None:
    if time.monotonic() > give_up_at:
        raise PublicationConflictError(
            f"list {log.list_name} is being published by run {rival}; try again later"
        )
    await asyncio.sleep(0.5)
    await log.refresh()


async def _bring(
    log: "_Log", entries: Mapping[str, bytes], marker: Mapping[str, Any], progress: Progress | None
) -> None:
    """Send what differs, then commit unless a later run has taken over."""
    difference = Difference.between(entries, log.state.entries)
    for sent, (key, value) in enumerate(difference.records(), 1):
        await log.send(key, value)
        if progress:
            progress(sent, len(difference))
    await log.delivered()
    await log.refresh()
    if log.state.open_runs[:1] != [marker["run"]]:
        raise PublicationConflictError(f"list {log.list_name}: another run took over; its file is in force")
    await log.mark(MarkerType.COMMIT, marker)


def _encoded(designations: Iterable[Designation], list_name: str) -> tuple[dict[str, bytes], ListDigest]:
    entries: dict[str, bytes] = {}
    digest = ListDigest()
    for designation in designations:
        if designation.source != list_name:
            raise ListError(f"{designation.id} does not belong to list {list_name}")
        if is_marker(designation.id):
            raise ListError(f"{designation.id} is the key of a marker; the entry needs another uid")
        if designation.id in entries:
            raise ListError(f"{designation.id} stands twice in the file; each entry needs an id of its own")
        value = designation_to_json(designation)
        entries[designation.id] = value
        digest.add(designation.id.encode(), value)
    return entries, digest


def _refuse(
    list_name: str,
    entries: Mapping[str, bytes],
    difference: Difference,
    state: TopicState,
    source_date: str,
    max_shrink: float,
) -> None:
    if not entries:
        raise ListError(f"list {list_name}: the file has no entries; an empty list would clear everybody")
    shrunk = len(difference.removed) / len(state.entries) if state.entries else 0.0
    if shrunk > max_shrink:
        raise ListError(
            f"list {list_name}: {len(difference.removed)} of {len(state.entries)} entries would go "
            f"({shrunk:.0%}, at most {max_shrink:.0%}); if that is right, say so with --max-shrink"
        )
    before, after = _names(state.entries), _names(entries)
    if before - after > max_shrink * before:
        raise ListError(
            f"list {list_name}: {before - after} of {before} names would go (at most {max_shrink:.0%}), "
            "as when a file of aliases is cut; if that is right, say so with --max-shrink"
        )
    held_date = str(state.commit.get("source_date", ""))
    if source_date and held_date and source_date < held_date:
        raise ListError(f"list {list_name}: the file is of {source_date}, the list in force of {held_date}")


def _names(entries: Mapping[str, bytes]) -> int:
    return sum(len(orjson.loads(value).get("names", ())) for value in entries.values())


class _Log:
    """The designations topic as the publisher of one list reads and writes it."""

    def __init__(self, client: Mapping[str, Any], topic: str, list_name: str) -> None:
        self.list_name = list_name
        self.state = TopicState()
        self._topic = topic
        self._partition = TopicPartition(topic, 0)
        self._consumer = new_consumer(client, auto_offset_reset="none", fetch_max_wait_ms=20)
        self._producer = AIOKafkaProducer(
            **client, acks="all", compression_type="gzip", max_request_size=8 << 20
        )
        self._waiting: list[Any] = []

    async def __aenter__(self) -> "_Log":
        try:
            await self._consumer.start()
            if self._topic not in await self._consumer.topics():
                raise ListError(f"there is no topic {self._topic}; create it with `interdict topics create`")
            self._consumer.assign([self._partition])
            await self._consumer.seek_to_beginning(self._partition)
            await self._producer.start()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._producer.stop()
        await self._consumer.stop()

    async def refresh(self) -> None:
        """Read on to the topic's end at this moment."""
        end = (await self._consumer.end_offsets([self._partition]))[self._partition]
        while await self._consumer.position(self._partition) < end:
            for records in (await self._consumer.getmany(timeout_ms=200)).values():
                for record in records:
                    self.state.apply(record, self.list_name)

    async def send(self, key: str, value: bytes | None) -> None:
        sent = await self._producer.send(self._topic, value, key=key.encode(), headers=[CONTENT_TYPE])
        self._waiting.append(sent)
        if len(self._waiting) >= IN_FLIGHT:
            await self.delivered()

    async def delivered(self) -> None:
        waiting, self._waiting = self._waiting, []
        for sent in waiting:
            await sent

    async def mark(self, kind: MarkerType, marker: Mapping[str, Any]) -> None:
        """A marker, acknowledged before anything after it is sent."""
        record = {"marker": kind, **marker, "published_at": datetime.now(UTC).isoformat()}
        await self.send(marker_key(marker["list"], kind), orjson.dumps(record))
        await self.delivered()
