"""Name fields and texts that hold a listed name and more, as clerks fill them."""

import pytest

from screening import Designation, Kind, Name, Party, Role, Screener
from screening.payments import Payment
from screening.payments.model import Field

PERSON, COMPANY = Kind.PERSON, Kind.ORGANIZATION


def is_hit(text: str, listed: str, kind: Kind, *, in_text: bool) -> bool:
    screener = Screener()
    screener.upsert(Designation(id="eu:1", names=(Name(listed),), kind=kind))
    field = Field(text, "/f")
    party = Party(Role.REMITTANCE, texts=(field,)) if in_text else Party(Role.CREDITOR, names=(field,))
    return bool(screener.screen(Payment("P-1", (party,))).hits)


@pytest.mark.parametrize(
    ("text", "listed", "kind"),
    [
        ("MAHAN AIR TEHRAN IRAN", "Mahan Air", COMPANY),
        ("MAHAN AIR DAMASCUS, SYRIA", "Mahan Air", COMPANY),
        ("ALI HASSAN HONG KONG CHINA", "Ali HASSAN", PERSON),
        ("ARIA BANK HERAT AFGHANISTAN", "Aria Bank", COMPANY),
        ("KISH AIR TEHRAN IRAN 12345", "Kish Air", COMPANY),
    ],
)
@pytest.mark.parametrize("in_text", [False, True])
def test_a_town_and_its_country_behind_a_name_are_no_more_of_it(
    text: str, listed: str, kind: Kind, in_text: bool
) -> None:
    assert is_hit(text, listed, kind, in_text=in_text)


@pytest.mark.parametrize(
    "behind",
    [
        *(
            "HAUPTSTRASSE 5 BERLIN",
            "CALLE GOYA 12 MADRID",
            "RUE DE RIVOLI 12",
            "UL. PROSTA 3",
            "FLAT 12 ROSE COURT",
        ),
        *("KEIZERSGRACHT 4", "SUITE 501", "CARRERA 15 20"),
    ],
)
@pytest.mark.parametrize(
    ("listed", "kind"), [("Safari Club", COMPANY), ("Central Republic Bank", COMPANY), ("Ali HASSAN", PERSON)]
)
def test_a_street_or_a_flat_behind_a_name_is_no_more_of_it(behind: str, listed: str, kind: Kind) -> None:
    assert is_hit(f"{listed.upper()} {behind}", listed, kind, in_text=False)


@pytest.mark.parametrize("text", ["tickets Abdulrahman Tariq Al Hosani", "Abdulrahman Carrera Plaza"])
def test_a_name_that_streets_bear_too_is_more_of_it(text: str) -> None:
    assert not is_hit(text, "Abdul RAHMAN", PERSON, in_text=True)


@pytest.mark.parametrize("text", ["{} Alice Brown", "Bob Brown {}", "pay Mohammed Hassan {} invoice 4"])
@pytest.mark.parametrize(
    "listed", ["International Union of Virtual Media", "Housing Bank of Cuba", "Central Bank of Yemen"]
)
def test_a_house_with_many_words_or_its_country_is_found_beside_a_person(text: str, listed: str) -> None:
    for in_text in (False, True):
        assert is_hit(text.format(listed), listed, COMPANY, in_text=in_text)


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("Luxi Chemical Group", "Chemical Group"),
        ("Zuvan International Union of Media", "International Union of Virtual Media"),
        ("Housing Bank of Zuvatin", "Housing Bank of Cuba"),
    ],
)
def test_a_house_with_fewer_or_other_words_is_another(text: str, listed: str) -> None:
    assert not is_hit(text, listed, COMPANY, in_text=False)


@pytest.mark.parametrize("text", ["ALI HASSAN KARIMI TEHRAN", "ALI HASSAN TEHRANI IRANMANESH"])
def test_another_name_behind_it_is(text: str) -> None:
    assert not is_hit(text, "Ali HASSAN", PERSON, in_text=False)


