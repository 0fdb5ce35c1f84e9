"""What makes a party or a designation another one for a verdict, and what does not."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from screening import Designation, Name, NameType, Party, Role
from screening.designations import Address, DateRange, Gender, Identifier, Kind, Link, Quality
from screening.fingerprints import designation_fingerprint, party_fingerprint
from screening.payments.model import Field, PartyIdentifier
from streams.records.json import designation_from_json, designation_to_json

ACME = Party(
    Role.CREDITOR,
    names=(Field("Acme Trading, Ltd", "/parties/0/name"),),
    identifiers=(PartyIdentifier("iban", "GB29 NWBK 6016 1331 9268 19", "/parties/0/account"),),
    countries=(Field("GB", "/parties/0/country"),),
)


@pytest.mark.parametrize(
    "same",
    [
        ACME._replace(role=Role.DEBTOR),
        ACME._replace(names=(Field("ACME  TRADING LTD", "/parties/7/name"),)),
        ACME._replace(identifiers=(PartyIdentifier("iban", "GB29NWBK60161331926819", ""),)),
    ],
)
def test_role_place_case_and_punctuation_leave_the_party_the_same(same: Party) -> None:
    assert party_fingerprint(same) == party_fingerprint(ACME)


@pytest.mark.parametrize(
    "other",
    [
        ACME._replace(names=(Field("Acme Traders Ltd", ""),)),
        ACME._replace(names=(*ACME.names, Field("Versor", ""))),
        ACME._replace(countries=(Field("RU", ""),)),
        ACME._replace(identifiers=()),
        ACME._replace(texts=(Field("for Versor", ""),)),
    ],
)
def test_another_name_country_or_account_is_another_party(other: Party) -> None:
    assert party_fingerprint(other) != party_fingerprint(ACME)


def test_any_change_of_a_designation_changes_its_fingerprint() -> None:
    versor = Designation("ofac:44521", (Name("VERSOR S.R.O.", NameType.PRIMARY),))
    told = {
        designation_fingerprint(changed)
        for changed in (
            versor,
            replace(versor, names=(*versor.names, Name("Versor"))),
            replace(versor, identifiers=(Identifier("lei", "1"),)),
            replace(versor, remarks="amended"),
        )
    }

    assert len(told) == 4
    assert designation_fingerprint(replace(versor)) == designation_fingerprint(versor)


WHOLE = Party(
    Role.CREDITOR,
    names=(Field("Acme Trading, Ltd", "n"), Field("Acme", "n2")),
    identifiers=(PartyIdentifier("iban", "GB29 NWBK 6016 1331 9268 19", "i"),),
    addresses=(Field("1 High Street, Simferopol", "a"),),
    countries=(Field("GB", "c"), Field("UA", "c2")),
    texts=(Field("for Versor", "t"),),
    kind=Kind.PERSON,
    birth_date=DateRange(date(1968, 5, 1), date(1968, 5, 31)),
    gender=Gender.MALE,
)
OTHER_PARTIES: dict[str, list[Party]] = {
    "names": [
        WHOLE._replace(names=WHOLE.names[:1]),
        WHOLE._replace(names=()),
        WHOLE._replace(names=(Field("AcmeTrading Ltd", "n"), WHOLE.names[1])),
    ],
    "identifiers": [
        WHOLE._replace(identifiers=()),
        WHOLE._replace(identifiers=(PartyIdentifier("account", "GB29 NWBK 6016 1331 9268 19", "i"),)),
        WHOLE._replace(identifiers=(PartyIdentifier("iban", "GB29 NWBK 6016 1331 9268 18", "i"),)),
    ],
    "addresses": [
        WHOLE._replace(addresses=()),
        WHOLE._replace(addresses=(Field("2 High Street, Simferopol", "a"),)),
    ],
    "countries": [WHOLE._replace(countries=WHOLE.countries[1:]), WHOLE._replace(countries=())],
    "texts": [WHOLE._replace(texts=()), WHOLE._replace(texts=(Field("for Versar", "t"),))],
    "kind": [WHOLE._replace(kind=None), WHOLE._replace(kind=Kind.VESSEL)],
    "birth_date": [
        WHOLE._replace(birth_date=None),
        WHOLE._replace(birth_date=DateRange(date(1968, 5, 2), date(1968, 5, 31))),
        WHOLE._replace(birth_date=DateRange(date(1968, 5, 1), date(1968, 5, 30))),
        WHOLE._replace(birth_date=DateRange(date(1968, 5, 1), date(1968, 5, 31), circa=True)),
    ],
    "gender": [WHOLE._replace(gender=None), WHOLE._replace(gender=Gender.FEMALE)],
}


def test_each_component_of_a_party_alone_makes_another_party() -> None:
    parties = [WHOLE, *(other for others in OTHER_PARTIES.values() for other in others)]

    assert len({party_fingerprint(party) for party in parties}) == len(parties)
    assert OTHER_PARTIES.keys() | {"role"} == set(Party._fields)


def test_a_value_counts_in_its_own_place_only() -> None:
    """The same word as a name, a text, an address and a country: four parties."""
    word = (Field("GB", ""),)
    parties = [
        Party(Role.CREDITOR, names=word),
        Party(Role.CREDITOR, texts=word),
        Party(Role.CREDITOR, addresses=word),
        Party(Role.CREDITOR, countries=word),
    ]

    assert len({party_fingerprint(party) for party in parties}) == 4


def test_the_order_of_values_and_their_repetition_leave_the_party_the_same() -> None:
    same = WHOLE._replace(names=(*reversed(WHOLE.names), WHOLE.names[0]), countries=WHOLE.countries[::-1])

    assert party_fingerprint(same) == party_fingerprint(WHOLE)


LISTED = Designation(
    "ofac:1",
    (Name("VERSOR S.R.O.", NameType.PRIMARY), Name("VERSOR", NameType.AKA, Quality.WEAK)),
    kind=Kind.ORGANIZATION,
    programs=("SDGT", "IRAN"),
    identifiers=(Identifier("lei", "1", "SK", "old"),),
    birth_dates=(DateRange(date(1968, 5, 1), date(1968, 5, 31)),),
    birth_places=("Minsk",),
    countries=("SK",),
    gender=Gender.MALE,
    addresses=(Address("1 High Street", "Bratislava", "West", "81101", "SK"),),
    links=(Link("MKRTYCHEV", "owner", "ofac:2", 50.0),),
    listed_on=date(2023, 8, 16),
    remarks="said of it",
)
OTHERS: dict[str, list[Any]] = {
    "id": ["ofac:2"],
    "names": [
        LISTED.names[:1],
        LISTED.names[::-1],
        (LISTED.names[0], replace(LISTED.names[1], text="VERSAR")),
        (LISTED.names[0], replace(LISTED.names[1], type=NameType.FKA)),
        (LISTED.names[0], replace(LISTED.names[1], quality=Quality.STRONG)),
    ],
    "kind": [None, Kind.VESSEL],
    "programs": [("SDGT",), ("SDGT", "IRAQ")],
    "identifiers": [
        (),
        *(
            (replace(LISTED.identifiers[0], **{name: "other"}),)
            for name in ("scheme", "value", "country", "note")
        ),
    ],
    "birth_dates": [(), (replace(LISTED.birth_dates[0], circa=True),)],
    "birth_places": [(), ("Pinsk",)],
    "countries": [(), ("CZ",)],
    "gender": [None, Gender.FEMALE],
    "addresses": [
        (),
        *(
            (replace(LISTED.addresses[0], **{name: "other"}),)
            for name in ("text", "city", "region", "postal_code", "country")
        ),
    ],
    "links": [
        (),
        (replace(LISTED.links[0], name="other"),),
        (replace(LISTED.links[0], relation="other"),),
        (replace(LISTED.links[0], to="other"),),
        (replace(LISTED.links[0], percent=49.0),),
    ],
    "listed_on": [None, date(2023, 8, 17)],
    "remarks": ["", "said of it now"],
}


def test_each_field_of_an_entry_alone_makes_another_entry() -> None:
    entries = [LISTED, *(replace(LISTED, **{name: value}) for name in OTHERS for value in OTHERS[name])]

    assert len({designation_fingerprint(entry) for entry in entries}) == len(entries)
    assert {each.name for each in fields(Designation)} == OTHERS.keys()


def test_what_is_written_to_the_topic_and_read_again_is_the_same_entry() -> None:
    for entry in (LISTED, *(replace(LISTED, **{name: value}) for name in OTHERS for value in OTHERS[name])):
        if entry.id == LISTED.id:
            assert designation_from_json(designation_to_json(entry)) == entry
