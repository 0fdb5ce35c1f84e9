"""A record of a schema that no mapping covers: parties by the names of their fields, all the rest as text."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from screening.payments.canonical import amount_of
from screening.payments.json_path import JsonPath
from screening.payments.mapped.pieces import whole
from screening.payments.mapped.reading import PartyMapping, Reading, Words
from screening.payments.mapped.sources import Source
from screening.payments.model import Party, Payment, PaymentError, PaymentProblem, Role

_IDS = ("id", "payment_id", "paymentId", "transaction_id", "transactionId", "uetr")
_AMOUNTS = (("amount",), ("amount", "value"), ("amount", "amount"))
_CURRENCIES = (("currency",), ("amount", "currency"), ("amount", "ccy"))
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_ROLES: Mapping[str, Role] = {role.value: role for role in Role} | {
    "payer": Role.DEBTOR,
    "originator": Role.DEBTOR,
    "sender": Role.DEBTOR,
    "payee": Role.CREDITOR,
    "beneficiary": Role.CREDITOR,
    "receiver": Role.CREDITOR,
}
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "names", "full_name", "fullName", "legal_name", "legalName"),
    "account": ("account", "iban", "account_number", "accountNumber"),
    "bic": ("bic",),
    "lei": ("lei",),
    "country": ("country", "country_code", "countryCode"),
    "address": ("address",),
}
_KNOWN = tuple(name for names in _FIELDS.values() for name in names)


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
        party
        for key, value in event.items()
        if (role := _ROLES.get(_HUMP.sub("_", key).lower()))
        for party in reading.parties(_party(role, key, value))
    ]
    amount = _amount(reading)
    rest, _ = reading.rest(())
    if rest:
        parties.append(Party(Role.OTHER, texts=rest))
    if not parties:
        detail = "a record with no text beside its id and currency; write a mapping for it"
        raise PaymentError(PaymentProblem.NO_PARTIES, detail, payment_id)
    notes = (f"{format}: no mapping; what stands in no party is screened as text",)
    return Payment(payment_id, tuple(parties), format, None, amount, currency, notes=notes)


def _party(role: Role, key: str, value: Any) -> PartyMapping:
    """How the party of a field is read: its name is the value, or stands in a field inside."""
    if not isinstance(value, dict):
        return PartyMapping(role, None, {"name": _source((key,))}, {})
    return _party_of(role, key, tuple(name for name in _KNOWN if name in value))


@lru_cache(maxsize=256)
def _party_of(role: Role, key: str, present: tuple[str, ...]) -> PartyMapping:
    found = {what: [name for name in names if name in present] for what, names in _FIELDS.items()}
    sources = {what: _source(*((key, name) for name in names)) for what, names in found.items() if names}
    return PartyMapping(role, None, sources, {})


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
