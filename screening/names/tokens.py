"""A token: one word of a name with everything the index and the scorer ask of it, computed once."""

import re
from dataclasses import dataclass
from enum import StrEnum

from screening.names.phonetics import bones, skeleton
from screening.names.scripts import Script, romanize, script_of
from screening.names.vocabulary import given_names, number_of, rarity


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
    """Given-name classes: spellings, translations and pet forms of one name."""
    keys: frozenset[str]
    """Two tokens can be similar only if they share a key: what makes the index exact."""


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
        return Token(
            native,
            number,
            Script.LATIN,
            Class.NUMBER,
            WEIGHT_NUMBER,
            number,
            "",
            frozenset(),
            frozenset(("n" + number,)),
        )
    script = script_of(native)
    if len(text) == 1:
        return Token(
            native,
            text,
            script,
            Class.INITIAL,
            WEIGHT_INITIAL,
            text,
            "",
            frozenset(),
            frozenset((text, "i" + text)),
        )
    fold = skeleton(text)
    frame = bones(text)
    groups = given_names(native) | given_names(text)
    return Token(
        native,
        text,
        script,
        Class.WORD,
        rarity(text, fold),
        fold,
        frame,
        groups,
        frozenset(_keys(text, fold, frame, groups)),
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
    keys = {text, "~" + fold, "i" + text[0]}
    keys.update(f"#{group}" for group in groups)
    if len(frame) > 1:
        keys.add("|" + frame)
    if len(text) > 3:
        keys.add("^" + text[:3])
    if len(text) >= SHORTEST_FUZZY:
        keys.update(text[:i] + text[i + 1 :] for i in range(len(text)))
        if len(fold) >= SHORTEST_FUZZY:
            keys.update("~" + fold[:i] + fold[i + 1 :] for i in range(len(fold)))
    return keys
