"""The stream that is measured on: as many new words at its end as at its beginning, and said."""

from benchmarks.stream.made import NEW_WORDS, Payment, designations, new_words, payments

LISTED = [name.text for entry in designations(300) for name in entry.names]


def stream(count: int, seed: int = 2) -> list[Payment]:
    return list(payments(count, LISTED, seed))


def test_the_share_of_new_words_is_what_is_said_and_does_not_fall() -> None:
    made = stream(15_000)

    early, late = new_words(made[:11_000], after=9_000), new_words(made, after=13_000)

    assert NEW_WORDS <= late <= early < NEW_WORDS + 0.3


def test_the_same_stream_is_made_on_every_run_and_another_by_another_seed() -> None:
    assert stream(50) == stream(50)
    assert {payment.value for payment in stream(50)}.isdisjoint(payment.value for payment in stream(50, 3))
