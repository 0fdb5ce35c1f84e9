"""Invented payments, and real-life spellings of the three companies that are about to be designated."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson

COMPANIES = {
    "Verus": (
        "ООО «Верус»",
        "RU",
        ("Verus LLC", "OOO Verus", "ООО «Верус»", "Limited Liability Company Verus"),
    ),
    "Defense Engineering": (
        "Defense Engineering LLP",
        "KZ",
        ("Defence Engineering LLP", "DEFENSE ENGINEERING, LLP", "Defense Engineering L.L.P."),
    ),
    "Versor": ("Versor s.r.o.", "SK", ("VERSOR, s.r.o.", "Versor s.r.o.", "VERSOR SRO")),
}
"""Short name -> (as registered, country, as payment platforms spell it)."""

ONE_IN = 8
"""Every so many payments one goes to one of the three."""

_GIVEN = ("Anna", "Bruno", "Chiara", "Dmitar", "Eszter", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Katya")
_FAMILY = ("Albrecht", "Bianchi", "Castel", "Dvorak", "Eriksen", "Fontaine", "Gruber", "Horvat", "Ito")
_PLACES = ("Alpine", "Baltic", "Copper Hill", "Delta", "Eastgate", "Fjord", "Granite", "Harbour", "Juniper")
_TRADES = ("Bakeries", "Bearings", "Cargo", "Coffee", "Dental", "Freight", "Gardens", "Optics", "Paper")
_FORMS = (("GmbH", "DE"), ("Ltd", "GB"), ("SARL", "FR"), ("BV", "NL"), ("SpA", "IT"), ("AB", "SE"))
_PURPOSES = ("spare parts", "consulting June", "monthly rent", "freight", "licence fee", "salary", "tuition")


@dataclass(frozen=True, slots=True)
class DemoPayment:
    """One event for the payments topic; `company` is the short name where it goes to one of the three."""

    id: str
    value: bytes
    creditor: str
    company: str | None


def payments(seed: int) -> Iterator[DemoPayment]:
    """Payments without end; the same seed invents the same ones, but for their time."""
    chance = random.Random(seed)  # noqa: S311  made-up payments, nothing secret
    companies = list(COMPANIES)
    number = 0
    while True:
        number += 1
        company = companies[number // ONE_IN % len(companies)] if number % ONE_IN == 0 else None
        yield _payment(chance, f"DEMO-{number:06d}", company)


def _payment(chance: random.Random, payment_id: str, company: str | None) -> DemoPayment:
    creditor: dict[str, str]
    if company:
        _, country, spellings = COMPANIES[company]
        creditor = _organization("creditor", chance.choice(spellings), country)
    elif chance.random() < 0.5:
        name = f"{chance.choice(_GIVEN)} {chance.choice(_FAMILY)}"
        creditor = {"role": "creditor", "name": name, "kind": "person"}
    else:
        creditor = _organization("creditor", *_firm(chance))
    event = {
        "id": payment_id,
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "amount": f"{chance.randrange(5_000, 9_000_000) / 100:.2f}",
        "currency": chance.choice(("USD", "EUR", "GBP")),
        "rail": chance.choice(("swift", "sepa", "fedwire")),
        "parties": [_organization("debtor", *_firm(chance)), creditor],
        "remittance": [f"INV {chance.randrange(1000, 9999)} {chance.choice(_PURPOSES)}"],
    }
    return DemoPayment(payment_id, orjson.dumps(event), creditor["name"], company)


def _organization(role: str, name: str, country: str) -> dict[str, str]:
    return {"role": role, "name": name, "country": country, "kind": "organization"}


def _firm(chance: random.Random) -> tuple[str, str]:
    form, country = chance.choice(_FORMS)
    return f"{chance.choice(_PLACES)} {chance.choice(_TRADES)} {form}", country
