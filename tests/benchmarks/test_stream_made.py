"""The stream that is measured on: as many new words and parties at its end as at its beginning, and said."""

import pytest

from benchmarks.stream.made import (
    ALL_NEW,
    HALF_NEW,
    OFTEN_NEW,
    PARTIES,
    TYPICAL,
    Payment,
    designations,
    new_words,
    payments,
    seen_first,
)
from screening import Screener, decode_payment

LISTED = [name.text for entry in designations(300) for name in entry.names]


def stream(count: int, seed: int = 2, new: float = ALL_NEW) -> list[Payment]:
    return list(payments(count, LISTED, seed, new))


@pytest.mark.parametrize("new", [ALL_NEW, HALF_NEW, OFTEN_NEW, TYPICAL])
def test_the_share_of_new_words_and_parties_is_what_is_said_and_does_not_fall(new: float) -> None:
    made = stream(15_000, new=new)

    early, late = seen_first(made[:11_000], after=9_000), seen_first(made, after=13_000)

    assert new_words(new) <= late.words <= early.words < new_words(new) + 0.3
    # some new ones are called as others were, and some regulars are met for the first time
    assert late.parties == pytest.approx(len(PARTIES) * new, abs=0.5)


def test_few_payments_meet_the_list_by_chance() -> None:
    screener = Screener()
    for entry in designations(1_500):
        screener.upsert(entry)

    by_chance = [
        one for one in stream(600) if not one.listed and screener.screen(*decode_payment(one.value)).hits
    ]

    assert len(by_chance) <= 3


def test_the_same_stream_is_made_on_every_run_and_another_by_another_seed() -> None:
    assert stream(50) == stream(50)
    assert {payment.value for payment in stream(50)}.isdisjoint(payment.value for payment in stream(50, 3))
