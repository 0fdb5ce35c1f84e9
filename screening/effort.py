"""What screening one payment has taken so far, held against its limits at every comparison.

This module is never compiled: a signal that breaks off a payment (`streams/worker/budget.py`) is seen where
compiled code calls Python, and every comparison calls this.
"""

from screening.limits import APART, MOST_STEPS, MOST_WORDS, LimitError


class Effort:
    """What screening the payment at hand has taken so far; `begin` with each payment."""

    def __init__(self) -> None:
        self.words = 0
        self.steps = 0
        self._most_steps = MOST_STEPS

    def begin(self, names: int = 0) -> None:
        """A new payment, against a list of so many names."""
        self.words = self.steps = 0
        self._most_steps = MOST_STEPS + names

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

    def allows(self, steps: int) -> bool:
        """May so many steps more be spent?"""
        return self.steps + steps <= self._most_steps

    def repeat(self, words: int, steps: int) -> bool:
        """Counts what is known to take so much; False, with nothing counted, where it is beyond a limit."""
        if self.words + words > MOST_WORDS or self.steps + steps > self._most_steps:
            return False
        self.words += words
        self.steps += steps
        return True
