"""What screening one payment has cost so far, checked against its limits at every comparison."""

from typing import Final

from screening.interruptible import interruptible
from screening.limits import APART, MOST_STEPS, MOST_WORDS, LimitError

Looks = dict[str, int]
"""Words that are looked up, and the steps that each takes where it was never met. Nobody changes it."""
UNINTERRUPTED: Final = 500
"""Steps, a quarter of a millisecond, between two places where screening can be broken off."""
SPENDING: Final = 8
"""Steps that a call counts for beside its own."""


class Taken:
    """The cost of one part of a payment, whatever came before it."""

    __slots__ = ("at_most", "looks", "steps", "words")

    def __init__(self, words: int, steps: int, looks: tuple[Looks, ...] = (), at_most: int = 0) -> None:
        self.words = words
        self.steps = steps
        """Without those of looking words up."""
        self.looks = looks
        """Of a word that stands in several parts the steps count once a payment."""
        self.at_most = at_most
        """Steps of the looks where each counts."""


class Effort:
    """The cost of the payment at hand so far; call `begin` for each payment.

    The exact cost of looking up the payment's words is computed only when its upper bound would pass the
    limit, which is rare.
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
        self._uninterrupted = 0

    def begin(self, names: int = 0) -> None:
        """Start a new payment, against a list of so many names."""
        self.words = self._steps = self._at_most = self._looked = self._merged = 0
        self._most_steps = MOST_STEPS + names
        if self._looks:
            self._looks = []
        if self._met:
            self._met = {}

    @property
    def steps(self) -> int:
        """All steps so far."""
        return self._steps + sum(self._each_once().values(), 0)

    def look_up(self, words: int) -> None:
        """Count words that are looked up. Raises LimitError."""
        self.words += words
        if self.words > MOST_WORDS:
            raise LimitError(f"more than {MOST_WORDS} words in its names and texts; {APART}")

    def spend(self, steps: int) -> None:
        """Count steps of comparing. Raises LimitError, and whatever interrupts a payment."""
        self._steps += steps
        self._uninterrupted += steps + SPENDING
        if self._uninterrupted > UNINTERRUPTED:
            self._uninterrupted = 0
            interruptible()
        if self._steps + self._at_most > self._most_steps and self._is_beyond():
            raise LimitError(
                f"comparing its names and texts with the list takes more than {self._most_steps} steps; "
                "screen it by hand"
            )

    def first_looks(self, looks: Looks, steps: int) -> None:
        """Count these words as looked up, in so many steps together; a word counts once per payment, because
        the forty fields of a maximal message repeat the same words. Raises LimitError."""
        self._looks.append(looks)
        self._looked += steps
        self._at_most += steps
        if self._steps + self._at_most > self._most_steps:
            self.spend(0)

    def so_far(self) -> tuple[int, int, int, int]:
        """A mark for `since`."""
        return self.words, self._steps, len(self._looks), self._looked

    def since(self, place: tuple[int, int, int, int]) -> Taken:
        """The cost since that mark."""
        words, steps, looks, looked = place
        held = tuple(self._looks[looks:])
        return Taken(self.words - words, self._steps - steps, held, self._looked - looked)

    def add(self, taken: Taken) -> None:
        """Count a cost that is known. Raises LimitError."""
        self._take(taken)
        self.look_up(0)
        self.spend(0)

    def repeat(self, taken: Taken) -> bool:
        """The same; returns False and counts nothing if that would pass a limit."""
        if self.words + taken.words > MOST_WORDS:
            return False
        steps = self._steps + taken.steps
        if steps + self._at_most + taken.at_most > self._most_steps:
            every = dict(self._each_once())
            for looks in taken.looks:
                every.update(looks)
            if steps + sum(every.values(), 0) > self._most_steps:
                return False
        self._take(taken)
        return True

    def _take(self, taken: Taken) -> None:
        self.words += taken.words
        self._steps += taken.steps
        self._looks += taken.looks
        self._looked += taken.at_most
        self._at_most += taken.at_most

    def _is_beyond(self) -> bool:
        self._at_most = sum(self._each_once().values(), 0)
        return self._steps + self._at_most > self._most_steps

    def _each_once(self) -> dict[str, int]:
        for looks in self._looks[self._merged :]:
            self._met.update(looks)
        self._merged = len(self._looks)
        return self._met
