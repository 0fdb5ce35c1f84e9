"""Where lists and payments with known answers come from; everything follows from a seed."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from screening import Designation, Kind, Name, NameType

_ONSETS = ("b", "ch", "d", "dr", "f", "g", "h", "k", "kh", "l", "m", "n", "p", "r", "s", "sh", "t", "v", "z")
_VOWELS = ["a", "ai", "e", "i", "ia", "o", "ou", "u"]
_CODAS = ["k", "l", "m", "n", "r", "s", "sh", "t", "v", "d"]
CLEAR_NAMES = (
    "Greenfield Bakery",
    "Harbour Street Dentists",
    "Meadow Lane Nursery",
    "Northern Bicycle Works",
)
"""Shapes of everyday payees; a number makes each its own."""
SHOPS = 10_000


@dataclass(frozen=True, slots=True)
class Planted:
    """One payment and its right answer: the designation that it pays, or None for nobody listed."""

    id: str
    value: bytes
    pays: str | None


def generated_list(size: int, *, seed: int = 1, source: str = "ofac") -> list[Designation]:
    """`size` parties with made-up names, half persons and half companies, no two alike."""
    names = _names(random.Random(seed), size)
    return [_designation(f"{source}:{number}", name, number % 2 == 0) for number, name in enumerate(names, 1)]


def _designation(id: str, name: str, person: bool) -> Designation:
    kind = Kind.PERSON if person else Kind.ORGANIZATION
    text = name if person else f"{name} TRADING COMPANY"
    return Designation(id=id, names=(Name(text, NameType.PRIMARY),), kind=kind, programs=("TEST",))


def _names(rng: random.Random, size: int) -> list[str]:
    names: dict[str, None] = {}
    while len(names) < size:
        names[f"{_word(rng)} {_word(rng)} {_word(rng)}".upper()] = None
    return list(names)


def _word(rng: random.Random) -> str:
    syllables = [rng.choice(_ONSETS) + rng.choice(_VOWELS) for _ in range(rng.randint(2, 3))]
    return "".join(syllables) + rng.choice(_CODAS)


def payments(
    count: int,
    listed: Sequence[Designation],
    *,
    hits: int,
    seed: int = 1,
    prefix: str = "P",
    shops: int = SHOPS,
) -> Iterator[Planted]:
    """`count` payments, of which `hits`, spread at random, pay a listed party in the list's own spelling.

    The others are between `shops` everyday debtors and as many payees of each shape: the fewer, the more a
    worker knows by heart.
    """
    rng = random.Random(seed)
    paying = set(rng.sample(range(count), hits))
    for number in range(count):
        target = rng.choice(listed) if number in paying else None
        yield payment(f"{prefix}-{number:06}", target, rng, shops)


def payment(id: str, target: Designation | None, rng: random.Random, shops: int = SHOPS) -> Planted:
    """One payment to `target`, or to an everyday payee."""
    if target is None:
        creditor = {"name": f"{rng.choice(CLEAR_NAMES)} {rng.randrange(shops)}", "kind": "organization"}
    else:
        kind = {"kind": str(target.kind)} if target.kind else {}
        creditor = {"name": target.names[0].text, **kind}
    event = {
        "id": id,
        "time": "2026-03-02T09:30:00Z",
        "amount": f"{rng.randrange(100, 10_000_000) / 100:.2f}",
        "currency": "EUR",
        "parties": [
            {"role": "debtor", "name": f"Corner Shop {rng.randrange(shops)}", "country": "IE"},
            {"role": "creditor", **creditor},
        ],
        "remittance": [f"INV {rng.randrange(10**6):06}"],
    }
    return Planted(id, json.dumps(event).encode(), target.id if target else None)
