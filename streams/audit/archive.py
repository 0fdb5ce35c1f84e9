"""Ten years of decisions in compressed files (31 CFR 501.601), checked by themselves and against each other.

Each export takes what was written since the one before and leaves, for every partition that has something
new, one gzip file of JSON lines, and a manifest: every file's SHA-256, records and offsets, the last seal of
each session, and the SHA-256 of the manifest before. So exports are a chain too: a file or an export that is
gone or altered is found. The manifest is written last; an export that was interrupted is none, and the next
one takes its records again.
"""

import gzip
import hashlib
import os
import time
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import orjson

from streams.audit.auditor import Auditor, Finding, Gap
from streams.audit.chain import Entry
from streams.kafka.log import READ_ON_KIB, Record, Span, TopicLog


@dataclass(frozen=True, slots=True)
class Exported:
    """What one export wrote."""

    manifest: Path
    files: int
    records: int


def entry_of(topic: str, partition: int, record: Record) -> Entry:
    """A record as the audit sees it; an empty key is none."""
    at_ms = round(record.time * 1000)
    return Entry(topic, partition, record.offset, at_ms, record.key or None, record.value, record.headers)


def entries_of(log: TopicLog, spans: Iterable[Span]) -> Iterator[Entry]:
    """All that a topic holds in these spans, a partition after the other."""
    for span in spans:
        for record in log.read(span):
            yield entry_of(log.topic, span.partition, record)


