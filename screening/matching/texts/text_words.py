"""A text as words, each with what parts it from the word before: nothing, a comma, or more.

"QWX GMBH / IVAN ZUVAVOV, MOSCOW" holds two parties and a town. What stands between two words says whether
they can be one name.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import groupby, pairwise
from typing import Final

from screening.cache import by_word
from screening.limits import MOST_WORDS
from screening.matching.plain_words import is_connective
from screening.matching.texts.line_readings import opened
from screening.names.cleaning import clean
from screening.names.compounds import split_word
from screening.names.forms import parse, read_word
from screening.names.legal_forms import is_hint
from screening.names.syllables import goes_on_in_vietnamese, is_korean_syllable
from screening.names.tokens import Token, make_token
from screening.names.vocabulary import particles, titles
from screening.names.words import ENDINGS, words_of


class Gap(IntEnum):
    """What stands before a word."""

    NONE = 0
    COMMA = 1
    """A comma, a full stop or the end of a line: names go on behind it as often as not."""
    AND = 2
    """ "&", "+" or "and": another party begins, or the name of a company goes on."""
    BREAK = 3
    """A stroke, a bracket, a dash between blanks, a semicolon, a word like "or": something else begins."""


@dataclass(slots=True, eq=False)
class TextWord:
    """A word of a text that counts in names; particles are noted with the word they stand before, titles with
    those on both sides. Nothing changes it."""

    token: Token
    native: str
    gap: Gap
    particles: str
    """Particles that stand before it, with a blank behind: "al ", "bin ", or nothing."""
    line: int
    written: int
    """Number of the written word; syllables of one word share it."""
    hyphen: bool = False
    """Does a hyphen join it to the word before?"""
    ends_in: int | None = None
    """The line that it ends in, where that is another."""
    titles: str = ""
    """Titles right before or behind it, each with a blank behind."""


_SEPARATORS: Final = re.compile(r"(\s-+\s|[;:/()&|\[\]{}]|(?<!\w)[+<>=*#]|[+<>=*#](?!\w)|[,\n\r]|\.\s)")
_AND: Final = frozenset(("and", "und", "et", "y", "e", "i", "и"))
_CONJUNCTIONS: Final = _AND.union(("or", "ou", "oder", "the", "of", "for", "و"))
"""Particles that join parties rather than the words of a name, and words that say for whom."""
FEWEST_LETTERS: Final = 3
"""Single letters in a row that are one word."""
SHORTEST_PARTED_ALONE: Final = 8
"""Letters of a parted word that is a name by itself."""
SHORTEST_ALONE: Final = 3
"""Letters of a word that is one by itself, no part of what something has parted."""


def without_breaks(text: str, is_word: Callable[[str], bool]) -> str:
    """A text without the line breaks that cut a word of the list: "ROSOBORO", "NEXPORT"."""
    lines = text.splitlines()
    whole = lines[:1]
    for line in lines[1:]:
        begun, goes_on = whole[-1].rsplit(None, 1)[-1:], line.split(None, 1)[:1]
        if begun and goes_on and is_word((begun[0] + goes_on[0]).casefold()):
            whole[-1] = whole[-1].rstrip() + line.lstrip()
        else:
            whole.append(line)
    return text if len(whole) == len(lines) else "\n".join(whole)


LONGEST_SHORT_FORM: Final = 6
"""Letters of a legal form that is written out; of shorter ones too many words are made."""
_CUT: Final = re.compile(r"[^\W\d_]+$")
_GOES_ON: Final = re.compile(r"[^\W\d_]+")


def rejoined(lines: Sequence[str], is_word: Callable[[str], bool]) -> list[str] | None:
    """The lines with each word put together that is cut where one part is a word by itself that no name has:
    "GBS TRAD", "ING S.A." or "IRAN FOR", "EIGN INVESTMENT". None if there is none.

    `merged` puts together what is left of both parts, and `without_breaks` what a break inside a line cuts;
    particles and titles are not among the words of a text.
    """
    whole = list(lines)
    for place in range(len(whole) - 1):
        begun, goes_on = _CUT.search(whole[place]), _GOES_ON.match(whole[place + 1])
        if begun is None or goes_on is None:
            continue
        left, right = begun.group().casefold(), goes_on.group().casefold()
        together = left + right
        soft = _is_soft(left) or _is_soft(right)
        parts = split_word(together)
        if (soft and (together in particles() or all(map(is_word, parts)))) or _is_legal_word(together):
            whole[place] += goes_on.group()
            whole[place + 1] = whole[place + 1][goes_on.end() :]
    return whole if whole != list(lines) else None


def _is_legal_word(word: str) -> bool:
    """Is a word one that a list may have as no word of a name: COMPANY, LIMITED?"""
    return len(word) >= LONGEST_SHORT_FORM and is_hint(word)


def _is_soft(word: str) -> bool:
    return len(word) == 1 or word in particles() or word in titles() or word in _CONJUNCTIONS


def text_words(lines: Iterable[str], apart: Callable[[str], Iterable[str]] = opened) -> list[TextWord]:
    """The words of neighbouring lines, in order; of more than a payment may have, one too many.

    `apart` says what else a line may be read as.
    """
    found: list[TextWord] = []
    for number, line in enumerate(lines):
        gap = Gap.COMMA if found else Gap.NONE
        for reading in (line, *apart(line)):
            titled = ""
            for part in _SEPARATORS.split(_plain(reading)):
                separator = _gap(part)
                if separator is not None:
                    gap = max(gap, separator)
                    continue
                gap, titled = _add(found, part, gap, titled if gap <= Gap.COMMA else "", number)
                if len(found) > MOST_WORDS:
                    return found[: MOST_WORDS + 1]
            gap = Gap.BREAK
    return found


_KNOWN_AS: Final = re.compile(r"(?<![^\W_])([af])/k/a(?![^\W_])", re.IGNORECASE)
"""What leads to another name, and is no three words with strokes between."""


def _plain(line: str) -> str:
    line = clean(line)
    if "/k/" in line or "/K/" in line:
        line = _KNOWN_AS.sub(r"/\1ka/", line)
    return line if line.isascii() else unicodedata.normalize("NFKC", line)


def _gap(part: str) -> Gap | None:
    bare = part.strip()
    if not bare:
        return Gap.COMMA if "\n" in part or "\r" in part else Gap.NONE
    if bare in (",", "."):
        return Gap.COMMA
    if bare in ("&", "+"):
        return Gap.AND
    return Gap.BREAK if not any(map(str.isalnum, bare)) else None


def _add(found: list[TextWord], part: str, gap: Gap, titled: str, line: int) -> tuple[Gap, str]:
    """Appends the words of a part without separators; returns the gap and the titles before what is next."""
    soft = ""
    of_rank, joining = titles(), particles()
    hyphenated = _hyphenated(part) if "-" in part else set()
    words = _letters_as_one(_without_leads(words_of(part), part))
    for place, word in enumerate(words):
        if word in _CONJUNCTIONS:
            gap, soft = max(gap, Gap.AND if word in _AND else Gap.BREAK), ""
        elif word in of_rank:
            if found and gap < Gap.AND:
                found[-1].titles += word + " "
            gap, titled = max(gap, Gap.COMMA), titled + word + " "
        elif len(word) == 1 and gap is Gap.BREAK and word in joining:
            continue  # of an abbreviation that leads to the name: T/A
        elif word in joining and not (
            _begins_syllables(words, place)
            or goes_on_in_vietnamese(words, place)
            or (not gap and not soft and _goes_on_in_syllables(found, word))
        ):
            soft += word + " "
        else:
            written = found[-1].written + 1 if found else 0
            joined = gap is Gap.NONE and word in hyphenated and not soft  # else to its article: Al-Salah
            for token in _tokens(word):
                native = token.native
                found.append(TextWord(token, native, gap, soft, line, written, joined, titles=titled))
                gap, soft = Gap.NONE, ""
            titled = ""
    return gap, titled


_WITH_ENDING: Final = tuple(sorted(ENDINGS, key=len, reverse=True))
"""The longest first: one is the end of another."""


def _without_leads(words: list[str], part: str) -> list[str]:
    """Words that lead to a name apart from an ending that begins it: "toallah" -> "to", "allah", of "to Allah
    Dad"; but not Atallah."""
    if not any(word.endswith(_WITH_ENDING) for word in words):
        return words
    written = part.casefold()
    apart: list[str] = []
    for word in words:
        ending = next((ending for ending in _WITH_ENDING if word.endswith(ending)), "")
        lead = word[: -len(ending)] if ending and word not in written else ""
        apart += [lead, ending] if lead and _leads(lead) else [word]
    return apart


