"""NACHA files: records of 94 columns, one payment per entry, with the names and addresses of IAT addenda.

Columns are those of the NACHA Operating Rules, counted from 1. Text outside the columns of a table is
screened as text, so that no name is lost in a reserved field.

The payment's id is `origin/file/batch/trace number`: a trace number is unique only within its bank and day.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from screening.payments.iso.parts import Block
from screening.payments.model import (
    MAX_PARTIES,
    MAX_PAYMENTS,
    Field,
    Party,
    PartyIdentifier,
    Payment,
    PaymentError,
    PaymentProblem,
    Refusal,
    Role,
)
from screening.payments.shapes import is_reference

WIDTH = 94
LAST_OF_ADDENDA = 87
"""Column; behind it stand the numbers of addendum and entry."""
_TRACE = re.compile(r"([0-9]{15})\s*\Z")
"""The end of an entry, also where it is a column too long."""
_FILE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:101[ 0-9]{10}[ 0-9A-Z]{10}[0-9]{6}|5(?:200|220|225|280).{46}[A-Z]{3})"
)


class Column(NamedTuple):
    """Columns `first` to `last` of a record: whose they are, and what they hold."""

    first: int
    last: int
    whose: str
    what: str


_ADDENDA: Mapping[str, tuple[Column, ...]] = {
    "05": (Column(4, 83, "remittance", "texts"),),
    "10": (Column(47, 81, "receiver", "names"),),
    "11": (Column(4, 38, "originator", "names"), Column(39, 73, "originator", "addresses")),
    "12": (Column(4, 38, "originator", "addresses"), Column(39, 73, "originator", "country")),
    "13": (
        Column(4, 38, "odfi", "names"),
        Column(41, 74, "odfi", "bank"),
        Column(75, 77, "odfi", "country"),
    ),
    "14": (
        Column(4, 38, "rdfi", "names"),
        Column(41, 74, "rdfi", "bank"),
        Column(75, 77, "rdfi", "country"),
    ),
    "15": (Column(4, 18, "receiver", "other"), Column(19, 53, "receiver", "addresses")),
    "16": (Column(4, 38, "receiver", "addresses"), Column(39, 73, "receiver", "country")),
    "17": (Column(4, 83, "remittance", "texts"),),
    "18": (
        Column(4, 38, "correspondent", "names"),
        Column(41, 74, "correspondent", "bank"),
        Column(75, 77, "correspondent", "country"),
    ),
}
"""By type of addendum: 10 to 18 of international transactions (IAT), 05 of all others."""
_FILE_HEADER = (
    Column(4, 13, "destination", "bank"),
    Column(14, 23, "origin", "bank"),
    Column(41, 63, "destination", "names"),
    Column(64, 86, "origin", "names"),
)
_BATCH = (Column(5, 20, "originator", "names"), Column(41, 50, "originator", "other"))
_IAT_BATCH = (Column(41, 50, "originator", "other"),)
_ENTRY = (
    Column(4, 12, "rdfi", "bank"),
    Column(13, 29, "receiver", "account"),
    Column(40, 54, "receiver", "other"),
    Column(55, 76, "receiver", "names"),
)
_CTX_ENTRY = (*_ENTRY[:3], Column(59, 74, "receiver", "names"))
_IAT_ENTRY = (Column(4, 12, "rdfi", "bank"), Column(40, 74, "receiver", "account"))
_ENTRIES: Mapping[str, tuple[Column, ...]] = {
    "IAT": _IAT_ENTRY,
    "CTX": _CTX_ENTRY,
    "ACK": _CTX_ENTRY,
    "ATX": _CTX_ENTRY,
}
"""By the class of the batch, where they are not as in all others."""
_RESERVED: Mapping[str, tuple[tuple[int, int], ...]] = {"IAT": ((17, 29), (75, 76))}
"""Columns of an entry that nothing should stand in."""
_DEBITS = ("27", "28", "29", "37", "38", "39", "47", "48", "49", "55")
"""Transaction codes by which the originator draws on the receiver's account."""
_ROLES: Mapping[str, Role] = {
    "origin": Role.INSTRUCTING_AGENT,
    "destination": Role.INSTRUCTED_AGENT,
    "originator": Role.DEBTOR,
    "receiver": Role.CREDITOR,
    "odfi": Role.DEBTOR_AGENT,
    "rdfi": Role.CREDITOR_AGENT,
    "correspondent": Role.INTERMEDIARY_AGENT,
    "remittance": Role.REMITTANCE,
    "other": Role.OTHER,
}
_OF_A_DEBIT: Mapping[Role, Role] = {
    Role.DEBTOR: Role.CREDITOR,
    Role.CREDITOR: Role.DEBTOR,
    Role.DEBTOR_AGENT: Role.CREDITOR_AGENT,
    Role.CREDITOR_AGENT: Role.DEBTOR_AGENT,
}


