"""Initials, each letter a word of its own: "IVANOV I.P.", "I. P. Ivanov", "Ivanov IP", "Иванов И.П."

With a company such letters are its name, "A.B.C. Ltd" like "ABC Ltd"; so initials are read only where the
party is a person or may be one.
"""

import re
from collections.abc import Sequence
from itertools import zip_longest

from screening.names.scripts import Script, romanise, script_of
from screening.names.slavic import looks_slavic
from screening.names.vocabulary import HEAVIEST, particles, rarity, titles, written_short

OF_TWO_LETTERS = r"(?i:Yu|Ya|Ye|Yo|Iu|Ia|Ie|Io|Zh|Kh|Ts|Ch|Shch|Sh|Dzh|Ju|Ja|Je|Th|Ph|Dm|Vl|Дм|Вл)"
"""What a Cyrillic initial is in Latin letters, and what tells Dmitry and Vladimir from Denis and Viktor."""
_DOTTED = re.compile(rf"(?<![^\W_])(?:(?:[^\W\d_]|{OF_TWO_LETTERS})\.[\s-]?)+[^\W\d_]?(?![^\W_])")
"""A letter with a dot behind it, or several."""
_SAID_AS_Y = ("iu", "ia", "io")
"""Ю and Я in the Latin letters of libraries and of older passports."""
_LETTERS = re.compile(r"[^\W\d_]+")
TWO_LETTERS = 2
SHORT_NAMES = frozenset(("sy", "ly", "ng", "dy", "ty", "ky", "vy", "aw"))
"""Names of two letters without another vowel, of Senegal, the Philippines, China, Vietnam and Somalia: no
initials, except beside an East Slavic family name."""
LONG_ENOUGH = 4
"""Letters of a word beside which two letters at either end can be initials."""
OFTEN_AS_EACH_OTHER = {
    "e": ("ye", "je", "ie"),
    "y": ("ev", "eg", "ek", "el", "eu", "iu", "ia", "ju", "ja"),
    "j": ("yu", "ya", "ye", "yo"),
    "w": ("v",),
    "х": ("h",),
    "г": ("h",),
    "ж": ("j", "g"),
    "ц": ("c",),
    "в": ("w",),
    "ю": ("iu", "ju"),
    "я": ("ia", "ja"),
    "е": ("ye", "je", "ie"),
}
"""Initials as written, and how words begin for which they stand although the letter differs."""

NEVER = {"ю": ("ya", "ia", "ja"), "я": ("yu", "iu", "ju")}
"""How words begin that have the other of two initials which are one letter in Latin: Я. is not Yuri."""


def stands_for(initial: str, letter: str, word: str) -> bool:
    """Can a word (in Latin) have this initial? `letter` is the initial in Latin.

    >>> stands_for("е", "e", "yevgeniy"), stands_for("i", "i", "petr")
    (True, False)
    """
    if word.startswith(NEVER.get(initial, ())):
        return False
    return word[0] == letter or word.startswith(OFTEN_AS_EACH_OTHER.get(initial, ()))


def first_letters(initial: str, letter: str) -> set[str]:
    """The letters that words with this initial begin with."""
    return {letter, *[beginning[0] for beginning in OFTEN_AS_EACH_OTHER.get(initial, ())]}


def dotted(text: str, words: Sequence[str]) -> list[str] | None:
    """The words with every dotted initial a word of its own; None if none is dotted.

    >>> dotted("Ivanov I.P.", ["ivanov", "ip"])
    ['ivanov', 'i', 'p']
    """
    apart: dict[str, tuple[str, ...]] = {}
    for found in _DOTTED.findall(text):
        letters = [part.casefold() for part in _LETTERS.findall(found)]
        initials = tuple([initial(letter) for letter in letters])
        apart["".join([letter[0] for letter in letters])] = apart["".join(letters)] = initials
        apart.update((letter, (initial(letter),)) for letter in letters)
    if not apart:
        return None
    return [letter for word in words for letter in apart.get(word, (word,))]


def initial(letters: str) -> str:
    """The one letter that stands for what an initial is written as: "yu" -> "y"."""
    return "y" if letters in _SAID_AS_Y else letters[0]


def bare(words: Sequence[str]) -> list[str] | None:
    """The words with two letters at either end taken for initials without dots; None if there are none."""
    if len(words) < 2:
        return None
    first, last = _are_initials(words[0], words[1]), _are_initials(words[-1], words[0])
    if not first and not last:
        return None
    return [
        *(words[0] if first else words[:1]),
        *words[1:-1],
        *(words[-1] if last else words[-1:]),
    ]


def as_one(words: Sequence[str]) -> list[str]:
    """The words of a company, letters that follow each other as one: "k", "and", "v" -> "kv"."""
    joined: list[str] = []
    letters = ""
    for word, following in zip_longest(words, words[1:], fillvalue=""):
        if _is_letter(word):
            letters += word
        elif not (letters and word == "and" and _is_letter(following)):
            joined += [letters, word] if letters else [word]
            letters = ""
    return [*joined, letters] if letters else joined


def _is_letter(word: str) -> bool:
    return len(word) == 1 and word.isalpha() and script_of(word) not in (Script.HAN, Script.HANGUL)


_OF_SYLLABLES = (Script.HAN, Script.HANGUL, Script.KANA)


def _are_initials(word: str, beside: str) -> bool:
    """Two letters that are no word, beside one that is."""
    if len(word) != TWO_LETTERS or not word.isalpha() or len(beside) < LONG_ENOUGH:
        return False
    if script_of(word) in _OF_SYLLABLES:
        return False
    latin = romanise(word)
    known = word in particles() or word in titles() or not latin or written_short(latin, "")
    if known or len(latin) > TWO_LETTERS + 2:
        return False
    if looks_slavic(romanise(beside)):
        return True
    return latin not in SHORT_NAMES and rarity(latin, "") == HEAVIEST
