"""ISO 20022 messages to payments: one walk over the whole tree, so that no element can be left out.

The walk knows parties, agents and values by the tables of `iso_tables`. Every other leaf that could hold a
name is screened as text: in the role of the party around it, else as `other`. Only what has the shape of a
code, a number, a date or a reference without a blank is passed over.

A payment's id is `sender/MsgId/PmtInfId/reference` of what the message gives, with `#n` where it holds
several transactions. The sender's BIC is there because a MsgId is unique only for its sender, the number
because EndToEndId may repeat ("NOTPROVIDED"). It depends on the message's bytes alone: a repeated delivery
has the same ids. A message without any reference is named by its hash.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from xml.etree.ElementTree import Element

from screening.designations import DateRange, Kind
from screening.payments.iso_tables import (
    ACCOUNTS,
    ADDRESSES,
    AMOUNTS,
    BATCHES,
    CODES,
    COUNTRIES,
    MESSAGES,
    NAMES,
    PLACES,
    REFERENCES,
    ROLES,
    SAME_ROLE,
    SCHEME_CODES,
    SCHEMES,
    TEXTS,
    TRANSACTION_IDS,
    TRANSACTIONS,
)
from screening.payments.model import (
    Field,
    Party,
    PartyIdentifier,
    Payment,
    PaymentError,
    PaymentProblem,
    Role,
)
from screening.payments.shapes import is_reference

MAX_DEPTH = 64
"""Levels of elements; the deepest ISO 20022 payment message has about 16."""
MAX_PARTIES = 200_000
"""Parties over all payments of one message; a header's parties count for each of its transactions."""

_new = tuple.__new__
"""`_new(Field, (value, path))` is a Field at half the price: a tenth of a message's decoding."""
POINTER = ""
"""Attribute that holds an element's path step, where the tree was not made of XML."""

_NUMBER = re.compile(r"[^A-Za-z\u0080-\U0010ffff]*|[0-9T:.Z+-]+|true|false")
"""Numbers, dates, times and flags: no letters to make a name of."""
_CODE = re.compile(r"[A-Z0-9]{1,4}")
_DECIMAL = re.compile(r"-?[0-9]{1,30}(\.[0-9]{0,30})?")
_VERSIONED = re.compile(r"([a-z]{4}\.[0-9]{3})\.[0-9]{3}\.[0-9]{2}")
_FULL_LINE = 33
"""A name this long may have been cut to the 35 characters of an MT line and go on in the address."""


@dataclass(slots=True)
class _Block:
    """A party while it is read."""

    role: Role
    kind: Kind | None = None
    names: list[Field] = field(default_factory=list)
    identifiers: list[PartyIdentifier] = field(default_factory=list)
    addresses: list[Field] = field(default_factory=list)
    countries: list[Field] = field(default_factory=list)
    texts: list[Field] = field(default_factory=list)
    birth_date: DateRange | None = None

    def party(self) -> Party:
        names = self.names
        if names and self.texts and _FULL_LINE <= len(names[0].value) <= _FULL_LINE + 2:
            names = [*names, Field(f"{names[0].value} {self.texts[0].value}", names[0].path)]
        return Party(
            self.role,
            tuple(names),
            tuple(self.identifiers),
            tuple(self.addresses),
            tuple(self.countries),
            tuple(self.texts),
            self.kind,
            self.birth_date,
        )


class _Scope:
    """A message, a batch or a transaction: its own parties and references, and what it stands in."""

    __slots__ = ("blocks", "inner", "outer", "parties", "values")

    def __init__(self, outer: "_Scope | None" = None) -> None:
        self.outer = outer
        self.inner: list[_Scope] = []
        self.blocks: list[_Block] = [_Block(Role.OTHER)]
        self.values: dict[str, str] = {}
        self.parties: tuple[Party, ...] | None = None
        if outer:
            outer.inner.append(self)

    @property
    def other(self) -> _Block:
        return self.blocks[0]

    def transactions(self) -> Iterator["_Scope"]:
        """Every innermost scope: a message without transactions is one payment itself."""
        if not self.inner:
            yield self
        for scope in self.inner:
            yield from scope.transactions()

    def all_parties(self) -> tuple[Party, ...]:
        """The parties of this scope after those of what it stands in."""
        if self.parties is None:
            own = tuple(
                block.party()
                for block in self.blocks
                if block.names or block.identifiers or block.texts or block.addresses or block.countries
            )
            self.parties = (self.outer.all_parties() + own) if self.outer else own
        return self.parties

    def get(self, name: str) -> str | None:
        """A value of this scope or, failing that, of what it stands in."""
        return self.values.get(name) or (self.outer.get(name) if self.outer else None)


