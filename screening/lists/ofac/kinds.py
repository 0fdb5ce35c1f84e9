"""What OFAC calls the kinds of its entries, in all its files."""

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
