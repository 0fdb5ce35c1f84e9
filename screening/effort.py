"""What screening one payment has taken so far, held against its limits at every comparison.

This module is never compiled: a signal that breaks off a payment (`streams/worker/budget.py`) is seen where
compiled code calls Python, and every comparison calls this.
"""

from typing import NamedTuple

from screening.limits import APART, MOST_STEPS, MOST_WORDS, LimitError


class Taken(NamedTuple):
    """What one party of a payment has taken, whichever others were screened before it."""

    words: int
    steps: int
    """Without the first looks."""
    first_looks: tuple[tuple[str, int], ...]
    """Words that were looked up for the first time in this party, and the steps of each."""


class Effort:
    """What screening the payment at hand has taken so far; `begin` with each payment."""

    def __init__(self) -> None:
        self.words = 0
        self.steps = 0
        self._most_steps = MOST_STEPS
        self._met: set[str] = set()
        """Words of this payment whose first look has counted,"""
        self._by_party: dict[str, int] = {}
        """and those of the party at hand, with what each takes."""
        self._first_looks = 0
        """The part of the steps that first looks took."""
        self._before = (0, 0)

    def begin(self, names: int = 0) -> None:
        """A new payment, against a list of so many names."""
        self.words = self.steps = self._first_looks = 0
        self._most_steps = MOST_STEPS + names
        if self._met:
            self._met = set()

    def begin_party(self) -> None:
        """The next party of the payment; `of_party` tells what it took."""
        self._by_party = {}
        self._before = (self.words, self.steps - self._first_looks)

    def of_party(self) -> Taken:
        """What was taken since `begin_party`."""
        words, steps = self._before
        looks = tuple(self._by_party.items())
        return Taken(self.words - words, self.steps - self._first_looks - steps, looks)

    def look_up(self, words: int) -> None:
        """So many words are looked up. Raises LimitError."""
        self.words += words
        if self.words > MOST_WORDS:
            raise LimitError(f"more than {MOST_WORDS} words in its names and texts; {APART}")

    def spend(self, steps: int) -> None:
        """So many steps of comparing. Raises LimitError."""
        self.steps += steps
        if self.steps > self._most_steps:
            raise LimitError(
                f"comparing its names and texts with the list takes more than {self._most_steps} steps; "
                "screen it by hand"
            )

    def first_look(self, word: str, steps: int) -> None:
        """A word is looked up, which takes so many steps where it was never met: once a payment, for the
        forty fields that a maximal message fills are made of the same words. Raises LimitError."""
        self._by_party[word] = steps
        if word not in self._met:
            self._met.add(word)
            self._first_looks += steps
            self.spend(steps)

    def allows(self, steps: int) -> bool:
        """May so many steps more be spent?"""
        return self.steps + steps <= self._most_steps

    def repeat(self, taken: Taken) -> bool:
        """Counts what a party is known to take; False, with nothing counted, where it is beyond a limit."""
        words, steps, looks = taken
        unmet = {word: took for word, took in looks if word not in self._met} if looks else {}
        first = sum(unmet.values())
        if self.words + words > MOST_WORDS or self.steps + steps + first > self._most_steps:
            return False
        self.words += words
        self.steps += steps + first
        self._first_looks += first
        self._met.update(unmet)
        return True
