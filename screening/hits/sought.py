"""Values of a payment that may be identifiers: in their own fields, and anywhere in its texts.

This module does not know the list: every value is looked up in each form that may be meant.
"""

import re
from collections.abc import Container, Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from stdnum import imo

from screening.hits import marks
from screening.hits.codes import (
    ALSO,
    LABELLED,
    LONGEST_IBAN,
    NO_LETTER_OF_KIND,
    NOT_ALNUM,
    NOT_DIGIT,
    SELF_DESCRIBING,
    SHORTEST_IBAN,
    WORD,
    address_of,
    bare_of,
    families,
    in_ascii,
    key_of,
    mistyped,
    normalise,
    other_readings,
    wallets,
)
from screening.hits.papers import numbers_of_papers
from screening.payments.model import Party

SHORTEST_OTHER_NUMBER: Final = 7
"""Digits and letters of an office's number where the payment does not say which office: a passport found as a
customer number."""
SHORTEST_TEXT_NUMBER: Final = 9
"""The same for digits alone in free text, where invoices have numbers too: of 10^9 numbers some 10^4 are
listed, so one invoice number in 100,000 is a chance hit; with 7 digits it would be one in 1,000."""
SHORTEST_PHONE: Final = 10
"""Digits of a telephone's number that is written without a plus."""
SHORTEST_SPLIT, LONGEST_SPLIT = 25, 128
"""Signs of a wallet's address that the end of a line has cut in two: MT has 35 a line."""
BIC_LENGTHS: Final = (8, 11)
LEI_LENGTH: Final = 20
LONGEST_IN_PIECES: Final = 64
"""Characters of a code in groups; the longest IBAN has 34 and eight gaps."""

_JOINED: Final = re.compile(r"(?<![^\W_])[^\W_]{1,34}+(?:[-./][^\W_]{1,34}+){1,16}")
"""A code in groups; begun at a word and never given back, so that a long text takes linear time."""
_EMAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
"""Lengths as in RFC 5321; without them a long text without a blank would take quadratic time."""
_IMO: Final = re.compile(
    r"(?<![^\W_])(?:LR)?(?:[I\u0418]\W{0,2}M\W{0,2}O|OMI)(?:\b\D{0,20}|(?:N[OR])?\W{0,3})"
    r"(\d(?:[ .-]?\d){6})\b"
    r"|(?<![^\W_])(\d{7})\W{0,2}IMO\b"
    r"|(?<![^\W_])(?:MV|M[/.][VT]|VSL|VESSEL|TANKER|LLOYD'?S)\b[^\n]{0,40}?(?<![^\W_])(\d{7})(?![^\W_])",
    re.IGNORECASE,
)
"""In Cyrillic as well, whose M and O are read as Latin ones; in groups of any size ("IMO 918 7629"), before
the word, and behind a ship's name alone ("MV SUNNY (9187629)")."""
NUMBER_BEHIND_A_NAME: Final = 3
"""Group of the number that has no IMO beside it, and must have a ship's check digit: those of companies that
own ships have another."""
_SHIP: Final = re.compile(r"\bMMSI\b\D{0,15}(\d(?:[ .-]?\d){8})\b", re.IGNORECASE)
_IBAN: Final = re.compile(
    r"(?<![^\W_])(?=([A-Z][ ._-]?[A-Z][ ._-]?[\dOIL][ ._-]?[\dOIL](?:[ ._-]{0,2}[A-Z0-9]){11,30}))",
    re.IGNORECASE,
)
"""Where an IBAN may begin, and as much as the longest has, in groups of any size: 4-4-4, 5-5-11-2, single."""
_PHONE: Final = re.compile(r"(?<![^\W_])(?:\+|00)[ (]{0,2}\d(?:[ ().-]{0,3}\d){8,16}(?!\d)")
"""A number of the telephone with its country, in groups of any size: an account by a number is one."""
_HOST: Final = re.compile(r"(?<![\w.-])(?:[a-z0-9][a-z0-9-]{0,62}\.){1,4}[a-z]{2,12}(?![\w-])")
"""Of a web address or a mailbox, in small letters."""
_BIC: Final = re.compile(r"\b[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?\b")
_OF_A_BANK: Final = re.compile(r"\b(?:bic|swift)\b", re.IGNORECASE)
"""Words beside a BIC, which may then be in small letters."""
_PROMISING: Final = re.compile(r"[@\d]|[A-Z]{8}|\w\.[A-Za-z]{2}")
"""One of these is in every identifier: a figure, the sign of a mailbox, a BIC's letters, a host's dot."""
_EIGHT_CAPITALS: Final = re.compile("[A-Z]{8}")
_SEVEN_DIGITS: Final = re.compile(r"\d(?:[ .-]?\d){6}")
_NAUGHTS: Final = "0" * 24
"""What fills an address of Ethereum up to the 32 bytes of a word in a contract's call or log."""
_CALL: Final = re.compile(r"(?<![^\W_])(?:0x)?(?:[0-9A-Fa-f]{8})?((?:[0-9A-Fa-f]{64})+)(?![^\W_])")
"""Such words, behind the four bytes that say what is called."""
_CALL_WORD: Final = 64
_LONG: Final = re.compile(r"[^\W_]{7,128}")


