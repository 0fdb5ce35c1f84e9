"""Persons who share a surname that a text says once: in "Igor and Olga SERGUN" stands Igor SERGUN, too.

So are the joint holders of an account, a couple that is written to, the heirs of an estate.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from screening.matching.plain_words import is_connective, is_no_name
from screening.matching.texts.text_words import Gap, TextWord
from screening.names.slavic import is_patronymic
from screening.names.tokens import Class

MOST_HOLDERS: Final = 4
"""Persons with one surname; of a longer row these last ones."""
LONGEST_HOLDER: Final = 4
"""Words of the one who has the surname: given names, a father's name, both parents' surnames."""
MOST_GIVEN: Final = 2
"""Words of the others, of whom a given name and a father's name are named."""

Words = Sequence[TextWord]


def with_shared_surname(words: Words) -> list[TextWord]:
    """Every person of whom a row says the given names alone, with the surname of another; mostly none.

    They are parted from each other as parties are. Of several words that may be the surname all are read, and
    the last by itself: the father's name of "Olga Petrovna SERGUN" is not Igor's.
    """
    if all(word.gap is not Gap.AND for word in words):
        return []
    return [
        replace(word, gap=Gap.NONE if place else Gap.BREAK)
        for row in _rows(words)
        for person in _persons(row[-MOST_HOLDERS:])
        for place, word in enumerate(person)
    ]


def _persons(row: Sequence[Words]) -> Iterator[Words]:
    """The given names of each name with the surname of the last that has one, in the order they are said."""
    place = max([at for at, name in enumerate(row) if _has_surname(name)], default=-1)
    if place < 0 and row[1][0].gap is Gap.COMMA:
        place = 0  # "SERGUN, Olga and Igor"
    whole = row[place]
    if place < 0 or len(whole) > LONGEST_HOLDER:
        return
    if place < len(row) - 1:  # "SERGUN Olga and Igor"
        yield from ([whole[0], *given] for given in row[place + 1 :] if _is_known(given[0]))
        return
    for given in row[:-1]:
        if len(given) <= MOST_GIVEN:
            yield [*given, *whole[1:]]
            if len(whole) > MOST_GIVEN:
                yield [*given, whole[-1]]


def _has_surname(name: Words) -> bool:
    """Is there one beside the given names? A given name and a father's name are two words without."""
    return len(name) > MOST_GIVEN or (len(name) == MOST_GIVEN and not is_patronymic(name[-1].token.text))


def _is_known(word: TextWord) -> bool:
    """Is it one of the given names that we have tables of? Whoever stands behind "Ivan Petrov and" may have a
    surname of his own."""
    return any(group > 0 for group in word.token.groups)


def _rows(words: Words) -> Iterator[list[Words]]:
    """Names side by side, parted by commas and an "and" at least."""
    row: list[Words] = []
    name: list[TextWord] = []
    for word in words:
        borne = _may_be_borne(word)
        if name and borne and (word.gap is Gap.NONE or _is_behind_an_initial(word, name[-1])):
            name.append(word)
            continue
        if name:
            row.append(name)
        if row and not (name and borne and word.gap is not Gap.BREAK):
            yield from _joined(row)
            row = []
        name = [word] if borne else []
    if name:
        row.append(name)
    yield from _joined(row)


def _joined(row: list[Words]) -> Iterator[list[Words]]:
    if any(name[0].gap is Gap.AND for name in row[1:]):
        yield row


def _is_behind_an_initial(word: TextWord, before: TextWord) -> bool:
    """Does only the dot of an initial part two words?"""
    return word.gap is Gap.COMMA and before.token.cls is Class.INITIAL


def _may_be_borne(word: TextWord) -> bool:
    """Is it a word that may be of a person's name? "Rent", "beans" and numbers are not."""
    token = word.token
    if token.cls is not Class.WORD and token.cls is not Class.INITIAL:
        return False
    return not is_no_name(token) and not is_connective(token)
