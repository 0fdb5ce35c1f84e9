"""Text to tokens: the one normalisation that list names and payment names both go through.

>>> form = parse("VERSOR, s.r.o.")
>>> [token.text for token in form.tokens], [legal.form for legal in form.legal]
(['versor'], ['ltd'])
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from screening.cache import keep
from screening.designations import Kind
from screening.names.cleaning import clean
from screening.names.initials import as_one, bare, dotted
from screening.names.legal_forms import LegalForm, is_hint, split_forms, unglue
from screening.names.numbering import MARKS, is_marked, unmarked
from screening.names.scripts import Script, romanize, script_of
from screening.names.syllables import MOST, languages, syllabic, systems_of
from screening.names.tokens import (
    SPELT,
    Class,
    Token,
    acronym,
    has_article,
    make_loan,
    make_syllable,
    make_token,
    split_word,
)
from screening.names.vocabulary import particles, simplified_han, titles, wide_business_words

__all__ = ["Class", "LegalForm", "NameForm", "Token", "listed_readings", "parse", "readings", "words_of"]

FIELD_WIDTHS = frozenset((35, 70, 105, 140))
"""Where payment formats cut names: lines of MT 50 and 59 (35 each), ISO 20022 Max70Text and Max140Text."""


LONGEST_GLUED = 3
"""Longer particles are not written as one with the name."""
SHORTEST_LOAN = 3
"""One word at least of a foreign name in Hangul has so many syllables; names of Korea have two."""
LONGEST_INITIALS = 3
"""Initials without dots are one word of fewer letters."""
REPEATABLE = 4
"""Short words are said twice in earnest: Chang Chang Ha."""
SHORTEST_ACRONYM, LONGEST_ACRONYM = 4, 8
"""Three letters are the acronym of hundreds of companies."""
LONGEST_LONE_END = 5
"""Letters from which a word behind a stroke is the last word of the name said another way."""
SHORTEST_CUT = 3
"""Fewer letters of a word that was cut tell nothing."""


@dataclass(slots=True, eq=False)
class NameForm:
    """A name ready to be compared. Nothing changes it: `replace` makes another."""

    tokens: tuple[Token, ...]
    """What tells the party from others."""
    legal: tuple[LegalForm, ...] = ()
    soft: tuple[str, ...] = ()
    """Particles and titles, which count nothing."""
    cut: bool = False
    """The text fills a field exactly: its last word may be a beginning, further words may be missing."""

    partial: bool = False
    """One of several names in the text."""
    glued: tuple[tuple[int, Token], ...] = ()
    """Tokens by place, read together with the particle before them: "al", "assad" as "alassad"."""

    fathers: tuple[int, ...] = ()
    """Places of tokens that stand after "son of"."""

    company: bool = False
    """An organisation on a list: single letters do not stand for its words, they are its name."""

    solid: str = ""
    """The whole text without its spaces: equal however the words are joined or split."""

    syllabic: bool = False
    """The tokens are the syllables of the name, which has another form of its words."""
    languages: int = 0
    """The languages in which it has a form in syllables, as bits: there not its words tell, but those."""

    @property
    def ends_in_stub(self) -> bool:
        """Does it end in two letters that may be the beginning of a word ("Jose Antonio SOTO GA")?"""
        return len(self.tokens) > 2 and len(self.tokens[-1].text) == SHORTEST_CUT - 1

    @property
    def words(self) -> tuple[Token, ...]:
        """Every token by which the name can be found."""
        return (*self.tokens, *[token for _, token in self.glued]) if self.glued else self.tokens

    @property
    def plain(self) -> tuple[str, ...]:
        """The words in order, for the test of true equality."""
        return tuple(token.native for token in self.tokens)


_APOSTROPHES = "'’‘`´ʼʻʿʾ′\""
_SPACES = {code: " " for code in range(128) if not chr(code).isalnum()}
_TABLE = str.maketrans(
    {**_SPACES, **dict.fromkeys(map(ord, _APOSTROPHES)), ord("@"): "a", ord("$"): "s", ord("€"): "e"}
)
_DOTTED = re.compile(r"(?<=\b\w)\.(?=\s?\w\b)")
_GAPS = re.compile(r"[^\w\s]|_")
_LEET = str.maketrans("013457", "oieast")
_MIXED = re.compile(r"(?<=[^\W\d])[013457](?=[^\W\d])|(?<=[^\W\d]{2})[013457]\b|\b[013457](?=[^\W\d]{3})")
_BANG = re.compile(r"(?<=[^\W\d])!(?=[^\W\d])")
_HAN_BESIDE = re.compile(r"(?<=[\u3400-\u9fff])(?=[\u3400-\u9fff])")


def words_of(text: str) -> list[str]:
    """Case-folded words without punctuation; "S.R.O." is one word, "Abu-Bakr" two."""
    text = clean(text)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(simplified_han())
        text = _GAPS.sub(_keep_marks, unglue(text))
        if _LONG_WIDE.search(text):
            text = _LONG_WIDE.sub(_business_apart, text)
    if "." in text:
        text = _DOTTED.sub("", text)
    text = text.casefold()
    letters_only = text.isascii() and text.replace(" ", "").isalpha()
    if not letters_only:
        if "!" in text:
            text = _BANG.sub("i", text)
        text = text.translate(_TABLE)
        if _MIXED.search(text):
            text = _MIXED.sub(lambda found: found.group().translate(_LEET), text)
    words = text.split()
    if not MARKS.isdisjoint(words) or (not letters_only and any(map(is_marked, words))):
        words = unmarked(words)
    return _with_endings(words) if len(words) > 1 and not _ENDINGS.isdisjoint(words) else words


_LONG_WIDE = re.compile(r"[\u3400-\u9fff]{4,}|[\uac00-\ud7a3]{4,}")


def _business_apart(found: "re.Match[str]") -> str:
    """What a company does apart from its name, in scripts without spaces: "佐瓦贸易" -> "佐瓦", "贸易"."""
    return wide_business_words().sub(r" \g<0> ", found.group())


_ENDINGS = frozenset(
    "allah ullah ollah الله اللہ لله zada zadah zadeh khel زاده زادہ خیل خيل".split()  # noqa: SIM905 - a word list
)


def _with_endings(words: list[str]) -> list[str]:
    """ "abd", "allah" -> "abdallah": endings that are never a name are written apart or not, at will."""
    joined: list[str] = []
    for word in words:
        if word in _ENDINGS and joined:
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def _keep_marks(found: "re.Match[str]") -> str:
    char = found.group()
    if char in _APOSTROPHES or unicodedata.category(char) in ("Mn", "Mc"):
        return "" if char in _APOSTROPHES else char
    return char if char in ".&" else " "


class _Word(NamedTuple):
    """What a written word is in a name."""

    soft: bool
    hint: bool
    tokens: tuple[Token, ...]
    whole: Token | None = None
    """The word with its article, where that is not among the tokens: "الصيد" for ELSSEID."""


_WORDS: dict[str, _Word] = {}
CACHED_WORDS = 1 << 17


def _word(word: str) -> _Word:
    known = _WORDS.get(word)
    return known if known is not None else keep(_WORDS, word, _read(word), CACHED_WORDS)


def _read(word: str) -> _Word:
    parts = split_word(word)
    tokens = tuple(token for part in parts if (token := make_token(part)))
    whole = make_token(word) if has_article(word) and len(tokens) == 1 else None
    return _Word(word in particles() or word in titles(), is_hint(word), tokens, whole)


_SEVERAL = re.compile(r"\s*(?:/|;|\b[af]\.?k\.?a\b\.?|\bdba\b|\bformerly\b)\s*", re.IGNORECASE)
_ALSO = frozenset(("aka", "fka", "dba", "formerly"))


def readings(text: str, kind: Kind | str | None = None) -> tuple[NameForm, ...]:
    """The name, and where the text holds several ("Al-Qa'ida/Islamic Army", "X f/k/a Y") each by itself."""
    words = words_of(text)
    whole, *spoken = _with_syllables(words, _form(words, len(text) in FIELD_WIDTHS, kind), text, kind)
    if kind is None or kind == Kind.PERSON:
        if "." in text or min(map(len, words), default=LONGEST_INITIALS) < LONGEST_INITIALS:
            whole, spoken = _with_initials(words, whole, spoken, text, kind)
        if not spoken and not text.isascii() and (loan := _as_loan(words, text)) is not None:
            spoken = [loan]
    if kind is None and ("&" in text or "and" in words) and min(map(len, words), default=2) == 1:
        spoken = [
            *spoken,
            parse(text, Kind.ORGANIZATION),
        ]  # "G AND M AUTOS": as companies are
    if "/" not in text and ";" not in text and _ALSO.isdisjoint(words):
        return (whole, *spoken)
    parts = [replace(parse(part, kind), partial=True) for part in _SEVERAL.split(text) if part]
    telling = tuple(part for part in parts if any(len(token.text) > 3 for token in part.tokens))
    return (whole, *telling) if len(telling) > 1 or len(parts) > len(telling) else (whole,)


_DOT = re.compile("[\u3400-\u9fff][\u00b7\u2022\u2027\u30fb\uff65][\u3400-\u9fff]")
"""Between the words of a foreign name in Han, which are no names of China then."""


def _as_loan(words: list[str], text: str) -> NameForm | None:
    """A foreign name of several words in katakana, Hangul, or Han with dots between; None for all others."""
    if len(words) < 2:
        return None
    scripts = {script_of(word) for word in words}
    foreign = any(len(word) >= SHORTEST_LOAN for word in words)
    of_syllables = scripts == {Script.KANA} or (scripts == {Script.HANGUL} and foreign)
    if not of_syllables and not (Script.HAN in scripts and _DOT.search(text)):
        return None
    tokens = tuple([token for word in words if (token := make_loan(word))])
    return NameForm(tokens, solid="".join(words) + " ")


def _with_initials(
    words: list[str], whole: NameForm, others: list[NameForm], text: str, kind: Kind | str | None
) -> tuple[NameForm, list[NameForm]]:
    """A person's name with its initials as words: dotted ones are nothing else, two bare letters may be."""
    apart = dotted(text, words) if "." in text else None
    if apart is not None and kind == Kind.PERSON:
        return _form(apart, whole.cut, kind), others
    if apart is None and not others:
        apart = bare(words)
    if kind is None and apart is None:
        together = as_one(words)
        if len(together) < len(words):
            return whole, [*others, _form(together, whole.cut, Kind.ORGANIZATION)]
    return (whole, [*others, _form(apart, whole.cut, Kind.PERSON)]) if apart is not None else (whole, others)


