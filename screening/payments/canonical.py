"""The canonical JSON payment event: strict where a name could get lost, tolerant of unknown keys."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from screening.countries import ALPHA_2, stated_country
from screening.designations import DateRange, Gender, Kind
from screening.payments.decimals import decimal_text
from screening.payments.keys import may_be_a_name, name_part
from screening.payments.lines import in_lines, with_lines
from screening.payments.model import (
    RAILS,
    Field,
    Party,
    PartyIdentifier,
    Payment,
    PaymentError,
    PaymentProblem,
    Role,
)
from screening.payments.shapes import LONG_WORD, LONGEST_CODE, holds_words, is_bic
from screening.payments.shown import shown
from screening.payments.strict_json import LONGEST_JOINED, check_count, fields, pointer
from screening.tuples import make

_ROLES: Mapping[str, Role] = {role.value: role for role in Role}
KINDS: Mapping[str, Kind] = {kind.value: kind for kind in Kind}
GENDERS: Mapping[str, Gender] = {gender.value: gender for gender in Gender}
_CODES = ("currency", "rail", "uetr")
_TYPES_OF_CODES = frozenset((str, type(None)))
_PAYMENT_KEYS = frozenset(("id", "time", "amount", "parties", "remittance", "status", *_CODES))
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

Word = TypeVar("Word", bound=StrEnum)

_IBAN_SHAPE = re.compile(r"[A-Za-z]{2}[0-9]{2}[A-Za-z0-9 ]{11,40}")
_YEAR = re.compile(r"[12][0-9]{3}")
_CODED = ("bic", "lei")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_WORDS = ("id", "status", *_CODES)
"""Keys of codes: what is no code there is text."""
_COUNTRY_KEYS = frozenset(
    (
        "country",
        "countrycode",
        "countryofresidence",
        "countryofbirth",
        "countryofregistration",
        "residencecountry",
        "nationality",
        "citizenship",
    )
)


def payment_of(
    event: dict[str, Any], format: str = "json", fallback_id: str | None = None, at: str = ""
) -> Payment:
    """A payment from an event that is already parsed.

    `fallback_id` is its id if it has none of its own; `at` is its place in what was sent.
    """
    payment_id = event.get("id", fallback_id)
    if type(payment_id) is not str or not payment_id or payment_id.isspace():
        raise PaymentError(
            PaymentProblem.MISSING_ID,
            "/id: a non-empty string is needed to name the decision"
            + ("" if "parties" in event else "; an event of another shape needs a mapping"),
        )
    try:
        currency, rail, uetr = codes = event.get("currency"), event.get("rail"), event.get("uetr")
        if not _TYPES_OF_CODES.issuperset(map(type, codes)):
            _refuse_codes(codes)
        time, amount = time_of(event.get("time")), amount_of(event.get("amount"))
        parties, status = _parties(event, at), _status(event)
        return make(
            Payment,
            (payment_id, parties, format, time, amount, currency, rail, uetr, (), status, None),
        )
    except PaymentError as error:
        error.payment_id = payment_id
        raise


def _parties(event: dict[str, Any], at: str) -> tuple[Party, ...]:
    given = event.get("parties") or []
    if type(given) is not list:
        wrong_type("/parties", "a list", given)
    parties = [*_each(given, f"{at}/parties")]
    for party in parties:
        if party.names or party.identifiers or party.texts:
            break
    else:
        raise PaymentError(
            PaymentProblem.NO_PARTIES,
            "/parties: at least one party with a name or an identifier is needed; "
            "an event of another shape needs a mapping",
        )
    remittance = fields(event.get("remittance"), at + "/remittance")
    if remittance:
        if len(remittance) > 1:
            remittance = (*remittance, *in_lines(remittance))
        parties.append(Party(Role.REMITTANCE, (), (), (), (), remittance))
    unread = set() if _PAYMENT_KEYS.issuperset(event) else event.keys() - _PAYMENT_KEYS
    for key in _WORDS:
        if key in event and not _is_code(event[key]):
            unread.add(key)
    if unread:
        texts = with_lines(fields({key: event[key] for key in event if key in unread}, at))
        parties.append(Party(Role.OTHER, texts=texts))
    return tuple(parties)


def _is_code(value: Any) -> bool:
    """Whether what stands under the key of a code is one, or nothing."""
    return not value or (
        type(value) is str
        and len(value) <= LONGEST_CODE
        and (
            len(value) < LONG_WORD
            or (value.isalnum() and not value.isalpha())
            or value in RAILS
            or _UUID.fullmatch(value) is not None
            or not holds_words(value)
        )
    )


FEW_PARTIES = 50
"""So many are read without a look at how many values they are together; a maximal message has 36."""


def _each(given: list[Any], path: str) -> Iterator[Party]:
    """Every party; more values than a payment has are not even read."""
    values = 0
    for number, party in enumerate(given):
        found = party_of(party, f"{path}/{number}")
        if len(given) > FEW_PARTIES:
            values += 1 + sum(map(len, (found.names, found.identifiers, found.addresses, found.texts)))
            check_count(values, path)
        yield found


def party_of(party: Any, path: str) -> Party:
    """A party as a JSON object, each value with its path. Raises PaymentError."""
    if type(party) is not dict:
        wrong_type(path, "an object", party)
    unread = set() if _PARTY_KEYS.issuperset(party) else party.keys() - _PARTY_KEYS
    role = kind = gender = None
    if "role" in party and (role := _word(_ROLES, party["role"])) is None:
        unread.add("role")
    if "kind" in party and (kind := _word(KINDS, party["kind"])) is None:
        unread.add("kind")
    if "gender" in party and (gender := _word(GENDERS, party["gender"])) is None:
        unread.add("gender")
    names = _names(party, path)
    texts: tuple[Field, ...] = ()
    if unread:
        check_count(len(party), path)
        names += _in_parts(party, names, path)
        texts = with_lines(fields({key: value for key, value in party.items() if key in unread}, path))
    addresses = fields(party["address"], path + "/address") if "address" in party else ()
    countries = fields(party["country"], path + "/country") if "country" in party else ()
    if unstated := [
        field for field in countries if len(field.value) != ALPHA_2 and stated_country(field.value) is None
    ]:
        texts += tuple(unstated)
    if texts or (addresses and type(party["address"]) is not str):
        countries += tuple(field for field in (*addresses, *texts) if _says_country(field))
    identifiers = _identifiers(party, path)
    texts += _words_among(identifiers, path)
    if "identifiers" in party:
        texts += _names_among_schemes(party["identifiers"] or (), path)
    return make(
        Party,
        (
            role or Role.OTHER,
            names,
            identifiers,
            addresses,
            countries,
            texts,
            kind,
            birth_date_of(party["birth_date"], path + "/birth_date") if "birth_date" in party else None,
            gender,
        ),
    )


def _words_among(identifiers: tuple[PartyIdentifier, ...], path: str) -> tuple[Field, ...]:
    """What is given as a code and may be a name."""
    found: list[Field] = []
    for scheme, value, where in identifiers:
        if value.isalpha() and _stands_inside(where, path):  # a part of a name has four letters, too
            found.append(Field(value, where))
            continue
        if not (scheme == "bic" and is_bic(value)) and holds_words(value):
            found.append(Field(value, where))
    return tuple(found)


def _names_among_schemes(schemes: Iterable[str], path: str) -> tuple[Field, ...]:
    """What is given as the scheme of an identifier and may be a name."""
    return tuple([Field(key, f"{path}/identifiers/{pointer(key)}") for key in schemes if may_be_a_name(key)])


def _stands_inside(where: str, path: str) -> bool:
    """Whether a code is inside an object or a list where a single text is usual, such as an account's
    holder."""
    steps = where[len(path) + 1 :].split("/")
    return len(steps) > (2 if steps[0] == "identifiers" else 1)


def _says_country(field: Field) -> bool:
    """Whether a value is under a key for a country: `/address/country`, `/nationality/0`."""
    key = next((step for step in reversed(field.path.split("/")) if not step.isdigit()), "")
    return field.value != key and key.replace("_", "").replace("-", "").lower() in _COUNTRY_KEYS


def _word(words: Mapping[str, Word], value: Any) -> Word | None:
    return words.get(value) if type(value) is str else None


def _names(party: dict[str, Any], path: str) -> tuple[Field, ...]:
    name = party.get("name")
    if type(name) is str and "names" not in party:
        return fields(name, path + "/name")
    if name is None or type(name) is str or type(name) is list or type(name) is dict:
        names = fields(name, path + "/name")
    else:
        wrong_type(f"{path}/name", "a string", name)
    if len(names) > 1 and sum(len(part.value) for part in names) < LONGEST_JOINED:
        names += (Field(" ".join(part.value for part in names), path + "/name"),)
    more = party.get("names")
    if more is None:
        return names
    if type(more) is not list:
        wrong_type(f"{path}/names", "a list of strings", more)
    return names + fields(more, path + "/names")


def _in_parts(party: dict[str, Any], names: tuple[Field, ...], path: str) -> tuple[Field, ...]:
    """The name whose parts have keys of their own, `name` among them: {"name": …, "surname": …}."""
    parts = [
        field
        for key, value in party.items()
        if name_part(key) == ""
        for field in fields(value, f"{path}/{pointer(key)}")
    ]
    said = {word for field in names for word in field.value.split()}
    parts = [part for part in parts if not said.issuperset(part.value.split())]
    whole = " ".join([field.value for field in (*names[:1], *parts)])
    if not parts or len(names) + len(parts) < 2 or len(whole) > LONGEST_JOINED:
        return ()
    return (Field(whole, (names or tuple(parts))[0].path),)


def _identifiers(party: dict[str, Any], path: str) -> tuple[PartyIdentifier, ...]:
    found: list[PartyIdentifier] = []
    for key in _CODED:
        if key in party:
            for value, where in fields(party[key], f"{path}/{key}"):
                found.append(make(PartyIdentifier, (key, value, where)))
    if "account" in party:
        for value, where in fields(party["account"], path + "/account"):
            found.append(make(PartyIdentifier, (account_scheme(value), value, where)))
    if "identifiers" in party:
        given = party["identifiers"] or {}
        if type(given) is not dict:
            wrong_type(f"{path}/identifiers", "an object of scheme: value", given)
        for scheme, values in given.items():
            for value, where in fields(values, f"{path}/identifiers/{pointer(scheme)}"):
                found.append(make(PartyIdentifier, (scheme.lower(), value, where)))
            check_count(len(found), path)
    return tuple(found)


def account_scheme(value: str) -> str:
    """`iban` for a value of that shape; the check digits decide where that matters."""
    return "iban" if _IBAN_SHAPE.fullmatch(value) else "account"


def _refuse_codes(codes: tuple[Any, ...]) -> NoReturn:
    key, value = next(
        (key, value) for key, value in zip(_CODES, codes, strict=True) if type(value) not in _TYPES_OF_CODES
    )
    wrong_type(f"/{key}", "a string", value)


def _status(event: dict[str, Any]) -> str | None:
    """A single word; anything longer could hold a name and is screened as text instead."""
    value = event.get("status")
    return value if type(value) is str and " " not in value else None


def amount_of(value: Any, path: str = "/amount") -> str | None:
    """The decimal text of an amount. Raises PaymentError for NaN, thousands separators and everything
    else."""
    if value is None:
        return None
    if type(value) is str and (amount := decimal_text(value)) is not None:
        return amount
    if type(value) is int or type(value) is float:
        return str(value)
    raise PaymentError(
        PaymentProblem.BAD_AMOUNT, f"{path}: {shown(value)} is no decimal number such as '12500.00'"
    )


def time_of(value: Any, path: str = "/time") -> datetime | None:
    """A time with its offset. Raises PaymentError for a local time, which could be any moment."""
    if value is None:
        return None
    try:
        time = datetime.fromisoformat(value) if type(value) is str else None
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise PaymentError(PaymentProblem.BAD_TIME, f"{path}: an RFC 3339 time with its offset is expected")
    return time


def birth_date_of(value: Any, path: str) -> DateRange | None:
    """A day, or a year if no more is known. Raises PaymentError for anything else."""
    if value is None:
        return None
    try:
        if type(value) is str and _YEAR.fullmatch(value):
            return DateRange(date(int(value), 1, 1), date(int(value), 12, 31))
        day = date.fromisoformat(value)
    except (ValueError, TypeError):
        wrong_type(path, "YYYY-MM-DD or YYYY", value)
    return DateRange(day, day)


def wrong_type(path: str, expected: str, value: Any) -> NoReturn:
    """Raises the PaymentError that says what a path should hold."""
    given = shown(value) if type(value) is str else f"a value of type {_JSON_TYPES[type(value)]}"
    raise PaymentError(PaymentProblem.WRONG_TYPE, f"{path}: {expected} is expected, not {given}")


_JSON_TYPES: Mapping[type, str] = {
    dict: "object",
    list: "array",
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    type(None): "null",
}
