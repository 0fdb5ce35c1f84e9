"""What reading a list's names came to, as lines to be kept: the next start need not read them again.

It holds results of functions of a text alone, by that text, and says nothing of what is listed: the entries
come from their topic, with their proof. A snapshot that knows names of another day, or not all, is of use as
well. Only the code that made it may read it.
"""

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson
from pyroaring import BitMap

from screening.designations import Kind
from screening.names.forms import NameForm
from screening.names.legal_forms import LegalForm
from screening.names.scripts import Script
from screening.names.tokens import NO_GROUPS, Class, Token

Written = tuple[str, Kind | None]
"""The text of a list name, and what it names: all that its forms depend on."""
Places = int | list[int]
"""One word's place among all, or those of several."""
ROWS = 20_000
"""Rows a line: so many are in the memory twice while they are read."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The words of a list, what finds them, and the forms of its names, made of these very words."""

    tokens: Sequence[Token]
    by_key: Mapping[str, Places]
    """By key the places of its words among the tokens; see `names.tokens.keys`."""
    together: BitMap
    """Hashes of what neighbouring words are together; see `Lexicon`."""
    forms: Mapping[Written, tuple[NameForm, ...]]


def to_lines(snapshot: Snapshot) -> Iterator[bytes]:
    """JSON, a line for every `ROWS` rows of each table; an empty list ends a table."""
    places = {token: place for place, token in enumerate(snapshot.tokens)}
    yield from _table(_of_token(token) for token in snapshot.tokens)
    yield from _table(snapshot.by_key.items(), dict)  # as objects, which are read in half the time
    yield from _table([base64.b64encode(snapshot.together.serialize()).decode()])
    yield from _table(
        (text, kind, [_of_form(form, places) for form in forms])
        for (text, kind), forms in snapshot.forms.items()
    )


def from_lines(lines: Iterable[bytes]) -> Snapshot:
    """Raises ValueError (StopIteration, KeyError, IndexError and TypeError included) for other lines."""
    try:
        return _read(iter(lines))
    except (StopIteration, RuntimeError, LookupError, TypeError) as error:
        raise ValueError(f"no snapshot: {error!r}") from error


def _read(lines: Iterator[bytes]) -> Snapshot:
    kinds: dict[str | None, Kind | None] = {None: None, **{kind.value: kind for kind in Kind}}
    scripts, classes = {each.value: each for each in Script}, {each.value: each for each in Class}
    same: dict[str, str] = {}
    tokens = [_token(row, scripts, classes, same) for row in _rows(lines)]
    by_key: dict[str, Places] = {}
    while chunk := orjson.loads(next(lines)):
        by_key.update(chunk)
    (together,) = _rows(lines)
    forms = {
        (text, kinds[kind]): tuple([_form(form, tokens) for form in forms])
        for text, kind, forms in _rows(lines)
    }
    return Snapshot(tokens, by_key, BitMap.deserialize(base64.b64decode(together)), forms)


def _table(rows: Iterable[Any], of: Callable[[Iterable[Any]], object] = list) -> Iterator[bytes]:
    rows = iter(rows)
    while chunk := of(islice(rows, ROWS)):
        yield orjson.dumps(chunk)
    yield b"[]"


def _rows(lines: Iterator[bytes]) -> Iterator[Any]:
    while chunk := orjson.loads(next(lines)):
        yield from chunk


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
        consonants=same.setdefault(consonants, consonants),
        groups=frozenset(groups) if groups else NO_GROUPS,
        entry=same.setdefault(entry, entry),
    )


def _of_form(form: NameForm, places: Mapping[Token, int]) -> tuple[object, ...]:
    return (
        [places[token] for token in form.tokens],
        form.unspaced,
        [tuple(legal) for legal in form.legal],
        form.soft,
        form.cut,
        form.partial,
        [(place, places[token]) for place, token in form.glued],
        form.fathers,
        form.company,
        form.syllabic,
        form.languages,
        form.paternal,
    )


def _form(row: Sequence[Any], tokens: Sequence[Token]) -> NameForm:
    words, unspaced, legal, soft, cut, partial, glued, fathers, company, syllabic, languages, paternal = row
    return NameForm(
        tokens=tuple([tokens[place] for place in words]),
        legal=tuple([LegalForm(*form) for form in legal]),
        soft=tuple(soft),
        cut=cut,
        partial=partial,
        glued=tuple([(place, tokens[word]) for place, word in glued]),
        fathers=tuple(fathers),
        company=company,
        unspaced=unspaced,
        syllabic=syllabic,
        languages=languages,
        paternal=paternal,
    )
