"""Names inside remittance lines and addresses."""

from base64 import b64encode, urlsafe_b64encode

import pytest

from screening import Designation, Kind, Name, Party, Reason, Role, Screener
from screening.payments import Payment
from screening.payments.model import Field

LIST = (
    Designation(id="ofac:1", names=(Name("Ashot MKRTYCHEV"),), kind=Kind.PERSON),
    Designation(id="ofac:2", names=(Name("VERSOR S.R.O."),), kind=Kind.ORGANIZATION),
    Designation(id="ofac:3", names=(Name("GAZPROMNEFT SHIPPING LLC"),), kind=Kind.ORGANIZATION),
    Designation(id="ofac:4", names=(Name("SEA"),), kind=Kind.VESSEL),
)


def hits(text: str, *, where: str = "texts") -> list[tuple[str, str]]:
    screener = Screener()
    for designation in LIST:
        screener.upsert(designation)
    field = Field(text, "/remittance/0")
    party = (
        Party(Role.REMITTANCE, texts=(field,))
        if where == "texts"
        else Party(Role.CREDITOR, addresses=(field,))
    )
    found = screener.screen(Payment("P-1", (party,))).hits
    assert all((hit.reason, hit.path, hit.value) == (Reason.TEXT, "/remittance/0", text) for hit in found)
    return [(hit.designation.id, hit.name.text if hit.name else "") for hit in found]


@pytest.mark.parametrize(
    "text",
    [
        "INV 4471 on behalf of Ashot Mkrtychev, spare parts",
        "/INV/4471 MKRTYCHEV ASHOT",
        "rent march 2026 ashot mkrtichev flat 12",
        "payment for Ашот Мкртычев contract 7",
    ],
)
def test_a_person_in_a_remittance_line_is_a_hit(text: str) -> None:
    assert hits(text) == [("ofac:1", "Ashot MKRTYCHEV")]


@pytest.mark.parametrize(
    "text",
    [
        *("REVOLUT*ASHOTMKRTYCHEV", "INV 4471 ASHOTMKRTYCHEV spare parts", "MKRTYCHEVASHOT"),
        *("ASHOTMKRTYCHEV77", "rent Ashot Mkrtychev2026", "INV4471ASHOT MKRTYCHEV0011"),
    ],
)
def test_a_name_without_its_blanks_is_a_hit(text: str) -> None:
    assert hits(text) == [("ofac:1", "Ashot MKRTYCHEV")]


@pytest.mark.parametrize("text", ["REVOLUT*ASHOTMKRTCH", "PETROCHEMICALS", "from ASHOTMKRTYCHEVSKAYA"])
def test_a_longer_or_another_word_is_none(text: str) -> None:
    listed = Designation(id="ofac:5", names=(Name("Petro CHEMICALS"),), kind=Kind.ORGANIZATION)
    screener = Screener()
    for designation in (*LIST, listed):
        screener.upsert(designation)

    assert not screener.screen(Payment("P-1", (Party(Role.REMITTANCE, texts=(Field(text, "/r"),)),))).hits


@pytest.mark.parametrize(
    "name",
    [
        *("REVOLUT*ASHOT MKRTYCHEV", "REVOLUT*ASHOTMKRTYCHEV", "ASHOTMKRTYCHEV INV 5"),
        *("ASHOT MKRTYCHEV2026", "ASHOTMKRTYCHEV77", "77ASHOT MKRTYCHEV"),
    ],
)
def test_what_a_card_scheme_puts_before_a_name_does_not_hide_it(name: str) -> None:
    screener = Screener()
    for designation in LIST:
        screener.upsert(designation)
    (hit,) = screener.screen(Payment("P-1", (Party(Role.CREDITOR, names=(Field(name, "/n"),)),))).hits

    assert hit.designation.id == "ofac:1"


