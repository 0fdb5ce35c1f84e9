"""Neighbouring words of names that are one word elsewhere: "Abu Bakr" and "ABUBAKR", whichever is listed.

What a payment writes as one is found by the parts that it may have; what it writes as several, by what they
are together. By letters, by sound, and by consonants where one side has no vowels.
"""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Final
from zlib import crc32

from pyroaring import BitMap

from screening.matching.parts import LONGEST_RUN, joined, runs
from screening.matching.similarity import NOTHING
from screening.matching.words.spellings import NO_NAMES, Spellings, Word, union
from screening.names.scripts import Script
from screening.names.tokens import Class, Token


class Neighbours:
    """The words of a list by how they are written, and what neighbours among them are together."""

    def __init__(self) -> None:
        self._by_text = Spellings()
        self._by_sound = Spellings()
        self._by_consonants = Spellings(shortest=1)
        self._unvocalised = Spellings(shortest=1)
        """By consonants, all words and those of scripts without vowels: compared where one side has none."""
        self.unvocalised = 0
        """Words of the list whose script leaves out the vowels."""
        self.together = BitMap()
        """Hashes of what neighbouring words of names are together. They outlive their names; a hash that two
        share costs a search that finds nothing."""
        self._parted_at = 0
        """After how many changes of the list a word was last parted into others."""

    def put(self, word: Word) -> None:
        """A word that a name of the list has from now on."""
        for spellings, written in self._written(word.token):
            spellings.put(written, word)
        self.unvocalised += word.token.script is Script.ABJAD

    def drop(self, word: Word) -> None:
        """Take back a `put`."""
        for spellings, written in self._written(word.token):
            spellings.drop(written, word)
        self.unvocalised -= word.token.script is Script.ABJAD

    def note(self, tokens: Sequence[Token]) -> None:
        """Note what neighbouring words of a name are, together, so that few query words are taken apart."""
        note = self.together.add
        for written in ([token.text for token in tokens], [token.skeleton for token in tokens]):
            _note_runs(written, note)
        if any(token.script is Script.ABJAD for token in tokens):
            for unvocalised, parts in groupby(tokens, key=lambda token: token.script is Script.ABJAD):
                if unvocalised:
                    _note_runs([token.consonants for token in parts], note, len(tokens))

    def is_spelling(self, text: str) -> bool:
        """Is it in letters what a word of the list is?"""
        return text in self._by_text.words

    def could_begin(self, listed: Token, token: Token) -> bool:
        """May a list word be the first of several that a query word is written together of?"""
        return (
            token.text.startswith(listed.text)
            or token.skeleton.startswith(listed.skeleton)
            or (
                bool(listed.consonants)
                and bool(self._consonants(token).words)
                and token.consonants.startswith(listed.consonants)
            )
        )

    def joints(self, tokens: tuple[Token, ...]) -> list[tuple[tuple[int, ...], BitMap]]:
        """Neighbours of a query that the list has as one word: their places, and its names."""
        found: list[tuple[tuple[int, ...], BitMap]] = []
        if tokens[0].cls is Class.SYLLABLE:
            return found
        by_text, by_sound = self._by_text.words, self._by_sound.words
        for places in runs(len(tokens)):
            by_consonants = self._consonants(tokens[places[0]]).words
            if len(places) == 2:
                left, right = tokens[places[0]], tokens[places[1]]
                text, sound = left.text + right.text, left.skeleton + right.skeleton
                frame = left.consonants + right.consonants if by_consonants else ""
            else:
                parts = [tokens[place] for place in places]
                text = "".join([part.text for part in parts])
                sound = "".join([part.skeleton for part in parts])
                frame = "".join([part.consonants for part in parts]) if by_consonants else ""
            if text in by_text or sound in by_sound or frame in by_consonants:
                words = {*by_text.get(text, ()), *by_sound.get(sound, ()), *by_consonants.get(frame, ())}
                parts = [tokens[place] for place in places]
                names = union([word.names for word in words if joined(parts, word.token) is not NOTHING])
                if names:
                    found.append((places, names))
        return found

    def written_apart(self, token: Token, changes: int) -> BitMap:
        """Names whose neighbouring words are, together, this query word; `changes` of the list so far."""
        together = self.together
        apart = NO_NAMES
        if self._parted_at != changes:
            self._parted_at = changes
            for spellings in (self._by_text, self._by_sound, self._by_consonants, self._unvocalised):
                spellings.forget_names()
        if _short_hash(token.text) in together:
            apart = self._by_text.in_parts(token.text, LONGEST_RUN)
        if _short_hash(token.skeleton) in together:
            apart = apart | self._by_sound.in_parts(token.skeleton, LONGEST_RUN)
        by_consonants = self._consonants(token)
        if by_consonants.words and (
            token.script is Script.ABJAD or _short_hash(token.consonants) in together
        ):
            apart = apart | by_consonants.in_parts(token.consonants, LONGEST_RUN)
        return apart

    def _consonants(self, token: Token) -> Spellings:
        """The list words that may be like this one, or like several that begin with it, by consonants."""
        return self._by_consonants if token.script is Script.ABJAD else self._unvocalised

    def _written(self, token: Token) -> list[tuple[Spellings, str]]:
        """The tables in which a list word stands, and as what."""
        if token.cls is Class.SYLLABLE:
            return []
        ways = [(self._by_text, token.text), (self._by_sound, token.skeleton)]
        if token.consonants:
            ways.append((self._by_consonants, token.consonants))
            if token.script is Script.ABJAD:
                ways.append((self._unvocalised, token.consonants))
        return ways


_SHORT: Final = (1 << 27) - 1


def _short_hash(text: str) -> int:
    """27 bits: two bytes a run of words in a bitmap, where the text would take a hundred, and so few parts of
    it that finding the right one costs no cache. The same in every process, for a snapshot has them."""
    return crc32(text.encode()) & _SHORT


def _note_runs(written: Sequence[str], note: Callable[[int], object], count: int = 0) -> None:
    """Notes the hash of all that neighbours are as one, as `runs` has them; `count`: words of the whole name,
    where it has more. A hash goes on from that of what stands before."""
    encoded = [word.encode() for word in written]
    most = LONGEST_RUN if max(count, len(encoded)) <= LONGEST_RUN else 2
    for start in range(len(encoded) - 1):
        code = crc32(encoded[start])
        for word in encoded[start + 1 : start + most]:
            code = crc32(word, code)
            note(code & _SHORT)
    if max(count, len(encoded)) == 2 == len(encoded):
        note(crc32(encoded[0], crc32(encoded[1])) & _SHORT)
