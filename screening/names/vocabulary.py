"""The words of names: read once from the tables in `screening/data`, which an analyst can edit.

`given_names.txt`   one class of equivalent given names a line
`unvocalised_names.txt`   a name of the Arab world and its Latin spellings a line
`legal_forms.txt`   canonical form: its spellings in every language
`words.csv`         how common a word is among the world's names and lists
`particles.txt`, `titles.txt`, `numbers.txt`
`known_names.txt`   names in their own right: one is no slip of another
`han_places.txt`    places that companies of China are called after
`han_variants.txt`  a simplified Han character and its traditional forms
`hanja.txt`         a Korean syllable and the Han characters that are read so
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from screening.names.phonetics import skeleton
from screening.names.scripts import Script, romanise, script_of

_NONE: Final[frozenset[int]] = frozenset()


def lines(name: str) -> Iterator[str]:
    """The lines of a table without comments and blanks."""
    text = (files("screening") / "data" / name).read_text("utf-8")
    for line in text.splitlines():
        line = line.partition("#")[0].strip()
        if line:
            yield line


_OF_CASE: Final = "\u10d8"
"""The i of the case that Georgian writes behind names: აჰმადი is Ahmad, and Ahmadi is another's."""
_FIRST_ARAB: Final = 5_000_000
"""Numbers of names of the Arab world begin here."""


@cache
def _arab_names() -> Mapping[int, Sequence[str]]:
    """A name of the Arab world, by number -> its spellings in letters without vowels, and its Latin ones:
    French has Yacine, English Yasin."""
    written = [line.replace(":", " ").replace(";", " ").split() for line in lines("unvocalised_names.txt")]
    return dict(enumerate(written, _FIRST_ARAB))


@cache
def _classes() -> Mapping[str, frozenset[int]]:
    """Word -> the classes it belongs to.

    Of the classes of pet forms -2n is the name of line n and -2n-1 its pet forms: a pet form stands for its
    name and not for another pet form of it, else Nathan would be John by way of Jonathan.
    """
    classes: defaultdict[str, set[int]] = defaultdict(set)
    number = 0
    for arab, names in _arab_names().items():
        for word in names:
            classes[word].add(arab)
    for table in ("given_names.txt", "business_words.txt", "nicknames.txt"):
        for line in lines(table):
            number += 1
            full, *pets = line.translate(simplified_han()).split()
            spellings = full.split("/")
            for place, word in enumerate([*spellings, *pets]):
                own = number if table != "nicknames.txt" else -2 * number - (place >= len(spellings))
                classes[word].add(own)
                if script_of(word) is not Script.HAN and not word.endswith(
                    _OF_CASE
                ):  # 玛丽 is Mary, Mali is not
                    classes[romanise(word)].add(own)
    return {word: frozenset(numbers) for word, numbers in classes.items() if len(word) > 1}


@cache
def _last_given_name() -> int:
    """Number of the last class that is a given name; those of business words and pet forms come behind."""
    return sum(1 for _ in lines("given_names.txt"))


@cache
def street_words() -> tuple[frozenset[str], frozenset[str]]:
    """Kinds of streets that stand behind their name, and those that stand before it."""
    parts = [line.partition(":") for line in lines("street_words.txt")]
    found = {where.strip(): frozenset(words.split()) for where, _, words in parts}
    return found["behind"], found["before"]


def is_given_name(group: int) -> bool:
    """Is a class of equivalent words one of people's names?"""
    return 0 < group <= _last_given_name() or is_arab_name(group)


def is_arab_name(group: int) -> bool:
    """Is a class of equivalent words one of names of the Arab world? As it holds a part of their spellings
    only, who is not in it may bear the name all the same."""
    return group >= _FIRST_ARAB


@cache
def _known_names() -> Mapping[str, int]:
    """A name in its own right -> its number; spellings of one name have one."""
    names = [name for line in lines("known_names.txt") for name in line.split()]
    return {spelling: number for number, name in enumerate(names, 1) for spelling in name.split("/")}


def known_name(latin: str) -> int:
    """The number of a name that is one in its own right; 0 for any other word.

    >>> known_name("farooqi") == known_name("farooqui"), known_name("rakesh") == known_name("rajesh")
    (True, False)
    """
    return _known_names().get(latin, 0)


SHORT_FORMS: Final = 4_000_000
"""Numbers of written abbreviations begin here."""


@cache
def _written_short() -> tuple[dict[str, frozenset[int]], dict[str, frozenset[int]]]:
    """An abbreviation -> its numbers; and the sound of a name that has one -> the same."""
    short: dict[str, set[int]] = {}
    sounds: dict[str, set[int]] = {}
    for number, line in enumerate(lines("written_short.txt"), SHORT_FORMS):
        abbreviations, _, names = line.partition(":")
        for word in abbreviations.split():
            short.setdefault(word, set()).add(number)
        for name in names.split():
            sounds.setdefault(skeleton(name), set()).add(number)
    return frozen(short), frozen(sounds)


