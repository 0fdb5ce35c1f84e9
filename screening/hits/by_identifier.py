"""Identifiers: one form for each, and the designations that own them, found by exact lookup.

A number that names a party by itself needs no likeness: it is the same or it is another one. What differs
is how it is written, so every identifier is normalised once, on both sides.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from stdnum import imo
from stdnum.iso7064 import mod_97_10

from screening.designations import Designation, Identifier
from screening.names.cleaning import clean, clean_code

_SELF_DESCRIBING = ("bic", "iban", "lei", "imo", "mmsi", "wallet", "email", "phone", "website")
"""Schemes with a form of their own; all others are numbers given by some office."""
_ALSO: dict[str, tuple[str, ...]] = {
    "iban": ("iban",),
    "account": ("iban", "account", "wallet"),
    "clearing": ("bic", "clearing"),
    "bic": ("bic",),
    "other": ("iban", "wallet", "bic", "lei", "imo", "mmsi", "email"),
}
"""Where else to look for an identifier whose sender may not have known its scheme."""

SHORTEST_IBAN, LONGEST_IBAN = 15, 34
"""Norway's, and what ISO 13616 allows."""
SHORTEST_NUMBER = 5
"""Digits and letters of an office's number; shorter ones ("1", "N/A") name nobody."""
SHORTEST_OTHER_NUMBER = 7
"""The same where the payment does not say which office: a passport found as a customer number."""
SHORTEST_TEXT_NUMBER = 9
"""The same for digits alone in free text, where invoices have numbers too: of 10^9 numbers some 10^4 are
listed, so one invoice number in 100,000 is a chance hit; with 7 digits it would be one in 1,000."""

