"""The records by which a publisher makes one list another: begin, entries and delistings, commit."""

from collections.abc import Sequence

import orjson

from screening import Designation
from screening.ledger import ListDigest, MarkerType
from streams.kafka.log import Record
from streams.records.designations import PUBLICATION, marker_key
from streams.records.json import designation_to_json


def written(before: Sequence[Designation], after: Sequence[Designation]) -> list[Record]:
    """From one state of a list, which the entries name, to the other, from offset 0."""
    run = f"{len(before)}-{'+'.join(each.names[-1].text for each in after)}".encode()
    source = [*before, *after][0].id.partition(":")[0]
    records: list[Record] = []

    def put(key: str, value: bytes | None) -> None:
        records.append(Record(len(records), float(len(records)), key.encode(), value, {PUBLICATION: run}))

    def mark(kind: MarkerType, listed: Sequence[Designation]) -> None:
        digest = ListDigest()
        for entry in listed:
            digest.add(entry.id.encode(), designation_to_json(entry))
        marker = {"marker": kind, "list": source, "version": run.decode(), "run": run.decode()}
        more = {
            "count": digest.count,
            "sha256": digest.sha256,
            "published_at": "2023-08-16T12:00:00+00:00",
        }
        put(marker_key(source, kind), orjson.dumps(marker | more))

    mark(MarkerType.BEGIN, before)
    for entry in after:
        if entry not in before:
            put(entry.id, designation_to_json(entry))
    for gone in {entry.id for entry in before} - {entry.id for entry in after}:
        put(gone, None)
    mark(MarkerType.COMMIT, after)
    return records
