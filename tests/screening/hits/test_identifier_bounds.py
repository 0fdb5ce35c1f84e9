"""Where an identifier begins to name somebody: each length and each mark by literal values, on both sides."""

import pytest

from screening import Designation, Name
from screening.designations import Identifier
from screening.hits.by_identifier import IdentifierIndex
from screening.hits.codes import codes_of, country_of, is_iban, normalise, other_readings
from screening.hits.sought import codes_sought
from screening.payments.model import Field, Party, PartyIdentifier, Role


def index_of(scheme: str, value: str) -> IdentifierIndex:
    index = IdentifierIndex()
    index.put(Designation("t:1", (Name("X"),), identifiers=(Identifier(scheme, value),)))
    return index


def owned(index: IdentifierIndex, scheme: str, value: str) -> bool:
    return any(True for _ in index.owners(scheme, value))


def in_text(index: IdentifierIndex, text: str) -> list[str]:
    return [part for part, _ in index.in_text(text)]


@pytest.mark.parametrize(
    ("scheme", "value", "form"),
    [
        *(("bic", "TATRSKBX", "TATRSKBX"), ("bic", "tatr sk bx xxx", "TATRSKBX"), ("bic", "TATRSKB", "")),
        *(("bic", "TATRSKBXX", ""), ("bic", "TATRSKBXXXXX", ""), ("imo", "IMO 918-7629", "9187629")),
        *(
            ("phone", "00421 2 1", "42121"),
            ("phone", "+421 2 1", "42121"),
            ("mmsi", "MMSI 572469210", "572469210"),
        ),
        *(
            ("email", " mailto:A@B.c ", "a@b.c"),
            ("website", "https://www.A.b/", "a.b"),
            ("website", "A.b", "a.b"),
        ),
        *(
            ("tax", "ab-1 2", "AB12"),
            ("tax", "٣٤", "34"),
            ("tax", "АВ1", "AB1"),
            ("wallet", "0x" + "A" * 40, "0x" + "a" * 40),
        ),
        *(
            ("wallet", "A" * 40, "0x" + "a" * 40),
            ("wallet", "A" * 39, "A" * 39),
            ("wallet", "A" * 41, "A" * 41),
        ),
        *(("wallet", "BC1Q" + "A" * 6, "bc1q" + "a" * 6), ("wallet", "BC1" + "A" * 5, "BC1" + "A" * 5)),
        *(
            ("wallet", "bitcoin:" + "1Ab" * 7, "1Ab" * 7),
            ("wallet", "eth:0x" + "A" * 38 + "?x=1", "0x" + "a" * 38),
        ),
    ],
)
def test_an_identifier_has_one_form(scheme: str, value: str, form: str) -> None:
    assert normalise(scheme, value) == form


@pytest.mark.parametrize(
    ("scheme", "value", "codes"),
    [
        *(
            ("tax", "12345", ["number:12345"]),
            ("tax", "1234", []),
            ("tax", "ABCDE", []),
            ("tax", "ABCD1", ["number:ABCD1"]),
        ),
        *(("tax", "V12345", ["number:V12345", "bare:12345"]), ("tax", "V1234", ["number:V1234"])),
        *(("tax", "J1234567890", ["number:J1234567890", "bare:1234567890"]),),
        *(("tax", "J12345678901", ["number:J12345678901"]), ("tax", "A12345", ["number:A12345"])),
        *(
            ("passport", "V12345", ["number:V12345"]),
            ("bic", "TATRSKBXXXX", ["bic:TATRSKBX"]),
            ("bic", "x", []),
        ),
        *(("iban", "GB29 NWBK", ["iban:GB29NWBK"]), ("phone", "x", []), ("account", "1", ["account:1"])),
    ],
)
def test_a_listed_identifier_stands_where_it_is_looked_for(scheme: str, value: str, codes: list[str]) -> None:
    assert [*codes_of(Identifier(scheme, value))] == codes


@pytest.mark.parametrize(
    ("listed", "value", "asked", "said", "found"),
    [
        *(("tax", "123456", "tax", "123456", True), ("tax", "123456", "other", "123456", False)),
        *(("tax", "1234567", "other", "1234567", True), ("tax", "1234567", "registration", "1234567", True)),
        *(
            ("tax", "123456", "registration", "123456", True),
            ("tax", "1234567", "account", "1234567", False),
        ),
        *(("tax", "V1234567", "tax", "1234567", True), ("tax", "1234567", "tax", "V1234567", True)),
        *(
            ("passport", "V1234567", "passport", "1234567", False),
            ("passport", "1234567", "tax", "V1234567", False),
        ),
        *(("tax", "V1234567", "tax", "J1234567", False), ("tax", "1234567", "tax", "INN1234567", True)),
        *(
            ("tax", "123456", "tax", "INN123456", False),
            ("tax", "7701234567", "tax", "7701234567/770101001", True),
        ),
        *(
            ("tax", "770101001", "tax", "7701234567/770101001", True),
            ("tax", "AB123456", "tax", "No AB 123456", True),
        ),
        *(
            ("tax", "123456", "tax", "Passport No. 123456", True),
            ("tax", "123456", "tax", "AB 123456", False),
        ),
        *(
            ("tax", "123456", "tax", "ABC 123456", True),
            ("tax", "5555555", "tax", "1111111/2/3/4/5555555", False),
        ),
        *(("iban", "GB29NWBK60161331926819", "account", "GB29NWBK60161331926819", True),),
        *(("iban", "GB29NWBK60161331926819", "bic", "GB29NWBK60161331926819", True),),
        *(
            ("bic", "TATRSKBX", "clearing", "TATRSKBX123", True),
            ("bic", "TATRSKBX", "account", "TATRSKBX", True),
        ),
        *(
            ("email", "a@b.example", "other", "a@b.example", True),
            ("mmsi", "572469210", "other", "572469210", True),
        ),
        *(
            ("phone", "421212345", "phone", "+421 2 12345", True),
            ("phone", "421212345", "other", "421212345", False),
        ),
    ],
)
def test_a_number_is_found_under_a_scheme_that_the_sender_may_have_meant(
    listed: str, value: str, asked: str, said: str, found: bool
) -> None:
    assert owned(index_of(listed, value), asked, said) is found


