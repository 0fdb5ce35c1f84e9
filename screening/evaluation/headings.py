"""The headings under which supervisors test filters, and how each written form falls under them.

Exact names; slight variations; within these titles and suffixes, one-word names, names with digits, long
names and names that are not Latin; and whether the filter holds the list at all. The industry's figures are
those of the UK regulator's review of sanctions screening (FCA, May 2026): 90 % and 75 %.
"""

from collections.abc import Callable, Mapping

EXACT, VARIED, INGESTED = "exact name", "slight variation", "list ingestion: every name of an entry"
INDUSTRY: Mapping[str, float] = {EXACT: 0.90, VARIED: 0.75}
"""What published reviews found filters to reach, by heading."""
LONG = 35
"""Characters of one line of a payment message: a longer name is long."""
_TITLES = frozenset(
    ("title added", "legal form respelled", "legal form dropped", "legal form translated", "word added")
)

HEADINGS: Mapping[str, Callable[[str, str, str], bool]] = {
    EXACT: lambda kind, _name, _written: kind == "exact",
    VARIED: lambda kind, _name, _written: kind != "exact",
    "titles and suffixes": lambda kind, _name, _written: kind in _TITLES,
    "one-word names": lambda _kind, name, _written: len(name.split()) == 1,
    "names with digits": lambda _kind, name, _written: any(map(str.isdigit, name)),
    "long names": lambda _kind, name, _written: len(name) > LONG,
    "names not in Latin letters": lambda _kind, _name, written: _is_foreign(written),
}
"""Heading -> does a form (its kind, the listed name, as written) fall under it? It may fall under several."""


def _is_foreign(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return sum(ord(char) > 0x24F for char in letters) * 2 > len(letters)
