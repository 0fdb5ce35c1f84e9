"""The inverted index loses nobody: what it finds holds all that screening every customer finds."""

from datetime import UTC, datetime
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.matching.sets import SAMPLES, Sets
from screening import Designation, Kind, Name, NameType, Policy, Quality, Screener
from screening.customers.book import Book
from screening.customers.customer import Customer, decode_customer
from screening.customers.inverted import LONG, InvertedIndex, _written
from screening.customers.ruling import rule
from screening.designations import Identifier
from screening.lists import sample
from screening.payments.canonical import payment_of
from tests.screening.random_payments import Chance

NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)


def hits(customer: Customer, screener: Screener) -> set[str]:
    return {hit.designation.id for hit in rule(customer, screener, None, NOW, "test").hits}


def screener_of(*designations: Designation) -> Screener:
    screener = Screener()
    for designation in designations:
        screener.upsert(designation)
    return screener


@settings(max_examples=4)
@given(seed=st.integers(0, 2**32))
def test_every_hit_of_every_customer_is_among_the_candidates(seed: int) -> None:
    chance = Chance(seed)
    listed = [chance.designation(number) for number in range(40)]
    screener, index = screener_of(*listed), InvertedIndex(Policy())
    customers = [Customer(str(at), chance.payment(at).parties) for at in range(120)]
    for number, customer in enumerate(customers):
        index.put(number, customer)

    direct = {(number, found) for number, each in enumerate(customers) for found in hits(each, screener)}
    turned = {(number, entry.id) for entry in listed for number in index.candidates(entry)}

    assert direct - turned == set()


@pytest.mark.parametrize(
    ("written", "listed", "kind"),
    [
        ("Abubakr Siddiqui", "Abu Bakr Siddiqui", Kind.PERSON),
        ("Abu Bakr Siddiqui", "Abubakr Siddiqui", Kind.PERSON),
        ("J. M. Mkrtychev", "John Michael Mkrtychev", Kind.PERSON),
        ("John Mkrtychev", "J. Mkrtychev", Kind.PERSON),
        ("Mkrtychev Ashot", "Ashot Mkrtychev", Kind.PERSON),
        ("Mkrtychev", "Ashot Mkrtychev", Kind.PERSON),
        ("Ашот Мкртычев", "Ashot Mkrtychev", Kind.PERSON),
        ("محمد حسين الرشيد", "Muhammad Husayn al-Rashid", Kind.PERSON),
        ("邓小平", "Deng Xiaoping", Kind.PERSON),
        ("Teng Hsiao-ping", "Deng Xiaoping", Kind.PERSON),
        ("Versor s.r.o.", "VERSOR S.R.O.", Kind.ORGANIZATION),
        ("Verzor Slovakia", "Versor Slovakia", Kind.ORGANIZATION),
        ("Bank of Zuvavov c/o Versor Trading Slovakia LLC", "Versor Trading Slovakia", Kind.ORGANIZATION),
        ("NCRI", "National Council of Resistance of Iran", Kind.ORGANIZATION),
        ("Unit 41598", "Unit 41598", Kind.ORGANIZATION),
        ("Street 43 G-9 Ltd", "G-9", Kind.ORGANIZATION),
        ("Unit 7 Ziyad 'aqqa Unit 7", "UNIJET", Kind.ORGANIZATION),
        ("Granite Bear", "Granite Bearings", Kind.ORGANIZATION),
        ("Blue Harbour Shipping and Trading Compa", "Blue Harbour Shipping and Trading Company", None),
    ],
)
def test_a_name_written_otherwise_is_found_both_ways(written: str, listed: str, kind: Kind | None) -> None:
    entry = Designation("ofac:1", (Name(listed, NameType.PRIMARY),), kind)
    for said in ('"name": "%s"', '"name": "%s", "kind": "%s"'):
        value = said % ((written, kind or "person") if "kind" in said else (written,))
        customer = decode_customer("C-1", f"{{{value}}}".encode())
        index = InvertedIndex(Policy())
        index.put(7, customer)

        assert not hits(customer, screener_of(entry)) or 7 in index.candidates(entry)


