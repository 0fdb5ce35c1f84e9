"""Who may give dispositions: each by a token of their own, so that `by` is proved and not typed."""

import itertools
from collections.abc import Mapping

from screening.cases.people import canonical, same_person
from streams.errors import CannotProceedError

SHORTEST_TOKEN = 16
"""Characters: what cannot be guessed over a network."""


class WritersError(CannotProceedError):
    """INTERDICT_WEB_WRITERS cannot be used; the text says why, and no token."""


def writers_of(text: str) -> Mapping[str, str]:
    """Token -> name, of `name:token` lines. Raises WritersError."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.replace(",", "\n").splitlines(), 1):
        if not line.strip():
            continue
        name, colon, token = (part.strip() for part in line.partition(":"))
        if not colon or not name:
            raise WritersError(f"web_writers: entry {number}: name:token is expected")
        if len(token) < SHORTEST_TOKEN:
            raise WritersError(
                f"web_writers: {name}: a token of {SHORTEST_TOKEN} characters or more is expected"
            )
        if token in found:
            raise WritersError(f"web_writers: {found[token]} and {name} have the same token")
        try:
            canonical(name)
        except ValueError as error:
            raise WritersError(f"web_writers: entry {number}: {error}") from None
        found[token] = name
    for one, other in itertools.combinations(found.values(), 2):
        if same_person(one, other):
            raise WritersError(f"web_writers: {one} and {other} are, or look like, one person")
    if not found:
        raise WritersError("web_writers: nobody is named; name:token is expected")
    return found
