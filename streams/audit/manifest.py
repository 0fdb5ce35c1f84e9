"""The manifest of one export: what it wrote, where it begins and ends, and the manifest before.

Each names the SHA-256 of the one before, and the newest is sealed with the key as records are, so that it
cannot be rewritten to fit what was changed.
"""

import hashlib
import hmac
from collections.abc import Sequence
from pathlib import Path

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from streams.audit.auditor import Gap

FORMAT = "interdict-audit-3"


class ExportedFile(BaseModel):
    """One gzip file of JSON lines: a partition's records from one offset to another."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    name: str
    topic: str
    partition: int
    log_start: int
    """The first offset that the topic's retention had left."""
    first_offset: int
    last_offset: int
    records: int
    sha256: str


class Manifest(BaseModel):
    """Strict: a file that no export wrote is not read as one."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    format: str
    number: int
    at_ms: int
    no_payment: list[tuple[str, int, int, int]]
    previous_sha256: str
    files: list[ExportedFile]
    heads: dict[str, str]
    """The last seal of each session in each partition, as the export found it."""
    seal: str = ""

    @property
    def gaps(self) -> set[Gap]:
        """Offsets of the payments topic without a payment."""
        return {Gap(*gap) for gap in self.no_payment}

    def sealed(self, key: bytes) -> "Manifest":
        """The manifest with the HMAC-SHA256 of everything else in it."""
        return self.model_copy(update={"seal": self._digest(key)})

    def holds(self, key: bytes) -> bool:
        """Whether it is as a holder of the key wrote it."""
        return hmac.compare_digest(self.seal.encode(), self._digest(key).encode())

    def _digest(self, key: bytes) -> str:
        content = self.model_dump(exclude={"seal"})
        return hmac.new(key, orjson.dumps(content, option=orjson.OPT_SORT_KEYS), "sha256").hexdigest()

    def to_json(self) -> bytes:
        return orjson.dumps(self.model_dump(), option=orjson.OPT_INDENT_2)


def read_manifest(path: Path) -> Manifest:
    """Raises ValueError for a file that no export wrote, and OSError."""
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise ValueError(f"{place}: {first['msg']}") from None


EXPORTED = ".jsonl.gz"
"""How the name of an exported file ends."""


def manifests(folder: Path) -> list[Path]:
    """The exports in a folder, oldest first."""
    return sorted(folder.glob("manifest-*.json"))


def next_offsets(before: Sequence[Manifest]) -> dict[str, int]:
    """By topic-partition, where the next export begins."""
    return {
        f"{file.topic}-{file.partition}": file.last_offset + 1
        for manifest in before
        for file in manifest.files
    }


def sha256_of(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
