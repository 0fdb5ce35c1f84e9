"""Words written as one that are also written as two, and the half words that they are made of."""

import re
from typing import Final

from screening.names.scripts import Script, romanise, script_of, syllables
from screening.names.vocabulary import classes, is_business_word

_ABD: Final = (
    "abdoul", "abdool", "abdoel", "abdul", "abdol", "abdel", "abdal", "abdur", "abdor", "abdus", "abdos",
    "abder", "abdes", "abdun", "abdu", "abde", "abd",
)  # fmt: skip
_ABDULLAHI: Final = re.compile("abd[aou]{1,2}ll?a(?:ye?|i|hi)")
"""Abdullah as West Africa writes it: Abdoulaye, Abdulai, Abdulahi."""
SERVANT: Final = frozenset(_ABD)
"""ʿAbd, "servant of", is half a name: what follows makes it one."""
OF_THE_FAITH, OF_THE_FAITH_IN_ARABIC = "din", "dyn"
"""The second half of names such as Saad al-Din, written as one in most of the world; Arabic has no i."""
_UDDIN: Final = re.compile(
    r"(?:(?<=[a-z]{3})(?:ou|oo|ee|[aeiou])[ld]d[iey]{1,2}ne?|(?<=[a-z]{2}[b-df-hj-np-tv-z])[eu]d[iey]{1,2}ne?"
    r"|(?<=[a-z]{3})(?:ud[iey]{1,2}n|[aei]ttin))$"
)
"""-uddin, -eldin; with one d Azzedine, Jamaludin and Ziaudin, but neither Claudine nor Borodin; in Turkish
Seyfettin and Selahattin."""
_ABU_BAKR: Final = re.compile("(?:[ae]?b(?:ou|oo)|[ae]b[uo])b[ae](?:kk|k|c|ck|q)[aeiou]?r[iy]?")
_DIN: Final = frozenset(("eldin", "eddine", "eddin", "uddin", "addin", "eldeen", "eddeen", "aldin", "uldin"))
_THAI_TITLE: Final = re.compile("^(?:นางสาว|นาย|นาง)(?=[\u0e01-\u0e4e]{3})")
"""Mr and Mrs are written on to the name in Thai."""
TITLES: Final = ("mrs", "mr", "ms", "dr", "miss", "mme", "sheikh", "haji", "sayyid", "mv")
"""Of people, and of ships, that are written on to a name: MRSHANE is MR SHANE or MRS HANE."""
_BEGIN_TITLES: Final = frozenset(title[0] for title in TITLES)
SHORTEST_TITLED, LONGEST_TITLED = 3, 40
"""Letters of what they are written on to."""
_FOR_THE: Final = "\u0644\u0644"
_ARTICLE: Final = "\u0627\u0644"
_SERVANT: Final = "\u0639\u0628\u062f"
_AND_THE: Final = "\u0648\u0627\u0644"
_GOD: Final = ("\u0627\u0644\u0644\u0647", "\u0627\u0644\u0644\u06c1", "\u0627\u0644\u0644\u06be")
_FATHERS: Final = ("\u0623\u0628\u0648", "\u0627\u0628\u0648")
_OF_GOD: Final = ("\u0644\u0647", "\u0644\u06c1")
_RELIGION: Final = ("\u0627\u0644\u062f\u064a\u0646", "\u0627\u0644\u062f\u06cc\u0646")


def split_word(word: str) -> tuple[str, ...]:
    """Words written as one that are also written as two: "abdulrahman" -> "abdul", "rahman"."""
    if word.isascii():
        return _split_latin(word)
    script = script_of(word)
    if script is Script.LATIN:
        parts = _split_latin(romanise(word))
        return parts if len(parts) > 1 else (word,)
    if script is Script.ABJAD:
        return _split_abjad(word)
    if script is Script.ALPHABET:
        return (_THAI_TITLE.sub("", word),)
    return (word,) if len(word) > 1 and classes(word) and is_business_word(word) else syllables(word)


def _split_latin(word: str) -> tuple[str, ...]:
    """ "abdullah", "abdallah" and "abdoulaye" are names of their own; "aboubacar" is Abu Bakr.

    An i stands between the two words of "abdirahman" in Somalia.
    """
    if word[-1:] in ("r", "y", "i") and _ABU_BAKR.fullmatch(word):
        return ("abu", "bakr")
    if word.startswith("abd") and not (
        _ABDULLAHI.fullmatch(word) or (len(word) < 10 and word[3:].lstrip("aeiou").startswith("ll"))
    ):
        for form in _ABD:
            if word.startswith(form) and len(word) > len(form) + 2:
                somali = word.startswith("abdi") and len(word) > len("abdi") + 3
                return (form, word[len("abdi") if somali else len(form) :])
    if word[-1:] in "ne" and ("d" in word[-5:] or "tt" in word[-4:]):
        if word in _DIN:
            return (OF_THE_FAITH,)
        found = _UDDIN.search(word)
        if found:
            return (word[: found.start()], OF_THE_FAITH)
    return (word,)


def _split_abjad(word: str) -> tuple[str, ...]:
    """The article off; "Servant of ...", "Father of ..." and "... of the Faith" in two words."""
    if word in _GOD:
        return (word,)
    if word.startswith(_SERVANT + _ARTICLE) and len(word) > 6 and word[5:] not in _OF_GOD:
        return (_SERVANT, word[5:])
    if word.startswith(_SERVANT) and len(word) > 6 and word[3:] not in _GOD:
        return (_SERVANT, word[3:])
    if word.startswith(_FATHERS) and len(word) > 5 and not classes(word):
        return (word[:3], *_split_abjad(word[3:]))
    if word.endswith(_RELIGION) and len(word) > 6:
        return (word[:-5], word[-3:])
    if word.startswith(_AND_THE) and len(word) > 5:
        return (word[3:],)
    if has_article(word):
        return (word[2:],)
    if word.startswith(_FOR_THE) and len(word) > 4 and word not in _GOD and is_business_word(word[2:]):
        return (word[2:],)
    return (word,)


def has_article(word: str) -> bool:
    """Does an Arabic word begin with "the", which Latin passports print apart, glued on, or not at all?"""
    return word.startswith(_ARTICLE) and len(word) > 3 and word not in _GOD


def may_be_titled(word: str) -> bool:
    """May a word in small letters be a name behind its title?

    >>> may_be_titled("mrshane"), may_be_titled("drew")
    (True, False)
    """
    return word[:1] in _BEGIN_TITLES and any(
        word.startswith(title) and len(word) - len(title) >= SHORTEST_TITLED for title in TITLES
    )
