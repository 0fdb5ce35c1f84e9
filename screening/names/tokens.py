"""A token: one word of a name with everything the index and the scorer ask of it, computed once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import chain, combinations
from typing import Final

from screening.cache import by_word
from screening.keys.sieve import Gaps, keys_of
from screening.names.compounds import SERVANT
from screening.names.initials import first_letters
from screening.names.loans import frames, frames_heard
from screening.names.phonetics import consonants, skeleton
from screening.names.scripts import Script, romanise, script_of
from screening.names.slavic import folds, looks_slavic, slavic_classes
from screening.names.syllables import Syllable, romanise_han
from screening.names.transcription import frames_in, frames_of, is_transcribed
from screening.names.vocabulary import (
    HEAVIEST,
    LIGHTEST,
    classes,
    is_business_word,
    number_of,
    particles,
    rarity,
    titles,
    written_short,
)


class Class(StrEnum):
    """What a word does in a name; decides its weight."""

    WORD = "word"
    BUSINESS = "business"
    """What a company does, not which it is: trading, holding, bank."""
    INITIAL = "initial"
    NUMBER = "number"
    ACRONYM = "acronym"
    """The first letters of an organisation's words; only list names are read so."""
    SYLLABLE = "syllable"
    """A syllable of a Chinese, Korean or Vietnamese name, which is the same syllable or another."""


SPELT: Final = (Class.WORD, Class.BUSINESS)
"""What is written out in letters, so that it can be misspelt."""


@dataclass(slots=True, eq=False, init=False)
class Token:
    """A word; compare `text` and `native`, two tokens of one word need not be one object.

    Nothing changes what it says: `replace` makes another. Frozen it would take four times as long to make.
    """

    native: str
    """As written, case-folded; the same as `text` for plain Latin."""
    text: str
    """In letters a-z and digits."""
    script: Script
    cls: Class
    weight: float
    """What the word counts in a score: its class and how rare it is among names."""
    skeleton: str
    frame: str | None
    """What `consonants` gave before; None until somebody asks, as few do whose list has no word of a script
    without vowels."""
    groups: frozenset[int]
    """Classes of equivalent words: spellings, translations and (negative) a name and its pet forms."""
    entry: str
    """What it is filed under: `native`, where tokens of one word do not differ."""

    def __init__(
        self,
        native: str,
        text: str,
        script: Script,
        cls: Class,
        weight: float,
        skeleton: str,
        frame: str | None,
        groups: frozenset[int],
        entry: str,
    ) -> None:
        """Written out, for what a dataclass writes is not compiled and takes ten times as long."""
        self.native = native
        self.text = text
        self.script = script
        self.cls = cls
        self.weight = weight
        self.skeleton = skeleton
        self.frame = frame
        self.groups = groups
        self.entry = entry

    @property
    def consonants(self) -> str:
        """All of it that a script without vowels writes (`phonetics.consonants`)."""
        frame = self.frame
        if frame is None:
            frame = self.frame = consonants(self.text)
        return frame


NO_GROUPS: Final[frozenset[int]] = frozenset()
"""Of most words: one for all, where each result of a union would take 216 bytes."""
WEIGHT_INITIAL: Final = 0.45
"""An initial says little, but its absence or clash is visible."""
WEIGHT_NUMBER: Final = 0.7
"""A number tells siblings apart (a hull, a fund of a series), and siblings are worth a look."""
WEIGHT_SHORT: Final = 0.75
"""Most that a word of up to three letters weighs: often an abbreviation or a particle we do not know."""
SHORTEST_FUZZY: Final = 4
"""Below four letters one edit makes another name of most East Asian names."""
SHORTEST_SOUND: Final = 5
"""The same for words compared by sound, which have fewer letters to tell them apart."""
LONGEST_FUZZY: Final = 400
"""Letters of a word of which each may be gone: a thousand Han characters without a space would have as many
keys as letters, each as long. The longest word of a list, 41 Han characters, has less than half that."""
TWO_EDITS: Final = 7
"""From so many letters two edits are a plausible slip. Words are looked for without two of their first seven:
the five left seldom bring a word that is not alike, where four brought fifty for each that is."""
LONG_BEGINNING: Final = 5
"""Longer words are also found by so many of their first letters: hundreds begin with the same three."""
SHORTER_BY_EDITS: Final = (7, 8)
"""Lengths of words that are six letters long when two edits have made them shorter."""


SYLLABIC: Final = (Script.HAN, Script.HANGUL)
"""Scripts whose words are taken apart: a syllable is too short to be misspelt, and says little alone."""


