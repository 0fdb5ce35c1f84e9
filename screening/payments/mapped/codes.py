"""Whether a value is the code that a mapping takes it for. One that is not may be a name: text, too."""

import re
from collections.abc import Callable, Mapping

from stdnum import iban, lei

from screening.countries import country_code
from screening.payments.model import RAILS
from screening.payments.shapes import is_bic, is_reference

_CURRENCY = re.compile(r"[A-Za-z]{3}|[0-9]{3}")
_UETR = re.compile(r"[0-9A-Fa-f]{8}-?([0-9A-Fa-f]{4}-?){3}[0-9A-Fa-f]{12}")
_RAIL_WORDS = frozenset(word for rail in RAILS for word in rail.split("_")).union(
    ("mojaloop", "pix", "rtgs", "stripe", "target2", "upi", "wire", "wise")
)
_LONGEST_RAIL = 40
_LONGEST_CODE = 100
"""Characters; whatever is longer is no code, and is not looked at for long."""


def is_code(key: str, value: str) -> bool:
    """Whether a value has the shape of what stands under a key of a mapping; any other key has references."""
    return len(value) <= _LONGEST_CODE and _TESTS.get(key, is_reference)(value)


def _is_rail(value: str) -> bool:
    words = re.split(r"[_\-. ]", value[:_LONGEST_RAIL].lower())
    return len(value) <= _LONGEST_RAIL and all(word in _RAIL_WORDS or word.isdigit() for word in words)


def _is_account(value: str) -> bool:
    return is_reference(value) or bool(iban.is_valid(value))


_TESTS: Mapping[str, Callable[[str], bool]] = {
    "currency": lambda value: _CURRENCY.fullmatch(value) is not None,
    "rail": _is_rail,
    "uetr": lambda value: _UETR.fullmatch(value) is not None,
    "country": lambda value: country_code(value) is not None or value.isdigit(),
    "bic": is_bic,
    "lei": lambda value: bool(lei.is_valid(value)),
    "account": _is_account,
}
