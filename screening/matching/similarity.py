"""How alike two words are: above zero only for words that share a key, which makes the index exact."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

from rapidfuzz.distance.OSA import distance as edits_between
from rapidfuzz.process import extract

from screening.cache import by_word
from screening.names.initials import stands_for
from screening.names.loans import agreement
from screening.names.phonetics import vowels
from screening.names.scripts import Script
from screening.names.slavic import (
    are_one_romanised,
    folds,
    in_pairs,
    is_of_another_system,
    is_slavic_name,
    looks_slavic,
)
from screening.names.tokens import Class, Token, keys, seeks, seen_as
from screening.names.transcription import (
    TOO_DEAR,
    cost,
    is_another_name,
    is_transcribed,
)
from screening.names.vocabulary import is_arab_name


class Likeness(NamedTuple):
    """How alike (0..1) and by what."""

    score: float
    how: str


NOTHING: Final = Likeness(0.0, "")
EXACT: Final = Likeness(1.0, "exact")
_TRANSLITERATED: Final = Likeness(0.98, "transliteration")
_ACCENTS: Final = Likeness(0.99, "accents")
OTHER_NUMBER: Final = Likeness(0.5, "other number")
BY_LETTER: Final = "initial"
MISSPELT: Final = "spelling"
AS_INITIAL: Final = 0.7
"""How alike a letter is to a word that it may stand for."""
INITIAL: Final = Likeness(AS_INITIAL, BY_LETTER)
_CLASS: Final = Likeness(0.92, "equivalent word")
KNOWN_NAME: Final = Likeness(0.92, "transcription")
"""A name of the Arab world in letters without vowels, and a Latin spelling that the table has of it."""
_PET_FORM: Final = Likeness(0.83, "short form")
_ROMANISED: Final = Likeness(0.86, "romanisation")
_LOOKS_ALIKE: Final = Likeness(0.95, "look-alike letters")
_BY_ANOTHER_SYSTEM: Final = Likeness(0.95, "romanisation")
_ACRONYM: Final = Likeness(0.86, "acronym")
"""Many bear one: enough for an alert at the shipped threshold, behind every other likeness."""
_ONE_CONSONANT: Final = Likeness(0.72, "consonants but one")
_CONSTRUCT: Final = Likeness(0.88, "consonants")
_FEMININE: Final = "\u0629"
_PHONETIC: Final = Likeness(0.9, "phonetic")
_PHONETIC_ABROAD: Final = Likeness(0.95, "phonetic")
"""Letters of another script have no one right spelling here."""
_SYLLABLE: Final = Likeness(0.91, "syllable")
"""Another spelling of it: of what is so found in one script, one in some thousands is another name."""
ALPHABETS: Final = (Script.ABJAD, Script.ALPHABET)
TRANSCRIPTION: Final = "transcription"
USUAL_SPELLING, UNUSUAL_SPELLING = 0.98, 0.26
"""Likeness of a Latin word that the letters of another alphabet are usually written as, and what it loses
for each unit of `transcription.cost`: 0.85 at 0.5, where six of seven right words are and 200 of a million
others."""
LOAN_AGREES: Final = 0.55
"""Consonants that agree are not enough: so far must the vowels go with them."""
_SYLLABLE_ABROAD: Final = Likeness(0.95, "transliteration")
EDIT: Final = 1.5
"""Cost of one edit, over the length and two."""
SOUND_EDIT: Final = 1.4
"""The same for words compared by sound."""
OTHER_FIRST_LETTER: Final = 0.02
"""People seldom get the first letter wrong."""
TWO_KNOWN_NAMES: Final = 0.08
"""Cost where both spellings are common names in their own right: Maria is not Marta."""
SHORTEST_SPOKEN: Final = 3
"""Up to so many letters without a vowel are read out one by one: KVT is not KWT."""
_SPOKEN: Final = re.compile("[aeiouy]")
MOST_SLIPS: Final = 3
FLOOR: Final = 0.64
"""Below this two words are different words."""


def likeness(a: Token, b: Token) -> Likeness:
    """The query word `a` against the list word `b`; the best reading of several."""
    if b.cls is Class.ACRONYM:
        return _ACRONYM if a.text == b.text and a.cls is not Class.SYLLABLE else NOTHING
    if Class.SYLLABLE in (a.cls, b.cls):
        return _syllables(a, b) if a.cls is b.cls else NOTHING
    if a.text == b.text:
        return _same_letters(a, b)
    if a.cls is Class.NUMBER or b.cls is Class.NUMBER:
        return OTHER_NUMBER if a.cls is b.cls else NOTHING
    if Class.INITIAL in (a.cls, b.cls):
        return _initial(a, b) if a.cls is Class.INITIAL else _initial(b, a)
    return likeness_of_kin(a, b) if share_a_key(a, b) else NOTHING


def _initial(letter: Token, word: Token) -> Likeness:
    if word.cls is Class.INITIAL or not stands_for(letter.native, letter.text, word.text):
        return NOTHING
    return INITIAL


def _syllables(a: Token, b: Token) -> Likeness:
    """The same syllable by some spelling, or another name."""
    if a.native == b.native:
        return EXACT
    if a.script is Script.HAN and b.script is Script.HAN:
        return NOTHING
    if not a.groups.isdisjoint(b.groups):
        return _SYLLABLE if a.script is b.script else _SYLLABLE_ABROAD
    return _SYLLABLE_ABROAD if a.text == b.text else NOTHING


def share_a_key(a: Token, b: Token) -> bool:
    """Does the query word `a` seek a key of the list word `b`? Words that share none are not alike."""
    return not _sought(a).isdisjoint(_listed(b))


@by_word(1 << 12)
def _sought(token: Token) -> frozenset[str]:
    return frozenset(seeks(token))


@by_word(1 << 11)
def _listed(token: Token) -> frozenset[str]:
    return frozenset(keys(token))


def likeness_of_kin(a: Token, b: Token) -> Likeness:
    """`likeness` of two words, neither a number nor an initial, that are known to share a key."""
    if a.text == b.text:
        return _same_letters(a, b)
    best = _written(a, b)
    if a.groups and b.groups:
        shared = a.groups & b.groups
        if shared and max(shared) > 0 and not (_is_another(a, b) or _is_another(b, a)):
            best = _better(best, _of_one_class(a, b, shared))
        elif best[0] < _PET_FORM[0] and _is_pet_form(a.groups, b.groups):
            best = _PET_FORM
    if best[0] < _BY_ANOTHER_SYSTEM[0]:
        best = _better(best, _by_two_systems(a.text, b.text, is_alike=best is not NOTHING))
        if not (a.native.isascii() and b.native.isascii()) and _are_one_by_marks(a, b):
            best = _better(best, _BY_ANOTHER_SYSTEM)
    if a.script is Script.LATIN and b.script is Script.LATIN:
        if best[0] < _LOOKS_ALIKE[0] and len(a.text) > len(b.text) and b.text == seen_as(a):
            return _LOOKS_ALIKE
        return best if best[0] >= FLOOR else NOTHING
    if a.script is Script.LOAN and b.script is Script.LATIN:
        best = max(best, _loan(a, b))
    transcribed = as_transcribed(a, b)
    if transcribed is not None:
        best = max(best, transcribed)
    elif a.script is Script.ABJAD or b.script is Script.ABJAD:
        best = max(best, _consonants(a, b))
    return best if best.score >= FLOOR else NOTHING


def _of_one_class(a: Token, b: Token, shared: frozenset[int]) -> Likeness:
    if {a.script, b.script} == {Script.ABJAD, Script.LATIN} and any(map(is_arab_name, shared)):
        return KNOWN_NAME
    system = any(map(is_slavic_name, shared)) and are_one_romanised(a.text, b.text)
    return _BY_ANOTHER_SYSTEM if system else _CLASS


def _is_another(foreign: Token, latin: Token) -> bool:
    """Is a name in Arabic letters known to be another one, whatever class holds both: عمار is no Omar?"""
    if foreign.script is not Script.ABJAD or latin.script is not Script.LATIN:
        return False
    return is_another_name(foreign.native, latin.text)


def as_transcribed(a: Token, b: Token) -> Likeness | None:
    """A word of another alphabet against its Latin spelling; None where its letters are not known."""
    if a.script in ALPHABETS and b.script is Script.LATIN:
        foreign, latin = a.native, b.text
    elif b.script in ALPHABETS and a.script is Script.LATIN:
        foreign, latin = b.native, a.text
    else:
        return None
    if not is_transcribed(foreign):
        return None
    dear = cost(foreign, latin)
    return Likeness(USUAL_SPELLING - UNUSUAL_SPELLING * dear, TRANSCRIPTION) if dear < TOO_DEAR else NOTHING


def _loan(foreign: Token, latin: Token) -> Likeness:
    """A foreign name as a script of syllables spells it, against its Latin spelling."""
    agrees = agreement(foreign.text, foreign.native, latin.text)
    if agrees < LOAN_AGREES:
        return NOTHING
    return Likeness(0.62 + 0.33 * agrees, "transliteration")


def _is_pet_form(groups: frozenset[int], others: frozenset[int]) -> bool:
    """Is one the name (an even number) and the other a pet form of it (the odd one below)?"""
    return any(group < 0 and (group - 1 if group % 2 == 0 else group + 1) in others for group in groups)


def _are_one_by_marks(a: Token, b: Token) -> bool:
    """Is a marked letter of one word two letters of the other: Kožin and Kozhin, Țarev and Tsarev?"""
    if a.script is not Script.LATIN or b.script is not Script.LATIN:
        return False
    ours, theirs = in_pairs(a.native), in_pairs(b.native)
    if (ours == a.native and theirs == b.native) or not (ours + theirs).isascii():
        return False
    return are_one_romanised(ours, theirs)


def _better(best: Likeness, found: Likeness) -> Likeness:
    return found if found.score > best.score else best


def _by_two_systems(one: str, other: str, *, is_alike: bool) -> Likeness:
    """Two spellings of one East Slavic word by two systems of romanisation. A word that does not look East
    Slavic counts only where its spelling is foreign and the two are alike in another way as well."""
    if looks_slavic(one) and looks_slavic(other):
        if are_one_romanised(one, other):
            return _BY_ANOTHER_SYSTEM
        return NOTHING if set(folds(one)).isdisjoint(folds(other)) else _ROMANISED
    foreign = is_alike and (is_of_another_system(one) or is_of_another_system(other))
    return _BY_ANOTHER_SYSTEM if foreign and are_one_romanised(one, other) else NOTHING


def _written(a: Token, b: Token) -> Likeness:
    """By letters or by sound. Two words that are both common names are rather two names than one misspelt."""
    if a.skeleton == b.skeleton and (len(a.text) > SHORTEST_SPOKEN or _SPOKEN.search(a.text)):
        return _PHONETIC if a.script is b.script else _PHONETIC_ABROAD
    best = _spelling(a.text, b.text)
    sound = _sound(a, b)
    if sound is not NOTHING and sound.score > best.score:
        best = sound
    if best is not NOTHING and a.weight < 1.0 and b.weight < 1.0:
        return Likeness(best.score - TWO_KNOWN_NAMES, best.how)
    return best


def as_written(a: Token, b: Token) -> Likeness:
    """How alike two words are by letters or sound alone, where both are written in one script."""
    if a.script is not b.script:
        return _CLASS
    found = _written(a, b)
    return found if found.score >= FLOOR else NOTHING


def in_latin_letters(a: Token, b: Token) -> Likeness:
    """How alike two East Slavic words of different alphabets are once both are in Latin letters."""
    system = _by_two_systems(a.text, b.text, is_alike=True)
    if system is not NOTHING:
        return system
    found = _spelling(a.text, b.text)
    return found if found.score >= FLOOR else NOTHING


def _same_letters(a: Token, b: Token) -> Likeness:
    if a.native == b.native:
        return EXACT
    if a.script is b.script:
        return NOTHING if a.script is Script.HAN else _ACCENTS
    return _TRANSLITERATED


def _slips(letters: int) -> int:
    """Edits that a word may differ by, of two the longer one's."""
    return 1 if letters <= 5 else 2 if letters <= 9 else MOST_SLIPS


