"""The root of our own errors that keep a command from its work, and the exit code of what only restarts."""

START_AGAIN = 75
"""The exit code of a process that a supervisor must start again: EX_TEMPFAIL of sysexits.h. By 0 one that
restarts what failed would take the work for done."""


class CannotProceedError(RuntimeError):
    """The text says in one sentence what is in the way and what to do."""


NOT_OURS = (ValueError, LookupError, TypeError, AttributeError)
"""What reading a record raises that is no JSON, or not of the shape that its topic has."""
