"""The point at which screening can be interrupted.

This module is never compiled. Python handles a signal (`streams/worker/budget.py`) when it enters a Python
function, and compiled code never does.
"""


def interruptible() -> None:
    """Does nothing; an exception from a signal handler is raised here."""