@pytest.mark.parametrize(
    "name",
    [
        *('OOO"GAZPROMNEFT SHIPPING"', "OOO'GAZPROMNEFT SHIPPING'", "OOO''GAZPROMNEFT SHIPPING''"),
        *('LLC"GAZPROMNEFT SHIPPING"MOSCOW', "OOO“GAZPROMNEFT SHIPPING”", "GAZPROMNEFT!SHIPPING LLC"),
        *("OOO`GAZPROMNEFT SHIPPING`", "OOO‘GAZPROMNEFT SHIPPING’"),
    ],
)
@pytest.mark.parametrize("where", ["names", "texts"])
def test_a_quotation_mark_parts_words_without_a_blank(name: str, where: str) -> None:
    screener = Screener()
    for designation in LIST:
        screener.upsert(designation)
    field = (Field(name, "/n"),)
    party = Party(Role.CREDITOR, names=field) if where == "names" else Party(Role.REMITTANCE, texts=field)

    assert [hit.designation.id for hit in screener.screen(Payment("P-1", (party,))).hits] == ["ofac:3"]


@pytest.mark.parametrize(
    "text",
    [
        b64encode(b'{"payee": "Ashot Mkrtychev"}').decode(),
        f"payload {urlsafe_b64encode('Ашот Мкртычев'.encode()).decode().rstrip('=')}",
        "eyJhbGciOiJIUzI1NiJ9."
        + b64encode(b"to Ashot Mkrtychev, flat 12").decode()
        + ".c2lnbmF0dXJlb2Z0aGlz",
    ],
)
def test_a_name_in_base64_is_a_hit(text: str) -> None:
    assert [designation for designation, _ in hits(text)] == ["ofac:1"]


@pytest.mark.parametrize("text", ["AB12CD34EF56GH78IJ90", "CONSTANTINOPOLITAN", "a" * 40, "0" * 32])
def test_a_reference_is_nothing_in_base64(text: str) -> None:
    assert hits(text) == []


def test_a_company_in_a_remittance_line_is_a_hit() -> None:
    assert hits("charter hire Gazpromneft Shipping vessel May") == [("ofac:3", "GAZPROMNEFT SHIPPING LLC")]


@pytest.mark.parametrize(
    "text",
    [
        *("INV4471 {}", "{} INV4471", "PO88213 {} RG2026-11", "INV4471-{}", "4471-{}", "{}-4471"),
        *("{} DE89370400440532013000", "INVOICE-{}", "{}-INVOICE 7", "{}-LLC", "2026/11/INV4471 {}"),
        *("IMPS-612345678901-{}-SBHN-XXXX1234", "AMZN MKTP US*{}"),
    ],
)
@pytest.mark.parametrize("name", ["GAZPROMNEFT SHIPPING", "VERSOR S.R.O."])
def test_a_reference_beside_a_company_is_no_more_of_its_name(text: str, name: str) -> None:
    assert hits(text.format(name))


@pytest.mark.parametrize(
    "word",
    [
        *(
            "RECHNUNGSNUMMER",
            "ÜBERWEISUNG",
            "EMPFAENGER",
            "HANDYRECHNUNG",
            "ACOMPTE",
            "VENCIMIENTO",
            "SCADENZA",
        ),
        *("FACTUURNUMMER", "ZALICZKA", "TESLIMAT", "EMPRÉSTIMO", "REMITTER", "ÅTERBETALNING", "PENGIRIMAN"),
        *("SMLOUVA", "LIVRARE", "SZÁLLÍTÁS", "ISPORUKA", "TOIMITUS", "SĄSKAITA"),
        *("PAYTM", "MOBILEPAY", "VENMO", "CONSIGNEE", "XKQWRT"),
    ],
)
def test_a_word_of_payments_beside_a_company_is_no_more_of_its_name_in_any_language(word: str) -> None:
    assert hits(f"{word} GAZPROMNEFT SHIPPING")
    assert hits(f"GAZPROMNEFT SHIPPING {word}")


@pytest.mark.parametrize("text", ["GAZPROMNEFT SHIPPING QORVANDIS", "QORVAN-GAZPROMNEFT SHIPPING"])
def test_another_word_beside_a_company_is(text: str) -> None:
    assert hits(text) == []


def test_a_long_rare_one_word_name_is_a_hit_where_it_is_exact() -> None:
    assert hits("invoice 12 Versor spare parts") == [("ofac:2", "VERSOR S.R.O.")]
    assert hits("invoice 12 versur spare parts") == []


