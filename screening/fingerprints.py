"""Who a party is and what a designation says, each as one short hash: what a disposition on the pair holds
for.

A party's fingerprint does not depend on its role, the payment, letter case, punctuation or spacing. It
changes with every name, address, code, country and birth date, and with vowel signs and other marks. A party
without a name (free text, or a country alone) is also identified by the payment's two ends or, between banks,
by everybody that the payment names: a disposition on a text between two parties says nothing about the same
text between two others. A company that blocked persons own is also identified by its owners. The matcher's
normalisation is not used, so that a new matcher version keeps the dispositions.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import fields, is_dataclass

from screening.designations import Designation
from screening.payments.model import Party, Payment, Role

Share = tuple[str, str, float]
"""Who is owned, by whom, and to how many percent."""

_NOT_WORD = re.compile(r"[\W_]+")
_RUN_OF_BLANKS = re.compile(" +")
ENDS = (Role.DEBTOR, Role.CREDITOR, Role.ULTIMATE_DEBTOR, Role.ULTIMATE_CREDITOR)
"""Between whom a payment's text stands."""


def party_fingerprint(party: Party, payment: Payment | None = None) -> str:
    """32 hex digits; `payment` is the one that the party is in."""
    content = _content(party)
    if payment and not (party.names or party.identifiers):
        content.append(sorted([each.role, _digest(_content(each))] for each in _between(payment)))
    return _digest(content)


def _between(payment: Payment) -> list[Party]:
    """The parties between whom the payment's text passes."""
    ends = [party for party in payment.parties if party.role in ENDS]
    return ends or [party for party in payment.parties if party.names or party.identifiers]


def owned_fingerprint(party: str, shares: Iterable[Share]) -> str:
    """The fingerprint of a party under these owners; `party` is its own. A disposition does not carry over to
    the same party under other owners."""
    return _digest(["owned", party, sorted(shares)])


def resubmission_fingerprint(payment: Payment, stopped: str) -> str:
    """The fingerprint of a party in a payment that replaces a stopped one; `stopped` is the fingerprint of
    the party that hit there. A disposition on the one does not carry over to the other."""
    return _digest(["resubmission", stopped, sorted(_digest(_content(party)) for party in payment.parties)])


def _content(party: Party) -> list[object]:
    birth = party.birth_date
    return [
        _plain(field.value for field in party.names),
        _plain(field.value for field in party.texts),
        sorted({f"{code.scheme}:{squeezed(code.value)}" for code in party.identifiers}),
        _plain(field.value for field in party.countries),
        [party.kind, party.gender],
        [birth.earliest.isoformat(), birth.latest.isoformat(), birth.circa] if birth else [],
        _plain(field.value for field in party.addresses),
    ]


def designation_fingerprint(designation: Designation) -> str:
    """32 hex digits over everything that the list says about it."""
    return _digest(designation)


def _plain(values: Iterable[str]) -> list[str]:
    return sorted({plain(value) for value in values})


def plain(value: str) -> str:
    """Without letter case, punctuation and runs of spaces: `VERSOR,  S.R.O. -> versor s r o`."""
    return _NOT_WORD.sub(_blank, _folded(value)).strip()


def squeezed(value: str) -> str:
    """Letters and digits only, as codes are compared, whatever their grouping."""
    return _NOT_WORD.sub(_marks, _folded(value))


def _marks(found: re.Match[str]) -> str:
    """The vowel signs and other combining marks, which no pattern counts as letters: राम is not रामी."""
    between = found[0]
    return "" if between.isascii() else "".join(c for c in between if unicodedata.category(c)[0] == "M")


def _blank(found: re.Match[str]) -> str:
    between = found[0]
    if between.isascii():
        return " "
    return _RUN_OF_BLANKS.sub(" ", "".join(c if unicodedata.category(c)[0] == "M" else " " for c in between))


def _folded(value: str) -> str:
    return unicodedata.normalize("NFKC", value).casefold()


def _digest(content: object) -> str:
    text = json.dumps(content, sort_keys=True, default=_fields)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _fields(value: object) -> object:
    """A dataclass as a tuple of its fields, anything else as its text; `asdict` would make a deep copy."""
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return str(value)