def _spelling(a: str, b: str) -> Likeness:
    """One slip up to five letters, two up to nine, three beyond; the shorter the word, the more it costs."""
    longest, shortest = (len(a), len(b)) if len(a) > len(b) else (len(b), len(a))
    budget = _slips(longest)
    if longest - shortest > budget:
        return NOTHING
    edits = edits_between(a, b, score_cutoff=budget)
    if edits > budget:
        return NOTHING
    return _misspelt(edits, longest, a[0] != b[0])


@cache
def _misspelt(edits: int, longest: int, other_first_letter: bool) -> Likeness:
    cost = EDIT * edits / (longest + 2)
    if other_first_letter:
        cost += OTHER_FIRST_LETTER
    return Likeness(1 - cost, MISSPELT)


def near_in_letters(text: str, texts: Sequence[str]) -> set[int]:
    """Places of the words to which a word may be alike by its letters; in one call, for most words that share
    a key are not."""
    length = len(text)
    most = _slips(length + MOST_SLIPS)
    near = extract(text, texts, scorer=edits_between, score_cutoff=most, limit=None)
    return {place for other, edits, place in near if edits <= _slips(max(length, len(other)))}


def near_in_sound(sound: str, sounds: Sequence[str]) -> set[int]:
    """The same by sound."""
    near = extract(sound, sounds, scorer=edits_between, score_cutoff=1, limit=None)
    return {place for _, _, place in near}


