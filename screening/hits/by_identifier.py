"""Identifiers: one form for each, and the designations that own them, found by exact lookup.

A number that names a party by itself needs no likeness: it is the same or it is another one. What differs
is how it is written, so every identifier is normalised once, on both sides.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Container, Iterator
from itertools import chain, pairwise
from typing import NamedTuple

from stdnum import imo
from stdnum.iso7064 import mod_97_10

from screening.designations import Designation, Identifier
from screening.names.cleaning import clean_code
from screening.payments.model import Party

_SELF_DESCRIBING = ("bic", "iban", "lei", "imo", "mmsi", "wallet", "email", "phone", "website")
"""Schemes with a form of their own; all others are numbers given by some office."""
_OFFICES = frozenset(
    ("passport", "national_id", "tax", "registration", "call_sign", "aircraft_serial", "aircraft_tail")
)
"""Schemes of numbers that an office gives; what bears a word of the sender's own may be anything."""
_UNMISTAKABLE = ("iban", "wallet", "bic", "lei", "email")
"""Schemes whose codes are no other number by chance;"""
_SAID = {"imo": "imo", "mmsi": "mmsi", "phone": "phone", "mobile": "phone", "msisdn": "phone"}
"""those that may be, and words of senders that say them."""
_ALSO: dict[str, tuple[str, ...]] = {
    "iban": ("iban",),
    "account": ("iban", "account", "wallet", "phone"),
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

_ADDRESS = re.compile(r"[A-Za-z0-9]{20,128}")
_IN_URI = re.compile(r"[:?@/&=]")
_HEX_ADDRESS = re.compile(r"[0-9A-Fa-f]{40}")
"""An address of Ethereum and its like, less the `0x` that some systems leave out."""
_PREFIXED = re.compile(r"[VEJG]([0-9]{5,10})")
"""Numbers of Venezuela with the letter of their kind: V, E of persons, J, G of companies."""
_LABELLED = re.compile(r"[^\W\d_]{2,8}([0-9]{7,20})")
"""A number written as one with the name of its kind: INN7701234567."""
_JOINED = re.compile(r"(?<![^\W_])[^\W_]{1,34}+(?:[-./][^\W_]{1,34}+){1,16}")
"""A code in groups; begun at a word and never given back, so that a long text takes linear time."""
_NOT_ALNUM = re.compile(r"[\W_]+")
_NOT_DIGIT = re.compile(r"\D+")
_BECH32 = re.compile(r"(?:bc1|tb1|ltc1|[a-z]{2,20}1q)[0-9a-z]{6,}", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
"""Lengths as in RFC 5321; without them a long text without a blank would take quadratic time."""
_IMO = re.compile(r"\b[I\u0418]\W{0,2}M\W{0,2}O(?:\b\D{0,15}|\W{0,3})(\d(?:[ .-]?\d){6})\b", re.IGNORECASE)
"""In Cyrillic as well, whose M and O are read as Latin ones; in groups of any size ("IMO 918 7629")."""
_SHIP = re.compile(r"\bMMSI\b\D{0,15}(\d(?:[ .-]?\d){8})\b", re.IGNORECASE)
_IBAN = re.compile(
    r"(?<![^\W_])(?=([A-Z][ ._-]?[A-Z][ ._-]?[\dOIL][ ._-]?[\dOIL](?:[ ._-]{0,2}[A-Z0-9]){11,30}))",
    re.IGNORECASE,
)
"""Where an IBAN may begin, and as much as the longest has, in groups of any size: 4-4-4, 5-5-11-2, single."""
_PHONE = re.compile(r"(?<![^\W_])(?:\+|00)[ (]{0,2}\d(?:[ ().-]{0,3}\d){8,16}(?!\d)")
"""A number of the telephone with its country, in groups of any size: an account by a number is one."""
SHORTEST_PHONE = 10
"""Digits of one that is written without a plus."""
_HOST = re.compile(r"(?<![\w.-])(?:[a-z0-9][a-z0-9-]{0,62}\.){1,4}[a-z]{2,12}(?![\w-])")
"""Of a web address or a mailbox, in small letters."""
SHORTEST_SPLIT, LONGEST_SPLIT = 25, 128
"""Signs of a wallet's address that the end of a line has cut in two: MT has 35 a line."""
_GROUP = re.compile(r"[^\W_]+")
_BIC = re.compile(r"\b[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?\b")
_BIC_SHAPE = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_PROMISING = re.compile(r"[@\d]|[A-Z]{8}|\w\.[A-Za-z]{2}")
"""One of these is in every identifier: a figure, the sign of a mailbox, a BIC's letters, a host's dot."""
_SEVEN_DIGITS = re.compile(r"\d(?:[ .-]?\d){6}")
LONGEST_IN_PIECES = 64
"""Characters of a code in groups; the longest IBAN has 34 and eight gaps."""
_LONG = re.compile(r"[^\W_]{7,128}")


class Owner(NamedTuple):
    """A designation and the identifier by which it was found."""

    designation: Designation
    identifier: Identifier


def _families(scheme: str) -> tuple[str, ...]:
    """Where to look for an identifier under its own scheme, or under a word that is the sender's.

    >>> _families("imo"), _families("vessel_imo_no")
    (('imo',), ('iban', 'wallet', 'bic', 'lei', 'email', 'imo'))
    """
    if scheme in _SELF_DESCRIBING or scheme in _OFFICES or scheme == "clearing":
        return (scheme,)
    said = [family for word, family in _SAID.items() if word in scheme]
    return (*_UNMISTAKABLE, *said)


def normalise(scheme: str, value: str) -> str:
    """The form in which equal identifiers are equal; empty for what cannot be one.

    >>> normalise("bic", "TATR SK BX XXX"), normalise("iban", "gb29 nwbk 6016 1331 9268 19")
    ('TATRSKBX', 'GB29NWBK60161331926819')
    """
    value = clean_code(value)
    if not value.isascii():
        value = _plain(value)
    if scheme == "wallet":
        return _wallets(value)[0]
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


def _plain(text: str) -> str:
    """In the digits and letters of ASCII, as far as it can be: other scripts' digits, and letters that look
    like Latin ones, which keyboards and forgers put in their place."""
    text = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.decimal(char, char)) for char in text).translate(_LATIN)


