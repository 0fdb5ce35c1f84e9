"""One walk over the whole tree of an ISO 20022 message, so that no element can be left out."""

from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element

from screening.designations import Kind
from screening.payments.iso_leaves import READERS, read_id, read_unknown
from screening.payments.iso_parts import Block, Scope
from screening.payments.iso_tables import ACCOUNTS, BATCHES, MESSAGES, ROLES, SAME_ROLE, TRANSACTIONS
from screening.payments.model import Field, PaymentError, PaymentProblem, make

MAX_DEPTH = 64
"""Levels of elements; the deepest ISO 20022 payment message has about 16."""
POINTER = ""
"""Attribute that holds an element's path step, where the tree was not made of XML."""

Inside = tuple[Block | None, Scope, str]
Enter = Callable[[str, Block | None, Scope, dict[str, Block], str], Inside]


def walk(root: Element, scope: Scope, at: str | None = None) -> None:
    """Everything in a tree into a message's scope; paths start with `at`, else with the root's name."""
    name = local_name(root)
    path = f"/{name}" if at is None else at
    _attributes(root, path, path, scope.other)
    if root.text and not root.text.isspace():
        scope.other.texts.append(Field(root.text, path))
    _below(root, name, path, None, scope, "other", 0)


def local_name(element: Element) -> str:
    """`Dbtr` of `{urn:...}Dbtr`."""
    return element.tag.rpartition("}")[2]


def _below(
    element: Element, tag: str, path: str, block: Block | None, scope: Scope, scheme: str, depth: int
) -> None:
    """Everything below an element into the block or scope it belongs to.

    `scheme` is that of an `Othr/Id` here: "account" below an account, else "other".
    """
    if depth > MAX_DEPTH:
        raise PaymentError(PaymentProblem.TOO_DEEP, f"more than {MAX_DEPTH} levels of elements")
    into = block or scope.other
    count: dict[str, int] = {}
    opened: dict[str, Block] = {}
    for child in element:
        name = child.tag.rpartition("}")[2]
        below = f"{path}/{name}"
        if name in count:
            count[name] += 1
            below = f"{below}[{count[name]}]"
        else:
            count[name] = 1
        if child.attrib:
            below = _attributes(child, path, below, into)
        text, tail, inner = child.text, child.tail, len(child)
        if tail and not tail.isspace():
            into.texts.append(Field(tail, path))
        if text and not text.isspace():
            value = make(Field, (text, below))
            if inner:
                into.texts.append(value)
            elif name in READERS:
                READERS[name](into, scope, name, value, child)
            elif name == "Id":
                read_id(into, scope, element, tag, scheme, value)
            else:
                read_unknown(into, scope, tag, name, value)
        if inner:
            if name in CONTAINERS:
                inside, within, default = CONTAINERS[name](name, block, scope, opened, scheme)
                _below(child, name, below, inside, within, default, depth + 1)
            else:
                _below(child, name, below, block, scope, scheme, depth + 1)


def _attributes(child: Element, path: str, below: str, block: Block) -> str:
    """The path of an element with attributes; what they hold is screened, except XML's own."""
    for key, value in child.attrib.items():
        if key == POINTER:
            below = path + value
        elif key != "Ccy" and not key.startswith("{"):
            block.texts.append(Field(value, f"{below}/@{key}"))
    return below


def _enter_role(name: str, _: Block | None, scope: Scope, opened: dict[str, Block], __: str) -> Inside:
    block = opened[name] = scope.open(ROLES[name])
    return block, scope, "account" if name == "SttlmAcct" else "other"


def _enter_account(name: str, _: Block | None, scope: Scope, opened: dict[str, Block], __: str) -> Inside:
    owner = ACCOUNTS[name]
    return opened.get(owner) or scope.open(ROLES[owner]), scope, "account"


def _enter_any_account(_: str, block: Block | None, scope: Scope, *__: object) -> Inside:
    return block, scope, "account"


def _enter_scope(_: str, __: Block | None, scope: Scope, *___: object) -> Inside:
    return None, Scope(scope), "other"


def _enter_message(name: str, block: Block | None, scope: Scope, _: object, scheme: str) -> Inside:
    scope.values.setdefault("format", MESSAGES[name])
    return block, scope, scheme


def _enter_person(_: str, block: Block | None, scope: Scope, __: object, scheme: str) -> Inside:
    return (scope.open(block.role) if block else None), scope, scheme


def _enter_kind(name: str, block: Block | None, scope: Scope, __: object, scheme: str) -> Inside:
    if block and block.kind is None:
        block.kind = _KINDS[name]
    return block, scope, scheme


_KINDS = {"FinInstnId": Kind.ORGANIZATION, "OrgId": Kind.ORGANIZATION, "PrvtId": Kind.PERSON}
CONTAINERS: Mapping[str, Enter] = (
    dict.fromkeys(ROLES, _enter_role)
    | dict.fromkeys(ACCOUNTS, _enter_account)
    | {"Acct": _enter_any_account}
    | dict.fromkeys(TRANSACTIONS | BATCHES, _enter_scope)
    | dict.fromkeys(MESSAGES, _enter_message)
    | dict.fromkeys(SAME_ROLE, _enter_person)
    | dict.fromkeys(_KINDS, _enter_kind)
)
