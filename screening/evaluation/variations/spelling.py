"""Names with other letters in their words: slips, sounds, keys, letters that look the same."""

import random
from collections.abc import Callable

from screening.designations import Kind
from screening.evaluation.variations.made import Make, pairs


def _long_words(words: list[str], least: int = 4) -> list[int]:
    return [i for i, word in enumerate(words) if len(word) >= least and word.isalpha() and word.isascii()]


def edit(least: int, change: Callable[[str, random.Random], str]) -> Make:
    """A change inside one longer word."""

    def make(name: str, kind: Kind | None, dice: random.Random) -> str | None:
        del kind
        words = name.split()
        places = _long_words(words, least)
        if not places:
            return None
        place = dice.choice(places)
        words[place] = change(words[place], dice)
        return " ".join(words)

    return make


def two_words(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    """One slip in each of two words."""
    del kind
    words = name.split()
    places = _long_words(words)
    if len(places) < 2:
        return None
    for place in dice.sample(places, 2):
        words[place] = dice.choice((delete, insert, substitute, transpose))(words[place], dice)
    return " ".join(words)


def _inside(word: str, dice: random.Random) -> int:
    return dice.randrange(1, len(word) - 1)


def _letter(dice: random.Random) -> str:
    return dice.choice("abcdefghijklmnopqrstuvwxyz")


def delete(word: str, dice: random.Random) -> str:
    """One letter fewer."""
    at = _inside(word, dice)
    return word[:at] + word[at + 1 :]


def insert(word: str, dice: random.Random) -> str:
    """One letter more."""
    at = _inside(word, dice)
    return word[:at] + _letter(dice) + word[at:]


def substitute(word: str, dice: random.Random) -> str:
    """Another letter in the place of one."""
    at = _inside(word, dice)
    return word[:at] + _letter(dice) + word[at + 1 :]


def transpose(word: str, dice: random.Random) -> str:
    """Two neighbouring letters the other way about."""
    at = dice.randrange(1, len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def double(word: str, dice: random.Random) -> str:
    """One letter twice."""
    at = _inside(word, dice)
    return word[:at] + word[at] + word[at:]


_NEIGHBOURS = {
    key: row[max(0, i - 1) : i] + row[i + 1 : i + 2]
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for i, key in enumerate(row)
}


def mistype(word: str, dice: random.Random) -> str:
    """The key beside the right one."""
    at = _inside(word, dice)
    return word[:at] + dice.choice(_NEIGHBOURS.get(word[at].lower(), "e")) + word[at + 1 :]


def first_letter(word: str, dice: random.Random) -> str:
    """Another letter at the beginning."""
    return _letter(dice).upper() + word[1:]


def twice(word: str, dice: random.Random) -> str:
    """Two slips in one word."""
    return substitute(delete(word, dice), dice)


_SOUNDS = pairs(
    "ph>f f>ph k>q q>k kh>h ou>u u>oo ee>i i>ee y>i v>w w>v sh>sch ck>k c>k z>s j>dj th>t zh>j ks>x x>ks "
    "ai>ay ei>ey"
)


def respell(word: str, dice: random.Random) -> str:
    """Another spelling of one sound."""
    lower = word.lower()
    options = [pair for pair in _SOUNDS if pair[0] in lower[1:]]
    if not options:
        return word
    spelling, other = dice.choice(options)
    at = lower.index(spelling, 1)
    return lower[:at] + other + lower[at + len(spelling) :]


def other_vowel(word: str, dice: random.Random) -> str:
    """Another vowel that sounds near."""
    places = [i for i, char in enumerate(word) if i and char.lower() in "aeiou"]
    if not places:
        return word
    at = dice.choice(places)
    near = {"a": "e", "e": "ai", "i": "ey", "o": "u", "u": "o"}
    return word[:at] + dice.choice(near[word[at].lower()]) + word[at + 1 :]


_LOOKALIKES = {"o": "0", "i": "1", "e": "3", "a": "4", "s": "5", "l": "1"}


def lookalike(word: str, dice: random.Random) -> str:
    """A digit that looks like a letter."""
    places = [i for i, char in enumerate(word) if i > 0 and char.lower() in _LOOKALIKES]
    if not places:
        return word
    at = dice.choice(places)
    return word[:at] + _LOOKALIKES[word[at].lower()] + word[at + 1 :]


_HOMOGLYPHS = str.maketrans("aeopcxyAEOPCXTHKMB", "аеорсхуАЕОРСХТНКМВ")


def homoglyph(word: str, dice: random.Random) -> str:
    """One Latin letter replaced by the Cyrillic one that looks the same."""
    places = [i for i, char in enumerate(word) if char.translate(_HOMOGLYPHS) != char]
    if not places:
        return word
    at = dice.choice(places)
    return word[:at] + word[at].translate(_HOMOGLYPHS) + word[at + 1 :]


_ACCENTS = str.maketrans("aeiouncsz", "áéíóúñčšž")


def accent(word: str, dice: random.Random) -> str:
    """One letter with an accent."""
    places = [i for i, char in enumerate(word) if char.lower().translate(_ACCENTS) != char.lower()]
    if not places:
        return word
    at = dice.choice(places)
    return word[:at] + word[at].lower().translate(_ACCENTS) + word[at + 1 :]


def split(word: str, dice: random.Random) -> str:
    """A blank inside the word."""
    at = dice.randrange(2, len(word) - 1)
    return word[:at] + " " + word[at:]
