"""The bounds by which a stretch of a text is not even read: never no where the scorer says yes."""

import random
from collections.abc import Iterator

import pytest

from benchmarks.matching.many_names import entries
from screening.matching.containment import names_in
from screening.matching.index import Index
from screening.matching.reach import Reach, _may_be_part
from screening.names.forms import parse

THRESHOLD = 0.85
AROUND = ("", "", "group", "invoice 4471", "ltd", "maria", "trading", "van der", "nguyen", "lim")


@pytest.fixture(scope="module")
def index() -> Index:
    index = Index()
    for entry in entries(1_500):
        index.put(entry)
    return index


def texts() -> Iterator[str]:
    """Names of the list, whole or in part, altered, and among other words."""
    dice = random.Random(5)
    for entry in dice.sample([*entries(1_500)], 250):
        words = dice.choice(entry.names).text.split()
        place = dice.randrange(len(words))
        match dice.randrange(5):
            case 0 if len(words) > 2:
                del words[place]
            case 1 if len(words[place]) > 4:
                words[place] = words[place][:2] + words[place][3:]
            case 2 if len(words) > 1:
                words[:2] = ["".join(words[:2])]
            case 3:
                words[-1] = words[-1][: max(3, len(words[-1]) - 2)]
        yield " ".join([dice.choice(AROUND), *words, dice.choice(AROUND)])


def test_a_name_is_found_in_a_text_as_if_every_stretch_were_read(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = [*texts()]
    bounded = [found(index, text) for text in every]
    monkeypatch.setattr(Reach, "may_hold", lambda *_: True)
    monkeypatch.setattr(Reach, "may_score", lambda *_: True)
    read = [found(index, text) for text in every]

    assert [names for names, _ in bounded] == [names for names, _ in read]
    assert sum(bool(names) for names, _ in read) > len(every) / 3
    assert sum(steps for _, steps in bounded) < sum(steps for _, steps in read)


def found(index: Index, text: str) -> tuple[list[tuple[str, float, str]], int]:
    """The names in a text, and the steps that it took."""
    index.begin_payment()
    names = [
        (each.candidate.name.text, each.points, each.text) for each in names_in([text], index, THRESHOLD)
    ]
    return names, index.effort.steps


@pytest.mark.parametrize(
    ("said", "listed", "so"),
    [
        *(("revol", "revolutionary", True), ("revolutionary", "revol", True), ("kasi", "qasim", True)),
        *(("qasims", "kasim", True), ("zorav", "tarvik", False), ("tarvik", "zorav", False)),
    ],
)
def test_a_word_may_be_a_part_of_another_by_its_letters_or_its_sound(
    said: str, listed: str, so: bool
) -> None:
    (token,), others = parse(said).tokens, parse(f"qorvel {listed}").tokens

    assert _may_be_part(token, others) is so
