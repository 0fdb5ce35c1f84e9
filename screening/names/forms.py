"""Words to tokens: a name ready to be compared, whether a list has it or a payment.

>>> form = parse("VERSOR, s.r.o.")
>>> [token.text for token in form.tokens], [legal.form for legal in form.legal]
(['versor'], ['llc'])
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, TypeVar, cast

from screening.cache import Characters, Room, forget_words, keep
from screening.designations import Kind
from screening.names.compounds import has_article, may_be_titled, split_word
from screening.names.encodings.doubled import undoubled_words
from screening.names.encodings.keyboard import may_be_typed_so
from screening.names.encodings.packed import SHORTEST_PACKED_WORD
from screening.names.initials import as_one
from screening.names.legal_forms import LegalForm, is_hint, split_forms
from screening.names.numbering import MARKS
from screening.names.scripts import Script, romanise, script_of
from screening.names.tokens import SPELT, Class, Token, make_token
from screening.names.vocabulary import particles, titles
from screening.names.words import ENDINGS, SERVED, words_of
from screening.tuples import make

FIELD_WIDTHS: Final = frozenset((35, 70, 105, 140))
"""Where payment formats cut names: lines of MT 50 and 59 (35 each), ISO 20022 Max70Text and Max140Text."""
LONGEST_GLUED: Final = 3
"""Longer particles are not written as one with the name."""
REPEATABLE: Final = 4
"""Short words are said twice in earnest: Chang Chang Ha."""
SHORTEST_PLAIN: Final = 3
"""Letters; of shorter words initials and other readings are made."""
ALSO: Final = frozenset(("aka", "fka", "dba", "formerly"))
"""Words between several names of one party."""
JOINING: Final = ALSO | MARKS | ENDINGS | SERVED
"""Words that make something else of those beside them."""
SHORTEST_CUT: Final = 3
"""Fewer letters of a word that was cut tell nothing."""
SHORTEST_UNSPACED: Final = 6
"""Letters from which a name is the same wherever its spaces are."""


NOT_TOLD: Final = -1
"""Place of a word of which nothing is known."""


@dataclass(slots=True, eq=False, init=False)
class NameForm:
    """A name ready to be compared. Nothing changes it: `replace` makes another."""

    tokens: tuple[Token, ...]
    """What tells the party from others."""
    legal: tuple[LegalForm, ...]
    soft: tuple[str, ...]
    """Particles and titles, which count nothing."""
    cut: bool
    """The text fills a field exactly: its last word may be a beginning, further words may be missing."""

    partial: bool
    """One of several names in the text."""
    glued: tuple[tuple[int, Token], ...]
    """Tokens by place, read together with the particle before them: "al", "assad" as "alassad"."""

    fathers: tuple[int, ...]
    """Places of tokens that stand after "son of"."""

    company: bool
    """An organisation on a list: single letters do not stand for its words, they are its name."""

    unspaced: str
    """The whole text without its spaces: equal however the words are joined or split."""
    brief: str
    """The same with its spaces, of a name so short that it is another one with others: ANA I, AN AI."""

    syllabic: bool
    """The tokens are the syllables of the name, which has another form of its words."""
    languages: int
    """The languages in which it has a form in syllables, as bits: there not its words tell, but those."""

    paternal: int
    """Place of the father's surname, where the mother's stands behind it ("Carlos GOMEZ MORENO")."""
    spare: int
    """Place of a word that is left out at will: the mother's surname, an East Slavic father's name."""

    def __init__(
        self,
        tokens: tuple[Token, ...],
        legal: tuple[LegalForm, ...] = (),
        soft: tuple[str, ...] = (),
        cut: bool = False,
        partial: bool = False,
        glued: tuple[tuple[int, Token], ...] = (),
        fathers: tuple[int, ...] = (),
        company: bool = False,
        unspaced: str = "",
        brief: str = "",
        syllabic: bool = False,
        languages: int = 0,
        paternal: int = NOT_TOLD,
        spare: int = NOT_TOLD,
    ) -> None:
        """Written out to be compiled, as that of `Token`."""
        self.tokens = tokens
        self.legal = legal
        self.soft = soft
        self.cut = cut
        self.partial = partial
        self.glued = glued
        self.fathers = fathers
        self.company = company
        self.unspaced = unspaced
        self.brief = brief
        self.syllabic = syllabic
        self.languages = languages
        self.paternal = paternal
        self.spare = spare

    @property
    def ends_in_stub(self) -> bool:
        """Does it end in two letters that may be the beginning of a word ("Jose Antonio SOTO GA")?"""
        return len(self.tokens) > 2 and len(self.tokens[-1].text) == SHORTEST_CUT - 1

    @property
    def is_abroad(self) -> bool:
        """Is it in other letters than Latin ones, in which a name is what newspapers print: Виктор Бут?"""
        return len(self.tokens) > 1 and self.tokens[0].script is not Script.LATIN

    @property
    def words(self) -> tuple[Token, ...]:
        """Every token by which the name can be found."""
        return (*self.tokens, *[token for _, token in self.glued]) if self.glued else self.tokens

    @property
    def plain(self) -> tuple[str, ...]:
        """The words in order, for the test of true equality."""
        return tuple(token.native for token in self.tokens)


class Word(NamedTuple):
    """What a written word is in a name."""

    soft: bool
    hint: bool
    tokens: tuple[Token, ...]
    whole: Token | None = None
    """The word with its article, where that is not among the tokens: "الصيد" for ELSSEID."""
    plain: bool = False
    """Is it one token and nothing else, whatever stands beside it, and are no words within it? So are most
    words of names."""


_WORDS: Final[dict[str, Word]] = {}
_CHARACTERS: Final = Characters()
CACHED_WORDS: Final = 1 << 17
CACHED_CHARACTERS: Final = 1 << 20
"""As many as these words have, of eight letters each; a word takes 370 bytes, and of 1,900 letters 70 kB."""
_ROOM: Final[Room[str, Word]] = Room(CACHED_WORDS, lambda word, _: len(word), CACHED_CHARACTERS)


def read_word(word: str) -> Word:
    """What a word is, remembered: names are made of the same words again and again."""
    known = _WORDS.get(word)
    if known is not None:
        return known
    if _CHARACTERS.are_too_many(word):
        forget_words()
    return _ROOM.keep(_WORDS, word, _read(word))


def _read(word: str) -> Word:
    parts = split_word(word)
    tokens = tuple(token for part in parts if (token := make_token(part)))
    whole = make_token(word) if has_article(word) and len(tokens) == 1 else None
    soft, hint = word in particles() or word in titles(), is_hint(word)
    plain = not soft and not hint and whole is None and len(tokens) == 1 and _is_plain(word, tokens[0])
    return make(Word, (soft, hint, tokens, whole, plain))


def _is_plain(word: str, token: Token) -> bool:
    return (
        SHORTEST_PLAIN <= len(word) < SHORTEST_PACKED_WORD
        and word.isascii()
        and word.isalpha()
        and token.native == word
        and token.cls in SPELT
        and word not in JOINING
        and not may_be_titled(word)
        and not may_be_typed_so(word)
        and undoubled_words(word) == word
    )


def parse(text: str, kind: Kind | str | None = None) -> NameForm:
    """The comparable form of a name; empty tokens only if no letter or digit is in it."""
    return form_of(words_of(text), fills_a_field(text), kind)


FULL_NAME: Final = 3
"""Words of a name with a father's name in its midst."""