@pytest.mark.parametrize(
    "text",
    [
        *("RE KIM YONG CHOL", "pls pay c/o KIM Yong Chol re inv 7", "A L'ATTENTION DE KIM YONG CHOL"),
        *("QWX BV NAMENS KIM YONG CHOL", "QWX INHABER KIM YONG CHOL", "QWX GMBH ZUGUNSTEN KIM YONG CHOL"),
    ],
)
def test_a_word_that_leads_to_a_name_is_none_of_it(text: str) -> None:
    assert is_hit(text, "KIM Yong Chol", PERSON, in_text=True)


@pytest.mark.parametrize(
    "text",
    [
        *("Thank you {}", "chuyen tien cho {}", "thanh toan {} 4471", "Booking.com {}", "bayar hutang {}"),
        *("ghar ka kiraya {}", "{} ko 500 bheja"),
    ],
)
@pytest.mark.parametrize("listed", ["KIM Yong Chol", "Yong-chol KIM", "LI Xiao Ming"])
def test_a_syllable_beside_a_whole_name_of_three_is_none_of_it(text: str, listed: str) -> None:
    assert is_hit(text.format(listed.upper()), listed, PERSON, in_text=True)


@pytest.mark.parametrize("text", ["Xu LI Ming rent", "LI Ming Hua rent", "NGUYEN Van Minh Tuan rent"])
def test_a_syllable_beside_two_or_a_name_of_vietnam_is(text: str) -> None:
    assert not any(is_hit(text, listed, PERSON, in_text=True) for listed in ("LI Ming", "NGUYEN Van Minh"))


@pytest.mark.parametrize(
    "text",
    [
        *("支付{}货款", "付款给{}公司", "送金{}", "{}様へ", "{}のため", "{}에게 송금", "{}님", "ชำระเงินให้{}"),
        *("ل{}", "{}को भेजा", "{}先生"),
    ],
)
@pytest.mark.parametrize(
    ("listed", "kind"),
    [
        *(("Ivan ZUVAVOV", PERSON), ("Ali HASSAN", PERSON), ("Zuvava Trading LLC", COMPANY)),
        ("General Projects Bank", COMPANY),
    ],
)
def test_a_latin_name_ends_where_the_signs_of_another_script_are_written_on_to_it(
    text: str, listed: str, kind: Kind
) -> None:
    assert is_hit(text.format(listed), listed, kind, in_text=True)


def test_a_letter_that_begins_a_word_in_signs_is_no_name() -> None:
    assert not is_hit("Tシャツ購入", "T SHATSU", COMPANY, in_text=True)


@pytest.mark.parametrize(
    ("text", "listed", "kind"),
    [
        ("Nik olai SHAM ALOV, 12 PALM ST, DUBAI", "Nikolai SHAMALOV", PERSON),
        ("Nik-olai SHAM-ALOV 12 PALM ST DUBAI", "Nikolai SHAMALOV", PERSON),
        ("ROSOBORON EXPORT JSC 27 STROMYNKA STR", "Rosoboronexport", COMPANY),
        ("Sovcom flot, invoice 12", "Sovcomflot", COMPANY),
    ],
)
@pytest.mark.parametrize("in_text", [False, True])
def test_words_that_something_parts_are_one_with_an_address_behind(
    text: str, listed: str, kind: Kind, in_text: bool
) -> None:
    assert is_hit(text, listed, kind, in_text=in_text)


@pytest.mark.parametrize(
    ("text", "listed", "expected"),
    [
        ("张国强 北京市朝阳区建国路1号", "ZHANG Guoqiang", True),
        ("张国强 北京市朝阳区建国路1号", "ZHANG Guoqing", False),
        ("王小明先生 深圳市南山区", "WANG Xiaoming", True),
        ("김철수님 서울시 강남구", "KIM Chol Su", True),
        ("김철수 서울시 강남구", "KIM Chol Ho", False),
    ],
)
@pytest.mark.parametrize("in_text", [False, True])
def test_a_name_in_signs_with_more_beside_it_is_found_by_its_latin_name(
    text: str, listed: str, expected: bool, in_text: bool
) -> None:
    assert is_hit(text, listed, PERSON, in_text=in_text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(("transfer for KOVALCHUK YU.V. dec", True), ("transfer for Ковальчук Ю.В. dec", True)),
        *(("transfer for IU.V. KOVALCHUK", True), ("transfer for KOVALCHUK ZH.V. dec", False)),
    ],
)
def test_initials_of_two_letters_and_of_another_alphabet_in_texts(text: str, expected: bool) -> None:
    assert is_hit(text, "Yuri Valentinovich KOVALCHUK", PERSON, in_text=True) is expected


