"""What the gate of payments says and remembers: answers, stops."""

from typing import NotRequired, TypedDict

from streams.records.shapes.decisions import EventPlace


class AnswerRecord(TypedDict):
    """`screening.answers`."""

    answer_id: str
    payment_id: str
    event: EventPlace
    course: str
    cause: str
    status: str
    answered_at: str
    due: str
    reason: NotRequired[str]
    rail: NotRequired[str]
    uetr: NotRequired[str]
    decision_id: NotRequired[str]
    follows: NotRequired[str]
    pacs002: NotRequired[str]


class StoppedHitRecord(TypedDict):
    fingerprints: list[str]
    designation_id: str
    designation_fingerprint: str


class StopRecord(TypedDict):
    """`screening.stops`, under the place of the payment's record."""

    cause: str
    rail: str
    due: float
    hits: list[StoppedHitRecord]
    whole: bool
    ended: bool
    at: NotRequired[float]
    payment_ids: NotRequired[list[str]]
