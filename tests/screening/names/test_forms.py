"""Text to tokens: scripts, legal forms, compounds, numbers, fields with several names."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening import Kind
from screening.names.forms import fills_a_field, parse
from screening.names.phonetics import consonants, skeleton
from screening.names.readings import readings
from screening.names.scripts import romanise
from screening.names.tokens import Class, keys, make_token, seeks
from screening.names.words import words_of


def texts(name: str, kind: Kind | None = None) -> list[str]:
    return [token.text for token in parse(name, kind).tokens]


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        ("юрий", "yuriy"),
        ("щербаков", "shcherbakov"),
        ("олександр", "oleksandr"),
        ("μητσοτάκης", "mitsotakis"),
        ("παπανδρέου", "papandreu"),
        ("김", "kim"),
        ("정", "jong"),
        ("محمد", "mhmd"),
        ("כהן", "khn"),
        ("王", "wang"),
        ("ղազարյան", "ghazaryan"),
        ("გიორგი", "giorgi"),
        ("vučić", "vucic"),
        ("größe", "grosse"),
        ("łukasz", "lukasz"),
    ],
)
def test_every_script_is_read_in_latin_letters(native: str, latin: str) -> None:
    assert romanise(native) == latin


@pytest.mark.parametrize(
    "spellings",
    [
        ("muhammad", "muhamad"),
        ("gaddafi", "gadafi"),
        ("hussein", "husayn", "hussain"),
        ("osama", "usama"),
        ("ivanov", "iwanow"),
        ("makhlouf", "makhluf"),
    ],
)
def test_spellings_of_one_sound_have_one_skeleton(spellings: tuple[str, ...]) -> None:
    assert len(set(map(skeleton, spellings))) == 1


@pytest.mark.parametrize(
    ("arabic", "latin"), [("محمد", "mohammed"), ("حسين", "hussein"), ("طارق", "tarek"), ("يوسف", "youssef")]
)
def test_unvocalised_script_keeps_the_consonants_of_the_latin_name(arabic: str, latin: str) -> None:
    assert consonants(romanise(arabic)) == consonants(latin)


@pytest.mark.parametrize(
    ("name", "left", "family"),
    [
        ("VERSOR, s.r.o.", ["versor"], "limited"),
        ("Versor S R O", ["versor"], "limited"),
        ("ООО Верус", ["verus"], "limited"),
        ("Limited Liability Company Verus", ["verus"], "limited"),
        ("Verus Limited Liabilty Company", ["verus"], "limited"),
        ("VERUS LIMI TED", ["verus"], "limited"),
        ("VerusLimited", ["verus"], "limited"),
        ("JOINT STOCK COMPANY VERUS", ["verus"], "stock"),
        ("Verus Joint Stock Comp", ["verus"], "stock"),
        ("Siemens Aktiengesellschaft", ["siemens"], "stock"),
        ("Verus GmbH", ["verus"], "limited"),
    ],
)
def test_legal_forms_stand_apart_in_any_language_and_spelling(
    name: str, left: list[str], family: str
) -> None:
    form = parse(name, Kind.ORGANIZATION)

    assert [token.text for token in form.tokens] == left
    assert family in {legal.family for legal in form.legal}


def test_a_person_has_no_legal_form() -> None:
    assert texts("Co Sa Li", Kind.PERSON) == ["co", "sa", "li"]


def test_a_name_of_nothing_but_legal_forms_keeps_them() -> None:
    assert texts("The Company Limited") != []


@pytest.mark.parametrize(
    ("name", "tokens"),
    [
        ("Abdulrahman", ["abdul", "rahman"]),
        ("Abd Allah", ["abdallah"]),
        ("Abdullah", ["abdullah"]),
        ("Nuruddin", ["nur", "din"]),
        ("نورالدین", ["nwr", "dyn"]),
        ("عبد الله", ["abdallh"]),
        ("Brigade Forty-Four", ["brigade", "44"]),
        ("Fund III", ["fund", "3"]),
        ("김정은", ["kimjongun"]),
        ("H0ssain", ["hossain"]),
        ("CASPIA CASPIA", ["caspia"]),
        ("A.B.C.", ["abc"]),
        ("Dr. Haji Rami bin Makhlouf", ["rami", "makhlouf"]),
    ],
)
def test_words_are_taken_apart_or_together_as_they_are_used(name: str, tokens: list[str]) -> None:
    assert texts(name, Kind.PERSON) == tokens


def test_a_field_with_two_names_has_three_readings() -> None:
    assert [[token.text for token in form.tokens] for form in readings("Rami Makhlouf a/k/a Karim Hamdan")][
        1:
    ] != []
    assert len(readings("Al-Qa'ida/Islamic Army")) == 3
    assert len(readings("Rami Makhlouf")) == 1


def test_homoglyphs_inside_a_latin_word_are_latin() -> None:
    assert texts("Аbbаs") == texts("Abbas")


@given(st.text(max_size=60))
@settings(max_examples=200)
def test_any_text_parses_and_normalising_twice_changes_nothing(text: str) -> None:
    words = words_of(text)

    assert words_of(" ".join(words)) == words or not text.isascii()
    parse(text)


def test_initials_without_dots_leave_particles_and_fathers_at_their_words() -> None:
    form = parse("JC van Dyk ibn Saleh", Kind.PERSON)

    assert [token.text for token in form.tokens] == ["j", "c", "dyk", "saleh"]
    assert (2, "vandyk") in [(place, token.text) for place, token in form.glued]
    assert form.fathers == (3,)


@st.composite
def slips(draw: st.DrawFn) -> tuple[str, str]:
    """A word and the same with a letter left out, added, altered, or exchanged with the next."""
    word = draw(st.text("abdeiklmnorst", min_size=4, max_size=12))
    place = draw(st.integers(0, len(word) - 2))
    before, letter, after = word[:place], word[place], word[place + 1 :]
    other = draw(st.sampled_from("aeiodnst"))
    slip = draw(
        st.sampled_from((after, letter + other + after, other + after, after[0] + letter + after[1:]))
    )
    return word, before + slip


@given(slips())
@settings(max_examples=1000)
def test_a_word_with_one_slip_is_found_by_the_key_of_the_right_one_and_the_other_way_round(
    pair: tuple[str, str],
) -> None:
    right, wrong = make_token(pair[0]), make_token(pair[1])
    assert right and wrong
    if right.cls is wrong.cls is Class.WORD:
        assert not keys(right).isdisjoint(seeks(wrong)), pair
        assert not keys(wrong).isdisjoint(seeks(right)), pair


def test_a_text_fills_a_field_at_four_lengths_and_at_no_other() -> None:
    assert [length for length in range(200) if fills_a_field("x" * length)] == [35, 70, 105, 140]


@pytest.mark.parametrize(
    ("name", "kind", "tokens"),
    [
        ("JC Versor", Kind.PERSON, ["j", "c", "versor"]),
        ("JC Qorvazi Versor", Kind.PERSON, ["j", "c", "qorvazi", "versor"]),
        ("JC", Kind.PERSON, ["jc"]),
        ("Bin", Kind.PERSON, ["bin"]),
        ("Versor JC", Kind.PERSON, ["versor", "jc"]),
        ("MD Versor", Kind.PERSON, ["md", "versor"]),
        *[("JC Versor", kind, ["jc", "versor"]) for kind in (None, Kind.ORGANIZATION, Kind.VESSEL)],
    ],
)
def test_two_letters_before_a_persons_name_are_initials(
    name: str, kind: Kind | None, tokens: list[str]
) -> None:
    assert texts(name, kind) == tokens
