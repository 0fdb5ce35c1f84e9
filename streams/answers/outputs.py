"""What leaves the gate, written in transactions: payments, answers, stops, and how far everything was
read."""

import time
from collections.abc import Mapping
from typing import Any

from confluent_kafka import KafkaError, Message, Producer, TopicPartition

from screening.answers.originals import Original, originals
from screening.policy.answers import Course
from streams.answers.moves import Move
from streams.answers.payments import LONGEST_NAME
from streams.answers.turn import SUFFIX
from streams.kafka.connection import ordered_producer_options
from streams.kafka.log import Place, Record
from streams.kafka.options import ClientOptions
from streams.kafka.provisioning import TIMEOUT_SECONDS, BrokerError
from streams.kafka.topics import DEAD_LETTER_BYTES, Topics
from streams.records.answers import (
    ANSWER,
    Answer,
    Reference,
    answer_headers,
    answer_to_json,
    place_of,
    released_or_stopped,
)
from streams.records.headers import Headers
from streams.records.json import CONTENT_TYPE, Origin
from streams.records.reduced import few, trace_headers
from streams.records.stops import Stop, stop_to_json

TRANSACTION_SECONDS = 30.0
SOON_SECONDS = 5.0
"""A transaction that is open for so long is to be committed before more is written: a record of 20,000
payments has as many answers, and bytes that are read again take their time, each."""
LARGEST = int(DEAD_LETTER_BYTES) - (1 << 16)
"""Of a payment's key, bytes and headers: with what says why, they still fit their topic."""


def fits(record: Record) -> bool:
    """Whether a payment can be written to another topic: its headers are not out of all proportion."""
    return len(record.key) + len(record.value or b"") + _size(_headers(record)) <= LARGEST


def _headers(record: Record) -> Headers:
    """The sender's own headers; those under our names are dropped, because they are not our answer."""
    headers: Headers = [each for each in record.pairs if not each[0].startswith(ANSWER)]
    return headers if _size(headers) <= LONGEST_HEADERS else few(headers)


def _size(headers: Headers) -> int:
    return sum(len(name) + len(value or b"") for name, value in headers)


LONGEST_HEADERS = 1 << 20