def without_spare(form: NameForm) -> tuple[str, ...]:
    """Given name and surname of a name of three words in a row, in both orders: ivanzuvavov of Ivan Petrovich
    ZUVAVOV. None of a name without a word that its bearers leave out."""
    if form.spare == NOT_TOLD or len(form.tokens) != FULL_NAME:
        return ()
    left, right = [token.text for place, token in enumerate(form.tokens) if place != form.spare]
    return (left + right, right + left)


_CUT_HERE: Final = ("..", "\u2026")


def fills_a_field(text: str) -> bool:
    """Is it as long as a payment format lets a name be, and so perhaps cut, or does it say that it is cut?"""
    return len(text) in FIELD_WIDTHS or text.endswith(_CUT_HERE)


def form_of(spelt: list[str], cut: bool, kind: Kind | str | None) -> NameForm:
    """The comparable form of these words; `cut`: the last of them may be a beginning."""
    unspaced = "".join(spelt)
    brief = " ".join(spelt) if len(unspaced) < SHORTEST_UNSPACED else ""
    if kind is not None and kind != Kind.PERSON and any(len(word) == 1 for word in spelt):
        spelt = as_one(spelt)
    if not unspaced.isascii() and script_of(unspaced) is not Script.HAN:
        unspaced = romanise(unspaced)
    words = [read_word(word) for word in spelt]
    legal: tuple[LegalForm, ...] = ()
    hard: list[Token] = []
    hint = soft = article = False
    for word_is_soft, word_is_hint, tokens, whole, _ in words:
        if word_is_soft:
            soft = True
        else:
            hard += tokens
        if word_is_hint:
            hint = True
        if whole is not None:
            article = True
    if hint and kind != Kind.PERSON:
        last = spelt[-1]
        spelt, legal = _without_legal_forms(spelt)
        cut = cut and not (legal and spelt[-1] != last and ends_name(last))
        words = [read_word(word) for word in spelt]
        hard = _that_count(words)
        soft = any(word.soft for word in words)
    if kind == Kind.PERSON and soft:
        words = _letters_kept(spelt, words)
        hard = _that_count(words)
    if kind == Kind.PERSON and len(hard) > 1 and hard[0].native in TWO_INITIALS:
        words = _initials_apart(words)
        hard = _that_count(words)
    if not hard:
        every = tuple([token for word in words for token in word.tokens])
        return _tidy(NameForm(every, legal, cut=cut, unspaced=unspaced, brief=brief))
    if not soft and not article:
        return _tidy(NameForm(tuple(hard), legal, cut=cut, unspaced=unspaced, brief=brief))
    particles_left = _same(tuple([word for word in spelt if read_word(word).soft]))
    glued, fathers = _glued(spelt, words), _fathers(spelt, words)
    return _tidy(
        NameForm(
            tuple(hard), legal, particles_left, cut, False, glued, fathers, unspaced=unspaced, brief=brief
        )
    )