def _with_syllables(
    words: list[str], whole: NameForm, text: str, kind: Kind | str | None
) -> tuple[NameForm, ...]:
    """The name, and where it is one of China, Korea or Vietnam its forms in syllables, too."""
    if not 0 < len(words) <= MOST or not (last := systems_of(words[-1])):
        return (whole,)
    if not last & systems_of(words[0]) and words[0] not in titles():
        return (whole,)
    if kind is not None and kind != Kind.PERSON:
        return (whole,)
    read = syllabic([word for word in words if word not in titles()], "-" in text)
    if not read:
        return (whole,)
    forms = [whole]
    spoken = 0
    for systems, syllables in read:
        spoken |= languages(systems)
        tokens = tuple([make_syllable(syllable) for syllable in syllables])
        solid = "-".join([token.text for token in tokens])
        forms.append(NameForm(tokens, solid=solid, syllabic=True))
    every = tuple([token for word in words for token in _word(word).tokens])
    kept = replace(whole, tokens=every, soft=(), glued=(), fathers=()) if whole.soft else whole
    return (replace(kept, languages=spoken), *forms[1:])


def _without_lone_ends(found: tuple[NameForm, ...]) -> tuple[NameForm, ...]:
    """Without parts of one word behind a longer part: "FRONT OF X/SYRIA" is not "Syria".

    Short ones are abbreviations, which are names ("AL-ITIHAAD AL-ISLAMIYA / AIAI").
    """
    if len(found) < 3 or not found[1].partial or len(found[1].tokens) < 2:
        return found
    kept = [part for part in found[2:] if len(part.tokens) > 1 or len(part.tokens[0].text) < LONGEST_LONE_END]
    return (*found[:2], *kept)


