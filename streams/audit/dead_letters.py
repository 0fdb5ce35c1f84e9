"""Dead letters found, and sent to the payments topic again after a mapping or decoder was fixed.

Those of customers are left alone: the book reads its topic by itself, and they are not payments.

Each message is sent again once, however often that is requested: the record on the payments topic and the
note on the dead-letter topic are one transaction, and a transactional id lets only one replay run at a time.
A replay that was killed has sent a message with its note, or neither.
"""

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from confluent_kafka import KafkaError, KafkaException, Producer

from streams.kafka.connection import ordered_producer_options
from streams.kafka.log import Place, Record, TopicLog
from streams.kafka.options import ClientOptions
from streams.kafka.provisioning import BrokerError
from streams.kafka.topics import Topics
from streams.records.dead_letters import (
    Again,
    DeadLetter,
    dead_letter,
    is_note,
    noted,
    replay_headers,
)

AT_ONCE, MOST_BYTES = 200, 64 << 20
"""Messages in one transaction, and their bytes: enough to be quick, few enough for its time and memory."""
TRANSACTION_SECONDS = 60.0
OVERTAKEN = (  # the first is the library's own code, public in spite of its name
    KafkaError._FENCED,  # noqa: SLF001
    KafkaError.PRODUCER_FENCED,
    KafkaError.INVALID_PRODUCER_EPOCH,
)
"""Another producer of this transactional id has begun since."""
UNHEARD = logging.Logger("librdkafka", logging.CRITICAL + 1)
"""What the library would say on stderr beside the one line in which we do."""
_EVENT = re.compile(r"(.+)-([0-9]+)@([0-9]+)")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which dead letters: of a span of time (Unix time), with these reasons, under these keys; empty means
    any."""

    since: float | None = None
    until: float | None = None
    reasons: frozenset[str] = frozenset()
    keys: frozenset[bytes] = frozenset()

    def takes(self, letter: DeadLetter) -> bool:
        return (not self.reasons or letter.reason in self.reasons) and (
            not self.keys or letter.record.key in self.keys
        )


@dataclass(slots=True)
class DeadLetters:
    """Dead letters in their topic's order, each message once and without its bytes, and which of them were
    sent again."""

    letters: list[DeadLetter] = field(default_factory=list)
    again: dict[tuple[str, str], Again] = field(default_factory=dict)
    """By message."""

    @property
    def waiting(self) -> list[DeadLetter]:
        return [letter for letter in self.letters if letter.message not in self.again]

    def of_payments(self, topics: Topics) -> "DeadLetters":
        """Without those of the customer book."""
        letters = [letter for letter in self.letters if letter.error["topic"] != topics.customers]
        return DeadLetters(letters, self.again)


def find(client: ClientOptions, topics: Topics, wanted: Wanted) -> DeadLetters:
    """The dead letters that are wanted. Raises BrokerError.

    After a worker was killed a dead letter may be there twice; the first stands for both.
    """
    found = DeadLetters()
    seen: set[tuple[str, str]] = set()
    messages: dict[str, tuple[str, str]] = {}  # by where a dead letter stands
    with TopicLog(client, topics.dead_letters) as log:
        ends = {span.partition: span.end for span in log.spans(wanted.since, wanted.until)}
        for span in log.spans(wanted.since):  # notes may be younger than `until`
            for record in log.read(span):
                if is_note(record):
                    of, event, again = noted(record.headers)
                    older = [letter.message for letter in found.letters if letter.event == event]
                    found.again |= dict.fromkeys([messages[of]] if of in messages else older, again)
                    continue
                letter = dead_letter(topics.dead_letters, span.partition, record)
                if letter is None:
                    continue
                messages[letter.place] = letter.message
                if record.offset >= ends[span.partition] or letter.message in seen:
                    continue
                if wanted.takes(letter):
                    seen.add(letter.message)
                    found.letters.append(letter.without_bytes())
    return found


def with_bytes(
    log: TopicLog, letters: Iterable[DeadLetter]
) -> Iterator[list[tuple[DeadLetter, DeadLetter | None]]]:
    """A few letters at a time, each with itself as it stands on its topic, which `log` reads; None if
    retention has taken it meanwhile. Raises BrokerError."""
    for few in _as_many_as_fit(letters):
        records = log.read_places(letter.at for letter in few)
        whole = {at: dead_letter(log.topic, at.partition, record) for at, record in records.items()}
        yield [(letter, whole.get(letter.at)) for letter in few]


def _as_many_as_fit(letters: Iterable[DeadLetter]) -> Iterator[list[DeadLetter]]:
    few, size = list[DeadLetter](), 0
    for letter in letters:
        if few and (len(few) == AT_ONCE or size + letter.size > MOST_BYTES):
            yield few
            few, size = [], 0
        few.append(letter)
        size += letter.size
    if few:
        yield few


@dataclass(slots=True)
class Replayed:
    """What a replay has done: messages sent again, and those whose bytes are gone."""

    sent: int = 0
    known: int = 0
    gone: list[DeadLetter] = field(default_factory=list)
    of_customers: int = 0
    """Left alone."""


def would_replay(client: ClientOptions, topics: Topics, wanted: Wanted) -> Replayed:
    """What `replay` would send now, if no message's bytes are gone. Raises BrokerError."""
    waiting, outcome = _to_send(client, topics, wanted)
    outcome.sent = len(waiting)
    return outcome


