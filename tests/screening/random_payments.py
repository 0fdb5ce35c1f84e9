"""Seeded payments, designations and list changes whose names meet now and then."""

import random
from dataclasses import replace

from screening import Designation, Kind, Name, NameType, Payment, Role
from screening.payments.model import Field, Party

GIVEN = (
    "Ashot",
    "Igor",
    "Mohammed",
    "Анна",
    "Li",
    "Jose",
    "Kim",
    "Abdul",
    "Maria",
    "Viktor",
    "Samir",
    "Olga",
)
FIRST = (
    "Mkr",
    "Pet",
    "Rah",
    "Ива",
    "Gar",
    "Had",
    "Orb",
    "Now",
    "Ver",
    "Del",
    "Ship",
    "Oce",
    "Gul",
    "Nor",
    "Eng",
)
MIDDLE = ("ty", "ro", "ma", "но", "ci", "da", "ani", "ako", "su", "tri", "pi", "lo", "fu", "de", "ine")
LAST = (
    "chev",
    "vsky",
    "nov",
    "ва",
    "ales",
    "dim",
    "escu",
    "wicz",
    "sor",
    "tech",
    "ng",
    "stra",
    "dor",
    "mar",
    "er",
)
FORMS = ("LLC", "s.r.o.", "Ltd", "GmbH", "LLP", "ООО", "")


class Chance:
    """Draws with a seed; the same seed draws the same."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def name(self) -> tuple[str, Kind]:
        pick = self._random.choice
        if self._random.random() < 0.5:
            return f"{pick(GIVEN)} {self.word()}", Kind.PERSON
        words = [self.word() for _ in range(self._random.randint(1, 3))]
        return " ".join([*words, pick(FORMS)]).strip(), Kind.ORGANIZATION

    def word(self) -> str:
        return "".join(map(self._random.choice, (FIRST, MIDDLE, LAST)))

    def spelt(self, name: str) -> str:
        """The name as somebody else writes it: most of the time the same."""
        chance = self._random.random()
        words = name.split()
        if chance < 0.15:
            self._random.shuffle(words)
        elif chance < 0.3 and len(name) > 4:
            at = self._random.randrange(1, len(name) - 1)
            return name[:at] + name[at + 1 :]
        elif chance < 0.4 and len(words) > 1:
            words.pop()
        return " ".join(words)

    def designation(self, number: int) -> Designation:
        (name, kind), count = self.name(), self._random.randint(0, 3)
        aliases = tuple(Name(self.spelt(self.name()[0])) for _ in range(count))
        return Designation(f"ofac:{number}", (Name(name, NameType.PRIMARY), *aliases), kind)

    def change(self, listed: dict[str, Designation], number: int) -> str:
        """One entry added, given a name, robbed of one, or taken out; returns its id."""
        chance = self._random.random()
        if chance < 0.4 or not listed:
            new = self.designation(number)
            listed[new.id] = new
            return new.id
        old = listed[self._random.choice(sorted(listed))]
        if chance < 0.7:
            listed[old.id] = replace(old, names=(*old.names, Name(self.name()[0])))
        elif chance < 0.85 and len(old.names) > 1:
            listed[old.id] = replace(old, names=old.names[:-1])
        else:
            del listed[old.id]
        return old.id

    def payment(self, number: int) -> Payment:
        parties: list[Party] = []
        for role in (Role.DEBTOR, Role.CREDITOR):
            name, kind = self.name()
            told = kind if self._random.random() < 0.5 else None
            parties.append(
                Party(role, names=(Field(self.spelt(name), f"/parties/{len(parties)}/name"),), kind=told)
            )
        text = f"INV {self._random.randrange(9999)} {self.spelt(self.name()[0])}"
        parties.append(Party(Role.REMITTANCE, texts=(Field(text, "/remittance/0"),)))
        return Payment(f"P-{number}", tuple(parties))
