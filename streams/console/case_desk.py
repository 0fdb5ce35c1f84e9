"""What the console shows of the topics: one search over each, newest first, in bounded time and memory."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

import orjson

from screening.payments import PaymentError, decode_payment
from screening.payments.mapping import EventMapping
from screening.payments.registry.schemas import SchemaNeededError
from streams.console.feed import designation_card
from streams.console.listed import Listed
from streams.console.reading.backwards import Found, newest
from streams.console.reading.forwards import Forwards
from streams.console.reading.words import SearchError, Words
from streams.kafka.options import ClientOptions
from streams.kafka.raw.batches import Record
from streams.kafka.raw.raw_log import RawLog
from streams.kafka.topics import Topics
from streams.records.designations import key_text
from streams.records.json import designation_from_json, payment_to_json

MOST_AT_ONCE = 2
"""Searches that run at the same time; more wait."""
MOST_WAITING = 16
MOST_RECORDS = 200
LONGEST_VALUE = 256 << 10
"""Bytes of a record that is shown whole."""
LONGEST_READ = 64 << 10
"""Bytes of a payment that is taken apart to show its parties."""
EXCERPT = 2_000
SHOWN_HITS = 20


class Kind(StrEnum):
    """Where is searched."""

    ALERTS = "alerts"
    DECISIONS = "decisions"
    PAYMENTS = "payments"
    DESIGNATIONS = "designations"
    DISPOSITIONS = "dispositions"


class BusyError(SearchError):
    """Too many searches wait already."""


class CaseDesk:
    """Reads the topics under one prefix; it joins no group and keeps where designations stand, nothing else.

    `client` are aiokafka's options, `mappings` those of the policy.
    """

    def __init__(self, client: ClientOptions, topics: Topics, mappings: Sequence[EventMapping]) -> None:
        self._log = RawLog(client)
        self._mappings = mappings
        self._topics = {
            Kind.ALERTS: topics.alerts,
            Kind.DECISIONS: topics.decisions,
            Kind.PAYMENTS: topics.payments,
            Kind.DESIGNATIONS: topics.designations,
            Kind.DISPOSITIONS: topics.dispositions,
        }
        self._listed = Listed(self._log, topics.designations)
        self._turns = asyncio.Semaphore(MOST_AT_ONCE)
        self._waiting = 0

    async def reach(self) -> None:
        """Ask the broker for the alerts. Raises BrokerError, KafkaError."""
        await self._log.reach(self._topics[Kind.ALERTS])

    async def stop(self) -> None:
        await self._log.stop()

    async def search(
        self,
        kind: Kind,
        text: str,
        limit: int,
        until: Mapping[int, int] | None = None,
        after: Mapping[int, int] | None = None,
    ) -> dict[str, Any]:
        """The newest records that hold every word of the text, as JSON, and how far back was looked.

        Raises SearchError, BrokerError, KafkaError.
        """
        words = Words.of(text)
        found = await self._find(kind, words, min(limit, MOST_RECORDS), until, after)
        looked = found.looked
        return {
            "in": kind,
            "topic": self._topics[kind],
            "records": [self._shown(kind, record) for record in found.records],
            "looked": {
                "records": looked.records,
                "of": looked.of,
                "back_to": looked.back_to,
                "unread": looked.unread,
            },
            "next": offsets_to_text(looked.next) or None,
            "ends": offsets_to_text(looked.ends),
        }

    def forwards(self, kind: Kind, take: Callable[[Record], None]) -> Forwards:
        """The topic from its beginning on, for who keeps what it says."""
        return Forwards(self._log, self._topics[kind], take)

    async def designation(self, designation_id: str) -> dict[str, object] | None:
        """The card of a designation as the topic has it last; None where it is on no list, or not found."""
        record = await self._listed.newest(designation_id)
        if record is None and not self._listed.knows_all:
            record = await self._searched(designation_id)
        return _card(record) if record else None

    async def _searched(self, designation_id: str) -> Record | None:
        words = Words((designation_id.lower(),), ((designation_id.lower().encode(),),))
        until: Mapping[int, int] | None = None
        while until is None or until:
            found = await self._find(Kind.DESIGNATIONS, words, 1, until, None)
            for record in found.records:
                if key_text(record.key) == designation_id:
                    return record
            until = found.looked.next if found.records else {}
        return None

    async def _find(
        self,
        kind: Kind,
        words: Words,
        limit: int,
        until: Mapping[int, int] | None,
        after: Mapping[int, int] | None,
    ) -> Found:
        if self._waiting >= MOST_WAITING:
            raise BusyError(f"{MOST_WAITING} searches are waiting already; try again in a moment")
        self._waiting += 1
        try:
            async with self._turns:
                return await newest(self._log, self._topics[kind], words, limit, until=until, after=after)
        finally:
            self._waiting -= 1

    def _shown(self, kind: Kind, record: Record) -> dict[str, object]:
        shown: dict[str, object] = {
            "partition": record.partition,
            "offset": record.offset,
            "at": round(record.time, 3),
            "key": record.key.decode(errors="replace")[:EXCERPT],
        }
        if record.value is None:
            return shown | {"value": None}
        if kind is Kind.PAYMENTS:
            return shown | self._payments(record, record.value)
        if kind is Kind.DESIGNATIONS:
            card = _card(record)
            return shown | ({"value": card} if card else _excerpt(record.value))
        try:
            value = orjson.loads(record.value)
        except orjson.JSONDecodeError:
            return shown | _excerpt(record.value)
        if not isinstance(value, dict):
            return shown | _excerpt(record.value)
        return shown | {"value": _cut(value) if len(record.value) > LONGEST_VALUE else value}

    def _payments(self, record: Record, value: bytes) -> dict[str, object]:
        if len(value) > LONGEST_READ:
            return _excerpt(value)
        try:
            payments = decode_payment(value, None, record.headers, mappings=self._mappings)
        except (PaymentError, SchemaNeededError) as error:
            return _excerpt(value) | {"unreadable": str(error)[:EXCERPT]}
        return {"value": {"payments": [payment_to_json(each) for each in payments[:SHOWN_HITS]]}}


def _card(record: Record) -> dict[str, object] | None:
    if record.value is None:
        return None
    try:
        return designation_card(designation_from_json(record.value))
    except ValueError:
        return None


def _excerpt(value: bytes) -> dict[str, object]:
    return {"text": value[: 4 * EXCERPT].decode(errors="replace")[:EXCERPT], "bytes": len(value)}


def _cut(value: dict[str, object]) -> dict[str, object]:
    """A record too large for a page: its strongest hits without their explanations, and what was left out."""
    hits = value.get("hits")
    if not isinstance(hits, list):
        return {"cut": True}
    shown = [
        {name: said for name, said in hit.items() if name not in ("explanation", "network")}
        for hit in hits[:SHOWN_HITS]
        if isinstance(hit, dict)
    ]
    small = {name: said for name, said in value.items() if name not in ("payment", "suppressed", "notes")}
    return small | {"hits": shown, "hits_not_shown": len(hits) - len(shown), "cut": True}


def offsets_to_text(offsets: Mapping[int, int]) -> str:
    """`0:12,1:40`, as an address carries it."""
    return ",".join(f"{partition}:{offset}" for partition, offset in sorted(offsets.items()))


def offsets_from_text(text: str) -> dict[int, int]:
    """Raises SearchError for what is no such text."""
    found: dict[int, int] = {}
    for part in text.split(","):
        partition, colon, offset = part.partition(":")
        if not (colon and _number(partition) and _number(offset)) or len(found) >= MOST_PARTITIONS:
            raise SearchError("partition:offset[,partition:offset] is expected, as an answer says it")
        found[int(partition)] = int(offset)
    return found


MOST_PARTITIONS = 10_000


def _number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
