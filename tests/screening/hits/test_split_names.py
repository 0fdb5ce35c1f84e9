"""A name that a payment parts between who pays and on whose behalf is found; two names stay two parties."""

import pytest

from screening import Designation, Kind, Name, Payment, Screener
from screening.payments.model import Field, Party, Role

LISTED = "Anna Maria Qorvelsen"


def hits(*parties: tuple[Role, str], kind: Kind | None = Kind.PERSON) -> list[tuple[Role, str, str]]:
    screener = Screener()
    screener.upsert(Designation("case:1", (Name(LISTED),), kind))
    made = tuple(
        Party(role, (Field(name, f"/parties/{number}/name"),)) for number, (role, name) in enumerate(parties)
    )
    return [(hit.role, hit.value, hit.path) for hit in screener.screen(Payment("P-1", made)).hits]


@pytest.mark.parametrize(
    ("role", "ultimate"),
    [(Role.DEBTOR, Role.ULTIMATE_DEBTOR), (Role.CREDITOR, Role.ULTIMATE_CREDITOR)],
)
@pytest.mark.parametrize(
    ("one", "other"),
    [("Anna Maria", "Qorvelsen"), ("Qorvelsen", "Anna Maria"), ("QORVELSEN", "Maria Anna")],
)
def test_a_name_in_two_parties_of_one_end_is_a_hit(role: Role, ultimate: Role, one: str, other: str) -> None:
    ((hit_role, value, path),) = hits((Role.DEBTOR_AGENT, "Quastoby Bank"), (role, one), (ultimate, other))

    assert (hit_role, path) == (role, "/parties/1")
    assert sorted(value.casefold().split()) == ["anna", "maria", "qorvelsen"]


@pytest.mark.parametrize(
    "parties",
    [
        [(Role.DEBTOR, "Anna Maria"), (Role.CREDITOR, "Qorvelsen")],
        [(Role.DEBTOR, "Anna Maria"), (Role.ULTIMATE_CREDITOR, "Qorvelsen")],
        [(Role.DEBTOR, "Anna Maria Brown"), (Role.ULTIMATE_DEBTOR, "Peter Qorvelsen")],
        [(Role.DEBTOR, "Anna Maria"), (Role.ULTIMATE_DEBTOR, "Brown")],
        [(Role.DEBTOR, "Anna Maria"), (Role.ULTIMATE_DEBTOR, "Anna Maria")],
    ],
)
def test_two_names_are_two_parties(parties: list[tuple[Role, str]]) -> None:
    assert not hits(*parties)


def test_who_is_a_hit_by_himself_is_one_hit() -> None:
    assert len(hits((Role.DEBTOR, LISTED), (Role.ULTIMATE_DEBTOR, "Brown"))) == 1
    assert len(hits((Role.DEBTOR, "Brown"), (Role.ULTIMATE_DEBTOR, LISTED))) == 1
