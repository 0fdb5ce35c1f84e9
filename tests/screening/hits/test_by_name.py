"""Hits by name: which names of an entry alert, what the policy says of them, and what an analyst reads."""

import json

import pytest

from screening import (
    Action,
    Designation,
    Hit,
    Kind,
    Name,
    Party,
    Policy,
    Quality,
    Reason,
    Role,
    Screener,
    decode_payment,
)
from screening.hits.by_name import joined_parts
from screening.payments import Payment
from screening.payments.model import Field
from screening.policy.rules import Rule

VERSOR = Designation(id="ofac:44521", names=(Name("VERSOR S.R.O."), Name("VERSOR TRADING HOUSE")))


def party(*names: str, **facts: object) -> Party:
    fields = tuple(Field(name, f"/parties/0/name/{number}") for number, name in enumerate(names))
    return Party(Role.CREDITOR, names=fields, **facts)  # type: ignore[arg-type]  # test data


def screened(
    asked: Party, *listed: Designation, policy: Policy | None = None, rail: str = ""
) -> tuple[Hit, ...]:
    screener = Screener(policy or Policy())
    for each in listed:
        screener.upsert(each)
    return screener.screen(Payment("P-1", (asked,), rail=rail or None)).hits


def test_an_entry_with_only_weak_names_alerts_for_review() -> None:
    weak = Designation(id="ofac:8", names=(Name("Ashot Mkrtychev", quality=Quality.WEAK),), kind=Kind.PERSON)

    (hit,) = screened(party("Ashot Mkrtychev"), weak)

    assert (hit.name, hit.action) == (weak.names[0], Action.REVIEW)


def test_a_weak_primary_name_alerts_for_review_though_aliases_are_strong() -> None:
    names = (Name("Ashot Mkrtychev", quality=Quality.WEAK), Name("Qorvazi Tarvazov"))

    (hit,) = screened(party("Ashot Mkrtychev"), Designation(id="ofac:9", names=names, kind=Kind.PERSON))

    assert (hit.name, hit.action) == (names[0], Action.REVIEW)


def test_a_title_that_is_passed_over_has_a_row_and_the_legal_form_is_shown_as_written() -> None:
    person = Designation(id="ofac:10", names=(Name("Qorvazi Tarvazov"),), kind=Kind.PERSON)
    company = Designation(id="ofac:11", names=(Name("VERSOR LIMITED"),), kind=Kind.ORGANIZATION)

    (titled,) = screened(party("Dr. Qorvazi Tarvazov"), person)
    (firm,) = screened(party("Versor s.r.o."), company)

    assert [(row.query, row.similarity) for row in titled.explanation if row.how == "dropped"] == [
        ("dr", 0.0)
    ]
    assert "passed over: dr in the payment" in titled.summary
    rows = [(row.query, row.matched) for row in firm.explanation if row.how == "legal form"]
    assert rows == [("s.r.o.", "LIMITED")]


WITH_WEAK = Designation(
    id="ofac:2",
    names=(Name("Ibrahim Issa Haji Muhammad BAKR"), Name("Ibrahim Haji", quality=Quality.WEAK)),
    kind=Kind.PERSON,
)


def test_a_weak_alias_never_alerts_alone() -> None:
    screener = Screener()
    screener.upsert(WITH_WEAK)

    assert screener.match("Ibrahim Haji") == []


def test_a_weak_alias_is_shown_as_corroboration() -> None:
    screener = Screener()
    designation = Designation(
        id="ofac:3",
        names=(Name("Ashot Mkrtychev"), Name("Ashot Mkrtych", quality=Quality.WEAK)),
        kind=Kind.PERSON,
    )
    screener.upsert(designation)

    (hit,) = screener.match("Ashot Mkrtychev")

    assert hit.name == designation.names[0]
    assert [row.matched for row in hit.explanation if row.how == "weak alias"] == ["Ashot Mkrtych"]
    assert "weak alias Ashot Mkrtych" in hit.summary


def test_an_entry_hits_once_by_the_name_that_is_most_alike() -> None:
    (hit,) = screened(party("Versor Trading House"), VERSOR)

    assert hit.name
    assert (hit.name.text, hit.score) == ("VERSOR TRADING HOUSE", 1.0)


@pytest.mark.parametrize("parts", [("IVAN", "ZUVAVOV"), ("ZUVAVOV", "IVAN")])
def test_a_name_in_parts_hits_whichever_part_comes_first(parts: tuple[str, ...]) -> None:
    listed = Designation(id="ofac:1", names=(Name("Ivan Zuvavov"),), kind=Kind.PERSON)

    (hit,) = screened(party(*parts), listed)

    assert (hit.score, hit.path) == (1.0, "/parties/0/name")


