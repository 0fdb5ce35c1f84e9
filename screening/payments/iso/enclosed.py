"""Messages that an envelope of XML holds as text: escaped, in CDATA or in Base64.

So SOAP services, queues and gateways to SWIFT send them: the body of a DataPDU may be FIN in Base64.
Read as one text, a message would have no roles, no amount and no countries, and its payments would be one.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element

from screening.names.encodings.packed import SHORTEST_PACKED_WORD, held_in
from screening.payments.iso.parts import Scope
from screening.payments.iso.places import local_name
from screening.payments.iso.tables import MESSAGES
from screening.payments.iso.walk import walk
from screening.payments.model import Party
from screening.payments.mt.split import is_mt
from screening.payments.safe_xml import encoded

_ROOTS = frozenset(("Document", *MESSAGES))
_MESSAGE = re.compile(rf"<(?:[\w.-]{{1,40}}:)?(?:{'|'.join(sorted(_ROOTS))})[\s/>]")


class Enclosed(NamedTuple):
    """A message, and the element whose text it is."""

    raw: bytes
    path: str


def take_enclosed(root: Element, raw: bytes) -> list[Enclosed]:
    """The messages in the texts of an envelope, out of which they are taken; none where the XML is a message
    itself, or one stands in it as elements."""
    if local_name(root.tag) in _ROOTS:
        return []
    if (
        (b"<Document " in raw or b":Document " in raw or b"<Document>" in raw or b":Document>" in raw)
        and b"&" not in raw
        and b"![CDATA[" not in raw
    ):  # as nearly always
        return []
    if any(local_name(element.tag) in _ROOTS for element in root.iter()):
        return []
    found: list[Enclosed] = []
    for element, path in _leaves(root):
        if (text := element.text) and (message := _message(text)):
            found.append(Enclosed(encoded(message), path))
            element.text = None
    return found


def around(root: Element) -> tuple[Party, ...]:
    """Who is named beside the messages of an envelope: in its header, and wherever else."""
    scope = Scope()
    try:
        walk(root, scope)
        return tuple(dict.fromkeys(party for each in scope.transactions() for party in each.parties()))
    finally:
        scope.let_go()


def _message(text: str) -> str | None:
    """The message that a text is, or holds in Base64."""
    text = text.strip()
    if _is_message(text):
        return text
    if len(text) >= SHORTEST_PACKED_WORD and "<" not in text:
        return next((held for held in held_in("".join(text.split())) if _is_message(held.strip())), None)
    return None


def _is_message(text: str) -> bool:
    if text.startswith("<"):
        return _MESSAGE.search(text) is not None
    return text.startswith(("{", ":")) and is_mt(text[:100].encode("utf-8", "replace"))


def _leaves(root: Element) -> Iterator[tuple[Element, str]]:
    """Every element without others inside, with its path."""
    waiting = [(root, f"/{local_name(root.tag)}")]
    while waiting:
        element, path = waiting.pop()
        if not len(element):
            yield element, path
        count: dict[str, int] = {}
        below = []
        for child in element:
            name = local_name(child.tag)
            count[name] = count.get(name, 0) + 1
            below.append((child, f"{path}/{name}" + (f"[{count[name]}]" if count[name] > 1 else "")))
        waiting += reversed(below)
