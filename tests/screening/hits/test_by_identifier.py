"""Identifiers: the same number in any writing is a hit, another number is not."""

import time
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening import Designation, Kind, Name, NameType, Screener, decode_payment
from screening.decisions import Outcome, Reason
from screening.designations import Identifier
from screening.hits.by_identifier import IdentifierIndex
from screening.hits.codes import country_of, is_iban, normalise

ETH = "0x7F19720A857F834887FC9A7bC0a0fBe7Fc7f8102"
XBT = "12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h"
TRX = "TNuoKL1ni8aoshfFL1ASca1Gou9RXwAzfn"


PASSPORTS = ("passport", "Passport No.", "passport number", "pasaporte n°", "паспорт №", "PPT-")


def listed(*identifiers: Identifier) -> Designation:
    return Designation("ofac:1", (Name("Bank Melli", NameType.PRIMARY),), identifiers=identifiers)


def index_of(*identifiers: Identifier) -> IdentifierIndex:
    index = IdentifierIndex()
    index.put(listed(*identifiers))
    return index


def found(pairs: Iterable[object]) -> bool:
    return bool(list(pairs))


@pytest.mark.parametrize(
    ("scheme", "listed_as", "paid_as"),
    [
        ("bic", "MELIIRTH", "meliirthxxx"),
        ("bic", "MELIIRTHXXX", "MELIIRTH123"),
        ("iban", "GB29 NWBK 6016 1331 9268 19", "gb29nwbk60161331926819"),
        ("lei", "213800KUD8LAJWSQ9D15", "213800kud8lajwsq9d15"),
        ("imo", "IMO 9187629", "9187629"),
        ("mmsi", "572469210", "MMSI 572469210"),
        ("wallet", ETH, ETH.lower()),
        ("wallet", ETH, f"0x{'0' * 24}{ETH[2:].upper()}"),
        ("wallet", ETH, f"ethereum:0x{'0' * 24}{ETH[2:]}"),
        ("wallet", ETH, f"0xa9059cbb{'0' * 24}{ETH[2:]}{1000:064x}"),
        ("wallet", XBT, f"bitcoin:{XBT}"),
        (
            "wallet",
            "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
            "BC1QAR0SRRR7XFKVY5L643LYDNW9RE59GTZZWF5MDQ",
        ),
        ("email", "Office@Versor.example", "office@versor.EXAMPLE"),
        ("phone", "+7 (931) 540-36-78", "0079315403678"),
        ("website", "https://www.versor.example/", "versor.example"),
        ("tax", "ИНН 7701234567", "ИНН7701234567"),
        ("passport", "AB 123-456", "ab123456"),
    ],
)
def test_the_same_identifier_in_another_writing_is_found(scheme: str, listed_as: str, paid_as: str) -> None:
    assert found(index_of(Identifier(scheme, listed_as)).owners(scheme, paid_as))


@pytest.mark.parametrize(
    ("scheme", "listed_as", "paid_as"),
    [
        ("bic", "MELIIRTH", "MELIGB2L"),
        ("wallet", XBT, XBT.lower()),
        ("wallet", TRX, TRX.upper()),
        ("registration", "1234", "1234"),
        ("passport", "N/A", "n.a."),
        ("iban", "GB29NWBK60161331926819", "GB29NWBK60161331926818"),
    ],
)
def test_another_identifier_is_not_found(scheme: str, listed_as: str, paid_as: str) -> None:
    assert not found(index_of(Identifier(scheme, listed_as)).owners(scheme, paid_as))


