"""How alike two words are: above zero only for words that share a key, which makes the index exact."""

from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz.distance import OSA

from screening.names.phonetics import vowels
from screening.names.scripts import Script
from screening.names.tokens import Class, Token


class Likeness(NamedTuple):
    """How alike (0..1) and by what."""

    score: float
    how: str


NOTHING = Likeness(0.0, "")
EXACT = Likeness(1.0, "exact")
_TRANSLITERATED = Likeness(0.98, "transliteration")
_SAME_SOUND = Likeness(0.70, "same sound, other characters")
_INITIAL = Likeness(0.66, "initial")
_CLASS = Likeness(0.88, "equivalent word")
_PET_FORM = Likeness(0.80, "short form")
FLOOR = 0.6
"""Below this two words are different words."""


def likeness(a: Token, b: Token) -> Likeness:
    """Symmetric; the best reading of several."""
    if a.text == b.text:
        return _same_letters(a, b)
    if (a.seeks.isdisjoint(b.keys) and a.keys.isdisjoint(b.seeks)) or Class.NUMBER in (a.cls, b.cls):
        return NOTHING
    if Class.INITIAL in (a.cls, b.cls):
        return _INITIAL if a.text[0] == b.text[0] and a.cls != b.cls else NOTHING
    best = _spelling(a.text, b.text)
    shared = a.groups & b.groups
    if shared:
        same = _CLASS if max(shared) > 0 else _PET_FORM
        if same.score > best.score:
            best = same
    folded = _folded(a.skeleton, b.skeleton)
    if folded.score > best.score:
        best = folded
    if Script.ABJAD in (a.script, b.script):
        written = _consonants(a, b)
        if written.score > best.score:
            best = written
    return best if best.score >= FLOOR else NOTHING


def _same_letters(a: Token, b: Token) -> Likeness:
    if a.native == b.native:
        return EXACT
    if a.script is Script.HAN and b.script is Script.HAN:
        return _SAME_SOUND
    return _TRANSLITERATED


def _spelling(a: str, b: str) -> Likeness:
    """One slip up to five letters, two up to nine, three beyond; the shorter the word, the more it costs."""
    longest = max(len(a), len(b))
    budget = 1 if longest <= 5 else 2 if longest <= 9 else 3
    edits = OSA.distance(a, b, score_cutoff=budget)
    if edits > budget:
        return NOTHING
    cost = 1.6 * edits / (longest + 2)
    if a[0] != b[0]:
        cost += 0.02
    return Likeness(1 - cost, "spelling")


def _folded(a: str, b: str) -> Likeness:
    if a == b:
        return Likeness(0.9, "phonetic")
    longest = max(len(a), len(b))
    budget = 1 if longest <= 6 else 2
    edits = OSA.distance(a, b, score_cutoff=budget)
    if edits > budget or longest < 4:
        return NOTHING
    return Likeness(0.9 - 1.7 * edits / (longest + 2), "phonetic")


def _consonants(a: Token, b: Token) -> Likeness:
    """Unvocalised against any: equal consonants, and every written vowel where the other has one too."""
    if a.bones != b.bones:
        return NOTHING
    clashes = 0
    left, right = vowels(a.text), vowels(b.text)
    for place, (here, there) in enumerate(zip(left, right, strict=True)):
        outer = place in (0, len(left) - 1)
        bare = (not here and a.script is Script.ABJAD, not there and b.script is Script.ABJAD)
        if bool(here) != bool(there) and (outer or not any(bare)):
            clashes += 1
    cost = 0.1 * clashes + (0.1 if len(a.bones) < 2 else 0.0)
    return Likeness(0.92 - cost, "consonants")


LONGEST_RUN = 4
"""Most words that are looked for as one."""
_JOINED = Likeness(0.97, "joined")
_JOINED_BY_SOUND = Likeness(0.88, "joined, phonetic")


def joined(parts: Sequence[Token], whole: Token) -> Likeness:
    """Several words written as one: "abu bakr" against "abubakr"."""
    if whole.cls is not Class.WORD or len(whole.text) < 4:
        return NOTHING
    if "".join([part.text for part in parts]) == whole.text:
        return _JOINED
    if "".join([part.skeleton for part in parts]) == whole.skeleton:
        return _JOINED_BY_SOUND
    if whole.script is Script.ABJAD or any(part.script is Script.ABJAD for part in parts):
        frame = "".join([part.bones for part in parts])
        if len(frame) > 2 and frame == whole.bones:
            return _JOINED_BY_SOUND
    return NOTHING


_CUT_AT_FIELD = Likeness(0.97, "cut at the field's end")
SHORTEST_CUT = 3


def truncated(word: Token, whole: Token, at_field: bool) -> Likeness:
    """The last word of a query as the beginning of a list word."""
    if not (SHORTEST_CUT <= len(word.text) < len(whole.text) and whole.text.startswith(word.text)):
        return NOTHING
    if at_field:
        return _CUT_AT_FIELD
    return Likeness(0.3 + 0.6 * len(word.text) / len(whole.text), "beginning")