def export(client: Mapping[str, Any], topics: Iterable[str], folder: Path, key: bytes) -> Exported:
    """Write what is new on the topics since the last export in the folder, which exists.

    `client` are librdkafka's options. Raises BrokerError and OSError.
    """
    before = manifests(folder)
    resume = _next_offsets(before)
    auditor, started_ms = Auditor(key), int(time.time() * 1000)
    written: list[dict[str, Any]] = []
    for topic in topics:
        with TopicLog(client, topic, read_ahead_kib=READ_ON_KIB) as log:
            files = [_export_partition(log, span, resume, folder, auditor) for span in log.spans()]
            written += filter(None, files)
    number = len(before)
    manifest = {
        "format": "interdict-audit-2",
        "number": number,
        "at_ms": started_ms,
        "no_payment": [list(gap) for gap in markers(client, auditor.undecided())],
        "previous_sha256": _sha256(before[-1]) if before else "",
        "files": written,
        "heads": auditor.heads(),
    }
    path = folder / f"manifest-{number:06d}.json"
    _write(path, orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
    return Exported(path, len(written), sum(file["records"] for file in written))


def markers(client: Mapping[str, Any], gaps: Iterable[Gap]) -> list[Gap]:
    """The gaps in which no payment stands: the broker's markers of transactions take an offset each."""
    found: list[Gap] = []
    for topic, of_topic in groupby(gaps, key=lambda gap: gap.topic):
        with TopicLog(client, topic) as log:
            held = {span.partition: span for span in log.spans()}
            found += [gap for gap in of_topic if _holds_nothing(log, held[gap.partition], gap)]
    return found


def _holds_nothing(log: TopicLog, held: Span, gap: Gap) -> bool:
    if gap.first < held.first:
        return False  # whatever it was, nobody can say any more
    return next(log.read(Span(gap.partition, gap.first, min(gap.end, held.end))), None) is None


def _export_partition(
    log: TopicLog, held: Span, resume: Mapping[str, int], folder: Path, auditor: Auditor
) -> dict[str, Any] | None:
    name = f"{log.topic}-{held.partition}"
    start = max(held.first, resume.get(name, 0))
    if start >= held.end:
        return None
    final = folder / f"{name}-{start:020d}.jsonl.gz"
    part, count, last = final.with_suffix(".part"), 0, start
    _create(part)
    with gzip.GzipFile(part, "wb", mtime=0) as lines:
        for entry in entries_of(log, [replace(held, first=start)]):
            auditor.take(entry, begins_at=start)
            lines.write(_line(entry))
            count, last = count + 1, entry.offset
    part.rename(final)
    return {
        "name": final.name,
        "topic": log.topic,
        "partition": held.partition,
        "log_start": held.first,
        "first_offset": start,
        "last_offset": last,
        "records": count,
        "sha256": _sha256(final),
    }


def read_export(file: Path) -> Iterator[Entry]:
    """Every record of one exported file, byte for byte as it was on the topic."""
    with gzip.open(file, "rb") as lines:
        for line in lines:
            told = orjson.loads(line)
            yield Entry(
                told["topic"],
                told["partition"],
                told["offset"],
                told["timestamp"],
                _bytes(told["key"]),
                _bytes(told["value"]),
                {name: _bytes(value) or b"" for name, value in told["headers"].items()},
            )


UNDER_WAY_MS = 60_000
"""What was decided in the last minute before an export may have been under way in another partition."""


def verify_export(folder: Path, key: bytes, kept: Iterable[str] = ()) -> tuple[Auditor, set[Gap]]:
    """Manifests, files and the chains through all of them; what is wrong is in the auditor's findings.

    Beside it the gaps among payments of which an export says that no payment stood there.
    """
    auditor = Auditor(key, kept)
    previous, expected = "", dict[str, int]()
    known: set[Gap] = set()
    exports = manifests(folder)
    if exports:
        auditor.settled_before_ms = orjson.loads(exports[-1].read_bytes()).get("at_ms", 0) - UNDER_WAY_MS
    for number, path in enumerate(exports):
        manifest = orjson.loads(path.read_bytes())
        known |= {Gap(*gap) for gap in manifest.get("no_payment", ())}
        if manifest["number"] != number or manifest["previous_sha256"] != previous:
            auditor.findings.append(Finding(path.name, "the manifest before it is gone or was altered"))
        previous = _sha256(path)
        for file in manifest["files"]:
            _verify_file(folder, file, auditor, expected)
        heads = auditor.heads()
        for place, head in manifest["heads"].items():
            if heads.get(place) != head:
                auditor.findings.append(
                    Finding(path.name, f"the files do not end {place} with its seal {head}")
                )
    return auditor, known


def _verify_file(folder: Path, file: Mapping[str, Any], auditor: Auditor, expected: dict[str, int]) -> None:
    path, name = folder / file["name"], f"{file['topic']}-{file['partition']}"
    if not path.exists():
        auditor.findings.append(Finding(file["name"], "the file is gone"))
        return
    if _sha256(path) != file["sha256"]:
        auditor.findings.append(Finding(file["name"], "the file was altered: its SHA-256 is another"))
    due = expected.get(name)
    if due is not None and file["first_offset"] > due:
        lost = f"offsets {due} to {file['first_offset'] - 1} ran out of retention before they were exported"
        auditor.findings.append(Finding(file["name"], lost))
    expected[name] = file["last_offset"] + 1
    try:
        for entry in read_export(path):
            auditor.take(entry, begins_at=file["log_start"] if due is None else 0)
    except (OSError, EOFError, ValueError) as error:
        auditor.findings.append(Finding(file["name"], f"cannot be read to its end: {error}"))


def manifests(folder: Path) -> list[Path]:
    """The exports in a folder, oldest first."""
    return sorted(folder.glob("manifest-*.json"))


def _next_offsets(before: Iterable[Path]) -> dict[str, int]:
    found: dict[str, int] = {}
    for path in before:
        for file in orjson.loads(path.read_bytes())["files"]:
            found[f"{file['topic']}-{file['partition']}"] = file["last_offset"] + 1
    return found


def _line(entry: Entry) -> bytes:
    told = entry._asdict() | {
        "key": _text(entry.key),
        "value": _text(entry.value),
        "headers": {name: _text(value) for name, value in entry.headers.items()},
    }
    return orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)


def _text(raw: bytes | None) -> str | dict[str, str] | None:
    """Text stays readable; what is none is kept as base64."""
    if raw is None:
        return None
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return {"base64": b64encode(raw).decode()}


def _bytes(told: str | dict[str, str] | None) -> bytes | None:
    if told is None:
        return None
    return told.encode() if isinstance(told, str) else b64decode(told["base64"])


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _write(path: Path, content: bytes) -> None:
    part = path.with_suffix(".part")
    _create(part)
    part.write_bytes(content)
    part.rename(path)


def _create(path: Path) -> None:
    """An empty file for its owner alone: decisions name people."""
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