def test_a_surname_of_another_alphabet_tells_with_initials() -> None:
    assert is_hit("оплата Шойгу С.К.", "Sergey Kuzhugetovich SHOIGU", PERSON, in_text=True)
    assert not is_hit("оплата Шойгу С.П.", "Sergey Kuzhugetovich SHOIGU", PERSON, in_text=True)


@pytest.mark.parametrize(
    ("text", "listed", "expected"),
    [
        ("rent to Nguyen Van Minh dec", "Nguyen Van Minh", True),
        ("rent to Nguyen Thi Minh dec", "Nguyen Van Minh", False),
        ("rent for Le Van Minh", "Le Van Minh", True),
        ("rent for Do Van Minh dec", "Do Van Minh", True),
    ],
)
def test_a_particle_that_is_a_name_of_vietnam_is_a_word(text: str, listed: str, expected: bool) -> None:
    assert is_hit(text, listed, PERSON, in_text=True) is expected


@pytest.mark.parametrize("text", ["INV 7 FROM ROSOBORO\nNEXPORT", "C/O ROSOB\r\nORONEXPORT\r\nMOSCOW"])
def test_a_word_goes_on_in_the_next_line_of_one_field(text: str) -> None:
    assert is_hit(text, "Rosoboronexport", COMPANY, in_text=True)


def test_accents_do_not_hide_a_name_of_one_word_in_a_text() -> None:
    assert is_hit("Invoice 123 Rosoboronexpórt goods", "Rosoboronexport", COMPANY, in_text=True)


@pytest.mark.parametrize(
    "text", ["dinner with Mohammed & Ali", "gift of Mohammed and Ali", "Mohammed + Ali rent"]
)
def test_two_common_names_with_an_and_between_are_two_people(text: str) -> None:
    assert not is_hit(text, "Ali MOHAMMED", PERSON, in_text=True)
    assert is_hit(
        text.replace("Mohammed", "Zuvali").replace("Ali", "Tarvazov"), "Zuvali TARVAZOV", PERSON, in_text=True
    )


@pytest.mark.parametrize("text", ["ALI/MOHAMMED MR LHR-DXB", "rent Ali Mohammed", "ALI, MOHAMMED"])
def test_and_with_a_stroke_or_a_comma_are_one(text: str) -> None:
    assert is_hit(text, "Ali MOHAMMED", PERSON, in_text=True)


@pytest.mark.parametrize(
    "text",
    ["@{}", "t.me/{}", "www.{}.example", "info@{}.example", "{}77@okbank", "https://{}.example/give?to=1"],
)
@pytest.mark.parametrize(
    ("word", "listed", "kind"),
    [
        ("samijasimtarvazov", "Sami Jasim TARVAZOV", PERSON),
        ("bilalbintarvazov", "Bilal BIN TARVAZOV", PERSON),
        ("zuvacreditbank", "Zuva Credit Bank", COMPANY),
        ("housingprojectsbank", "Housing Projects Bank", COMPANY),
        ("zuvavainstitute", "Zuvava Institute", COMPANY),
    ],
)
def test_a_name_without_its_blanks_is_found_in_an_address_of_the_web(
    text: str, word: str, listed: str, kind: Kind
) -> None:
    assert is_hit(text.format(word), listed, kind, in_text=True)