@pytest.mark.parametrize(
    ("listed_scheme", "value", "paid_scheme"),
    [
        ("wallet", XBT, "account"),
        ("iban", "GB29NWBK60161331926819", "account"),
        ("passport", "C01X00T47", "other"),
        ("tax", "7701234567", "registration"),
        ("bic", "MELIIRTH", "clearing"),
        ("lei", "213800KUD8LAJWSQ9D15", "other"),
        ("lei", "213800KUD8LAJWSQ9D15", "account"),
        ("lei", "213800KUD8LAJWSQ9D15", "bic"),
        ("wallet", XBT, "bic"),
        ("bic", "MELIIRTHXXX", "account"),
    ],
)
def test_a_scheme_the_sender_did_not_know_is_no_way_around(
    listed_scheme: str, value: str, paid_scheme: str
) -> None:
    assert found(index_of(Identifier(listed_scheme, value)).owners(paid_scheme, value))


@pytest.mark.parametrize(
    ("scheme", "listed_as", "paid_as"),
    [
        ("passport", "Pakistani passport number AA3829182", "AA3829182"),
        ("passport", "Diplomatic Passport: Z30321794", "Z30321794"),
        ("passport", "381110042 (Expired 25 Jan. 2016)", "381110042"),
        ("passport", "R00012098, South Sudan", "R00012098"),
        ("passport", "Afghan passport number SE 012820", "SE012820"),
        ("passport", "Russian passport number 8208 No. 555627", "8208555627"),
        ("passport", "OR801168 and Kuwaiti National ID No. 281020505755", "OR801168"),
        ("passport", "No.: 0310857, Eritrea, Issue Date 21 August 2006", "0310857"),
        ("passport", "C1234567 / D1234567", "D1234567"),
        ("passport", "(1) A1234567 (2) B7654321", "B7654321"),
        ("national_id", "CNIC: 35202-5400413-9", "3520254004139"),
        ("national_id", "Social Security Number 423-31-3021 (US)", "423313021"),
        ("registration", "818178-2 (Cali)", "8181782"),
    ],
)
def test_a_listed_number_is_found_without_the_words_that_the_list_puts_around_it(
    scheme: str, listed_as: str, paid_as: str
) -> None:
    index = index_of(Identifier(scheme, listed_as))

    assert found(index.owners(scheme, paid_as))
    assert found(index.owners(scheme, listed_as))


@pytest.mark.parametrize(
    ("listed_as", "text", "is_it"),
    [
        ("EP-ZVA", "MAHAN EP-ZVA", True),
        ("EP-ZVA", "aircraft EPZVA2", False),
        ("EP-ZVA", "EP-ZVB", False),
        ("EP-ZVA", "REF-EP-ZVA-1", False),
        ("YV2557", "handling YV2557 12MAR", True),
        ("YV2557", "order YV2557", False),
        ("YV2557", "aircraft YV2551", False),
        ("P-533", "flight P-533", True),
        ("P-533", "part P-533", False),
        ("M-ZAAN", "M-ZAAN", True),
        ("M-ZAAN", "m-zaan", False),
        ("UR-82029", "UR-82029", True),
        ("MSN 550", "aircraft MSN 550", False),
    ],
)
def test_an_aircraft_is_found_by_its_mark_wherever_a_text_has_it(
    listed_as: str, text: str, is_it: bool
) -> None:
    index = IdentifierIndex()
    index.put(Designation("ofac:2", (Name(listed_as),), Kind.AIRCRAFT))

    assert found(index.in_text(text)) is is_it


def test_an_aircraft_is_found_by_its_mark_in_a_field_with_letters_alone() -> None:
    index = index_of(Identifier("aircraft_tail", "M-ZAAN"))

    assert found(index.owners("aircraft_tail", "mzaan"))
    assert not found(index.owners("passport", "mzaan"))


def test_a_person_of_that_name_has_no_mark() -> None:
    index = IdentifierIndex()
    index.put(Designation("ofac:2", (Name("D-ANNA"),), Kind.PERSON))

    assert not found(index.in_text("D-ANNA"))


