"""A chain over the decisions, so that one that was altered or taken out is found.

Every worker session (one start of one worker) numbers what it writes to each partition and seals each record
with a digest over the digest before it and the record. The header `interdict.audit` carries
`session/number/digest before/digest`. Whoever reads a partition in order can check every link by itself,
whichever workers wrote in between.

What that shows, and what it cannot:

- a record altered, taken out or put in between two others of its session: found by the chain;
- a payment whose decisions were all taken out, a whole session too: found by the events that decisions name,
  since the payments topic numbers them without gaps;
- the same record twice, because a producer repeated a request: allowed, it is byte for byte the same;
- a record that no worker wrote, without a seal: found where the partition has seals before it;
- the newest records taken off the end, with no decision of a later payment behind them: shown only by an
  export made before, whose manifest keeps the last seals;
- everything rewritten by somebody who may write to the topic: shown only with a key
  (`INTERDICT_AUDIT_KEY_FILE`) that workers and auditors have and that writer has not;
- a request that the broker refused for good leaves its numbers unused; its worker ended then, and said so.
"""

import hmac
import uuid
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

import orjson

HEADER = "interdict.audit"
NO_KEY = b"interdict"
"""Without a key the chain still shows accidents and whoever does not recompute it."""
LOOKBACK = "lookback"
"""Alerts of this trigger come from a command, not from a worker's session, and carry no seal."""
REPEATS_KEPT = 10_000
"""A producer repeats a request at most, so it repeats the last few hundred records."""


def seal(key: bytes, before: bytes, record_key: bytes | None, value: bytes | None) -> bytes:
    """HMAC-SHA256 over the digest before and the record; lengths keep key and value apart (RFC 2104)."""
    name, body = record_key or b"", value or b""
    return hmac.digest(key, before + len(name).to_bytes(4) + name + body, "sha256")


class Chain:
    """The links of one session, a chain for each partition it writes to."""

    def __init__(self, key: bytes = NO_KEY, session: str = "") -> None:
        self.session = session or uuid.uuid4().hex[:16]
        self._key = key
        self._ends: dict[tuple[str, int], tuple[int, bytes]] = {}

    def link(
        self, topic: str, partition: int, record_key: bytes | None, value: bytes | None
    ) -> tuple[str, bytes]:
        """The header of the next record to this partition; call it in the order of sending."""
        number, before = self._ends.get((topic, partition), (0, b""))
        digest = seal(self._key, before, record_key, value)
        self._ends[topic, partition] = (number + 1, digest)
        return HEADER, f"{self.session}/{number}/{before.hex()}/{digest.hex()}".encode()

    def end(self, topic: str, partition: int) -> "End":
        """Where a partition's chain stands, for `rewind`."""
        return self._ends.get((topic, partition), (0, b""))

    def rewind(self, topic: str, partition: int, end: "End") -> None:
        """Take back the links since `end`: the broker has refused their records, which others replace."""
        self._ends[topic, partition] = end


End = tuple[int, bytes]
"""How many records a chain has, and the last digest."""


class Entry(NamedTuple):
    """A record under audit, read from a topic or from an export."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was written; `place` is topic-partition@offset."""

    place: str
    problem: str


class _Link(NamedTuple):
    session: str
    number: int
    before: bytes
    digest: bytes


@dataclass(slots=True)
class _Session:
    last: _Link
    recent: dict[int, bytes] = field(default_factory=dict)


