"""Persons who share a surname that a text says once."""

import pytest

from screening import Designation, Kind, Name, Party, Role, Screener
from screening.matching.texts.holders import MOST_HOLDERS, with_shared_surname
from screening.matching.texts.text_words import Gap, text_words
from screening.payments import Payment
from screening.payments.model import Field


def persons(text: str) -> list[str]:
    """The persons that the module reads out of a text, each as one name."""
    found: list[str] = []
    for word in with_shared_surname(text_words([text])):
        if word.gap is Gap.BREAK:
            found.append(word.native)
        else:
            found[-1] += " " + word.native
    return found


@pytest.mark.parametrize(
    "text",
    [
        *("Igor and Olga SERGUN", "Gift to Igor and Olga SERGUN", "Eheleute Igor und Olga Sergun"),
        *("Igor & Olga Sergun", "Igor y Olga Sergun", "Igor e Olga Sergun", "Igor i Olga Sergun"),
        *("Igor + Olga Sergun flat 3", "Herr Igor und Frau Olga Sergun", "IGOR AND OLGA SERGUN JT TEN"),
        *("rent, Igor and O. Sergun", "SERGUN Olga and Igor", "SERGUN, Olga & Igor", "igor et olga sergun"),
        *(
            "Mr & Mrs Igor Sergun",
            "M. et Mme Igor SERGUN",
            "Игорь и Ольга Сергун",
            "Olga, Igor and Ivan Sergun",
        ),
    ],
)
def test_each_holder_is_found_by_the_surname_of_all(text: str) -> None:
    screener = Screener()
    screener.upsert(Designation(id="eu:1", names=(Name("Igor SERGUN"),), kind=Kind.PERSON))
    field = Field(text, "/f")
    for party in (
        Party(Role.CREDITOR, names=(field,)),
        Party(Role.CREDITOR, addresses=(field,)),
        Party(Role.REMITTANCE, texts=(field,)),
    ):
        assert [hit.designation.id for hit in screener.screen(Payment("P-1", (party,))).hits] == ["eu:1"]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Igor and Olga Petrovna SERGUN", ["igor petrovna sergun", "igor sergun"]),
        ("SERGUN Olga Petrovna and Igor Ivanovich", ["sergun igor ivanovich"]),
        ("Bob Brown, SERGUN Olga and Igor", ["sergun igor"]),
    ],
)
def test_a_fathers_name_is_no_surname(text: str, read: list[str]) -> None:
    assert persons(text) == read


@pytest.mark.parametrize(
    "text",
    [
        *("rice and beans Ltd", "Igor and Olga", "Igor / Olga SERGUN", "salt, pepper and sugar"),
        *(
            "Igor Olga SERGUN",
            "rent and Olga SERGUN",
            "Igor and flat 3",
            "Igor Smith and Sergun",
            "invoice 7 and 8 Sergun",
        ),
    ],
)
def test_of_most_texts_no_more_is_read(text: str) -> None:
    assert persons(text) == []


def test_a_long_row_takes_no_more_than_linear_time() -> None:
    many = ", ".join(["Igor"] * 300) + " and Olga Petrovna SERGUN"

    assert len(persons(many)) == 2 * (MOST_HOLDERS - 1)
    assert len(with_shared_surname(text_words([" and ".join(["Igor Olga"] * 300)]))) <= 4 * MOST_HOLDERS