def listed_readings(text: str, kind: Kind | str | None = None) -> tuple[NameForm, ...]:
    """The readings of a list name; an organisation's of four words or more also by their first letters."""
    found = _without_lone_ends(readings(text, kind))
    if kind == Kind.ORGANIZATION:
        found = tuple([replace(form, company=True) for form in found])
    words = found[0].tokens
    if kind != Kind.ORGANIZATION or not SHORTEST_ACRONYM <= len(words) <= LONGEST_ACRONYM:
        return found
    if any(word.cls not in SPELT or word.script is not Script.LATIN for word in words):
        return found
    letters = acronym(words)
    return (*found, NameForm((letters,), solid=letters.native)) if letters else found


def parse(text: str, kind: Kind | str | None = None) -> NameForm:
    """The comparable form of a name; empty tokens only if no letter or digit is in it."""
    return _form(words_of(text), len(text) in FIELD_WIDTHS, kind)


def _form(spelt: list[str], cut: bool, kind: Kind | str | None) -> NameForm:
    if kind is not None and kind != Kind.PERSON and any(len(word) == 1 for word in spelt):
        spelt = as_one(spelt)
    solid = "".join(spelt)
    if not solid.isascii() and script_of(solid) is not Script.HAN:
        solid = romanize(solid)
    words = [_word(word) for word in spelt]
    legal: tuple[LegalForm, ...] = ()
    hard: list[Token] = []
    hint = soft = article = False
    for word_is_soft, word_is_hint, tokens, whole in words:
        if word_is_soft:
            soft = True
        else:
            hard += tokens
        if word_is_hint:
            hint = True
        if whole is not None:
            article = True
    if hint and kind != Kind.PERSON:
        spelt, legal = _without_legal_forms(spelt)
        words = [_word(word) for word in spelt]
        hard = [token for word in words if not word.soft for token in word.tokens]
        soft = any(word.soft for word in words)
    if kind == Kind.PERSON and soft:
        words = _letters_kept(spelt, words)
        hard = [token for word in words if not word.soft for token in word.tokens]
    if kind == Kind.PERSON and len(hard) > 1 and hard[0].text in _TWO_INITIALS:
        words = _initials_apart(words)
        hard = [token for word in words if not word.soft for token in word.tokens]
    if not hard:
        every = tuple([token for word in words for token in word.tokens])
        return _tidy(NameForm(every, legal, (), cut, False, (), (), False, solid))
    if not soft and not article:
        return _tidy(NameForm(tuple(hard), legal, (), cut, False, (), (), False, solid))
    particles_left = tuple([word for word in spelt if _word(word).soft])
    glued, fathers = _glued(spelt, words), _fathers(spelt, words)
    return _tidy(NameForm(tuple(hard), legal, particles_left, cut, False, glued, fathers, False, solid))


