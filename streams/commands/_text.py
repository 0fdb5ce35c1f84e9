"""What strangers wrote, on its way to a terminal."""

LONGEST = 200
"""Characters of one id or place: enough to know it again, and no flood."""


def printable(text: str, most: int = LONGEST) -> str:
    """On one line, without control characters, cut to `most` characters."""
    clean = "".join(char if char.isprintable() else "·" for char in text[: most + 1])
    return clean if len(clean) <= most else f"{clean[: most - 1]}…"
