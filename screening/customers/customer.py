"""A customer: one party with its owners and directors, each of whom is screened as a party of its own.

A party is written as in a payment (`screening.payments.canonical`), so a customer is screened as the same
party in a payment would be. Owners and directors are below it, and owners of owners below them; a share is in
percent of the party directly above.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from screening.limits import check_size
from screening.payments.canonical import birth_date_of, party_of, wrong_type
from screening.payments.model import Party, Payment, PaymentError, PaymentProblem
from screening.payments.strict_json import fields, read_json

MOST_LEVELS = 8
"""Owners of owners of ...; the longest chains in public registers have as many."""
MOST_PARTIES = 200
"""A customer with its owners and directors."""
LARGEST = 256 << 10
"""Bytes of one customer."""
RELATIONS = ("owners", "directors")
_OWN_KEYS = frozenset(("id", "percent", "countries", "addresses", "birth_dates", *RELATIONS))


@dataclass(frozen=True, slots=True)
class Share:
    """What somebody holds; both parties are named by their place (`/owners/0`), the customer itself by the
    empty place."""

    owner: str
    owned: str
    percent: float


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer, ready to be screened; `parties[0]` is the customer, and `places` has the place of each
    party."""

    id: str
    parties: tuple[Party, ...]
    places: tuple[str, ...] = ("",)
    shares: tuple[Share, ...] = ()

    def as_payment(self) -> Payment:
        """Its parties as a payment without rail or amount, as the matcher takes them."""
        return Payment(self.id, self.parties)

    def place_of(self, path: str) -> str:
        """The place of the party that a path belongs to: the longest place that is a prefix of it."""
        return max((place for place in self.places if path.startswith(place + "/")), key=len, default="")


def decode_customer(key: str, raw: bytes) -> Customer:
    """The customer under its key on the topic. Raises PaymentError, with the place and the remedy, and
    LimitError for one that holds more than is screened together."""
    if len(raw) > LARGEST:
        raise PaymentError(PaymentProblem.TOO_LARGE, f"{len(raw)} bytes; at most {LARGEST} are one customer")
    if not key or key.isspace():
        raise PaymentError(PaymentProblem.MISSING_ID, "the record's key is the customer's id and is empty")
    if any(0xD800 <= ord(letter) <= 0xDFFF for letter in key):  # surrogates, as numbers for mypyc
        raise PaymentError(PaymentProblem.NOT_UTF8, "the record's key is no UTF-8; it is the customer's id")
    value = read_json(raw)
    if type(value) is not dict:
        wrong_type("/", "an object", value)
    if value.get("id", key) != key:
        raise PaymentError(PaymentProblem.WRONG_TYPE, "/id: it must be the record's key, or left out")
    found = [*_below(value, "", 0)]
    customer = Customer(
        key,
        tuple([party for _, party, _ in found]),
        tuple([place for place, _, _ in found]),
        tuple([share for _, _, share in found if share]),
    )
    if not any(party.names or party.identifiers for party in customer.parties[:1]):
        raise PaymentError(PaymentProblem.NO_PARTIES, "/name: a name or an identifier is needed")
    check_size(customer.as_payment())
    return customer


def _below(value: dict[str, Any], place: str, level: int) -> Iterator[tuple[str, Party, Share | None]]:
    """A party and all below it, in order, each with its place and its share in the one above."""
    if level > MOST_LEVELS:
        raise PaymentError(PaymentProblem.TOO_DEEP, f"{place}: owners of more than {MOST_LEVELS} levels")
    yield place, _party(value, place), _share(value, place)
    count = 1
    for relation in RELATIONS:
        given = value.get(relation) or []
        if type(given) is not list:
            wrong_type(f"{place}/{relation}", "a list", given)
        for number, other in enumerate(given):
            there = f"{place}/{relation}/{number}"
            if type(other) is not dict:
                wrong_type(there, "an object", other)
            for found in _below(other, there, level + 1):
                count += 1
                if count > MOST_PARTIES:
                    raise PaymentError(
                        PaymentProblem.TOO_LARGE, f"{there}: more than {MOST_PARTIES} owners and directors"
                    )
                yield found


def _party(value: dict[str, Any], place: str) -> Party:
    """A party as in a payment; countries, addresses and birth dates may also stand under their plural."""
    party = party_of({key: item for key, item in value.items() if key not in _OWN_KEYS}, place)
    addresses = fields(value.get("addresses"), place + "/addresses")
    countries = fields(value.get("countries"), place + "/countries")
    if addresses or countries:
        party = party._replace(addresses=party.addresses + addresses, countries=party.countries + countries)
    dates = value.get("birth_dates")
    if dates is not None:
        if type(dates) is not list:
            wrong_type(f"{place}/birth_dates", "a list", dates)
        ranges = [birth_date_of(date, f"{place}/birth_dates/{at}") for at, date in enumerate(dates)]
        known = [found for found in (party.birth_date, *ranges) if found]
        if known:
            first = min(known, key=lambda found: found.earliest)
            last = max(known, key=lambda found: found.latest)
            party = party._replace(birth_date=replace(first, latest=last.latest))
    return party


def _share(value: dict[str, Any], place: str) -> Share | None:
    percent = value.get("percent")
    if percent is None:
        return None
    if type(percent) not in (int, float):
        wrong_type(f"{place}/percent", "a number from 0 to 100", percent)
    if not 0 <= percent <= 100:
        detail = f"{place}/percent: a share of {percent!s:.20} percent; it must be from 0 to 100"
        raise PaymentError(PaymentProblem.WRONG_TYPE, detail)
    owned, _, _ = place.rpartition("/")[0].rpartition("/")
    return Share(place, owned, float(percent)) if place else None
