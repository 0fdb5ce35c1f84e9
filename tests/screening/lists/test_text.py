"""Text of list files: tidied, put in order, and told from damage."""

import pytest

from screening.designations import Gender, Kind, Name, NameType, Quality
from screening.lists.genders import one_gender
from screening.lists.text import (
    has_control_characters,
    has_lost_letters,
    is_mojibake,
    is_nobody,
    once_each,
    reading_order,
    tidy,
)


def test_text_is_one_line_with_single_blanks() -> None:
    assert [tidy(text) for text in (None, "", " a \t b\r\n c ", "a\xa0b")] == ["", "", "a b c", "a b"]


@pytest.mark.parametrize(
    ("name", "kind", "read"),
    [
        ("MKRTYCHEV,  Ashot", Kind.PERSON, "Ashot MKRTYCHEV"),
        ("AL-ZAWAHIRI, Dr. Ayman, Jr", Kind.PERSON, "Dr. Ayman, Jr AL-ZAWAHIRI"),
        ("MONONYM", Kind.PERSON, "MONONYM"),
        ("A,B", Kind.PERSON, "A,B"),
        ("Qwx, Ltd.", Kind.ORGANIZATION, "Qwx, Ltd."),
        ("Qwx, Ltd.", None, "Qwx, Ltd."),
    ],
)
def test_only_a_person_s_family_name_moves(name: str, kind: Kind | None, read: str) -> None:
    assert reading_order(name, kind) == read


@pytest.mark.parametrize(
    ("text", "damaged"),
    [
        *(("a\0b", True), ("a\x1fb", True), ("a\x7fb", True), ("\x08", True), ("a\x0bb", True)),
        *(("a\tb\r\nc", False), ("a b", False), ("", False), ("Müller \xa0 \u200e", False), ("\x80", False)),
    ],
)
def test_control_characters_are_those_below_the_blank_but_tabs_and_line_ends(
    text: str, damaged: bool
) -> None:
    assert has_control_characters(text) is damaged


@pytest.mark.parametrize("text", ["Müller", "Ÿ€", "ß", "Ā", "محمد", "Łódź", "Иван", "中国", "’"])
def test_utf_8_that_was_read_as_latin_1_or_windows_1252_is_told(text: str) -> None:
    raw = text.encode()

    assert is_mojibake(raw.decode("latin-1"))
    assert is_mojibake("ok " + raw.decode("cp1252", "replace").replace("\ufffd", "\x81") + " ok")
    assert not is_mojibake(text)


@pytest.mark.parametrize("text", ["", "Ã", "PÃO", "â€", "Åland", "CAFÉ ", "São", "à la", "ÀÉ"])
def test_accented_capitals_alone_are_no_damage(text: str) -> None:
    assert not is_mojibake(text)


@pytest.mark.parametrize(
    ("stated", "gender"),
    [
        (["Male"], Gender.MALE),
        (["m", "", "MALE "], Gender.MALE),
        (["f", "unknown", "Female"], Gender.FEMALE),
        (["male", "female"], None),
        (["unknown", ""], None),
        ([], None),
    ],
)
def test_a_gender_is_what_all_that_is_said_agrees_on(stated: list[str], gender: Gender | None) -> None:
    assert one_gender(stated) is gender


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        *(("M\ufffdller", True), ("محمد \ufffd", True)),
        *(("M?ller", True), ("?lodz Trading", True), ("???? Zuvavov", True), ("Jos?? Qorvel", True)),
        *(("Müller", False), ("Jos? Qorvel", True), ("Zuvavov ?", False), ("7?8", False), ("", False)),
    ],
)
def test_question_marks_in_the_place_of_letters_are_told(text: str, lost: bool) -> None:
    assert has_lost_letters(text) is lost


@pytest.mark.parametrize(
    ("text", "nobody"),
    [
        *(("N/A", True), ("n.a.", True), ("UNKNOWN", True), ("-", True), ("– –", True), ("_", True)),
        *(("", False), ("Na", False), ("Unknown Trading", False), ("?", False), ("...a", False)),
    ],
)
def test_what_stands_where_no_name_is_known(text: str, nobody: bool) -> None:
    assert is_nobody(text) is nobody


def test_a_name_that_stands_there_weak_and_strong_is_strong_where_it_first_stands() -> None:
    names = [
        Name("Lowly", NameType.FKA, Quality.WEAK),
        Name("Ivan"),
        Name("Lowly", NameType.AKA),
        Name("Ivan", quality=Quality.WEAK),
    ]

    assert once_each(names) == (Name("Lowly", NameType.PRIMARY), Name("Ivan"))
    assert once_each([]) == ()
