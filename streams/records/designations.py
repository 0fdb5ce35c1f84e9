"""Keys of the designations topic: `source:uid` of an entry, `source:@begin` and `source:@commit` of markers.

An entry's uid may begin with @ as well; only the two markers are markers, and no entry may have their uid.
"""

from screening.ledger import MarkerType

_MARKERS = frozenset(f"@{kind}" for kind in MarkerType)


def key_text(key: bytes | None) -> str:
    """A record's key as text."""
    return (key or b"").decode(errors="replace")


def is_marker(key: str) -> bool:
    """Whether a key is a marker's: `ofac:@commit`, but not `acme:@acme`, an entry of a private list."""
    return key.partition(":")[2] in _MARKERS


def marker_key(source: str, kind: MarkerType) -> str:
    """The key of a list's marker."""
    return f"{source}:@{kind}"
