"""Leaf elements of ISO 20022: what each one gives to the party around it, and the catch-all for the rest."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from xml.etree.ElementTree import Element

from screening.countries import stated_country
from screening.designations import DateRange
from screening.names.encodings.packed import SHORTEST_PACKED_WORD, held_in
from screening.payments.decimals import decimal_text
from screening.payments.iso.parts import Block, Scope
from screening.payments.iso.tables import (
    ADDRESSES,
    AMOUNTS,
    CODES,
    COUNTRIES,
    NAMES,
    OTHER_AMOUNTS,
    REFERENCES,
    ROLES,
    SCHEME_CODES,
    SCHEMES,
    SEALED,
    TEXTS,
    TYPE_NAMES,
)
from screening.payments.model import Field, PartyIdentifier, PaymentProblem, Refusal, Role
from screening.payments.shapes import holds_words, is_bic, is_reference
from screening.payments.shown import shown
from screening.payments.unread import refuse_sealed
from screening.tuples import make

ReadLeaf = Callable[[Block, Scope, str, str, Element], None]
"""Takes a leaf's text and path into a block or scope."""

_NUMBER = re.compile(r"[^A-Za-z%&=\\\u0080-\U0010ffff]*|[0-9T:.Z+-]+|true|false")
"""Numbers, dates, times and flags: no letters to make a name of."""
_NUMBERED = re.compile(r"[0-9]{9,128}|(?=[0-9]*[A-Za-z])(?=[A-Za-z]*[0-9])[A-Za-z0-9]{7,128}")
"""What may be an identifier of a party: nine digits, or seven characters with a digit among letters."""
SHORTEST_NUMBERED = 7
_WALLET = re.compile(r"[A-Za-z0-9]{25,128}")
"""What may be a wallet address in a reference."""
SHORTEST_WALLET = 25
_DIGIT = re.compile(r"[0-9]")
_TYPE_NAME = re.compile(r"[A-Za-z0-9.:/_-]+").fullmatch
_BASE64 = re.compile(rf"[A-Za-z0-9+/_-]{{{SHORTEST_PACKED_WORD},}}={{0,2}}")
_CODE = re.compile(r"[A-Z0-9]{1,4}")
_OUR_SCHEMES = frozenset(("imo", "mmsi", "lei", "bic", "passport", "wallet", "tax", "registration"))


def _name(into: Block, _: Scope, text: str, path: str, __: Element) -> None:
    into.names.append(make(Field, (text, path)))


def _country(into: Block, _: Scope, text: str, path: str, __: Element) -> None:
    """A code or a name; a value that is neither could be anybody's name, so it is text as well."""
    into.countries.append(make(Field, (text, path)))
    if stated_country(text) is None:
        into.texts.append(make(Field, (text, path)))


def _address(into: Block, _: Scope, text: str, path: str, __: Element) -> None:
    into.addresses.append(make(Field, (text, path)))


def _text(into: Block, _: Scope, text: str, path: str, __: Element) -> None:
    into.texts.append(make(Field, (text, path)))


def _birth(into: Block, _: Scope, text: str, path: str, __: Element) -> None:
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        into.texts.append(Field(text, path))
        return
    if holds_words(text[10:]):
        into.texts.append(Field(text, path))
    into.birth_date = DateRange(day, day)


def _says_words(scheme: str, text: str) -> bool:
    """May an identifier be a name, as in a mailbox or an account by a name (`ivan.zuvavov@bank`)?"""
    return " " in text or (not (scheme == "bic" and is_bic(text)) and holds_words(text))


def _identifier(scheme: str) -> ReadLeaf:
    """The reader of a leaf that is an identifier by its name."""

    def read(into: Block, _: Scope, text: str, path: str, __: Element) -> None:
        into.identifiers.append(make(PartyIdentifier, (scheme, text, path)))
        if _says_words(scheme, text):
            into.texts.append(Field(text, path))

    return read


def _reference(name: str) -> ReadLeaf:
    """The reader of a reference, which is text if it does not look like one."""
    is_type = name in TYPE_NAMES

    def read(into: Block, scope: Scope, text: str, path: str, _: Element) -> None:
        scope.values.setdefault(name, text)
        if len(text) >= SHORTEST_WALLET and _WALLET.fullmatch(text):
            into.identifiers.append(PartyIdentifier("other", text, path))
        if not is_reference(text) and not (is_type and _TYPE_NAME(text)):
            into.texts.append(Field(text, path))

    return read


def _sealed(into: Block, _: Scope, text: str, path: str, __: Element) -> None:
    """The content of an EBICS order or of XML Encryption: read only if it is plain after all."""
    if _BASE64.fullmatch("".join(text.split())) and not held_in(text):
        refuse_sealed(path)
    into.texts.append(Field(text, path))


