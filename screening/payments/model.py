"""A payment as the screener sees it: parties, each value with the path it was read from.

Every decoder (canonical JSON, ISO 20022, SWIFT MT, mapped JSON) ends here. A value that could hold a
name is in exactly one `Party`; free text is a party of role `remittance` or `other` with `texts`.
"""

import hashlib
import re
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from screening.designations import DateRange, Gender, Kind


class Role(StrEnum):
    """The part a party plays in a payment (ISO 20022 terms)."""

    DEBTOR = "debtor"
    CREDITOR = "creditor"
    ULTIMATE_DEBTOR = "ultimate_debtor"
    ULTIMATE_CREDITOR = "ultimate_creditor"
    INITIATING_PARTY = "initiating_party"
    DEBTOR_AGENT = "debtor_agent"
    CREDITOR_AGENT = "creditor_agent"
    INTERMEDIARY_AGENT = "intermediary_agent"
    REIMBURSEMENT_AGENT = "reimbursement_agent"
    INSTRUCTING_AGENT = "instructing_agent"
    INSTRUCTED_AGENT = "instructed_agent"
    INVOICER = "invoicer"
    INVOICEE = "invoicee"
    REMITTANCE = "remittance"
    OTHER = "other"


class Field(NamedTuple):
    """A value and its place: a JSON pointer, an XPath by local names, or an MT tag and line."""

    value: str
    path: str


class PartyIdentifier(NamedTuple):
    """A code that a payment gives for a party; `scheme` as in `screening.designations.Identifier`.

    Two schemes exist only here: `account`, a number that is not an IBAN, and `clearing`, a member number of a
    national clearing system.
    """

    scheme: str
    value: str
    path: str


class Party(NamedTuple):
    """One party of a payment, or one place of free text (`texts`).

    It is a tuple, because a payment has ten parties and a frozen dataclass takes three times as long to
    create.
    """

    role: Role
    names: tuple[Field, ...] = ()
    """Whole names, compared with whole names of the lists."""
    identifiers: tuple[PartyIdentifier, ...] = ()
    addresses: tuple[Field, ...] = ()
    """Where it is: looked at for countries and regions, and for names as `texts` are."""
    countries: tuple[Field, ...] = ()
    """ISO 3166-1 alpha-2, as sent."""
    texts: tuple[Field, ...] = ()
    """Free text, searched for names and identifiers anywhere inside."""
    kind: Kind | None = None
    birth_date: DateRange | None = None
    gender: Gender | None = None


RAILS = frozenset(("swift", "sepa", "sepa_instant", "fednow", "fedwire", "chaps", "t2", "sic", "rtp", "ach"))
"""Rails that the decoders know; a platform may name others."""
_BETWEEN = re.compile(r"[\s_-]+")


def rail_of(word: str) -> str:
    """A known rail as policies spell it, whatever its spelling; any other word as it is.

    >>> rail_of("SEPA-Instant"), rail_of("My Rail")
    ('sepa_instant', 'My Rail')
    """
    meant = _BETWEEN.sub("_", word.strip().lower())
    return meant if meant in RAILS else word


MAX_PAYMENTS = 20_000
"""Payments of one message; the shortest real transactions have 100 bytes, so 1 MiB holds 10,000."""
MAX_PARTIES = 200_000
"""Parties over all payments of one message; those of a header count for each of its transactions."""

HEADERS_LEFT_OUT = "interdict.headers_left_out"
"""The header of a record whose own headers could not be read. Whoever sends it refuses his own payment."""


class PaymentProblem(StrEnum):
    """Why bytes are not a payment: the dead letter's code and the metric's label."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    TOO_DEEP = "too_deep"
    NOT_UTF8 = "not_utf8"
    NOT_JSON = "not_json"
    DUPLICATE_KEY = "duplicate_key"
    NOT_XML = "not_xml"
    FORBIDDEN_XML = "forbidden_xml"
    NOT_MT = "not_mt"
    NOT_CLOUDEVENT = "not_cloudevent"
    UNKNOWN_FORMAT = "unknown_format"
    SCHEMA_REGISTRY = "schema_registry"
    MISSING_ID = "missing_id"
    NO_PARTIES = "no_parties"
    WRONG_TYPE = "wrong_type"
    BAD_AMOUNT = "bad_amount"
    BAD_TIME = "bad_time"
    INTERNAL = "internal"


class Refusal(NamedTuple):
    """Why one payment of a message cannot be screened although the others can."""

    problem: PaymentProblem
    detail: str
    """The place and the remedy."""


class Payment(NamedTuple):
    """One payment, ready to be screened. `amount` is the decimal text as sent, never a float.

    `format` is one of FORMATS, so that it can label a metric. A tuple for the reason that `Party` is one.
    """

    id: str
    parties: tuple[Party, ...]
    format: str = "json"
    time: datetime | None = None
    amount: str | None = None
    currency: str | None = None
    rail: str | None = None
    uetr: str | None = None
    notes: tuple[str, ...] = ()
    """What the reader of its decision must know, e.g. "camt.054: read by the catch-all"."""
    status: str | None = None
    """How far the platform says it has come, e.g. "pending" or ISO 20022's "ACSC"."""
    refused: Refusal | None = None
    """Where this payment is refused alone: its decision is an error, the message a dead letter as well."""


FORMATS = (
    "json",
    "cloudevents",
    "mapped",
    "avro",
    "protobuf",
    "pain.001",
    "pain.013",
    "pacs.004",
    "pacs.008",
    "pacs.009",
    "camt.029",
    "camt.052",
    "camt.053",
    "camt.054",
    "camt.056",
    "iso20022",
    "mt101",
    "mt102",
    "mt103",
    "mt202",
    "mt203",
    "mt205",
    "mt",
    "fedwire",
    "nacha",
)
"""Every value `Payment.format` can have; `iso20022` and `mt` are the message types without their own name."""


class PaymentError(ValueError):
    """These bytes are not a payment that can be screened: dead-letter them, decide `error`.

    `problem` is the closed code, `detail` names the place and the remedy, and `payment_id` is what could
    still be read of the payment's own id.
    """

    def __init__(self, problem: PaymentProblem, detail: str, payment_id: str | None = None) -> None:
        super().__init__(f"{problem}: {detail}")
        self.problem = problem
        self.detail = detail
        self.payment_id = payment_id


def refused_payment(error: PaymentError, raw: bytes, format: str) -> Payment:
    """The payment that stands for an unreadable part of a message; named by its bytes if nothing else names
    it."""
    payment_id = error.payment_id or f"sha256-{hashlib.sha256(raw).hexdigest()[:32]}"
    return Payment(payment_id, (), format, refused=Refusal(error.problem, error.detail))