def make_token(native: str) -> Token | None:
    """The token of one case-folded word; None if no letter or digit is left of it."""
    text = romanise_han(native) or romanise(native)
    if not text:
        return None
    number = number_of(text)
    if number is not None:
        return _plain(native, number, Class.NUMBER, WEIGHT_NUMBER)
    script = script_of(native)
    if len(native) == 1 and native.isalpha() and script not in SYLLABIC:
        return _plain(native, text[0], Class.INITIAL, WEIGHT_INITIAL)
    fold = skeleton(text)
    weight = LIGHTEST if text in SERVANT else _weight(native, text, fold, script)
    syllable = script in SYLLABIC and len(native) == 1
    return Token(
        native=native,
        text=text,
        script=script,
        cls=Class.BUSINESS if is_business_word(text) else Class.WORD,
        weight=min(weight, WEIGHT_SHORT) if len(text) <= 3 else weight,
        skeleton=fold,
        frame=None,
        groups=_groups(native, text, fold, script) if not syllable else classes(native),
        entry=native,
    )


def _weight(native: str, text: str, fold: str, script: Script) -> float:
    """How rare a word is. Consonants that are no known name sound like dozens of them."""
    return rarity(text, "" if script is Script.ABJAD and not classes(native) else fold)


@by_word(1 << 14)
def make_loan(native: str) -> Token | None:
    """The token of a word of a foreign name in katakana, Hangul or Han."""
    token = make_token(native)
    if token is None or token.cls is not Class.WORD:
        return token
    return replace(token, script=Script.LOAN, entry=native + " ")


def _groups(native: str, text: str, fold: str, script: Script) -> frozenset[int]:
    known = classes(text)
    if native != text:
        known |= classes(native)
    if short := written_short(text, fold):
        known |= short
    if script in (Script.LATIN, Script.ALPHABET) and (slavic := slavic_classes(text)):
        known |= slavic
    return known or NO_GROUPS


def _plain(native: str, text: str, cls: Class, weight: float) -> Token:
    return Token(native, text, script_of(native), cls, weight, text, "", frozenset(), native)


WEIGHT_SYLLABLE: Final = 0.5


@lru_cache(maxsize=1 << 16)
def make_syllable(syllable: Syllable) -> Token:
    """The token of a syllable, for names that are compared syllable by syllable."""
    native, text, groups = syllable
    entry = "-".join([native, text, *map(str, sorted(groups))])
    return Token(native, text, script_of(native), Class.SYLLABLE, WEIGHT_SYLLABLE, text, "", groups, entry)


def acronym(words: Sequence[Token]) -> Token | None:
    """The first letters of several words as one; None where that is a word or a name, too.

    "National Council of Resistance of Iran" -> "ncri"
    """
    letters = "".join([word.text[0] for word in words])
    fold = skeleton(letters)
    common = rarity(letters, fold) < HEAVIEST or is_business_word(letters)
    if common or letters in particles() or letters in titles():
        return None
    native = " ".join([word.native for word in words])
    return Token(native, letters, Script.LATIN, Class.ACRONYM, HEAVIEST, fold, "", frozenset(), native)


def keys(token: Token) -> set[str]:
    """What a list word is found by."""
    text = token.text
    if token.cls is Class.NUMBER:
        return {"n"}
    if token.cls is Class.ACRONYM:
        return {text}
    if token.cls is Class.INITIAL:
        return {text, *["." + letter for letter in first_letters(token.native, text)]}
    if token.cls is Class.SYLLABLE:
        return _syllable_keys(token)
    found = set() if _is_syllable(token) else {*keys_by_class(token)}
    for gaps in gaps_listed(token):
        found.update(keys_of(gaps))
    if len(text) > 3:
        found.add("^" + text[:3])
    if len(text) > LONG_BEGINNING:
        found.add("^" + text[:LONG_BEGINNING])
    if token.script is Script.LATIN:
        found.update(["@" + frame for frame in frames(text)])
        found.update(["!" + frame for frame in frames_in(text)])
    elif token.script is not Script.ABJAD:
        found.update(["|" + part for part in _less_one(token.consonants)])
    return found


def key_of_longer(text: str) -> str:
    """The key of the list words of which a query word may be the beginning."""
    return "^" + text[: LONG_BEGINNING if len(text) >= LONG_BEGINNING else 3]


def seeks(token: Token) -> list[str]:
    """What a query word looks for, some of it twice; it can be like a list word only if it seeks one of its
    keys."""
    gaps = gaps_sought(token) + gaps_of_sound(token)
    initial = [] if token.cls in _UNHEARD else ["." + token.text[0]]
    return [*initial, *seeks_whole(token), *chain.from_iterable([*map(keys_of, gaps)])]