_LATIN = str.maketrans(
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0406\u0456"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf",
    "ABEKMHOPCTYXaeopcyxIiABEZHIKMNOPTYXo",
)
"""Cyrillic and Greek letters that look like a Latin one."""


def _wallets(value: str) -> list[str]:
    """The addresses in a wallet's number or URI (BIP-21, EIP-681, CAIP-10), at least one."""
    found = _ADDRESS.findall(value) if _IN_URI.search(value) else []
    return [_address(each) for each in found] or [_address(_NOT_ALNUM.sub("", value.rpartition(":")[2]))]


def _address(address: str) -> str:
    """Base58 addresses (XBT, TRX) keep their case, which is part of the number; ETH and bech32 have none."""
    if _HEX_ADDRESS.fullmatch(address):
        return f"0x{address.lower()}"
    return address.lower() if address[:2].lower() == "0x" or _BECH32.fullmatch(address) else address


def _mistyped(code: str) -> Iterator[str]:
    """What an IBAN with letters for figures was to be: all figures, or a bank's letters in front of them.

    >>> list(_mistyped("AT6119O43OO23457320l".upper()))
    ['AT611904300234573201', 'AT6119O4300234573201']
    """
    if (
        SHORTEST_IBAN <= len(code) <= LONGEST_IBAN
        and _LETTER_FOR_FIGURE.search(code, 2)
        and code[:2].isalpha()
    ):
        yield code[:2] + code[2:].translate(_FIGURES)
        yield code[:2] + code[2:4].translate(_FIGURES) + code[4:8] + code[8:].translate(_FIGURES)


_LETTER_FOR_FIGURE = re.compile("[OIL]")
_FIGURES = str.maketrans("OIL", "011")


def _bare(form: str) -> str:
    """A number of an office without the letter of its kind; empty where it has none."""
    found = _PREFIXED.fullmatch(form)
    return found[1] if found else ""


def _readings(value: str) -> Iterator[str]:
    """Other ways to read an office's number: one of two, and without the words in front of it.

    >>> list(_readings("7701234567/770101001")), list(_readings("Passport No. A1234567"))
    (['7701234567', '770101001'], ['A1234567', 'NOA1234567'])
    """
    pieces = [piece for piece in _PARTED.split(value) if piece.strip()]
    if len(pieces) > 1:
        yield from (normalise("number", piece) for piece in pieces[:MOST_READINGS])
    words = _WORD.findall(value)
    at = next((at for at, word in enumerate(words) if any(map(str.isdigit, word))), 0)
    if at and (at > 1 or len(words[0]) > LONGEST_SERIES):
        yield normalise("number", "".join(words[at:]))
        if len(words[at - 1]) <= LONGEST_SERIES:
            yield normalise("number", "".join(words[at - 1 :]))
    elif at == 0 and words and (found := _LABELLED.fullmatch(words[0])):
        yield found[1]