def decode_iso20022(root: Element, raw: bytes) -> list[Payment]:
    """One payment per transaction. Raises PaymentError where a value cannot be read or nobody is named."""
    message = _Scope()
    name = _local(root.tag)
    path = "" if POINTER in root.attrib else f"/{name}"
    _attributes(root, path, path, message.other)
    if root.text and not root.text.isspace():
        message.other.texts.append(Field(root.text, path))
    _walk(root, name, path, None, message, "other", 0)
    format, notes = _format(root, message.values.get("format"))
    payments: list[Payment] = []
    total = 0
    transactions = list(message.transactions())
    for number, scope in enumerate(transactions, 1):
        parties = scope.all_parties()
        if not parties:
            raise PaymentError(PaymentProblem.NO_PARTIES, f"/{name}: no party, agent, account or text inside")
        total += len(parties)
        if total > MAX_PARTIES:
            raise PaymentError(PaymentProblem.TOO_LARGE, f"more than {MAX_PARTIES} parties; send fewer")
        payments.append(
            Payment(
                _id(scope, parties, number if len(transactions) > 1 else None, raw),
                parties,
                format,
                _time(scope),
                *_amount(scope),
                _rail(scope),
                scope.get("UETR") or scope.get("OrgnlUETR"),
                notes,
            )
        )
    return payments


def _walk(
    element: Element, tag: str, path: str, block: _Block | None, scope: _Scope, scheme: str, depth: int
) -> None:
    """Everything below an element into the block or scope it belongs to.

    `scheme` is that of an `Othr/Id` here: "account" below an account, else "other".
    """
    if depth > MAX_DEPTH:
        raise PaymentError(PaymentProblem.TOO_DEEP, f"more than {MAX_DEPTH} levels of elements")
    into = block or scope.other
    count: dict[str, int] = {}
    opened: dict[str, _Block] = {}
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
            if inner:
                into.texts.append(Field(text, below))
            elif name in _LEAVES:
                _LEAVES[name](into, scope, name, _new(Field, (text, below)), child)
            elif name == "Id":
                _id_leaf(into, scope, element, tag, scheme, text, below)
            else:
                _unknown_leaf(into, scope, tag, name, text, below)
        if inner:
            if name in _CONTAINERS:
                inside, within, default = _CONTAINERS[name](name, block, scope, opened, scheme)
                _walk(child, name, below, inside, within, default, depth + 1)
            else:
                _walk(child, name, below, block, scope, scheme, depth + 1)


_Inside = tuple[_Block | None, _Scope, str]


def _enter_role(name: str, _: _Block | None, scope: _Scope, opened: dict[str, _Block], __: str) -> _Inside:
    block = opened[name] = _open(scope, ROLES[name])
    return block, scope, "account" if name == "SttlmAcct" else "other"


def _enter_account(name: str, _: _Block | None, scope: _Scope, opened: dict[str, _Block], __: str) -> _Inside:
    owner = ACCOUNTS[name]
    return opened.get(owner) or _open(scope, ROLES[owner]), scope, "account"


def _enter_any_account(_: str, block: _Block | None, scope: _Scope, *__: object) -> _Inside:
    return block, scope, "account"


def _enter_scope(_: str, __: _Block | None, scope: _Scope, *___: object) -> _Inside:
    return None, _Scope(scope), "other"


def _enter_message(name: str, block: _Block | None, scope: _Scope, _: object, scheme: str) -> _Inside:
    scope.values.setdefault("format", MESSAGES[name])
    return block, scope, scheme


