"""Party fields of MT messages: 50a to 59a in all their options, to one `Party` each."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import pairwise

from screening.countries import ALPHA_2, stated_country
from screening.designations import DateRange, Kind
from screening.payments.model import Field, Party, PartyIdentifier, Role
from screening.payments.shapes import BIC, IBAN, is_bic, is_reference
from screening.tuples import make

PARTY_ROLES: Mapping[str, Role] = {
    "50": Role.DEBTOR,
    "51": Role.INSTRUCTING_AGENT,
    "52": Role.DEBTOR_AGENT,
    "53": Role.REIMBURSEMENT_AGENT,
    "54": Role.REIMBURSEMENT_AGENT,
    "55": Role.REIMBURSEMENT_AGENT,
    "56": Role.INTERMEDIARY_AGENT,
    "57": Role.CREDITOR_AGENT,
    "58": Role.CREDITOR,
    "59": Role.CREDITOR,
    "82": Role.OTHER,
    "83": Role.OTHER,
    "84": Role.OTHER,
    "85": Role.OTHER,
    "86": Role.OTHER,
    "87": Role.OTHER,
    "88": Role.OTHER,
}
"""By the number of the tag; the option letter says how the party is written down."""
_DRAWN: Mapping[str, Role] = {
    **PARTY_ROLES,
    "50": Role.CREDITOR,
    "52": Role.CREDITOR_AGENT,
    "57": Role.DEBTOR_AGENT,
    "59": Role.DEBTOR,
}
ROLES_OF_DEBITS: Mapping[str, Mapping[str, Role]] = {
    "104": _DRAWN,
    "107": _DRAWN,
    "204": {**PARTY_ROLES, "53": Role.DEBTOR},
}
"""The same by message type where the creditor orders the payment: direct debits, and those of the markets."""

FULL_LINE = 33
"""A line of 35 characters less `1/`: a word may have been cut at its end and go on in the next."""

LONGEST_BIC = 11
_CUSTOMERS = ("50", "59")
_CODE_OF_J = re.compile(r"/(ABIC|ACCT|ADD[1-3]|CITY|CLRC|LEIC|NAME|NETS|SSIS|TXID)/")
_IDS_OF_J: Mapping[str, str] = {
    "ABIC": "bic",
    "ACCT": "account",
    "CLRC": "clearing",
    "LEIC": "lei",
    "TXID": "tax",
}
"""Codes of option J that say a number; all but the name are else of where the party is."""
_CODED_OPTIONS = ("A", "C", "G")
"""Options that hold a BIC and no name."""
_ID_CODES: Mapping[str, str] = {
    "ARNU": "national_id",
    "CCPT": "passport",
    "CUST": "other",
    "DRLC": "national_id",
    "EMPL": "other",
    "NIDN": "national_id",
    "SOSE": "national_id",
    "TXID": "tax",
}
"""Codes of 50F's party identifier, `CCPT/DE/C01X00T47` (SWIFT Standards, field 50a option F)."""
_ISSUED = ("CUST", "DRLC", "EMPL")
"""Codes whose number stands behind its issuer, the customer's bank or employer: `CUST/DE/ABC BANK/1234`."""
_GO_ON = ("1", "2")
"""Numbers of lines of option F that a line without a number may continue."""
_CODED_ID = re.compile(r"([A-Z]{4})/([A-Z]{2})/(.+)")
_ACCOUNT = re.compile(r"(//|/[CD]/|/)(.+)")


def party_of(tag: str, lines: list[str], path: str, roles: Mapping[str, Role] = PARTY_ROLES) -> Party:
    """The party of one field; lines that its option does not foresee are screened as text."""
    number = tag[:2]
    role = Role.INITIATING_PARTY if tag in ("50C", "50L") else roles[number]
    coded = tag.endswith(_CODED_OPTIONS)
    if coded and len(lines) == 1 and len(lines[0]) <= LONGEST_BIC and (agent := _agent(role, lines[0], path)):
        return agent
    if tag.endswith("J") and _CODE_OF_J.search("".join(lines)):
        return _party_by_codes(role, lines, path)
    identifiers: list[PartyIdentifier] = []
    texts: list[Field] = []
    start = _account(lines[0], path + "/1", identifiers, texts) if lines[0].startswith("/") else 0
    if tag.endswith("F"):
        return _structured(role, lines, start, path, identifiers, texts)
    kind = None if number in _CUSTOMERS else Kind.ORGANIZATION
    fields = [Field(line, f"{path}/{at}") for at, line in enumerate(lines[start:], start + 1) if line.strip()]
    words: list[Field] = []
    bic = fields[0].value.strip() if fields else ""
    if BIC.fullmatch(bic := bic.upper() if coded else bic):
        identifiers.append(PartyIdentifier("bic", bic, fields[0].path))
        first = fields.pop(0)
        if coded and is_bic(bic):
            return Party(role, (), tuple(identifiers), (), (), (*texts, *fields), Kind.ORGANIZATION)
        if bic.isalpha() or not is_bic(bic):  # a name may have the shape of a BIC, as GAZPROMBANK has
            words.append(first)
    names = words + fields[:1]
    if len(words + fields) > 1:
        texts.append(Field(" ".join(field.value for field in (*words, *fields)), names[0].path))
    if len(fields) > 1 and len(fields[0].value) >= FULL_LINE:
        names.append(Field(fields[0].value + fields[1].value, fields[0].path))
    return Party(role, tuple(names), tuple(identifiers), tuple(fields[1:]), (), tuple(texts), kind)


