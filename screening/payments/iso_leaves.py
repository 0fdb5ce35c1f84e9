"""Leaf elements of ISO 20022: what each one gives to the party around it, and the catch-all for the rest."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from xml.etree.ElementTree import Element

from screening.designations import DateRange
from screening.payments.iso_parts import Block, Scope
from screening.payments.iso_tables import (
    ADDRESSES,
    AMOUNTS,
    CODES,
    COUNTRIES,
    NAMES,
    REFERENCES,
    ROLES,
    SCHEME_CODES,
    SCHEMES,
    TEXTS,
    TYPE_NAMES,
)
from screening.payments.model import Field, PartyIdentifier, PaymentError, PaymentProblem, make
from screening.payments.shapes import is_reference

ReadLeaf = Callable[[Block, Scope, str, Field, Element], None]

_NUMBER = re.compile(r"[^A-Za-z\u0080-\U0010ffff]*|[0-9T:.Z+-]+|true|false")
"""Numbers, dates, times and flags: no letters to make a name of."""
_NUMBERED = re.compile(r"[0-9]{9,128}|(?=[0-9]*[A-Za-z])(?=[A-Za-z]*[0-9])[A-Za-z0-9]{7,128}")
"""What may be an identifier of a party: nine digits, or seven characters with a digit among letters."""
_WALLET = re.compile(r"[A-Za-z0-9]{25,128}")
"""What may be a wallet address in a reference."""
_DIGIT = re.compile(r"[0-9]")
_CODE = re.compile(r"[A-Z0-9]{1,4}")
_DECIMAL = re.compile(r"-?[0-9]{1,30}(\.[0-9]{0,30})?")
_OUR_SCHEMES = frozenset(("imo", "mmsi", "lei", "bic", "passport", "wallet", "tax", "registration"))


def _name(into: Block, _: Scope, __: str, value: Field, ___: Element) -> None:
    into.names.append(value)


def _identifier(into: Block, _: Scope, name: str, value: Field, __: Element) -> None:
    into.identifiers.append(make(PartyIdentifier, (SCHEMES[name], *value)))
    if " " in value.value:
        into.texts.append(value)


def _country(into: Block, _: Scope, __: str, value: Field, ___: Element) -> None:
    (into.countries if len(value.value) == 2 else into.texts).append(value)


def _address(into: Block, _: Scope, __: str, value: Field, ___: Element) -> None:
    into.addresses.append(value)


def _text(into: Block, _: Scope, __: str, value: Field, ___: Element) -> None:
    into.texts.append(value)


def _birth(into: Block, _: Scope, __: str, value: Field, ___: Element) -> None:
    try:
        day = date.fromisoformat(value.value[:10])
    except ValueError:
        into.texts.append(value)
        return
    into.birth_date = DateRange(day, day)


def _reference(into: Block, scope: Scope, name: str, value: Field, _: Element) -> None:
    scope.values.setdefault(name, value.value)
    if _WALLET.fullmatch(value.value):
        into.identifiers.append(PartyIdentifier("other", *value))
    if not is_reference(value.value) and (name not in TYPE_NAMES or " " in value.value):
        into.texts.append(value)


def _money(_: Block, scope: Scope, name: str, value: Field, leaf: Element) -> None:
    if not _DECIMAL.fullmatch(value.value):
        detail = f"{value.path}: {value.value[:40]!r} is no decimal number"
        raise PaymentError(PaymentProblem.BAD_AMOUNT, detail)
    scope.values.setdefault(name, value.value)
    scope.values.setdefault(f"{name}@Ccy", leaf.attrib.get("Ccy", ""))


READERS: Mapping[str, ReadLeaf] = (
    dict.fromkeys(NAMES, _name)
    | dict.fromkeys(SCHEMES, _identifier)
    | dict.fromkeys(COUNTRIES, _country)
    | dict.fromkeys(ADDRESSES, _address)
    | dict.fromkeys(TEXTS, _text)
    | {"BirthDt": _birth}
    | dict.fromkeys(REFERENCES, _reference)
    | dict.fromkeys(AMOUNTS, _money)
)
"""By the leaf's name; `Id` depends on what is around it, and all others go to the catch-all."""


def read_id(into: Block, scope: Scope, parent: Element, parent_name: str, scheme: str, value: Field) -> None:
    """An `Id`: an account below an account, else what the `Othr` around it says it is."""
    if parent_name == "Assgnmt":
        scope.values.setdefault("MsgId", value.value)
    elif parent_name == "Othr" and scheme == "other":
        scheme = _scheme(parent)
    into.identifiers.append(PartyIdentifier(scheme, *value))
    if " " in value.value:
        into.texts.append(value)


def read_unknown(into: Block, scope: Scope, parent_name: str, name: str, value: Field) -> None:
    """The catch-all: a code or number says what the message is, everything else is screened."""
    text = value.value
    coded = (name in CODES and _CODE.fullmatch(text)) or (is_reference(text) and _DIGIT.search(text))
    if not (coded or _NUMBER.fullmatch(text)):
        owner = scope.open(ROLES[name]) if name in ROLES else into
        owner.texts.append(value)
    elif _NUMBERED.fullmatch(text):
        into.identifiers.append(PartyIdentifier("other", text, value.path))
    elif name == "Cd" and parent_name in ("SvcLvl", "LclInstrm"):
        scope.values.setdefault(parent_name, text)
    elif name in ("CreDtTm", "CreDt"):
        scope.values.setdefault("CreDtTm", text)
    elif name in ("TxSts", "TxCxlSts"):
        scope.values.setdefault("TxSts", text)


def _scheme(other: Element) -> str:
    """The scheme of `Othr`: its `SchmeNm/Cd`, or `Prtry` where that is one of our words."""
    for child in other:
        if child.tag.endswith("SchmeNm") and len(child):
            word = (child[0].text or "").strip()
            return SCHEME_CODES.get(word) or (word.lower() if word.lower() in _OUR_SCHEMES else "other")
    return "other"