def test_a_short_one_word_name_is_none() -> None:
    assert hits("freight by sea from Odesa") == []


def test_a_name_in_an_address_line_is_a_hit() -> None:
    assert hits("c/o Ashot Mkrtychev, 12 High Street", where="addresses") == [("ofac:1", "Ashot MKRTYCHEV")]


@pytest.mark.parametrize(
    "text", ["", "INV 4471", "monthly rent flat 12 march", "Ashot paid the invoice of Karim Mkrt"]
)
def test_ordinary_text_is_none(text: str) -> None:
    assert hits(text) == []


@pytest.mark.parametrize("before", [0, 599, 700, 2_400])
@pytest.mark.parametrize("filler", ["invoice", "4711", "ali"])
def test_a_name_is_found_however_far_behind_in_a_text_it_stands(before: int, filler: str) -> None:
    assert hits(" ".join([filler] * before) + " / Ashot Mkrtychev") == [("ofac:1", "Ashot MKRTYCHEV")]


@pytest.mark.parametrize("before", range(55))
def test_a_name_is_found_where_the_words_around_it_change(before: int) -> None:
    """Places whose surroundings stood before are passed over; here all but the last word did."""
    period = "Ashot Rentals / flat 12 / "
    text = period * 20 + "Ashot " + "flat " * before
    assert hits(text + "/ Ashot Mkrtychev") == [("ofac:1", "Ashot MKRTYCHEV")]
    assert hits("Ashot Mkrtychev / " + text) == [("ofac:1", "Ashot MKRTYCHEV")]


def alone(text: str, name: str, kind: Kind, *, where: str) -> bool:
    """Is the one name of a list found in a text, or in a name field?"""
    screener = Screener()
    screener.upsert(Designation(id="ofac:6", names=(Name(name),), kind=kind))
    field = (Field(text, "/f"),)
    party = Party(Role.CREDITOR, names=field) if where == "names" else Party(Role.REMITTANCE, texts=field)
    return bool(screener.screen(Payment("P-1", (party,))).hits)


@pytest.mark.parametrize("where", ["names", "texts"])
@pytest.mark.parametrize(
    ("text", "name"),
    [
        *(("оплата Зувавагаз счет 12", "ZUVAVAGAZ"), ("ПАО НК Зувавагаз", "ZUVAVAGAZ OAO")),
        ("donation for Hezbollah", "HIZBALLAH"),
        *(("zakat for the Taliban", "TALIBAN"), ("via Sberbank", "PJSC SBERBANK")),
        *(("ZUVAVAGAZ Moscow", "ZUVAVAGAZ"), ("ZUVAVAGAZ Niederlassung Berlin", "ZUVAVAGAZ")),
        ("ZUVAVAGAZ branch 7", "ZUVAVAGAZ"),
    ],
)
def test_a_company_of_one_word_is_found_in_other_letters_and_by_its_seat(
    text: str, name: str, where: str
) -> None:
    assert alone(text, name, Kind.ORGANIZATION, where=where)


@pytest.mark.parametrize("name", ["HAMAS", "FARC", "PDVSA", "NIOC", "AL-QAIDA", "ISIL", "DAESH"])
def test_an_organisation_of_one_short_word_is_found_in_texts_as_it_is_written(name: str) -> None:
    assert alone(f"support of {name.title()} 2026", name, Kind.ORGANIZATION, where="texts")
    assert not alone(f"support of {name[:-1]}q 2026", name, Kind.ORGANIZATION, where="texts")


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        *(
            ("12 Makin Street London", "MAKIN", Kind.ORGANIZATION),
            ("Calle Aleph 4", "ALEPH", Kind.ORGANIZATION),
        ),
        *(("invoice Doxa 12", "DOXA S.A.", Kind.ORGANIZATION), ("Lunch Korvi", "KORVI", Kind.PERSON)),
        *(("rent PKK 12", "PKK", Kind.ORGANIZATION), ("gift Agir", "AGIR", Kind.ORGANIZATION)),
        ("paid by Tarva Makin", "MAKIN", Kind.ORGANIZATION),
        *(("order ALCO Trading", "ALCO", Kind.ORGANIZATION), ("from ALCO LLC", "ALCO", Kind.ORGANIZATION)),
        ("order TZKP", "TARVAZ ZUVAVA KORVI PELVOR", Kind.ORGANIZATION),
    ],
)
def test_a_short_word_of_a_street_a_person_a_company_or_the_dictionary_is_no_organisation(
    text: str, name: str, kind: Kind
) -> None:
    assert not alone(text, name, kind, where="texts")


