"""A token: one word of a name with everything the index and the scorer ask of it, computed once."""

import re
from dataclasses import dataclass
from enum import StrEnum

from screening.names.phonetics import bones, skeleton
from screening.names.scripts import Script, romanize, script_of
from screening.names.vocabulary import classes, number_of, rarity


class Class(StrEnum):
    """What a word does in a name; decides its weight."""

    WORD = "word"
    INITIAL = "initial"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, eq=False)
class Token:
    """Equal words are the same object only within one index; compare `text` and `native` otherwise."""

    native: str
    """As written, case-folded; the same as `text` for plain Latin."""
    text: str
    """In letters a-z and digits."""
    script: Script
    cls: Class
    weight: float
    """What the word counts in a score: its class and how rare it is among names (data/words.csv)."""
    skeleton: str
    bones: str
    groups: frozenset[int]
    """Classes of equivalent words: spellings, translations and (negative) pet forms of one name."""
    keys: frozenset[str]
    """What a list word is found by."""
    seeks: frozenset[str]
    """What a query word looks for; two words can be alike only if one seeks a key of the other."""


WEIGHT_INITIAL = 0.45
"""An initial says little, but its absence or clash is visible."""
WEIGHT_NUMBER = 1.2
"""A hull or series number tells siblings apart better than the words around it."""
SHORTEST_FUZZY = 4
"""Below four letters one edit makes another name of most East Asian names."""
LONG = 8
"""From here two edits are a plausible slip, so deletions of two letters are keys as well."""


def make_token(native: str) -> Token | None:
    """The token of one case-folded word; None if no letter or digit is left of it."""
    text = romanize(native)
    if not text:
        return None
    number = number_of(text)
    if number is not None:
        return _token(native, number, Class.NUMBER, WEIGHT_NUMBER, {"n" + number}, {"n" + number})
    if len(text) == 1:
        return _token(native, text, Class.INITIAL, WEIGHT_INITIAL, {text, "i" + text}, {text})
    fold, frame = skeleton(text), bones(text)
    groups = classes(native) | classes(text)
    keys = _keys(text, fold, frame, groups)
    found = keys | {"^" + text[:3]} if len(text) > 3 else keys
    return Token(
        native=native,
        text=text,
        script=script_of(native),
        cls=Class.WORD,
        weight=rarity(text, fold),
        skeleton=fold,
        bones=frame,
        groups=groups,
        keys=frozenset(found),
        seeks=frozenset(keys | {"i" + text[0]}),
    )


def _token(native: str, text: str, cls: Class, weight: float, keys: set[str], seeks: set[str]) -> Token:
    return Token(
        native, text, script_of(native), cls, weight, text, "", frozenset(), frozenset(keys), frozenset(seeks)
    )


_UDDIN = re.compile(r"(?<=[a-z]{2})[aeiou]?dd?[iey]{1,2}ne?$")
_AL = "\u0627\u0644"


def split_word(word: str) -> tuple[str, ...]:
    """Compounds that are written in one or two words: "abdulrahman" -> "abdul", "rahman"."""
    if word.startswith("abd"):
        return _split_abd(word)
    if word.startswith(_AL) and len(word) > 4:
        return (word[2:],)
    if word.startswith("\u0639\u0628\u062f" + _AL) and len(word) > 6:
        return ("\u0639\u0628\u062f", word[5:])
    if word.endswith(("ddin", "ddine", "ddeen", "ddyn", "eddin")) and (found := _UDDIN.search(word)):
        return (word[: found.start()], "din")
    return (word,)


_ABD_FORMS = (
    "abdul",
    "abdel",
    "abdal",
    "abdur",
    "abdus",
    "abder",
    "abdas",
    "abdou",
    "abdun",
    "abdel",
    "abdu",
    "abd",
)


def _split_abd(word: str) -> tuple[str, ...]:
    """ "abdurrahman" -> "abd", "rahman"; "abdullah" and "abdallah" are names of their own."""
    if word in _ABD_FORMS:
        return ("abd",)
    if word.startswith(("abdull", "abdall", "abdoul", "abdill", "abdell")) and len(word) < 10:
        return (word,)
    for form in _ABD_FORMS:
        rest = word[len(form) :]
        if len(rest) > 2 and word.startswith(form):
            return ("abd", rest)
    return (word,)


def _keys(text: str, fold: str, frame: str, groups: frozenset[int]) -> set[str]:
    keys = {text, "~" + fold}
    keys.update([f"#{group}" for group in groups])
    if frame:
        keys.add("|" + frame)
    if len(text) >= SHORTEST_FUZZY:
        keys.update([text[:i] + text[i + 1 :] for i in range(len(text))])
        if len(fold) >= SHORTEST_FUZZY:
            keys.update(["~" + fold[:i] + fold[i + 1 :] for i in range(len(fold))])
    return keys
