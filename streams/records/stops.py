"""Stopped payments that wait for a person, as `screening.stops` keeps them.

The key is the place of the payment's record. A record without a value ends the wait.
"""

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

import orjson

from screening.policy.answers import Cause
from streams.kafka.log import Place
from streams.records.shapes import DecisionRecord, StopRecord

MOST_HITS = 1_000
"""Of one record; nobody judges more of them one by one."""
MOST_NAMED = 10
"""Payments of one record by which somebody knows it again; a message may hold thousands."""
LONGEST_NAME = 200
_PLACE = re.compile(r"(.+)-(\d{1,10})@(\d{1,19})")


class StoppedHit(NamedTuple):
    """One hit, as dispositions name it."""

    fingerprints: tuple[str, ...]
    """Of its party, and of the party that stopped the payment which this one resubmits."""
    designation_id: str
    designation_fingerprint: str


@dataclass(frozen=True, slots=True)
class Stop:
    """One record that waits. `whole` says whether all of its hits are there, so that dispositions on them can
    release it."""

    cause: Cause
    rail: str = ""
    due: float = 0.0
    hits: tuple[StoppedHit, ...] = ()
    whole: bool = False
    ended: bool = False
    """It was answered for good; kept only until everything before it is answered, too."""
    at: float = 0.0
    """When it was stopped, Unix time."""
    payment_ids: tuple[str, ...] = ()
    """Of its payments, the first of many; for whoever asks what waits."""

    def bounded(self) -> "Stop":
        named = tuple(name[:LONGEST_NAME] for name in self.payment_ids[:MOST_NAMED])
        if len(self.hits) <= MOST_HITS:
            return replace(self, payment_ids=named)
        return replace(self, hits=self.hits[:MOST_HITS], whole=False, payment_ids=named)


def stop_to_json(stop: Stop) -> bytes:
    record: StopRecord = {
        "cause": stop.cause,
        "rail": stop.rail,
        "due": stop.due,
        "hits": [
            {
                "fingerprints": [*hit.fingerprints],
                "designation_id": hit.designation_id,
                "designation_fingerprint": hit.designation_fingerprint,
            }
            for hit in stop.hits
        ],
        "whole": stop.whole,
        "ended": stop.ended,
        "at": stop.at,
        "payment_ids": [*stop.payment_ids],
    }
    return orjson.dumps(record)


def stop_from_json(raw: bytes) -> Stop:
    """Raises ValueError for bytes that are not a stop."""
    try:
        record = orjson.loads(raw)
        hits = tuple(
            StoppedHit(
                tuple(map(str, hit["fingerprints"])),
                str(hit["designation_id"]),
                str(hit["designation_fingerprint"]),
            )
            for hit in record["hits"]
        )
        return Stop(
            Cause(record["cause"]),
            str(record["rail"]),
            float(record["due"]),
            hits,
            bool(record["whole"]),
            bool(record["ended"]),
            float(record.get("at", 0.0)),
            tuple(map(str, record.get("payment_ids", ()))),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no stopped payment: {error!r}") from error


def place_from(text: str, topic: str) -> Place | None:
    """`payments-3@17` as a place; None for another topic's, and for a text that is not a place."""
    found = _PLACE.fullmatch(text)
    return Place(int(found[2]), int(found[3])) if found and found[1] == topic else None


def stopped_hits(decision: DecisionRecord) -> tuple[tuple[StoppedHit, ...], bool]:
    """The hits of a recorded decision, and whether each of them can be judged by its pair."""
    hits = []
    whole = not decision.get("hits_left_out")
    for hit in decision["hits"]:
        resubmitted, listed = hit.get("stopped"), hit["designation"]
        fingerprints = hit.get("fingerprint"), resubmitted.get("fingerprint") if resubmitted else None
        known = StoppedHit(tuple(filter(None, fingerprints)), listed["id"], listed.get("fingerprint") or "")
        whole = whole and bool(known.fingerprints and known.designation_fingerprint)
        hits.append(known)
    return tuple(hits), whole