@pytest.mark.parametrize(
    "text", ["ZUVAVAGAZ Tarvandi", "Moscow ZUVAVAGAZ Pumps", "оплата Зувавагаза", "Zuvava gas Moscow"]
)
def test_a_company_whose_name_goes_on_is_another(text: str) -> None:
    assert not alone(text, "ZUVAVAGAZ", Kind.ORGANIZATION, where="names")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        *(("nave ZUVAVA", True), ("gemi ZUVAVA navlun", True), ("steel on board ZUVAVA", True)),
        *(("т/х ZUVAVA фрахт", True), ("mv Sunny (ex ZUVAVA) dd 12 May", True)),
        *(("M/V SUNNY EX ZUVAVA", True), ("MV SUNNY EX-ZUVAVA", True)),
        *(("MV SUNNY, EX NAME ZUVAVA", True), ("Vessel name: ZUVAVA", True), ("LPG/C ZUVAVA", True)),
        *(("bulk carrier ZUVAVA", True), ("demurrage ZUVAVA", True), ("port dues ZUVAVA Hamburg", True)),
        *(("laytime ZUVAVA", True), ("name ZUVAVA", False), ("Sunny formerly ZUVAVA", False)),
        *(("photo ex ZUVAVA", False), ("dinner at ZUVAVA", False)),
    ],
)
def test_a_ship_is_found_where_a_text_of_any_language_says_that_it_is_one(text: str, found: bool) -> None:
    assert alone(text, "ZUVAVA", Kind.VESSEL, where="texts") is found


@pytest.mark.parametrize(
    "text",
    [
        *(
            "MV SUNNY f/k/a TAVRIKA",
            "M/T SUNNY (F/K/A TAVRIKA)",
            "vessel SUNNY aka TAVRIKA",
            "M/V SUNNY a/k/a TAVRIKA",
        ),
        *(
            "crew of TAVRIKA",
            "crew wages TAVRIKA",
            "port agency fee TAVRIKA",
            "pilotage TAVRIKA",
            "bunkering TAVRIKA",
        ),
    ],
)
def test_a_ship_is_found_by_another_name_and_behind_what_is_paid_for_ships_alone(text: str) -> None:
    screener = Screener()
    screener.upsert(Designation(id="ofac:7", names=(Name("TAVRIKA"),), kind=Kind.VESSEL))

    (hit,) = screener.screen(Payment("P-1", (Party(Role.REMITTANCE, texts=(Field(text, "/r"),)),))).hits

    assert hit.designation.id == "ofac:7"


@pytest.mark.parametrize("text", ["agency fee TAVRIKA", "crew TAVRIKA", "Anna f/k/a TAVRIKA", "rent TAVRIKA"])
def test_what_is_paid_for_others_as_well_makes_no_ship(text: str) -> None:
    screener = Screener()
    screener.upsert(Designation(id="ofac:7", names=(Name("TAVRIKA"),), kind=Kind.VESSEL))

    assert not screener.screen(Payment("P-1", (Party(Role.REMITTANCE, texts=(Field(text, "/r"),)),))).hits


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *(("Zuveen ZUVEENI", Kind.PERSON), ("Abdizuvi Tarbakar ABDI", Kind.PERSON)),
        *(("Zuvazhil Tarv Ashur AL-ZUVAZHLI", Kind.PERSON), ("Zuvakadir Mohamed ZUVAKADIR", Kind.PERSON)),
        ("Zuvava Instrumentation Factory Plant", Kind.ORGANIZATION),
        ("Zuvava International Trading and Marketing", Kind.ORGANIZATION),
    ],
)
def test_a_name_of_words_that_are_alike_is_found_as_it_is_written(name: str, kind: Kind) -> None:
    assert alone(f"Invoice 4471 {name} as agreed", name, kind, where="texts")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *(("rent to Mullah Zuvakar", "Mullah ZUVAKAR"), ("Mulla Zuvakar school", "Mullah ZUVAKAR")),
        *(("for Haji Mullah Zuvakar", "Mullah ZUVAKAR"), ("Zuvakarullah Akhund rent", "Zuvakarullah AKHUND")),
        *(("Gen. Zuvakar", "General ZUVAKAR"), ("gift for Shaykh Zuvak", "Sheikh ZUVAK")),
    ],
)
def test_a_name_of_one_word_and_a_title_is_found_with_it(text: str, name: str) -> None:
    assert alone(text, name, Kind.PERSON, where="texts")