def _sound(a: Token, b: Token) -> Likeness:
    """One slip between words that are otherwise spelt by ear."""
    left, right = len(a.skeleton), len(b.skeleton)
    longest = left if left > right else right
    if longest < 5 or not -2 < left - right < 2 or edits_between(a.skeleton, b.skeleton, score_cutoff=1) > 1:
        return NOTHING
    return _misheard(longest)


@cache
def _misheard(longest: int) -> Likeness:
    return Likeness(_PHONETIC.score - SOUND_EDIT / (longest + 2), "phonetic")


def _consonants(a: Token, b: Token) -> Likeness:
    """Unvocalised against any: equal consonants, and every written vowel where the other has one too."""
    if a.script is b.script and _are_two_arab_names(a, b):
        return NOTHING
    if a.consonants != b.consonants:
        longest = max(len(a.consonants), len(b.consonants))
        if longest > 3 and (_in_construct(a, b) or _in_construct(b, a)):
            return _CONSTRUCT
        near = longest > 3 and edits_between(a.consonants, b.consonants, score_cutoff=1) == 1
        return _ONE_CONSONANT if near else NOTHING
    left, right = vowels(_spoken(a)), vowels(_spoken(b))
    clashes = 1
    if len(left) == len(right):
        if a.weight < 1.0 and b.weight < 1.0 and _other_vowel(a, b, left, right):
            return NOTHING
        clashes = sum(
            bool(here) != bool(there)
            and (place in (0, len(left) - 1) or _needless(a, here) or _needless(b, there))
            for place, (here, there) in enumerate(zip(left, right, strict=True))
        )
    short = max(0, 3 - len(a.consonants))
    return Likeness(0.93 - 0.1 * clashes - (0.1 if clashes else 0.04) * short, "consonants")


