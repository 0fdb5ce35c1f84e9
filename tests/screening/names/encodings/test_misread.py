"""Text that was read in another encoding than it was written in, and text that only looks so."""

import pytest

from screening.names.cleaning import clean
from screening.names.encodings.misread import reread

NAME = "Зувавов Иван Сергеевич"
PAGES = ("latin-1", "koi8-r", "cp866", "cp437", "mac-roman")


@pytest.mark.parametrize("page", PAGES)
def test_utf_8_that_was_read_in_a_page_of_one_byte_a_letter_is_read_again(page: str) -> None:
    misread = NAME.encode().decode(page)

    assert clean(f"Oplata {misread} 05") == f"Oplata {NAME} 05"


@pytest.mark.parametrize("nothing", ["\x98", "\ufffd"])
def test_utf_8_that_was_read_as_the_cyrillic_of_windows_is_read_again(nothing: str) -> None:
    lost = NAME.encode().replace(b"\x98", b"\x81").decode("cp1251").replace("\u0403", nothing)

    assert clean(lost) == NAME


def test_what_was_misread_by_two_systems_is_read_again() -> None:
    twice = NAME.encode().decode("latin-1").encode().decode("latin-1")

    assert clean(twice) == NAME


@pytest.mark.parametrize("page", ["cp866", "cp437", "mac-roman", "latin-1"])
def test_one_accent_is_enough_where_a_sign_stands_before_it(page: str) -> None:
    assert clean("Müller José".encode().decode(page)) == "Müller José"


@pytest.mark.parametrize("written", ["cp1251", "koi8-r"])
@pytest.mark.parametrize("name", [NAME, NAME.upper(), NAME.lower()])
def test_cyrillic_of_one_byte_a_letter_that_was_read_as_latin_is_read_again(written: str, name: str) -> None:
    assert clean(name.encode(written).decode("latin-1")) == name


@pytest.mark.parametrize(("written", "read"), [("cp1251", "koi8-r"), ("koi8-r", "cp1251")])
def test_one_cyrillic_that_was_read_as_the_other_is_read_again(written: str, read: str) -> None:
    assert clean(NAME.encode(written).decode(read)) == NAME


@pytest.mark.parametrize(
    "text",
    [
        *("Січ Рівне Дід", "Рёбра Сёмга", "зУВАВОВ иВАН", "ОАО «Рёв» № 5", "Её Дело", "— Его", "Ђорђе Љубић"),
        *(
            "Müller",
            "Élan–Été",
            "A–É",
            "Łódź",
            "Þórður",
            "São João",
            "ÅÄÖ",
            "Ångström",
            "Đặng Thị",
            "×÷",
            "½ Ñ",
        ),
        *("Ελλάδα", "الشركة", "שלום", "北京", "√2 ≈ 1.4", "5–10 € – été"),
    ],
)
def test_what_languages_write_stays(text: str) -> None:
    assert reread(text) == text
