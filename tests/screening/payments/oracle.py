"""What must be screened of a message, found by walks that know nothing of the decoders' tables.

S314 is waived below: the files are known, and an oracle must not share our parser.
"""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

NAMED = {"Nm", "AnyBIC", "BICFI", "LEI", "IBAN", "Ustrd", "AddtlRmtInf", "InstrInf", "AdrLine", "AddtlInf"}
"""Elements that hold names, agents, accounts and free text in every ISO 20022 message."""


def leaves(raw: bytes) -> Iterator[ElementTree.Element]:
    """Every element with text of its own and nothing below."""
    root = ElementTree.fromstring(raw.removeprefix(b"\xef\xbb\xbf").lstrip())  # noqa: S314
    for element in root.iter():
        if not len(element) and element.text and element.text.strip():
            yield element


def local(element: ElementTree.Element) -> str:
    """`Dbtr` of `{urn:...}Dbtr`."""
    return element.tag.rpartition("}")[2]


def named_values(raw: bytes) -> set[str]:
    """The texts of all NAMED elements."""
    return {element.text or "" for element in leaves(raw) if local(element) in NAMED}


def mt_lines(message: str) -> Iterator[str]:
    """Every line of fields 50, 52 to 59, 70 and 72 with two letters in it, less `n/` and account marks."""
    fields = re.findall(r"^:(5[02-9][A-Z]?|70|72):(.*?)(?=^:|^-\}|\Z)", message, re.MULTILINE | re.DOTALL)
    for tag, value in fields:
        for line in value.splitlines():
            structured = re.fullmatch(r"(?:3/[A-Z]{2}/|[1-8]/)(.*)", line) if tag.endswith("F") else None
            word = structured[1] if structured else line
            if re.search("[A-Za-z]{2}", word) and word.strip("/").upper() != "NOTPROVIDED":
                yield word.removeprefix("//").removeprefix("/")
