"""Every topic on one screen: name, key, value, cleanup, one line of purpose.

Payments, alerts, decisions and dead letters are logs with a retention; designations and dispositions are
tables, compacted. A prefix (`INTERDICT_TOPIC_PREFIX`) goes before every name.
"""

import random
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from screening.policy.file import LONGEST_WINDOW_HOURS

DAY_MS = 24 * 3600 * 1000
MAX_MESSAGE_BYTES = str(8 << 20)
DEAD_LETTER_BYTES = str(16 << 20)
"""A dead letter holds whatever the payments topic took and headers beside, perhaps compressed less well."""

RETENTION_MS = LONGEST_WINDOW_HOURS * 3600 * 1000
"""A policy's window reaches back no further; a lookback over 30 days finds every payment and its decision."""

FOR_EVER = "-1"
"""How many bytes of a log are kept: its time alone ends a record, whatever the cluster's own default is."""

_LOG = {
    "cleanup.policy": "delete",
    "retention.ms": str(RETENTION_MS),
    "retention.bytes": FOR_EVER,
    "max.message.bytes": MAX_MESSAGE_BYTES,
}
_TABLE = {
    "cleanup.policy": "compact",
    "max.message.bytes": MAX_MESSAGE_BYTES,
    "min.cleanable.dirty.ratio": "0.1",
    "segment.ms": str(3600 * 1000),
    "max.compaction.lag.ms": str(DAY_MS),
    # longer than the longest outage of a reader that keeps state: it must still see what was taken out
    "delete.retention.ms": str(7 * DAY_MS),
}


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """One topic: `partitions` None means as many as the operator asks for."""

    name: str
    key: str
    value: str
    purpose: str
    config: Mapping[str, str]
    partitions: int | None = None