def _enter_person(_: str, block: _Block | None, scope: _Scope, __: object, scheme: str) -> _Inside:
    return (_open(scope, block.role) if block else None), scope, scheme


def _enter_kind(name: str, block: _Block | None, scope: _Scope, __: object, scheme: str) -> _Inside:
    if block and block.kind is None:
        block.kind = _KINDS[name]
    return block, scope, scheme


_KINDS = {"FinInstnId": Kind.ORGANIZATION, "OrgId": Kind.ORGANIZATION, "PrvtId": Kind.PERSON}
_Enter = Callable[[str, _Block | None, _Scope, dict[str, _Block], str], _Inside]
_CONTAINERS: Mapping[str, _Enter] = (
    dict.fromkeys(ROLES, _enter_role)
    | dict.fromkeys(ACCOUNTS, _enter_account)
    | {"Acct": _enter_any_account}
    | dict.fromkeys(TRANSACTIONS | BATCHES, _enter_scope)
    | dict.fromkeys(MESSAGES, _enter_message)
    | dict.fromkeys(SAME_ROLE, _enter_person)
    | dict.fromkeys(_KINDS, _enter_kind)
)


def _open(scope: _Scope, role: Role) -> _Block:
    block = _Block(role)
    scope.blocks.append(block)
    return block


def _name(into: _Block, _: _Scope, __: str, value: Field, ___: Element) -> None:
    into.names.append(value)


def _identifier(into: _Block, _: _Scope, name: str, value: Field, __: Element) -> None:
    into.identifiers.append(_new(PartyIdentifier, (SCHEMES[name], *value)))
    if " " in value.value:
        into.texts.append(value)


def _country(into: _Block, _: _Scope, __: str, value: Field, ___: Element) -> None:
    (into.countries if len(value.value) == 2 else into.texts).append(value)


def _place(into: _Block, _: _Scope, __: str, value: Field, ___: Element) -> None:
    into.addresses.append(value)


def _address(into: _Block, _: _Scope, __: str, value: Field, ___: Element) -> None:
    into.addresses.append(value)
    into.texts.append(value)


def _text(into: _Block, _: _Scope, __: str, value: Field, ___: Element) -> None:
    into.texts.append(value)


def _birth(into: _Block, _: _Scope, __: str, value: Field, ___: Element) -> None:
    try:
        day = date.fromisoformat(value.value[:10])
    except ValueError:
        into.texts.append(value)
        return
    into.birth_date = DateRange(day, day)


def _reference(into: _Block, scope: _Scope, name: str, value: Field, _: Element) -> None:
    scope.values.setdefault(name, value.value)
    if not is_reference(value.value):
        into.texts.append(value)


def _money(_: _Block, scope: _Scope, name: str, value: Field, child: Element) -> None:
    if not _DECIMAL.fullmatch(value.value):
        detail = f"{value.path}: {value.value[:40]!r} is no decimal number"
        raise PaymentError(PaymentProblem.BAD_AMOUNT, detail)
    scope.values.setdefault(name, value.value)
    scope.values.setdefault(f"{name}@Ccy", child.attrib.get("Ccy", ""))


_Read = Callable[[_Block, _Scope, str, Field, Element], None]
_LEAVES: Mapping[str, _Read] = (
    dict.fromkeys(NAMES, _name)
    | dict.fromkeys(SCHEMES, _identifier)
    | dict.fromkeys(COUNTRIES, _country)
    | dict.fromkeys(PLACES, _place)
    | dict.fromkeys(ADDRESSES, _address)
    | dict.fromkeys(TEXTS, _text)
    | {"BirthDt": _birth}
    | dict.fromkeys(REFERENCES, _reference)
    | dict.fromkeys(AMOUNTS, _money)
)


def _id_leaf(
    into: _Block, scope: _Scope, parent: Element, parent_name: str, scheme: str, text: str, path: str
) -> None:
    if parent_name == "Assgnmt":
        scope.values.setdefault("MsgId", text)
    elif parent_name == "Othr" and scheme == "other":
        scheme = _scheme(parent)
    into.identifiers.append(PartyIdentifier(scheme, text, path))
    if " " in text:
        into.texts.append(Field(text, path))


