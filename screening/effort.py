"""What screening one payment has taken so far, held against its limits at every comparison.

This module is never compiled: a signal that breaks off a payment (`streams/worker/budget.py`) is seen where
compiled code calls Python, and every comparison calls this.
"""

from typing import NamedTuple

from screening.limits import APART, MOST_STEPS, MOST_WORDS, LimitError

Looks = tuple[tuple[str, int], ...]
"""Words that are looked up, and the steps that each takes where it was never met."""


class Taken(NamedTuple):
    """What a part of a payment has taken, whatever stood before it."""

    words: int
    steps: int
    """Without those of looking words up."""
    looks: tuple[Looks, ...] = ()
    """Of a word that stands in several parts the steps count once a payment."""
    at_most: int = 0
    """Steps of the looks where each counts."""


class Effort:
    """What screening the payment at hand has taken so far; `begin` with each payment.

    How many steps looking its words up takes is worked out when the most that it can be would pass the limit:
    nearly all payments are far from it.
    """

    def __init__(self) -> None:
        self.words = 0
        self._steps = 0
        """Without looking words up,"""
        self._at_most = 0
        """which takes so much at most;"""
        self._looked = 0
        """and so much where each look counts."""
        self._looks: list[Looks] = []
        self._met: dict[str, int] = {}
        """The words of the first `_merged` looks, each once."""
        self._merged = 0
        self._most_steps = MOST_STEPS

    def begin(self, names: int = 0) -> None:
        """A new payment, against a list of so many names."""
        self.words = self._steps = self._at_most = self._looked = self._merged = 0
        self._most_steps = MOST_STEPS + names
        if self._looks:
            self._looks = []
        if self._met:
            self._met = {}

    @property
    def steps(self) -> int:
        """All of them."""
        return self._steps + sum(self._each_once().values())

    def look_up(self, words: int) -> None:
        """So many words are looked up. Raises LimitError."""
        self.words += words
        if self.words > MOST_WORDS:
            raise LimitError(f"more than {MOST_WORDS} words in its names and texts; {APART}")

    def spend(self, steps: int) -> None:
        """So many steps of comparing. Raises LimitError."""
        self._steps += steps
        if self._steps + self._at_most > self._most_steps and not self.allows(0):
            raise LimitError(
                f"comparing its names and texts with the list takes more than {self._most_steps} steps; "
                "screen it by hand"
            )

    def first_looks(self, looks: Looks, steps: int) -> None:
        """These words are looked up, in so many steps together, which count once a payment: the forty fields
        that a maximal message fills are made of the same words. Raises LimitError."""
        self._looks.append(looks)
        self._looked += steps
        self._at_most += steps
        if self._steps + self._at_most > self._most_steps:
            self.spend(0)

    def allows(self, steps: int) -> bool:
        """May so many steps more be spent?"""
        steps += self._steps
        if steps + self._at_most > self._most_steps:
            self._at_most = sum(self._each_once().values(), 0)
        return steps + self._at_most <= self._most_steps

    def so_far(self) -> tuple[int, int, int, int]:
        """A place in the payment, for `since`."""
        return self.words, self._steps, len(self._looks), self._looked

    def since(self, place: tuple[int, int, int, int]) -> Taken:
        """What was taken from that place on."""
        words, steps, looks, looked = place
        held = tuple(self._looks[looks:])
        return Taken(self.words - words, self._steps - steps, held, self._looked - looked)

    def add(self, taken: Taken) -> None:
        """Counts what is known to take so much. Raises LimitError."""
        self._take(taken)
        self.look_up(0)
        self.spend(0)

    def repeat(self, taken: Taken) -> bool:
        """The same; False, with nothing counted, where it is beyond a limit."""
        words, steps, looks, at_most = taken
        if self.words + words > MOST_WORDS:
            return False
        if self._steps + steps + self._at_most + at_most > self._most_steps:
            every = self._each_once() | {word: each for held in looks for word, each in held}
            if self._steps + steps + sum(every.values()) > self._most_steps:
                return False
        self._take(taken)
        return True

    def _take(self, taken: Taken) -> None:
        words, steps, looks, at_most = taken
        self.words += words
        self._steps += steps
        self._looks += looks
        self._looked += at_most
        self._at_most += at_most

    def _each_once(self) -> dict[str, int]:
        for looks in self._looks[self._merged :]:
            self._met.update(looks)
        self._merged = len(self._looks)
        return self._met
