"""Names in scripts without blanks, inside longer rows of signs."""

import time
from collections.abc import Iterable

import pytest

from screening import Designation, Kind, Name, Outcome, Payment, Role, Screener
from screening.customers.customer import decode_customer
from screening.customers.inverted import InvertedIndex
from screening.limits import MOST_CHARACTERS
from screening.matching.name_sets import MANY_ALONE, NameSets
from screening.names.forms import NameForm
from screening.names.readings import listed_readings
from screening.names.rows import RowNames
from screening.payments.model import Field, Party
from screening.policy.rules import Policy

COMPANY = Designation("un:1", (Name("佐瓦矿业开发贸易公司"), Name("Zuowa Mining")), Kind.ORGANIZATION)
PERSON = Designation("un:2", (Name("金永哲"), Name("김영철"), Name("キム・ヨンチョル")), Kind.PERSON)
THAI = Designation("un:3", (Name("สมชาย ซูวาวอฟ"),), Kind.PERSON)


@pytest.fixture(scope="module")
def screener() -> Screener:
    screener = Screener()
    for entry in (COMPANY, PERSON, THAI):
        screener.upsert(entry)
    return screener


def of_text(screener: Screener, text: str) -> list[str]:
    party = Party(Role.REMITTANCE, texts=(Field(text, "/remittance"),))
    return [hit.designation.id for hit in screener.screen(Payment("P-1", (party,))).hits]


def of_name(screener: Screener, name: str) -> list[str]:
    return [hit.designation.id for hit in screener.match(name)]


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("付款给佐瓦矿业开发贸易公司货款", "un:1"),
        ("付佐瓦矿业开发贸易公司", "un:1"),
        ("Invoice 7 付款给佐瓦矿业开发贸易公司货款 2023", "un:1"),
        ("付款給佐瓦礦業開發貿易公司貨款", "un:1"),
        ("付款给佐瓦矿业（开发）贸易公司货款", "un:1"),
        ("请转账给金永哲先生谢谢", "un:2"),
        ("김영철에게 송금", "un:2"),
        ("キム・ヨンチョル様へ送金", "un:2"),
        ("キムヨンチョル様へ送金", "un:2"),
        ("โอนเงินให้สมชายซูวาวอฟครับ", "un:3"),
    ],
)
def test_a_listed_name_is_found_in_a_row_of_signs(screener: Screener, text: str, hit: str) -> None:
    assert of_text(screener, text) == [hit]
    assert of_name(screener, text) == [hit]


@pytest.mark.parametrize(
    "text",
    ["金永哲华", "付款给金永", "付款给金永华哲先生", "付款给佐瓦贸易公司", "付款给佐瓦矿业(开)贸易公司"],
)
def test_other_names_are_not(screener: Screener, text: str) -> None:
    assert of_text(screener, text) == []
    assert of_name(screener, text) == []


@pytest.mark.parametrize("listed", ["佐瓦船務(香港)有限公司", "佐瓦船务（香港）有限公司"])
@pytest.mark.parametrize("paid", ["佐瓦船务(香港)有限公司", "佐瓦船務香港有限公司"])
def test_a_company_with_its_place_in_brackets_is_found_in_a_row_in_either_han(listed: str, paid: str) -> None:
    screener = Screener()
    screener.upsert(Designation("un:9", (Name(listed),), kind=Kind.ORGANIZATION))

    assert of_text(screener, f"付给{paid}的货款") == ["un:9"]


def test_it_is_found_by_the_next_payment_and_no_more_once_it_is_delisted() -> None:
    screener, text = Screener(), "付款给佐瓦矿业开发贸易公司货款"
    assert of_text(screener, text) == []
    screener.upsert(COMPANY)
    assert of_text(screener, text) == ["un:1"]
    screener.upsert(Designation("un:9", COMPANY.names[:1], Kind.ORGANIZATION))
    screener.remove("un:1")
    assert of_text(screener, text) == ["un:9"]
    screener.remove("un:9")
    assert of_text(screener, text) == []


def test_a_designation_asks_for_the_customers_whose_texts_hold_it() -> None:
    index = InvertedIndex(Policy())
    raw = '{"name": "Qomp", "note": "付款给佐瓦矿业开发贸易公司货款", "address": "金永哲华路"}'.encode()
    customer = decode_customer("C-1", raw)
    first = index.put(7, customer)

    assert 7 in index.candidates(COMPANY)

    index.remove(7, customer, first)
    assert not index.candidates(COMPANY)


def test_the_names_of_many_entries_are_held_until_the_last_is_gone() -> None:
    names = RowNames()
    for name in (*["佐瓦贸易公司"] * 3, "佐瓦 贸易", "Zuowa", "李明"):
        names.put(name)
    text = "付款给佐瓦贸易公司货款"
    assert set(names.within(text)) == {"佐瓦 贸易", "佐瓦贸易公司"}

    names.remove("佐瓦 贸易")
    for _ in range(2):
        names.remove("佐瓦贸易公司")
        assert names.within(text) == ("佐瓦贸易公司",)
    names.remove("佐瓦贸易公司")
    assert names.within(text) == ()


def test_a_text_of_nothing_but_beginnings_is_decided_in_time(screener: Screener) -> None:
    text = "佐瓦矿" * (MOST_CHARACTERS // 3 - 10)
    party = Party(Role.REMITTANCE, texts=(Field(text, "/remittance"),))
    before = time.process_time()

    assert screener.screen(Payment("P-1", (party,))).outcome is not Outcome.HIT

    assert time.process_time() - before < 1.0


def test_a_name_that_is_taken_back_leaves_the_others_as_if_it_had_never_been() -> None:
    names = (
        "Zorav",
        "Zorav",
        "Zorav",
        "Zorav Zorav",
        "11420 44",
        "KIM Jong Un",
        "RI Yong Ho",
        "Tarvik Qorvel",
    )
    every = [form for name in names for form in listed_readings(name, None)]
    for gone in range(len(every)):
        sets = made(every)
        sets.discard(gone, every[gone], gone * 0.7)
        rest = made([None if number == gone else form for number, form in enumerate(every)])

        assert held(sets) == held(rest)
        assert held(sets) != held(made(every))


def made(forms: list[NameForm] | list[NameForm | None]) -> NameSets:
    sets = NameSets()
    for number, form in enumerate(forms):
        if form is not None:
            sets.add(number, form, number * 0.7)
    return sets


def held(sets: NameSets) -> list[set[int]]:
    told = [sets.not_told_otherwise(1 << place, sets.by_words[0], []) for place in range(7)]
    burdens = [sets.burdens.over(grade / 4) for grade in range(24)]
    sorts = (sets.in_syllables, sets.of_numbers, sets.repeating, sets.of_several)
    every: list[Iterable[int]] = [*sets.by_words, *burdens, *told, *sorts, sets.alone("zorav")]
    return [{*names} for names in every]


@pytest.mark.parametrize("count", [1, MANY_ALONE, MANY_ALONE + 1, 20_000])
def test_names_of_one_and_the_same_word_come_and_go_at_once(count: int) -> None:
    sets, (form,) = NameSets(), listed_readings("Versor", None)
    began = time.process_time()

    for number in range(count):
        sets.add(number, form, 1.0)
    assert sets.alone("versor") == tuple(range(count))
    for number in reversed(range(count)):
        sets.discard(number, form, 1.0)

    assert sets.alone("versor") == ()
    assert time.process_time() - began < 2
