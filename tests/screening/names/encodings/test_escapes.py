"""Letters as web pages, addresses, mail, programs and documents write them."""

from time import process_time

import pytest

from screening import Designation, Kind, Name, Party, Role, Screener
from screening.names.cleaning import clean
from screening.names.encodings.escapes import decoded, may_be_encoded
from screening.payments import Payment
from screening.payments.model import Field

ZUVAVOV = [
    "=?UTF-8?B?0JjQs9C+0YDRjCDQl9GD0LLQsNCy0L7Qsg==?=",
    "=?UTF-8?B?0JjQs9C+0YDRjA==?= =?UTF-8?B?INCX0YPQstCw0LLQvtCy?=",
    "=?windows-1251?Q?=C8=E3=EE=F0=FC_=C7=F3=E2=E0=E2=EE=E2?=",
    "=D0=98=D0=B3=D0=BE=D1=80=D1=8C =D0=97=D1=83=D0=B2=D0=B0=D0=B2=D0=BE=D0=B2",
    r"\u1048?\u1075?\u1086?\u1088?\u1100? \u1047?\u1091?\u1074?\u1072?\u1074?\u1086?\u1074?",
    r"\'c8\'e3\'ee\'f0\'fc \'c7\'f3\'e2\'e0\'e2\'ee\'e2",
    r"\xd0\x98\xd0\xb3\xd0\xbe\xd1\x80\xd1\x8c \xd0\x97\xd1\x83\xd0\xb2\xd0\xb0\xd0\xb2\xd0\xbe\xd0\xb2",
    r"\xc8\xe3\xee\xf0\xfc \xc7\xf3\xe2\xe0\xe2\xee\xe2",
    "%D0%98%D0%B3%D0%BE%D1%80%D1%8C+%D0%97%D1%83%D0%B2%D0%B0%D0%B2%D0%BE%D0%B2",
    "%C8%E3%EE%F0%FC%20%C7%F3%E2%E0%E2%EE%E2",
    "%u0418%u0433%u043E%u0440%u044C %u0417%u0443%u0432%u0430%u0432%u043E%u0432",
    "xn--c1ajti4d xn--80adbav9b5a",
    r"\320\230\320\263\320\276\321\200\321\214 \320\227\321\203\320\262\320\260\320\262\320\276\320\262",
    r"\\u0418\\u0433\\u043e\\u0440\\u044c \\u0417\\u0443\\u0432\\u0430\\u0432\\u043e\\u0432",
    r"\u{418}\u{433}\u{43e}\u{440}\u{44c} \u{417}\u{443}\u{432}\u{430}\u{432}\u{43e}\u{432}",
    "&#1048&#1075&#1086&#1088&#1100 &#x417&#x443&#x432&#x430&#x432&#x43e&#x432",
    "Игорь_x000D_\n_x0417_увавов",
]


@pytest.mark.parametrize("written", ZUVAVOV)
@pytest.mark.parametrize("around", ["{}", "rent for {} flat 3"])
def test_a_name_is_found_however_its_letters_are_written(written: str, around: str) -> None:
    screener = Screener()
    screener.upsert(Designation(id="eu:1", names=(Name("Игорь ЗУВАВОВ"),), kind=Kind.PERSON))
    field = Field(around.format(written), "/f")
    for party in (
        Party(Role.CREDITOR, names=(field,)),
        Party(Role.CREDITOR, addresses=(field,)),
        Party(Role.REMITTANCE, texts=(field,)),
    ):
        assert [hit.designation.id for hit in screener.screen(Payment("P-1", (party,))).hits] == ["eu:1"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *(("Mu=F1oz M=FCller", "Muñoz Müller"), ("Jos=C3=A9", "José"), ("Mu%F1oz", "Muñoz")),
        *(
            (r"Jos\'e9 M\xfcller", "José Müller"),
            (r"\u5317?", "北?"),
            (r"\u-20936?", "길"),
            (r"\u21271?", "北"),
        ),
        *(("=?ISO-8859-1?Q?Jos=E9?= rent", "José rent"), ("Ivan_x0020_Petrov", "Ivan Petrov")),
        ("rent =?UTF-8?B?0JjQs9C+0YDRjCDQl9", "rent Игорь З"),
        *(("IVAN=20ZUVAVOV", "IVAN ZUVAVOV"), ("IVAN ZUVA=\r\nVOV", "IVAN ZUVAVOV")),
        ("=49=56=41=4E ZUVAVOV", "IVAN ZUVAVOV"),
    ],
)
def test_accents_and_cut_words_are_read(written: str, meant: str) -> None:
    assert clean(written) == meant


@pytest.mark.parametrize(
    "text",
    [
        *("to=FADEL name=DAVID", "to=Fadel", "ref=20 a=BE", "5%AB 100%DA", "=?no-such?B?QUJD?=", "x=?"),
        *("=?utf-8?B?A?=", r"\ud800", "_xD800_", "xn--", "xn--99999999", "a -- b", "my_xabcd", "=D0=20"),
        *(r"\777", r"\101", r"\u{d800}", "&#", "a&#b", "to=41B"),
    ],
)
def test_what_is_no_letter_stays_as_it_is(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize("written", [*ZUVAVOV[:-1], "a&amp;b", "<b>a</b>", r"a\nB", "a%41"])
def test_nothing_is_decoded_that_may_not_be_encoded(written: str) -> None:
    assert may_be_encoded(written) or decoded(written) == written


@pytest.mark.parametrize(
    "piece",
    [
        "=?utf-8?q?=D0",
        "=?utf-8?b?A?= ",
        "=D0",
        "%D0",
        "\\u1055",
        "\\'cf",
        "xn--",
        "_x000",
        "\\",
        "\\320",
        "&#49",
    ],
)
def test_a_long_text_takes_linear_time(piece: str) -> None:
    def seconds(times: int) -> float:
        before = process_time()
        decoded(piece * times)
        return process_time() - before

    seconds(100)
    assert seconds(8000) < 40 * max(seconds(1000), 0.001)
