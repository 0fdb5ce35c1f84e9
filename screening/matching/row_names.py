"""List names that stand, sign for sign, in a row without blanks (`screening.names.rows`).

They are read apart from what is around them, as words between blanks are, and scored like these.
"""

from screening.names.rows import FEWEST, as_row, rows_of, windows

LONG = 5
"""Signs of a name that no other name continues; to a shorter one a row adds `AROUND` at the least, for one
sign more is another person's name: 金永哲华 is not 金永哲."""
AROUND = 2


class RowNames:
    """The names of a list by how they begin, each with how many entries bear it."""

    def __init__(self) -> None:
        self._by_start: dict[str, dict[str, tuple[str, int]]] = {}

    def put(self, name: str) -> None:
        """A list name, as listed."""
        if row := as_row(name):
            held = self._by_start.setdefault(row[:FEWEST], {})
            _, entries = held.get(name, (row, 0))
            held[name] = row, entries + 1

    def remove(self, name: str) -> None:
        """What `put` added."""
        if row := as_row(name):
            held = self._by_start[row[:FEWEST]]
            _, entries = held.pop(name)
            if entries > 1:
                held[name] = row, entries - 1
            if not held:
                del self._by_start[row[:FEWEST]]

    def within(self, text: str) -> tuple[str, ...]:
        """The names that rows of a text hold besides other signs, each once, as listed.

        >>> names = RowNames()
        >>> names.put("佐瓦贸易公司")
        >>> names.within("付款给佐瓦贸易公司货款")
        ('佐瓦贸易公司',)
        """
        if text.isascii() or not self._by_start:
            return ()
        found: dict[str, None] = {}
        for row in rows_of(text):
            for place, begun in enumerate(windows(row)):
                for name, (signs, _) in self._by_start.get(begun, {}).items():
                    if _has_room(row, signs) and row.startswith(signs, place):
                        found[name] = None
        return tuple(found)


def _has_room(row: str, name: str) -> bool:
    return len(row) - len(name) >= (1 if len(name) >= LONG else AROUND)