class Auditor:
    """Takes every record of every partition, each partition in order, and collects what is wrong."""

    def __init__(self, key: bytes = NO_KEY) -> None:
        self._key = key
        self._sessions: dict[tuple[str, int, str], _Session] = {}
        self._sealed: set[tuple[str, int]] = set()
        self._events: dict[tuple[str, int], list[list[int]]] = {}
        self.records = self.unsealed = self.repeats = 0
        self.findings: list[Finding] = []

    def take(self, entry: Entry, *, begins_at: int = 0) -> None:
        """One record; `begins_at` is the first offset that retention has left in its partition."""
        self.records += 1
        told = _told(entry.value)
        self._note_event(told)
        place = f"{entry.topic}-{entry.partition}@{entry.offset}"
        sealed = entry.headers.get(HEADER)
        if sealed is None:
            self.unsealed += 1
            if (entry.topic, entry.partition) in self._sealed and not _of_lookback(told):
                self.findings.append(Finding(place, "without a seal among records that have one"))
            return
        self._sealed.add((entry.topic, entry.partition))
        try:
            session, count, before, digest = sealed.decode().split("/")
            link = _Link(session, int(count), bytes.fromhex(before), bytes.fromhex(digest))
        except ValueError:
            self.findings.append(Finding(place, "its seal cannot be read"))
            return
        if not hmac.compare_digest(seal(self._key, link.before, entry.key, entry.value), link.digest):
            self.findings.append(Finding(place, f"altered: its seal {session}/{count} is for something else"))
        self._follow(place, (entry.topic, entry.partition, session), link, begins_at)

    def _follow(self, place: str, at: tuple[str, int, str], link: "_Link", begins_at: int) -> None:
        """Does the link continue its session?"""
        held = self._sessions.get(at)
        if held is None:
            if link.number and not begins_at:
                self._missing(place, link.session, 0, link.number)
            held = self._sessions[at] = _Session(link)
        elif link.number <= held.last.number:
            if held.recent.get(link.number) == link.digest:
                self.repeats += 1
            else:
                again = f"number {link.number} of session {link.session} comes again with another seal"
                self.findings.append(Finding(place, again))
            return
        elif link.number > held.last.number + 1:
            self._missing(place, link.session, held.last.number + 1, link.number)
        elif link.before != held.last.digest:
            self.findings.append(Finding(place, f"does not follow number {held.last.number} as it stands"))
        held.last = link
        held.recent[link.number] = link.digest
        held.recent.pop(link.number - REPEATS_KEPT, None)

    def _missing(self, place: str, session: str, first: int, end: int) -> None:
        which = f"number {first}" if end == first + 1 else f"numbers {first} to {end - 1}"
        self.findings.append(Finding(place, f"taken out before it: {which} of session {session}"))

    def _note_event(self, told: Mapping[str, Any]) -> None:
        if event := told.get("event"):
            _add(self._events.setdefault((event["topic"], event["partition"]), []), event["offset"])

    def undecided(self) -> Iterator[Finding]:
        """Payment events between others that no decision names; transactions leave such gaps too."""
        for (topic, partition), runs in sorted(self._events.items()):
            for (_, end), (start, _) in pairwise(runs):
                which = f"offset {end}" if start == end + 1 else f"offsets {end} to {start - 1}"
                yield Finding(f"{topic}-{partition}@{end}", f"no decision about the payment at {which}")

    def heads(self) -> dict[str, str]:
        """The last seal of each session in each partition: what an export's manifest keeps."""
        return {
            f"{topic}-{partition}/{session}": f"{held.last.number}/{held.last.digest.hex()}"
            for (topic, partition, session), held in self._sessions.items()
        }


def _told(value: bytes | None) -> Mapping[str, Any]:
    """What a decision or an alert says; a dead letter is anything and says nothing here."""
    try:
        told = orjson.loads(value or b"{}")
    except orjson.JSONDecodeError:
        return {}
    return told if isinstance(told, dict) and "decision_id" in told else {}


def _of_lookback(told: Mapping[str, Any]) -> bool:
    """Only a hit: nobody clears a payment by calling it a lookback."""
    return told.get("trigger") == LOOKBACK and told.get("outcome") == "hit"


def _add(runs: list[list[int]], offset: int) -> None:
    """Note an offset in sorted runs `[start, end)`; nearly always it lengthens the last one."""
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
