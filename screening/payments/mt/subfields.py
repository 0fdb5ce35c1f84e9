"""Field 86 of statements in its numbered subfields, `?32IVAN ?33IVANOV`, as German and Polish banks fill it.

The character between is the one behind the transaction code (`166?00`), by most banks `?`; some send no code
(`?20`). Lines of the field are cut anywhere, so they are joined before the subfields are taken apart.
"""

import re

from screening.payments.model import Field, Party, PartyIdentifier, Role
from screening.payments.shapes import BIC, IBAN, is_reference

_BEGIN = re.compile(r"(?:[0-9]{3}\s*(?P<mark>[^A-Za-z0-9\s])|\s*(?P<alone>[?~<^]))[0-9]{2}")
_NAMES = ("32", "33")
"""Name of the other party, in two parts."""
_BANK, _ACCOUNT = ("30",), ("31", "38")
_PURPOSE = (*(str(number) for number in range(20, 30)), "60", "61", "62", "63")
MOST = 100
"""Subfields that are taken apart; a field 86 has at most 390 characters."""


def subfields(lines: list[str], path: str) -> list[Party]:
    """The parties of a structured field 86; none where it is plain text."""
    text = "".join(lines)
    begin = _BEGIN.match(text)
    if not begin:
        return []
    mark = begin["mark"] or begin["alone"]
    pieces = re.split(rf"{re.escape(mark)}([0-9]{{2}})", text[begin.end() - 3 :], maxsplit=MOST)
    found = list(zip(pieces[1::2], pieces[2::2], strict=True))
    parties = []
    identifiers = tuple(
        identifier
        for number, value in found
        if (identifier := _identifier(number, value, f"{path}?{number}"))
    )
    names = _joined(found, _NAMES, f"{path}?{_NAMES[0]}")
    if names or identifiers:
        parties.append(Party(Role.OTHER, names, identifiers, texts=names))
    if purpose := _joined(found, _PURPOSE, f"{path}?20"):
        parties.append(Party(Role.REMITTANCE, texts=purpose))
    placed = (*_NAMES, *_PURPOSE, *_BANK, *_ACCOUNT)
    rest = tuple(
        Field(value, f"{path}?{number}")
        for number, value in found
        if number not in placed and not is_reference(value)
    )
    if rest:
        parties.append(Party(Role.OTHER, texts=rest))
    return parties


def _identifier(number: str, value: str, path: str) -> PartyIdentifier | None:
    code = value.strip()
    if number in _BANK and code:
        return PartyIdentifier("bic" if BIC.fullmatch(code) else "clearing", code, path)
    if number in _ACCOUNT and code:
        return PartyIdentifier("iban" if IBAN.fullmatch(code) else "account", code, path)
    return None


def _joined(found: list[tuple[str, str]], numbers: tuple[str, ...], path: str) -> tuple[Field, ...]:
    """Subfields that go on in one another: joined as they are, and with a blank between."""
    values = [value for number, value in found if number in numbers and value.strip()]
    whole = dict.fromkeys(("".join(values), " ".join(values)))
    return tuple(Field(value, path) for value in whole if value)
