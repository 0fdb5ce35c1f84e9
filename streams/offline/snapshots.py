"""Where snapshots of the index are kept between two starts: in the user's cache folder, each by its lists.

What is read here was a function of texts alone (`screening.matching.snapshot`): which entries are listed,
every reader learns from the topic or the list's file, with their proof. So a snapshot cannot bring back an
entry, and one of yesterday is as good for those that are still the same. A file is believed if it is whole,
was made by this very code, and nobody but its owner could have written it.
"""

import fcntl
import hashlib
import logging
import os
import stat
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from io import BufferedReader
from pathlib import Path
from tempfile import NamedTemporaryFile

import screening
from screening.matching.snapshot import Recalled, Snapshot, from_lines, to_lines
from screening.screener import Screener

log = logging.getLogger(__name__)

WORTHWHILE = 2000
"""Names; fewer are read in less than 0.3 s."""
STALE = 0.05
"""Share of names that a snapshot did not know, from which a new one is written."""
LONGEST_FIRST_LINE = 200
"""Bytes: two digests."""
MOST_FILES = 3
"""Files that stay in the folder: of other lists, and of the code before an update. OFAC's has 13 MB."""


class Snapshots:
    """The files of one folder; None: nothing is kept, and every name is read."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._file: Path | None = None

    def recall(self, screener: Screener, ids: Iterable[str]) -> None:
        """What is known of the names of these entries, for a screener without any. Never raises."""
        self._file = self._file_of(ids) if self._folder and not len(screener) else None
        if self._file and (snapshot := _read(self._file)):
            screener.recall(snapshot)

    def settle(self, screener: Screener) -> int:
        """After the last of the entries: keeps what had to be worked out, if that took long. Never raises.

        Returns how many names were read.
        """
        file, self._file = self._file, None
        read = screener.settle()
        if file and read >= WORTHWHILE and read > STALE * len(screener):
            try:
                _write(file, screener.snapshot())
            except OSError as error:
                log.info("no snapshot of the index is kept for the next start: %s", error)
        return read

    def _file_of(self, ids: Iterable[str]) -> Path | None:
        sources = sorted({designation_id.partition(":")[0] for designation_id in ids})
        lists = hashlib.sha256("\n".join(sources).encode()).hexdigest()
        return self._folder / f"index-{lists[:8]}-{_code()[:16]}" if self._folder else None


def user_snapshots() -> Snapshots:
    """Those in `$XDG_CACHE_HOME/interdict`, or `~/.cache/interdict` (XDG Base Directory Specification)."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    try:
        folder = Path(named) if os.path.isabs(named) else Path.home() / ".cache"
    except RuntimeError:  # a user without a home
        return Snapshots(None)
    return Snapshots(folder / "interdict")


def _read(file: Path) -> Recalled | None:
    """None where there is no such file, or none to believe."""
    try:
        with _opened(file) as held:
            if fault := _fault(held):
                raise ValueError(fault)
            return from_lines(held)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        log.warning("%s is not read: %s", file, error)
        return None


def _opened(file: Path) -> BufferedReader:
    """To be read. A pipe of that name, which nobody writes to, would hold up a start for ever; `_fault`
    refuses it."""
    return open(file, "rb", opener=lambda path, flags: os.open(path, flags | os.O_NONBLOCK))


def _fault(held: BufferedReader) -> str:
    """Why a file is not to be believed; empty where it is, and then the next line is the snapshot's first."""
    status = os.fstat(held.fileno())
    if status.st_uid != os.geteuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return "others than this user may have written it"
    if not stat.S_ISREG(status.st_mode):
        return "it is no file"
    first = held.readline(LONGEST_FIRST_LINE)
    begins = held.tell()
    digest = hashlib.file_digest(held, "sha256").hexdigest()
    held.seek(begins)
    return "" if first == _first_line(digest) else "it is not whole, or of other code"


def _write(file: Path, snapshot: Snapshot) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _remove_unfinished(file.parent)
    with NamedTemporaryFile(dir=file.parent, prefix="new-", delete=False) as made:  # for its owner alone
        try:
            fcntl.flock(made, fcntl.LOCK_EX)
            made.write(_first_line(""))
            digest = hashlib.sha256()
            for line in to_lines(snapshot):
                made.write(line + b"\n")
                digest.update(line + b"\n")
            made.seek(0)
            made.write(_first_line(digest.hexdigest()))
            made.close()
            Path(made.name).replace(file)
        except BaseException:
            Path(made.name).unlink(missing_ok=True)
            raise
    kept = sorted(file.parent.glob("index-*"), key=lambda held: held.stat().st_mtime, reverse=True)
    for old in kept[MOST_FILES:]:
        old.unlink(missing_ok=True)


def _remove_unfinished(folder: Path) -> None:
    """What processes left that were killed while they wrote: who writes holds a lock, until he ends.

    A worker that runs out of memory there, and is started again and again, would fill the disk.
    """
    for left in folder.glob("new-*"):
        with suppress(OSError), _opened(left) as held:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()


def _first_line(digest: str) -> bytes:
    return f"{_code()} {digest:64}\n".encode()


@cache
def _code() -> str:
    """Names the code and the tables by which names are read: with any other, they may be read otherwise."""
    digest = hashlib.sha256(f"{sys.version} {[version(name) for name in _READ_WITH]}".encode())
    home = Path(screening.__file__).parent
    for file in sorted(file for file in home.rglob("*") if file.is_file()):
        place = file.relative_to(home).as_posix()
        if "__pycache__" in place:
            continue
        digest.update(place.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    for library in sorted(home.parent.glob("*__mypyc*.so")):
        written = library.stat()
        digest.update(f"{library.name} {written.st_size} {written.st_mtime_ns}".encode())
    return digest.hexdigest()


_READ_WITH = ("anyascii", "rapidfuzz", "pyroaring")