@pytest.mark.parametrize(
    ("listed_as", "paid_as"),
    [
        ("No.: 0310857, Eritrea, Issue Date 21 August 2006, Expire Date 20/08/2008", "20082008"),
        ("A1234567 (valid until 2016)", "2016"),
        ("HRB 26136", "26136"),
        ("BE 454,419,759", "419759"),
        ("AB 123456", "123456"),
    ],
)
def test_a_date_a_series_or_a_short_number_beside_a_listed_one_is_none(listed_as: str, paid_as: str) -> None:
    assert not found(index_of(Identifier("registration", listed_as)).owners("registration", paid_as))


def test_an_account_number_is_no_tax_number() -> None:
    assert not found(index_of(Identifier("tax", "7701234567")).owners("account", "7701234567"))


@pytest.mark.parametrize(
    ("identifier", "text"),
    [
        (Identifier("wallet", ETH), f"usdt to {ETH.lower()}, thanks"),
        (Identifier("wallet", ETH), f"topics: {'0' * 24}{ETH[2:]}"),
        (Identifier("wallet", ETH), f"0x23b872dd{'0' * 24}{'1' * 40}{'0' * 24}{ETH[2:]}{1000:064x}"),
        (Identifier("wallet", TRX), f"TRX:{TRX}"),
        (Identifier("wallet", XBT), f"({XBT})"),
        (Identifier("iban", "GB29NWBK60161331926819"), "acc GB29 NWBK 6016 1331 9268 19 ref 7"),
        (Identifier("iban", "GB29NWBK60161331926819"), "acc GB29NWBK60161331926819"),
        (Identifier("bic", "MELIIRTH"), "via MELIIRTHXXX Tehran"),
        (Identifier("bic", "MELIIRTH"), "swift code: meliirthxxx"),
        (Identifier("bic", "MELIIRTH"), "Bic meliirth"),
        (Identifier("aircraft_tail", "YV2850"), "fuel uplift YV2850 12MAR"),
        (Identifier("imo", "9187629"), "MV ARTAVIL / IMO NO. 9187629"),
        (Identifier("imo", "9187629"), "vessel IMO9187629"),
        (Identifier("imo", "9187629"), "freight MV ARTAVIL (9187629)"),
        (Identifier("imo", "9187629"), "M/T ARTAVIL 9187629 demurrage"),
        (Identifier("imo", "9187629"), "LRIMO9187629"),
        (Identifier("imo", "9187629"), "ARTAVIL IMONO9187629"),
        (Identifier("imo", "9187629"), "numero OMI 9187629"),
        (Identifier("imo", "9187629"), "Lloyd's no. 9187629"),
        (Identifier("imo", "9187629"), "ARTAVIL 9187629 IMO"),
        (Identifier("email", "office@versor.example"), "mail Office@Versor.example today"),
        (Identifier("passport", "A1234567"), "passport A1234567"),
        (Identifier("tax", "7701234567"), "INN 7701234567"),
        (Identifier("lei", "213800KUD8LAJWSQ9D15"), "LEI 213800KUD8LAJWSQ9D15"),
    ],
)
def test_an_identifier_inside_free_text_is_found(identifier: Identifier, text: str) -> None:
    assert found(index_of(identifier).in_text(text))


@pytest.mark.parametrize(
    ("identifier", "text"),
    [
        (Identifier("imo", "9187629"), "invoice 9187629"),
        (Identifier("imo", "9187629"), "wheat MT 9187629"),
        (Identifier("tax", "12345678"), "invoice 12345678"),
        (Identifier("wallet", XBT), XBT.lower()),
        (Identifier("bic", "MELIIRTH"), "meliirth"),
    ],
)
def test_an_invoice_number_is_no_identifier(identifier: Identifier, text: str) -> None:
    assert not found(index_of(identifier).in_text(text))