def test_what_a_name_without_its_blanks_is_like_is_said_as_one() -> None:
    screener = Screener()
    screener.upsert(Designation(id="eu:1", names=(Name("Bilal BIN TARVAZOV"),), kind=PERSON))
    party = Party(Role.REMITTANCE, texts=(Field("t.me/bilalbintarvazov", "/f"),))

    (hit,) = screener.screen(Payment("P-1", (party,))).hits

    rows = [(row.query, row.matched, row.how) for row in hit.explanation]
    assert rows == [("bilalbintarvazov", "Bilal BIN TARVAZOV", "joined")]


@pytest.mark.parametrize("text", ["petrochemicals order", "www.petrochemicals.example"])
def test_a_word_that_is_two_of_a_company_by_chance_is_none(text: str) -> None:
    assert not is_hit(text, "Petro Chemicals", COMPANY, in_text=True)


@pytest.mark.parametrize(
    "text",
    ["Ivan (Vanya) Zuvavov rent", 'pay Ivan "Vanya" Zuvavov', "Ivan 'Vanya' Zuvavov", "IVAN „VANYA“ ZUVAVOV"],
)
@pytest.mark.parametrize("in_text", [False, True])
def test_a_nickname_between_the_names_parts_them_not(text: str, in_text: bool) -> None:
    assert is_hit(text, "Ivan ZUVAVOV", PERSON, in_text=in_text)


def test_what_stands_in_brackets_behind_both_names_is_no_nickname() -> None:
    assert not is_hit("Ivan Green (Peter) rent Zuvavov", "Ivan ZUVAVOV", PERSON, in_text=True)


@pytest.mark.parametrize(
    ("text", "listed", "kind"),
    [
        ("FOR ZUVAVA TRAD-\nING LLC", "Zuvava Trading LLC", COMPANY),
        ("FOR ZU- VAVA TRADING LLC", "Zuvava Trading LLC", COMPANY),
        ("GOODS FOR IVAN ZUV-\r\n  AVOV INV 22", "Ivan Zuvavov", PERSON),
        ("Zahlung an Iwan Su-\nwawow", "Ivan Zuvavov", PERSON),
    ],
)
@pytest.mark.parametrize("in_text", [False, True])
def test_a_hyphen_at_the_end_of_a_line_parts_no_word(
    text: str, listed: str, kind: Kind, in_text: bool
) -> None:
    assert is_hit(text, listed, kind, in_text=in_text)


@pytest.mark.parametrize(
    "text",
    ["/NAME/JOHN SMITH", "Mariana/Ordonez", "Theodor;Franke", "Mohammad/Ernst/Olsson", "Theodoros/Obi"],
)
@pytest.mark.parametrize("listed", ["New Ansari Money Exchange", "Mariana Company", "Theodoros", "Ernst AG"])
def test_a_word_between_strokes_that_all_know_is_no_name_by_itself(text: str, listed: str) -> None:
    assert not is_hit(text, listed, COMPANY, in_text=False)


@pytest.mark.parametrize("text", ["QORVEX/DUBAI", "JOHN SMITH; QORVEX", "QORWEX LLC/DUBAI"])
def test_a_word_between_strokes_that_nobody_else_bears_is(text: str) -> None:
    assert is_hit(text, "Qorvex LLC", COMPANY, in_text=False)


@pytest.mark.parametrize("lead", ["T/A", "D/B/A", "Alice Brown T/A", "C/O"])
@pytest.mark.parametrize("in_text", [False, True])
def test_a_letter_behind_a_stroke_is_no_particle_of_the_name(lead: str, in_text: bool) -> None:
    assert is_hit(f"{lead} QORVEX LIMITED", "Qorvex Limited", COMPANY, in_text=in_text)


@pytest.mark.parametrize("listed", ["Shane Asad QORVEX", "Hane Asad QORVEX"])
@pytest.mark.parametrize("text", ["MRSHANE ASAD QORVEX", "Mrshane Asad Qorvex, 12 PALM ST"])
def test_mr_and_mrs_written_on_to_a_name_are_both_read(text: str, listed: str) -> None:
    assert is_hit(text, listed, PERSON, in_text=False)