_PARTED = re.compile(r"[/;,|]")
_WORD = re.compile(r"[^\W_]+")
MOST_READINGS = 4
LONGEST_SERIES = 2
"""Letters of a passport's series, which are part of its number: "AB 123456"."""
_NO_LETTER_OF_KIND = frozenset(("passport", "call_sign", "aircraft_serial", "aircraft_tail", "imo", "mmsi"))
"""Schemes whose numbers begin with a letter that tells one from another."""


class IdentifierIndex:
    """Designations by their identifiers; every change is effective with the next call."""

    def __init__(self) -> None:
        self._by_key: defaultdict[str, dict[str, Owner]] = defaultdict(dict)
        self._keys: dict[str, tuple[str, ...]] = {}

    def put(self, designation: Designation) -> None:
        """Add or replace one designation's identifiers."""
        self.remove(designation.id)
        keys: list[str] = []
        for identifier in designation.identifiers:
            for key in codes_of(identifier):
                keys.append(key)
                self._by_key[key][designation.id] = Owner(designation, identifier)
        if keys:
            self._keys[designation.id] = tuple(keys)

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
        value = clean_code(value)
        if not value.isascii():
            value = _plain(value)
        for family in _ALSO.get(scheme) or _families(scheme):
            if family == "wallet":
                for form in _wallets(value):
                    yield from self._at(f"wallet:{form}")
            else:
                yield from self._at(key := _key(family, value))
                if family == "iban":
                    for form in _mistyped(key.removeprefix("iban:")):
                        yield from self._at(f"iban:{form}")
        if scheme not in _SELF_DESCRIBING and scheme not in ("account", "clearing"):
            form = normalise("number", value)
            yield from self._of_number(scheme, form)
            if scheme not in _NO_LETTER_OF_KIND:
                bare = _bare(form)
                yield from self._of_number(scheme, bare, _NO_LETTER_OF_KIND)
                if not bare:
                    yield from self._of_number(scheme, form, _NO_LETTER_OF_KIND, "bare")
            if not value.isdigit():
                for reading in _readings(value):
                    yield from self._of_number(scheme, reading)
        if not value.isalnum():  # words around it, or groups: "IBAN: AT61 1904 ..."
            yield from (owner for _, owner in self.in_text(value))

    def _of_number(
        self, scheme: str, form: str, without: Container[str] = (), family: str = "number"
    ) -> Iterator[Owner]:
        """Owners of an office's number, where it is long enough to name them by itself."""
        for owner in self._at(f"{family}:{form}"):
            same = owner.identifier.scheme == scheme
            if (same or len(form) >= SHORTEST_OTHER_NUMBER) and owner.identifier.scheme not in without:
                yield owner

    def in_text(self, text: str) -> Iterator[tuple[str, Owner]]:
        """Identifiers anywhere in free text, each with the part of the text that is one."""
        if len(text) < SHORTEST_OTHER_NUMBER or not self._by_key:
            return
        text = clean_code(text)
        if not text.isascii():
            text = _plain(text)
        if not _PROMISING.search(text):
            return
        for word in _LONG.findall(text):
            yield from self._in_word(word, word)
        for bic in _BIC.findall(text):
            yield from ((bic, owner) for owner in self._at(f"bic:{bic[:8]}"))
        if "@" in text:
            for email in _EMAIL.findall(text):
                yield from ((email, owner) for owner in self._at(f"email:{email.casefold()}"))
        if "." in text:
            for host in _HOST.findall(text.casefold()):
                yield from ((host, owner) for owner in self._at(f"website:{host.removeprefix('www.')}"))
        yield from self._cut_in_two(text)
        if not _SEVEN_DIGITS.search(text):
            yield from self._in_pieces(text)
            return
        for number in _PHONE.findall(text):
            yield from ((number, owner) for owner in self._at(_key("phone", number)))
        spaced = text.replace("_", " ")
        for number in _IMO.findall(spaced):
            digits = _NOT_DIGIT.sub("", number)
            if imo.is_valid(digits):
                yield from ((number, owner) for owner in self._at(f"imo:{digits}"))
        for number in _SHIP.findall(spaced):
            yield from ((number, owner) for owner in self._at(f"mmsi:{_NOT_DIGIT.sub('', number)}"))
        yield from self._in_pieces(text)

    def _cut_in_two(self, text: str) -> Iterator[tuple[str, Owner]]:
        """Owners of a wallet's address, an IBAN or a LEI of which the rest stands in the next line."""
        for left, right in pairwise(text.split()):
            word = left + right
            if SHORTEST_IBAN <= len(word) <= LONGEST_SPLIT and word.isalnum() and not word.isalpha():
                code = word.upper()
                keys = [f"wallet:{_address(word)}"] if len(word) >= SHORTEST_SPLIT else []
                if len(word) <= LONGEST_IBAN:
                    keys += (f"iban:{code}", f"lei:{code}")
                yield from ((f"{left} {right}", owner) for key in keys for owner in self._at(key))

    def _in_pieces(self, text: str) -> Iterator[tuple[str, Owner]]:
        """Codes that are written in groups, with blanks, dashes or dots between."""
        for account in _IBAN.findall(text):
            if not account.isalnum():
                yield from self._begun(account)
        for code in _JOINED.findall(text):
            if len(code) <= LONGEST_IN_PIECES:
                yield from self._in_word(_NOT_ALNUM.sub("", code), code)

    def _begun(self, account: str) -> Iterator[tuple[str, Owner]]:
        """Owners of an IBAN that a text begins with and goes on behind: it ends with one of the groups."""
        code = ""
        for group in _GROUP.finditer(account):
            code += group[0].upper()
            if len(code) >= SHORTEST_IBAN:
                for form in (code, *_mistyped(code)):
                    yield from ((account[: group.end()], owner) for owner in self._at(f"iban:{form}"))

    def _in_word(self, word: str, part: str) -> Iterator[tuple[str, Owner]]:
        """Owners of one word of a text; `part` is how the text writes it."""
        if len(word) < SHORTEST_OTHER_NUMBER or not any(map(str.isdigit, word)):
            return
        code = word.upper()
        for key in (f"wallet:{_address(word)}", f"iban:{code}", f"lei:{code}"):
            yield from ((part, owner) for owner in self._at(key))
        for form in (*_mistyped(code), code.removeprefix("IBAN")):
            yield from ((part, owner) for owner in self._at(f"iban:{form}"))
        if not word.isdigit() or len(word) >= SHORTEST_TEXT_NUMBER:
            yield from ((part, owner) for owner in self._at(f"number:{code}"))
        if word.isdigit() and len(word) >= SHORTEST_PHONE:
            yield from ((part, owner) for owner in self._at(_key("phone", word)))
        if (labelled := _LABELLED.fullmatch(code)) and len(labelled[1]) >= SHORTEST_TEXT_NUMBER:
            yield from ((part, owner) for owner in self._at(f"number:{labelled[1]}"))

    def of_party(self, party: Party) -> Iterator[tuple[str, str, str, Owner]]:
        """Owners of a party's identifiers, and of those anywhere in its text: each with the value, the part
        of it that is one, and its path."""
        for scheme, value, path in party.identifiers:
            yield from ((value, value, path, owner) for owner in self.owners(scheme, value))
        for value, path in chain(party.names, party.texts, party.addresses):
            yield from ((value, part, path, owner) for part, owner in self.in_text(value))

    def _at(self, key: str) -> Iterator[Owner]:
        yield from self._by_key.get(key, {}).values()


class _Asked(IdentifierIndex):
    """Owns nothing, and notes what it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._by_key[""] = {}  # an index that holds nothing is not asked
        self.codes: set[str] = set()

    def _at(self, key: str) -> Iterator[Owner]:
        self.codes.add(key)
        return iter(())


def codes_sought(party: Party) -> set[str]:
    """Everything that an index is asked for by `of_party`: who has none of it hits by no identifier."""
    asked = _Asked()
    for _ in asked.of_party(party):
        pass
    return asked.codes


def codes_of(identifier: Identifier) -> Iterator[str]:
    """Where a listed identifier stands in the index."""
    key = _key(identifier.scheme, identifier.value)
    if key:
        yield key
        if key.startswith("number:") and identifier.scheme not in _NO_LETTER_OF_KIND:
            bare = _bare(key.removeprefix("number:"))
            if bare:
                yield f"bare:{bare}"


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
