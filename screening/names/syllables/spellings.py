"""The spellings in which names are made of syllables, as tables: what each syllable may stand for."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from screening.names.vocabulary import frozen, lines

PINYIN, WADE_GILES, CANTONESE, HAN, PALLADIUS, KOREAN, HANGUL, VIETNAMESE, HANJA = (
    1 << place for place in range(9)
)
"""How a name is spelt, as bits. Palladius is Chinese in Russian; Korean has its Russian spellings among the
others; Hanja are the Han of Korean names, by which China, Taiwan and Japan write them: 金正恩."""
_COLUMNS: Final = (PINYIN, WADE_GILES, PALLADIUS)
"""Those of `mandarin.txt`."""
_KOREAN_BASE, _MANDARIN_BASE = 2_000_000, 1_000_000
"""Numbers of the classes of syllables begin here, far from those of given names."""
VIETNAMESE_FAMILIES: Final = frozenset(
    "nguyen tran le pham huynh hoang phan vu vo dang bui do ho ngo duong ly truong dinh mai trinh dao "  # noqa: SIM905
    "doan luong luu cao quach ha chau ta thai tang tong trieu kieu".split()
)
MIDDLE_NAMES: Final = frozenset(
    "van thi duc dinh huu ngoc minh quang xuan thanh cong manh hong hoang trong tuan quoc viet".split()  # noqa: SIM905
)
"""Those that most people of Vietnam have."""


class Spelling(NamedTuple):
    """The syllables of one spelling: what each may stand for, as a family name and in any place."""

    anywhere: Mapping[str, frozenset[int]]
    family: Mapping[str, frozenset[int]]


@cache
def mandarin() -> Mapping[str, int]:
    """Pinyin -> the number of its syllable."""
    return {line.split()[0]: _MANDARIN_BASE + place for place, line in enumerate(lines("mandarin.txt"))}


def numbers_of(readings: Sequence[str]) -> frozenset[int]:
    """The numbers of readings in pinyin; what is no syllable has none."""
    known = mandarin()
    return frozenset([known[reading] for reading in readings if reading in known])


@cache
def family_names() -> Mapping[str, tuple[str, ...]]:
    """A Chinese family name in Han -> its readings; two signs that are one name have one reading of both."""
    return {han: tuple(readings) for han, *readings in (line.split() for line in lines("han_surnames.txt"))}


@cache
def family_readings() -> frozenset[str]:
    """How Chinese family names are read."""
    return frozenset(reading for readings in family_names().values() for reading in readings)


@cache
def chinese(system: int) -> Spelling:
    """Pinyin, Wade-Giles or Palladius."""
    table: dict[str, set[int]] = {}
    family: dict[str, set[int]] = {}
    families = family_readings()
    for line in lines("mandarin.txt"):
        columns = line.split("|")
        syllable = columns[0].split()[0]
        for spelling in columns[_COLUMNS.index(system)].split():
            table.setdefault(spelling, set()).add(mandarin()[syllable])
            if syllable in families:
                family.setdefault(spelling, set()).add(mandarin()[syllable])
    return Spelling(frozen(table), frozen(family))


@cache
def cantonese() -> Spelling:
    """The syllables as Hong Kong spells them."""
    anywhere, family = {}, {}
    for line in lines("cantonese.txt"):
        spelling, families, others = (part.split() for part in line.split("|"))
        anywhere[spelling[0]] = numbers_of(others) | numbers_of(families)
        if families:
            family[spelling[0]] = numbers_of(families)
    return Spelling(anywhere, family)


@cache
def korean() -> tuple[Spelling, Mapping[str, int], frozenset[int]]:
    """Latin spellings; Hangul -> the number of its class; the numbers that are family names."""
    table: dict[str, set[int]] = {}
    family: dict[str, set[int]] = {}
    hangul: dict[str, int] = {}
    families: set[int] = set()
    for place, line in enumerate(lines("korean.txt"), _KOREAN_BASE):
        written, *spellings = line.lstrip("| ").split()
        hangul.update(dict.fromkeys(written, place))
        if line.startswith("|"):
            families.add(place)
        for spelling in spellings:
            table.setdefault(spelling, set()).add(place)
            if line.startswith("|"):
                family.setdefault(spelling, set()).add(place)
    return Spelling(frozen(table), frozen(family)), hangul, frozenset(families)


@cache
def han_readings() -> Mapping[str, tuple[str, ...]]:
    """A Han sign -> its readings in pinyin, the commonest first."""
    return {han: tuple(readings) for han, *readings in (line.split() for line in lines("han_readings.txt"))}


@cache
def hanja() -> Mapping[str, tuple[str, ...]]:
    """A Han sign -> the Korean syllables that it is read as."""
    table: dict[str, list[str]] = {}
    for line in lines("hanja.txt"):
        syllable, signs = line.split()
        for sign in signs:
            table.setdefault(sign, []).append(syllable)
    return {sign: tuple(syllables) for sign, syllables in table.items()}


def spelling_of(system: int) -> Spelling:
    """The syllables of a spelling in Latin or Cyrillic letters."""
    if system == KOREAN:
        return korean()[0]
    return cantonese() if system == CANTONESE else chinese(system)
