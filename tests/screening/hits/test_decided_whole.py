"""Decisions whole: every hit by name, text, code, country, goods and ownership, with its reasons.

`said.txt` holds them, a payment each, against one small list; `python -m
tests.screening.hits.test_decided_whole` writes it anew, to be read before it is kept.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from screening import Designation, Kind, Name, NameType, Quality, Screener, decode_payment
from screening.decisions import Decision
from screening.designations import Address, DateRange, Gender, Identifier, Link
from screening.policy.file import read_policy
from tests.screening.said import changed, kept, write

SAID = Path(__file__).with_name("said.txt")
KEPT = kept(SAID)
POLICY = """
threshold = 0.8
party_books = ["firms"]
no_ownership = ["csl EL"]
[[rule]]
lists = ["un"]
rails = ["sepa_instant"]
apply = false
[[rule]]
programs = ["NS-MBS"]
action = "review"
[[rule]]
roles = ["creditor_agent"]
threshold = 0.9
[[embargo]]
id = "IR"
name = "Iran"
countries = ["IR"]
names = ["Iran", "Persia"]
places = ["Bandar Abbas"]
[[embargo]]
id = "CRIMEA"
name = "Crimea"
names = ["Crimea"]
places = ["Sevastopol"]
[[embargo]]
id = "CAVIAR"
name = "Caviar"
goods = ["black caviar"]
"""
BORN = DateRange(date(1968, 5, 1), date(1968, 5, 1))
LIST = (
    Designation(
        "ofac:1",
        (Name("VERSOR S.R.O.", NameType.PRIMARY), Name("VRS", quality=Quality.WEAK)),
        Kind.ORGANIZATION,
        ("SDGT",),
        (Identifier("bic", "VERSSKBX"), Identifier("registration", "SK1234567")),
        links=(Link("Ashot Mkrtychev", "owned_by", "ofac:2", 60.0),),
    ),
    Designation(
        "ofac:2",
        (Name("Ashot MKRTYCHEV", NameType.PRIMARY), Name("Ashik", quality=Quality.WEAK)),
        Kind.PERSON,
        ("DPRK4",),
        birth_dates=(BORN,),
        countries=("SK",),
        gender=Gender.MALE,
    ),
    Designation(
        "ofac:3",
        (Name("BANK MELLI IRAN", NameType.PRIMARY), Name("BMI")),
        Kind.ORGANIZATION,
        ("NS-MBS", "IRAN"),
        addresses=(Address("Ferdowsi Ave", "Tehran", country="IR"),),
    ),
    Designation(
        "un:4", (Name("Ali HASSAN", NameType.PRIMARY),), Kind.PERSON, birth_dates=(BORN,), gender=Gender.MALE
    ),
    Designation(
        "eu:5",
        (Name("QWX STAR", NameType.PRIMARY, Quality.WEAK),),
        Kind.VESSEL,
        identifiers=(Identifier("imo", "9074729"),),
    ),
    Designation("csl:6", (Name("Luxi Avionics Group", NameType.PRIMARY),), Kind.ORGANIZATION, ("EL",)),
    Designation(
        "firms:7",
        (Name("Danubia Machine Tools", NameType.PRIMARY),),
        Kind.ORGANIZATION,
        links=(Link("Ashot Mkrtychev", "owned_by", "ofac:2", 51.0), Link("Luxi", "owned_by", "csl:6", 49.0)),
    ),
    Designation(
        "firms:8",
        (Name("Moravia Forge", NameType.PRIMARY),),
        Kind.ORGANIZATION,
        links=(Link("Danubia", "owned_by", "firms:7", 50.0),),
    ),
    Designation(
        "firms:9",
        (Name("Bohemia Glass", NameType.PRIMARY),),
        Kind.ORGANIZATION,
        links=(Link("Luxi", "owned_by", "csl:6", 100.0), Link("Ashot", "owned_by", "ofac:2", 49.9)),
    ),
    Designation(
        "ofac:10", (Name("محمد حسن آخوند", NameType.PRIMARY), Name("Mohammed HASSAN AKHUND")), Kind.PERSON
    ),
    Designation("ofac:11", (Name("王小明", NameType.PRIMARY), Name("WANG Xiaoming")), Kind.PERSON),
)


def decided(parties: str) -> list[str]:
    """A line for each thing that is said of `{"role": ...}, ...; "remittance": ...`."""
    listed, _, more = parties.partition("; ")
    event = f'{{"id": "P-1", "parties": [{listed}]{", " + more if more else ""}}}'
    screener = Screener(read_policy(POLICY))
    for designation in LIST:
        screener.upsert(designation)
    (payment,) = decode_payment(event.encode())
    return [*of_decision(screener.screen(payment))]


def of_decision(decision: Decision) -> Iterator[str]:
    yield f"  {decision.outcome} {decision.error}{' '.join(decision.notes)}".rstrip()
    for hit in decision.hits:
        matched = hit.name.text if hit.name else "-"
        yield f"    {hit.designation.id} {hit.reason} {hit.action} {hit.score} of {hit.threshold} {matched}"
        yield f"      {hit.role} {hit.path} {hit.value!r}: {hit.summary}"
        for row in hit.explanation:
            yield f"        {row.query} ~ {row.matched} {row.how} {row.weight} {row.similarity}"
        for tie in hit.network:
            yield f"        {tie.one} {tie.relation} {tie.other} {tie.percent}"


def test_a_payment_is_decided_as_it_always_was() -> None:
    assert changed(KEPT, decided) == {}


if __name__ == "__main__":
    write(SAID, [(said, decided(said)) for said in KEPT])