def test_the_sample_list_finds_its_own_names_among_customers() -> None:
    listed = sample.after()
    screener, index = screener_of(*listed), InvertedIndex(Policy())
    customers = [
        decode_customer(f"C-{number}", b'{"name": "%s"}' % name.text.replace('"', "").encode())
        for number, name in enumerate(name for entry in listed for name in entry.names)
    ]
    for number, customer in enumerate(customers):
        index.put(number, customer)

    found = {entry.id: index.candidates(entry) for entry in listed}

    assert all(number in found[hit] for number, each in enumerate(customers) for hit in hits(each, screener))


@pytest.mark.parametrize(
    ("written", "listed"),
    [
        ("care of Mkrtychev A.", "Ashot Mkrtychev"),
        ("Flat 2 I.P. Mkrtychev", "Ivan Petrovich Mkrtychev"),
        ("house of Kuang Fu-cheng 12 Quay", "Guangfu ZHENG"),
        ("care of Lee Yong-ho", "RI Yong Ho"),
        ("care of MRASHOT MKRTYCHEV", "Ashot Mkrtychev"),
        ("P<ARMMKRTYCHEV<<ASHOT<<<<<<<<<<<<<", "Ashot Mkrtychev"),
        ("care of 4SH0T MKRTYCH3V5KY1J", "Ashot Mkrtychevskyij"),
        ("12 Tower Wharf, Bristol, Ashot Mkrty", "Ashot Mkrtychev"),
        ("Mkrtychev Ashot Mkrtychev, 1 Quay", "Mkrtychev Ashot Mkrtychev"),
        ("ASHOT MKRTYCHEVASHOT MKRTYCHEV", "Ashot Mkrtychev"),
        ("see t.me/bilalbinmkrtychev", "Bilal BIN MKRTYCHEV"),
        ("see www.samijasimmkrtychev.example", "Sami Jasim MKRTYCHEV"),
        ("mkrtychevivan@mail.example", "Ivan Petrovich MKRTYCHEV"),
        ("IVANMKRTYCHEV", "Ivan Petrovich MKRTYCHEV"),
        ("MRSHANE ASAD MKRTYCHEV", "Shane Asad MKRTYCHEV"),
        ("Ashot (Bob) Mkrtychev", "Ashot Mkrtychev"),
        ("支付Ashot Mkrtychev货款", "Ashot Mkrtychev"),
    ],
)
@pytest.mark.parametrize("where", ['{"name": "A", "address": "%s"}', '{"name": "%s", "kind": "person"}'])
def test_what_is_looked_up_as_a_whole_is_found_both_ways(where: str, written: str, listed: str) -> None:
    entry = Designation("ofac:1", (Name(listed, NameType.PRIMARY),), Kind.PERSON)
    held, index = decode_customer("C-1", (where % written).encode()), InvertedIndex(Policy())
    index.put(3, held)

    assert not hits(held, screener_of(entry)) or 3 in index.candidates(entry)


@pytest.mark.parametrize(
    ("customer", "identifier"),
    [
        (
            '{"name": "A", "account": "GB29NWBK60161331926819"}',
            Identifier("iban", "GB29 NWBK 60161331926819"),
        ),
        ('{"name": "A", "identifiers": {"passport": "AB 123456"}}', Identifier("passport", "AB123456")),
        ('{"name": "A", "identifiers": {"other": "7701234567/770101001"}}', Identifier("tax", "7701234567")),
        ('{"name": "Forest IMO 9078268"}', Identifier("imo", "9078268")),
    ],
)
def test_an_identifier_is_found_both_ways(customer: str, identifier: Identifier) -> None:
    entry = Designation("ofac:1", (Name("Somebody Else", NameType.PRIMARY),), identifiers=(identifier,))
    held, index = decode_customer("C-1", customer.encode()), InvertedIndex(Policy())
    index.put(3, held)

    assert hits(held, screener_of(entry)) == {"ofac:1"}
    assert 3 in index.candidates(entry)


def test_a_customer_that_was_taken_out_is_no_candidate_and_leaves_nothing() -> None:
    entry = Designation("ofac:1", (Name("Ashot Mkrtychev", NameType.PRIMARY),), Kind.PERSON)
    index = InvertedIndex(Policy())
    customer = decode_customer("C-1", b'{"name": "Ashot Mkrtychev", "address": ["1 Quay", "Bristol"]}')
    first = index.put(0, customer)
    assert index.candidates(entry)

    index.remove(0, customer, first)

    assert not index.candidates(entry)
    assert len(index._words) == 0


