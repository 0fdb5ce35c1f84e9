"""Container elements of ISO 20022: which party, account or payment their content belongs to."""

from collections.abc import Callable, Mapping

from screening.designations import Kind
from screening.payments.iso.parts import Block, Scope
from screening.payments.iso.tables import (
    ACCOUNTS,
    BATCHES,
    MESSAGES,
    ROLES,
    SAME_ROLE,
    TRANSACTIONS,
)
from screening.payments.model import Role

Inside = tuple[Block | None, Scope, str]
"""The party, the scope, and the scheme of an `Othr/Id`: "account" below an account, else "other"."""
Enter = Callable[[str, Block | None, Scope, dict[str, Block], str], Inside]
"""Takes the element's name, what holds around it and the parties opened beside it."""


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


def _enter_transaction(_: str, __: Block | None, scope: Scope, ___: object, ____: str) -> Inside:
    inner = Scope(scope)
    inner.is_payment = True
    return None, inner, "other"


def _enter_document(_: str, block: Block | None, scope: Scope, __: object, scheme: str) -> Inside:
    """A message of its own, but where a sender put it inside a payment; its header has opened its scope."""
    if scope.is_payment:
        return block, scope, scheme
    if scope.is_header:
        scope.is_header = False
        return None, scope, "other"
    return None, Scope(scope.outer or scope), "other"


def _enter_header(_: str, block: Block | None, scope: Scope, __: object, ___: str) -> Inside:
    """The walk has opened a scope for it and for what stands behind it."""
    return block, scope, "other"


def _enter_message(name: str, block: Block | None, scope: Scope, _: object, scheme: str) -> Inside:
    scope.is_header = False
    scope.values.setdefault("format", MESSAGES[name])
    return block, scope, scheme


def _enter_person(_: str, block: Block | None, scope: Scope, __: object, scheme: str) -> Inside:
    return (scope.open(block.role) if block else None), scope, scheme


def _enter_kind(name: str, block: Block | None, scope: Scope, __: object, scheme: str) -> Inside:
    block = block or scope.open(Role.OTHER)
    if block.kind is None:
        block.kind = _KINDS[name]
    return block, scope, scheme


_KINDS = {"FinInstnId": Kind.ORGANIZATION, "OrgId": Kind.ORGANIZATION, "PrvtId": Kind.PERSON}
CONTAINERS: Mapping[str, Enter] = (
    dict.fromkeys(ROLES, _enter_role)
    | dict.fromkeys(ACCOUNTS, _enter_account)
    | {"Acct": _enter_any_account}
    | dict.fromkeys(BATCHES, _enter_scope)
    | dict.fromkeys(TRANSACTIONS, _enter_transaction)
    | {"Document": _enter_document, "AppHdr": _enter_header}
    | dict.fromkeys(MESSAGES, _enter_message)
    | dict.fromkeys(SAME_ROLE, _enter_person)
    | dict.fromkeys(_KINDS, _enter_kind)
)
"""By the element's name; inside all others holds what holds around them."""
