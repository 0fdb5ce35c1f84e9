"""The slow truth that the index is held to: every name of a list against the query, with the scorer."""

from collections.abc import Iterable

from screening import Designation, Kind, Name
from screening.matching.index import Index
from screening.matching.second_look import assess_field
from screening.names.readings import listed_readings, readings

THRESHOLD = 0.75


def entry(number: int, *names: str, kind: Kind | None = None) -> Designation:
    return Designation(id=f"test:{number}", names=tuple(map(Name, names)), kind=kind)


def index_of(designations: Iterable[Designation]) -> Index:
    index = Index()
    for designation in designations:
        index.put(designation)
    return index


def scan(designations: Iterable[Designation], query: str) -> set[tuple[str, str]]:
    """The names that score the threshold, without an index."""
    return {
        (designation.id, name.text)
        for designation in designations
        for name in designation.names
        for form in listed_readings(name.text, designation.kind)
        for asked in readings(query)
        if assess_field(asked, form, designation.kind) >= THRESHOLD
    }


def found(index: Index, query: str) -> set[tuple[str, str]]:
    """The same by the index."""
    return {
        (candidate.designation.id, candidate.name.text)
        for candidate, _, _ in index.search(query, None, THRESHOLD)
    }