def _leads(word: str) -> bool:
    token = make_token(word)
    return word in _CONJUNCTIONS or word.isdigit() or (token is not None and is_connective(token))


def _letters_as_one(words: list[str]) -> list[str]:
    """Letters of a company with blanks between as one word: "n", "p", "c" -> "npc". Two are initials."""
    if sum([len(word) == 1 for word in words]) < FEWEST_LETTERS:
        return words
    found: list[str] = []
    for alone, run in groupby(words, key=lambda word: len(word) == 1 and word.isalpha() and word.isascii()):
        letters = list(run)
        found += ["".join(letters)] if alone and len(letters) >= FEWEST_LETTERS else letters
    return found


def _goes_on_in_syllables(found: list[TextWord], particle: str) -> bool:
    """Is a particle the next syllable of a name of Korea? The Il of Kim Jong Il is no article; but "to" leads
    to Al-Qaida."""
    if not found or is_connective(found[-1].token):
        return False
    return is_korean_syllable(found[-1].native) and is_korean_syllable(particle)


NAME_OF_KOREA: Final = 3
"""Syllables of nearly all names of Korea."""


def _begins_syllables(words: list[str], place: int) -> bool:
    """Is a particle the first syllable of a name of Korea: Il-Nam KIM?"""
    if not is_korean_syllable(words[place]):
        return False
    run = 1
    for word in words[place + 1 : place + 1 + NAME_OF_KOREA]:
        if not is_korean_syllable(word) or _leads(word):
            break
        run += 1
    return run == NAME_OF_KOREA


