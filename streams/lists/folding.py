"""How the designations topic is read: record by record into a ledger, the same for every reader."""

from collections.abc import Iterable
from types import MappingProxyType
from typing import NamedTuple

from screening.ledger import Changes, Ledger, Marker
from streams.records.designations import REGISTRY, is_marker, marker_key, publication_of, source_of
from streams.records.json import marker_from_json, registry_from_json


class Folded(NamedTuple):
    """What one record meant: its marker, if it is one, and what comes into force with it."""

    marker: Marker | None = None
    changes: Changes = MappingProxyType({})


def fold(
    ledger: Ledger, key: str, value: bytes | None, headers: Iterable[tuple[str, bytes | None]]
) -> Folded:
    """Enter one record. An unreadable marker becomes a problem of the ledger; entries are not parsed."""
    if not is_marker(key):
        ledger.record(key, value, publication_of(headers))
        return Folded()
    try:
        return _fold_marker(ledger, key, value)
    except ValueError as error:
        ledger.cannot_read(source_of(key), f"{key}: {error}")
        return Folded()


def _fold_marker(ledger: Ledger, key: str, value: bytes | None) -> Folded:
    """Enter a marker. Raises ValueError, and then has changed nothing."""
    if key == REGISTRY:
        ledger.register(registry_from_json(value))
        return Folded()
    if value is None:
        ledger.erase(source_of(key))
        return Folded()
    marker = marker_from_json(value)
    if (own := marker_key(marker.source, marker.type)) != key:
        raise ValueError(f"it says it is {own}")
    return Folded(marker, ledger.mark(marker))