def _money(name: str) -> ReadLeaf:
    """The reader of an amount and its currency."""
    currency = f"{name}@Ccy"

    def read(_: Block, scope: Scope, text: str, path: str, leaf: Element) -> None:
        amount = decimal_text(text)
        if amount is None:
            detail = f"{path}: {shown(text)} is no decimal number, such as 1000.00"
            scope.refused = scope.refused or Refusal(PaymentProblem.BAD_AMOUNT, detail)
            return
        scope.values.setdefault(name, amount)
        scope.values.setdefault(currency, leaf.get("Ccy", ""))

    return read


_READERS: Mapping[str, ReadLeaf] = (
    dict.fromkeys(NAMES, _name)
    | {name: _identifier(scheme) for name, scheme in SCHEMES.items()}
    | dict.fromkeys(COUNTRIES, _country)
    | dict.fromkeys(ADDRESSES, _address)
    | dict.fromkeys(TEXTS, _text)
    | {"BirthDt": _birth}
    | {name: _reference(name) for name in REFERENCES}
    | {name: _money(name) for name in AMOUNTS}
    | dict.fromkeys(SEALED, _sealed)
)
_VALUES: Mapping[str, str] = {"CreDtTm": "CreDtTm", "CreDt": "CreDtTm", "TxSts": "TxSts", "TxCxlSts": "TxSts"}
_TYPES = ("SvcLvl", "LclInstrm", "ClrSys")


def reader(name: str, parent_name: str) -> ReadLeaf | None:
    """How a leaf is read, by its name and that of the element around it; None for `Id`: see `read_id`."""
    if name == "Id":
        return None
    if name == "Amt" and parent_name in OTHER_AMOUNTS:
        return _unknown(name, parent_name)
    return _READERS.get(name) or _unknown(name, parent_name)


def system_of(path: str) -> str:
    """Under which name a scope keeps the clearing system of the number, or the system's id, at a path."""
    return f"ClrSysId of {path.rpartition('/')[0]}"


LONGEST_TYPE = 35
"""Characters of a service level, local instrument or clearing system."""
IN_WORDS = NAMES | ADDRESSES | TEXTS
"""Leaves of words: where a sender put elements inside one, the words around and inside are one text."""


def _unknown(name: str, parent_name: str) -> ReadLeaf:
    """The catch-all: a code or number is skipped, everything else is screened."""
    is_code, role = name in CODES, ROLES.get(name)
    key = _VALUES.get(name)

    def read(into: Block, scope: Scope, text: str, path: str, _: Element) -> None:
        coded = (is_code and _CODE.fullmatch(text)) or _NUMBER.fullmatch(text)
        if not (coded or (is_reference(text) and _DIGIT.search(text))):
            (_lines_of(role, scope) if role else into).texts.append(Field(text, path))
        elif len(text) >= SHORTEST_NUMBERED and _NUMBERED.fullmatch(text):
            into.identifiers.append(PartyIdentifier("other", text, path))
        elif key:
            scope.values.setdefault(key, text)

    return _named(read, parent_name) if name in ("Cd", "Prtry") else read


def _lines_of(role: Role, scope: Scope) -> Block:
    """The block of an element that is a party and a text: one beside it may go on in this."""
    last = scope.blocks[-1]
    if last.role is role and not (last.names or last.identifiers or last.addresses):
        return last
    return scope.open(role)


def _named(unknown: ReadLeaf, parent_name: str) -> ReadLeaf:
    """The same for the name of a service or a clearing system, which the scope keeps as well."""
    if parent_name == "ClrSysId":

        def read_system(into: Block, scope: Scope, text: str, path: str, leaf: Element) -> None:
            if len(text) <= LONGEST_TYPE:
                scope.values.setdefault(system_of(path.rpartition("/")[0]), text.strip())
            unknown(into, scope, text, path, leaf)

        return read_system
    if parent_name not in _TYPES:
        return unknown
    key = f"{parent_name}:"

    def read(into: Block, scope: Scope, text: str, path: str, leaf: Element) -> None:
        if len(text) <= LONGEST_TYPE:
            scope.values[key] = f"{scope.values.get(key, ' ')}{text} "
        unknown(into, scope, text, path, leaf)

    return read


def read_id(
    into: Block, scope: Scope, text: str, path: str, parent: Element, parent_name: str, scheme: str
) -> None:
    """An `Id`: an account below an account, else what the `Othr` around it says it is."""
    if parent_name == "Assgnmt":
        scope.values.setdefault("MsgId", text)
    elif parent_name == "Othr" and scheme == "other":
        scheme = _scheme(parent)
    into.identifiers.append(PartyIdentifier(scheme, text, path))
    if _says_words(scheme, text):
        into.texts.append(Field(text, path))


def _scheme(other: Element) -> str:
    """The scheme of `Othr`: its `SchmeNm/Cd`, or `Prtry` where that is one of our words."""
    for child in other:
        if child.tag.endswith("SchmeNm") and len(child):
            word = (child[0].text or "").strip()
            return SCHEME_CODES.get(word) or (word.lower() if word.lower() in _OUR_SCHEMES else "other")
    return "other"
