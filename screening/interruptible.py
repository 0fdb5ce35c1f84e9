"""Where screening can be broken off.

This module is never compiled: Python acts on a signal (`streams/worker/budget.py`) where a function of its
own begins, and compiled code has no such place.
"""


def interruptible() -> None:
    """Does nothing; what a signal's handler raises is raised from here."""
