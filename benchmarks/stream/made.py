"""Made-up lists and payments, the same on every run. No name stands in for a real party.

Words come as often as in life: with an exponent of 0.8 a thousand family names cover most, as in the US
Census of 2010. Production brings new words for ever, a stream of any fixed vocabulary ever fewer. So each
payment has `NEW_WORDS` that none had before, from the first to the last: a screener that remembers words it
has seen gains no more here than it would after a year. The others are known after some ten thousand payments;
what comes before is the cold start.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

import orjson

from screening import Designation, Kind, Name, NameType

OFAC_NAMES = 25_000
"""As many as the 9,418 entries of the OFAC lists of 2026 have."""
NAMES_AN_ENTRY = 3
PARTIES = ("debtor", "creditor", "ultimate_debtor", "ultimate_creditor")
NEW_WORDS = 2
"""Words of each payment, of its eight to twelve, that no payment had before: one in five."""
LISTED_ONE_IN = 200
"""So many payments have one to a listed party, spelt as listed: the hits of a busy screening desk."""

_STARTS = (
    "b", "br", "ch", "d", "dr", "f", "g", "gr", "h", "j", "k", "kl", "kr", "l", "m", "n", "p", "pr",
    "r", "s", "sh", "st", "t", "tr", "v", "w", "y", "z",
)  # fmt: skip
_VOWELS = (
    "a", "e", "i", "o", "u", "ai", "ei", "ou",
)  # fmt: skip
_ENDS = (
    "", "", "", "n", "r", "l", "s", "m", "k", "t", "v", "ng",
)  # fmt: skip
_TRADES = (
    "Trading", "Shipping", "Logistics", "Industries", "Energy", "Marine", "Holding", "Bank", "Aviation",
    "Chemicals",
)  # fmt: skip
_FORMS = (
    "LLC", "Ltd", "GmbH", "SA", "JSC", "OOO", "Inc",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Payment:
    id: str
    value: bytes
    listed: bool


def designations(names: int, seed: int = 1) -> Iterator[Designation]:
    """A list with so many names, two thirds persons."""
    dice = random.Random(seed)
    for number in range(names // NAMES_AN_ENTRY):
        kind = Kind.PERSON if number % 3 else Kind.ORGANIZATION
        make = person if kind is Kind.PERSON else company
        spellings = [make(dice, _FAMILY.one(dice)) for _ in range(NAMES_AN_ENTRY)]
        yield Designation(
            id=f"made:{number}",
            kind=kind,
            programs=("MADE",),
            names=tuple(
                Name(text, NameType.AKA if place else NameType.PRIMARY)
                for place, text in enumerate(spellings)
            ),
        )


def payments(count: int, listed: list[str], seed: int = 2) -> Iterator[Payment]:
    """So many payments of four parties each."""
    dice = random.Random(seed)
    new = _new_words(seed)
    for number in range(count):
        families = [next(new) if place < NEW_WORDS else None for place in range(len(PARTIES))]
        dice.shuffle(families)
        names = [(person if dice.random() < 0.7 else company)(dice, family) for family in families]
        hit = number % LISTED_ONE_IN == 0
        if hit:
            names[1] = dice.choice(listed)
        amount = f"{dice.lognormvariate(6, 1.5):.2f}"
        yield Payment(f"BENCH-{seed}-{number}", _event(f"BENCH-{seed}-{number}", amount, names), hit)


def _event(payment_id: str, amount: str, names: list[str]) -> bytes:
    parties = [
        {"role": role, "name": name, "country": "GB"} for role, name in zip(PARTIES, names, strict=True)
    ]
    return orjson.dumps(
        {"id": payment_id, "amount": amount, "currency": "USD", "rail": "swift", "parties": parties}
    )


class _Words:
    """Made-up words and how often each comes."""

    def __init__(self, count: int, syllables: tuple[int, ...], exponent: float, seed: int) -> None:
        dice = random.Random(seed)
        self._words = [_word(dice, dice.choice(syllables)) for _ in range(count)]
        self._weights = list(accumulate((place + 1) ** -exponent for place in range(count)))

    def one(self, dice: random.Random) -> str:
        return dice.choices(self._words, cum_weights=self._weights)[0]


def _word(dice: random.Random, syllables: int) -> str:
    parts = [dice.choice(_STARTS) + dice.choice(_VOWELS) + dice.choice(_ENDS) for _ in range(syllables)]
    return "".join(parts).capitalize()


_GIVEN = _Words(5_000, (2,), 1.0, seed=11)
_FAMILY = _Words(150_000, (2, 2, 3), 0.8, seed=12)


_CUSTOMERS = _Words(3_000, (2, 2, 3), 0.8, seed=12)
"""The family names that come again."""


def _new_words(seed: int) -> Iterator[str]:
    """Words that neither the list nor another payment has."""
    dice = random.Random(seed + 1_000)
    said: set[str] = set()
    while True:
        word = _word(dice, dice.choice((3, 3, 4)))
        if word not in said:
            said.add(word)
            yield word


def person(dice: random.Random, family: str | None = None) -> str:
    """One or two given names and a family name: the one given, or one that comes again."""
    given = " ".join(_GIVEN.one(dice) for _ in range(dice.choice((1, 1, 2))))
    return f"{given} {family or _CUSTOMERS.one(dice)}"


def company(dice: random.Random, family: str | None = None) -> str:
    """A family's name, its trade and a legal form."""
    return f"{family or _CUSTOMERS.one(dice)} {dice.choice(_TRADES)} {dice.choice(_FORMS)}"


def new_words(stream: Iterable[Payment], after: int) -> float:
    """Words a payment that none before it had, of the payments `after` the first so many."""
    seen: set[str] = set()
    counted = found = 0
    for number, payment in enumerate(stream):
        words = {word for party in orjson.loads(payment.value)["parties"] for word in party["name"].split()}
        if number >= after:
            counted += 1
            found += len(words - seen)
        seen |= words
    return found / counted