@pytest.mark.parametrize(
    ("identifier", "text", "is_there"),
    [
        *((Identifier("passport", "6620505"), f"fees {said} 6620505 May 12", True) for said in PASSPORTS),
        (Identifier("passport", "OB 0243318"), "passport OB 0243318", True),
        (Identifier("passport", "6620505"), "passport 66 20 505", True),
        (Identifier("passport", "6620505"), "invoice 6620505", False),
        (Identifier("passport", "6620505"), "passport photo, invoice 6620505", False),
        (Identifier("passport", "6620505"), "national id 6620505", False),
        (Identifier("national_id", "98606612"), "CNIC: 98606612", True),
        (Identifier("tax", "8301234"), "NIT 8301234, rent", True),
        (Identifier("passport", "E1234567"), "护照号码E1234567", True),
        (Identifier("passport", "E1234567"), "جواز سفر رقم E1234567", True),
        (Identifier("passport", "C01X00T47"), "Pass-Nr. C01X00T47", True),
        *(
            (Identifier("national_id", "71721132"), f"pago {said} 71721132 enero", True)
            for said in ("C.C.", "CC", "cédula de ciudadanía No.", "carnet", "ID", "RG nº", "TC Kimlik No")
        ),
        (Identifier("national_id", "71721132"), "accident 71721132", False),
        (Identifier("registration", "123456"), "Matrícula mercantil No 123456", True),
        (Identifier("tax", "8301234"), "P.IVA 8301234", True),
        (Identifier("registration", "105573"), "reg. no. 105573", True),
        (Identifier("passport", "12345"), "passport 12345", False),
    ],
)
def test_a_short_number_is_found_where_the_text_says_what_paper_it_is_of(
    identifier: Identifier, text: str, is_there: bool
) -> None:
    assert found(index_of(identifier).in_text(text)) is is_there


@pytest.mark.parametrize(
    ("text", "is_there"),
    [("IMO 5342883 freight", True), ("owner IMO no. 5342883", True), ("MV SUNNY 5342883", False)],
)
def test_a_company_s_imo_number_has_no_check_digit_of_a_ship(text: str, is_there: bool) -> None:
    assert found(index_of(Identifier("imo", "5342883")).in_text(text)) is is_there


def test_replacing_and_removing_a_designation_take_its_identifiers_along() -> None:
    index = index_of(Identifier("wallet", XBT), Identifier("bic", "MELIIRTH"))

    index.put(listed(Identifier("bic", "MELIIRTH")))
    assert not found(index.owners("wallet", XBT))
    assert found(index.owners("bic", "MELIIRTH"))

    index.remove("ofac:1")
    index.remove("ofac:1")
    assert not found(index.owners("bic", "MELIIRTH"))


def test_two_designations_can_share_an_identifier() -> None:
    index = index_of(Identifier("bic", "MELIIRTH"))
    index.put(Designation("eu:2", (Name("Melli"),), identifiers=(Identifier("bic", "MELIIRTHXXX"),)))

    assert [owner.designation.id for owner in index.owners("bic", "MELIIRTH")] == ["ofac:1", "eu:2"]


def test_country_comes_from_bic_and_iban() -> None:
    assert country_of("bic", "MELIIRTH") == "IR"
    assert country_of("iban", "IR58 0540 1051 8002 1273 1130 07") == "IR"
    assert country_of("account", "12345678") is None
    assert country_of("bic", "not a bic") is None


@pytest.mark.parametrize(
    "text",
    [
        "@" + "a" * 200_000,
        "a" * 200_000 + "@",
        "IMO" * 70_000,
        "GB29 " * 40_000,
        "1" * 200_000,
        "A1" * 100_000,
    ],
)
def test_no_text_takes_more_than_linear_time(text: str) -> None:
    """The slowest takes some 50 ms; quadratic time would be minutes."""
    index = index_of(Identifier("email", "a@b.example"))
    started = time.process_time()

    assert not found(index.in_text(text))
    assert not found(index.owners("other", text))
    assert time.process_time() - started < 5


@given(
    st.text(max_size=60),
    st.sampled_from(("bic", "iban", "account", "wallet", "imo", "phone", "tax", "other", "x")),
)
def test_any_text_can_be_looked_for(value: str, scheme: str) -> None:
    index = index_of(Identifier("tax", "7701234567"))

    list(index.owners(scheme, value))
    list(index.in_text(value))
    country_of(scheme, value)
    is_iban(value)


