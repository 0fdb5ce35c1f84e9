"""Names in texts in the cases of a language, and behind an elision."""

import pytest

from screening import Designation, Kind, Name, Party, Role, Screener
from screening.matching.texts.declined import in_first_case
from screening.payments import Payment
from screening.payments.model import Field

SENTENCES = {
    "Jan KOWALCZEWSKI": (
        "Zapłata dla Jana Kowalczewskiego za czynsz",
        "PRZELEW JANOWI KOWALCZEWSKIEMU FAKTURA 4",
        "umowa z Janem Kowalczewskim, maj",
    ),
    "Tomáš HORKLIČKA": ("platba Tomáši Horkličkovi za nájem", "s Tomášem Horkličkou dle smlouvy"),
    "Marko PETRUŠIĆ": ("uplata Marku Petrušiću za najam", "račun Marka Petrušića"),
    "Jānis BĒRZKALNIŅŠ": ("maksājums Jānim Bērzkalniņam par īri", "Jāņa Bērzkalniņa rēķins"),
    "Vytautas GRINKEVIČIUS": ("mokėjimas Vytautui Grinkevičiui", "Vytauto Grinkevičiaus sąskaita"),
    "Jukka VIRTASALMI": ("vuokra Jukka Virtasalmelle maaliskuu", "lainaa Jukka Virtasalmelta"),
    "Gábor SZERVÁNHEGYI": ("bérleti díj Szervánhegyi Gábornak", "Szervánhegyi Gáborral kötött szerződés"),
    "Ivan Petrovich ZUVAVOV": ("Ivan Zuvavovs hyra", "lloguer d'Ivan Zuvavov", "FACTURE D'IVAN ZUVAVOV MAI"),
}


@pytest.mark.parametrize(
    ("listed", "text"), [(listed, text) for listed, texts in SENTENCES.items() for text in texts]
)
def test_a_name_in_any_case_of_its_language_is_found_in_a_text(listed: str, text: str) -> None:
    screener = Screener()
    screener.upsert(Designation("eu:1", (Name(listed),), Kind.PERSON))
    payment = Payment("P-1", (Party(Role.REMITTANCE, texts=(Field(text, "/f"),)),))

    assert [hit.designation.id for hit in screener.screen(payment).hits] == ["eu:1"]


@pytest.mark.parametrize(
    "text",
    [
        *("famille nouvelle", "final national carnival", "Location d'une rue nouvelle", "travel"),
        *("Dombrowskiego", "12 Kowalczewskiego 5"),
    ],
)
def test_words_that_end_like_a_name_in_another_case_are_left_where_no_given_name_is_beside(text: str) -> None:
    assert [*in_first_case(text)] == []
