"""Names of China, Korea and Vietnam, syllable by syllable.

A syllable of these names is as good as a letter: another one is another name, and one is spelt in many ways.
"Teng Hsiao-ming" and "Deng Xiaoming", "Rhee", "Lee" and "Ri" have every syllable in common by the tables of
the spellings, and "Guo" and "Gu" have none, however alike they look. A name is read so where all its words
are syllables of one spelling, two to four of them, and the first or the last is a family name.

>>> [syllable.text for syllable in syllabic(("teng", "hsiao", "ming"), hyphened=True)[0].syllables]
['teng', 'hsiao', 'ming']
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from anyascii import anyascii

from screening.cache import by_word
from screening.names.scripts import Script, romanise, script_of
from screening.names.slavic import slavic_classes
from screening.names.vocabulary import frozen, lines

PINYIN, WADE_GILES, CANTONESE, HAN, PALLADIUS, KOREAN, HANGUL, VIETNAMESE, HANJA = (
    1 << place for place in range(9)
)
"""How a name is spelt, as bits. Palladius is Chinese in Russian; Korean has its Russian spellings among the
others; Hanja are the Han of Korean names, by which China, Taiwan and Japan write them: 金正恩."""
_MADE_OF_SYLLABLES: Final = (PINYIN, WADE_GILES, CANTONESE, HAN, PALLADIUS, KOREAN, HANGUL, VIETNAMESE, HANJA)
_COLUMNS: Final = (PINYIN, WADE_GILES, PALLADIUS)
"""Those of `mandarin.txt`."""
_LANGUAGES: Final = (PINYIN | WADE_GILES | CANTONESE | HAN | PALLADIUS, KOREAN | HANGUL | HANJA, VIETNAMESE)
"""Two readings in one language tell names apart syllable by syllable."""
FEWEST, MOST = 2, 4
"""Syllables of a name: a family name and one other; a family name of two and two others."""
WRITTEN_APART: Final = 3
"""Words of a name each of whose syllables is one."""
LONGEST_PART: Final = 2
"""Syllables of a family name, or of a given name in one word."""
LONGEST_WORD: Final = 14
"""Letters of two of the longest syllables; a longer word is none of these names."""
_KOREAN_BASE, _MANDARIN_BASE = 2_000_000, 1_000_000
"""Numbers of the classes of syllables begin here, far from those of given names."""


class Syllable(NamedTuple):
    """One syllable as written, in Latin letters, and the syllables that it may stand for."""

    native: str
    text: str
    groups: frozenset[int]


class Syllabic(NamedTuple):
    """One way to read a name in syllables."""

    systems: int
    syllables: tuple[Syllable, ...]


class _Spelling(NamedTuple):
    """The syllables of one spelling: what each may stand for, as a family name and in any place."""

    anywhere: Mapping[str, frozenset[int]]
    family: Mapping[str, frozenset[int]]


@cache
def _mandarin() -> Mapping[str, int]:
    """Pinyin -> the number of its syllable."""
    return {line.split()[0]: _MANDARIN_BASE + place for place, line in enumerate(lines("mandarin.txt"))}


def _numbers(readings: Sequence[str]) -> frozenset[int]:
    known = _mandarin()
    return frozenset([known[reading] for reading in readings if reading in known])


@cache
def _families() -> Mapping[str, tuple[str, ...]]:
    """A Chinese family name in Han -> its readings; two signs that are one name have one reading of both."""
    return {han: tuple(readings) for han, *readings in (line.split() for line in lines("han_surnames.txt"))}


@cache
def _family_readings() -> frozenset[str]:
    return frozenset(reading for readings in _families().values() for reading in readings)


@cache
def _chinese(system: int) -> _Spelling:
    """Pinyin, Wade-Giles or Palladius."""
    table: dict[str, set[int]] = {}
    family: dict[str, set[int]] = {}
    families = _family_readings()
    for line in lines("mandarin.txt"):
        columns = line.split("|")
        syllable = columns[0].split()[0]
        for spelling in columns[_COLUMNS.index(system)].split():
            table.setdefault(spelling, set()).add(_mandarin()[syllable])
            if syllable in families:
                family.setdefault(spelling, set()).add(_mandarin()[syllable])
    return _Spelling(frozen(table), frozen(family))


@cache
def _cantonese() -> _Spelling:
    anywhere, family = {}, {}
    for line in lines("cantonese.txt"):
        spelling, families, others = (part.split() for part in line.split("|"))
        anywhere[spelling[0]] = _numbers(others) | _numbers(families)
        if families:
            family[spelling[0]] = _numbers(families)
    return _Spelling(anywhere, family)


@cache
def _korean() -> tuple[_Spelling, Mapping[str, int], frozenset[int]]:
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
    return _Spelling(frozen(table), frozen(family)), hangul, frozenset(families)


@cache
def _han_readings() -> Mapping[str, tuple[str, ...]]:
    return {han: tuple(readings) for han, *readings in (line.split() for line in lines("han_readings.txt"))}


def romanise_han(word: str) -> str:
    """A word of Han alone in pinyin, each sign as it is mostly read; empty for all other words."""
    if word.isascii() or not _ONLY_HAN.fullmatch(word):
        return ""
    known = _han_readings()
    return "".join([known[sign][0] if sign in known else _latin(sign) for sign in word])


_ONLY_HAN: Final = re.compile(r"[\u3400-\u9fff]{1,64}")
_VIETNAMESE: Final = re.compile(
    r"(?:ngh?|n?h|kh?|th|tr|ch|gi|gh?|ph|qu|[bcdhlmnrstvx])?[yi]?[ou]?[aeiouy]{1,2}(?:ng|nh|ch|[ncmptoiuy])?"
)
_VIETNAMESE_FAMILIES: Final = frozenset(
    "nguyen tran le pham huynh hoang phan vu vo dang bui do ho ngo duong ly truong dinh mai trinh dao "  # noqa: SIM905
    "doan luong luu cao quach ha chau ta thai tang tong trieu kieu".split()
)
_MIDDLE_NAMES: Final = frozenset(
    "van thi duc dinh huu ngoc minh quang xuan thanh cong manh hong hoang trong tuan quoc viet".split()  # noqa: SIM905
)
"""Those that most people of Vietnam have."""
_OF_NOTHING: Final[frozenset[int]] = frozenset()
_HAN: Final = re.compile(r"[\u3400-\u9fff]{1,4}")
_CYRILLIC: Final = re.compile("[а-яё]{1,14}")
_HANGUL: Final = re.compile(r"[\uac00-\ud7a3]{1,4}")


@by_word(1 << 16)
def systems_of(word: str) -> int:
    """The spellings in which all of a case-folded word is syllables; for most words of the world none."""
    word = unmarked(word)
    if not word.isascii():
        if _HAN.fullmatch(word):
            return HAN | HANJA
        if _HANGUL.fullmatch(word):
            return HANGUL
        return _in_cyrillic(word) if _CYRILLIC.fullmatch(word) else 0
    if not word.isalpha() or len(word) > LONGEST_WORD:
        return 0
    found = 0
    if _ends_so(word, PINYIN) and _cut(word, PINYIN):
        found |= PINYIN
    if _ends_so(word, KOREAN) and _cut(word, KOREAN):
        found |= KOREAN
    if word in _chinese(WADE_GILES).anywhere:
        found |= WADE_GILES
    if word in _cantonese().anywhere:
        found |= CANTONESE
    if len(word) < 7 and _VIETNAMESE.fullmatch(word):
        found |= VIETNAMESE
    return found


def unmarked(word: str) -> str:
    """A word in Latin letters without the marks of tones and vowels that scholars write: hsü, chŏng."""
    if word.isascii() or script_of(word) is not Script.LATIN:
        return word
    return romanise(word)


def _in_cyrillic(word: str) -> int:
    """Иван and Анна are no two syllables: who is called so is a Russian."""
    found = 0
    for system in (PALLADIUS, KOREAN):
        parts = _cut(word, system) if _ends_so(word, system) else ()
        if len(parts) == 1 or (parts and not slavic_classes(romanise(word))):
            found |= system
    return found


def is_korean_syllable(word: str) -> bool:
    """Is a word in letters a-z one syllable of Korea: "jong", "il"?"""
    return word in _korean()[0].anywhere


def goes_on_in_vietnamese(words: Sequence[str], place: int) -> bool:
    """Is a particle a name of Vietnam: the middle one behind a family name, or that before a usual middle?

    >>> goes_on_in_vietnamese(["nguyen", "van", "minh"], 1), goes_on_in_vietnamese(["le", "thi", "hoa"], 0)
    (True, True)
    """
    if place + 1 >= len(words) or not systems_of(words[place + 1]) & VIETNAMESE:
        return False
    if words[place] in _MIDDLE_NAMES:
        return place > 0 and words[place - 1] in _VIETNAMESE_FAMILIES
    if words[place] not in _VIETNAMESE_FAMILIES or words[place + 1] not in _MIDDLE_NAMES:
        return False
    return place + 2 < len(words) and bool(systems_of(words[place + 2]) & VIETNAMESE)


def _spelling(system: int) -> _Spelling:
    if system == KOREAN:
        return _korean()[0]
    return _cantonese() if system == CANTONESE else _chinese(system)


@cache
def _endings(system: int) -> frozenset[str]:
    """The last two letters of every syllable; those of one letter as they are."""
    return frozenset(syllable[-2:] for syllable in _spelling(system).anywhere)


def _ends_so(word: str, system: int) -> bool:
    """Does a word end as one of syllables does? Most words of the world are told from them by that."""
    endings = _endings(system)
    return word[-2:] in endings or word[-1:] in endings


@by_word(1 << 14)
def _cut(word: str, system: int) -> tuple[str, ...]:
    """A word in the fewest syllables, the longest first; none if it is not made of them."""
    known = _spelling(system).anywhere
    if word in known:
        return (word,)
    best: tuple[str, ...] = ()
    for end in range(min(6, len(word) - 1), 0, -1):
        if word[:end] in known:
            rest = _cut(word[end:], system)
            if rest and (not best or len(rest) + 1 < len(best)):
                best = (word[:end], *rest)
    return best


def languages(systems: int) -> int:
    """The languages of some spellings, as bits."""
    return sum(1 << place for place, language in enumerate(_LANGUAGES) if systems & language)


@by_word(1 << 14)
def languages_of(word: str) -> int:
    """The languages, as bits, in which a case-folded word is one part of a name, of one or two syllables.

    >>> languages_of("hyok") == languages(KOREAN), languages_of("kiraya")
    (True, 0)
    """
    systems = systems_of(word)
    for system in (PINYIN, KOREAN):
        if systems & system and word.isascii() and len(_cut(word, system)) > LONGEST_PART:
            systems &= ~system
    return languages(systems)


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
    parts = [_cut(word, system) if joined else (word,) for word in words]
    texts = [text for part in parts for text in part]
    if not joined and any(text not in _spelling(system).anywhere for text in texts):
        return ()
    if not FEWEST <= len(texts) <= MOST or len(words) == 1 or any(len(part) > 2 for part in parts):
        return ()
    spelling = _spelling(system)
    first, last = _is_family(parts[0], spelling), _is_family(parts[-1], spelling)
    if not first and not last:
        return ()
    syllables = [Syllable(text, _latin(text), spelling.anywhere[text]) for text in texts]
    if system == CANTONESE:
        place = 0 if first else len(texts) - 1
        syllables[place] = syllables[place]._replace(groups=spelling.family[texts[place]])
    return tuple(syllables)


def _latin(syllable: str) -> str:
    return syllable if syllable.isascii() else anyascii(syllable).lower().replace("'", "")


def _is_family(parts: tuple[str, ...], spelling: _Spelling) -> bool:
    if len(parts) == 1:
        return parts[0] in spelling.family
    return len(parts) == 2 and "".join(parts) in _family_readings()


def _read_han(words: Sequence[str]) -> tuple[Syllable, ...]:
    """A family name and one or two signs; each sign with all its readings, the family name with its own."""
    signs = "".join(words)
    families = _families()
    if not FEWEST <= len(signs) <= MOST:
        return ()
    if signs[:2] in families and len(signs) > 2:
        family, rest = signs[:2], signs[2:]
        texts: list[str] = list(_cut(families[family][0], PINYIN))
    elif signs[0] in families and len(signs) <= 3:
        family, rest = signs[0], signs[1:]
        texts = [families[family][0]]
    else:
        return ()
    syllables = [
        Syllable(sign, text, _numbers(families[family] if len(family) == 1 else (text,)))
        for sign, text in zip(family, texts, strict=True)
    ]
    for sign in rest:
        readings = _han_readings().get(sign) or (_latin(sign),)
        syllables.append(Syllable(sign, readings[0], _numbers(readings)))
    return tuple(syllables)


def _read_hangul(words: Sequence[str]) -> tuple[Syllable, ...]:
    """A family name and one to three syllables."""
    _, numbers, families = _korean()
    signs = "".join(words)
    if not FEWEST <= len(signs) <= MOST or any(sign not in numbers for sign in signs):
        return ()
    if numbers[signs[0]] not in families:
        return ()
    return tuple([Syllable(sign, _latin(sign), frozenset((numbers[sign],))) for sign in signs])


@cache
def _hanja() -> Mapping[str, tuple[str, ...]]:
    """A Han sign -> the Korean syllables that it is read as."""
    table: dict[str, list[str]] = {}
    for line in lines("hanja.txt"):
        syllable, signs = line.split()
        for sign in signs:
            table.setdefault(sign, []).append(syllable)
    return {sign: tuple(syllables) for sign, syllables in table.items()}


def _read_hanja(words: Sequence[str]) -> tuple[Syllable, ...]:
    """A Korean family name of one sign and two others; with one other it is hardly ever Korean."""
    known = _hanja()
    _, numbers, families = _korean()
    signs = "".join(words)
    if len(signs) != MOST - 1 or any(sign not in known for sign in signs):
        return ()
    found = []
    for place, sign in enumerate(signs):
        read = {numbers[syllable]: syllable for syllable in known[sign]}
        groups = frozenset(read) if place else families.intersection(read)
        if not groups:
            return ()
        found.append(Syllable(sign, _latin(read[min(groups)]), groups))
    return tuple(found)


def _read_vietnamese(words: Sequence[str]) -> tuple[Syllable, ...]:
    """Three or four words, of which each tells names apart, also "Van" and "Thi"."""
    if len(words) < 3 or not (words[0] in _VIETNAMESE_FAMILIES or words[-1] in _VIETNAMESE_FAMILIES):
        return ()
    return tuple([Syllable(word, word, _OF_NOTHING) for word in words])
