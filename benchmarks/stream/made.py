"""Made-up lists and payments, the same on every run. No name stands in for a real party.

Words come as often as in life: with an exponent of 0.8 a thousand family names cover most, as in the US
Census of 2010. Production brings new words for ever, a stream of any fixed vocabulary ever fewer. So half of
the parties that no payment had before have a word that none had before either, from the first to the last: a
screener that remembers words it has seen gains no more here than it would after a year. The others are known
after some ten thousand payments; what comes before is the cold start.

How many parties are new is for the caller to say, for it decides what a screener can remember. ALL_NEW is the
hardest and no bank's day: its own customers come again, other banks, payees paid before. TYPICAL is from the
United Kingdom: banks check a payee's name whenever one is set up or amended, 2.1 million times a day (Pay.UK,
Confirmation of Payee, 2025), beside some 14 million Faster Payments a day (Pay.UK: 5.1 billion in 2024). So
15 payments in 100 at the most have a new payee: some are set up and not paid, and a payee new to one payer is
known to another. The payee is one of four parties, and payers are customers: that makes 4 parties in 100.
OFTEN_NEW is for whoever meets strangers more: every second payment has a new party.
"""

import random
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import orjson

from screening import Designation, Kind, Name, NameType

OFAC_NAMES = 25_000
"""As many as the 9,418 entries of the OFAC lists of 2026 have."""
NAMES_AN_ENTRY = 3
PARTIES = ("debtor", "creditor", "ultimate_debtor", "ultimate_creditor")
ALL_NEW, HALF_NEW, OFTEN_NEW, TYPICAL = 1.0, 0.5, 0.15, 0.04
"""Shares of parties that no payment had before."""
REGULARS = 20_000
"""Parties that come again, the busiest with each fortieth payment, as few pay and are paid often."""
WITH_NEW_WORD = 0.5
"""The part of the new parties that have a word that no payment had before."""
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


def designations(names: int) -> Iterator[Designation]:
    """A list with so many names, two thirds persons, with words of its own.

    As on real lists, whose parties come from few places: payments between others meet it by chance in 4 of
    1,000. With the payments' own words every second payment would be a hit.
    """
    dice = random.Random(1)
    for number in range(names // NAMES_AN_ENTRY):
        kind = Kind.PERSON if number % 3 else Kind.ORGANIZATION
        spellings = [_listed(dice, kind) for _ in range(NAMES_AN_ENTRY)]
        yield Designation(
            id=f"made:{number}",
            kind=kind,
            programs=("MADE",),
            names=tuple(
                Name(text, NameType.AKA if place else NameType.PRIMARY)
                for place, text in enumerate(spellings)
            ),
        )


def payments(count: int, listed: list[str], seed: int = 2, new: float = ALL_NEW) -> Iterator[Payment]:
    """So many payments of four parties each, a share of them `new`."""
    dice = random.Random(seed)
    strange = unseen_words(seed)
    regulars = Regulars(_regulars())
    for number in range(count):
        names = parties(dice, new, lambda: _stranger(dice, strange), regulars)
        hit = number % LISTED_ONE_IN == 0
        if hit:
            names[1] = dice.choice(listed)
        # as SWIFT's gpi numbers payments
        payment_id = str(uuid.UUID(int=dice.getrandbits(128), version=4))
        yield Payment(payment_id, _event(payment_id, f"{dice.lognormvariate(6, 1.5):.2f}", names), hit)


def parties(dice: random.Random, new: float, stranger: Callable[[], str], regulars: "Regulars") -> list[str]:
    """The names of one payment's parties, of which a share is `new`."""
    return [stranger() if dice.random() < new else regulars.one(dice) for _ in PARTIES]


def new_words(new: float) -> float:
    """Words a payment that none before it had."""
    return len(PARTIES) * new * WITH_NEW_WORD


def _listed(dice: random.Random, kind: Kind) -> str:
    family = _LISTED_FAMILY.one(dice)
    return person(dice, family, _LISTED_GIVEN) if kind is Kind.PERSON else company(dice, family)


def _stranger(dice: random.Random, strange: Iterator[str]) -> str:
    """Whom no payment had before."""
    family = next(strange) if dice.random() < WITH_NEW_WORD else None
    return (person if dice.random() < 0.7 else company)(dice, family)


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


class Regulars:
    """Parties that come again, the busiest first, and how often each does."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = list(names)
        self._weights = list(accumulate((place + 1) ** -0.8 for place in range(len(self._names))))

    def one(self, dice: random.Random) -> str:
        return dice.choices(self._names, cum_weights=self._weights)[0]


def _regulars() -> Iterator[str]:
    dice = random.Random(13)
    for _ in range(REGULARS):
        yield (person if dice.random() < 0.7 else company)(dice)


_GIVEN = _Words(5_000, (2,), 1.0, seed=11)
_LISTED_GIVEN = _Words(5_000, (2, 3), 1.0, seed=21)
_LISTED_FAMILY = _Words(150_000, (3, 3, 4), 0.8, seed=22)
_CUSTOMERS = _Words(3_000, (2, 2, 3), 0.8, seed=12)
"""The family names that come again."""


def unseen_words(seed: int) -> Iterator[str]:
    """Words that neither the list nor another payment has."""
    dice = random.Random(seed + 1_000)
    said: set[str] = set()
    while True:
        word = _word(dice, dice.choice((3, 3, 4)))
        if word not in said:
            said.add(word)
            yield word


def person(dice: random.Random, family: str | None = None, given: _Words = _GIVEN) -> str:
    """One or two given names and a family name: the one given, or one that comes again."""
    first = " ".join(given.one(dice) for _ in range(dice.choice((1, 1, 2))))
    return f"{first} {family or _CUSTOMERS.one(dice)}"


def company(dice: random.Random, family: str | None = None) -> str:
    """A family's name, its trade and a legal form."""
    return f"{family or _CUSTOMERS.one(dice)} {dice.choice(_TRADES)} {dice.choice(_FORMS)}"


class Shares(NamedTuple):
    """What of a payment none before it had, on average."""

    words: float
    parties: float


def seen_first(stream: Iterable[Payment], after: int) -> Shares:
    """Of the payments `after` the first so many."""
    return shares(
        ({party["name"] for party in orjson.loads(payment.value)["parties"]} for payment in stream), after
    )


def shares(stream: Iterable[Collection[str]], after: int) -> Shares:
    """The same of payments by the names of their parties."""
    words: set[str] = set()
    names: set[str] = set()
    counted = new_words = new_names = 0
    for number, met in enumerate(map(set, stream)):
        said = {word for name in met for word in name.split()}
        if number >= after:
            counted += 1
            new_words += len(said - words)
            new_names += len(met - names)
        words |= said
        names |= met
    return Shares(new_words / counted, new_names / counted)