PAYMENTS = TopicSpec("payments", "payment id", "payment event", "what platforms want to pay", _LOG)
DESIGNATIONS = TopicSpec(
    "designations",
    "source:uid",
    "designation, null when delisted, begin and commit markers",
    "the sanctions lists, in force as they arrive",
    # the broker's own clock stamps a designation, so that every worker measures from the same moment
    {
        **_TABLE,
        "message.timestamp.type": "LogAppendTime",
        # `interdict lookback --follow` copies every record to the history, and may be down for so long
        "min.compaction.lag.ms": str(DAY_MS // 2),
    },
    partitions=1,  # one log, one order: entries between their markers
)
HISTORY = TopicSpec(
    "designations.history",
    "source:uid",
    "as on designations",
    "every record of the lists, for replay",
    # 31 CFR 501.601 and EU practice: records of screening are kept for ten years
    {
        "cleanup.policy": "delete",
        "retention.ms": str(3660 * DAY_MS),
        "retention.bytes": FOR_EVER,
        "compression.type": "zstd",
        "max.message.bytes": MAX_MESSAGE_BYTES,
    },
    partitions=1,
)
ALERTS = TopicSpec("screening.alerts", "payment id", "alert", "hits, for case systems", _LOG)
DECISIONS = TopicSpec("screening.decisions", "payment id", "decision", "the outcome for every payment", _LOG)
DEAD_LETTERS = TopicSpec(
    "screening.dead-letters",
    "original key",
    "original bytes",
    "what could not be read, untouched",
    {**_LOG, "max.message.bytes": DEAD_LETTER_BYTES},
)
DISPOSITIONS = TopicSpec(
    "screening.dispositions",
    "party fingerprint|designation id",
    "disposition",
    "dispositions of case systems on a pair",
    # what a case system wrote over a true positive that nobody approved: so long it can be settled
    {**_TABLE, "min.compaction.lag.ms": str(DAY_MS // 2)},
    partitions=1,
)
SHADOW = TopicSpec(
    "screening.shadow",
    "hash of the proposed policy",
    "comparison",
    "what a shadow policy would have alerted",
    # 3 NYCRR 504.4: what a filtering program's tuning rests on is kept for five years
    {**_LOG, "retention.ms": str(1830 * DAY_MS)},
    partitions=1,
)
AUDIT = TopicSpec(
    "screening.audit",
    "session",
    "checkpoint",
    "how far every writer of decisions and alerts has come, sealed",
    _LOG,
    partitions=1,
)
CUSTOMERS = TopicSpec(
    "customers",
    "customer id",
    "customer: a party with its owners and directors; null when it is none any more",
    "the customer book, screened when it changes and for every change of a list",
    _TABLE,
)
CUSTOMER_ALERTS = TopicSpec(
    "screening.customer-alerts",
    "customer id",
    "a customer's hits as they stand, and what changed",
    "hits among customers, for case systems",
    _TABLE,
)
CUSTOMER_PROOFS = TopicSpec(
    "screening.customer-proofs",
    "partition of customers",
    "proof",
    "up to where, and with which lists, the book was last screened wholly",
    _TABLE,
    partitions=1,
)
RELEASED = TopicSpec(
    "payments.released",
    "original key",
    "original bytes",
    "payments that may go, one topic for what runs behind",
    {**_LOG, "max.message.bytes": DEAD_LETTER_BYTES},
)
STOPPED = TopicSpec(
    "payments.stopped",
    "original key",
    "original bytes",
    "payments that were not released, with the reason",
    {**_LOG, "max.message.bytes": DEAD_LETTER_BYTES},
)
ANSWERS = TopicSpec("screening.answers", "payment id", "answer", "the answer to each payment's rail", _LOG)
STOPS = TopicSpec(
    "screening.stops",
    "place of the payment's record",
    "stop, null when it is answered for good",
    "stopped payments that wait for a person",
    _TABLE,
    partitions=1,
)
SUGGESTIONS = TopicSpec(
    "screening.suggestions",
    "alert id",
    "suggestion",
    "facts for and against each hit, and what rules suggest of it; never a disposition",
    _LOG,
)
OF_ANSWERS = (RELEASED, STOPPED, ANSWERS, STOPS)
"""There only where `interdict answers` gates payments."""
USUAL = (
    PAYMENTS,
    DESIGNATIONS,
    HISTORY,
    ALERTS,
    DECISIONS,
    DEAD_LETTERS,
    DISPOSITIONS,
    SHADOW,
    AUDIT,
    CUSTOMERS,
    CUSTOMER_ALERTS,
    CUSTOMER_PROOFS,
    SUGGESTIONS,
)
ALL = USUAL + OF_ANSWERS


def wanted(*, answers: bool) -> tuple[TopicSpec, ...]:
    """The topics that should exist, by what the settings switch on."""
    return USUAL + (OF_ANSWERS if answers else ())


class _Named:
    """The full name of one topic, as an attribute of `Topics`."""

    def __init__(self, spec: TopicSpec) -> None:
        self._name = spec.name

    def __get__(self, topics: "Topics", owner: type) -> str:
        return topics.prefix + self._name


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics' full names under one prefix."""

    prefix: str = ""

    payments = _Named(PAYMENTS)
    designations = _Named(DESIGNATIONS)
    history = _Named(HISTORY)
    alerts = _Named(ALERTS)
    decisions = _Named(DECISIONS)
    dead_letters = _Named(DEAD_LETTERS)
    dispositions = _Named(DISPOSITIONS)
    shadow = _Named(SHADOW)
    audit = _Named(AUDIT)
    released = _Named(RELEASED)
    stopped = _Named(STOPPED)
    answers = _Named(ANSWERS)
    stops = _Named(STOPS)
    customers = _Named(CUSTOMERS)
    customer_alerts = _Named(CUSTOMER_ALERTS)
    customer_proofs = _Named(CUSTOMER_PROOFS)
    suggestions = _Named(SUGGESTIONS)

    def partitions(self, number: int, specs: Iterable[TopicSpec] = USUAL) -> Iterator[tuple[str, int]]:
        """Every topic's full name and partition count, for `number` partitions of payments."""
        for spec in specs:
            yield self.prefix + spec.name, spec.partitions or number


_SEED, _MIX, _32_BITS = 0x9747B28C, 0x5BD1E995, 0xFFFFFFFF
"""MurmurHash2 as in `org.apache.kafka.common.utils.Utils.murmur2`."""


def partition_of(key: bytes | None, partitions: Sequence[int]) -> int:
    """The partition where Kafka's clients put a record: one of the topic's sorted partitions, or any of them
    without a key.

    So consumers find everything about one payment in one partition. It gives the same as aiokafka's
    `DefaultPartitioner`, which hashes byte by byte and takes four times as long.
    """
    if key is None:
        return random.choice(partitions)  # noqa: S311  spreads load
    return partitions[(murmur2(key) & 0x7FFFFFFF) % len(partitions)]


def murmur2(data: bytes) -> int:
    """The hash of a key, 32 bits.

    >>> murmur2(b"21") - (1 << 32)
    -973932308
    """
    whole, rest = divmod(len(data), 4)
    found = _SEED ^ len(data)
    for part in struct.unpack_from(f"<{whole}I", data):
        mixed = part * _MIX & _32_BITS
        found = (found * _MIX ^ (mixed ^ mixed >> 24) * _MIX) & _32_BITS
    if rest:
        found = (found ^ int.from_bytes(data[-rest:], "little")) * _MIX & _32_BITS
    found = (found ^ found >> 13) * _MIX & _32_BITS
    return found ^ found >> 15