def test_a_name_in_a_text_is_a_hit_by_text_that_shows_the_line_it_begins_in() -> None:
    listed = Designation(id="ofac:1", names=(Name("Qorvazi Tarvazov Belvanin"),), kind=Kind.PERSON)
    lines = ("invoice 77", "for Qorvazi Tarvazov", "Belvanin")
    texts = tuple(Field(line, f"/texts/{number}") for number, line in enumerate(lines))

    (hit,) = screened(party("Somebody Else", texts=texts), listed)

    assert (hit.reason, hit.path) == (Reason.TEXT, "/texts/1")
    assert hit.value == "for Qorvazi Tarvazov Belvanin"


CORPS = Designation(id="un:7", names=(Name("Islamic Revolutionary Guard Corps"),), kind=Kind.ORGANIZATION)


def at(name: str, *addresses: tuple[str, str]) -> Party:
    return party(name, addresses=tuple(Field(value, f"/parties/0{path}") for path, value in addresses))


@pytest.mark.parametrize(
    "asked",
    [
        at("ISLAMIC REVOLUTIONARY", ("/address", "GUARD CORPS, 12 PALM ST")),
        at("ISLAMIC", ("/address/0", "REVOLUTIONARY GUARD CORPS"), ("/address/1", "12 PALM ST")),
        at("IN FAVOUR OF ISLAMIC REVOLU", ("/PstlAdr/AdrLine", "TIONARY GUARD CORPS 12 PALM ST")),
        at(
            "A/C 12 ISLAMIC REVOLUTIONARY",
            ("/PstlAdr/TwnNm", "DUBAI"),
            ("/PstlAdr/AdrLine[1]", "GUARD CORPS"),
        ),
        at("ISLAMIC REVOLUTIONARY", ("/address_line_1", "GUARD CORPS")),
    ],
)
def test_a_name_that_goes_on_in_the_lines_of_the_address_is_found(asked: Party) -> None:
    (hit,) = screened(asked, CORPS)

    assert (hit.reason, hit.path) == (Reason.TEXT, "/parties/0/name/0")
    assert hit.value.startswith(asked.names[0].value)


@pytest.mark.parametrize("tag", ["59F", "50F", "B/59F", "59F[2]"])
def test_a_name_that_goes_on_behind_line_1_of_option_f_is_found(tag: str) -> None:
    named = Party(
        Role.CREDITOR,
        names=(Field("ISLAMIC REVOLU", f"{tag}/2"),),
        addresses=(Field("TIONARY GUARD CORPS", f"{tag}/3"), Field("LONDON", f"{tag}/4")),
    )

    assert [hit.path for hit in screened(named, CORPS)] == [f"{tag}/2"]


@pytest.mark.parametrize(
    "asked",
    [
        at("ISLAMIC REVOLUTIONARY", ("/address/street", "Guard Corps Street")),
        at("Islamic", ("/address", "12 Palm St, Guard House")),
        at("Alice Islamic", ("/address", "Corps Road")),
    ],
)
def test_a_name_does_not_go_on_in_a_street_nor_without_its_words(asked: Party) -> None:
    assert screened(asked, CORPS) == ()


@pytest.mark.parametrize(
    "text",
    [
        "zoravian.guard@okbank",
        "zoravian_guard@mail.example",
        "guard-zoravian@mail.example",
        "VPA zoravian.guard77@upi INV 7",
        "mailto:zoravian.guard@mail.example",
        "zoravianguard@mail.example",
        "x@zoravianguard.example",
        "Zor@vian Guard",
    ],
)
def test_a_name_in_an_address_of_a_mailbox_or_of_an_account_is_found(text: str) -> None:
    listed = Designation(id="un:8", names=(Name("Zoravian Guard"),), kind=Kind.PERSON)
    in_text = Party(Role.REMITTANCE, texts=(Field(text, "/remittance"),))

    assert [hit.designation.id for hit in screened(party(text), listed)] == ["un:8"]
    assert [hit.designation.id for hit in screened(in_text, listed)] == ["un:8"]


def test_a_mailbox_of_another_name_is_not() -> None:
    listed = Designation(id="un:8", names=(Name("Zoravian Guard"),), kind=Kind.PERSON)

    assert screened(party("zoravian.smith@guardian.example"), listed) == ()


def test_a_rule_sets_threshold_and_action_on_its_rail_alone() -> None:
    instant = Rule(rails=frozenset(["instant"]), threshold=0.99, action=Action.REVIEW)
    policy = Policy(rules=(instant,))
    asked = party("Versor Tradng House")

    (elsewhere,) = screened(asked, VERSOR, policy=policy)
    (exact,) = screened(party("Versor Trading House"), VERSOR, policy=policy, rail="instant")

    assert (elsewhere.threshold, elsewhere.action) == (0.8, Action.HOLD)
    assert (exact.threshold, exact.action) == (0.99, Action.REVIEW)
    assert screened(asked, VERSOR, policy=policy, rail="instant") == ()


def test_a_list_that_is_not_applied_makes_no_hit() -> None:
    policy = Policy(rules=(Rule(lists=frozenset(["ofac"]), roles=frozenset([Role.CREDITOR]), apply=False),))

    assert screened(party("Versor S.R.O."), VERSOR, policy=policy) == ()


