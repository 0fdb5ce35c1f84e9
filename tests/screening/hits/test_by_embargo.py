"""Embargoes: countries, regions and goods are hits of their own, where and only where they are met."""

import json
from pathlib import Path
from typing import Any

import pytest

from screening import Action, Policy, Rule, Screener, decode_payment
from screening.decisions import Decision, Hit, Reason
from screening.policy.embargoes import Embargo, EmbargoError, read_embargoes
from screening.policy.file import PolicyError, read_policy

SHIPPED = (Path(__file__).parents[3] / "config" / "embargoes.toml").read_text(encoding="utf-8")


def shipped() -> Policy:
    return Policy(embargoes=read_embargoes(SHIPPED))


def decided(policy: Policy | None = None, **event: Any) -> Decision:
    base = {"id": "P-1", "parties": [{"role": "creditor", "name": "Acme"}]} | event
    (payment,) = decode_payment(json.dumps(base).encode())
    return Screener(shipped() if policy is None else policy).screen(payment)


def only_hit(**party: Any) -> Hit:
    (hit,) = decided(parties=[{"role": "creditor", "name": "Acme"} | party]).hits
    return hit


@pytest.mark.parametrize(
    ("text", "embargo"),
    [
        *(
            (f"goods for {name}", "KP")
            for name in ("Nordkorea", "Corea del Norte", "Korea Północna", "북한", "北朝鮮")
        ),
        *((f"goods for {name}", "IR") for name in ("إيران", "伊朗", "이란")),
        *((f"goods for {name}", "CU") for name in ("쿠바", "كوبا")),
        *((f"goods for {name}", "UA-43") for name in ("la Crimée", "克里米亚")),
        *(
            ("IRA contribution", None),
            ("kirim uang", None),
            ("Guba", None),
            ("kuva", None),
            ("South Korea", None),
            ("Corée du Sud", None),
        ),
    ],
)
def test_an_embargoed_country_is_met_by_its_name_in_other_languages(text: str, embargo: str | None) -> None:
    found = [hit.designation.id for hit in decided(remittance=[text]).hits]

    assert found == ([f"embargo:{embargo}"] if embargo else [])


@pytest.mark.parametrize(
    ("party", "embargo", "path"),
    [
        ({"country": "IR"}, "IR", "/parties/0/country"),
        ({"country": "Crimea"}, "UA-43", "/parties/0/country"),
        ({"country": "北朝鮮"}, "KP", "/parties/0/country"),
        ({"address": "1 Rue Haute, Corée du Nord"}, "KP", "/parties/0/address"),
        ({"country": "kp"}, "KP", "/parties/0/country"),
        ({"bic": "MELIIRTHXXX"}, "IR", "/parties/0/bic"),
        ({"account": "IR58 0540 1051 8002 1273 1130 07"}, "IR", "/parties/0/account"),
        ({"address": "12 Valiasr Ave, TEHRAN"}, "IR", "/parties/0/address"),
        ({"address": {"city": "Bandar Abbas"}}, "IR", "/parties/0/address/city"),
        ({"address": "ул. Ленина 1, Севастополь"}, "UA-43", "/parties/0/address"),
        ({"address": "1 Artema st, Donetsk"}, "UA-14", "/parties/0/address"),
        ({"address": "Lugansk"}, "UA-09", "/parties/0/address"),
        ({"address": "Henichesk"}, "UA-65", "/parties/0/address"),
        ({"address": "Melitopol"}, "UA-23", "/parties/0/address"),
        ({"address": "Democratic People's Republic of Korea"}, "KP", "/parties/0/address"),
        ({"address": "Calle 23, La Habana"}, "CU", "/parties/0/address"),
    ],
)
def test_a_country_or_region_is_met_wherever_a_party_gives_it(
    party: dict[str, Any], embargo: str, path: str
) -> None:
    hit = only_hit(**party)

    assert (hit.designation.id, hit.path, hit.reason) == (f"embargo:{embargo}", path, Reason.COUNTRY)
    assert (hit.action, hit.designation.programs, hit.score) == (Action.REVIEW, ("embargo",), 1.0)


@pytest.mark.parametrize(
    "party",
    [
        {"country": "IE"},
        {"bic": "IRVTUS3N"},
        {"account": "IR1234567890"},
        {"account": "IR00 0540 1051 8002 1273 1130 07"},
        {"address": "Iranzo street, Crimean road"},
        {"address": "Seoul, Republic of Korea"},
        {"country": "SY"},
        {"country": "RU", "address": "Moscow"},
    ],
)
def test_what_only_looks_like_an_embargoed_country_is_clear(party: dict[str, Any]) -> None:
    assert decided(parties=[{"name": "Acme"} | party]).hits == ()