def test_normalising_is_stable() -> None:
    for scheme, value in (("wallet", ETH), ("iban", "gb29 nwbk"), ("phone", "+7 931"), ("bic", "x")):
        assert normalise(scheme, normalise(scheme, value)) == normalise(scheme, value)


def test_a_listed_bank_s_branch_is_a_hit_that_names_the_scheme() -> None:
    screener = Screener()
    screener.upsert(listed(Identifier("bic", "MELIIRTH")))
    (payment,) = decode_payment(
        b'{"id": "P-1", "parties": [{"role": "creditor_agent", "name": "Some Bank", "bic": "MELIIRTH123"}]}'
    )

    decision = screener.screen(payment)

    (hit,) = decision.hits
    assert decision.outcome is Outcome.HIT
    assert (hit.reason, hit.score, hit.path, hit.value) == (
        Reason.IDENTIFIER,
        1.0,
        "/parties/0/bic",
        "MELIIRTH123",
    )
    assert (hit.explanation[0].how, hit.explanation[0].matched) == ("identifier", "bic MELIIRTH")


def test_a_wallet_in_the_remittance_text_is_a_hit_at_its_path() -> None:
    screener = Screener()
    screener.upsert(listed(Identifier("wallet", ETH, note="ETH")))
    raw = f'{{"id": "P-1", "parties": [{{"name": "Acme"}}], "remittance": ["for {ETH.lower()}"]}}'

    (hit,) = screener.screen(decode_payment(raw.encode())[0]).hits

    assert (hit.reason, hit.role, hit.path) == (Reason.IDENTIFIER, "remittance", "/remittance/0")


@pytest.mark.parametrize(
    "written",
    ["IMO 918 7629", "imo no. 91 87 629", "IMO: 918-7629", "IMO number 9 187 629", "IMO nr 918.76.29"],
)
def test_an_imo_number_in_groups_is_found(written: str) -> None:
    index = IdentifierIndex()
    index.put(Designation("t:1", (Name("Sea Zuvava"),), identifiers=(Identifier("imo", "9187629"),)))

    assert [owner.designation.id for _, owner in index.in_text(f"freight {written} June")] == ["t:1"]


@pytest.mark.parametrize(
    ("listed", "written"),
    [
        ("AT611904300234573201", "AT61 1904 3002 3457 32O1"),
        ("AT611904300234573201", "AT6119O43OO23457320l"),
        ("GB29NWBK60161331926819", "GB29 NWBK 6OI6 I33l 9268 19"),
        ("GB82OIIL60161331926819", "GB82 OIIL 6O16 1331 9268 19"),
    ],
)
def test_an_iban_with_letters_for_figures_is_found(listed: str, written: str) -> None:
    index = IdentifierIndex()
    index.put(Designation("t:1", (Name("Zuvava"),), identifiers=(Identifier("iban", listed),)))

    assert {owner.designation.id for owner in index.owners("iban", written)} == {"t:1"}
    assert {owner.designation.id for _, owner in index.in_text(f"pay to {written} please")} == {"t:1"}
    assert not list(index.owners("iban", written[:-1] + "7"))


@pytest.mark.parametrize(
    "text", ["REVOLUT*IVAN ZUVAVOV", "WISE*IVAN*ZUVAVOV", "INV4471IVAN ZUVAVOV", "Ivan Zuv*avov"]
)
def test_a_name_that_a_star_or_figures_glue_to_a_word_is_found(text: str) -> None:
    screener = Screener()
    screener.upsert(Designation("t:1", (Name("Ivan Zuvavov"),)))
    (payment,) = decode_payment(
        b'{"id": "P-1", "parties": [{"name": "Ann Green"}], "remittance": ["%s"]}' % text.encode()
    )

    assert [hit.designation.id for hit in screener.screen(payment).hits] == ["t:1"]
