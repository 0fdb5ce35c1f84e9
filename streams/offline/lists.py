"""Screening without Kafka: list files to a `Screener`, as the offline commands need it."""

from collections.abc import Iterable
from pathlib import Path

from screening import ListError, Policy, Screener, parse_list
from screening.decisions import ListState, ListVersion
from screening.ledger import ListDigest
from streams.records.json import designation_to_json


def load_screener(lists: Iterable[str], policy: Policy) -> Screener:
    """A screener that holds the lists named `SOURCE:PATH`; two files of one source add up.

    Each list's version is the start of its hash: the same file gives the same decisions' text.
    Raises ListError for a name without a path, a missing file and everything `parse_list` refuses.
    """
    screener = Screener(policy)
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
            if before := screener.get(designation.id):
                digest.remove(key, designation_to_json(before))
            screener.upsert(designation)
            digest.add(key, designation_to_json(designation))
    screener.lists = ListState(
        {
            source: ListVersion(digest.sha256[:12], digest.count, digest.sha256)
            for source, digest in digests.items()
        }
    )
    return screener
