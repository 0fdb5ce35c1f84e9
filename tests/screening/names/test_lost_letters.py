"""Letters that an encoding lost: found around them, and never clear where too little is left."""

import pytest

from screening import Designation, Kind, Name, Outcome, Payment, Role, Screener
from screening.limits import LimitError
from screening.names.cleaning import is_lost
from screening.payments.model import Field, Party

PERSON = Designation("un:1", (Name("Müller Kvorvazić"), Name("Дмитрий Кворвазов")), Kind.PERSON)


@pytest.fixture(scope="module")
def screener() -> Screener:
    screener = Screener()
    screener.upsert(PERSON)
    return screener


def named(name: str) -> Payment:
    parties = (
        Party(Role.DEBTOR, (Field("Alice Green", "/0/name"),)),
        Party(Role.CREDITOR, (Field(name, "/1/name"),)),
    )
    return Payment("P-1", parties)


@pytest.mark.parametrize(
    "name",
    [
        "M?ller Kvorvazi?",
        "M\ufffdller Kvorvazi\ufffd\ufffd",
        "M??ller Kvorvazic",
        "Mï¿½ller Kvorvazic",
        "Müller Kvor?azić",
    ],
)
def test_a_name_that_lost_a_letter_is_found_in_a_name_and_in_a_text(screener: Screener, name: str) -> None:
    text = Party(Role.REMITTANCE, texts=(Field(f"invoice 7 {name} thanks", "/remittance"),))

    assert screener.screen(named(name)).outcome is Outcome.HIT
    assert screener.screen(Payment("P-2", (text,))).outcome is Outcome.HIT


@pytest.mark.parametrize(
    "name", ["??????? ?????????", "\ufffd\ufffd\ufffd\ufffd", "??", "???? ??? OOO", "ï¿½ï¿½ï¿½"]
)
def test_a_name_of_which_most_is_lost_is_an_error_that_names_the_place(screener: Screener, name: str) -> None:
    decision = screener.screen(named(name))

    assert decision.outcome is Outcome.ERROR
    assert decision.error.startswith("not_utf8: /1/name: an encoding has destroyed the name")
    with pytest.raises(LimitError, match="destroyed"):
        screener.match(name)


def test_what_hits_beside_it_is_a_hit(screener: Screener) -> None:
    payment = named("??????? ?????????")
    listed = Party(Role.ULTIMATE_CREDITOR, (Field("Müller Kvorvazić", "/2/name"),))

    assert screener.screen(payment._replace(parties=(*payment.parties, listed))).outcome is Outcome.HIT


@pytest.mark.parametrize(
    "name", ["?", "-", "N/A", "Bob Brown?", "What? Where?", "Bob (?) Brown (?)", "???? Kvorvex"]
)
def test_a_name_with_a_question_is_read(name: str) -> None:
    assert not is_lost(name)
