"""One record or file to its SWIFT messages, whatever stands between them: shared by worker and command line.

Messages come back to back, a line each, behind the `$` of RJE files, between the `\\x01` and `\\x03` of
DOS-PCC files with blanks up to the sector's end, behind a byte order mark, and after the acknowledgements
(`F21`) of the network. Nothing is taken out: the parts of a text add up to the text.
"""

import re
from typing import NamedTuple

SEPARATORS = "\ufeff \t\r\n\v\f$\x00\x01\x02\x03\x04\x1a\x1c\x1d\x1e\x1f\x85"
"""What stands between messages and says nothing."""

_GAP = rf"[{SEPARATORS}]*+"
_SILENT = re.sub("[$\x01-\x03]", "", SEPARATORS)
"""Those by which a message does not begin."""
_BLOCK = r"[^{}]*+(?:\{[^{}]*+\}[^{}]*+){0,20}\}"
"""What is left of a block behind `{3:`, with the blocks inside."""
_HEADER = re.compile(rf"(?<![^}}{SEPARATORS}])\{{1:")
"""Block 1 begins a message wherever no field can go on in front of it."""
_BEHIND_A_SIGN = re.compile(r"\}[^{}\r\n]{1,80}+(?=\{1:[A-Z][0-9]{2}[A-Z]{6})")
"""The same behind a sign or a few words of somebody's own on the line that ends the message before."""
_END = re.compile(rf"^-\}}{_GAP}(?:\{{[5S]:{_BLOCK}{_GAP})*", re.MULTILINE)
_NO_HEADER = re.compile(rf"(?:\{{[23]:{_BLOCK}{_GAP}){{0,4}}(?:\{{4:\s*+)?:20:")
"""A message without block 1, or without any, behind the end of another."""
_TEXT_ALONE = re.compile(
    rf"(?<![{SEPARATORS}])(?:(?<=^-)[ \t\r]*+\n|[{_SILENT}]*+[$\x01-\x03]){_GAP}(?=:20:)", re.MULTILINE
)
"""Text blocks without headers, parted by a line with a dash or by a control character. Each run of separators
is looked at from its beginning alone: from each of its signs, a million of them would take for ever."""
_ACKNOWLEDGEMENT = re.compile(rf"{_GAP}\{{1:[A-Z]2[0-9][^{{}}]*+\}}{_GAP}\{{4:\{{")
_START = re.compile(rb"(?:\xef\xbb\xbf)?[\s$\x00-\x03]*+(?:\{[1-5S]:|:[0-9]{2}[A-Z]?:)")

_INSIDE = re.compile(
    rb"\{1:[A-Z][0-9]{2}[A-Z]{6}|\{4:\r?\n:[0-9]{2}[A-Z]?:|^:20:[^\r\n]+\r?\n:", re.MULTILINE
)
LONGEST_FRONT = 4_096
"""Bytes that may stand in front of a message."""


class Part(NamedTuple):
    """One message, and the acknowledgements that stand before it (behind it, where it is the last)."""

    text: str
    acknowledged: str = ""


def is_mt(raw: bytes) -> bool:
    """Whether bytes begin as a SWIFT message does, behind whatever may stand in front of one."""
    return _START.match(raw) is not None


def holds_mt(raw: bytes) -> bool:
    """Whether a SWIFT message stands behind other text or bytes: it is read, and the text is screened."""
    return _INSIDE.search(raw, 0, LONGEST_FRONT) is not None


def split(text: str) -> list[Part]:
    """The messages of a text, in order; a text of acknowledgements alone has none."""
    if text.count("{1:") < 2 and text.count("\n-") < 2 and text.count(":20:") < 2:
        return [] if _ACKNOWLEDGEMENT.match(text) else [Part(text)]
    parts: list[Part] = []
    waiting = ""
    for piece in _pieces(text):
        if _ACKNOWLEDGEMENT.match(piece) or not piece.strip(SEPARATORS):
            waiting += piece
        else:
            parts.append(Part(piece, waiting))
            waiting = ""
    if parts and waiting:
        parts[-1] = parts[-1]._replace(acknowledged=parts[-1].acknowledged + waiting)
    return parts


def split_bytes(raw: bytes) -> list[bytes]:
    """The messages of a file, each with its acknowledgements, as `decode_mt` would tell them apart.

    Byte by byte: one message that is not UTF-8 does not spoil the others. What holds no message is one.
    """
    parts = split(raw.removeprefix(b"\xef\xbb\xbf").decode("latin-1"))
    return [(part.acknowledged + part.text).strip(SEPARATORS).encode("latin-1") for part in parts] or [raw]


def _pieces(text: str) -> list[str]:
    cuts = {found.start() for found in _HEADER.finditer(text)}
    cuts |= {found.end() for found in _BEHIND_A_SIGN.finditer(text)}
    cuts |= {end.end() for end in _END.finditer(text) if _NO_HEADER.match(text, end.end())}
    cuts |= {found.end() for found in _TEXT_ALONE.finditer(text)}
    first = text[: min(cuts)].strip(SEPARATORS) if cuts else ""
    edges = sorted(cuts)
    if edges and not _holds_message(first):
        edges[0] = 0
    else:
        edges.insert(0, 0)
    return [text[start:end] for start, end in zip(edges, [*edges[1:], len(text)], strict=True)]


def _holds_message(front: str) -> bool:
    """Whether what stands before the first cut is a message itself, and not a line above the first one."""
    return "{4:" in front or front.startswith(":")
