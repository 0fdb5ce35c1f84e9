"""A customer book and the list beside it, from real names: what `benchmarks.customers` and `.effect` run on.

People are made of the given names and surnames of one language, companies of the words of two companies
(`benchmarks.matching.sets`, the whole sets where INTERDICT_SHARED_DATA names them), so that names are as
common, as long and as many in a script as there. One in ten has a word that nobody else has. The list is
OFAC's whole one where it is at hand, else the sample's entries and made-up ones beside them.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from csv import reader
from importlib.resources import files
from itertools import islice

import orjson

from benchmarks.matching.data import DATA
from benchmarks.matching.sets import SAMPLES, Sets
from benchmarks.stream import made
from screening import Designation, Kind, Name, NameType

LISTED = 10_000
"""Entries of the list, at the least."""
BEARERS_ONE_IN, RARE_ONE_IN, COMPANY_ONE_IN, OWNED_ONE_IN = 2_000, 10, 5, 3
"""Who bear a listed name, have a word of their own, are companies; and companies with an owner."""


class Source:
    """Names and entries of the whole sets where they are at hand, else of the samples."""

    def __init__(self) -> None:
        self._sets = Sets(DATA if Sets(DATA).whole else SAMPLES)
        self.whole = self._sets.whole
        self._entries = [*self._sets.designations()]
        by_language: defaultdict[str, list[list[str]]] = defaultdict(list)
        for language, name in self._sets.clean_names():
            by_language[language].append(name.split())
        self._people = [*by_language.values()]
        self._companies = [name.split() for _, name in self._sets.clean_companies()]

    @property
    def entries(self) -> list[Designation]:
        """The real ones."""
        return [*self._entries]

    def listed(self) -> list[Designation]:
        """The list in force: the real entries, and as many beside them as a list has."""
        missing = max(0, LISTED - len(self._entries))
        return [*self._entries, *islice(made.designations(3 * LISTED), missing)]

    def person(self, dice: random.Random) -> str:
        people = dice.choice(self._people)
        first, last = dice.choice(people), dice.choice(people)
        return " ".join([*first[:-1], last[-1]] if len(first) > 1 else first)

    def company(self, dice: random.Random) -> str:
        first, last = dice.choice(self._companies), dice.choice(self._companies)
        return " ".join((*first[: (len(first) + 1) // 2], *last[len(last) // 2 :]))

    def customers(self, count: int, listed: Sequence[Designation]) -> Iterator[tuple[str, bytes]]:
        """Id and value of each, as on the topic; the same ones every time."""
        dice = random.Random(5)
        rare = made.unseen_words(5)
        names = [name.text for entry in listed for name in entry.names]
        for number in range(count):
            person, street = self.person(dice), self.person(dice).split()[-1]
            if number % RARE_ONE_IN == 1:
                person = f"{person.rpartition(' ')[0] or person} {next(rare)}"
            if number % BEARERS_ONE_IN == 0:
                person = dice.choice(names)
            value: dict[str, object] = {
                "name": person,
                "kind": "person",
                "birth_date": str(dice.randrange(1930, 2008)),
                "country": "DE",
                "address": f"{street} Street {dice.randrange(200)}, {dice.randrange(10_000, 99_999)}",
                "account": f"DE{dice.randrange(10**19, 10**20)}",
            }
            if number % COMPANY_ONE_IN == 2:
                value |= {"name": self.company(dice), "kind": "organization"}
                del value["birth_date"]
                if number // COMPANY_ONE_IN % OWNED_ONE_IN == 0:
                    value["owners"] = [{"name": person, "kind": "person", "percent": dice.randrange(1, 101)}]
            yield f"C-{number}", orjson.dumps(value)


def commonest(count: int) -> Iterator[Designation]:
    """Entries with the commonest names of all, three each: what costs the inverted index most."""
    dice = random.Random(6)
    words, weights = zip(*_words(), strict=True)
    for number in range(count):
        spellings = [" ".join(dice.choices(words, weights, k=dice.choice((2, 3)))).title() for _ in range(3)]
        names = tuple(
            Name(text, NameType.AKA if at else NameType.PRIMARY) for at, text in enumerate(spellings)
        )
        yield Designation(f"common:{number}", names, Kind.PERSON)


def _words() -> Iterator[tuple[str, float]]:
    """Words of names and how many bear them."""
    lines = files("screening").joinpath("data/words.csv").read_text("utf-8").splitlines()
    for word, bearers in reader(line for line in lines if not line.startswith("#")):
        yield word, float(bearers)