@pytest.mark.parametrize(
    "line",
    [
        *("MAIN STREET 5, NEWTOWN IR", "NEWTOWN/IR", "NEWTOWN, IR", "IR", "IR/NEWTOWN", "IR-71345 NEWTOWN"),
        *("Newtown (IR)", "NEWTOWN IR.", "71345 IR", "NEWTOWN-IR "),
    ],
)
def test_a_code_at_the_end_of_an_address_is_its_country(line: str) -> None:
    hit = only_hit(address=["Main Street 5", line])

    assert (hit.designation.id, hit.path) == ("embargo:IR", "/parties/0/address/1")
    assert [row.matched for row in hit.explanation] == ["IR"]


@pytest.mark.parametrize(
    "party",
    [
        {"address": ["NEWTOWN IR", "GERMANY"]},
        {"address": "NEWTOWN IR", "country": "DE"},
        {"address": "1077 KP"},
        {"address": "1077KP"},
        {"address": "MIR"},
        {"address": "12 RUE DU KHALIFE, QUARTIER SIDI IR"},
        {"address": "ir. W. de Vries"},
        {"address": "IR-FAN STREET"},
    ],
    ids=lambda party: str(party["address"]),
)
def test_two_letters_elsewhere_in_an_address_are_no_country(party: dict[str, Any]) -> None:
    assert decided(parties=[{"name": "Acme"} | party]).hits == ()


def test_two_letters_that_are_a_state_s_of_the_us_are_no_country() -> None:
    policy = Policy(embargoes=(Embargo("IL", "Israel", countries=("IL",)),))

    assert decided(policy, parties=[{"name": "Acme", "address": "CHICAGO IL"}]).hits == ()
    assert decided(policy, parties=[{"name": "Acme", "address": "IL/HAIFA"}]).hits


def test_names_are_met_in_remittance_text_and_towns_are_not() -> None:
    assert [hit.designation.id for hit in decided(remittance=["pistachios from IRAN"]).hits] == ["embargo:IR"]
    assert decided(remittance=["flowers for Yalta"]).hits == ()


def test_goods_are_a_hit_of_their_own() -> None:
    (hit,) = decided(remittance=["2000 bbl iranian heavy ex bonded tank"]).hits

    assert (hit.designation.id, hit.reason) == ("embargo:iranian-oil", Reason.GOODS)


def test_plain_policy_has_no_embargo() -> None:
    assert decided(Policy(), parties=[{"name": "Acme", "country": "IR"}]).hits == ()


def test_a_rule_can_hold_a_country_or_leave_a_rail_out() -> None:
    rules = (
        Rule(lists=frozenset(("embargo",)), action=Action.HOLD),
        Rule(lists=frozenset(("embargo",)), rails=frozenset(("sepa_instant",)), apply=False),
    )
    policy = Policy(embargoes=shipped().embargoes, rules=rules)
    party = {"name": "Acme", "country": "IR"}

    assert [hit.action for hit in decided(policy, parties=[party]).hits] == [Action.HOLD]
    assert decided(policy, parties=[party], rail="sepa_instant").hits == ()


def test_embargoes_are_part_of_the_policy_s_hash() -> None:
    assert Policy().sha256 != shipped().sha256
    assert shipped().sha256 == shipped().sha256


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[embargo]", "no TOML"),
        ("[embargo]\nid = 'IR'", "write [[embargo]]"),
        ("[[embargo]]\nname = 'Iran'", "embargo 1: id"),
        ("[[embargo]]\nid = 'IR'\nname = 'Iran'\ncountries = ['Iran']", "ISO 3166-1"),
        ("[[embargo]]\nid = 'IR'\nname = 'Iran'\ncountry = ['IR']", "unknown key 'country'"),
        ("[[embargo]]\nid = 'IR'\nname = 'Iran'\nplaces = 'Tehran'", "embargo 1: places"),
        ("[[embargo]]\nid = 'IR'\nname = 'Iran'\nplaces = ['']", "places[0]"),
    ],
)
def test_a_wrong_file_is_refused_by_entry_and_remedy(text: str, words: str) -> None:
    with pytest.raises(EmbargoError, match=r".") as caught:
        read_embargoes(text)

    assert words in str(caught.value)


