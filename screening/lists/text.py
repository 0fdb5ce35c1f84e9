"""Text of list files: blanks tidied, damage named."""

import unicodedata


def tidy(text: str | None) -> str:
    """One line, single spaces, nothing at the ends; None is "" (XML gives it for an empty element)."""
    return " ".join(text.split()) if text else ""


def damage(text: str) -> str:
    """What shows that this text was broken on its way to us; empty when nothing does."""
    if text.isascii() and text.isprintable():
        return ""
    if any(unicodedata.category(char) in ("Cc", "Cn", "Co", "Cs") for char in text) or "\ufffd" in text:
        return "holds characters that no name has"
    return "was read with the wrong encoding" if _is_mojibake(text) else ""


def _is_mojibake(text: str) -> bool:
    """UTF-8 that somebody read as Latin-1 or Windows-1252: "Müller" -> "MÃ¼ller".

    Text that went through that mill decodes when it is sent back; text that did not hardly ever does.
    """
    for encoding in ("latin-1", "cp1252"):
        try:
            repaired = text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        return repaired != text
    return False
