"""What a decision says about its payment to whoever answers the rail."""

from dataclasses import dataclass

import orjson

from screening.decisions import Outcome
from screening.policy.answers import Cause
from screening.policy.rules import Action
from streams.kafka.log import Place, Record
from streams.records.headers import part_of
from streams.records.shapes import DecisionRecord
from streams.records.stops import StoppedHit, stopped_hits


@dataclass(frozen=True, slots=True)
class Decided:
    """A worker's decision on one payment of a record."""

    event: Place
    """Where that record stands."""
    number: int
    count: int
    """Payments of the record."""
    cause: Cause
    payment_id: str
    decision_id: str
    hits: tuple[StoppedHit, ...]
    whole: bool
    place: Place
    """Where the decision stands."""


def decided(record: Record, partition: int, payments_topic: str) -> Decided | None:
    """The decision as the gate needs it; None for one that no worker took on a record of `payments_topic`,
    such as a recheck's.

    Raises ValueError, KeyError or TypeError for a record that is not a decision.
    """
    part = part_of(record.headers)
    if part is None or record.value is None:
        return None
    decision: DecisionRecord = orjson.loads(record.value)
    event = decision.get("event")
    if not event or event.get("topic") != payments_topic:
        return None
    hits, whole = stopped_hits(decision)
    return Decided(
        Place(int(event["partition"]), int(event["offset"])),
        *part,
        _cause(decision),
        str(decision["payment_id"]),
        str(decision["decision_id"]),
        hits,
        whole,
        Place(partition, record.offset),
    )


def _cause(decision: DecisionRecord) -> Cause:
    outcome = Outcome(decision["outcome"])
    if outcome is Outcome.CLEAR:
        return Cause.CLEAR
    if outcome is Outcome.ERROR:
        return Cause.ERROR
    reviewed = all(hit["action"] == Action.REVIEW for hit in decision["hits"])
    return Cause.REVIEW if reviewed else Cause.HOLD