def test_a_policy_file_can_bring_its_own_embargoes_or_none() -> None:
    shipped = read_embargoes(SHIPPED)
    own = "[[embargo]]\nid = 'AQ'\nname = 'Antarctica'\ncountries = ['AQ']"

    assert read_policy("", shipped).embargoes == shipped
    assert [embargo.id for embargo in read_policy(own, shipped).embargoes] == ["AQ"]
    assert read_policy("embargo = []", shipped).embargoes == ()
    with pytest.raises(PolicyError, match="embargo 1: id"):
        read_policy("[[embargo]]\nname = 'x'", shipped)


def test_an_empty_file_is_no_embargo() -> None:
    assert read_embargoes("") == ()
    assert read_embargoes("[[embargo]]\nid='X'\nname='Y'") == (Embargo("X", "Y"),)


@pytest.mark.parametrize(
    "address",
    [
        "12 Teheran-ro, Gangnam-gu, Seoul",
        "5 Cuba Street, Wellington",
        "3 rue de Damas, Lyon",
        "Havana Ave 4",
        "rue de Cuba",
        "rue de la Habana",
        "C/ La Habana 22, Madrid",
        "Cuba 2100, Buenos Aires",
    ],
)
def test_a_street_elsewhere_that_is_called_after_a_country_is_not_in_it(address: str) -> None:
    party = {"role": "creditor", "name": "Acme", "address": address}

    assert decided(parties=[party | {"country": "NZ"}]).hits == ()


@pytest.mark.parametrize("address", ["12 Teheran-ro", "12 Valiasr Street, Tehran"])
def test_a_street_is_no_excuse_where_no_other_country_is_stated_or_the_town_stands_there(
    address: str,
) -> None:
    country = {"country": "NZ"} if "Valiasr" in address else {}

    assert only_hit(address=address, **country).designation.id == "embargo:IR"


@pytest.mark.parametrize(
    ("address", "country", "found"),
    [
        ("100 Main St, Cuba, NY 14727", "US", False),
        ("Havana FL 32333", "US", False),
        ("Cuba City, WI 53807", "US", False),
        ("Calle 23, Havana, Cuba", "US", True),
        ("Havana FL 32333", "ES", True),
        ("3 Crimea Road", "UA", True),
        ("Teheran 19395", "DE", True),
        ("c/o Teheran Trading", "DE", True),
    ],
)
def test_a_town_of_a_state_and_a_street_of_another_country_are_no_embargoed_place(
    address: str, country: str, found: bool
) -> None:
    party = {"role": "creditor", "name": "Acme", "address": address, "country": country}

    assert bool(decided(parties=[party]).hits) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("rent 45 Cuba Street Ilford", False),
        ("rent Cuba Street 45", False),
        ("alquiler C/ Cuba 15 Barcelona", False),
        ("loyer rue de Cuba 12", False),
        ("alquiler C/ Cuba 15, La Habana", True),
        ("shipment via Iran 20 tons", True),
        ("road transport Iran road", True),
        ("12 Cuba Street and cigars of Cuba", True),
        ("Kuba Nowak rent", False),
        ("Jakub (Kuba) Wisniewski", False),
        ("Lieferung nach Kuba", True),
        ("Куба", True),
    ],
)
def test_a_text_with_a_numbered_street_or_a_person_called_kuba_names_no_country(
    text: str, found: bool
) -> None:
    assert bool(decided(remittance=[text]).hits) is found


@pytest.mark.parametrize(
    "text", ["Cuba Libre x2, bar tab", "CUBA LIBRE", "cuba libres for 4", "Cuba Gooding DVD"]
)
def test_a_phrase_that_the_policy_excepts_names_no_country(text: str) -> None:
    assert decided(remittance=[text]).hits == ()


@pytest.mark.parametrize(
    "text",
    ["trip to Cuba", "Cuba Libre rum, made in Cuba", "Libre Cuba", "freight Cuba Librex"],
)
def test_the_country_beside_such_a_phrase_or_in_another_is_named(text: str) -> None:
    assert [hit.designation.id for hit in decided(remittance=[text]).hits] == ["embargo:CU"]


def test_a_bar_called_so_elsewhere_is_in_no_embargoed_country_and_without_a_country_it_may_be() -> None:
    bar = {"role": "creditor", "name": "Acme", "address": "Bar Cuba Libre, Calle Mayor 3, Madrid"}

    assert decided(parties=[bar | {"country": "ES"}]).hits == ()
    assert [hit.designation.id for hit in decided(parties=[bar]).hits] == ["embargo:CU"]
