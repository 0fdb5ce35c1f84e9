"""One walk over the whole tree of an ISO 20022 message, so that no element can be left out."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from screening.payments.iso.containers import Inside
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
    _Level(root, place, base, known, (None, scope, "other"), 0).read()


class _Level:
    """An element, while everything below it is read into the block or scope that it belongs to.

    A path is `base` and what its place's own path has after the first `known` characters: they differ
    below an element that is not the first of its name, `/Document/.../CdtTrfTxInf[2]`.
    """

    def __init__(
        self, element: Element, at: Place, base: str, known: int, inside: Inside, depth: int
    ) -> None:
        if depth > MAX_DEPTH:
            raise PaymentError(PaymentProblem.TOO_DEEP, f"more than {MAX_DEPTH} levels of elements")
        check_path(at.path)
        check_path(base)
        self.element = element
        self.at = at
        self.base = base
        self.known = known
        self.depth = depth
        self.block, self.scope, self.scheme = inside
        self.outer = self.scope
        self.into = self.block or self.scope.other
        self.opened: dict[str, Block] = {}
        """Parties that were opened here, by the names of their elements."""
        self.parts: list[tuple[str, Field]] = []
        """Parts of names, and whose each is."""
        self.named = False
        self.header_in: str | None = None
        """The name of elements that hold a header, whose message stands in one behind it."""

    def read(self) -> Scope | None:
        """Returns the scope of a header whose message stands behind the element: `Hdr/AppHdr` beside
        `Doc/Document`."""
        at, base, known = self.at, self.base, self.known
        below, count = at.below, dict[str, int]()
        for child in self.element:
            place = below.get(child.tag) or at.child(child.tag)
            start, skip = base, known
            number = count[place.name] = count.get(place.name, 0) + 1
            if number > 1 or child.keys():
                start, skip = self._start(child, number, place), len(place.path)
            text, tail = child.text, child.tail
            if tail and not tail.isspace():
                self.into.texts.append(Field(tail, self._path()))
            if len(child):
                self._enter(child, place, start, skip)
            elif text and not text.isspace():
                path = f"{start}{place.path[skip:]}" if skip else place.path
                if len(text) >= SHORTEST_PACKED:
                    refuse_packed(text, path)
                if place.plain is not None:
                    place.plain(self.into, self.scope, text, path, child)
                else:
                    self._leaf(child, place, text, path)
        if len(self.parts) > 1:
            self.into.texts += _names_in(self.parts)
        return self.scope if self.scope.is_header and self.scope is not self.outer else None

    def _path(self) -> str:
        return f"{self.base}{self.at.path[self.known :]}"

    def _start(self, child: Element, number: int, place: Place) -> str:
        """The path of an element that is not the first of its name or has attributes, which are read."""
        path = f"{self.base}{place.path[self.known :]}"
        if number > 1:
            self.into.in_lines = True
            path = f"{path}[{number}]"
        return _attributes(child, self._path(), path, self.into) if child.keys() else path

    def _leaf(self, leaf: Element, place: Place, text: str, path: str) -> None:
        """An element with text only that is an `Id`, a name, or a part of one."""
        if place.read is None:
            read_id(self.into, self.scope, text, path, self.element, self.at.name, self.scheme)
            return
        if place.is_name and not self.named:
            self.named = True
            into, scope = self.into, self.scope
            if into.role is Role.OTHER and (into.names or into is scope.other):
                self.block = self.into = scope.open(Role.OTHER)
        place.read(self.into, self.scope, text, path, leaf)
        if place.whose is not None:
            self.parts.append((place.whose, Field(text, path)))

    def _enter(self, child: Element, place: Place, start: str, skip: int) -> None:
        """An element with others inside."""
        text = child.text
        if text and not text.isspace():
            self.into.texts.append(Field(text, f"{start}{place.path[skip:]}"))
        if place.in_words:
            _whole(self.into, self.scope, f"{start}{place.path[skip:]}", child, place)
        if place.name == "AppHdr" and not self.outer.is_payment:  # the message behind it is its own
            self._go_on_in(self.outer.open_headed())
        elif place.enter is None and place.name == self.header_in:  # of the next message
            self._go_on_in(self.outer)
        inside = self.block, self.scope, self.scheme
        if place.enter is not None:
            inside = place.enter(place.name, self.block, self.scope, self.opened, self.scheme)
        waiting = _Level(child, place, start, skip, inside, self.depth + 1).read()
        if waiting is not None and place.enter is None:
            self.header_in = place.name
            self._go_on_in(waiting)

    def _go_on_in(self, scope: Scope) -> None:
        """What stands behind belongs to this scope."""
        self.block, self.scope, self.into = None, scope, scope.other


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
