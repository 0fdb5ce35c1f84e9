"""What reading a list's names came to, as lines to be kept: the next start need not read them again.

It holds results of functions of a text alone, by that text, and says nothing of what is listed: the entries
come from their topic, with their proof. A snapshot that knows names of another day, or not all, is of use as
well. Only the code that made it may read it.
"""

import base64
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import Any, NamedTuple

import orjson
from pyroaring import BitMap

from screening.designations import Kind
from screening.names.forms import NOT_TOLD, NameForm
from screening.names.legal_forms import LegalForm
from screening.names.scripts import Script
from screening.names.tokens import NO_GROUPS, Class, Token

Written = tuple[str, Kind | None]
"""The text of a list name, and what it names: all that its forms depend on."""
Places = int | list[int]
"""One word's place among all, or those of several."""
ROWS = 20_000
"""Rows a line: so many are in the memory twice while they are read."""
_KINDS = (None, *Kind)


class Tables(NamedTuple):
    """The words of a list and what finds them."""

    tokens: Sequence[Token]
    gone: Sequence[int]
    """Places of words that stand in no name any more."""
    by_key: Mapping[str, Places]
    """By key the places of its words among the tokens (`names.tokens.keys`); of a long list nothing."""
    packed: Iterable[bytes]
    """The same of a long list (`KeyTable.packed`)."""
    together: BitMap
    """Hashes of what neighbouring words are together; see `Lexicon`."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The words of a list, and the forms of its names, made of these very words."""

    tables: Tables
    forms: Mapping[Written, tuple[NameForm, ...]]


class Traits(NamedTuple):
    """All of a form that many names have in common: everything but its words."""

    legal: tuple[LegalForm, ...]
    soft: tuple[str, ...]
    cut: bool
    partial: bool
    fathers: tuple[int, ...]
    company: bool
    brief: str
    syllabic: bool
    languages: int
    paternal: int
    spare: int


NO_TRAITS = Traits((), (), False, False, (), False, "", False, 0, NOT_TOLD, NOT_TOLD)
"""Of most names of people."""


class Forms:
    """The forms of names as they were read from a snapshot: each is made when it is asked for."""

    def __init__(self, tokens: Sequence[Token] = ()) -> None:
        self._tokens = tokens
        self._traits: list[Traits] = []
        self._numbers: dict[Kind | None, dict[str, int]] = {kind: {} for kind in _KINDS}
        """Of names by their texts."""
        self._begin = array("I", (0,))
        """Of each name its first form, and behind the last name the number of all."""
        self._first = array("I", (0,))
        """Of each form its first word, likewise."""
        self._words = array("I")
        self._trait = array("I")
        self._unspaced: list[str | None] = []
        """Of each form; None where it is its words in a row."""
        self._glued: dict[int, list[list[int]]] = {}

    def of(self, text: str, kind: Kind | None) -> tuple[NameForm, ...] | None:
        """The forms of a name; None of one that is not known."""
        number = self._numbers[kind].get(text)
        if number is None:
            return None
        return tuple([self._form(form) for form in range(self._begin[number], self._begin[number + 1])])

    def _form(self, number: int) -> NameForm:
        tokens = self._tokens
        words = tuple([tokens[place] for place in self._words[self._first[number] : self._first[number + 1]]])
        unspaced = self._unspaced[number]
        glued = self._glued.get(number)
        return form_of_traits(
            words,
            self._traits[self._trait[number]],
            in_a_row(words) if unspaced is None else unspaced,
            tuple([(place, tokens[word]) for place, word in glued]) if glued else (),
        )

    def read(self, columns: Sequence[Any]) -> None:
        """One line of `_columns`."""
        texts, unspaced, kinds, counts, lengths, words, traits, glued = columns
        forms = len(self._trait)
        for number, (text, kind) in enumerate(
            zip(texts, _unpacked("B", kinds), strict=True), len(self._begin) - 1
        ):
            self._numbers[_KINDS[kind]][text] = number
        self._begin.extend(accumulate(_unpacked("I", counts), initial=self._begin.pop()))
        self._first.extend(accumulate(_unpacked("I", lengths), initial=self._first.pop()))
        self._words.extend(_unpacked("I", words))
        self._trait.extend(_unpacked("I", traits))
        self._unspaced += unspaced
        for form, pairs in glued.items():
            self._glued[forms + int(form)] = pairs

    def finish(self, traits: Iterable[Sequence[Any]]) -> None:
        """After the last line. Raises ValueError where something is missing."""
        for legal, soft, cut, partial, fathers, *rest in traits:
            forms = tuple([LegalForm(*form) for form in legal])
            self._traits.append(Traits(forms, tuple(soft), cut, partial, tuple(fathers), *rest))
        whole = (
            sum(map(len, self._numbers.values())) == len(self._begin) - 1
            and len(self._trait) == len(self._unspaced) == len(self._first) - 1 == self._begin[-1]
            and len(self._words) == self._first[-1]
            and max(self._words, default=-1) < len(self._tokens)
            and max(self._trait, default=-1) < len(self._traits)
        )
        if not whole:
            raise ValueError("a column is too short")


class Recalled(NamedTuple):
    """A snapshot as it was read."""

    tables: Tables
    forms: Forms


def in_a_row(words: Sequence[Token]) -> str:
    """The words of a form without blanks, which is how most names are written."""
    return "".join([word.native for word in words])