class Group:
    """What is known about a file, a batch or an entry while it is read: a block for each of its parties."""

    def __init__(self, debit: bool = False) -> None:
        self.debit = debit
        self.blocks: dict[str, Block] = {}

    def block(self, whose: str) -> Block:
        if whose not in self.blocks:
            role = _ROLES[whose]
            self.blocks[whose] = Block(_OF_A_DEBIT.get(role, role) if self.debit else role)
        return self.blocks[whose]

    def take(
        self, line: str, number: int, columns: tuple[Column, ...], reserved: tuple[tuple[int, int], ...]
    ) -> None:
        """Read the columns of a record; text in `reserved` columns is screened. The others are codes."""
        for first, last, whose, what in columns:
            if value := line[first - 1 : last].strip():
                _add(self.block(whose), what, value, f"{number}:{first}-{last}")
        left = [" ".join(line[first - 1 : last].split()) for first, last in reserved]
        if any(
            text and not is_reference(text) for text in left
        ):  # the whole record: a name may run from one column into the next
            self.block("other").texts.append(Field(" ".join(line.split()), f"{number}"))

    def parties(self, debit: bool | None = None) -> tuple[Party, ...]:
        found = [party for block in self.blocks.values() if (party := block.party())]
        if debit:
            return tuple(party._replace(role=_OF_A_DEBIT.get(party.role, party.role)) for party in found)
        return tuple(found)


def _gaps(columns: tuple[Column, ...], first: int, last: int) -> tuple[tuple[int, int], ...]:
    """What no column covers, from one column to another."""
    ends = [first - 1, *(column.last for column in columns)]
    begins = [*(column.first for column in columns), last + 1]
    return tuple((end + 1, begin - 1) for end, begin in zip(ends, begins, strict=True) if begin > end + 1)


def is_nacha(raw: bytes) -> bool:
    """Whether bytes begin with a file or batch header."""
    return _FILE.match(raw) is not None