def _places(words: list[_Word]) -> Iterator[tuple[int, int, _Word]]:
    """Each word that counts, with its place among the words and that of its first token among the tokens."""
    place = 0
    for at, word in enumerate(words):
        if not word.soft:
            yield at, place, word
            place += len(word.tokens)


def _glued(spelt: list[str], words: list[_Word]) -> tuple[tuple[int, Token], ...]:
    """Particles and articles with their word; misplaced spaces make them too ("An tonio")."""
    found = []
    for at, place, word in _places(words):
        if at and words[at - 1].soft and len(spelt[at - 1]) <= LONGEST_GLUED and len(word.tokens) == 1:
            whole = _word(spelt[at - 1] + spelt[at]).tokens
            if len(whole) == 1:
                found.append((place, whole[0]))
        elif word.whole is not None:
            found.append((place, word.whole))
    return tuple(found)


_TWO_INITIALS = frozenset(first + last for first in "jcptrbdgklmw" for last in "cdfghjklmnprtvw") - frozenset(
    ("md", "mc", "kh", "gh", "th", "ph", "ch", "dr", "mr", "wm", "tr", "br", "pr", "kr", "gr", "cr")
)
"""Given names written as initials without dots (JC, RK), which are no name, title, or beginning of a word."""


def _initials_apart(words: list[_Word]) -> list[_Word]:
    """The first word that counts as its letters, each a word of its own."""
    at, _, first = next(_places(words))
    letters = tuple([token for letter in first.tokens[0].text for token in _word(letter).tokens])
    return [*words[:at], first._replace(tokens=(*letters, *first.tokens[1:])), *words[at + 1 :]]


def _letters_kept(spelt: list[str], words: list[_Word]) -> list[_Word]:
    """A single letter joins two names in their midst ("Ortega y Gasset"); else it is an initial."""
    last = len(spelt) - 1
    alone = [len(word) == 1 for word in spelt]
    return [
        word._replace(soft=False)
        if word.soft and alone[at] and (at in (0, last) or alone[at - 1] or alone[at + 1]) and word.tokens
        else word
        for at, word in enumerate(words)
    ]


_SON_OF = frozenset(("bin", "ibn", "ben", "bint", "binte", "ould", "wuld", "بن", "ابن", "بنت", "ولد", "ибн"))


def _fathers(spelt: list[str], words: list[_Word]) -> tuple[int, ...]:
    """Where "son of" has a name on both sides."""
    return tuple([place for at, place, _ in _places(words) if place and spelt[at - 1] in _SON_OF])


def _without_legal_forms(words: list[str]) -> tuple[list[str], tuple[LegalForm, ...]]:
    """A name of nothing but legal forms keeps them as its name."""
    name, forms = split_forms(words)
    return (name, tuple(forms)) if name else (words, ())


def _tidy(form: NameForm) -> NameForm:
    """Without long words said twice in a row, and without the letter or two that a cut left of a word."""
    tokens = form.tokens
    for place in range(len(tokens) - 1, 0, -1):
        here, before = tokens[place], tokens[place - 1]
        if here.text == before.text and len(here.text) > REPEATABLE:
            tokens = tokens[:place] + tokens[place + 1 :]
        elif here.cls is Class.NUMBER and before.cls is Class.NUMBER and (both := _compound(before, here)):
            tokens = tokens[: place - 1] + both + tokens[place + 1 :]
    if form.cut and len(tokens) > 1 and len(tokens[-1].text) < SHORTEST_CUT:
        tokens = tokens[:-1]
    return form if tokens is form.tokens else replace(form, tokens=tokens, glued=(), fathers=())


def _compound(tens: Token, units: Token) -> tuple[Token, ...]:
    """ "forty", "four" -> 44"""
    if len(tens.text) == 2 and tens.text[1] == "0" and len(units.text) == 1 and units.text != "0":
        return _word(tens.text[0] + units.text).tokens
    return ()