_NOT_ALNUM = re.compile(r"[\W_]+")
_NOT_DIGIT = re.compile(r"\D+")
_BECH32 = re.compile(r"(?:bc1|tb1|ltc1|[a-z]{2,20}1q)[0-9a-z]{6,}", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
"""Lengths as in RFC 5321; without them a long text without a blank would take quadratic time."""
_IMO = re.compile(r"\bIMO\b\D{0,10}(\d{7})\b|\bIMO(\d{7})\b", re.IGNORECASE)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_BIC = re.compile(r"\b[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?\b")
_BIC_SHAPE = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_PROMISING = re.compile(r"[@\d]|[A-Z]{8}")
"""One of these is in every identifier: a figure, the sign in an e-mail address, a BIC's letters."""
_LONG = re.compile(r"[^\W_]{7,128}")


class Owner(NamedTuple):
    """A designation and the identifier by which it was found."""

    designation: Designation
    identifier: Identifier


def normalise(scheme: str, value: str) -> str:
    """The form in which equal identifiers are equal; empty for what cannot be one.

    >>> normalise("bic", "TATR SK BX XXX"), normalise("iban", "gb29 nwbk 6016 1331 9268 19")
    ('TATRSKBX', 'GB29NWBK60161331926819')
    """
    value = clean_code(value)
    if scheme == "wallet":
        return _wallet(value)
    if scheme == "email":
        return value.strip().casefold().removeprefix("mailto:")
    if scheme == "website":
        host = value.strip().casefold().partition("://")
        return (host[2] or host[0]).removeprefix("www.").rstrip("/")
    if scheme in ("imo", "mmsi", "phone"):
        digits = _NOT_DIGIT.sub("", value)
        return digits.removeprefix("00") if scheme == "phone" else digits
    code = _NOT_ALNUM.sub("", value).upper()
    if scheme == "bic":
        return code[:8] if len(code) in (8, 11) else ""
    return code


def _wallet(value: str) -> str:
    """Base58 addresses (XBT, TRX) keep their case, which is part of the number; ETH and bech32 have none."""
    address = _NOT_ALNUM.sub("", value.rpartition(":")[2])
    return address.lower() if address[:2].lower() == "0x" or _BECH32.fullmatch(address) else address


class IdentifierIndex:
    """Designations by their identifiers; every change is effective with the next call."""

    def __init__(self) -> None:
        self._by_key: defaultdict[str, dict[str, Owner]] = defaultdict(dict)
        self._keys: dict[str, tuple[str, ...]] = {}

    def put(self, designation: Designation) -> None:
        """Add or replace one designation's identifiers."""
        self.remove(designation.id)
        keys = tuple(
            key
            for identifier in designation.identifiers
            if (key := _key(identifier.scheme, identifier.value))
        )
        if keys:
            self._keys[designation.id] = keys
        for identifier in designation.identifiers:
            key = _key(identifier.scheme, identifier.value)
            if key:
                self._by_key[key][designation.id] = Owner(designation, identifier)

    def remove(self, designation_id: str) -> None:
        """Take one designation out; unknown ids are no error."""
        for key in self._keys.pop(designation_id, ()):
            owners = self._by_key.get(key)
            if owners is not None:
                owners.pop(designation_id, None)
                if not owners:
                    del self._by_key[key]

    def owners(self, scheme: str, value: str) -> Iterator[Owner]:
        """Who has this identifier. A bank's BIC is the bank's in every branch: eight characters count."""
        if not self._by_key:
            return
        for family in _ALSO.get(scheme, (scheme,)):
            yield from self._at(_key(family, value))
        if scheme not in _SELF_DESCRIBING and scheme not in ("account", "clearing"):
            for owner in self._at(_key("number", value)):
                same = owner.identifier.scheme == scheme
                if same or len(normalise("number", value)) >= SHORTEST_OTHER_NUMBER:
                    yield owner

    def in_text(self, text: str) -> Iterator[tuple[str, Owner]]:
        """Identifiers anywhere in free text, each with the part of the text that is one."""
        text = clean(text)
        if len(text) < SHORTEST_OTHER_NUMBER or not self._by_key or not _PROMISING.search(text):
            return
        for word in _LONG.findall(text):
            if any(map(str.isdigit, word)):
                for key in (f"wallet:{_wallet(word)}", f"iban:{word.upper()}", f"lei:{word.upper()}"):
                    yield from ((word, owner) for owner in self._at(key))
                if not word.isdigit() or len(word) >= SHORTEST_TEXT_NUMBER:
                    yield from ((word, owner) for owner in self._at(f"number:{word.upper()}"))
        for bic in _BIC.findall(text):
            yield from ((bic, owner) for owner in self._at(f"bic:{bic[:8]}"))
        if "@" in text:
            for email in _EMAIL.findall(text):
                yield from ((email, owner) for owner in self._at(f"email:{email.casefold()}"))
        if "IMO" in text or "imo" in text:
            for groups in _IMO.findall(text):
                number = groups[0] or groups[1]
                if imo.is_valid(number):
                    yield from ((number, owner) for owner in self._at(f"imo:{number}"))
        for account in _IBAN.findall(text):
            if " " in account:
                yield from ((account, owner) for owner in self._at(_key("iban", account)))

    def _at(self, key: str) -> Iterator[Owner]:
        yield from self._by_key.get(key, {}).values()


def _key(scheme: str, value: str) -> str:
    """Where an identifier stands in the index; empty for what names nobody."""
    if scheme in _SELF_DESCRIBING or scheme in ("account", "clearing"):
        form = normalise(scheme, value)
        return f"{scheme}:{form}" if form else ""
    form = normalise(scheme, value)
    if len(form) < SHORTEST_NUMBER or not any(map(str.isdigit, form)):
        return ""
    return f"number:{form}"


def country_of(scheme: str, value: str) -> str | None:
    """The country in a BIC or in what may be an IBAN (see `is_iban`), ISO 3166-1 alpha-2."""
    code = _NOT_ALNUM.sub("", clean_code(value)).upper()
    if scheme == "bic":
        return code[4:6] if _BIC_SHAPE.fullmatch(code) else None
    if scheme in ("iban", "account") and code[2:4].isdigit() and code[:2].isalpha():
        return code[:2]
    return None


def is_iban(value: str) -> bool:
    """The check digits of ISO 13616, whatever the country: Iran has IBANs and is in no registry of them."""
    code = _NOT_ALNUM.sub("", clean_code(value)).upper()
    return (
        SHORTEST_IBAN <= len(code) <= LONGEST_IBAN
        and code.isascii()
        and bool(mod_97_10.is_valid(code[4:] + code[:4]))
    )
