"""A token: one word of a name with everything the index and the scorer ask of it, computed once."""

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from screening.names.phonetics import bones, skeleton
from screening.names.scripts import Script, romanize, script_of, syllables
from screening.names.vocabulary import classes, is_business_word, number_of, rarity


class Class(StrEnum):
    """What a word does in a name; decides its weight."""

    WORD = "word"
    BUSINESS = "business"
    """What a company does, not which it is: trading, holding, bank."""
    INITIAL = "initial"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, eq=False)
class Token:
    """A word; compare `text` and `native`, two tokens of one word need not be one object."""

    native: str
    """As written, case-folded; the same as `text` for plain Latin."""
    text: str
    """In letters a-z and digits."""
    script: Script
    cls: Class
    weight: float
    """What the word counts in a score: its class and how rare it is among names."""
    skeleton: str
    bones: str
    groups: frozenset[int]
    """Classes of equivalent words: spellings, translations and (negative) pet forms of one name."""
    keys: frozenset[str]
    """What a list word is found by."""
    seeks: frozenset[str]
    """What a query word looks for; it can be like a list word only if it seeks one of its keys."""


WEIGHT_INITIAL = 0.45
"""An initial says little, but its absence or clash is visible."""
WEIGHT_NUMBER = 0.7
"""A number tells siblings apart (a hull, a fund of a series), and siblings are worth a look."""
WEIGHT_SHORT = 0.75
"""Most that a word of up to three letters weighs: often an abbreviation or a particle we do not know."""
SHORTEST_FUZZY = 4
"""Below four letters one edit makes another name of most East Asian names."""
SHORTEST_TWO_EDITS = 6
"""From here two edits are a plausible slip: keys without two of the first six letters as well."""
_PREFIX = 6


SYLLABIC = (Script.HAN, Script.HANGUL)
"""Scripts whose words are taken apart: a syllable is too short to be misspelt, and says little alone."""


def make_token(native: str) -> Token | None:
    """The token of one case-folded word; None if no letter or digit is left of it."""
    text = romanize(native)
    if not text:
        return None
    number = number_of(text)
    if number is not None:
        return _plain(native, number, Class.NUMBER, WEIGHT_NUMBER, {"n"}, {"n"})
    script = script_of(native)
    if len(text) == 1 and script is Script.LATIN:
        return _plain(native, text, Class.INITIAL, WEIGHT_INITIAL, {text, "i" + text}, {text})
    fold, frame = skeleton(text), bones(text)
    weight = rarity(text, fold)
    if script in SYLLABIC and len(native) == 1:
        groups = classes(native)
        shared = {text, "~" + fold}
    else:
        groups = classes(native) | classes(text)
        shared = _shared_keys(text, fold, groups)
    return Token(
        native=native,
        text=text,
        script=script,
        cls=Class.BUSINESS if is_business_word(text) else Class.WORD,
        weight=min(weight, WEIGHT_SHORT) if len(text) <= 3 else weight,
        skeleton=fold,
        bones=frame,
        groups=groups,
        keys=frozenset(shared | _found_by(text, frame, script)),
        seeks=frozenset(shared | _sought_by(text, frame, script)),
    )


def _plain(native: str, text: str, cls: Class, weight: float, keys: set[str], seeks: set[str]) -> Token:
    return Token(
        native, text, script_of(native), cls, weight, text, "", frozenset(), frozenset(keys), frozenset(seeks)
    )


def _shared_keys(text: str, fold: str, groups: frozenset[int]) -> set[str]:
    """Spelling and sound with up to one letter gone, two in longer words; classes."""
    keys = {text, "~" + fold}
    keys.update([f"#{group}" for group in groups])
    if len(text) >= SHORTEST_FUZZY:
        keys.update([text[:i] + text[i + 1 :] for i in range(len(text))])
        if len(fold) >= SHORTEST_FUZZY:
            keys.update(["~" + fold[:i] + fold[i + 1 :] for i in range(len(fold))])
    if len(text) >= SHORTEST_TWO_EDITS:
        head = text[:_PREFIX]
        pairs = combinations(range(len(head)), 2)
        keys.update(["-" + head[:i] + head[i + 1 : j] + head[j + 1 :] for i, j in pairs])
    return keys


def _found_by(text: str, frame: str, script: Script) -> set[str]:
    keys = {"^" + text[:3]} if len(text) > 3 else set()
    keys.update([("&" if script is Script.ABJAD else "|") + part for part in _less_one(frame)])
    return keys


def _sought_by(text: str, frame: str, script: Script) -> set[str]:
    """Consonants are compared only where one side is unvocalised ("&": list words that are)."""
    keys = {"i" + text[0], "&" + frame}
    if script is Script.ABJAD:
        keys.update([tag + part for part in _less_one(frame) for tag in "|&"])
    return keys


def _less_one(frame: str) -> list[str]:
    if len(frame) < 4:
        return [frame]
    return [frame, *[frame[:i] + frame[i + 1 :] for i in range(len(frame))]]


_ABD = ("abdoul", "abdul", "abdel", "abdal", "abdur", "abdus", "abder", "abdes", "abdun", "abdu", "abd")
_UDDIN = re.compile(r"(?<=[a-z]{3})[aeiou]{1,2}[ld]d[iey]{1,2}ne?$")
_DIN = frozenset(("eldin", "eddine", "eddin", "uddin", "addin", "eldeen", "eddeen", "aldin", "uldin"))
_ARTICLE = "\u0627\u0644"
_SERVANT = "\u0639\u0628\u062f"
_AND_THE = "\u0648\u0627\u0644"
_OF_GOD = ("\u0644\u0647", "\u0644\u06c1")
_RELIGION = ("\u0627\u0644\u062f\u064a\u0646", "\u0627\u0644\u062f\u06cc\u0646")


def split_word(word: str) -> tuple[str, ...]:
    """Words written as one that are also written as two: "abdulrahman" -> "abdul", "rahman"."""
    if word.isascii():
        return _split_latin(word)
    script = script_of(word)
    if script is Script.LATIN:
        parts = _split_latin(romanize(word))
        return parts if len(parts) > 1 else (word,)
    if script is Script.ABJAD:
        return _split_abjad(word)
    return syllables(word)


def _split_latin(word: str) -> tuple[str, ...]:
    """ "abdullah" and "abdallah" are names of their own."""
    if word.startswith("abd") and not (len(word) < 10 and word[3:].lstrip("aeiou").startswith("ll")):
        for form in _ABD:
            if word.startswith(form) and len(word) > len(form) + 2:
                return (form, word[len(form) :])
    if "d" in word[-5:]:
        if word in _DIN:
            return ("din",)
        found = _UDDIN.search(word)
        if found:
            return (word[: found.start()], "din")
    return (word,)


def _split_abjad(word: str) -> tuple[str, ...]:
    """The article off; "Servant of the ..." and "... of the Faith" in two words."""
    if word.startswith(_SERVANT + _ARTICLE) and len(word) > 6 and word[5:] not in _OF_GOD:
        return (_SERVANT, word[5:])
    if word.endswith(_RELIGION) and len(word) > 6:
        return (word[:-5], word[-3:])
    if word.startswith(_AND_THE) and len(word) > 5:
        return (word[3:],)
    if word.startswith(_ARTICLE) and len(word) > 3:
        return (word[2:],)
    return (word,)