def traits_of(form: NameForm) -> Traits:
    """All of a form but its words, and how they are written together."""
    return Traits(
        form.legal,
        form.soft,
        form.cut,
        form.partial,
        form.fathers,
        form.company,
        form.brief,
        form.syllabic,
        form.languages,
        form.paternal,
        form.spare,
    )


def form_of_traits(
    words: tuple[Token, ...], traits: Traits, unspaced: str, glued: tuple[tuple[int, Token], ...]
) -> NameForm:
    """The form of which these are the parts."""
    legal, soft, cut, partial, fathers, company, brief, syllabic, languages, paternal, spare = traits
    return NameForm(
        words,
        legal,
        soft,
        cut,
        partial,
        glued,
        fathers,
        company,
        unspaced,
        brief,
        syllabic,
        languages,
        paternal,
        spare,
    )


def to_lines(snapshot: Snapshot) -> Iterator[bytes]:
    """JSON, a line for every `ROWS` rows of each table; an empty list ends a table."""
    tables = snapshot.tables
    places = {token: place for place, token in enumerate(tables.tokens)}
    yield from _table(_of_token(token) for token in tables.tokens)
    yield from _table(tables.gone)
    yield from _table(tables.by_key.items(), dict)  # as objects, which are read in half the time
    yield from _table(map(_text, tables.packed))
    yield from _table([_text(tables.together.serialize())])
    traits: dict[Traits, int] = {}
    names = iter(snapshot.forms.items())
    while chunk := list(islice(names, ROWS)):
        yield orjson.dumps(_columns(chunk, places, traits))
    yield b"[]"
    yield from _table((list(map(tuple, each.legal)), *each[1:]) for each in traits)


def from_lines(lines: Iterable[bytes]) -> Recalled:
    """Raises ValueError (StopIteration, KeyError, IndexError and TypeError included) for other lines."""
    try:
        return _read(iter(lines))
    except (StopIteration, RuntimeError, LookupError, TypeError, AttributeError) as error:
        raise ValueError(f"no snapshot: {error!r}") from error


def _read(lines: Iterator[bytes]) -> Recalled:
    scripts, classes = {each.value: each for each in Script}, {each.value: each for each in Class}
    same: dict[str, str] = {}
    tokens = [_token(row, scripts, classes, same) for row in _rows(lines)]
    gone = [*_rows(lines)]
    by_key: dict[str, Places] = {}
    while chunk := orjson.loads(next(lines)):
        by_key.update(chunk)
    packed = [base64.b64decode(row) for row in _rows(lines)]
    (together,) = _rows(lines)
    forms = Forms(tokens)
    while columns := orjson.loads(next(lines)):
        forms.read(columns)
    forms.finish(_rows(lines))
    return Recalled(
        Tables(tokens, gone, by_key, packed, BitMap.deserialize(base64.b64decode(together))), forms
    )


def _table(rows: Iterable[Any], of: Callable[[Iterable[Any]], object] = list) -> Iterator[bytes]:
    rows = iter(rows)
    while chunk := of(islice(rows, ROWS)):
        yield orjson.dumps(chunk)
    yield b"[]"


def _rows(lines: Iterator[bytes]) -> Iterator[Any]:
    while chunk := orjson.loads(next(lines)):
        yield from chunk


def _text(packed: bytes) -> str:
    return base64.b64encode(packed).decode()


def _packed(code: str, numbers: Iterable[int]) -> str:
    return _text(array(code, numbers).tobytes())


def _unpacked(code: str, packed: str) -> "array[int]":
    return array(code, base64.b64decode(packed))


def _of_token(token: Token) -> tuple[object, ...]:
    return (
        token.native,
        token.text,
        token.script,
        token.cls,
        token.weight,
        token.skeleton,
        token.consonants,
        [*token.groups],
        token.entry,
    )


def _token(
    row: Sequence[Any], scripts: Mapping[str, Script], classes: Mapping[str, Class], same: dict[str, str]
) -> Token:
    """`same`: equal texts are one object, as they are in a token that was just made."""
    native, text, script, cls, weight, skeleton, consonants, groups, entry = row
    return Token(
        native=same.setdefault(native, native),
        text=same.setdefault(text, text),
        script=scripts[script],
        cls=classes[cls],
        weight=weight,
        skeleton=same.setdefault(skeleton, skeleton),
        frame=same.setdefault(consonants, consonants),
        groups=frozenset(groups) if groups else NO_GROUPS,
        entry=same.setdefault(entry, entry),
    )


def _columns(
    names: Sequence[tuple[Written, tuple[NameForm, ...]]],
    places: Mapping[Token, int],
    traits: dict[Traits, int],
) -> list[Any]:
    """Names and their forms, by column; numbers as arrays, which are read at once."""
    forms = [form for _, known in names for form in known]
    return [
        [text for (text, _), _ in names],
        [None if form.unspaced == in_a_row(form.tokens) else form.unspaced for form in forms],
        _packed("B", [_KINDS.index(kind) for (_, kind), _ in names]),
        _packed("I", [len(known) for _, known in names]),
        _packed("I", [len(form.tokens) for form in forms]),
        _packed("I", [places[token] for form in forms for token in form.tokens]),
        _packed("I", [traits.setdefault(traits_of(form), len(traits)) for form in forms]),
        {
            str(number): [(place, places[token]) for place, token in form.glued]
            for number, form in enumerate(forms)
            if form.glued
        },
    ]
