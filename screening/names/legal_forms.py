"""Legal forms: "Limited Liability Company", "ООО", "GmbH" -> one family, told apart from the name itself."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple
from unicodedata import normalize

from rapidfuzz.distance import OSA

from screening.cache import by_word
from screening.names.phonetics import skeleton
from screening.names.scripts import Script, romanise, script_of
from screening.names.slavic import folds, frames, may_fold_into
from screening.names.vocabulary import HEAVIEST, lines, rarity


class LegalForm(NamedTuple):
    """What kind of company (`family`: limited, stock, partnership, ...) and the form itself."""

    family: str
    form: str


_SHORT: Final = 3
"""Forms of up to so many letters are also words and initials inside names ("SA", "AS")."""
_LONG: Final = 6
"""From here a word of a legal form is recognised with one slip, split in two, or glued to the word before;"""
_LONG_ENOUGH: Final = ("joint", "stock")
"""and so are these. Other short ones are abbreviations, which look like names: "saica" like Saima."""


_BEHIND: Final = " behind"


@cache
def _forms() -> Mapping[tuple[str, ...], LegalForm]:
    """The words of a spelling -> its form."""
    table: dict[tuple[str, ...], LegalForm] = {}
    for line in lines("legal_forms.txt"):
        family, _, spellings = line.partition(":")
        written = [tuple(spelling.split()) for spelling in spellings.split(";")]
        form = LegalForm(family.removesuffix(_BEHIND), "".join(written[0]))
        for words in written:
            table.setdefault(tuple([normalize("NFKC", word) for word in words]), form)
            table.setdefault(tuple(map(romanise, words)), form)
            if len(words) == 1 and 1 < len(words[0]) <= 4:
                table.setdefault(tuple(words[0]), form)
    for words, form in list(table.items()):
        table.setdefault(tuple(map(_in_one_spelling, words)), form)
    return table


def _in_one_spelling(word: str) -> str:
    """A long word of Cyrillic forms as our tables write it in Latin letters, whichever way it is written."""
    if len(word) < _LONG or not word.isascii() or not may_fold_into(word, _framed()):
        return word
    return next((known for folded in folds(word) if (known := _spellings().get(folded))), word)


@cache
def _spellings() -> Mapping[str, str]:
    """What all Latin spellings of a long word of Cyrillic forms fold to -> one of them."""
    table: dict[str, str] = {}
    for line in lines("legal_forms.txt"):
        for word in re.findall(rf"[\u0400-\u04ff]{{{_LONG},}}", line):
            latin = romanise(word)
            for folded in folds(latin):
                table.setdefault(folded, latin)
    return table


@cache
def _framed() -> frozenset[int]:
    return frames(_spellings())


@cache
def _never_in_front() -> frozenset[tuple[str, ...]]:
    """Short forms that no company bears before its name, where the same letters are a name."""
    of_ends = [line.partition(":") for line in lines("legal_forms.txt")]
    return frozenset(
        tuple(spelling.split())
        for family, _, spellings in of_ends
        if family.endswith(_BEHIND)
        for spelling in spellings.split(";")
    )


@cache
def _openers() -> Mapping[str, int]:
    """First words of forms -> how many words the longest form has that starts so."""
    longest: dict[str, int] = {}
    for words in _forms():
        longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return longest


@cache
def _words() -> frozenset[str]:
    return frozenset(word for form in _forms() for word in form)


@cache
def _long_words() -> Mapping[str, tuple[str, ...]]:
    """Long words of forms, also with one letter gone -> the words that it may be, the likeliest first."""
    table: dict[str, tuple[str, ...]] = {}
    words = sorted(
        {
            word
            for form in _forms()
            for word in form
            if (len(word) >= _LONG or word in _LONG_ENOUGH) and word.isalpha()
        }
    )
    for word in words:
        for i in range(1, len(word)):
            shorter = word[:i] + word[i + 1 :]
            if len(shorter) >= _LONG or word in _LONG_ENOUGH:
                table[shorter] = (*table.get(shorter, ()), word)
    return table | {word: (word,) for word in words}


_BEGUN: Final = 3


@cache
def _begun_so() -> dict[str, int]:
    """The first letter of long words, and the first few, also with one gone -> bit n is set where one of n
    letters begins so: of the words of names five in six have no slip of those."""
    return _lengths_by((begun, word) for word in _long_words() for begun in (word[0], word[:_BEGUN]))


@cache
def _ended_so() -> dict[str, int]:
    """The same of their last letters: of words that begin like a long one most end in another way."""
    return _lengths_by((word[-_BEGUN:], word) for word in _long_words())


def _lengths_by(parts: Iterable[tuple[str, str]]) -> dict[str, int]:
    """A part of words -> bit n is set where a word of n letters has it."""
    lengths: dict[str, int] = {}
    for part, word in parts:
        lengths[part] = lengths.get(part, 0) | 1 << len(word)
    return lengths


@cache
def _beginnings() -> frozenset[str]:
    """Beginnings of long single-word forms, as a space inside them leaves them."""
    whole = [word for word, of in _long_words().items() if of == (word,)]
    return frozenset(word[:i] for word in whole for i in range(2, len(word)))


@cache
def _unfinished() -> Mapping[str, LegalForm]:
    """Forms of several words, cut anywhere after the first word."""
    return {
        spelling[:end]: form
        for words, form in _forms().items()
        if len(spelling := " ".join(words)) > 8 and len(words) > 1
        for end in range(len(words[0]) + 2, len(spelling))
    }


_LONG_FORMS: Final = ("limited", "company", "corporation", "incorporated", "limitada", "gesellschaft")
SHORTEST_BEGUN: Final = 4
"""Letters that a cut must leave of a legal form."""


@cache
def _begun() -> Mapping[str, LegalForm]:
    """What a cut leaves of a long form at the end of a name: "YITU LIMI"."""
    forms, known = _forms(), _words()
    return {
        word[:end]: forms[(word,)]
        for word in _LONG_FORMS
        for end in range(SHORTEST_BEGUN, len(word))
        if (word,) in forms and word[:end] not in known
    }


@cache
def _glued() -> re.Pattern[str]:
    """Forms in scripts without spaces: 丹东...有限公司, 株式会社..."""
    spellings = [words[0] for words in _forms() if len(words) == 1 and len(words[0]) > 2]
    wide = sorted((word for word in spellings if _has_no_spaces(word)), key=len, reverse=True)
    return re.compile("|".join([*map(re.escape, wide), "公司", "회사"]))


def _has_no_spaces(word: str) -> bool:
    """Is the word of a script that writes its words as one: Han, Hangul, kana, or Thai?"""
    return ord(word[0]) >= 0x3000 or 0x0E00 <= ord(word[0]) < 0x0E80


_IN_BRACKETS: Final = (
    (re.compile(r"\((?:주|株)\)|\bカ\)|\(カ\b"), " 株式会社 "),
    (re.compile(r"\((?:유|有)\)|\bユ\)|\(ユ\b"), " 有限会社 "),
)
"""One sign in brackets for the whole form; banks of Japan write it with one bracket."""


_ENDINGS: Final = tuple(
    "limitedliabilitycompany jointstockcompany companylimited coltd limited company corporation"  # noqa: SIM905
    " incorporated gmbh sarl ltd llc".split()
)
"""Longest first where one ends another."""
_LAST_LETTERS: Final = frozenset(ending[-1] for ending in _ENDINGS)
_STEM: Final = 3
"""Letters before an ending at the least."""


def _ending(word: str) -> str:
    """The legal form that a word ends in: "versorlimited" -> "limited"."""
    if word[-1:] in _LAST_LETTERS and word.endswith(_ENDINGS):
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) >= _STEM + len(ending):
                return ending
    return ""


def unglue(text: str) -> str:
    """Spaces around the legal forms of scripts that write none."""
    if "(" in text or ")" in text:
        for sign, form in _IN_BRACKETS:
            text = sign.sub(form, text)
    return _glued().sub(r" \g<0> ", text)


def mended(word: str) -> str:
    """A long word of a legal form without its slip: "limifed" -> "limited"; other words as they are.

    The first letter is seldom a slip, and FINCORP is not "incorp".
    """
    if not word.isascii():
        latin = romanise(word) if script_of(word) is Script.LATIN else ""
        return latin if latin in _words() else word
    shorter = len(word) - 1
    lengths = _begun_so()
    if not lengths.get(word[0], 0) >> shorter & 3:
        return word
    if lengths.get(word[:_BEGUN], 0) >> shorter & 3:
        return _mended(word)
    one_gone = lengths.get(word[0] + word[2:4], 0) | lengths.get(word[:2] + word[3:4], 0)
    return _mended(word) if one_gone >> shorter & 1 else word


@by_word(1 << 12)
def _mended(word: str) -> str:
    if len(word) < 4:
        return word
    if (known := _in_one_spelling(word)) != word:
        return known
    if not _may_end_so(word):
        return word
    words = _long_words()
    for i in range(len(word), 0, -1):
        for found in words.get(word[:i] + word[i + 1 :], ()):
            if OSA.distance(found, word) <= 1:
                return word if _is_name(word) else found
    return word


def _may_end_so(word: str) -> bool:
    """Does a long word end as this one, perhaps with one of its letters gone?"""
    lengths, shorter = _ended_so(), len(word) - 1
    if lengths.get(word[-_BEGUN:], 0) >> shorter & 3:
        return True
    before, third, second, last = word[-4], word[-3], word[-2], word[-1]
    one_gone = lengths.get(before + second + last, 0) | lengths.get(before + third + last, 0)
    return (one_gone | lengths.get(before + third + second, 0)) >> shorter & 1 == 1


def _is_name(word: str) -> bool:
    """Names are no misspelt forms: Sharia is no "sharika"."""
    return _long_words().get(word) != (word,) and rarity(word, skeleton(word)) < HEAVIEST


def is_hint(word: str) -> bool:
    """May this word be part of a legal form? For most words no, and the search is saved."""
    openers = _openers()
    if word in openers or word in _beginnings() or _ending(word):
        return True
    right = mended(word)
    return right != word and right in openers


def ends_a_form(word: str) -> bool:
    """Is it a long word that ends a legal form in several, as відповідальністю does?"""
    return len(word) >= _LONG and word in _last_words()


@cache
def _last_words() -> frozenset[str]:
    return frozenset(words[-1] for words in _forms() if len(words) > 1)


def keeps_words(words: Sequence[str]) -> bool:
    """Does `split_forms` leave each of these words whole and apart from the others, in any part of them?"""
    return all(_unglued(word) == (word,) for word in words) and len(
        _reunited([mended(word) for word in words])
    ) == len(words)


def split_forms(words: Sequence[str]) -> tuple[list[str], list[LegalForm]]:
    """The words that are the name, and the legal forms among them."""
    words = [part for word in words for part in _unglued(word)]
    clean = _reunited([mended(word) for word in words])
    if len(clean) < len(words):
        words = clean
    forms, openers = _forms(), _openers()
    name: list[str] = []
    found: list[LegalForm] = []
    place, count = 0, len(words)
    last = count - _said_behind(clean)
    while place < count:
        longest = openers.get(clean[place], 0)
        if longest > 1 and name and (cut := _cut_short(clean[place:])):
            found.append(cut)
            break
        if name and place + 1 == count and (begun := _begun().get(clean[place])):
            found.append(begun)
            break
        for length in range(min(longest, count - place), 0, -1):
            form = forms.get(tuple(clean[place : place + length]))
            if form and _counts_here(clean[place : place + length], place, place + length, last):
                found.append(form)
                place += length
                break
        else:
            name.append(words[place])
            place += 1
    return name, found


@by_word(1 << 12)
def form_at_end(word: str) -> LegalForm | None:
    """The legal form that a word is behind words of a name; None where it is one of these itself."""
    name, found = split_forms([_NO_FORM, word])
    return found[0] if name == [_NO_FORM] and len(found) == 1 else None


_NO_FORM: Final = "quorvex"
_WINDING_UP: Final = "liquidation"
"""The family of words that stand behind the legal form of a company that ends: "S.A. em liquidação"."""


def _said_behind(words: Sequence[str]) -> int:
    """How many words at the end say that a company ends; the form before them is its last word as before."""
    if not words or words[-1] not in _last_of_winding_up():
        return 0
    known = [words[-length:] for length in range(min(4, len(words) - 1), 0, -1)]
    return next((len(tail) for tail in known if _is_winding_up(tuple(tail))), 0)


def _is_winding_up(words: tuple[str, ...]) -> bool:
    form = _forms().get(words)
    return form is not None and form.family == _WINDING_UP


@cache
def _last_of_winding_up() -> frozenset[str]:
    return frozenset(words[-1] for words in _forms() if _is_winding_up(words))


def _cut_short(rest: Sequence[str]) -> LegalForm | None:
    """The form that the end of a name begins ("Limited Liab"), unless that is a form itself."""
    return None if tuple(rest) in _forms() else _unfinished().get(" ".join(rest))


_TOGETHER: Final = {
    "limitedliabilitycompany": ("limited", "liability", "company"),
    "jointstockcompany": ("joint", "stock", "company"),
    "companylimited": ("company", "limited"),
    "coltd": ("co", "ltd"),
}


def _unglued(word: str) -> tuple[str, ...]:
    """The legal form at the end of a name without spaces apart: "versorlimited" -> "versor", "limited"."""
    ending = _ending(word)
    if not ending or word in _openers():
        return (word,)
    return (word.removesuffix(ending), *_TOGETHER.get(ending, (ending,)))


def _reunited(words: list[str]) -> list[str]:
    """Long words of legal forms that were split: "limi", "ted" -> "limited".

    A long word of a form is whole already: "ответственностью М" is the form and the M of a name, though some
    write the form "ответственностьюм".
    """
    for i in range(len(words) - 1):
        whole_already = words[i] in _openers() or (len(words[i]) >= _LONG and words[i] in _words())
        if words[i] in _beginnings() and not whole_already:
            whole = words[i] + words[i + 1]
            if len(whole) >= _LONG and _long_words().get(whole) == (whole,):
                return [*words[:i], whole, *_reunited(words[i + 2 :])]
    return words


def _counts_here(form: Sequence[str], start: int, end: int, count: int) -> bool:
    if all(len(word) == 1 for word in form):
        return len(form) >= 3 or (len(form) == 2 and end == count and count > 3)
    if sum(map(len, form)) > _SHORT:
        return True
    return end == count if tuple(form) in _never_in_front() else start == 0 or end >= count - 1
