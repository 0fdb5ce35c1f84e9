"""The fields of a SWIFT message: every line of every field is screened or is a code."""

from screening.payments.model import Field, Party, PartyIdentifier, Role
from screening.payments.mt.batches import StatementLine
from screening.payments.mt.parties import PARTY_ROLES, ROLES_OF_DEBITS, party_of
from screening.payments.mt.subfields import subfields
from screening.payments.mt.text import NARRATIVES, narrative
from screening.payments.shapes import is_reference, said_in

_CODED_FIELDS = frozenset(("20", "21", "23B", "30", "32A", "32B", "33B", "71A"))
"""Fields of one line that are nearly always a code or reference: not taken apart then."""


class Fields:
    """Reads the fields of a type of message to parties; paths count how often a tag has come in it."""

    __slots__ = ("_roles", "_seen")

    def __init__(self, kind: str) -> None:
        self._roles = ROLES_OF_DEBITS.get(kind, PARTY_ROLES)
        self._seen: dict[str, int] = {}

    def read(self, tag: str, value: str, parties: list[Party]) -> None:
        """The parties and texts of one field."""
        seen = self._seen
        times = seen[tag] = seen.get(tag, 0) + 1
        value = value.rstrip("\n")
        if tag in _CODED_FIELDS and is_reference(value):
            return
        path = tag if times == 1 else f"{tag}[{times}]"
        lines = value.split("\n")
        if tag in NARRATIVES:
            narrative(NARRATIVES[tag], lines, path, parties)
            if tag == "86":
                parties += subfields(lines, path)
        elif tag[:2] in PARTY_ROLES:
            parties.append(party_of(tag, lines, path, self._roles))
        elif tag == "61" and (line := StatementLine.read(value)):
            _booked(line, path, parties)
        else:
            if tag in ("25", "25P"):
                account = PartyIdentifier("account", lines[0].lstrip("/"), f"{path}/1")
                parties.append(Party(Role.OTHER, (), (account,)))
            _unknown(lines, path, parties)


def _booked(line: StatementLine, path: str, parties: list[Party]) -> None:
    """The texts of a statement line; behind the letters of its type a name would begin with them."""
    details = [text for _, text in said_in(line.details.split("\n"))]
    references = [text for text in (line.reference, line.bank_reference) if not is_reference(text)]
    texts = [Field(text, path) for text in (*references, *details)]
    if texts:
        parties.append(Party(Role.OTHER, texts=tuple(texts)))


def _unknown(lines: list[str], path: str, parties: list[Party]) -> None:
    """The catch-all for fields of no table: every line that could hold a name."""
    texts = [Field(line, f"{path}/{at}") for at, line in said_in(lines)]
    if texts:
        parties.append(Party(Role.OTHER, texts=tuple(texts)))