@pytest.mark.parametrize("text", ["MVQORVEX", "demurrage MVQORVEX inv 7"])
@pytest.mark.parametrize("in_text", [False, True])
def test_mv_written_on_to_a_ship_s_name_is_no_part_of_it(text: str, in_text: bool) -> None:
    assert is_hit(text, "Qorvex", Kind.VESSEL, in_text=in_text)


@pytest.mark.parametrize("end", ["...", "..", "\u2026"])
@pytest.mark.parametrize("in_text", [False, True])
def test_dots_at_the_end_say_that_a_name_is_cut(end: str, in_text: bool) -> None:
    assert is_hit(f"Hermann Eduardo QORV{end}", "Hermann Eduardo QORVEXA MALAVE", PERSON, in_text=in_text)
    assert not is_hit("Hermann Eduardo", "Hermann Eduardo QORVEXA MALAVE", PERSON, in_text=in_text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zuvava Environment Co., Ltd. QOR", False),
        ("Grand Environment Company Ltd. IRAN", False),
        ("Grand Environment Compan Ltd. QORVE", True),
    ],
)
def test_a_few_letters_behind_a_legal_form_are_no_name_that_is_cut(text: str, expected: bool) -> None:
    listed = "Iranair Ltd." if "IRAN" in text else "Qorvexa Ltd."
    assert is_hit(f"{text}..", listed, COMPANY, in_text=True) is expected


@pytest.mark.parametrize("word", ["ivanzuvavov", "zuvavovivan"])
@pytest.mark.parametrize("text", ["{}", "{}@mail.example", "t.me/{}", "rent {} flat 3"])
def test_a_name_without_its_blank_and_its_father_s_name_is_found(word: str, text: str) -> None:
    assert is_hit(text.format(word), "Ivan Petrovich ZUVAVOV", PERSON, in_text=True)


@pytest.mark.parametrize("text", ["IVANZUVAVOV", "MR IVANZUVAVOV", "ZUVAVOVIVAN MOSCOW"])
def test_so_it_is_in_a_name_field(text: str) -> None:
    assert is_hit(text, "Ivan Petrovich ZUVAVOV", PERSON, in_text=False)


@pytest.mark.parametrize("text", ["ivanpetrovich", "juangarcia@mail.example", "JUANGARCIA"])
@pytest.mark.parametrize("listed", ["Ivan Petrovich ZUVAVOV", "Juan GARCIA LOPEZ"])
def test_a_given_name_with_the_father_s_or_two_common_names_in_one_word_are_not_it(
    text: str, listed: str
) -> None:
    assert not is_hit(text, listed, PERSON, in_text=text.islower())


@pytest.mark.parametrize(
    "text", ["{}'s rent", "RENT AND NASR AL-ALI'S SALARY", "{}’s rent", "{}'nin faturası", "{}'ye ödeme"]
)
@pytest.mark.parametrize("in_text", [False, True])
def test_a_case_ending_behind_an_apostrophe_is_no_letter_of_the_name(text: str, in_text: bool) -> None:
    assert is_hit(text.format("Nasr AL-ALI"), "Nasr AL-ALI", PERSON, in_text=in_text)


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        *(
            ("factura 4471 de BSQRD LIMITED por", "BSQRD Limited"),
            ("INV22 de BSQRD LIMITED", "BSQRD Limited"),
        ),
        *(("de BSQRD LIMITED", "BSQRD Limited"), ("factura de LOS CACHIROS por", "Los Cachiros")),
        ("transferencia / de BSQRD LIMITED", "BSQRD Limited"),
    ],
)
def test_a_particle_behind_a_number_or_at_the_beginning_is_none_of_a_company_s(
    text: str, listed: str
) -> None:
    assert is_hit(text, listed, COMPANY, in_text=True)


