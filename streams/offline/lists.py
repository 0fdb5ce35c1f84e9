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
    Raises ListError for a name without a path, a missing file and everything `parse_list` refuses.
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
            key = designation.id.encode()
            if before := entries.get(designation.id):
                digest.remove(key, designation_to_json(before))
            entries[designation.id] = designation
            digest.add(key, designation_to_json(designation))
    versions = {
        source: ListVersion(digest.sha256[:12], digest.count, digest.sha256)
        for source, digest in digests.items()
    }
    return Lists(entries, versions)


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