def seeks_whole(token: Token) -> list[str]:
    """The same without those that `gaps_sought` and `gaps_of_sound` give, and without its initial."""
    text = token.text
    if token.cls is Class.NUMBER:
        return ["n"]
    if token.cls is Class.INITIAL:
        return [text]
    if token.cls is Class.SYLLABLE:
        return [*_syllable_keys(token)]
    found = [] if _is_syllable(token) else keys_by_class(token)
    if token.script is Script.LATIN and (seen := seen_as(token)):
        found.append(seen)
    if token.script is Script.LOAN:
        found += ["@" + heard for heard in frames_heard(text, token.native)]
    elif token.script in (Script.ABJAD, Script.ALPHABET) and is_transcribed(token.native):
        found += ["!" + way for way in frames_of(token.native)]
    if token.script is Script.ABJAD:
        found += [tag + part for part in _less_one(token.consonants) for tag in "|&"]
    return found


_TWO_AS_ONE: Final = (("rn", "m"), ("cl", "d"), ("vv", "w"))
"""Letters that a scanner, and a reader, take for one."""


def seen_as(token: Token) -> str:
    """The word that a scanner read two letters of as one, or one as two: rarnzan is ramzan. Nothing for most
    words, and where rn and cl are those of a name that people bear.

    >>> [seen_as(token) for word in ("rarnzan", "vvagner", "clara") if (token := make_token(word))]
    ['ramzan', 'wagner', '']
    """
    text = token.text
    if "vv" not in text and (token.weight < HEAVIEST or not ("rn" in text or "cl" in text)):
        return ""
    for two, one in _TWO_AS_ONE:
        text = text.replace(two, one)
    return text


def _syllable_keys(token: Token) -> set[str]:
    return {"=" + token.text, *[f"#{group}" for group in token.groups]}


def gaps_listed(token: Token) -> list[Gaps]:
    """The keys of a list word that a query word finds as `gaps_sought` and `gaps_of_sound`."""
    found = [("", token.text, 0), *_gaps_of_spelling(token, "<", ">"), *gaps_of_sound(token)]
    if token.script is Script.ABJAD:
        found += [("&", part, 0) for part in _less_one(token.consonants)]
    return found


def gaps_sought(token: Token, unvocalised: bool = True) -> list[Gaps]:
    """What a query word's letters look for, whole and without one, in long words without two.

    Consonants are compared only where one side is unvocalised ("&": list words that are; `unvocalised` says
    whether there are any).
    """
    if token.cls in _UNHEARD:
        return []
    found = [("", token.text, 0), *_gaps_of_spelling(token, ">", "<")]
    if unvocalised:
        found.append(("&", token.consonants, 0))
    return found


def _gaps_of_spelling(token: Token, six: str, longer: str) -> list[Gaps]:
    """`six` tells the keys of words of six letters, `longer` of those that they may have been made of:
    among themselves they need not meet."""
    text = token.text
    found: list[Gaps] = []
    if token.cls in _UNHEARD:
        return found
    if not _is_syllable(token):
        if len(text) >= TWO_EDITS:  # equal without one letter: so without two of the first seven
            found.append(("-", text[:TWO_EDITS], 2))
        elif len(text) >= SHORTEST_FUZZY:
            found.append(("", text, 1))
    if len(text) == TWO_EDITS - 1:
        found.append((six, text, 2))
    elif len(text) in SHORTER_BY_EDITS:
        found.append((longer, text[: TWO_EDITS - 1], 2))
    return found


def _is_syllable(token: Token) -> bool:
    return token.script in SYLLABIC and len(token.native) == 1


def gaps_of_sound(token: Token) -> list[Gaps]:
    """Sound, also with one letter gone, by which alone words of one alphabet sound alike; none of numbers,
    initials and syllables."""
    if token.cls in _UNHEARD:
        return []
    fold = token.skeleton
    whole = ("~", fold, 0)
    if (
        len(token.text) < SHORTEST_FUZZY
        or not SHORTEST_SOUND <= len(fold) <= LONGEST_FUZZY
        or _is_syllable(token)
    ):
        return [whole]
    return [whole, ("~", fold, 1)]


_UNHEARD: Final = (Class.NUMBER, Class.INITIAL, Class.SYLLABLE)


def keys_by_class(token: Token) -> list[str]:
    """The keys that words share which are one but neither spelt nor sound alike; most words have none."""
    found = [f"#{group if group > 0 else group // -2}" for group in token.groups]
    if looks_slavic(token.text):
        found += ["%" + folded for folded in folds(token.text)]
    return found


def _less_one(frame: str) -> list[str]:
    if not 4 <= len(frame) <= LONGEST_FUZZY:
        return [frame]
    return [frame, *map("".join, combinations(frame, len(frame) - 1))]