def test_the_summary_names_the_alias_the_entry_and_what_differs() -> None:
    (hit,) = screened(party("Versor Tradng House"), VERSOR)

    assert hit.summary.startswith(
        '"Versor Tradng House" against "VERSOR TRADING HOUSE" (aka of VERSOR S.R.O.) on ofac: '
    )
    assert "tradng for trading" in hit.summary.lower()


def test_a_name_that_is_the_same_says_so() -> None:
    (hit,) = screened(party("Versor Trading House"), VERSOR)

    assert hit.summary.endswith("every word is the same.")


@pytest.mark.parametrize(
    ("paths", "path"),
    [
        (("/parties/0/name/first", "/parties/0/names/last"), "/parties/0/name"),
        (("FIRST", "LAST"), "FIRST"),
        (("/first", "/last"), "/first"),
    ],
)
def test_parts_of_a_name_stand_where_the_first_of_them_does(paths: tuple[str, str], path: str) -> None:
    parts = tuple(Field(*each) for each in zip(("IVAN", "ZUVAVOV"), paths, strict=True))

    assert joined_parts(parts) == (Field("IVAN ZUVAVOV", path), Field("ZUVAVOV IVAN", path))


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Tarvik Design Bureau 106", False),
        ("106 Tarvik Design Bureau", False),
        ("Tarvik Design Bureau No 106", False),
        ("Tarvik Design Bureau 105", True),
        ("Tarvik Design Bureau", True),
        ("Tarvik Design Bureau 12 Lenina St", True),
    ],
)
def test_another_number_at_either_end_of_a_name_field_is_another_company(name: str, found: bool) -> None:
    bureau = Designation(id="ofac:11", names=(Name("Tarvik Design Bureau 105"),), kind=Kind.ORGANIZATION)

    assert bool(screened(party(name), bureau)) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        *(("Перевод Зувавову И.П.", True), ("Договор с Зувавовым И. П. от мая", True)),
        *(("Перевод Зувавову Ивану Петровичу", True), ("перевод Зувавову К.Н.", False)),
    ],
)
def test_a_name_in_another_case_is_found_in_a_text(text: str, found: bool) -> None:
    listed = Designation(id="ofac:12", names=(Name("Ivan Petrovich ZUVAVOV"),), kind=Kind.PERSON)

    assert bool(screened(Party(Role.REMITTANCE, texts=(Field(text, "/remittance"),)), listed)) is found


def test_a_given_name_of_two_words_with_another_beside_it_is_whoever_is_called_so() -> None:
    names = (Name("Sadudin Sayed"), Name("سعد الدين سيد"))
    listed = Designation(id="ofac:13", names=names, kind=Kind.PERSON)

    assert not screened(party("SADITTIN KISAKÜREK"), listed)
    assert screened(party("Saaduddin Sayed, Kandahar"), listed)


@pytest.mark.parametrize(
    ("name", "listed", "kind"),
    [
        ({"firstName": "Mariana", "lastName": "Ordonez"}, "Mariana", Kind.VESSEL),
        ({"surname": "Garcia", "given_name": "Sandra", "middle_name": "Maria"}, "Mara", Kind.VESSEL),
        ({"first": "Veit", "last": "Naser"}, "Al-Naser Airlines", Kind.ORGANIZATION),
        ({"first": "Cheung Kam", "last": "Mei"}, "Jian ZHANG", Kind.PERSON),
    ],
)
def test_a_given_name_or_surname_by_itself_is_no_ship_company_or_other_person(
    name: object, listed: str, kind: Kind
) -> None:
    screener = Screener()
    screener.upsert(Designation(id="ofac:12", names=(Name(listed),), kind=kind))
    event = {"id": "P-1", "parties": [{"role": "creditor", "name": name}]}

    (payment,) = decode_payment(json.dumps(event).encode())

    assert not screener.screen(payment).hits


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ({"first": "Oleg", "last": "Zuvavov"}, 0),
        ({"last": "Zuvavov", "first": "Anna"}, 0),
        ({"first": "Ivan", "last": "Zuvavov"}, 1),
        ({"first": "I.", "last": "Zuvavov"}, 1),
        ({"first": "QWX", "last": "Ivan Zuvavov"}, 1),
        ({"first": "", "last": "Zuvavov"}, 1),
        (["Zuvavov", "Bob Brown"], 1),
    ],
)
def test_a_surname_beside_another_given_name_is_another_person(name: object, expected: int) -> None:
    """The surname alone is a hit; as a part of a name it is that name."""
    listed = Designation(id="ofac:12", names=(Name("Ivan ZUVAVOV"),), kind=Kind.PERSON)
    event = {"id": "P-1", "parties": [{"role": "creditor", "name": name}]}
    screener = Screener()
    screener.upsert(listed)

    (payment,) = decode_payment(json.dumps(event).encode())

    assert len(screener.screen(payment).hits) == expected
