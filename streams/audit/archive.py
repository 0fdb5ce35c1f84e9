"""Ten years of decisions in compressed files (31 CFR 501.601), each checked by itself and against the others.

An export takes what was written since the one before. For every partition with something new it leaves one
gzip file of JSON lines, and for all of them a manifest: every file's SHA-256, records and offsets, the last
seal of each session, and the SHA-256 of the manifest before. So the exports form a chain too, and a missing
or altered file or export is detected. The manifest is written last; an interrupted export does not count, and
the next one takes its records again.
"""

import fcntl
import gzip
import os
import time
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

import orjson

from streams.audit.auditor import Auditor, Gap
from streams.audit.chain import Entry
from streams.audit.manifest import (
    EXPORTED,
    FORMAT,
    ExportedFile,
    Manifest,
    manifests,
    next_offsets,
    read_manifest,
    sha256_of,
)
from streams.errors import CannotProceedError
from streams.kafka.log import READ_ON_KIB, Record, Span, TopicLog
from streams.kafka.options import ClientOptions


class ArchiveError(CannotProceedError):
    """The folder holds something that no export wrote, or another export is writing there; the text names
    it."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What one export wrote."""

    manifest: Path
    files: int
    records: int


def entry_of(topic: str, partition: int, record: Record) -> Entry:
    """A record as the audit needs it; an empty key counts as none."""
    at_ms = round(record.time * 1000)
    return Entry(topic, partition, record.offset, at_ms, record.key or None, record.value, record.headers)


def entries_of(log: TopicLog, spans: Iterable[Span]) -> Iterator[Entry]:
    """Everything that a topic holds in these spans, one partition after another."""
    for span in spans:
        for record in log.read(span):
            yield entry_of(log.topic, span.partition, record)


def export(client: ClientOptions, topics: Iterable[str], folder: Path, key: bytes) -> Exported:
    """Write what is new on the topics since the last export into the folder, which must exist.

    `client` are librdkafka's options. Raises ArchiveError, BrokerError and OSError.
    """
    with _alone(folder):
        return _export(client, topics, folder, key)


def _export(client: ClientOptions, topics: Iterable[str], folder: Path, key: bytes) -> Exported:
    before = manifests(folder)
    resume = next_offsets([_manifest(path) for path in before])
    auditor, started_ms = Auditor(key), int(time.time() * 1000)
    written: list[ExportedFile] = []
    for topic in topics:
        with TopicLog(client, topic, read_ahead_kib=READ_ON_KIB) as log:
            files = [_export_partition(log, span, resume, folder, auditor) for span in log.spans()]
            written += filter(None, files)
    number, gaps = len(before), [*auditor.undecided()]
    no_payment = markers(client, gaps)
    if not before:  # later ones begin where this one ends, and not where retention does
        no_payment += gone_with_age(client, gaps, auditor.decisions_kept_since())
    manifest = Manifest(
        format=FORMAT,
        number=number,
        at_ms=started_ms,
        no_payment=[(gap.topic, gap.partition, gap.first, gap.end) for gap in no_payment],
        previous_sha256=sha256_of(before[-1]) if before else "",
        files=written,
        heads=auditor.heads(),
    )
    path = folder / f"manifest-{number:06d}.json"
    _write(path, manifest.sealed(key).to_json())
    return Exported(path, len(written), sum(file.records for file in written))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Lock the folder: two exports at once would write into the same files, and a manifest would name what
    neither wrote."""
    held = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # a file system without locks has none to respect
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ArchiveError(f"{folder}: another export writes there; run one at a time") from None
        yield
    finally:
        os.close(held)


def _manifest(path: Path) -> Manifest:
    """The newest manifest. Raises ArchiveError if it cannot be read: an export that went on behind it would
    leave a hole."""
    try:
        return read_manifest(path)
    except ValueError as error:
        raise ArchiveError(
            f"{path}: {error}; `interdict audit verify --files` says what else is wrong"
        ) from None


def markers(client: ClientOptions, gaps: Iterable[Gap]) -> list[Gap]:
    """Gaps without a payment: the broker's transaction markers take an offset each."""
    found: list[Gap] = []
    for topic, of_topic in groupby(gaps, key=lambda gap: gap.topic):
        with TopicLog(client, topic) as log:
            held = {span.partition: span for span in log.spans()}
            found += [gap for gap in of_topic if _holds_nothing(log, held.get(gap.partition), gap)]
    return found


def gone_with_age(client: ClientOptions, gaps: Iterable[Gap], kept_since: float | None) -> list[Gap]:
    """Gaps among payments that were sent before the time from which every decision is kept (Unix time).

    Retention deletes from a topic's partitions at different times, and the decisions on one partition of
    payments are in several partitions if the producer spreads keys differently or sends none.
    """
    found: list[Gap] = []
    if kept_since is None:
        return found
    for topic, of_topic in groupby(gaps, key=lambda gap: gap.topic):
        with TopicLog(client, topic) as log:
            sent = {span.partition: span.first for span in log.spans(kept_since)}
        found += [gap for gap in of_topic if gap.end <= sent.get(gap.partition, 0)]
    return found


def _holds_nothing(log: TopicLog, held: Span | None, gap: Gap) -> bool:
    if held is None or gap.first < held.first:
        return False  # whatever it was, nobody can say any more
    return next(log.read(Span(gap.partition, gap.first, min(gap.end, held.end))), None) is None


def _export_partition(
    log: TopicLog, held: Span, resume: Mapping[str, int], folder: Path, auditor: Auditor
) -> ExportedFile | None:
    name = f"{log.topic}-{held.partition}"
    start = max(held.first, resume.get(name, 0))
    if start >= held.end:
        return None
    final = folder / f"{name}-{start:020d}{EXPORTED}"
    part, count, last = final.with_suffix(".part"), 0, start
    with _new(part) as file, gzip.GzipFile(part, "wb", fileobj=file, mtime=0) as lines:
        for entry in entries_of(log, [replace(held, first=start)]):
            auditor.take(entry, begins_at=start)
            lines.write(line_of(entry))
            count, last = count + 1, entry.offset
    part.rename(final)
    return ExportedFile(
        name=final.name,
        topic=log.topic,
        partition=held.partition,
        log_start=held.first,
        first_offset=start,
        last_offset=last,
        records=count,
        sha256=sha256_of(final),
    )


def line_of(entry: Entry) -> bytes:
    """A record as a line of an archive file."""
    line = entry._asdict() | {
        "key": _text(entry.key),
        "value": _text(entry.value),
        "headers": {name: _text(value) for name, value in entry.headers.items()},
    }
    return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)


def _text(raw: bytes | None) -> str | dict[str, str] | None:
    """Text stays readable; other bytes are kept as base64."""
    if raw is None:
        return None
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return {"base64": b64encode(raw).decode()}


def _write(path: Path, content: bytes) -> None:
    part = path.with_suffix(".part")
    with _new(part) as file:
        file.write(content)
    part.rename(path)


@contextmanager
def _new(path: Path) -> Iterator[BinaryIO]:
    """A new file for its owner alone, because decisions name people. It is on disk when the block ends, so
    that no manifest survives a file that it names. Raises OSError, which names the file."""
    try:
        with open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        error.filename = error.filename or str(path)
        raise