LONGEST_OPEN: Final = 3
"""Letters of a legal form that may as well be the beginning of a word that was cut,"""
_CLOSED: Final = ("ltd", "llc", "inc")
"""unless it is one of these;"""
_OPEN: Final = ("company", "corporation", "corporate")
"""behind these names go on."""


def ends_name(legal: str) -> bool:
    """Does a legal form end a name, so that nothing was cut off behind it?"""
    return legal in _CLOSED or (len(legal) > LONGEST_OPEN and legal not in _OPEN)


def _that_count(words: list[Word]) -> list[Token]:
    """The tokens of the words that are neither particles nor titles."""
    return [token for word in words if not word.soft for token in word.tokens]


def _places(words: list[Word]) -> Iterator[tuple[int, int, Word]]:
    """Each word that counts, with its place among the words and that of its first token among the tokens."""
    place = 0
    for at, word in enumerate(words):
        if not word.soft:
            yield at, place, word
            place += len(word.tokens)


def _glued(spelt: list[str], words: list[Word]) -> tuple[tuple[int, Token], ...]:
    """Particles and articles with their word; misplaced spaces make them too ("An tonio")."""
    found = []
    for at, place, word in _places(words):
        if at and words[at - 1].soft and len(spelt[at - 1]) <= LONGEST_GLUED and len(word.tokens) == 1:
            whole = read_word(spelt[at - 1] + spelt[at]).tokens
            if len(whole) == 1:
                found.append((place, whole[0]))
        elif word.whole is not None:
            found.append((place, word.whole))
    return tuple(found)


TWO_INITIALS: Final = frozenset(
    first + last for first in "jcptrbdgklmw" for last in "cdfghjklmnprtvw"
) - frozenset(
    ("md", "mc", "kh", "gh", "th", "ph", "ch", "dr", "mr", "wm", "tr", "br", "pr", "kr", "gr", "cr")
)
"""Given names written as initials without dots (JC, RK), which are no name, title, or beginning of a word."""


def _initials_apart(words: list[Word]) -> list[Word]:
    """The first word that counts as its letters, each a word of its own."""
    at, _, first = next(_places(words))
    letters = tuple([token for letter in first.tokens[0].text for token in read_word(letter).tokens])
    return [*words[:at], first._replace(tokens=(*letters, *first.tokens[1:])), *words[at + 1 :]]


def _letters_kept(spelt: list[str], words: list[Word]) -> list[Word]:
    """A single letter joins two names in their midst ("Ortega y Gasset"); else it is an initial."""
    last = len(spelt) - 1
    alone = [len(word) == 1 for word in spelt]
    return [
        word._replace(soft=False)
        if word.soft and alone[at] and (at in (0, last) or alone[at - 1] or alone[at + 1]) and word.tokens
        else word
        for at, word in enumerate(words)
    ]


_SON_OF: Final = frozenset(
    ("bin", "ibn", "ben", "bint", "binte", "ould", "wuld", "بن", "ابن", "بنت", "ولد", "ибн")
)


def _fathers(spelt: list[str], words: list[Word]) -> tuple[int, ...]:
    """Where "son of" has a name on both sides."""
    return tuple([place for at, place, _ in _places(words) if place and spelt[at - 1] in _SON_OF])


def _without_legal_forms(words: list[str]) -> tuple[list[str], tuple[LegalForm, ...]]:
    """A name of nothing but legal forms keeps them as its name."""
    name, forms = split_forms(words)
    return (name, _same(tuple(forms))) if name else (words, ())


_Few = TypeVar("_Few", bound=tuple[object, ...])
_SAME: Final[dict[tuple[object, ...], tuple[object, ...]]] = {}
CACHED_FEW: Final = 1 << 12


def _same(few: _Few) -> _Few:
    """What a name has in common with thousands of others, there once: of a million names 45 MB."""
    made: tuple[object, ...] = few
    return cast(_Few, _SAME.get(made) or keep(_SAME, made, made, CACHED_FEW))


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
        return read_word(tens.text[0] + units.text).tokens
    return ()