def replay(
    client: ClientOptions,
    topics: Topics,
    group: str,
    wanted: Wanted,
    by: str,
    why: str,
    progress: Callable[[int, int], None] | None = None,
) -> Replayed:
    """Send what is wanted and was not sent before. Raises BrokerError; what was sent by then stays sent."""
    try:
        producer = _only_one(client, f"{group}.dead-letters")
        waiting, done = _to_send(client, topics, wanted)  # after the line above nobody else sends
        with TopicLog(client, topics.dead_letters) as log:
            for letters in with_bytes(log, waiting):
                again = Again(by, why, datetime.now(UTC).isoformat(timespec="milliseconds"))
                _send(producer, topics, [*_whole(client, letters, done)], again)
                done.sent += len(letters)
                if progress:
                    progress(done.sent, len(waiting))
    except KafkaException as error:
        reason: KafkaError = error.args[0]
        if reason.code() in OVERTAKEN:
            raise BrokerError(
                "another replay was started and goes on; what this one sent is known to it"
            ) from None
        raise BrokerError(f"{topics.payments}: {reason.str()}") from None
    done.sent -= len(done.gone)
    return done


def _to_send(client: ClientOptions, topics: Topics, wanted: Wanted) -> tuple[list[DeadLetter], Replayed]:
    """What waits to be sent again, and an account of what is left alone."""
    every = find(client, topics, wanted)
    found = every.of_payments(topics)
    waiting = found.waiting
    known, of_customers = len(found.letters) - len(waiting), len(every.letters) - len(found.letters)
    return waiting, Replayed(known=known, of_customers=of_customers)


def _only_one(client: ClientOptions, transactional_id: str) -> Producer:
    """A producer with transactions; an earlier one with this name can no longer commit anything."""
    with TopicLog(client, "") as log:
        if log.embedded:
            raise BrokerError("the embedded broker knows no transactions; replay on a Kafka of its own")
    options = ordered_producer_options(client) | {
        "transactional.id": transactional_id,
        "transaction.timeout.ms": round(TRANSACTION_SECONDS * 1000),
    }
    producer = Producer(options, logger=UNHEARD)
    producer.init_transactions(TRANSACTION_SECONDS)
    return producer


def _send(
    producer: Producer, topics: Topics, letters: Iterable[tuple[DeadLetter, bytes | None]], again: Again
) -> None:
    producer.begin_transaction()
    for letter, value in letters:
        own: Any = replay_headers(letter, again)
        key = letter.record.key or None
        headers: Any = letter.original_headers + own
        producer.produce(topics.payments, value, key, headers=headers)
        producer.produce(topics.dead_letters, None, key, partition=letter.partition, headers=own)
    producer.commit_transaction(TRANSACTION_SECONDS)


def _whole(
    client: ClientOptions, letters: Iterable[tuple[DeadLetter, DeadLetter | None]], done: Replayed
) -> Iterator[tuple[DeadLetter, bytes | None]]:
    """Each with its bytes; if a message was too large for this topic, they are read where it was."""
    for letter, whole in letters:
        if whole and not whole.value_left_out:
            yield whole, whole.record.value
        elif whole and (record := _original(client, whole)) is not None:
            yield whole, record.value
        else:
            done.gone.append(letter)


def _original(client: ClientOptions, letter: DeadLetter) -> Record | None:
    at = _EVENT.fullmatch(letter.event)
    if at is None:
        return None
    place = Place(int(at[2]), int(at[3]))
    with TopicLog(client, at[1]) as log:
        return log.read_places([place]).get(place)
