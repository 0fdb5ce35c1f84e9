"""Answers to rails as records of their topic, and the headers of payments that were released or stopped."""

import hashlib
from datetime import UTC, datetime
from typing import NamedTuple

import orjson

from screening.answers.originals import Original
from screening.answers.pacs002 import status_report
from screening.policy.answers import Cause, Course, Reply
from streams.kafka.topics import Topics
from streams.records.json import Origin
from streams.records.shapes import AnswerRecord

ANSWER = "interdict.answer."
FIRST, LAST = "first", "last"
"""Which answer of a payment it is: no payment has more than these two."""
_WHOLE = 0
"""Stands for all payments of a record."""


class Reference(NamedTuple):
    """How a payment is identified to its rail; fields that cannot be read are empty."""

    payment_id: str = ""
    rail: str | None = None
    uetr: str = ""


class Answer(NamedTuple):
    """The answer for the payments of one record, the same for all of them."""

    event: Origin
    cause: Cause
    reply: Reply
    at: float
    """Unix time."""
    due: float
    follows: bool = False
    """After the payment was stopped."""

    @property
    def step(self) -> str:
        return LAST if self.follows else FIRST


def place_of(topic: str, partition: int, offset: int) -> str:
    return f"{topic}-{partition}@{offset}"


def answer_id(answer: Answer, number: int = _WHOLE) -> str:
    """The id of one payment's first or last answer, the same for every repeat."""
    event = answer.event
    text = f"{place_of(event.topic, event.partition, event.offset)}|{number}|{answer.step}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def answer_to_json(
    answer: Answer, number: int, named: Reference, decision_id: str, original: Original | None
) -> bytes:
    """The answer for one payment; with an `original` it carries the pacs.002."""
    own_id = answer_id(answer, number)
    at = datetime.fromtimestamp(answer.at, UTC)
    record: AnswerRecord = {
        "answer_id": own_id,
        "payment_id": named.payment_id,
        "event": {
            "topic": answer.event.topic,
            "partition": answer.event.partition,
            "offset": answer.event.offset,
            "timestamp_ms": answer.event.timestamp_ms,
        },
        "course": answer.reply.course,
        "cause": answer.cause,
        "status": answer.reply.status,
        "answered_at": at.isoformat(timespec="milliseconds"),
        "due": datetime.fromtimestamp(answer.due, UTC).isoformat(timespec="milliseconds"),
    }
    if answer.reply.reason:
        record["reason"] = answer.reply.reason
    if named.rail:
        record["rail"] = named.rail
    if named.uetr:
        record["uetr"] = named.uetr
    if decision_id:
        record["decision_id"] = decision_id
    if answer.follows:
        record["follows"] = answer_id(answer._replace(follows=False), number)
    if original is not None:
        record["pacs002"] = status_report(own_id, at, named.payment_id, original, answer.reply)
    return orjson.dumps(record)


def answer_headers(answer: Answer) -> list[tuple[str, bytes]]:
    """The headers of a released or stopped payment: its own and then ours; the last of a name counts."""
    event = answer.event
    values = {
        "id": answer_id(answer),
        "event": place_of(event.topic, event.partition, event.offset),
        "course": answer.reply.course,
        "cause": answer.cause,
        "status": answer.reply.status,
        "reason": answer.reply.reason,
        "at": datetime.fromtimestamp(answer.at, UTC).isoformat(timespec="milliseconds"),
        "follows": answer_id(answer._replace(follows=False)) if answer.follows else "",
    }
    return [(ANSWER + name, value.encode()) for name, value in values.items() if value]


def released_or_stopped(course: Course, topics: Topics) -> str:
    """The topic that a payment goes to, one of the two: a payment that is rejected at once is among the
    stopped ones."""
    return topics.released if course is Course.RELEASE else topics.stopped
