"""What is searched for: words that must all stand in one record, whatever their case."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import orjson

from streams.errors import CannotProceedError
from streams.kafka.raw.batches import Record

MOST_WORDS = 8
LONGEST_WORD = 200
SHORTEST_PART = 3
LONGEST_PARSED = 32 << 10
"""Bytes of a record whose values are told from the names of its fields: five milliseconds at the worst."""


class SearchError(CannotProceedError):
    """What was asked for cannot be searched; the text says why."""


@dataclass(frozen=True, slots=True)
class Words:
    """Of none, every record is found.

    A word is found inside a longer one. Letter case says nothing; accents and scripts do. JSON is also read
    where it writes a letter as `\\u00e9`, XML where it writes `&` as `&amp;`.
    """

    words: tuple[str, ...] = ()
    spelled: tuple[tuple[bytes, ...], ...] = ()
    """Bytes of which one must stand in a record whose ASCII letters are small, for each: what rules out most
    for the least time comes first."""

    @classmethod
    def of(cls, text: str) -> Self:
        """Raises SearchError for more than can be searched at once."""
        words = tuple(sorted({word.lower() for word in text.split()}, key=_costly))
        if len(words) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in words):
            raise SearchError(f"q: at most {MOST_WORDS} words of {LONGEST_WORD} characters are searched")
        try:
            spelled = [tuple(dict.fromkeys(_spellings(word))) for word in words]
        except UnicodeEncodeError:
            raise SearchError("q: half of a surrogate pair is not text") from None
        return cls(words, tuple(sorted([*spelled, *_common(spelled)], key=len)))

    def __bool__(self) -> bool:
        return bool(self.words)

    def may_stand_in(self, data: bytes) -> bool:
        """Whether each word stands somewhere in a run of records."""
        if not self.spelled:
            return True
        small = data.lower()
        return all(any(each in small for each in spelled) for spelled in self.spelled)

    def stand_in(self, record: Record) -> bool:
        """In the key or among the values: names of fields do not count."""
        if not self.words:
            return True
        data = (record.key + b"\n" + (record.value or b"")).lower()
        if not all(any(each in data for each in spelled) for spelled in self.spelled):
            return False
        if len(record.value or b"") > LONGEST_PARSED:
            return True
        try:
            values = orjson.loads(record.value or b"null")
        except orjson.JSONDecodeError:
            return True  # a message of another format: as it stands
        said = " ".join(_texts(values)).lower() + "\n" + record.key.decode(errors="replace").lower()
        return all(word in said for word in self.words)


def searchable(text: str) -> str:
    """Words of a text of any length, few and short enough to be searched; they stand wherever it does."""
    words = [
        word[at : at + LONGEST_WORD] for word in text.split() for at in range(0, len(word), LONGEST_WORD)
    ]
    return " ".join(sorted(words, key=len)[-MOST_WORDS:])


def _costly(word: str) -> tuple[bool, int, str]:
    """What is spelled in one way comes first, the longest at its head: it rules most out for the least."""
    return not (word.isascii() and word.isalnum()), -len(word), word


def _common(spelled: list[tuple[bytes, ...]]) -> Iterator[tuple[bytes]]:
    """Of words that are spelled in several ways, a part of all of them: one search in place of many."""
    for spellings in spelled:
        part = max(re.split(rb"[^a-z0-9]+", spellings[0]), key=len)
        if len(spellings) > 1 and len(part) >= SHORTEST_PART and all(part in each for each in spellings):
            yield (part,)


def _spellings(word: str) -> Iterator[bytes]:
    for cased in (word, word.upper(), word.title()):  # of letters that bytes.lower() leaves alone
        for text in (cased, json.dumps(cased)[1:-1], html.escape(cased, quote=False)):
            yield text.encode().lower()


def _texts(value: object) -> Iterator[str]:
    """Every text and number among the values."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
        elif one is not None:
            yield str(one)