def decode_nacha(raw: bytes) -> list[Payment]:
    """One payment per entry. Raises PaymentError if there is none, or if the text cannot be read."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as bad:
        detail = f"byte {bad.start} is not UTF-8 ({bad.reason}); NACHA files are ASCII"
        raise PaymentError(PaymentProblem.NOT_UTF8, detail) from None
    return _File(_lines(text)).payments()


def _lines(text: str) -> list[str]:
    """The records; a file without line ends is split after every 94 characters."""
    text = text.replace("\r\n", "\n").strip("\n\x1a")
    if "\n" in text or len(text) <= WIDTH:
        return [line.ljust(WIDTH) for line in text.split("\n")]
    return [text[at : at + WIDTH].ljust(WIDTH) for at in range(0, len(text), WIDTH)]


class _File:
    """A file while it is read, record by record."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._file, self._batch = Group(), Group()
        self._name, self._batch_name, self._sec, self._currency = "", "", "", "USD"
        self._entries: list[tuple[str, str, Group, Group, str, Refusal | None, str, bool]] = []

    def payments(self) -> list[Payment]:
        """Every entry with the parties of its file and batch."""
        for number, line in enumerate(self._lines, 1):
            self._record(number, line)
        if not self._entries:
            detail = "no entry (record type 6); send the file with its entries"
            raise PaymentError(PaymentProblem.NO_PARTIES, detail)
        payments: list[Payment] = []
        total = 0
        for name, amount, group, batch, currency, refused, trace, debit in self._entries:
            parties = (*self._file.parties(), *batch.parties(debit), *group.parties())
            total += len(parties)
            if total > MAX_PARTIES:
                raise PaymentError(PaymentProblem.TOO_LARGE, f"more than {MAX_PARTIES} parties; send fewer")
            payment_id = "/".join(part for part in (name, trace) if part)
            payments.append(
                Payment(
                    payment_id,
                    parties,
                    "nacha",
                    amount=amount or None,
                    currency=currency,
                    rail="ach",
                    refused=refused,
                )
            )
        return payments

    def _record(self, number: int, line: str) -> None:
        kind = line[0]
        if kind == "1":
            self._file = Group()
            self._name = "/".join(part for part in (line[13:23].strip(), line[23:34].strip()) if part)
            self._file.take(line, number, _FILE_HEADER, ((87, 94),))
        elif kind == "5":
            self._begin_batch(number, line)
        elif kind == "6":
            self._entry(number, line)
        elif kind == "7" and self._entries:
            columns, last = _ADDENDA.get(line[1:3]), LAST_OF_ADDENDA
            if columns is None:
                columns, last = (Column(4, 83, "remittance", "texts"),), WIDTH
            self._entries[-1][2].take(line, number, columns, _gaps(columns, 4, last))
        elif kind in "89":
            self._file.take(line, number, (), ((55, 79),))
        elif line.strip():
            self._file.block("other").texts.append(Field(line.strip(), f"{number}"))

    def _begin_batch(self, number: int, line: str) -> None:
        self._batch = Group()
        self._sec = line[50:53]
        iat = self._sec == "IAT"
        self._currency = (line[66:69].strip() or "USD") if iat else "USD"
        self._batch_name = f"{line[79:87].strip()}-{line[69:75].strip()}-{line[87:94].strip()}"
        columns, reserved = (_IAT_BATCH, ((54, 63),)) if iat else (_BATCH, ((21, 40), (54, 63)))
        self._batch.take(line, number, columns, reserved)

    def _entry(self, number: int, line: str) -> None:
        if len(self._entries) >= MAX_PAYMENTS:
            detail = f"more than {MAX_PAYMENTS} entries; send them in several files"
            raise PaymentError(PaymentProblem.TOO_LARGE, detail)
        debit = line[1:3] in _DEBITS
        group = Group(debit)
        group.take(line, number, _ENTRIES.get(self._sec, _ENTRY), _RESERVED.get(self._sec, ()))
        cents, amount, refused = line[29:39], "", None
        if cents.isascii() and cents.isdigit():
            amount = f"{int(cents[:-2])}.{cents[-2:]}"
        else:
            detail = (
                f"line {number}, columns 30-39: {cents!r}; 10 digits are expected, the last two of them cents"
            )
            refused = Refusal(PaymentProblem.BAD_AMOUNT, detail)
        name = "/".join(part for part in (self._name, self._batch_name) if part)
        found = _TRACE.search(line)
        trace = f"{found[1] if found else line[79:94].strip()}#{len(self._entries) + 1}"
        self._entries.append((name, amount, group, self._batch, self._currency, refused, trace, debit))


def _add(block: Block, what: str, value: str, path: str) -> None:
    """One value to the party it belongs to."""
    if what == "names":
        block.names.append(Field(value, path))
    elif what == "addresses":
        block.addresses.append(Field(value.replace("*", " ").replace("\\", " ").strip(), path))
    elif what == "country":  # "US*10036\": country and postal code
        country, _, rest = value.replace("\\", "").partition("*")
        block.countries.append(Field(country.strip(), path))
        if rest.strip() or len(country.strip()) > len("US "):
            block.addresses.append(Field(f"{country} {rest}".strip(), path))
    elif what == "texts":
        block.texts.append(Field(value, path))
    else:
        scheme = {"bank": "clearing", "account": "account"}.get(what, "other")
        block.identifiers.append(PartyIdentifier(scheme, value, path))
        if not is_reference(value):
            block.texts.append(Field(value, path))