def _are_two_arab_names(a: Token, b: Token) -> bool:
    """Are both names that their letters alone do not tell apart, and not one: מחמוד is no محمد?"""
    ours, theirs = ({group for group in token.groups if is_arab_name(group)} for token in (a, b))
    return bool(ours) and bool(theirs) and ours.isdisjoint(theirs)


_WRITTEN_VOWELS: Final = {"w": "ouw", "y": "iyej", "a": "aeo"}
"""A long vowel that an unvocalised word writes, and the Latin letters that it can be."""


def _other_vowel(a: Token, b: Token, left: list[str], right: list[str]) -> bool:
    """Does a long vowel that one word writes stand against another vowel of the other: حسين and Hasan?"""
    if (a.script is Script.ABJAD) is (b.script is Script.ABJAD):
        return False
    written, spoken = (left, right) if a.script is Script.ABJAD else (right, left)
    for place in range(1, len(written) - 1):
        here, there = written[place], spoken[place]
        if len(here) == 1 and there and set(_WRITTEN_VOWELS.get(here, there)).isdisjoint(there):
            return True
    return False


def _in_construct(arabic: Token, other: Token) -> bool:
    """The silent feminine ending is a t before a genitive: "jazira", but "jazirat al-arab"."""
    return arabic.native.endswith(_FEMININE) and other.consonants == arabic.consonants + "T"


def _spoken(token: Token) -> str:
    """Without the silent e that French spellings end in: Alouche, Rouine."""
    silent = token.script is Script.LATIN and len(token.text) > 4 and token.text.endswith("e")
    return token.text[:-1] if silent else token.text


def _needless(token: Token, written: str) -> bool:
    """A vowel that an unvocalised word spells out, so that the other must have it."""
    return bool(written) and token.script is Script.ABJAD
