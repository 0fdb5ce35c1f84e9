"""A list of any length with names as long public lists have them, the same on every run.

Such lists (politically exposed persons, companies of registers) are no syllables put together at random: a
few names are borne by very many, most words by hardly anybody, and new words never end. So the k-th commonest
given or family name of a language is one of `sets/people.csv` while that has one, and from there on a word
that its letters could make; k is drawn by the law of Zipf and Mandelbrot. 10,000 names have 9,500 words,
100,000 have 43,000 and 300,000 have 84,000.
"""

import csv
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from benchmarks.matching.sets import SAMPLES
from screening import Designation, Kind, Name, NameType
from screening.names.vocabulary import particles

ALPHA = 0.5
"""The smaller, the more words nobody else bears."""
HEAD = 60
"""The larger, the rarer the commonest names are: of its language one in 120 bears the first."""
PERSONS = 0.65
OF_TWO_WORDS = 0.6
"""Companies with a second word that is nobody else's."""
ALIASES = (1, 1, 2, 3)
"""Names of an entry; all of them of the same family."""
SHORTEST = 3
"""Letters of a word that is made."""
CONTEXT = (2, 2, 2, 1)
"""Letters that decide on the next one in a word that is made; with one, now and then, words do not end."""


def entries(names: int, seed: int = 1) -> Iterator[Designation]:
    """A list of so many names, all in all."""
    dice = random.Random(seed)
    made = number = 0
    while made < names:
        count = min(dice.choice(ALIASES), names - made)
        person = dice.random() < PERSONS
        language = dice.choice(list(_languages()))
        spellings = _people(dice, language, count) if person else _companies(dice, language, count)
        kind = Kind.PERSON if person else Kind.ORGANIZATION
        first, *others = spellings
        known = (Name(first, NameType.PRIMARY), *[Name(other, NameType.AKA) for other in others])
        yield Designation(f"many:{number}", known, kind)
        made += count
        number += 1


def names(count: int, seed: int = 2) -> Iterator[str]:
    """Names of people and companies that are made in the same way, with another seed than the list."""
    for entry in entries(count, seed):
        for name in entry.names:
            yield name.text


def _people(dice: random.Random, language: str, count: int) -> list[str]:
    """One person by several names: the same family, other given names."""
    words = _languages()[language]
    family = words.family.one(dice)
    found = []
    for _ in range(count):
        *given, _ = dice.choice(words.patterns).split()
        parts = [word if word.casefold() in particles() else words.given.one(dice) for word in given]
        found.append(" ".join([*parts, family]))
    return found


def _companies(dice: random.Random, language: str, count: int) -> list[str]:
    """A company by several names: a family's or a word of its own, what companies do, a legal form."""
    words = _languages()[language]
    family = words.family.one(dice)
    own = [words.given.one(dice)] if dice.random() < OF_TWO_WORDS else []
    trades, forms = _houses()
    return [" ".join([family, *own, dice.choice(trades), dice.choice(forms)]) for _ in range(count)]


class Words:
    """The words of a language in one place of a name, without end; the k-th commonest is always the same."""

    def __init__(self, label: str, known: Sequence[str]) -> None:
        self._label = label
        self._known = known
        self._next: Mapping[str, list[str]] = _letters(known)
        self._made: dict[int, str] = {}

    def one(self, dice: random.Random) -> str:
        """A word, as often as its place says."""
        place = int(HEAD * ((1.0 - dice.random()) ** (-1 / ALPHA) - 1))
        return self._known[place] if place < len(self._known) else self._word(place)

    def _word(self, place: int) -> str:
        """The word that letters make which follow each other as in known ones."""
        dice = random.Random(f"{self._label} {place}")
        word = ""
        while True:
            letter = dice.choice(self._next[f"^^{word}"[-dice.choice(CONTEXT) :]])
            if letter != "$":
                word += letter
            elif len(word) >= SHORTEST:
                return word.capitalize()
            else:
                word = ""


class Language:
    """What names are made of in one language."""

    def __init__(self, label: str, people: Sequence[str]) -> None:
        self.patterns = people
        self.given = Words(
            f"{label}, given", _commonest([word for name in people for word in name.split()[:-1]])
        )
        self.family = Words(f"{label}, family", _commonest([name.split()[-1] for name in people]))


def _commonest(words: Sequence[str]) -> list[str]:
    return [word for word, _ in Counter(words).most_common()]


def _letters(words: Sequence[str]) -> Mapping[str, list[str]]:
    """One letter or two -> what follows them, as often as it does; "^" begins a word and "$" ends it."""
    table: dict[str, list[str]] = defaultdict(list)
    for word in words:
        spelt = f"^^{word.lower()}$"
        for place in range(2, len(spelt)):
            table[spelt[place - 2 : place]].append(spelt[place])
            table[spelt[place - 1]].append(spelt[place])
    return table


@cache
def _languages() -> Mapping[str, Language]:
    people: dict[str, list[str]] = defaultdict(list)
    with (SAMPLES / "people.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            people[row["language"]].append(row["full_name"])
    return {language: Language(language, names) for language, names in people.items()}


@cache
def _houses() -> tuple[Sequence[str], Sequence[str]]:
    """What companies do and their legal forms, as often as they come; what only one is called is left out."""
    with (SAMPLES / "clean_companies.csv").open(encoding="utf-8", newline="") as file:
        names = [row["name"].split() for row in csv.DictReader(file)]
    often = Counter(word for name in names for word in set(name[1:]))
    trades = [word for name in names for word in name[1:-1] if often[word] > 1 and word.isalpha()]
    return trades, [name[-1] for name in names if often[name[-1]] > 1]