class Sought(NamedTuple):
    """One form of a possible identifier."""

    part: str
    """As the payment writes it."""
    key: str
    """As `codes.key_of`."""
    only: str | None = None
    """The scheme that its owner must have it under: a short number names nobody under another."""
    never: Container[str] = ()
    """Schemes under which it is another's."""


def codes_sought(party: Party) -> set[str]:
    """Every key that is looked up: a listed party with none of them is not hit by an identifier."""
    return {sought.key for _, _, sought in in_party(party)}


def in_party(party: Party) -> Iterator[tuple[str, str, Sought]]:
    """Possible identifiers in a party's identifiers and texts, each with the whole value and its path."""
    for scheme, value, path in party.identifiers:
        for sought in in_field(scheme, value):
            yield value, path, sought
    for texts in (party.names, party.texts, party.addresses):
        for value, path in texts:
            for sought in in_text(value):
                yield value, path, sought


def in_field(scheme: str, value: str) -> Iterator[Sought]:
    """What an identifier may be. A BIC stands for the bank with all its branches: eight characters count."""
    written, value = value, in_ascii(value)
    for family in _families(scheme, value):
        if family == "wallet":
            for form in wallets(value):
                yield Sought(written, f"wallet:{form}")
        elif key := key_of(family, value):
            yield Sought(written, key)
            if family == "iban":
                for form in mistyped(key.removeprefix("iban:")):
                    yield Sought(written, f"iban:{form}")
    if scheme == marks.SCHEME and (mark := marks.mark_of(value)):
        yield Sought(written, f"mark:{mark}")
    if scheme not in SELF_DESCRIBING and scheme not in ("account", "clearing"):
        yield from _as_numbers(scheme, value, written)
    if not value.isalnum() or _NAUGHTS in value:  # words around it, or groups: "IBAN: AT61 1904 ..."
        for sought in in_text(value):
            yield sought._replace(part=written)


def _families(scheme: str, value: str) -> tuple[str, ...]:
    """Where to look up what an identifier's field holds: everywhere what by its length is no BIC, and what in
    an account's field may be a BIC or an LEI."""
    length = len(value)
    if scheme == "account":
        misplaced = length == LEI_LENGTH or (length in BIC_LENGTHS and value[:6].isalpha())
    else:
        misplaced = scheme == "bic" and length not in BIC_LENGTHS
    if misplaced:
        return (*ALSO[scheme], *ALSO["other"])
    return ALSO.get(scheme) or families(scheme)


def _as_numbers(scheme: str, value: str, written: str) -> Iterator[Sought]:
    """An official number with the letter of its kind and without."""
    form = normalise("number", value)
    yield _number(scheme, written, form)
    if scheme not in NO_LETTER_OF_KIND:
        if bare := bare_of(form):
            yield _number(scheme, written, bare, never=NO_LETTER_OF_KIND)
        else:
            yield _number(scheme, written, form, "bare", NO_LETTER_OF_KIND)
    if not value.isdigit():
        for reading in other_readings(value):
            yield _number(scheme, written, reading)


def _number(
    scheme: str, written: str, form: str, family: str = "number", never: Container[str] = ()
) -> Sought:
    only = scheme if len(form) < SHORTEST_OTHER_NUMBER else None
    return Sought(written, f"{family}:{form}", only, never)