@pytest.mark.parametrize(
    "text", ["rent to Zuvakar", "rent to Qari Zuvakar", "Mullah Zuvakar Tarvandi", "Mr Zuvakar"]
)
def test_and_not_without_nor_with_another_title_nor_where_it_goes_on(text: str) -> None:
    assert not alone(text, "Mullah ZUVAKAR", Kind.PERSON, where="texts")


@pytest.mark.parametrize("lead", ["Payment to", "in", "no", "for", "4471"])
def test_a_word_that_leads_to_a_name_is_no_syllable_of_it(lead: str) -> None:
    assert alone(f"{lead} Al-Zuvaida", "AL-ZUVAIDA", Kind.ORGANIZATION, where="texts")
    assert alone(f"{lead} Allah Dad Zuvatin", "Allah Dad ZUVATIN", Kind.PERSON, where="texts")
    assert alone(f"{lead} Atallah Zuvatin", "Atallah ZUVATIN", Kind.PERSON, where="texts")


@pytest.mark.parametrize("name", ["Il-Nam KIM", "Il Woo CHO", "Do Chun PAK"])
@pytest.mark.parametrize("text", ["Invoice 4471 {}", "salary {} May", "{}", "payment to {}"])
def test_a_name_of_korea_may_begin_with_what_is_a_particle_elsewhere(name: str, text: str) -> None:
    assert alone(text.format(name), name, Kind.PERSON, where="texts")


@pytest.mark.parametrize("name", ["TAMAS COMPANY", "EMMA LLC", "LE CLAUDE, S.A. DE C.V."])
def test_a_company_called_like_a_person_is_found_with_its_legal_form(name: str) -> None:
    assert alone(f"Invoice 4471 {name}", name, Kind.ORGANIZATION, where="texts")


@pytest.mark.parametrize("text", ["gift for Tamas", "ZVK Tamas Company", "Tamas GmbH", "Big Tamas Company"])
def test_and_not_without_nor_as_a_part_of_another(text: str) -> None:
    assert not alone(text, "TAMAS COMPANY", Kind.ORGANIZATION, where="texts")


@pytest.mark.parametrize(
    "name",
    [
        *("DEFENCE INDUSTRIES (PVT) LTD.", "ENERGY GENERAL TRADING (LLC)", "SUN MOON (SINGAPORE) LTD."),
        *("华信船务(香港)有限公司", "H & H ZUVAFORM GMBH", "ZUVAVA J+P LTD"),
        *("COMMERCIAL JOINT-STOCK BANK ZUVAVSKY", "STATE CONCERN NATIONAL ASSOCIATION OF PRODUCERS ZUVAVA"),
    ],
)
def test_a_company_is_found_however_its_name_is_put_together(name: str) -> None:
    assert alone(f"Invoice 4471 {name} as agreed", name, Kind.ORGANIZATION, where="texts")


@pytest.mark.parametrize("where", ["names", "texts"])
def test_a_word_that_may_be_a_legal_form_is_a_word_of_a_listed_persons_name(where: str) -> None:
    """A field that ends in it is looked into, whether or not other names of the list bring that about."""
    assert alone("Mkrmatech Иваsumar Delpiwicz LLP", "LLP Deldewicz", Kind.PERSON, where=where)


