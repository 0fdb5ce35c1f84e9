"""The bounds by which a name is not scored and a stretch of a text not even read: never no where the scorer
says yes.

`many.txt` holds how many names of a longer list they leave for each text, at two thresholds, and the steps
that it takes, as a name and as a text; `python -m tests.screening.matching.test_reach` writes it anew, to be
read before it is kept.
"""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.matching.many_names import entries
from screening.matching.index import Index
from screening.matching.score import score
from screening.matching.texts import reach
from screening.matching.texts.containment import names_in
from screening.matching.texts.reach import Reach, _may_be_part
from screening.names.forms import parse
from screening.names.readings import readings
from tests.screening.said import changed, kept, write

SAID = Path(__file__).with_name("many.txt")
KEPT = kept(SAID)
THRESHOLD = 0.85
AROUND = ("", "", "group", "invoice 4471", "ltd", "maria", "trading", "van der", "nguyen", "lim")


@pytest.fixture(scope="module")
def index() -> Index:
    return listed()


def listed() -> Index:
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


def test_no_name_scores_more_than_its_bound(index: Index) -> None:
    scored = 0
    for text in [*texts()][::9]:
        for form in readings(text)[:2]:
            asked, alike = index.ask(form), index.alike()
            for number in index.names:
                name = index.name(number).form
                points = 0.0 if form.unspaced == name.unspaced else score(form, name, alike)
                if points:
                    assert asked.could_score(number, points), (text, name.plain, points)
                    scored += 1

    assert scored > 500


def test_a_name_is_found_in_a_text_as_if_every_stretch_were_read(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    every, is_compiled = [*texts()], str(reach.__file__).endswith(".so")
    bounded = [found(index, text) for text in every]
    monkeypatch.setattr(Reach, "may_hold", lambda *_: True)
    monkeypatch.setattr(Reach, "may_score", lambda *_: True)
    read = [found(index, text) for text in every]

    assert [names for names, _ in bounded] == [names for names, _ in read]
    assert sum(bool(names) for names, _ in read) > len(every) / 3
    if not is_compiled:  # who calls them there looks up no attribute
        assert sum(steps for _, steps in bounded) < sum(steps for _, steps in read)


def found(index: Index, text: str) -> tuple[list[tuple[str, float, str]], int]:
    """The names in a text, and the steps that it took."""
    index.begin_payment()
    names = [
        (each.candidate.name.text, each.points, each.text) for each in names_in([text], index, THRESHOLD)
    ]
    return names, index.effort.steps


def test_the_bounds_leave_as_few_names_as_they_always_did(index: Index) -> None:
    assert changed(KEPT, lambda text: left(index, text)) == {}


def left(index: Index, text: str) -> list[str]:
    """How many names are scored against a text at each threshold, in how many steps; those of a search."""
    said = []
    for threshold in (0.5, THRESHOLD):
        index.begin_payment()
        scored = len(index.candidates(parse(text), threshold))
        said.append(f"{threshold}: {scored} in {index.effort.steps}")
    return [f"  {', '.join(said)}, text {found(index, text)[1]}"]


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


if __name__ == "__main__":
    many = listed()
    write(SAID, [(text, left(many, text)) for text in dict.fromkeys(texts())])