@by_word(1 << 16)
def _tokens(word: str) -> tuple[Token, ...]:
    """A word as the name of a person; one of plain letters is that already."""
    if word.isascii() and word.isalpha():
        known = read_word(word)
        if not known.soft and len(known.tokens) == 1:
            return known.tokens
    return parse(word, "person").tokens


def _hyphenated(part: str) -> set[str]:
    """Words of a part that a hyphen joins to the one before: "hyun" of "Sang-hyun"."""
    return {word for chunk in part.split() if "-" in chunk for word in words_of(chunk)[1:]}


def merged(words: Sequence[TextWord], place: int) -> list[TextWord]:
    """The words with two neighbours read as one, as a name cut at the end of a line."""
    one = _as_one(words[place], words[place + 1])
    return [*words[:place], one, *words[place + 2 :]] if one else []


def _as_one(left: TextWord, right: TextWord) -> TextWord | None:
    whole = parse(left.native + right.native, "person").tokens
    if len(whole) != 1:
        return None
    return TextWord(
        whole[0], whole[0].native, left.gap, left.particles, left.line, left.written, ends_in=right.line
    )


def put_together(
    words: Sequence[TextWord], is_word: Callable[[str], bool], is_alone: Callable[[str], bool]
) -> list[TextWord]:
    """The words with those in one that something parts: "Ole g PUZ ANOVSKY". No words where nothing is parted
    beside a word of the list: by themselves too many can be put together, but for a long name of one word
    ("SOVCOM FLOT")."""
    found: list[TextWord] = []
    joined: list[int] = []
    place = 0
    while place < len(words):
        word = words[place]
        place += 1
        if place < len(words) and _may_be_parted(word, words[place], is_word):
            one = _as_one(word, words[place])
            if one is not None:
                joined.append(len(found))
                word = one
                place += 1
        found.append(word)
    both = set(joined)
    for place in joined:
        if len(found[place].native) >= SHORTEST_PARTED_ALONE and is_alone(found[place].native):
            return found
        for beside in (place - 1, place + 1):
            if beside in both or (0 <= beside < len(found) and is_word(found[beside].native)):
                return found
    return []


def has_parted(words: Sequence[str], is_word: Callable[[str], bool]) -> bool:
    """Are two neighbouring words of a field one of the list that something parts?"""
    return any(
        is_word(left + right) and not (is_word(left) and is_word(right)) for left, right in pairwise(words)
    )


def _may_be_parted(left: TextWord, right: TextWord, is_word: Callable[[str], bool]) -> bool:
    if right.gap is not Gap.NONE or right.particles or left.line != right.line:
        return False
    whole = left.native + right.native
    if not (is_word(whole) or (_is_legal_word(whole) and not is_hint(right.native))):
        return False
    return not (_stands_alone(left.native, is_word) and _stands_alone(right.native, is_word))


def _stands_alone(word: str, is_word: Callable[[str], bool]) -> bool:
    return len(word) >= SHORTEST_ALONE and (is_word(word) or is_hint(word))


def taken_apart(words: Sequence[TextWord], place: int, parts: Sequence[Token]) -> list[TextWord]:
    """The words with one read as several, as a name without its blanks."""
    first, *others = parts
    whole = words[place]
    begun = replace(whole, token=first, native=first.native)
    more = [replace(begun, token=part, native=part.native, gap=Gap.NONE, particles="") for part in others]
    return [*words[:place], begun, *more, *words[place + 1 :]]