class Outputs:
    """The only producer of answers; an earlier one with the same name can no longer commit anything."""

    def __init__(self, client: ClientOptions, group: str, topics: Topics, *, pacs002: bool) -> None:
        self._topics = topics
        self._pacs002 = pacs002
        self._refused = ""
        self._under_way = False
        self._began = 0.0
        self._producer = Producer(
            ordered_producer_options(client)
            | {
                "transactional.id": group + SUFFIX,
                "transaction.timeout.ms": round(TRANSACTION_SECONDS * 1000),
                "message.max.bytes": int(DEAD_LETTER_BYTES),
                "linger.ms": 1,
            }
        )
        self._partitions = self._partitions_written()
        self._producer.init_transactions(TRANSACTION_SECONDS)

    def _partitions_written(self) -> dict[str, int]:
        """The partitions of the topics that are written. Raises BrokerError if one is missing."""
        on_broker = self._producer.list_topics(timeout=TIMEOUT_SECONDS).topics
        written = (self._topics.released, self._topics.stopped, self._topics.answers, self._topics.stops)
        if missing := [topic for topic in written if topic not in on_broker]:
            raise BrokerError(
                f"{', '.join(missing)}: not there, or not for us; run `interdict topics create` with "
                "INTERDICT_ANSWERS=true"
            )
        return {topic: len(on_broker[topic].partitions) for topic in written}

    def begin(self) -> None:
        if not self._under_way:
            self._producer.begin_transaction()
            self._under_way, self._began = True, time.monotonic()

    @property
    def due(self) -> bool:
        """Whether a transaction has been open long enough."""
        return self._under_way and time.monotonic() - self._began > SOON_SECONDS

    def move(self, move: Move, record: Record | None, references: tuple[Reference, ...], now: float) -> None:
        """Write one record and the answers to its payments. `record` is None if its bytes are gone."""
        self.begin()
        sent_at = int((record.time if record else now) * 1000)
        event = Origin(self._topics.payments, *move.place, sent_at)
        answer = Answer(event, move.cause, move.reply, now, move.due, move.follows)
        goes_out = not move.follows or move.reply.course is Course.RELEASE
        if goes_out:
            topic = released_or_stopped(move.reply.course, self._topics)
            key, value, headers = self._payment(record, answer)
            self._produce(topic, move.place.partition, key, value, headers)
        self._answer(answer, move, record, references)

    def _payment(self, record: Record | None, answer: Answer) -> tuple[bytes | None, bytes | None, Any]:
        """Write a payment's key, bytes and headers as they came, and the reason."""
        own = answer_headers(answer)
        if record is None:
            return None, None, own
        return record.key or None, record.value, [*_headers(record), *own]

    def _answer(
        self, answer: Answer, move: Move, record: Record | None, references: tuple[Reference, ...]
    ) -> None:
        decisions = move.decisions
        count = max(next(iter(decisions.values())).count if decisions else 0, len(references), 1)
        known: list[Original] = originals(record.value) if record and self._pacs002 else []
        headers: Any = [CONTENT_TYPE, *(trace_headers([*record.pairs]) if record else ())]
        for number in range(1, count + 1):
            named = references[number - 1] if len(references) == count else Reference()
            decision = decisions.get(number)
            payment_id = named.payment_id or (decision.payment_id if decision else "")
            payment_id = payment_id or (record.key.decode(errors="replace") if record else "")
            named = named._replace(
                payment_id=payment_id[:LONGEST_NAME] or place_of(self._topics.payments, *move.place)
            )
            original = None
            if self._pacs002:
                original = known[number - 1] if len(known) == count else Original(uetr=named.uetr)
            decision_id = decision.decision_id if decision else ""
            body = answer_to_json(answer, number, named, decision_id, original)
            key = named.payment_id.encode(errors="replace")
            self._produce(self._topics.answers, move.place.partition, key, body, headers)

    def keep(self, place: Place, stop: Stop | None) -> None:
        """Store a stop's present state; None ends the wait."""
        self.begin()
        key = place_of(self._topics.payments, *place).encode()
        value = stop_to_json(stop) if stop else None
        self._produce(self._topics.stops, 0, key, value, [CONTENT_TYPE] if stop else [])

    def commit(self, member: Any, read: Mapping[str, Mapping[int, int]]) -> None:
        """Commit everything since the last commit, and how far the topics were read, or nothing. Raises
        KafkaException."""
        self.begin()
        offsets = [TopicPartition(topic, *at) for topic, read_to in read.items() for at in read_to.items()]
        self._producer.send_offsets_to_transaction(offsets, member, TRANSACTION_SECONDS)
        self._producer.commit_transaction(TRANSACTION_SECONDS)
        self._under_way = False

    def close(self) -> None:
        """Close without committing: nothing uncommitted is ever visible."""
        if self._under_way:
            self._producer.abort_transaction(TRANSACTION_SECONDS)
            self._under_way = False

    def _produce(
        self, topic: str, partition: int, key: bytes | None, value: bytes | None, headers: Any
    ) -> None:
        to = partition % self._partitions[topic]
        while True:
            try:
                self._producer.produce(
                    topic, value, key, partition=to, headers=headers, on_delivery=self._sent
                )
                self._producer.poll(0)
                return
            except BufferError:
                self._producer.poll(0.1)

    def _sent(self, error: KafkaError | None, message: Message) -> None:
        """A refused record fails the commit; this remembers which topic it was."""
        if error is not None and not self._refused:
            self._refused = f"{message.topic()}: {error.str()}"

    @property
    def refused(self) -> str:
        """What the broker refused from this producer, and where; its reports are read here first."""
        self._producer.poll(0)
        return self._refused
