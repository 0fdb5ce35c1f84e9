"""Seals over decisions and alerts: who wrote what where, in which order, and when.

Every writer's session (one start of a worker or of a command) numbers what it writes to each partition and
seals each record: an HMAC over topic, partition, writer, session, number, time, the digest before, and the
record. A decision with hits names the seal of its alert. The header `interdict.audit` carries

    2/writer/session/number/milliseconds/alert/digest before/digest

where `alert` is `partition:session:number` on the alerts topic, else `-`. Beside the records a session leaves
checkpoints on `screening.audit`: the last number and digest of each of its partitions, sealed in the same
way, at its start, its end, and every minute in between. What all this shows, and what not, is in
docs/audit.md; `streams/audit/auditor.py` looks at it.
"""

import hmac
import time
import uuid
from collections.abc import Callable, Mapping
from typing import NamedTuple

import orjson

HEADER = "interdict.audit"
VERSION = "2"
NO_KEY = b"interdict"
"""Without a key the chain still shows accidents and whoever does not recompute it."""
NO_ALERT = "-"


class Seal(NamedTuple):
    """The seal of a record."""

    writer: str
    session: str
    number: int
    at_ms: int
    """When it was sealed, milliseconds of Unix time; also the record's own time."""
    alert: str
    before: bytes
    digest: bytes

    @property
    def header(self) -> tuple[str, bytes]:
        writer, session, number, at_ms, alert, before, digest = self
        return HEADER, (
            f"{VERSION}/{writer}/{session}/{number}/{at_ms}/{alert}/{before.hex()}/{digest.hex()}".encode()
        )

    def named(self, partition: int) -> str:
        """How a decision names its alert's seal."""
        return f"{partition}:{self.session}:{self.number}"


class AlertNamed(NamedTuple):
    """The seal of a decision's alert, as the decision names it."""

    partition: int
    session: str
    number: int


def alert_named(text: str) -> AlertNamed | None:
    """Raises ValueError for a text that names no seal and is not `-` either."""
    if text == NO_ALERT:
        return None
    partition, session, number = text.split(":")
    return AlertNamed(int(partition), session, int(number))


def read_seal(header: bytes) -> Seal:
    """Raises ValueError for a header that is not a seal, or of another version."""
    version, writer, session, number, at_ms, alert, before, digest = header.decode().split("/")
    if version != VERSION:
        raise ValueError(f"version {version}")
    alert_named(alert)
    return Seal(writer, session, int(number), int(at_ms), alert, bytes.fromhex(before), bytes.fromhex(digest))


def digest_of(
    key: bytes, topic: str, partition: int, seal: Seal, record_key: bytes | None, value: bytes | None
) -> bytes:
    """HMAC-SHA256 (RFC 2104) of the parts, each preceded by its length."""
    place = (
        f"{VERSION}/{topic}/{partition}/{seal.writer}/{seal.session}/{seal.number}/{seal.at_ms}/{seal.alert}"
    )
    told, name = place.encode(), record_key or b""
    parts = [len(told).to_bytes(4), told, len(seal.before).to_bytes(1), seal.before]
    parts += [len(name).to_bytes(4), name, value or b""]
    return hmac.digest(key, b"".join(parts), "sha256")


End = tuple[int, bytes]
"""How many records a chain has, and the last digest."""


class Chain:
    """The seals of one session, a chain for each partition it writes to."""

    def __init__(
        self,
        key: bytes = NO_KEY,
        writer: str = "worker",
        session: str = "",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.writer = writer
        self.session = session or uuid.uuid4().hex[:16]
        self._key = key
        self._clock = clock
        self._ends: dict[tuple[str, int], End] = {}
        self._written: dict[tuple[str, int], End] = {}

    def link(
        self,
        topic: str,
        partition: int,
        record_key: bytes | None,
        value: bytes | None,
        alert: str = NO_ALERT,
    ) -> Seal:
        """The seal of the next record to this partition; call it in the order of sending."""
        number, before = self._ends.get((topic, partition), (0, b""))
        said = self.writer, self.session, number, int(self._clock() * 1000), alert, before
        digest = digest_of(self._key, topic, partition, Seal(*said, b""), record_key, value)
        self._ends[topic, partition] = (number + 1, digest)
        return Seal(*said, digest)

    def end(self, topic: str, partition: int) -> End:
        """The present end of a partition's chain, for `rewind`."""
        return self._ends.get((topic, partition), (0, b""))

    def rewind(self, topic: str, partition: int, end: End) -> None:
        """Take back the links since `end`: the broker refused their records, and others replace them."""
        if end[0]:
            self._ends[topic, partition] = end
        else:
            self._ends.pop((topic, partition), None)

    def acknowledged(self, topic: str, partition: int) -> None:
        """The broker has every record that was linked so far; checkpoints say so from now on."""
        self._written[topic, partition] = self._ends[topic, partition]

    def checkpoint(self, kind: str) -> bytes:
        """How far the session has come in every partition: `begin`, `checkpoint` or `end`.

        It names no record that is still on its way: if that were refused, it would be missed for ever.
        """
        heads = {
            f"{topic}-{partition}": f"{count - 1}/{digest.hex()}"
            for (topic, partition), (count, digest) in sorted(self._written.items())
        }
        told: dict[str, object] = {"kind": kind, "writer": self.writer, "session": self.session}
        return orjson.dumps(told | {"at_ms": int(self._clock() * 1000), "heads": heads})


class Head(NamedTuple):
    """How far a session had come in one partition, as its checkpoint says."""

    topic: str
    partition: int
    number: int
    digest: str


def heads_of(told: Mapping[str, object]) -> list[Head]:
    """The heads in a checkpoint. Raises ValueError for a record that is not one."""
    heads = told.get("heads")
    if not isinstance(heads, dict):
        raise ValueError("no heads")
    return [_head(place, head) for place, head in heads.items()]


def _head(place: str, head: object) -> Head:
    topic, _, partition = place.rpartition("-")
    number, _, digest = str(head).partition("/")
    return Head(topic, int(partition), int(number), digest)


class Entry(NamedTuple):
    """A record under audit, read from a topic or from an export."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Mapping[str, bytes | None]

    @property
    def place(self) -> str:
        return f"{self.topic}-{self.partition}@{self.offset}"
