"""How a value that is refused is shown: no longer than anybody reads."""

LONGEST_SHOWN = 40


def shown(value: object) -> str:
    """As Python writes its text.

    >>> shown("12,5" + "0" * 100)
    "'12,5000000000000000000000000000000000000'"
    """
    return repr(str(value)[:LONGEST_SHOWN])