@lru_cache(maxsize=4096)
def _agent(role: Role, bic: str, path: str) -> Party | None:
    """An agent by its BIC alone, or None if that is not a BIC; cached, because the same few come again and
    again."""
    if not is_bic(bic):
        return None
    return Party(role, identifiers=(PartyIdentifier("bic", bic, path + "/1"),), kind=Kind.ORGANIZATION)


def _account(line: str, path: str, identifiers: list[PartyIdentifier], texts: list[Field]) -> int:
    """The account line of a field, where it has one: `/D/12345`, `//CH123456`. Returns its lines."""
    found = _ACCOUNT.match(line)
    if not found:
        return 0
    mark, value = found.groups()
    scheme = "clearing" if mark == "//" else "iban" if IBAN.fullmatch(value) else "account"
    identifiers.append(make(PartyIdentifier, (scheme, value, path)))
    if not is_reference(value):
        texts.append(Field(value, path))
    return 1


def _structured(
    role: Role,
    lines: list[str],
    start: int,
    path: str,
    identifiers: list[PartyIdentifier],
    texts: list[Field],
) -> Party:
    """Option F: `1/name 2/address 3/country/town 4/birth date 5/birth place 6-7/ids 8/more`."""
    names: list[Field] = []
    addresses: list[Field] = []
    countries: list[Field] = []
    birth_date = None
    for number, value, where in _numbered(lines, start, path):
        if number == "1":
            names.append(make(Field, (value, where)))
        elif number == "2":
            addresses.append(make(Field, (value, where)))
        elif number == "3":
            _country_and_town(value, where, countries, addresses, texts)
        elif number == "4" and (born := _birth_date(value)):
            birth_date = born
        elif number in ("6", "7"):
            scheme = "national_id" if number == "7" else "other"
            identifiers.append(PartyIdentifier(scheme, value.rpartition("/")[2], where))
            texts.append(Field(value, where))
        elif not number and (coded := _CODED_ID.fullmatch(value)):
            _party_identifier(coded[1], coded[3], where, identifiers, texts)
        elif value.strip():
            texts.append(Field(value, where))
    if len(names) > 1:
        texts += names
        names = _continued(names)
    return make(
        Party,
        (
            role,
            tuple(names),
            tuple(identifiers),
            tuple(addresses),
            tuple(countries),
            tuple(texts),
            None,
            birth_date,
            None,
        ),
    )


def _numbered(lines: list[str], start: int, path: str) -> Iterator[tuple[str, str, str]]:
    """Number, value and place of each line of option F. One without a number goes on with the name or the
    address before it."""
    number = ""
    for at, line in enumerate(lines[start:], start + 1):
        if line[1:2] == "/":
            number, value = line[0], line[2:]
        else:
            number, value = number if number in _GO_ON and line.strip() else "", line
        yield number, value, f"{path}/{at}"


def _country_and_town(
    value: str, where: str, countries: list[Field], addresses: list[Field], texts: list[Field]
) -> None:
    """Line 3 of option F: `BE/BRUSSELS`; what is no country is text."""
    country, _, town = value.partition("/")
    if country:
        countries.append(make(Field, (country, where)))
    if not (len(country) == ALPHA_2 and country.isalpha()) and stated_country(country) is None:
        texts.append(Field(value, where))
    if town.strip():
        addresses.append(make(Field, (town, where)))


def _party_identifier(
    code: str, value: str, where: str, identifiers: list[PartyIdentifier], texts: list[Field]
) -> None:
    """The first line of option F in place of an account: `CCPT/DE/C01X00T47`."""
    number = value.rpartition("/")[2] if code in _ISSUED else value
    identifiers.append(PartyIdentifier(_ID_CODES.get(code, "other"), number, where))
    if not is_reference(value):
        texts.append(Field(value, where))


def _party_by_codes(role: Role, lines: list[str], path: str) -> Party:
    """Option J of the treasury messages: `/ABIC/UKWN/NAME/IVAN IVANOV/CITY/MINSK`, its lines cut anywhere."""
    names: list[Field] = []
    identifiers: list[PartyIdentifier] = []
    addresses: list[Field] = []
    texts = [Field(line, f"{path}/{at}") for at, line in enumerate(lines, 1) if line.strip()]
    for text in dict.fromkeys(("".join(lines), " ".join(lines))):
        pieces = _CODE_OF_J.split(text)
        for code, value in zip(pieces[1::2], pieces[2::2], strict=True):
            if not value.strip():
                continue
            if scheme := _IDS_OF_J.get(code):
                identifiers.append(PartyIdentifier(scheme, value.strip(), path))
            else:
                (names if code == "NAME" else addresses).append(Field(value.strip(), path))
    once = dict.fromkeys(identifiers)
    return Party(role, _once(names), tuple(once), _once(addresses), texts=tuple(texts))


def _once(fields: list[Field]) -> tuple[Field, ...]:
    return tuple(dict.fromkeys(fields))


def _continued(lines: list[Field]) -> list[Field]:
    """A name over several lines: with blanks between, and without where a word may have been cut."""
    spaced, cut = lines[0].value, lines[0].value
    for before, line in pairwise(lines):
        spaced += f" {line.value}"
        cut += line.value if len(before.value) >= FULL_LINE else f" {line.value}"
    return [Field(name, lines[0].path) for name in dict.fromkeys((spaced, cut))]


def _birth_date(value: str) -> DateRange | None:
    try:
        day = date.fromisoformat(value.strip())
    except ValueError:
        return None
    return DateRange(day, day)
