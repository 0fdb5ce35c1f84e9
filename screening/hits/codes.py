"""Identifiers in one normal form, in which equal ones are equal.

A number that identifies a party is not more or less alike: it is equal or not. Only its notation varies, so
every identifier is normalised once, on both sides.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from stdnum.iso7064 import mod_97_10

from screening.designations import Identifier
from screening.hits import marks
from screening.hits.listed_numbers import numbers_inside
from screening.names.cleaning import clean_code

SELF_DESCRIBING: Final = ("bic", "iban", "lei", "imo", "mmsi", "wallet", "email", "phone", "website")
"""Schemes with a form of their own; all others are numbers given by some office."""
_OFFICES: Final = frozenset(
    ("passport", "national_id", "tax", "registration", "call_sign", "aircraft_serial", "aircraft_tail")
)
"""Schemes of numbers that an office gives; what bears a word of the sender's own may be anything."""
_UNMISTAKABLE: Final = ("iban", "wallet", "bic", "lei", "email")
"""Schemes whose codes are no other number by chance;"""
_SAID: Final = {"imo": "imo", "mmsi": "mmsi", "phone": "phone", "mobile": "phone", "msisdn": "phone"}
"""those that may be, and words of senders that say them."""
ALSO: Final[dict[str, tuple[str, ...]]] = {
    "iban": ("iban",),
    "account": ("iban", "account", "wallet", "phone"),
    "clearing": ("bic", "clearing"),
    "bic": ("bic",),
    "other": ("iban", "wallet", "bic", "lei", "imo", "mmsi", "email"),
}
"""Where else to look for an identifier whose sender may not have known its scheme."""

SHORTEST_IBAN, LONGEST_IBAN = 15, 34
"""Norway's, and what ISO 13616 allows."""
SHORTEST_NUMBER: Final = 5
"""Digits and letters of an office's number; shorter ones ("1", "N/A") name nobody."""

_ADDRESS: Final = re.compile(r"[A-Za-z0-9]{20,128}")
_IN_URI: Final = re.compile(r"[:?@/&=]")
_HEX_ADDRESS: Final = re.compile(r"[0-9A-Fa-f]{40}")
"""An address of Ethereum and its like, less the `0x` that some systems leave out."""
_PADDED: Final = re.compile(r"(?:0x)?0{24}([0-9A-Fa-f]{40})")
"""The same in 32 bytes, as logs and calls of contracts write it."""
_PREFIXED: Final = re.compile(r"[VEJG]([0-9]{5,10})")
"""Numbers of Venezuela with the letter of their kind: V, E of persons, J, G of companies."""
LABELLED: Final = re.compile(r"[^\W\d_]{2,8}([0-9]{7,20})")
"""A number written as one with the name of its kind: INN7701234567."""
NOT_ALNUM: Final = re.compile(r"[\W_]+")
NOT_DIGIT: Final = re.compile(r"\D+")
_BECH32: Final = re.compile(r"(?:bc1|tb1|ltc1|[a-z]{2,20}1q)[0-9a-z]{6,}", re.IGNORECASE)
_BIC_SHAPE: Final = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")


def families(scheme: str) -> tuple[str, ...]:
    """Where to look up an identifier: under its own scheme, or under a label of the sender's.

    >>> families("imo"), families("vessel_imo_no")
    (('imo',), ('iban', 'wallet', 'bic', 'lei', 'email', 'imo'))
    """
    if scheme in SELF_DESCRIBING or scheme in _OFFICES or scheme == "clearing":
        return (scheme,)
    said = [family for word, family in _SAID.items() if word in scheme]
    return (*_UNMISTAKABLE, *said)


def normalise(scheme: str, value: str) -> str:
    """The normal form of an identifier; empty for a value that cannot be one.

    >>> normalise("bic", "TATR SK BX XXX"), normalise("iban", "gb29 nwbk 6016 1331 9268 19")
    ('TATRSKBX', 'GB29NWBK60161331926819')
    """
    value = in_ascii(value)
    if scheme == "wallet":
        return wallets(value)[0]
    if scheme == "email":
        return value.strip().casefold().removeprefix("mailto:")
    if scheme == "website":
        host = value.strip().casefold().partition("://")
        return (host[2] or host[0]).removeprefix("www.").rstrip("/")
    if scheme in ("imo", "mmsi", "phone"):
        digits = NOT_DIGIT.sub("", value)
        return digits.removeprefix("00") if scheme == "phone" else digits
    code = NOT_ALNUM.sub("", value).upper()
    if scheme == "bic":
        return code[:8] if len(code) in (8, 11) else ""
    return code


def in_ascii(text: str) -> str:
    """The text with other scripts' digits, and letters that look like Latin ones, as ASCII; keyboards and
    forgers put them in their place."""
    text = clean_code(text)
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.decimal(char, char)) for char in text).translate(_LATIN)


_LATIN: Final = str.maketrans(
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0406\u0456"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf",
    "ABEKMHOPCTYXaeopcyxIiABEZHIKMNOPTYXo",
)
"""Cyrillic and Greek letters that look like a Latin one."""


