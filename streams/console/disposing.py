"""A disposition of an alert's hit, made of what the alert says and of what a person decided, and sent."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from screening.cases.dispositions import Disposition, Dispositions, Proposed, Verdict
from streams.kafka.acknowledged import Acknowledged
from streams.kafka.options import ClientOptions
from streams.records.dispositions import KeyedRecord, proposing, settling
from streams.records.json import CONTENT_TYPE
from streams.records.shapes import HitRecord


def disposition_of(
    hit: HitRecord,
    verdict: Verdict,
    by: str,
    reason: str,
    *,
    lasts: timedelta,
    longest: timedelta,
    now: datetime,
    approved_by: str = "",
    stood: str | None = None,
) -> Disposition:
    """The disposition of the pair that hit; a false positive counts for `longest` at most. `stood` is the
    mark of what its giver has seen standing, None where that is not known.

    Raises ValueError, which says what is missing or wrong.
    """
    if verdict is Verdict.FALSE_POSITIVE and lasts > longest:
        raise ValueError(
            f"a false positive counts for {longest / timedelta(days=1):g} days at most; review it then"
        )
    if lasts <= timedelta():
        raise ValueError("a disposition must last for some time; say how long")
    try:
        return Disposition(
            fingerprint=hit["fingerprint"],
            designation_id=hit["designation"]["id"],
            designation_fingerprint=hit["designation"]["fingerprint"],
            verdict=verdict,
            by=by,
            reason=reason,
            until=now.replace(microsecond=0) + lasts,
            approved_by=approved_by,
            hit_reason=hit.get("reason", ""),
            stood=stood,
        )
    except KeyError as error:
        raise ValueError(f"the alert has no {error}; it is of a version without fingerprints") from None


def is_outdated(disposition: Disposition | None, newest: HitRecord | None) -> bool:
    """Whether a false positive is about another state of the entry than the pair's newest alert shows: it
    would take the place of what stands, and suppress nothing."""
    if disposition is None or newest is None or disposition.verdict is not Verdict.FALSE_POSITIVE:
        return False
    return newest["designation"].get("fingerprint") != disposition.designation_fingerprint


OVERLOOKED = (
    "another disposition was given at the same moment, and stays in force: this one does not count, and what "
    "was approved waits on; look at it first"
)
OUTDATED = "the list says something else of it since; look at its newest alert and give a new one"


def settle(client: ClientOptions, topic: str, known: Dispositions, pairs: Iterable[str]) -> None:
    """Put what stands of these back in its place, as old as it is. Raises BrokerError."""
    for record, came in settling(known, pairs):
        send(client, topic, [record], came)


def settle_overtaken(
    client: ClientOptions, topic: str, known: Dispositions, pair: str, approved: Proposed | None
) -> None:
    """Put what stands of a pair back in its place, and what was `approved` without having seen it beside it:
    that waits on, as old as it is. Raises BrokerError."""
    settle(client, topic, known, [pair])
    if approved and known.waiting(pair) is None:
        send(client, topic, [proposing(approved.proposal)], approved.at)


def send(
    client: ClientOptions, topic: str, records: Iterable[KeyedRecord], at: datetime | None = None
) -> None:
    """Records of the dispositions topic in this order, acknowledged; `client` are librdkafka's options.

    They come now, or as of a moment. Raises BrokerError.
    """
    at_ms = round(at.timestamp() * 1000) if at else None
    with Acknowledged(client) as dispositions:
        for key, value in records:
            dispositions.send(topic, key.encode(), value, [CONTENT_TYPE], at_ms=at_ms)
        dispositions.delivered()
