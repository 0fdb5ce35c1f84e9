"""Words that are alike and two: the innocent who bear them, and the listed beside them who stay found."""

import pytest

from screening import Designation, Kind, Name, Party, Payment, Policy, Role, Screener, compare
from screening.payments.model import Field

THRESHOLD = Policy().threshold


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("Rakesh Gupta", "Rajesh GUPTA"),
        ("Azman bin Ibrahim", "Ayman IBRAHIM"),
        ("Kravchenko Petro", "Petr SAVCHENKO"),
        ("Azamat Nazarov", "Azamat SAFAROV"),
        ("Mamadou Barry", "Amadou BARRY"),
        ("Farhana Khan", "Farhan KHAN"),
        ("Thein Aung", "Aung HEIN"),
        ("Сергей Смирнов", "Sergei MIRONOV"),
        ("Евгений Макаров", "Yevgeny MUROV"),
        ("سامي أحمد", "Ahmad AL-SHAMI"),
        ("محمود الخطيب", "Mahmoud KHATTAB"),
        ("حسن الزهراني", "حسن ظاهرعويس"),
        ("Garage Ben Ali", "Ali KARAKI"),
        ("Ahmad Hamid", "Ahmad AL-HAMIDAWI"),
    ],
)
def test_names_in_their_own_right_are_none_of_a_listed_one(name: str, listed: str) -> None:
    assert compare(name, listed, Kind.PERSON) < THRESHOLD


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("Rajesh Gupta", "Rajesh GUPTA"),
        ("Rajehs Gupta", "Rajesh GUPTA"),
        ("Saleem Farooqi", "Salim FAROOQUI"),
        ("Hosein Kazmi", "Hossein KAZEMI"),
        ("Сергей Миронов", "Sergei MIRONOV"),
        ("أحمد الشامي", "Ahmad AL-SHAMI"),
        ("محمود الخطيب", "Mahmoud AL-KHATIB"),
        ("محمد العتيبي", "Mohammad AL-OTAIBI"),
        ("Gharib Ali", "Ali GHARIB"),
        ("Zorav Hamid", "Zorav AL-HAMIDAWI"),
        ("Abdirizak Jama", "Abdul Razzaq JAMA"),
    ],
)
def test_spellings_and_slips_of_one_name_are_found(name: str, listed: str) -> None:
    assert compare(name, listed, Kind.PERSON) >= THRESHOLD


@pytest.mark.parametrize(
    ("name", "listed", "found"),
    [
        ("ООО «Маяк»", "MAK", False),
        ("ООО Юг", "UCK", False),
        ("ООО «Зорав»", "ZORAV", True),
        ("Ramon Rodriguez Lopez", "RODRIGUEZ LOPEZ, S.A. DE C.V.", False),
        ("Rodriguez Lopez", "RODRIGUEZ LOPEZ, S.A. DE C.V.", True),
        ("Bank of Georgia", "VTB BANK GEORGIA JOINT STOCK COMPANY", False),
        ("VTB Georgia", "VTB BANK GEORGIA JOINT STOCK COMPANY", True),
    ],
)
def test_a_company_is_not_what_shares_its_sound_its_surnames_or_its_country(
    name: str, listed: str, found: bool
) -> None:
    assert (compare(name, listed, Kind.ORGANIZATION) >= THRESHOLD) is found


@pytest.mark.parametrize(
    ("name", "listed", "found"),
    [
        ("Ahn Young-chul", "Young-Chul", False),
        ("Seo Young-chul", "Young-Chul", False),
        ("Young-chul", "Young-Chul", True),
        ("Kim Yong Chol", "KIM YONG CHOL", True),
        ("Osman Ibrahim Mohamed", "Mohamed OSMAN", False),
        ("Osman, Mohamed Ibrahim", "Mohamed OSMAN", True),
        ("Hassan bin Ahmad", "Ahmad HASSAN", False),
        ("Ahmad bin Hassan", "Ahmad HASSAN", True),
        ("Hassan Ahmad", "Ahmad HASSAN", True),
        ("Boubacar Sy", "Abubakar SHEKAU", False),
        ("Shekau AB", "Abubakar B. SHEKAU", True),
        ("Zuvavov SY", "Sergey Yurievich ZUVAVOV", True),
    ],
)
def test_a_name_more_or_another_order_is_another_person(name: str, listed: str, found: bool) -> None:
    assert (compare(name, listed, Kind.PERSON) >= THRESHOLD) is found


@pytest.mark.parametrize(
    ("names", "found"),
    [(("أنصار الاسلام", "ANSAR AL-ISLAM"), False), (("أنصار الاسلام",), True), (("Anisur ALAM",), True)],
)
def test_arabic_letters_tell_of_a_latin_name_only_where_the_entry_has_no_latin_one(
    names: tuple[str, ...], found: bool
) -> None:
    screener = Screener()
    listed = tuple(Name(name) for name in names)
    screener.upsert(Designation(id="x:1", names=listed, kind=Kind.ORGANIZATION))
    party = Party(role=Role.CREDITOR, names=(Field("Anisur Alam", "/parties/0/name"),))

    assert bool(screener.screen(Payment("P-1", parties=(party,))).hits) is found


@pytest.mark.parametrize(
    ("text", "found"), [("Victory 2 pcs", False), ("Victoria 2 pcs", False), ("freight MV Victory 2", True)]
)
def test_a_plain_word_and_a_number_are_a_ship_only_where_the_text_says_so(text: str, found: bool) -> None:
    screener = Screener()
    screener.upsert(Designation(id="x:1", names=(Name("VICTORY 2"),), kind=Kind.VESSEL))
    party = Party(role=Role.REMITTANCE, texts=(Field(text, "/remittance"),))

    assert bool(screener.screen(Payment("P-1", parties=(party,))).hits) is found
