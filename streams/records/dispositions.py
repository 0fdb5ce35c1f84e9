"""Dispositions as they stand on their topic: the key names the pair, and without a value one is withdrawn."""

from screening.cases.dispositions import Dispositions
from streams.records.json import disposition_from_json


def take(known: Dispositions, key: bytes | None, value: bytes | None) -> None:
    """Apply one record. One that cannot be read silences nobody: the pair's earlier one no longer counts.

    Raises ValueError, which says what is wrong with it.
    """
    pair = (key or b"").decode(errors="replace")
    known.remove(pair)
    if value is None:
        return
    disposition = disposition_from_json(value)
    if disposition.key != pair:
        raise ValueError(f"the record's key must be {disposition.key}")
    known.put(disposition)