def _unknown_leaf(into: _Block, scope: _Scope, parent_name: str, name: str, text: str, path: str) -> None:
    """The catch-all: a code or number says what the message is, everything else is screened."""
    if not (_NUMBER.fullmatch(text) or (name in CODES and _CODE.fullmatch(text))):
        owner = _open(scope, ROLES[name]) if name in ROLES else into
        owner.texts.append(Field(text, path))
    elif name == "Cd" and parent_name in ("SvcLvl", "LclInstrm"):
        scope.values.setdefault(parent_name, text)
    elif name in ("CreDtTm", "CreDt"):
        scope.values.setdefault("CreDtTm", text)


def _attributes(child: Element, path: str, below: str, block: _Block) -> str:
    """The path of an element with attributes; what they hold is screened, except XML's own."""
    for key, value in child.attrib.items():
        if key == POINTER:
            below = path + value
        elif key != "Ccy" and not key.startswith("{"):
            block.texts.append(Field(value, f"{below}/@{key}"))
    return below


def _scheme(other: Element) -> str:
    """The scheme of `Othr`: its `SchmeNm/Cd`, or `Prtry` where that is one of our words."""
    for child in other:
        if _local(child.tag) == "SchmeNm" and len(child):
            word = (child[0].text or "").strip()
            return SCHEME_CODES.get(word) or (word.lower() if word.lower() in _OUR_SCHEMES else "other")
    return "other"


_OUR_SCHEMES = frozenset(("imo", "mmsi", "lei", "bic", "passport", "wallet", "tax", "registration"))


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _format(root: Element, known: str | None) -> tuple[str, tuple[str, ...]]:
    """The `Payment.format` of a message, and the note that marks a type without a table of its own."""
    if known:
        return known, ()
    versions = (match.group(1) for element in root.iter() if (match := _VERSIONED.search(element.tag)))
    kind = next((version for version in versions if not version.startswith("head")), _local(root.tag)[:40])
    return "iso20022", (f"{kind}: not of the coverage list; read by the catch-all",)


def _id(scope: _Scope, parties: tuple[Party, ...], number: int | None, raw: bytes) -> str:
    message_id = scope.get("MsgId") or scope.get("BizMsgIdr")
    reference = next((value for name in TRANSACTION_IDS if (value := scope.values.get(name))), None)
    if not message_id and not reference:
        message_id = f"sha256-{hashlib.sha256(raw).hexdigest()[:32]}"
    parts = (_sender(parties), message_id, scope.get("PmtInfId"), reference)
    name = "/".join(_part(part) for part in parts if part)
    return f"{name}#{number}" if number else name


def _part(reference: str) -> str:
    """A reference inside an id: what separates the parts there is escaped."""
    if "/" in reference or "#" in reference:
        return reference.replace("%", "%25").replace("/", "%2F").replace("#", "%23")
    return reference.strip()


def _sender(parties: tuple[Party, ...]) -> str | None:
    """The first BIC of whoever sent the message."""
    for party in parties:
        if party.role in (Role.INSTRUCTING_AGENT, Role.INITIATING_PARTY):
            for identifier in party.identifiers:
                if identifier.scheme == "bic":
                    return identifier.value
    return None


def _amount(scope: _Scope) -> tuple[str | None, str | None]:
    for name in AMOUNTS:
        if amount := scope.values.get(name):
            return amount, scope.values[f"{name}@Ccy"] or None
    return None, None


def _rail(scope: _Scope) -> str | None:
    """What the message itself says of its rail: SEPA by service level, else SWIFT by business service."""
    if scope.get("SvcLvl") == "SEPA":
        return "sepa_instant" if scope.get("LclInstrm") == "INST" else "sepa"
    return "swift" if (scope.get("BizSvc") or "").startswith("swift") else None


def _time(scope: _Scope) -> datetime | None:
    """When the message was made, where it says so with its offset: a local time is no time."""
    try:
        time = datetime.fromisoformat(scope.get("CreDtTm") or "")
    except ValueError:
        return None
    return time if time.tzinfo else None
