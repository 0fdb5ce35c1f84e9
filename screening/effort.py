"""What screening one payment has taken so far, held against its limits at every comparison."""

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
    """What a part of a payment has taken, whatever stood before it."""

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
        self._uninterrupted = 0

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
        return self._steps + sum(self._each_once().values(), 0)

    def look_up(self, words: int) -> None:
        """So many words are looked up. Raises LimitError."""
        self.words += words
        if self.words > MOST_WORDS:
            raise LimitError(f"more than {MOST_WORDS} words in its names and texts; {APART}")

    def spend(self, steps: int) -> None:
        """So many steps of comparing. Raises LimitError, and what breaks a payment off."""
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
        """These words are looked up, in so many steps together, which count once a payment: the forty fields
        that a maximal message fills are made of the same words. Raises LimitError."""
        self._looks.append(looks)
        self._looked += steps
        self._at_most += steps
        if self._steps + self._at_most > self._most_steps:
            self.spend(0)

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
