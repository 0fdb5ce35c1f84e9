"""What OFAC calls the kinds of its entries, and what one is to another, in all its files."""

from collections.abc import Mapping

from screening.designations import Kind

KINDS: Mapping[str, Kind] = {
    "individual": Kind.PERSON,
    "entity": Kind.ORGANIZATION,
    "vessel": Kind.VESSEL,
    "aircraft": Kind.AIRCRAFT,
}


def kind_of(name: str) -> Kind | None:
    """The kind that OFAC writes so, in whatever case; None for anything else."""
    return KINDS.get(name.strip().lower())


_RELATIONS = (
    ("owned", "owned_by"),
    ("family", "family"),
    ("acting for", "acting_for"),
    ("leader", "director"),
    ("executive", "director"),
    ("associate", "associate"),
)


def relation_of(name: str) -> str:
    """The relation that OFAC writes so: "Leader or official of" is `director`; any other is `linked_to`."""
    written = name.lower()
    return next((ours for words, ours in _RELATIONS if words in written), "linked_to")
