"""Screening without Kafka: list files to a `Screener`, as the offline commands need it."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from screening import Designation, ListError, Policy, Screener, parse_list
from screening.decisions import ListState, ListVersion
from screening.ledger import ListDigest
from streams.offline.snapshots import Snapshots
from streams.records.json import designation_to_json


class Lists(NamedTuple):
    """What list files hold: their entries by id, and a version for each source."""

    entries: Mapping[str, Designation]
    versions: Mapping[str, ListVersion]


def read_lists(lists: Iterable[str]) -> Lists:
    """The lists named `SOURCE:PATH`; two files of one source add up.

    Each list's version is the start of its hash: the same file gives the same decisions' text.
    Raises ListError for a name without a path, a missing file, an id under which two files hold two entries
    and everything `parse_list` refuses.
    """
    entries: dict[str, Designation] = {}
    digests: dict[str, ListDigest] = {}
    for spec in lists:
        source, colon, path = spec.partition(":")
        if not colon or not path:
            raise ListError(f"{spec!r} is no SOURCE:PATH, such as ofac:sdn.zip")
        if not Path(path).exists():
            raise ListError(f"{path}: no such file or folder")
        digest = digests.setdefault(source, ListDigest())
        for designation in parse_list(source, path):
            if _is_there(designation, entries, path):
                continue
            entries[designation.id] = designation
            digest.add(designation.id.encode(), designation_to_json(designation))
    versions = {
        source: ListVersion(digest.sha256[:12], digest.count, digest.sha256)
        for source, digest in digests.items()
    }
    return Lists(entries, versions)


def _is_there(designation: Designation, entries: Mapping[str, Designation], path: str) -> bool:
    """Whether an earlier file holds the entry, too; of two entries of one id, one would not be looked for."""
    before = entries.get(designation.id)
    if before is not None and before != designation:
        raise ListError(
            f"{path}: the id {designation.id} stands for {before.name!r} in a file before it and for "
            f"{designation.name!r} here; give each entry an id of its own, or one of the files alone"
        )
    return before is not None


def screener_of(lists: Lists, policy: Policy, snapshots: Snapshots) -> Screener:
    """A screener that holds these lists."""
    screener = Screener(policy)
    snapshots.recall(screener, lists.entries)
    for designation in lists.entries.values():
        screener.upsert(designation)
    snapshots.settle(screener)
    screener.lists = ListState(lists.versions)
    return screener


def load_screener(lists: Iterable[str], policy: Policy, snapshots: Snapshots | None = None) -> Screener:
    """A screener that holds the lists of these files. Raises ListError."""
    return screener_of(read_lists(lists), policy, snapshots or Snapshots(None))
