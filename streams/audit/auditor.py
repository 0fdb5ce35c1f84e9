"""Checks every sealed record, and reports what is not as it was written.

It reads checkpoints, decisions and alerts, each partition in its order, from topics or from an archive. It
keeps a few numbers for each session and partition, so ten years take little more memory than a day.

A repeat is told from a forgery by its place. A producer that got no answer sends its last records again at
once, so the same records come again before anything newer of their session, and within minutes. A copy of an
older record, or of one whose neighbours are hours younger, was made by somebody else.

Compacted topics lose records legitimately; there each record is checked by itself and by its time.
"""

import hmac
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import orjson

from streams.audit.beginnings import Beginnings, Mark
from streams.audit.chain import (
    HEADER,
    NO_KEY,
    Entry,
    Seal,
    alert_named,
    digest_of,
    heads_of,
    read_seal,
)
from streams.kafka.topics import ALERTS, AUDIT, CUSTOMER_ALERTS, CUSTOMER_PROOFS, DEAD_LETTERS, DECISIONS

REPEATS_KEPT = 10_000
"""A producer repeats a request at most, so it repeats the last few hundred records."""
REPEATED_WITHIN_MS = 5 * 60 * 1000
"""A producer gives up long before (40 s, and a pause of its broker)."""
TABLES = (CUSTOMER_ALERTS.name, CUSTOMER_PROOFS.name)
CLOCKS_MS = 15 * 60 * 1000
"""So far a record's own time may be from that of its seal: a topic may stamp it when it arrives."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was written; `place` is topic-partition@offset."""

    place: str
    problem: str


class Gap(NamedTuple):
    """Offsets of a payments partition, `end` not included, that no decision names."""

    topic: str
    partition: int
    first: int
    end: int

    def finding(self) -> Finding:
        which = (
            f"offset {self.first}"
            if self.end == self.first + 1
            else f"offsets {self.first} to {self.end - 1}"
        )
        return Finding(
            f"{self.topic}-{self.partition}@{self.first}", f"no decision about the payment at {which}"
        )


class _Partition(NamedTuple):
    topic: str
    partition: int

    def __str__(self) -> str:
        return f"{self.topic}-{self.partition}"


@dataclass(slots=True)
class _Session:
    """One writer's records in one partition."""

    first: int
    last: Seal
    recent: dict[int, bytes] = field(default_factory=dict)
    run: list[str] = field(default_factory=list)
    """Places of records that come again, until the last one has come again as well."""
    run_at: int = -1


@dataclass(slots=True)
class _Seen:
    """What was seen of one partition, by the times of its seals; `begins_at` is what retention has left."""

    begins_at: int = 0
    oldest_ms: int | None = None
    newest_ms: int = 0


@dataclass(slots=True)
class _Due:
    """What other records say about a session in a partition: that it has come to this number by then."""

    number: int
    at_ms: int
    said_by: str
    digest: str = ""


Runs = list[list[int]]
"""Offsets `[first, end)`, sorted and apart."""