@settings(max_examples=4)
@given(seed=st.integers(0, 2**32))
def test_a_book_finds_whom_a_change_makes_a_hit_and_rules_them_as_a_payment(seed: int) -> None:
    chance = Chance(seed)
    listed = {entry.id: entry for entry in map(chance.designation, range(40))}
    book = Book(Policy())
    for number in range(80):
        name, kind = chance.name()
        book.put(f"C-{number}", f'{{"name": "{chance.spelt(name)}", "kind": "{kind}"}}'.encode())
    before = screener_of(*listed.values())
    changed = {chance.change(listed, 1000 + number) for number in range(4)}
    after = screener_of(*listed.values())

    found = book.candidates(after, changed)

    for number in book.numbers:
        customer = book.customer(number)
        new = hits(customer, after) - hits(customer, before)
        assert not new & changed or number in found


def test_a_weak_alias_makes_no_candidate_a_hit() -> None:
    weak = Designation(
        "ofac:1",
        (Name("Ashot Mkrtychev", NameType.PRIMARY), Name("The Fox", quality=Quality.WEAK)),
        Kind.PERSON,
    )
    book = Book(Policy())
    book.put("C-1", b'{"name": "The Fox", "kind": "person"}')

    assert not book.candidates(screener_of(weak), {"ofac:1"})


def test_listed_names_as_people_write_them_are_found_both_ways() -> None:
    samples = Sets(SAMPLES)
    screener, index = screener_of(*samples.designations()), InvertedIndex(Policy())
    direct = set()
    for number, case in enumerate(samples.planted(every=9)):
        customer = Customer(str(number), payment_of(case.event).parties)
        index.put(number, customer)
        direct |= {(number, found) for found in hits(customer, screener)}

    turned = {
        (number, found)
        for found in {found for _, found in direct}
        for number in index.candidates(screener.get(found) or pytest.fail(found))
    }

    assert len(direct) > 15
    assert direct - turned == set()


def test_a_name_beside_others_is_found_although_only_another_entry_has_it_looked_for() -> None:
    """Whether a name field is searched for names inside it depends on the whole list; the sieve has less."""
    changed = Designation("ofac:1", (Name("Hossein SHARIAT", NameType.PRIMARY),), Kind.PERSON)
    other = Designation("ofac:2", (Name("UNIT", NameType.PRIMARY),), Kind.ORGANIZATION)
    screener = screener_of(changed, other)
    book = Book(Policy())
    number = book.put("C-1", b'{"name": "Unit 7 Hossein SHARIAT St", "kind": "organization"}')

    assert hits(book.customer(number), screener) == {"ofac:1"}
    assert number in book.candidates(screener, {"ofac:1"})


def test_a_name_that_goes_on_in_the_address_is_found_both_ways_and_by_the_book() -> None:
    corps = Designation(
        "un:7", (Name("Islamic Revolutionary Guard Corps", NameType.PRIMARY),), Kind.ORGANIZATION
    )
    screener, book = screener_of(corps), Book(Policy())
    number = book.put(
        "C-1", b'{"name": "IN FAVOUR OF ISLAMIC REVOLU", "address": "TIONARY GUARD CORPS, DUBAI"}'
    )

    assert hits(book.customer(number), screener) == {"un:7"}
    assert number in book.candidates(screener, {"un:7"})


@pytest.mark.parametrize("ids", [("plumless", "buckeroo"), ("buckeroo", "plumless")])
def test_customers_whose_ids_share_a_hash_are_two(ids: tuple[str, str]) -> None:
    assert len({crc32(each.encode()) for each in ids}) == 1
    book = Book(Policy())

    numbers = [book.put(each, b'{"name": "Versor"}') for each in ids]

    assert [book.number_of(each) for each in ids] == numbers == [0, 1]


@pytest.mark.parametrize(
    ("kind", "letters", "fill"),
    [
        *(("person", LONG - 1, 0), ("person", LONG, 1), ("person", LONG + 1, 1)),
        *(("organization", LONG - 1, 0), ("organization", LONG, 1)),
    ],
)
def test_a_name_as_long_as_a_field_may_fill_it(kind: str, letters: int, fill: int) -> None:
    name = "Zorav " + ("qorva" * letters)[: letters - 6]
    customer = decode_customer("C-1", f'{{"name": "{name}", "kind": "{kind}"}}'.encode())

    assert {written.fill for written in _written(customer)} == {fill}
