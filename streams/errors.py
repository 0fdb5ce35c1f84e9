"""The root of our own errors that keep a command from its work."""


class CannotProceedError(RuntimeError):
    """The text says in one sentence what is in the way and what to do."""
