"""Amounts as payment messages write them: decimals of XML Schema and JSON, never floats."""

import re

_PLAIN = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{0,30})?")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})")


def decimal_text(text: str) -> str | None:
    """The digits of a decimal, without the blanks around it; None for anything else.

    >>> decimal_text("12500.00"), decimal_text(" +.50 "), decimal_text("1,000.00")
    ('12500.00', '0.50', None)
    """
    if _PLAIN.fullmatch(text):
        return text
    text = text.strip(" \t\r\n")
    if not _DECIMAL.fullmatch(text):
        return None
    sign = "-" if text.startswith("-") else ""
    digits = text.lstrip("+-")
    return sign + (f"0{digits}" if digits.startswith(".") else digits)