@pytest.mark.parametrize("text", ["Calle de los Cachiros 7", "Plaza de Bsqrd 7"])
def test_the_particle_of_a_street_is_its_own(text: str) -> None:
    assert not is_hit(text, "Los Cachiros" if "Cachiros" in text else "Bsqrd Limited", COMPANY, in_text=True)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Zahlung zugunsten {} gemäß Vertrag",
            "Lohn {} Februar",
            "fatura {} fevereiro",
            "czynsz {} września",
        ),
        *(
            "{} firmasının faturası",
            "{} nevében szerződés szerint",
            "vuokra {} maaliskuu",
            "ödeme {} ağustos",
        ),
        *("nájem {} března", "Rückzahlung des Darlehens {}", "por conta {}"),
    ],
)
def test_months_and_words_of_contracts_are_no_part_of_a_name(text: str) -> None:
    assert is_hit(text.format("Indian Mujahideen"), "Indian Mujahideen", COMPANY, in_text=True)


@pytest.mark.parametrize(
    "text", ["QoruveI HadziI", "QoruveI HadziI, 12 Palm St", "Qoruve| Hadzi|", "rent QoruveI HadziI 7"]
)
@pytest.mark.parametrize("in_text", [False, True])
def test_a_capital_i_or_a_stroke_is_a_small_l_beside_small_letters(text: str, in_text: bool) -> None:
    assert is_hit(text, "Qoruvel HADZIL", PERSON, in_text=in_text)


@pytest.mark.parametrize("text", ["fktrctq pedfdjd", "fktrctq pedfdjd,", "ьщрфьув йщкмфтьфт"])
@pytest.mark.parametrize("in_text", [False, True])
def test_a_name_typed_on_the_keyboard_of_the_other_alphabet_is_found(text: str, in_text: bool) -> None:
    assert any(
        is_hit(text, name, PERSON, in_text=in_text) for name in ("Aleksey ZUVAVOV", "Mohamed QORVANMAN")
    )


@pytest.mark.parametrize(
    "text",
    [
        *("Nicola Lopez geb. QORVARIA", "Nicola Lopez née Qorvaria", "NICOLA LOPEZ (NEE QORVARIA)"),
        *("Nicola Maria Lopez born Qorvaria", "Nicola Lopez z domu Qorvaria"),
    ],
)
def test_whoever_was_born_with_a_listed_surname_is_found_by_it(text: str) -> None:
    listed = "Nicola Maria QORVARIA" if "Maria" in text else "Nicola QORVARIA"
    assert is_hit(text, listed, PERSON, in_text=False)
    assert not is_hit(text.replace("Nicola", "Anna").replace("NICOLA", "ANNA"), listed, PERSON, in_text=False)


@pytest.mark.parametrize("text", ["Ivan 'Abu Ali' Zuvavov", "IVAN (EL GRAN JEFE) ZUVAVOV rent"])
@pytest.mark.parametrize("in_text", [False, True])
def test_a_nickname_of_several_words_parts_the_names_not(text: str, in_text: bool) -> None:
    assert is_hit(text, "Ivan ZUVAVOV", PERSON, in_text=in_text)


@pytest.mark.parametrize(
    "lead", ["for my friend", "compte", "BENE", "vertreten durch", "inzake", "signatory"]
)
@pytest.mark.parametrize("listed", ["Green Leaf Trading LLC", "Qorvex SA"])
def test_who_a_payment_is_for_or_by_is_no_part_of_a_company_s_name(lead: str, listed: str) -> None:
    for in_text in (False, True):
        assert is_hit(f"{lead} {listed.lower()} for the rent of march", listed, COMPANY, in_text=in_text)


@pytest.mark.parametrize("text", ["دفع فاتورة ل{} قيمة", "حوالة لـ{}", "باسم أحمد و{}", "تم ب{}"])
@pytest.mark.parametrize("in_text", [False, True])
def test_a_word_that_arabic_writes_on_to_a_name_is_no_part_of_it(text: str, in_text: bool) -> None:
    assert is_hit(text.format("جمال لونيسي"), "جمال لونيسي", PERSON, in_text=in_text)


def test_a_letter_that_begins_a_name_is_none_that_arabic_writes_on_to_it() -> None:
    assert is_hit("دفع بلال لونيسي", "بلال لونيسي", PERSON, in_text=True)
    assert not is_hit("دفع بجمال حداد", "جمال لونيسي", PERSON, in_text=True)
