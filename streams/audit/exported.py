"""An archive without Kafka: its records as they were on the topics, and what is not as it was exported.

The whole folder is always checked: something that no export wrote is a finding, not a failure.
"""

import gzip
import zlib
from base64 import b64decode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from streams.audit.auditor import Auditor, Finding, Gap
from streams.audit.chain import Entry
from streams.audit.manifest import EXPORTED, ExportedFile, manifests, read_manifest, sha256_of
from streams.errors import CannotProceedError


def read_export(file: Path) -> Iterator[Entry]:
    """Every record of one exported file, byte for byte as on the topic. Raises ValueError for a file that no
    export wrote, and OSError."""
    try:
        with gzip.open(file, "rb") as lines:
            yield from map(_entry, lines)
    except (EOFError, zlib.error) as error:
        raise ValueError(str(error)) from None


def _entry(line: bytes) -> Entry:
    match orjson.loads(line):
        case {
            "topic": str(topic),
            "partition": int(partition),
            "offset": int(offset),
            "timestamp": int(timestamp),
            "key": key,
            "value": value,
            "headers": dict(headers),
        }:
            stored = {name: _bytes(header) or b"" for name, header in headers.items()}
            return Entry(topic, partition, offset, timestamp, _bytes(key), _bytes(value), stored)
    raise ValueError("a line that is no record of an export")


UNDER_WAY_MS = 60_000
"""What was decided in the last minute before an export may have been under way in another partition."""


def verify_export(folder: Path, key: bytes, kept: Iterable[str] = ()) -> tuple[Auditor, set[Gap]]:
    """Check manifests, files and the chains through all of them; what is wrong is in the auditor's findings.

    Returns the gaps among payments of which an export says that no payment was there. Raises NoExportError
    for a folder without any trace of an export: an empty folder is not a sound archive.
    """
    auditor = Auditor(key, kept)
    archive = _Archive(folder, key, auditor)
    exports, files = manifests(folder), sorted(folder.glob(f"*{EXPORTED}"))
    if not exports and not files:
        raise NoExportError(f"{folder}: holds no export; name the folder of `interdict audit export`")
    for number, path in enumerate(exports):
        archive.verify(number, path)
    archive.left_over(files)
    auditor.settled_before_ms = archive.at_ms - UNDER_WAY_MS
    return auditor, archive.no_payment


class NoExportError(CannotProceedError):
    """The folder holds no manifest and no file of one; the text names it."""


@dataclass(slots=True)
class _Archive:
    """One folder while it is verified: what was said so far, and what is due next."""

    folder: Path
    key: bytes
    auditor: Auditor
    no_payment: set[Gap] = field(default_factory=set)
    at_ms: int = 0
    """When the newest export began."""
    _previous: str = ""
    _due: dict[str, int] = field(default_factory=dict)
    _named: set[str] = field(default_factory=set)

    def verify(self, number: int, path: Path) -> None:
        """One manifest and the files it names."""
        before, self._previous = self._previous, sha256_of(path)
        try:
            manifest = read_manifest(path)
        except ValueError as error:
            self._find(path.name, f"is no manifest of an export: {error}")
            return
        if not manifest.holds(self.key):
            self._find(path.name, "altered or forged: its seal does not fit")
        if manifest.number != number or manifest.previous_sha256 != before:
            self._find(path.name, "the manifest before it is gone or was altered")
        self.no_payment |= manifest.gaps
        self.at_ms = manifest.at_ms
        for file in manifest.files:
            self._verify(file)
        heads = self.auditor.heads()
        for place, head in manifest.heads.items():
            if heads.get(place) != head:
                self._find(path.name, f"the files do not end {place} with its seal {head}")

    def left_over(self, files: Iterable[Path]) -> None:
        """Files without a manifest: if the newest manifests were removed, there is no other trace."""
        for path in files:
            if path.name not in self._named:
                self._find(
                    path.name,
                    "no manifest names it: that is gone, or its export did not end and the next one mends it",
                )

    def _verify(self, file: ExportedFile) -> None:
        self._named.add(file.name)
        path, place = self.folder / Path(file.name).name, f"{file.topic}-{file.partition}"
        if not path.exists():
            self._find(file.name, "the file is gone")
            return
        if sha256_of(path) != file.sha256:
            self._find(file.name, "the file was altered: its SHA-256 is another")
        due = self._due.get(place)
        if due is not None and file.first_offset > due:
            lost = f"offsets {due} to {file.first_offset - 1} ran out of retention before they were exported"
            self._find(file.name, lost)
        self._due[place] = file.last_offset + 1
        count = 0
        try:
            for entry in read_export(path):
                self.auditor.take(entry, begins_at=file.log_start if due is None else 0)
                count += 1
        except (OSError, ValueError) as error:
            self._find(file.name, f"cannot be read to its end: {error}")
        else:
            if count != file.records:
                self._find(file.name, f"holds {count} records, and its manifest says {file.records}")

    def _find(self, place: str, problem: str) -> None:
        self.auditor.findings.append(Finding(place, problem))


def _bytes(stored: object) -> bytes | None:
    match stored:
        case None:
            return None
        case str():
            return stored.encode()
        case {"base64": str(coded)}:
            return b64decode(coded)
    raise ValueError("neither text, nor base64, nor null")
