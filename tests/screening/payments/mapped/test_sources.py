"""Where a value of a mapping comes from: amounts, times, codes, templates, conditions, by their bounds."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from screening.payments import PaymentError
from screening.payments.mapped.codes import is_code
from screening.payments.mapped.conditions import Condition, ConditionError, all_hold
from screening.payments.mapped.currencies import exponent, scaled
from screening.payments.mapped.sources import AmountSource, Source, TimeSource
from screening.payments.mapped.template import Template, TemplateError

SOURCE = Source()


@pytest.mark.parametrize(
    ("currency", "decimals"),
    [
        *(("JPY", 0), ("BIF", 0), ("XPF", 0), ("KWD", 3), ("BHD", 3), ("TND", 3), ("CLF", 4), ("UYW", 4)),
        *(("EUR", 2), ("CLP", 7), ("XAU", None), ("XXX", None), ("EU", None), ("EURO", None), ("E1R", None)),
        *(("ÄÄÄ", None), (None, None)),
    ],
)
def test_a_currency_has_its_decimals(currency: str | None, decimals: int | None) -> None:
    assert exponent(currency, {"CLP": 7}) == decimals


@pytest.mark.parametrize(
    ("minor", "decimals", "amount"),
    [
        *((250000, 2, "2500.00"), ("5000", 0, "5000"), (-5, 3, "-0.005"), (5, 2, "0.05"), (0, 2, "0.00")),
        *(("-0", 0, "-0"), (12, 2, "0.12"), (123, 2, "1.23"), ("9" * 30, 0, "9" * 30), ("9" * 31, 0, None)),
        *(("1.5", 2, None), ("", 2, None), ("-", 2, None), ("٣", 2, None), ("--5", 2, None)),
    ],
)
def test_minor_units_are_a_decimal_text(minor: int | str, decimals: int, amount: str | None) -> None:
    assert scaled(minor, decimals) == amount


def test_an_amount_is_read_in_the_units_that_the_mapping_says() -> None:
    assert AmountSource(SOURCE).amount("5.10", "/a", None) == "5.10"
    assert AmountSource(SOURCE, scale=3).amount(5, "/a", None) == "0.005"
    assert AmountSource(SOURCE, minor_units=True).amount("510", "/a", "EUR") == "5.10"
    assert AmountSource(SOURCE, minor_units=True, scale=3).amount(510, "/a", "JPY") == "510"
    assert AmountSource(SOURCE, minor_units=True, exponents={"JPY": 1}).amount(510, "/a", "JPY") == "51.0"
    assert AmountSource(SOURCE, minor_units=True).amount(None, "/a", "EUR") is None
    for value, currency in ((5, None), (5, "XAU"), (5.0, "EUR"), (True, "EUR"), ("5.1", "EUR")):
        with pytest.raises(PaymentError, match="/a"):
            AmountSource(SOURCE, minor_units=True).amount(value, "/a", currency)


NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECONDS = int(NOON.timestamp())


@pytest.mark.parametrize(
    ("epoch", "value", "time"),
    [
        ("s", SECONDS, NOON),
        ("ms", str(SECONDS * 1000), NOON),
        ("ms", SECONDS * 10**3 + 5, NOON.replace(microsecond=5000)),
        ("us", SECONDS * 10**6 + 5, NOON.replace(microsecond=5)),
        ("ns", SECONDS * 10**9 + 5999, NOON.replace(microsecond=5)),
        *(("auto", SECONDS * 10**power, NOON) for power in (0, 3, 6, 9)),
        ("auto", 10**11 - 1, datetime(5138, 11, 16, 9, 46, 39, tzinfo=UTC)),
        ("auto", 10**11, datetime(1973, 3, 3, 9, 46, 40, tzinfo=UTC)),
        ("auto", 10**14 - 1, datetime(5138, 11, 16, 9, 46, 39, 999000, tzinfo=UTC)),
        ("auto", 10**14, datetime(1973, 3, 3, 9, 46, 40, tzinfo=UTC)),
        ("auto", 10**17, datetime(1973, 3, 3, 9, 46, 40, tzinfo=UTC)),
        ("auto", 0, datetime(1970, 1, 1, tzinfo=UTC)),
        ("s", -1, datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("s", 250_000_000_000, datetime(9892, 3, 8, 12, 26, 40, tzinfo=UTC)),
    ],
    ids=str,
)
def test_a_number_is_a_time_in_the_unit_that_the_mapping_says(
    epoch: str, value: int | str, time: datetime
) -> None:
    assert TimeSource(SOURCE, epoch=epoch).time(value, "/t") == time


def test_a_number_that_is_no_time_or_of_no_unit_is_refused() -> None:
    seconds = TimeSource(SOURCE, epoch="s")
    for source, value, said in (
        (seconds, 250_000_000_001, "/t: 250000000001 s since 1970 is no time"),
        (seconds, 10**19, "since 1970 is no time"),
        (seconds, -(10**19), "since 1970 is no time"),
        (seconds, "1" * 21, "RFC 3339"),
        (seconds, True, "RFC 3339"),
        (seconds, 1.5, "RFC 3339"),
        (TimeSource(SOURCE), SECONDS, "which epoch it counts"),
        (TimeSource(SOURCE), str(SECONDS), "RFC 3339"),
    ):
        with pytest.raises(PaymentError, match=said):
            source.time(value, "/t")


def test_a_local_time_is_one_only_in_a_zone() -> None:
    vienna = ZoneInfo("Europe/Vienna")
    assert TimeSource(SOURCE, zone=vienna).time("2026-03-02T13:00:00", "/t") == NOON
    assert TimeSource(SOURCE, zone=vienna).time("2026-03-02T12:00:00Z", "/t") == NOON
    assert TimeSource(SOURCE, zone=vienna, layout="%d.%m.%Y %H").time("02.03.2026 13", "/t") == NOON
    assert TimeSource(SOURCE, layout="%Y%m%d%H%z").time("2026030212+0000", "/t") == NOON
    assert TimeSource(SOURCE).time(None, "/t") is None
    for source, value, said in (
        (TimeSource(SOURCE), "2026-03-02T12:00:00", "with its offset"),
        (TimeSource(SOURCE, layout="%Y"), "2026", "a local time; name its zone"),
        (TimeSource(SOURCE, layout="%Y"), "x", "a time as %Y is expected"),
        (TimeSource(SOURCE, zone=vienna), "x", "a time of ISO 8601 is expected"),
    ):
        with pytest.raises(PaymentError, match=said):
            source.time(value, "/t")


@pytest.mark.parametrize(
    ("key", "codes", "names"),
    [
        ("currency", ("EUR", "eur", "978"), ("EU", "EURO", "E1R", "97")),
        (
            "rail",
            ("sepa_instant", "SWIFT", "target2 1", "a" * 0 or "t2"),
            ("Osama", "sepa Osama", "ach" * 14),
        ),
        ("uetr", ("3f0c1a52-7d5e-4a0b-9d61-000000000000", "3" * 32), ("3" * 31, "Osama")),
        ("country", ("AT", "Austria", "040"), ("Osama", "at")),
        ("bic", ("TATRSKBX", "TATRSKBXXXX"), ("OSAMQQXB", "TATRSKB", "TATRSKBXXX", "tatrskbx")),
        ("lei", ("5493001KJTIIGC8Y1R12",), ("5493001KJTIIGC8Y1R13", "Osama")),
        (
            "account",
            ("123456", "GB33 BUKB 2020 1555 5555 55"),
            ("Osama Laden", "GB33 BUKB 2020 1555 5555 56"),
        ),
        ("reference", ("INV-4471", "1" * 100), ("Osama Laden", "1" * 101)),
    ],
)
def test_a_value_is_the_code_that_its_key_has_or_may_be_a_name(
    key: str, codes: tuple[str, ...], names: tuple[str, ...]
) -> None:
    assert [code for code in codes if not is_code(key, code)] == []
    assert [name for name in names if is_code(key, name)] == []


@pytest.mark.parametrize(
    ("template", "text", "parts"),
    [
        ("{}", " Ann ", ["Ann"]),
        ("[first={}, last={}]", "[first=Ann, last=Lee]", ["Ann", "Lee"]),
        ("[first={}, sex={-}, last={}]", "[first=Ann, sex=f, last=Lee]", ["Ann", "Lee"]),
        ("[first={}, last={}]", "[first=null, last= ]", []),
        ("[first={}, last={}]", "[first=Ann]", None),
        ("[first={}, last={}]", "first=Ann, last=Lee]", None),
        ("[first={}, last={}]", "[first=Ann, last=Lee", None),
        ("{}/{}", "a/b/c", ["a", "b/c"]),
        ("x{}x", "x", None),
        ("x{}x", "xx", []),
        ("x{}", "xyz", ["yz"]),
    ],
)
def test_a_template_takes_what_stands_at_its_places(
    template: str, text: str, parts: list[str] | None
) -> None:
    assert Template.parse(template).parts(text) == parts


@pytest.mark.parametrize("template", ["", "abc", "{-}", "{}{}", "a{}{-}b"])
def test_what_is_no_template_is_refused(template: str) -> None:
    with pytest.raises(TemplateError):
        Template.parse(template)


@pytest.mark.parametrize(
    ("text", "values", "holds"),
    [
        *(
            ("$.a", [], False),
            ("$.a", [None], True),
            ("$.a == 'x'", ["x"], True),
            ("$.a == 'x'", ["y"], False),
        ),
        *(("$.a != 'x'", ["x"], False), ("$.a != 'x'", ["y"], True), ("$.a != 'x'", [], True)),
        *(("$.a in ['x', 'y']", ["y"], True), ("$.a in ['x', 'y']", ["z"], False)),
        *(("$.a not in ['x', 'y']", ["y"], False), ("$.a not  in ['x', 'y']", ["z"], True)),
        *(("$.a == 12", ["12"], True), ("$.a == '12'", [12], True), ("$.a == 12", [13], False)),
        *(("$.a == true", [True], True), ("$.a == true", [1], False), ("$.a == 1", [True], False)),
        *(("$.a == 'True'", [True], False), ("$.a == true", ["True"], False), ("$.a == 1.0", [True], False)),
        *(("$.a == 1.5", [1.5], True), ("$.a == 1.5", ["1.5"], False), ("$.a == 'x'", ["y", "x"], True)),
    ],
)
def test_a_condition_holds_for_what_its_path_leads_to(text: str, values: list[Any], holds: bool) -> None:
    condition = Condition.parse(text)

    assert condition.holds(values) is holds
    assert all_hold([condition, Condition.parse("$.b")], lambda _: values) is (holds and bool(values))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        *(("a == 1", "must start with"), ("$.a = 1", "cannot read"), ("$.a == x", "is no value")),
        *(("$.a in 'x'", "in takes a list"), ("$.a == ['x']", "in takes a list"), ("$.a ==", "cannot read")),
    ],
)
def test_what_is_no_condition_is_refused_with_what_is_expected(text: str, why: str) -> None:
    with pytest.raises(ConditionError, match=why):
        Condition.parse(text)
