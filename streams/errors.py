"""The root of our own errors that keep a command from its work."""


class CannotProceedError(RuntimeError):
    """The text says in one sentence what is in the way and what to do."""


NOT_OURS = (ValueError, LookupError, TypeError, AttributeError)
"""What reading a record raises that is no JSON, or not of the shape that its topic has."""
