"""What a value looks like, where its place does not say what it is."""

import re

_WORD = re.compile(r"(?<![^\W_])[^\W\d_]{5,}(?![^\W_])")
_PLACEHOLDERS = frozenset(("NOTPROVIDED", "/NOTPROVIDED", "NONREF"))


def is_reference(text: str) -> bool:
    """A code, a number or a reference, which holds no name: one word of letters with digits, or a short one.

    >>> is_reference("pacs008EndToEnd-001"), is_reference("OUR"), is_reference("VERSOR-2023")
    (True, True, False)
    """
    words = text.split()
    if len(words) > 1:
        return False
    return len(text) < 5 or not _WORD.search(text) or words[0] in _PLACEHOLDERS