def frozen(table: Mapping[str, set[int]]) -> dict[str, frozenset[int]]:
    """A table that nobody adds to any more."""
    return {word: frozenset(numbers) for word, numbers in table.items()}


def written_short(latin: str, fold: str) -> frozenset[int]:
    """What an abbreviation and the name that it stands for have in common: "Hdez", "Hernandez"."""
    short, sounds = _written_short()
    return short.get(latin, _NONE) | sounds.get(fold, _NONE)


@cache
def _business_words() -> frozenset[str]:
    words = [word for line in lines("business_words.txt") for word in line.split()]
    return frozenset(words) | frozenset(map(romanise, words))


def is_business_word(latin: str) -> bool:
    """Does the word say what a company does rather than which it is ("trading", "holding")?"""
    return latin in _business_words()


@cache
def wide_business_words() -> re.Pattern[str]:
    """Business words in scripts without spaces, the longest first: 贸易, 무역."""
    words = {
        word for line in lines("business_words.txt") for word in line.translate(simplified_han()).split()
    }
    wide = [word for word in sorted(words) if len(word) > 1 and ord(word[0]) >= 0x3000]
    wide.sort(key=len, reverse=True)
    return re.compile("|".join(map(re.escape, wide)))


@cache
def han_places() -> Mapping[str, str]:
    """Places that companies of China are called after -> how they are printed: 香港 is Hong Kong."""
    places = {}
    for line in lines("han_places.txt"):
        named, _, latin = line.partition(":")
        places.update({place: latin.strip() or place for place in named.split()})
    return places


def classes(word: str) -> frozenset[int]:
    """The classes of equivalent words: "mehmet" and "محمد" share one; unknown words have none."""
    return _classes().get(word, _NONE)


@cache
def particles() -> frozenset[str]:
    """Words that join or introduce names and are written or left out at will: al, bin, van, de, and."""
    return frozenset(word for line in lines("particles.txt") for word in line.split())


@cache
def titles() -> frozenset[str]:
    """Forms of address and rank."""
    return frozenset(_titles())


def title(word: str) -> str:
    """A form of address or rank in one spelling, Shaykh as Sheikh; any other word as it is."""
    return _titles().get(word, word)


@cache
def _titles() -> Mapping[str, str]:
    """Title -> the first spelling of it."""
    return {word: line.split()[0] for line in lines("titles.txt") for word in line.split()}


@cache
def simplified_han() -> Mapping[int, str]:
    """Traditional Han characters -> the simplified one, for `str.translate`."""
    groups = [group for line in lines("han_variants.txt") for group in line.split()]
    return {ord(char): group[0] for group in groups for char in group[1:]}


@cache
def _numbers() -> Mapping[str, str]:
    table = {}
    for line in lines("numbers.txt"):
        number, *words = line.split()
        table.update(dict.fromkeys(words, number))
    return table


def number_of(latin: str) -> str | None:
    """ "5" -> "5", "iv" -> "4", "third" -> "3", "44th" -> "44"; None if it is no number."""
    if latin.isdigit():
        return latin.lstrip("0") or "0"
    if latin[0].isdigit() and latin[:-2].isdigit() and latin[-2:] in ("st", "nd", "rd", "th"):
        return latin[:-2]
    return _numbers().get(latin)


@cache
def _bearers() -> tuple[dict[str, int], dict[str, int]]:
    """A word -> its bearers among 100,000 names; and the fold of common spellings -> the same."""
    words: dict[str, int] = {}
    folds: dict[str, int] = {}
    for line in lines("words.csv"):
        word, _, bearers = line.partition(",")
        count = words[word] = int(bearers)
        if count >= COMMON:
            fold = skeleton(word)
            folds[fold] = max(folds.get(fold, 0), count)
    return words, folds


COMMON: Final = 500
"""From so many bearers among 100,000 a rare spelling of a name counts as common too."""
LIGHTEST: Final = 0.4
"""Weight of the commonest words; no word weighs less."""
HEAVIEST: Final = 1.0
"""Weight of a rare word; none weighs more."""
_RAREST_COUNTED, _COMMONEST = 40, 3000
"""Bearers among 100,000 from which and up to which the weight falls."""


def rarity(latin: str, fold: str) -> float:
    """What a word tells: 1.0 for a rare one, falling with the logarithm of its bearers to 0.4."""
    words, folds = _bearers()
    count = max(words.get(latin, 0), folds.get(fold, 0))
    if count <= _RAREST_COUNTED:
        return 1.0
    share = math.log(count / _RAREST_COUNTED) / math.log(_COMMONEST / _RAREST_COUNTED)
    return max(LIGHTEST, 1.0 - (1.0 - LIGHTEST) * share)
