"""The records of the customers' topics as types, field by field as in `config/schemas`."""

from typing import NotRequired, TypedDict

from streams.records.shapes.decisions import EventPlace, HitRecord, ListsRecord, SuppressedBy


class CustomerHit(HitRecord):
    """A hit of a customer; `party` says whether it is the customer's own, an owner's or a director's."""

    party: str


class SuppressedCustomerHit(CustomerHit):
    disposition: SuppressedBy


class PartyOfCustomer(TypedDict):
    """`place` is the party's place in the customer, empty for the customer itself."""

    place: str
    names: list[str]
    kind: str | None
    countries: list[str]
    accounts: list[str]


class ShareRecord(TypedDict):
    owner: str
    owned: str
    percent: float


class CustomerInAlert(TypedDict):
    id: str
    parties: list[PartyOfCustomer]
    shares: list[ShareRecord]


class ChangeRecord(TypedDict):
    """What happened to one alert with this record."""

    alert_id: str
    designation_id: str
    state: str
    what: str
    by: NotRequired[str]


class CustomerAlertRecord(TypedDict):
    """`screening.customer-alerts`: a customer's present hits."""

    decision_id: str
    customer_id: str
    outcome: str
    screened_at: str
    list: ListsRecord
    policy: str
    matcher: str
    trigger: str
    hits: list[CustomerHit]
    changes: list[ChangeRecord]
    suppressed: NotRequired[list[SuppressedCustomerHit]]
    hits_left_out: NotRequired[int]
    error: NotRequired[str]
    notes: NotRequired[list[str]]
    customer: NotRequired[CustomerInAlert]
    event: NotRequired[EventPlace]


class CustomerProofRecord(TypedDict):
    """`screening.customer-proofs`: up to where a partition was last screened completely, and with what."""

    partition: int
    offset: int
    customers: int
    sha256: str
    list: ListsRecord
    policy: str
    matcher: str
    screened_at: str
    wholly_at: str
    unscreened: int
    worker: str
