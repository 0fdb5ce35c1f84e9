"""Claims about who may give dispositions: every token is one person's, and nobody is two."""

import pytest

from streams.console.writers import WritersError, writers_of

LONG = "0123456789abcdef"


def test_each_line_is_a_person_and_their_token() -> None:
    assert writers_of(f"ann: {LONG}\n\nBob Roe:{LONG}:x\n") == {LONG: "ann", f"{LONG}:x": "Bob Roe"}


def test_entries_may_stand_in_one_line() -> None:
    assert set(writers_of(f"ann:{LONG},bob:{LONG}2").values()) == {"ann", "bob"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "nobody is named"),
        (LONG, "entry 1: name:token is expected"),
        (f":{LONG}", "entry 1: name:token is expected"),
        ("ann:short", "ann: a token of 16"),
        (f"ann:{LONG}\nbob:{LONG}", "ann and bob have the same token"),
        (f"ann:{LONG}\nAnn :{LONG}2", "ann and Ann are, or look like, one person"),
        (f"аnn:{LONG}", "in one name"),
    ],
)
def test_what_names_nobody_or_somebody_twice_is_refused_without_a_token_in_the_text(
    text: str, said: str
) -> None:
    with pytest.raises(WritersError, match=said) as refused:
        writers_of(text)

    assert LONG not in str(refused.value)
