"""A record of a schema that no mapping covers: parties by the names of their fields, all the rest as text."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from screening.payments.canonical import amount_of
from screening.payments.json_path import JsonPath
from screening.payments.lines import with_lines
from screening.payments.mapped.pieces import whole
from screening.payments.mapped.reading import PartyMapping, Reading, Words
from screening.payments.mapped.sources import Source
from screening.payments.model import Party, Payment, PaymentError, PaymentProblem, Role

_IDS = ("id", "payment_id", "paymentId", "transaction_id", "transactionId", "uetr")
_AMOUNTS = (("amount",), ("amount", "value"), ("amount", "amount"))
_CURRENCIES = (("currency",), ("amount", "currency"), ("amount", "ccy"))
_REMITTANCES = (("remittance",), ("remittance_information",), ("remittanceInformation",))
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_TEXTS = (Role.REMITTANCE, Role.OTHER)
"""Roles of texts, and of nobody by a name."""
_ROLES: Mapping[str, Role] = {role.value: role for role in Role if role not in _TEXTS} | {
    "payer": Role.DEBTOR,
    "originator": Role.DEBTOR,
    "sender": Role.DEBTOR,
    "payee": Role.CREDITOR,
    "beneficiary": Role.CREDITOR,
    "receiver": Role.CREDITOR,
}
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "names", "full_name", "legal_name"),
    "account": ("account", "iban", "account_number"),
    "bic": ("bic",),
    "lei": ("lei",),
    "country": ("country", "country_code"),
    "address": ("address",),
}
_PARTS = ("first_name", "given_name", "middle_name", "last_name", "family_name", "surname")
"""A name in parts, in the order in which they are one."""
_LINES = tuple(f"name{mark}{number}" for number in (1, 2, 3, 4) for mark in ("", "_"))
"""A name over several columns, the first of which may be called `name`."""
_WHAT: Mapping[str, tuple[str, int]] = {
    word: (what, place)
    for what, words in {**_FIELDS, "part": _PARTS, "line": _LINES}.items()
    for place, word in enumerate(words)
}
_FLAT = re.compile(rf"({'|'.join(sorted(_ROLES, key=len, reverse=True))})_({'|'.join(_WHAT)})")
"""A column of a table without records inside: `creditor_name`, `beneficiaryAccount`."""
Place = tuple[str, int, tuple[str, ...]]
"""What stands there, which of its words is the key's, and the path."""


def payment_of_record(event: dict[str, Any], format: str, fallback_id: str | None, at: str) -> Payment:
    """Raises PaymentError for a record without an id or without a text."""
    piece = whole(event, at)[0]
    reading = Reading(event, at, piece, lambda path: path, Words())
    payment_id = reading.reference(_source(*((key,) for key in _IDS))) or fallback_id
    if not payment_id:
        detail = f"a record of {format} without an id in {', '.join(_IDS[:3])}; write a mapping for it"
        raise PaymentError(PaymentProblem.MISSING_ID, detail)
    currency = reading.code("currency", _source(*_CURRENCIES)) if _is_text(reading, _CURRENCIES) else None
    parties = [
        party for word, places in _places(event).items() for party in reading.parties(_party_at(word, places))
    ]
    amount = _amount(reading)
    if remittance := reading.fields(_source(*_REMITTANCES)):
        parties.append(Party(Role.REMITTANCE, texts=with_lines(remittance)))
    rest, _ = reading.rest(())
    if rest:
        parties.append(Party(Role.OTHER, texts=with_lines(rest)))
    if not parties:
        detail = "a record with no text beside its id and currency; write a mapping for it"
        raise PaymentError(PaymentProblem.NO_PARTIES, detail, payment_id)
    notes = (f"{format}: no mapping; what stands in no party is screened as text",)
    return Payment(payment_id, tuple(parties), format, None, amount, currency, notes=notes)


def _places(event: Mapping[str, Any]) -> dict[str, tuple[Place, ...]]:
    """Where each party stands, by the role's word: in a record of that name, in fields that begin with it."""
    found: dict[str, tuple[Place, ...]] = {}
    for key, value in event.items():
        word, what = _read(key)
        inside: tuple[Place, ...]
        if not word:
            continue
        if what:
            inside = () if isinstance(value, dict | list) else ((*what, (key,)),)
        elif isinstance(value, dict):
            inside = tuple((*known, (key, name)) for name in value if (known := _WHAT.get(_snake(name))))
        else:
            inside = (("name", 0, (key,)),)
        found[word] = (*found.get(word, ()), *inside)
    return found


@lru_cache(maxsize=1024)
def _read(key: str) -> tuple[str, tuple[str, int] | None]:
    """The role's word of a field's name, and what of the party it holds; None: the party itself."""
    word = _snake(key)
    if word in _ROLES:
        return word, None
    flat = _FLAT.fullmatch(word)
    return (flat[1], _WHAT[flat[2]]) if flat else ("", None)


def _snake(key: str) -> str:
    return _HUMP.sub("_", key).lower()


@lru_cache(maxsize=256)
def _party_at(word: str, places: tuple[Place, ...]) -> PartyMapping:
    """How a party is read: its name is one value, or what its parts are together."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for what, _, path in sorted(places, key=lambda place: place[1]):
        found.setdefault(what, []).append(path)
    parts, lines = found.pop("part", []), found.pop("line", [])
    sources = {what: _source(*paths) for what, paths in found.items()}
    if parts and "name" not in sources:
        sources["name"] = replace(_source(*parts), join=" ")
    if lines:
        sources["name"] = replace(_source(*found.get("name", ()), *lines), join=" ")
    return PartyMapping(_ROLES[word], None, sources, {})


@lru_cache(maxsize=64)
def _source(*paths: tuple[str, ...]) -> Source:
    return Source(tuple(JsonPath("$." + ".".join(path), False, path) for path in paths))


def _is_text(reading: Reading, paths: tuple[tuple[str, ...], ...]) -> bool:
    found = (value for path in _source(*paths).paths for value, _ in reading.at(path) if value is not None)
    return isinstance(next(found, None), str)


def _amount(reading: Reading) -> str | None:
    """What is an amount beyond doubt; nothing is refused for one that no mapping has named."""
    for path in _source(*_AMOUNTS).paths:
        for value, where in reading.at(path):
            try:
                amount = amount_of(value, where)
            except PaymentError:
                continue
            if amount is not None:
                reading.first(Source((path,)))  # it is no text then
                return amount
    return None
