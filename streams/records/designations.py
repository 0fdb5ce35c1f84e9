"""The designations topic's records: which keys are entries, which are markers, and which list a record
belongs to.

| key | value | | --- | --- | | `source:uid` | a designation; null once it is delisted | | `source:@begin` | a
publication of the list has begun | | `source:@commit` | the whole publication was sent: with this record it
is in force | | `source:@withdrawal` | the list was taken out of force on purpose | | `@lists` | every list
that was ever in force and not withdrawn |

An entry's uid may begin with @ as well; only the markers are markers, and no entry may have their uid.

A record of a publication carries that publication's id in a header. Anything else under an entry's key was
written without a publication, and puts the list in doubt.
"""

from collections.abc import Iterable

from screening.ledger import MarkerType

_MARKERS = frozenset(f"@{kind}" for kind in MarkerType)
REGISTRY = "@lists"
PUBLICATION = "interdict.publication"
"""Header: the id of the publication that a record belongs to."""


def key_text(key: bytes | None) -> str:
    """A record's key as text."""
    return (key or b"").decode(errors="replace")


def is_marker(key: str) -> bool:
    """Whether a key is a marker's or the registry's: `ofac:@commit`, but not `acme:@acme`, which is an
    entry."""
    return key == REGISTRY or key.partition(":")[2] in _MARKERS


def marker_key(source: str, kind: MarkerType) -> str:
    """The key of a list's marker."""
    return f"{source}:@{kind}"


def source_of(key: str) -> str:
    """The list of a key: "ofac" for "ofac:44521" and "ofac:@commit"; empty for the registry."""
    return key.partition(":")[0] if ":" in key else ""


def publication_of(headers: Iterable[tuple[str, bytes | None]]) -> str:
    """The publication that a record says it belongs to; empty if it says none."""
    return (dict(headers).get(PUBLICATION) or b"").decode(errors="replace")  # a header may have no value
