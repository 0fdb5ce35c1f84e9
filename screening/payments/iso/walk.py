"""One walk over the whole tree of an ISO 20022 message, so that no element can be left out."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from screening.payments.iso.leaves import read_id
from screening.payments.iso.parts import Block, Scope
from screening.payments.iso.places import Memo, Place
from screening.payments.model import Field, PaymentError, PaymentProblem, Role
from screening.payments.shapes import holds_words
from screening.payments.strict_json import LONGEST_JOINED, check_path
from screening.payments.unread import SHORTEST_PACKED, refuse_packed

MAX_DEPTH = 64
"""Levels of elements; the deepest ISO 20022 payment message has about 16."""
POINTER = ""
"""Attribute that holds an element's path step, where the tree was not made of XML."""

CURRENCY = 3
"""Characters of a currency's code; anything else there is text."""
_OF_XML = ("{http://www.w3.org/XML/1998/namespace}", "{http://www.w3.org/2001/XMLSchema-instance}")
"""Attributes by which XML speaks of itself: language, type, schemas and where they lie; text if of words."""

_PATH = frozenset(":/\\.")
"""One of these stands in every name of a schema and of where it lies."""

_PLACES = Memo()


def walk(root: Element, scope: Scope, at: str | None = None) -> None:
    """Everything in a tree into a message's scope; paths start with `at`, else with the root's name."""
    place = _PLACES.top.below.get(root.tag) or _PLACES.top.child(root.tag)
    base, known = ("", 0) if at is None else (at, len(place.path))
    path = place.path if at is None else at
    _attributes(root, path, path, scope.other)
    if root.text and not root.text.isspace():
        scope.other.texts.append(Field(root.text, path))
    _below(root, place, base, known, None, scope, "other", 0)


def _below(
    element: Element,
    at: Place,
    base: str,
    known: int,
    block: Block | None,
    scope: Scope,
    scheme: str,
    depth: int,
) -> Scope | None:
    """Everything below an element into the block or scope it belongs to.

    Returns the scope of a header whose message stands behind the element: `Hdr/AppHdr` beside `Doc/Document`.

    A path is `base` and what its place's own path has after the first `known` characters: they differ
    below an element that is not the first of its name, `/Document/.../CdtTrfTxInf[2]`. `scheme` is that of
    an `Othr/Id` here.
    """
    if depth > MAX_DEPTH:
        raise PaymentError(PaymentProblem.TOO_DEEP, f"more than {MAX_DEPTH} levels of elements")
    check_path(at.path)
    check_path(base)
    into, outer = block or scope.other, scope
    places = at.below
    count: dict[str, int] = {}
    opened: dict[str, Block] = {}
    parts: list[tuple[str, Field]] = []
    header_in: str | None = None
    named = False
    for child in element:
        place = places.get(child.tag) or at.child(child.tag)
        name, start, skip = place.name, base, known
        number = count[name] = count.get(name, 0) + 1
        if number > 1 or child.keys():
            around = f"{base}{at.path[known:]}"
            start, skip = _start(child, number, around, f"{base}{place.path[known:]}", into), len(place.path)
        text, tail = child.text, child.tail
        if tail and not tail.isspace():
            into.texts.append(Field(tail, f"{base}{at.path[known:]}"))
        if not len(child):
            if text and not text.isspace():
                path = f"{start}{place.path[skip:]}" if skip else place.path
                if len(text) >= SHORTEST_PACKED:
                    refuse_packed(text, path)
                if place.read is None:
                    read_id(into, scope, text, path, element, at.name, scheme)
                    continue
                if place.is_name and not named:
                    named = True
                    if into.role is Role.OTHER and (into.names or into is scope.other):
                        block = into = scope.open(Role.OTHER)
                place.read(into, scope, text, path, child)
                if place.whose is not None:
                    parts.append((place.whose, Field(text, path)))
            continue
        if text and not text.isspace():
            into.texts.append(Field(text, f"{start}{place.path[skip:]}"))
        if place.in_words:
            _whole(into, scope, f"{start}{place.path[skip:]}", child, place)
        if place.enter is None:
            if name == header_in:  # of the next message
                scope, into = outer, outer.other
            waiting = _below(child, place, start, skip, block, scope, scheme, depth + 1)
            if waiting is not None:
                header_in, block, scope, into = name, None, waiting, waiting.other
            continue
        if name == "AppHdr" and not outer.is_payment:  # the message behind it is its own
            block, scope = None, outer.open_headed()
            into = scope.other
        inside, within, default = place.enter(name, block, scope, opened, scheme)
        _below(child, place, start, skip, inside, within, default, depth + 1)
    if len(parts) > 1:
        into.texts += _names_in(parts)
    return scope if scope.is_header and scope is not outer else None


def _names_in(parts: list[tuple[str, Field]]) -> Iterator[Field]:
    """Names whose parts are elements of their own, which others may stand between, each as one."""
    for whose in dict.fromkeys(whose for whose, _ in parts):
        found = [field for of, field in parts if of == whose]
        whole = " ".join(field.value for field in found)
        if len(found) > 1 and len(whole) <= LONGEST_JOINED:
            yield Field(whole, found[-1].path)


def _whole(into: Block, scope: Scope, path: str, child: Element, place: Place) -> None:
    """The words of a leaf with elements inside, as one: as they stand, and with a blank between each two."""
    if place.read is None or any(map(len, child)):  # only what holds leaves: each word is read once more
        return
    words = list(child.itertext())
    for text in dict.fromkeys(" ".join(between.join(words).split()) for between in ("", " ")):
        if text:
            place.read(into, scope, text, path, child)


def _start(child: Element, number: int, around: str, path: str, into: Block) -> str:
    """The path of an element that is not the first of its name or has attributes, which are read."""
    if number > 1:
        into.in_lines = True
        path = f"{path}[{number}]"
    return _attributes(child, around, path, into) if child.keys() else path


def _attributes(child: Element, path: str, below: str, block: Block) -> str:
    """The path of an element with attributes; what they hold is screened, except names of schemas."""
    for key, value in child.attrib.items():
        if key == POINTER:
            below = path + value
        elif key.startswith(_OF_XML):
            if holds_words(" ".join([word for word in value.split() if _PATH.isdisjoint(word)])):
                block.texts.append(Field(value, f"{below}/@{key}"))
        elif key != "Ccy" or len(value) != CURRENCY:
            block.texts.append(Field(value, f"{below}/@{key}"))
    return below