class Auditor:
    """Takes every record of every partition, each in order; `findings` and `at_end` say what is wrong.

    `kept` are hashes of checkpoints that somebody stored elsewhere: each must be present.
    """

    def __init__(self, key: bytes = NO_KEY, kept: Iterable[str] = ()) -> None:
        self._key = key
        self._kept = set(kept)
        self._sessions: dict[tuple[_Partition, str], _Session] = {}
        self._partitions: dict[_Partition, _Seen] = {}
        self._events: dict[tuple[str, int], Runs] = {}
        self._settled: dict[tuple[str, int], int] = {}
        self._committed: dict[tuple[str, int], tuple[int, int]] = {}
        self._due: dict[tuple[_Partition, str], _Due] = {}
        self._beginnings = Beginnings()
        self.settled_before_ms: int | None = None
        """Payments decided before are looked at for gaps; None: all. What is younger may be under way."""
        self.records = self.unsealed = self.repeats = self.checkpoints = 0
        self.findings: list[Finding] = []

    def begins(self, topic: str, partition: int, begins_at: int) -> None:
        """The first offset that retention has left in a partition."""
        seen = self._partitions.setdefault(_Partition(topic, partition), _Seen())
        seen.begins_at = max(seen.begins_at, begins_at)

    def committed(self, topic: str, partition: int, first: int, end: int) -> None:
        """The workers' group has passed these offsets of a payments partition (`end` not included), so a
        decision must name each of them, even if none before or after it has one."""
        if first < end:
            self._committed[topic, partition] = (first, end)

    def take(self, entry: Entry, *, begins_at: int = 0) -> None:
        """One record; `begins_at` as in `begins`."""
        self.records += 1
        if entry.topic.endswith(DEAD_LETTERS.name):
            self.unsealed += 1
            return
        self.begins(entry.topic, entry.partition, begins_at)
        seal = self._seal(entry)
        if seal is None:
            return
        if entry.topic.endswith(TABLES):
            self._in_order(entry, seal)
        elif self._follow(entry, seal):
            self._note(entry, seal)

    def _seal(self, entry: Entry) -> Seal | None:
        """The record's seal, if it is valid for this record at this place."""
        sealed = entry.headers.get(HEADER)
        if sealed is None:
            self.unsealed += 1
            self._find(entry, "without a seal: none of our writers wrote it")
            return None
        try:
            seal = read_seal(sealed)
        except ValueError:
            self._find(entry, "its seal cannot be read")
            return None
        right = digest_of(self._key, entry.topic, entry.partition, seal, entry.key, entry.value)
        if not hmac.compare_digest(right, seal.digest):
            self._find(entry, f"altered, moved or forged: its seal {seal.session}/{seal.number} does not fit")
            return None
        if abs(entry.timestamp - seal.at_ms) > CLOCKS_MS:
            self._find(entry, "its time is not that of its seal")
        return seal

    def _in_order(self, entry: Entry, seal: Seal) -> None:
        """Check that a table's records of a key get newer: a copy of an older one would undo what came
        since."""
        seen = self._partitions[_Partition(entry.topic, entry.partition)]
        if seen.newest_ms - seal.at_ms > REPEATED_WITHIN_MS:
            self._find(entry, f"a copy of number {seal.number} of session {seal.session}, long after it")
        seen.newest_ms = max(seen.newest_ms, seal.at_ms)

    def _follow(self, entry: Entry, seal: Seal) -> bool:
        """Whether the record continues its session; False for a record that comes again."""
        partition = _Partition(entry.topic, entry.partition)
        seen, at = self._partitions[partition], (partition, seal.session)
        held = self._sessions.get(at)
        if held is not None and seal.number <= held.last.number:
            self._again(entry, seal, held, seen)
            return False
        if held is None:
            if seal.number and not seen.begins_at:
                self._missing(entry, seal.session, 0, seal.number)
            held = self._sessions[at] = _Session(seal.number, seal)
        else:
            self._copied(held)
            if seal.number > held.last.number + 1:
                self._missing(entry, seal.session, held.last.number + 1, seal.number)
            elif seal.before != held.last.digest:
                self._find(entry, f"does not follow number {held.last.number} as it stands")
        held.last = seal
        held.recent[seal.number] = seal.digest
        held.recent.pop(seal.number - REPEATS_KEPT, None)
        seen.newest_ms = max(seen.newest_ms, seal.at_ms)
        seen.oldest_ms = min(seal.at_ms, seen.oldest_ms or seal.at_ms)
        return True

    def _again(self, entry: Entry, seal: Seal, held: _Session, seen: _Seen) -> None:
        """A repeat by its producer, or a copy by somebody else."""
        which = f"number {seal.number} of session {seal.session}"
        if held.recent.get(seal.number) != seal.digest:
            self._find(entry, f"{which} comes again with another seal")
            return
        if seen.newest_ms - seal.at_ms > REPEATED_WITHIN_MS:
            self._find(entry, f"a copy of {which}, long after it")
            return
        if held.run and seal.number != held.run_at + 1:
            self._copied(held)
        held.run.append(entry.place)
        held.run_at = seal.number
        if seal.number == held.last.number:
            self.repeats += len(held.run)
            held.run.clear()

    def _copied(self, held: _Session) -> None:
        """Report records that came again without the last of their session: no producer repeats like that."""
        self.findings += self._copies(held)
        held.run.clear()

    def _copies(self, held: _Session) -> list[Finding]:
        return [
            Finding(place, f"a copy of an older record of session {held.last.session}") for place in held.run
        ]

    def _note(self, entry: Entry, seal: Seal) -> None:
        """Note what a record says about others: the event it decides, its alert, how far its session has
        come."""
        content = _content(entry.value)
        if (event := _event_of(content)) and entry.topic.endswith(DECISIONS.name):
            topic, number, offset = event
            _add(self._events.setdefault((topic, number), []), offset)
            if self.settled_before_ms is None or seal.at_ms < self.settled_before_ms:
                self._settled[topic, number] = max(self._settled.get((topic, number), 0), offset)
        if alert := alert_named(seal.alert):
            topic = entry.topic.removesuffix(DECISIONS.name) + ALERTS.name
            at = _Partition(topic, alert.partition), alert.session
            self._expect(at, _Due(alert.number, seal.at_ms, entry.place))
            self._beginnings.note(*at, Mark(alert.number - 1, seal.at_ms))
        if entry.topic.endswith(AUDIT.name):
            self._note_checkpoint(entry, seal, content)

    def _note_checkpoint(self, entry: Entry, seal: Seal, content: Mapping[str, object]) -> None:
        self.checkpoints += 1
        self._kept.discard(seal.digest.hex())
        if not seal.number:
            self._beginnings.began(seal.session, seal.at_ms)
        try:
            heads = heads_of(content)
        except ValueError:
            self._find(entry, "does not say how far its session has come")
            return
        for head in heads:
            at = _Partition(head.topic, head.partition), seal.session
            self._expect(at, _Due(head.number, seal.at_ms, entry.place, head.digest))
            self._beginnings.note(*at, Mark(head.number, seal.at_ms))

    def _expect(self, at: tuple[_Partition, str], due: _Due) -> None:
        """Note the highest number only: the session's own numbers show whether earlier ones are missing."""
        held = self._due.get(at)
        if held is None or due.number > held.number or (due.number == held.number and due.digest):
            self._due[at] = due

    def _missing(self, entry: Entry, session: str, first: int, end: int) -> None:
        which = f"number {first}" if end == first + 1 else f"numbers {first} to {end - 1}"
        self._find(entry, f"taken out before it: {which} of session {session}")

    def _find(self, entry: Entry, problem: str) -> None:
        self.findings.append(Finding(entry.place, problem))

    def at_end(self) -> Iterator[Finding]:
        """What only the end can show: copies there, truncated records, missing checkpoints."""
        for (partition, session), held in self._sessions.items():
            yield from self._copies(held)
            yield from self._beheaded(partition, session, held)
        for (partition, session), due in self._due.items():
            if problem := self._cut(partition, session, due):
                yield Finding(str(partition), problem)
        for kept in sorted(self._kept):
            yield Finding(
                AUDIT.name, f"the checkpoint {kept} is gone, and what was written up to it cannot be shown"
            )

    def _beheaded(self, partition: _Partition, session: str, held: _Session) -> Iterator[Finding]:
        """Report a session without its first records although retention has left older records."""
        seen = self._partitions[partition]
        if not held.first or not seen.begins_at or seen.oldest_ms is None:
            return
        if after := self._beginnings.taken_out(partition, session, held.first, seen.oldest_ms):
            which = f"numbers {after.number + 1} to {held.first - 1} of session {session}"
            yield Finding(
                str(partition), f"taken out at its beginning: {which}, though older records are there"
            )

    def _cut(self, partition: _Partition, session: str, due: _Due) -> str:
        held = self._sessions.get((partition, session))
        seen = self._partitions.get(partition, _Seen())
        if held is None:
            if seen.begins_at and (seen.oldest_ms is None or due.at_ms <= seen.oldest_ms):
                return ""  # retention took it
            return f"every record of session {session} is gone; {due.said_by} names its number {due.number}"
        if due.number > held.last.number:
            cut = f"numbers {held.last.number + 1} to {due.number}"
            return f"cut off at its end: {cut} of session {session}, which {due.said_by} names"
        digest = held.recent.get(due.number, b"").hex()
        if due.digest and digest and digest != due.digest:
            return f"number {due.number} of session {session} is not what {due.said_by} says"
        return ""

    def also_decided(self, entry: Entry) -> None:
        """Note a decision that came while the audit read; the next audit checks it."""
        if event := _event_of(_content(entry.value)):
            topic, number, offset = event
            _add(self._events.setdefault((topic, number), []), offset)

    def undecided(self) -> Iterator[Gap]:
        """Payment events that no decision names, between others that have one or before the group's offsets;
        transaction markers leave such gaps too."""
        for topic, partition in sorted(self._events.keys() | self._committed.keys()):
            runs = self._events.get((topic, partition), [])
            settled = self._settled.get((topic, partition), -1)
            for (_, end), (start, _) in pairwise(runs):
                if start <= settled:
                    yield Gap(topic, partition, end, start)
            first, passed = self._committed.get((topic, partition), (0, 0))
            begins = min(runs[0][0], passed) if runs else passed
            if first < begins:
                yield Gap(topic, partition, first, begins)
            if runs and (ends := max(first, runs[-1][1])) < passed:
                yield Gap(topic, partition, ends, passed)

    def decisions_kept_since(self) -> float | None:
        """From when on every payment's decision is present (Unix time), by the seals; None if retention has
        deleted none."""
        cut = [
            seen.oldest_ms
            for at, seen in self._partitions.items()
            if at.topic.endswith(DECISIONS.name) and seen.begins_at and seen.oldest_ms is not None
        ]
        return (max(cut) + CLOCKS_MS) / 1000 if cut else None

    def heads(self) -> dict[str, str]:
        """The last seal of each session in each partition: what an export's manifest records."""
        return {
            f"{partition}/{session}": f"{held.last.number}/{held.last.digest.hex()}"
            for (partition, session), held in self._sessions.items()
        }


def _content(value: bytes | None) -> Mapping[str, object]:
    try:
        content = orjson.loads(value or b"{}")
    except orjson.JSONDecodeError:
        return {}
    return content if isinstance(content, dict) else {}


def _event_of(content: Mapping[str, object]) -> tuple[str, int, int] | None:
    """The place of a decision's event: topic, partition, offset."""
    match content.get("event"):
        case {"topic": str(topic), "partition": int(partition), "offset": int(offset)}:
            return topic, partition, offset
    return None


def _add(runs: Runs, offset: int) -> None:
    """Note an offset; nearly always it lengthens the last run."""
    if runs and runs[-1][1] == offset:
        runs[-1][1] += 1
        return
    place = bisect_left(runs, [offset + 1])
    if place and runs[place - 1][1] > offset:
        return
    runs.insert(place, [offset, offset + 1])
    if place + 1 < len(runs) and runs[place + 1][0] == offset + 1:
        runs[place][1] = runs.pop(place + 1)[1]
    if place and runs[place - 1][1] == offset:
        runs[place - 1][1] = runs.pop(place)[1]