def wallets(value: str) -> list[str]:
    """The addresses in a wallet's number or URI (BIP-21, EIP-681, CAIP-10), at least one."""
    found = _ADDRESS.findall(value) if _IN_URI.search(value) else []
    return [address_of(each) for each in found] or [address_of(NOT_ALNUM.sub("", value.rpartition(":")[2]))]


def address_of(address: str) -> str:
    """A wallet address in normal form. In Base58 (XBT, TRX) case is part of the number; ETH and bech32 ignore
    it."""
    if _HEX_ADDRESS.fullmatch(address):
        return f"0x{address.lower()}"
    if padded := _PADDED.fullmatch(address):
        return f"0x{padded[1].lower()}"
    return address.lower() if address[:2].lower() == "0x" or _BECH32.fullmatch(address) else address


def mistyped(code: str) -> Iterator[str]:
    """What an IBAN with letters in place of digits may stand for: all digits, or a bank's letters in front of
    them.

    >>> list(mistyped("AT6119O43OO23457320l".upper()))
    ['AT611904300234573201', 'AT6119O4300234573201']
    """
    if (
        SHORTEST_IBAN <= len(code) <= LONGEST_IBAN
        and _LETTER_FOR_FIGURE.search(code, 2)
        and code[:2].isalpha()
    ):
        yield code[:2] + code[2:].translate(_FIGURES)
        yield code[:2] + code[2:4].translate(_FIGURES) + code[4:8] + code[8:].translate(_FIGURES)


_LETTER_FOR_FIGURE: Final = re.compile("[OIL]")
_FIGURES: Final = str.maketrans("OIL", "011")


def bare_of(form: str) -> str:
    """An official number without the letter of its kind; empty if it has none."""
    found = _PREFIXED.fullmatch(form)
    return found[1] if found else ""


def other_readings(value: str) -> Iterator[str]:
    """Other ways to read an official number: one of two, and without the words in front of it.

    >>> list(other_readings("7701234567/770101001")), list(other_readings("Passport No. A1234567"))
    (['7701234567', '770101001'], ['A1234567', 'NOA1234567'])
    """
    pieces = [piece for piece in _PARTED.split(value) if piece.strip()]
    if len(pieces) > 1:
        yield from (normalise("number", piece) for piece in pieces[:MOST_READINGS])
    words = WORD.findall(value)
    at = next((at for at, word in enumerate(words) if any(map(str.isdigit, word))), 0)
    if at and (at > 1 or len(words[0]) > LONGEST_SERIES):
        yield normalise("number", "".join(words[at:]))
        if len(words[at - 1]) <= LONGEST_SERIES:
            yield normalise("number", "".join(words[at - 1 :]))
    elif at == 0 and words and (found := LABELLED.fullmatch(words[0])):
        yield found[1]


_PARTED: Final = re.compile(r"[/;,|]")
WORD: Final = re.compile(r"[^\W_]+")
MOST_READINGS: Final = 4
LONGEST_SERIES: Final = 2
"""Letters of a passport's series, which are part of its number: "AB 123456"."""
NO_LETTER_OF_KIND: Final = frozenset(
    ("passport", "call_sign", "aircraft_serial", "aircraft_tail", "imo", "mmsi")
)
"""Schemes whose numbers begin with a letter that tells one from another."""


def codes_of(identifier: Identifier) -> Iterator[str]:
    """The keys under which a listed identifier is indexed."""
    if identifier.scheme == marks.SCHEME and (mark := marks.mark_of(identifier.value)):
        yield f"mark:{mark}"
    key = key_of(identifier.scheme, identifier.value)
    if key:
        yield key
        if key.startswith("number:"):
            for number in numbers_inside(identifier.value):
                if inside := key_of(identifier.scheme, number):
                    yield inside
        if key.startswith("number:") and identifier.scheme not in NO_LETTER_OF_KIND:
            bare = bare_of(key.removeprefix("number:"))
            if bare:
                yield f"bare:{bare}"


def key_of(scheme: str, value: str) -> str:
    """The key of an identifier in the index; empty for a value that identifies nobody."""
    form = normalise(scheme, value)
    if scheme in SELF_DESCRIBING or scheme in ("account", "clearing"):
        return f"{scheme}:{form}" if form else ""
    if len(form) < SHORTEST_NUMBER or not any(map(str.isdigit, form)):
        return ""
    return f"number:{form}"


def country_of(scheme: str, value: str) -> str | None:
    """The country of a BIC, or of what may be an IBAN (see `is_iban`), ISO 3166-1 alpha-2."""
    code = NOT_ALNUM.sub("", clean_code(value)).upper()
    if scheme == "bic":
        return code[4:6] if _BIC_SHAPE.fullmatch(code) else None
    if scheme in ("iban", "account") and code[2:4].isdigit() and code[:2].isalpha():
        return code[:2]
    return None


def is_iban(value: str) -> bool:
    """Whether the check digits of ISO 13616 are right, whatever the country: Iran issues IBANs and is in no
    registry of them."""
    code = NOT_ALNUM.sub("", clean_code(value)).upper()
    return (
        SHORTEST_IBAN <= len(code) <= LONGEST_IBAN
        and code.isascii()
        and bool(mod_97_10.is_valid(code[4:] + code[:4]))
    )