def in_text(text: str) -> Iterator[Sought]:
    """Identifiers anywhere in free text, each with the part of the text that is the identifier."""
    if len(text) < marks.SHORTEST:
        return
    text = in_ascii(text)
    small = text.lower()
    if ("bic" in small or "swift" in small) and _OF_A_BANK.search(text):
        for bic in _BIC.findall(text.upper()):
            yield Sought(bic, f"bic:{bic[:8]}")
    promising = _EIGHT_CAPITALS
    if text.replace(" ", "").isalpha():
        if text.istitle():
            return  # "Ivan Zuvavov": no identifier is written so
    else:
        promising = _PROMISING
        for mark, bare in marks.marks_in(text):
            yield Sought(mark, f"mark:{bare}")
    if len(text) < SHORTEST_OTHER_NUMBER or not promising.search(text):
        return
    for word in _LONG.findall(text):
        yield from _in_word(word, word)
    for bic in _BIC.findall(text):
        yield Sought(bic, f"bic:{bic[:8]}")
    if _NAUGHTS in text:
        yield from _called(text)
    if "@" in text:
        for email in _EMAIL.findall(text):
            yield Sought(email, f"email:{email.casefold()}")
    if "." in text:
        for host in _HOST.findall(text.casefold()):
            yield Sought(host, f"website:{host.removeprefix('www.')}")
    yield from _cut_in_two(text)
    for number, scheme in numbers_of_papers(text):
        yield Sought(number, key_of(scheme, number), scheme)
    if _SEVEN_DIGITS.search(text):
        yield from _of_figures(text)
    yield from _in_pieces(text)


def _called(text: str) -> Iterator[Sought]:
    """Wallet addresses in the data of a contract's call or log."""
    for words in _CALL.findall(text):
        for at in range(0, len(words), _CALL_WORD):
            if words.startswith(_NAUGHTS, at):
                word = words[at : at + _CALL_WORD]
                yield Sought(word, f"wallet:{address_of(word)}")


def _of_figures(text: str) -> Iterator[Sought]:
    """Phone and ship numbers, in groups of any size."""
    for number in _PHONE.findall(text):
        yield Sought(number, key_of("phone", number))
    spaced = text.replace("_", " ")
    for found in _IMO.finditer(spaced):
        number = found[found.lastindex or 0]
        digits = NOT_DIGIT.sub("", number)
        if found.lastindex != NUMBER_BEHIND_A_NAME or imo.is_valid(digits):
            yield Sought(number, f"imo:{digits}")
    for number in _SHIP.findall(spaced):
        yield Sought(number, f"mmsi:{NOT_DIGIT.sub('', number)}")


def _cut_in_two(text: str) -> Iterator[Sought]:
    """A wallet address, an IBAN or a LEI that continues in the next line."""
    for left, right in pairwise(text.split()):
        word = left + right
        if SHORTEST_IBAN <= len(word) <= LONGEST_SPLIT and word.isalnum() and not word.isalpha():
            part, code = f"{left} {right}", word.upper()
            if len(word) >= SHORTEST_SPLIT:
                yield Sought(part, f"wallet:{address_of(word)}")
            if len(word) <= LONGEST_IBAN:
                yield Sought(part, f"iban:{code}")
                yield Sought(part, f"lei:{code}")


def _in_pieces(text: str) -> Iterator[Sought]:
    """Codes written in groups, with blanks, dashes or dots between them."""
    for account in _IBAN.findall(text):
        if not account.isalnum():
            yield from _begun(account)
    for code in _JOINED.findall(text):
        if len(code) <= LONGEST_IN_PIECES:
            yield from _in_word(NOT_ALNUM.sub("", code), code)


def _begun(account: str) -> Iterator[Sought]:
    """An IBAN at the start of a longer text: it ends at the end of one of the groups."""
    code = ""
    for group in WORD.finditer(account):
        code += group[0].upper()
        if len(code) >= SHORTEST_IBAN:
            for form in (code, *mistyped(code)):
                yield Sought(account[: group.end()], f"iban:{form}")


def _in_word(word: str, part: str) -> Iterator[Sought]:
    """What one word of a text may be; `part` is how the text writes it."""
    if len(word) < SHORTEST_OTHER_NUMBER or not any(map(str.isdigit, word)):
        return
    code = word.upper()
    yield Sought(part, f"wallet:{address_of(word)}")
    yield Sought(part, f"iban:{code}")
    yield Sought(part, f"lei:{code}")
    for form in (*mistyped(code), code.removeprefix("IBAN")):
        yield Sought(part, f"iban:{form}")
    if not word.isdigit() or len(word) >= SHORTEST_TEXT_NUMBER:
        yield Sought(part, f"number:{code}")
    if word.isdigit() and len(word) >= SHORTEST_PHONE:
        yield Sought(part, key_of("phone", word))
    if (labelled := LABELLED.fullmatch(code)) and len(labelled[1]) >= SHORTEST_TEXT_NUMBER:
        yield Sought(part, f"number:{labelled[1]}")
