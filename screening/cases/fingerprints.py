"""Who a party is and what a designation says, each as one short hash: what a verdict on the pair holds for.

A party's fingerprint does not depend on its role, the payment, letter case, punctuation or spacing; it
changes with every name, code, country and birth date. It does not use the matcher's normalisation, so that a
new matcher version keeps the verdicts.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict

from screening.designations import Designation
from screening.payments.model import Party

_NOT_WORD = re.compile(r"[\W_]+")


def party_fingerprint(party: Party) -> str:
    """32 hex digits."""
    birth = party.birth_date
    return _digest(
        [
            _plain(field.value for field in party.names),
            _plain(field.value for field in party.texts),
            sorted({f"{code.scheme}:{squeezed(code.value)}" for code in party.identifiers}),
            _plain(field.value for field in party.countries),
            [party.kind, party.gender],
            [birth.earliest.isoformat(), birth.latest.isoformat()] if birth else [],
        ]
    )


def designation_fingerprint(designation: Designation) -> str:
    """32 hex digits over everything the list says of it."""
    return _digest(asdict(designation))


def _plain(values: Iterable[str]) -> list[str]:
    return sorted({plain(value) for value in values})


def plain(value: str) -> str:
    """Without letter case, punctuation and runs of spaces: `VERSOR,  S.R.O. -> versor s r o`."""
    return _NOT_WORD.sub(" ", _folded(value)).strip()


def squeezed(value: str) -> str:
    """Letters and digits alone: how a code is told whatever its grouping."""
    return _NOT_WORD.sub("", _folded(value))


def _folded(value: str) -> str:
    return unicodedata.normalize("NFKC", value).casefold()


def _digest(content: object) -> str:
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
