"""The canonical JSON payment event: strict where a name could get lost, open to keys it does not know."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

from screening.designations import DateRange, Gender, Kind
from screening.payments.model import (
    Field,
    Party,
    PartyIdentifier,
    Payment,
    PaymentError,
    PaymentProblem,
    Role,
)

MAX_BYTES = 1 << 20
MAX_DEPTH = 64

_ROLES: Mapping[str, Role] = {role.value: role for role in Role}
_KINDS: Mapping[str, Kind] = {kind.value: kind for kind in Kind}
_PAYMENT_KEYS = frozenset(("id", "time", "amount", "currency", "rail", "uetr", "parties", "remittance"))
_PARTY_KEYS = frozenset(
    (
        "role",
        "name",
        "names",
        "kind",
        "country",
        "account",
        "bic",
        "lei",
        "identifiers",
        "address",
        "birth_date",
        "gender",
    )
)


def decode_json(raw: bytes) -> Payment:
    """One canonical event. Raises PaymentError with the place and the remedy."""
    if not raw.strip():
        raise PaymentError(PaymentProblem.EMPTY, "the message has no content; send a payment event")
    if len(raw) > MAX_BYTES:
        raise PaymentError(PaymentProblem.TOO_LARGE, f"{len(raw)} bytes; at most {MAX_BYTES} are read")
    try:
        event = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        try:
            raw.decode()
        except UnicodeDecodeError as bad:
            raise PaymentError(PaymentProblem.NOT_UTF8, f"{bad}; send UTF-8") from None
        raise PaymentError(PaymentProblem.NOT_JSON, f"{error}; send one JSON object") from None
    if not isinstance(event, dict):
        raise PaymentError(PaymentProblem.WRONG_TYPE, f"/: an object is expected, not {type(event).__name__}")
    return _payment(event)


def _payment(event: dict[str, Any]) -> Payment:
    payment_id = event.get("id")
    if not isinstance(payment_id, str) or not payment_id:
        raise PaymentError(
            PaymentProblem.MISSING_ID, "/id: a non-empty string is needed to name the decision"
        )
    try:
        parties = tuple(_parties(event))
        if not parties:
            raise PaymentError(
                PaymentProblem.NO_PARTIES, "/parties: at least one party or remittance text is needed"
            )
        return Payment(
            id=payment_id,
            parties=parties,
            time=_time(event.get("time")),
            amount=_amount(event.get("amount")),
            currency=_text(event, "currency"),
            rail=_text(event, "rail"),
            uetr=_text(event, "uetr"),
        )
    except PaymentError as error:
        error.payment_id = payment_id
        raise


def _parties(event: dict[str, Any]) -> Iterator[Party]:
    parties = event.get("parties") or []
    if not isinstance(parties, list):
        raise PaymentError(PaymentProblem.WRONG_TYPE, "/parties: a list is expected")
    for number, party in enumerate(parties):
        if not isinstance(party, dict):
            raise PaymentError(PaymentProblem.WRONG_TYPE, f"/parties/{number}: an object is expected")
        yield _party(party, f"/parties/{number}")
    remittance = event.get("remittance") or []
    texts = tuple(_leaves(remittance, "/remittance"))
    if texts:
        yield Party(Role.REMITTANCE, texts=texts)
    rest = {key: value for key, value in event.items() if key not in _PAYMENT_KEYS}
    others = tuple(_leaves(rest, ""))
    if others:
        yield Party(Role.OTHER, texts=others)


def _party(party: dict[str, Any], path: str) -> Party:
    names = tuple(_leaves(party.get("name"), f"{path}/name")) + tuple(
        _leaves(party.get("names"), f"{path}/names")
    )
    identifiers = [
        PartyIdentifier(scheme, value, where)
        for scheme in ("bic", "lei")
        for value, where in _leaves(party.get(scheme), f"{path}/{scheme}")
    ]
    identifiers += [
        PartyIdentifier("account", *field) for field in _leaves(party.get("account"), f"{path}/account")
    ]
    given = party.get("identifiers") or {}
    if not isinstance(given, dict):
        raise PaymentError(
            PaymentProblem.WRONG_TYPE, f"{path}/identifiers: an object of scheme: value is expected"
        )
    for scheme, value in given.items():
        identifiers += [
            PartyIdentifier(scheme, *field) for field in _leaves(value, f"{path}/identifiers/{scheme}")
        ]
    rest = {key: value for key, value in party.items() if key not in _PARTY_KEYS}
    return Party(
        role=_ROLES.get(str(party.get("role")), Role.OTHER),
        names=names,
        identifiers=tuple(identifiers),
        addresses=tuple(_leaves(party.get("address"), f"{path}/address")),
        countries=tuple(_leaves(party.get("country"), f"{path}/country")),
        texts=tuple(_leaves(rest, path)),
        kind=_KINDS.get(str(party.get("kind"))),
        birth_date=_birth_date(party.get("birth_date"), path),
        gender=Gender(party["gender"]) if party.get("gender") in ("male", "female") else None,
    )


def _leaves(value: object, path: str, depth: int = 0) -> Iterator[Field]:
    """Every text below a value, whatever its nesting, so that nothing is unscreened for its shape."""
    if depth > MAX_DEPTH:
        raise PaymentError(PaymentProblem.TOO_DEEP, f"{path}: more than {MAX_DEPTH} levels")
    if isinstance(value, str):
        if value.strip():
            yield Field(value, path)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _leaves(item, f"{path}/{number}", depth + 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, f"{path}/{key.replace('~', '~0').replace('/', '~1')}", depth + 1)


def _text(event: dict[str, Any], key: str) -> str | None:
    value = event.get(key)
    if value is None or isinstance(value, str):
        return value
    raise PaymentError(PaymentProblem.WRONG_TYPE, f"/{key}: a string is expected, not {type(value).__name__}")


def _amount(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise PaymentError(PaymentProblem.BAD_AMOUNT, "/amount: a decimal string is expected")
    try:
        finite = Decimal(str(value)).is_finite()
    except InvalidOperation:
        finite = False
    if not finite:
        raise PaymentError(PaymentProblem.BAD_AMOUNT, f"/amount: {str(value)[:40]!r} is no decimal number")
    return str(value)


def _time(value: object) -> datetime | None:
    if value is None:
        return None
    try:
        time = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise PaymentError(PaymentProblem.BAD_TIME, "/time: an RFC 3339 time with its offset is expected")
    return time


def _birth_date(value: object, path: str) -> DateRange | None:
    if value is None:
        return None
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        raise PaymentError(PaymentProblem.WRONG_TYPE, f"{path}/birth_date: YYYY-MM-DD is expected") from None
    return DateRange(day, day)