@pytest.mark.parametrize(("text", "found"), [("cell 7-28", True), ("due 28 07", False), ("am 07.28", False)])
def test_a_date_is_no_name_of_numbers(text: str, found: bool) -> None:
    assert alone(text, "7-28", Kind.ORGANIZATION, where="texts") is found


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *(
            ("Zuvali Hassan ALZUVID ALTARVANDI", "Zuvali Hassan AL-ZUVID AL-TARVANDI"),
            ("Amru ALZUVAI", "Amru AL-ZUVAI"),
        ),
        *(("Zuvamfouz ould ALWALID", "Zuvamfouz Ould AL-WALID"), ("Ri Je-Son aka Sam", "RI Je-Son")),
        *(("Sam aka Ri Je-Son", "RI Je-Son"), ("Dr Allah Dad Zuvatin PhD", "Allah Dad ZUVATIN")),
        *(
            ("His Excellency Zuvar PATEK", "Zuvar PATEK"),
            ("Jean-Marie L. Zuviga", "Jean-Marie Lugerero ZUVIGA"),
        ),
        *(("J. Lugerero Zuviga", "Jean Lugerero ZUVIGA"), ("Zuvban K. Hadi", "Zuvban Khadr HADI")),
    ],
)
@pytest.mark.parametrize("where", ["names", "texts"])
def test_a_person_is_found_by_what_forms_and_clerks_make_of_the_name(
    text: str, name: str, where: str
) -> None:
    said = text if where == "names" else f"Payment for {text} invoice 77"
    assert alone(said, name, Kind.PERSON, where=where)


@pytest.mark.parametrize("text", ["Jean-Marie B. Zuviga", "Tarvan L. Zuviga", "Ali M. Hassan"])
def test_another_initial_or_common_names_beside_one_are_nobody(text: str) -> None:
    for name in ("Jean-Marie Lugerero ZUVIGA", "Ali Mahmood HASSAN"):
        assert not alone(f"Payment for {text}", name, Kind.PERSON, where="texts")


def test_what_stands_in_brackets_behind_a_name_of_korea_is_none_of_its_syllables() -> None:
    assert alone("RI JE-SON (Sam)", "RI Je-Son", Kind.PERSON, where="names")
    assert not alone("RI JE-SON SAM", "RI Je-Son", Kind.PERSON, where="names")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *(("ZUVAN INTERNATIONAL COMPANY", "ZUVAN INTERNATIONAL COMPANY (ZICO)"),),
        *(("UGANDA COMMERCIAL IMPEX LTD", "UGANDA COMMERCIAL IMPEX (UCI) LTD"),),
        ("INDUSTRIAL FACTORIES OF PRECISION MACHINERY", "INDUSTRIAL FACTORIES OF PRECISION (IFP) MACHINERY"),
        *(("QODS AERONAUTICS Ind", "QODS AERONAUTICS INDUSTRIES"),),
        *(("KOREA MINING Trdg CORP", "KOREA MINING TRADING CORPORATION"),),
    ],
)
def test_a_company_is_found_without_its_letters_and_with_its_words_cut_short(text: str, name: str) -> None:
    assert alone(f"Payment for {text} invoice 77", name, Kind.ORGANIZATION, where="texts")


def test_letters_in_brackets_that_stand_for_nothing_are_a_part_of_the_name() -> None:
    assert not alone("rent ENERGY TRADING", "ENERGY TRADING (ZVK)", Kind.ORGANIZATION, where="texts")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        *(("WILLIAMAMURI ZUVATUMBA", True), ("William AMURIZUVATUMBA", True)),
        *(("WILLIAMAMURI", False), ("WILLIAMAMURI TARVANDI", False), ("AMURIWILLIAMS ZUVATUMBA", False)),
    ],
)
def test_two_words_of_three_without_the_blank_between_are_found(text: str, found: bool) -> None:
    said = f"Payment for {text} invoice 77"
    assert alone(said, "William Amuri ZUVATUMBA", Kind.PERSON, where="texts") is found


@pytest.mark.parametrize(
    "form",
    [
        "Товариство з обмеженою відповідальністю",
        *("Tovarystvo z obmezhenoyu vidpovidalnistyu", "Societatea cu răspundere limitată"),
    ],
)
def test_a_company_of_one_word_is_found_behind_its_legal_form_in_full(form: str) -> None:
    name = f'{form} "Zuvaskan"'
    assert alone(f"Payment for {name}", name, Kind.ORGANIZATION, where="texts")