@pytest.mark.parametrize(
    ("listed", "value", "text", "parts"),
    [
        *(("tax", "123456789", "inv 123456789", ["123456789"]), ("tax", "12345678", "inv 12345678", [])),
        *(("tax", "A123456", "no A123456", ["A123456"]), ("tax", "A12345", "no A12345 and more", [])),
        *(("tax", "123456789", "INN123456789", ["INN123456789"]), ("tax", "12345678", "INN12345678", [])),
        *(("tax", "AB1234567", "no AB-1234567", ["AB-1234567"]), ("tax", "A123456", "A123456", ["A123456"])),
        *(("imo", "9074729", "IMO 9074729", ["9074729"]), ("imo", "9074728", "MV A 9074728", [])),
        *(
            ("imo", "9074729", "ship 9074729 sails", []),
            ("mmsi", "572469210", "MMSI 572469210", ["572469210"]),
        ),
        *(("mmsi", "572469210", "no 572469210", []), ("bic", "TATRSKBX", "via TATRSKBX now", ["TATRSKBX"])),
        *(
            ("bic", "TATRSKBX", "via TATRSKBX1 now", []),
            ("email", "a@b.example", "mail A@b.example!", ["A@b.example"]),
        ),
        *(
            (
                "iban",
                "GB29NWBK60161331926819",
                "GB29 NWBK 6016 1331 9268 19",
                ["GB29 NWBK 6016 1331 9268 19"],
            ),
        ),
        *(("iban", "NO9386011117947", "to NO93 8601 1117 947 now", ["NO93 8601 1117 947"]),),
        *(("iban", "NO9386011117947", "to NO9386011117947 now", ["NO9386011117947"]),),
        *(("lei", "213800KUD8LAJWSQ9D15", "213800KUD8LAJWSQ9D15", ["213800KUD8LAJWSQ9D15"]),),
        *(("tax", "123456", "123456", []), ("tax", "123456789", "1234-5678-9", ["1234-5678-9"])),
    ],
)
def test_a_text_holds_an_identifier_from_its_length_on(
    listed: str, value: str, text: str, parts: list[str]
) -> None:
    assert list(dict.fromkeys(in_text(index_of(listed, value), text))) == parts


def test_a_party_s_identifiers_and_texts_are_all_asked_for() -> None:
    index = index_of("tax", "123456789")
    party = Party(
        Role.DEBTOR,
        names=(Field("x 123456789", "/n"),),
        identifiers=(PartyIdentifier("tax", "123456789", "/i"),),
        addresses=(Field("y 123456789", "/a"),),
        texts=(Field("z 123456789", "/t"),),
    )

    found = [(value, part, path) for value, part, path, _ in index.of_party(party)]

    assert list(dict.fromkeys(found)) == [
        ("123456789", "123456789", "/i"),
        *(
            (f"{letter} 123456789", "123456789", path)
            for letter, path in (("x", "/n"), ("z", "/t"), ("y", "/a"))
        ),
    ]
    assert {"number:123456789", "bare:123456789"} <= codes_sought(party)
    assert [*IdentifierIndex().of_party(party)] == []


@pytest.mark.parametrize(
    ("scheme", "value", "country"),
    [
        *(("bic", "tatr sk bx", "SK"), ("bic", "TATRSKBXXXX", "SK"), ("bic", "TATRSKBXX", None)),
        *(
            ("iban", "GB29", "GB"),
            ("account", "gb29 nwbk", "GB"),
            ("account", "G129", None),
            ("iban", "GBX9", None),
        ),
        *(("tax", "GB29", None), ("iban", "", None), ("bic", "TATR12BX", None)),
    ],
)
def test_a_bic_and_an_iban_say_a_country(scheme: str, value: str, country: str | None) -> None:
    assert country_of(scheme, value) == country


@pytest.mark.parametrize(
    ("value", "valid"),
    [
        *(
            ("GB29 NWBK 6016 1331 9268 19", True),
            ("GB29NWBK60161331926818", False),
            ("NO9386011117947", True),
        ),
        *(
            ("NO938601111794", False),
            ("", False),
            ("MT84MALT011000012345MTLCAST001S", True),
            ("X" * 35, False),
        ),
        ("ГБ29NWBK60161331926819", False),
    ],
)
def test_an_iban_is_told_by_its_length_and_check_digits(value: str, valid: bool) -> None:
    assert is_iban(value) is valid


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("7701234567/770101001", ["7701234567", "770101001"]),
        ("A12345;B67890", ["A12345", "B67890"]),
        ("7701234567", []),
        ("7701234567/ ", []),
        ("1|2|3|4|5", ["1", "2", "3", "4"]),
    ],
)
def test_an_office_s_number_may_be_several(value: str, parts: list[str]) -> None:
    assert [*other_readings(value)] == parts
