"""Whole names read in syllables."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from screening.names.syllables.spellings import (
    CANTONESE,
    HAN,
    HANGUL,
    HANJA,
    KOREAN,
    PALLADIUS,
    PINYIN,
    VIETNAMESE,
    VIETNAMESE_FAMILIES,
    WADE_GILES,
    Spelling,
    family_names,
    family_readings,
    han_readings,
    hanja,
    korean,
    numbers_of,
    spelling_of,
)
from screening.names.syllables.words import cut, latin, systems_of, unmarked

_MADE_OF_SYLLABLES: Final = (PINYIN, WADE_GILES, CANTONESE, HAN, PALLADIUS, KOREAN, HANGUL, VIETNAMESE, HANJA)
FEWEST, MOST = 2, 4
"""Syllables of a name: a family name and one other; a family name of two and two others."""
WRITTEN_APART: Final = 3
"""Words of a name each of whose syllables is one."""
_OF_NOTHING: Final[frozenset[int]] = frozenset()


class Syllable(NamedTuple):
    """One syllable as written, in Latin letters, and the syllables that it may stand for."""

    native: str
    text: str
    groups: frozenset[int]


class Syllabic(NamedTuple):
    """One way to read a name in syllables."""

    systems: int
    syllables: tuple[Syllable, ...]


def syllabic(words: Sequence[str], hyphened: bool) -> tuple[Syllabic, ...]:
    """The ways to read a name in syllables; none for most names. `hyphened`: it has a hyphen in it.

    Wade-Giles and Cantonese are tried where a name is no pinyin, or has the hyphen that pinyin has not;
    Wade-Giles also where each syllable stands alone: "Chang Kuo Hua".
    """
    if not 1 <= len(words) <= MOST:
        return ()
    words = [unmarked(word) for word in words]
    systems = systems_of(words[0])
    for word in words[1:]:
        if not systems:
            return ()
        systems &= systems_of(word)
    if not systems:
        return ()
    if systems & PINYIN and not hyphened:
        systems &= ~CANTONESE if len(words) >= WRITTEN_APART else ~(WADE_GILES | CANTONESE)
    found: dict[tuple[str, ...], Syllabic] = {}
    for system in _MADE_OF_SYLLABLES:
        if systems & system:
            read = _read(words, system)
            if read:
                texts = tuple([syllable.text for syllable in read])
                held = found.get(texts)
                found[texts] = Syllabic(system, read) if held is None else _merged(held, system, read)
    return tuple(found.values())


def _merged(held: Syllabic, system: int, read: tuple[Syllable, ...]) -> Syllabic:
    """Two spellings of the same letters: each syllable stands for what it is in either."""
    both = [
        Syllable(syllable.native, syllable.text, syllable.groups | other.groups)
        for syllable, other in zip(held.syllables, read, strict=True)
    ]
    return Syllabic(held.systems | system, tuple(both))


def _read(words: Sequence[str], system: int) -> tuple[Syllable, ...]:
    if system == HAN:
        return _read_han(words)
    if system == HANGUL:
        return _read_hangul(words)
    if system == HANJA:
        return _read_hanja(words)
    if system == VIETNAMESE:
        return _read_vietnamese(words)
    joined = system in (PINYIN, PALLADIUS) or (system == KOREAN and len(words) == 2)
    parts = [cut(word, system) if joined else (word,) for word in words]
    texts = [text for part in parts for text in part]
    if not joined and any(text not in spelling_of(system).anywhere for text in texts):
        return ()
    if not FEWEST <= len(texts) <= MOST or len(words) == 1 or any(len(part) > 2 for part in parts):
        return ()
    spelling = spelling_of(system)
    first, last = _is_family(parts[0], spelling), _is_family(parts[-1], spelling)
    if not first and not last:
        return ()
    syllables = [Syllable(text, latin(text), spelling.anywhere[text]) for text in texts]
    if system == CANTONESE:
        place = 0 if first else len(texts) - 1
        syllables[place] = syllables[place]._replace(groups=spelling.family[texts[place]])
    return tuple(syllables)


def _is_family(parts: tuple[str, ...], spelling: Spelling) -> bool:
    if len(parts) == 1:
        return parts[0] in spelling.family
    return len(parts) == 2 and "".join(parts) in family_readings()


def _read_han(words: Sequence[str]) -> tuple[Syllable, ...]:
    """A family name and one or two signs; each sign with all its readings, the family name with its own."""
    signs = "".join(words)
    families = family_names()
    if not FEWEST <= len(signs) <= MOST:
        return ()
    if signs[:2] in families and len(signs) > 2:
        family, rest = signs[:2], signs[2:]
        texts: list[str] = list(cut(families[family][0], PINYIN))
    elif signs[0] in families and len(signs) <= 3:
        family, rest = signs[0], signs[1:]
        texts = [families[family][0]]
    else:
        return ()
    syllables = [
        Syllable(sign, text, numbers_of(families[family] if len(family) == 1 else (text,)))
        for sign, text in zip(family, texts, strict=True)
    ]
    for sign in rest:
        readings = han_readings().get(sign) or (latin(sign),)
        syllables.append(Syllable(sign, readings[0], numbers_of(readings)))
    return tuple(syllables)


def _read_hangul(words: Sequence[str]) -> tuple[Syllable, ...]:
    """A family name and one to three syllables."""
    _, numbers, families = korean()
    signs = "".join(words)
    if not FEWEST <= len(signs) <= MOST or any(sign not in numbers for sign in signs):
        return ()
    if numbers[signs[0]] not in families:
        return ()
    return tuple([Syllable(sign, latin(sign), frozenset((numbers[sign],))) for sign in signs])


def _read_hanja(words: Sequence[str]) -> tuple[Syllable, ...]:
    """A Korean family name of one sign and two others; with one other it is hardly ever Korean."""
    known = hanja()
    _, numbers, families = korean()
    signs = "".join(words)
    if len(signs) != MOST - 1 or any(sign not in known for sign in signs):
        return ()
    found = []
    for place, sign in enumerate(signs):
        read = {numbers[syllable]: syllable for syllable in known[sign]}
        groups = frozenset(read) if place else families.intersection(read)
        if not groups:
            return ()
        found.append(Syllable(sign, latin(read[min(groups)]), groups))
    return tuple(found)


def _read_vietnamese(words: Sequence[str]) -> tuple[Syllable, ...]:
    """Three or four words, of which each tells names apart, also "Van" and "Thi"."""
    if len(words) < 3 or not (words[0] in VIETNAMESE_FAMILIES or words[-1] in VIETNAMESE_FAMILIES):
        return ()
    return tuple([Syllable(word, word, _OF_NOTHING) for word in words])
