"""Where an element stands, by the names around it: what is to be done there, worked out once.

The same places come in every message, so a place is kept with its path and its rules, and the walk finds
it by one look into its parent's. What is kept never changes what is read, only how soon.
"""

from screening.payments.iso.containers import CONTAINERS
from screening.payments.iso.leaves import IN_WORDS, reader
from screening.payments.iso.tables import NAMES
from screening.payments.keys import name_part

MOST_PLACES = 10_000
"""Kept at once: a maximal pacs.008 has some 900; strangers who invent names make it start anew."""
LONGEST_KEPT = 400
"""Characters of a path, or of a tag with its namespace; the deepest real path has 150."""


class Place:
    """A name below other names: `/Document/FIToFICstmrCdtTrf/CdtTrfTxInf/Dbtr`, of whichever `Dbtr` there."""

    __slots__ = ("_memo", "below", "enter", "in_words", "is_name", "name", "path", "plain", "read", "whose")

    def __init__(self, name: str, path: str, parent_name: str, memo: "Memo") -> None:
        self.name = name
        self.path = path
        self.read = reader(name, parent_name)
        """For an element with text only; None for an `Id`, which depends on what is around it."""
        self.is_name = name in NAMES
        """Of a party: a second one in an element of no table is another's."""
        self.in_words = name in IN_WORDS
        """Whether elements inside belong to its words: `<Nm>Ivan <b>Ivanov</b></Nm>`."""
        self.whose = name_part(name)
        """Whose name an element of somebody's own is a part of; None for any other."""
        self.plain = None if self.is_name or self.whose is not None else self.read
        """The same for an element that is neither a name nor a part of one: nearly every one."""
        self.enter = CONTAINERS.get(name)
        """For an element with others inside; None where these belong to what is around."""
        self.below: dict[str, Place] = {}
        """Places kept below this one, by tag."""
        self._memo = memo

    def child(self, tag: str) -> "Place":
        """The place of an element here, kept from now on."""
        name = local_name(tag)
        place = Place(name, f"{self.path}/{name}", self.name, self._memo)
        if len(tag) <= LONGEST_KEPT and len(place.path) <= LONGEST_KEPT:
            self._memo.keep(self, tag, place)
        return place


class Memo:
    """The places kept, below one without a name: `most` of them at a time."""

    def __init__(self, most: int = MOST_PLACES) -> None:
        self.top = Place("", "", "", self)
        self._most = most
        self._kept = 0

    def keep(self, parent: Place, tag: str, place: Place) -> None:
        """Keep one more, or forget all when they are too many."""
        if self._kept >= self._most:
            self.top.below.clear()
            self._kept = 0
        parent.below[tag] = place
        self._kept += 1


def local_name(tag: str) -> str:
    """`Dbtr` of `{urn:...}Dbtr`."""
    return tag.rpartition("}")[2]
