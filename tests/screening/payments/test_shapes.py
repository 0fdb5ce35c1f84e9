"""What a value looks like: a name, a reference, a field's own key, a decimal; each bound on both sides."""

import pytest

from screening.payments.decimals import decimal_text
from screening.payments.keys import may_be_a_name
from screening.payments.shapes import holds_words, is_reference


@pytest.mark.parametrize(
    "text",
    [
        *("Osama", "bin laden", "KIM_JONG_UN", "KIM-JONG", "ab cd", "abcde", "ab\u00a0cd", "Лавров"),
        *("12 Osama", "a1 bc de", "O\u200bsama", "GB29 NW BK"),
    ],
)
def test_two_words_of_letters_or_a_long_one_may_be_a_name(text: str) -> None:
    assert holds_words(text)


@pytest.mark.parametrize(
    "text", ["金正恩", "ИГИЛ", "حماس", "김철", "=E9=87=91=E6=AD=A3=E6=81=A9", "%D0%9A%D0%B8%D0%BC"]
)
def test_letters_of_another_script_are_in_no_code(text: str) -> None:
    assert holds_words(text)
    assert not is_reference(text)


@pytest.mark.parametrize(
    "text",
    [
        "SVZBTiBaVVZBVk9W",
        "SVZBTiBaVVZBVk9WIE9PTw==",
        "4956414E205A555641564F56",
        "d097d183d0b1d0b0d0b2d0bed0b2",
    ],
)
def test_a_code_that_holds_a_text_as_its_bytes_is_words(text: str) -> None:
    assert holds_words(text)
    assert not is_reference(text)


@pytest.mark.parametrize(
    "text",
    [
        *("DE89370400440532013000", "4111111111111111", "3f0c1a527d5e4a0b9d61aabbccdd0011", "Nº4471", "№12"),
        *("pacs008EndToEnd-001", "4956414E205A55", "SVZBTiBaVVZBVk9WT", "١٢٣٤", "\u00a0", ""),
    ],
)
def test_a_code_that_holds_no_text_is_none(text: str) -> None:
    assert is_reference(text)
    assert not holds_words(text)


@pytest.mark.parametrize(
    "text",
    ["", "abcd", "ab c", "a b c d", "abc12", "Osama1", "12345", "GB29 NWBK 6016 1331", "abcd 1", "a1b2 cd3"],
)
def test_codes_are_no_words(text: str) -> None:
    assert not holds_words(text)


@pytest.mark.parametrize(
    "text",
    [
        *("OUR", "abcd", "12345", "VERSOR2023", "NOTPROVIDED", "/NOTPROVIDED", "NONREF", "INV-4471", "a.b"),
        *("AB12/34", "2023-08-17", "abcd1234efgh", "////", "", "ab-c", "AB-12345-XY", "pacs008EndToEnd-001"),
    ],
)
def test_a_code_or_a_short_word_is_a_reference(text: str) -> None:
    assert is_reference(text)


@pytest.mark.parametrize(
    "text",
    [
        *("Osama", "abcde", "KIM_JONG_UN", "VERSOR-2023", "two words", "INV 12", "12-VERSOR", "ab-cd-ef"),
        *("éàüöñ-12", "Лавров", "ab_cd"),
    ],
)
def test_a_word_of_five_letters_or_two_words_is_none(text: str) -> None:
    assert not is_reference(text)


@pytest.mark.parametrize(
    ("key", "named"),
    [
        *(("slobodan_milosevic", True), ("creditorName", False), ("Creditor Name", False), ("id", False)),
        *(("milosevic", False), ("name_milosevic", True), ("", False), ("a" * 80, False), ("a" * 81, True)),
    ],
)
def test_a_key_of_words_that_no_field_has_is_data(key: str, named: bool) -> None:
    assert may_be_a_name(key) is named


@pytest.mark.parametrize(
    ("text", "decimal"),
    [
        *(("12500.00", "12500.00"), ("-5", "-5"), ("5.", "5."), ("+5", "5"), (" 5\n", "5"), (".5", "0.5")),
        *(("-.5", "-0.5"), ("1" * 30, "1" * 30), ("0." + "1" * 30, "0." + "1" * 30), ("+.50 ", "0.50")),
        *(
            ("1" * 31, None),
            ("0." + "1" * 31, None),
            ("." + "1" * 31, None),
            ("1,000.00", None),
            ("1e3", None),
        ),
        *((".", None), ("", None), ("+-5", None), ("٣", None), ("\u00a05", None)),
    ],
)
def test_an_amount_is_digits_with_a_point(text: str, decimal: str | None) -> None:
    assert decimal_text(text) == decimal
