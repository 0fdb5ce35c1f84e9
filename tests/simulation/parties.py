"""Who is listed and who is paid: invented parties with names like nobody else's, and editions of lists."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

import orjson

from screening import Designation, Name, NameType
from screening.ledger import ListDigest
from streams.records.json import designation_to_json

LISTS: Mapping[str, tuple[str, ...]] = {
    "ofac": (
        "Brumholtz Zinkwerke",
        "Okavura Timber",
        "Querfeld Marine",
        "Sildarova Petrochem",
        "Yxtapan Foods",
    ),
    "un": ("Dzhalabek Mining", "Vuorensola Freight", "Mbandakwe Textiles"),
}
CLEAN = ("Halloway Bakery", "Prudencio Garden Tools")
ALIASES = ("Fjellgard Nominees", "Cascavelle Partners", "Tsubakihara Agency")
FIRST_DAY = date(2023, 1, 1)  # long before the simulated clock begins: no edition is of a day to come


@dataclass(frozen=True, slots=True)
class Edition:
    """One state of a list: its parties, each with the number of its last amendment."""

    list_name: str
    number: int
    parties: tuple[tuple[str, int], ...]

    @property
    def date(self) -> str:
        """As the file says it; a later edition has a later one."""
        return str(FIRST_DAY + timedelta(self.number))

    @property
    def names(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.parties)

    @property
    def sha256(self) -> str:
        """As a commit of it says."""
        return _sha256(self)

    def records(self) -> Mapping[str, bytes]:
        """As they stand on the topic, by key."""
        return _records(self)

    def designations(self) -> list[Designation]:
        return [_entry(self.list_name, name, revision) for name, revision in self.parties]

    def __str__(self) -> str:
        return f"{self.list_name} {self.number} ({', '.join(sorted(self.names))})"


@cache
def _entry(list_name: str, name: str, revision: int) -> Designation:
    aliases = (Name(ALIASES[revision % 3], NameType.AKA),) if revision else ()
    uid = LISTS[list_name].index(name)
    return Designation(id=f"{list_name}:{uid}", names=(Name(name, NameType.PRIMARY), *aliases))


@lru_cache(64)
def _records(edition: Edition) -> Mapping[str, bytes]:
    return {entry.id: designation_to_json(entry) for entry in edition.designations()}


@lru_cache(64)
def _sha256(edition: Edition) -> str:
    digest = ListDigest()
    for key, value in _records(edition).items():
        digest.add(key.encode(), value)
    return digest.sha256


def first_edition(list_name: str, rng: random.Random) -> Edition:
    names = [name for name in LISTS[list_name] if rng.random() < 0.7] or [LISTS[list_name][0]]
    return Edition(list_name, 0, tuple((name, 0) for name in names))


def next_edition(edition: Edition, rng: random.Random) -> Edition:
    """Some come, some go, some are amended; somebody always stays."""
    before = dict(edition.parties)
    after: dict[str, int] = {}
    for name in LISTS[edition.list_name]:
        chance = rng.random()
        if name in before and chance < 0.75:
            after[name] = before[name] + (chance < 0.15)
        elif name not in before and chance < 0.5:
            after[name] = edition.number + 1
    if not after:
        after[LISTS[edition.list_name][-1]] = 0
    return Edition(edition.list_name, edition.number + 1, tuple(after.items()))


def payment(payment_id: str, party: str) -> bytes:
    """A payment event to one party."""
    return orjson.dumps({"id": payment_id, "parties": [{"role": "creditor", "name": party}]})
