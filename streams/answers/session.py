"""One turn at answering: input is taken in, whatever may leave leaves, and all of it is committed."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from screening.policy.answers import AnswerPolicy, Cause, Course
from streams.answers.gate import Gate
from streams.answers.inputs import Inputs
from streams.answers.judged import Judged
from streams.answers.metrics import AnswerMetrics
from streams.answers.moves import Move
from streams.answers.outputs import Outputs, fits
from streams.answers.payments import Payments
from streams.answers.turn import Turn
from streams.errors import NOT_OURS
from streams.kafka.log import Place, Record
from streams.kafka.provisioning import BrokerError
from streams.kafka.topics import Topics
from streams.records.answers import place_of
from streams.records.dead_letters import REPLAY, is_copy
from streams.records.decided import decided
from streams.records.dispositions import pair_of_key
from streams.records.stops import place_from

log = logging.getLogger(__name__)

POLL_SECONDS = 0.02
COMMIT_SECONDS = 1.0
"""How far was read is committed so often, also where nothing was answered."""
PARTITIONS_SECONDS = 30.0
"""How soon payments of a partition that was added are answered."""
MOST_WAITING = 200_000
"""Payment records without an answer, some 65 MB beside their bytes. Of more, reading waits for decisions and
deadlines."""
MOST_UNUSED = 10_000
"""Decisions of one partition whose payments are not read yet, some 7 MB."""
MOST_AT_ONCE = 5_000
"""Records in one transaction, or fewer where it is open for long: it must end before its time is over."""
SENT_AGAIN = REPLAY + "event"
"""Header: where the record stood that this one was mended of."""


@dataclass(slots=True)
class Session:
    """`step` raises KafkaException and BrokerError; whatever it was doing then never happened."""

    topics: Topics
    answers: AnswerPolicy
    metrics: AnswerMetrics
    gate: Gate
    judged: Judged
    turn: Turn
    inputs: Inputs
    outputs: Outputs
    payments: Payments
    _read: bool = False
    """Whether more was read than is committed."""
    _committed_at: float = field(default_factory=time.monotonic)
    _looked_at: float = field(default_factory=time.monotonic)
    _forgotten: int = 0
    _moved: list[tuple[Cause, Course, float | None]] = field(default_factory=list)
    """Answered, and not committed yet."""

    def __post_init__(self) -> None:
        if self.inputs.fresh:  # one that is killed before its first answer must begin at the same place
            self._commit()

    def step(self) -> None:
        """Take in what has arrived, and let out what may leave."""
        self._look_for_recreated()
        for record in self.turn.poll(0):
            self._judge(record)
        if not self.turn.ours:
            return
        self._look_for_partitions()
        self._read |= self.inputs.poll(POLL_SECONDS, self._take) > 0
        now = time.time()
        for number, move in enumerate(self.gate.moves(now), 1):
            self._move(move, now)
            if number % MOST_AT_ONCE == 0 or self.outputs.due:
                self._commit()
        overdue = time.monotonic() - self._committed_at > COMMIT_SECONDS
        if self._moved or self.gate.stops.changed or (self._read and overdue):
            self._commit()
        self._hold_back()
        self.metrics.holds(self.gate.waiting, len(self.gate.stops))
        self.metrics.forgotten(self.gate.stops.forgotten - self._forgotten)
        self._forgotten = self.gate.stops.forgotten

    def _judge(self, record: Record) -> None:
        """Take a disposition, or a person's release or reject. One that cannot be read is logged, counted and
        skipped."""
        if (pair := pair_of_key(record.key)) is not None:
            self.gate.stops.judged(pair)
        if (place := take_disposition(self.judged, record, self.metrics, since=True)) is not None:
            self.gate.stops.touch(place)

    def _take(self, topic: str, place: Place, record: Record) -> None:
        if topic == self.topics.payments:
            self._take_payment(place, record)
            return
        try:
            decision = decided(record, place.partition, self.topics.payments)
        except NOT_OURS as error:
            log.warning("%s is no decision and is skipped: %.200s", place_of(topic, *place), error)
            self.metrics.unreadable(since=True)
            return
        if decision is not None:
            self.gate.decided(decision)

    def _take_payment(self, place: Place, record: Record) -> None:
        text = (record.headers.get(SENT_AGAIN) or b"").decode(errors="replace")
        if (mended := place_from(text, self.topics.payments)) is not None and self.gate.is_error(mended):
            self._sent_again(mended, place, record)
        waiting = self.payments.waiting(place, record, time.time())
        if waiting is None:
            self.gate.passed(place)
        else:
            self.gate.read(waiting)

    def _sent_again(self, mended: Place, place: Place, record: Record) -> None:
        """Its sender says that it is a stopped error sent again; that counts only if it holds the same."""
        original = self.payments.again(mended)
        if original is not None and is_copy(record, original):
            self.gate.sent_again(mended)
            return
        topic = self.topics.payments
        log.warning(
            "%s says that it is %s sent again, and is not or that is gone: a person ends its stop",
            place_of(topic, *place),
            place_of(topic, *mended),
        )

    def _move(self, move: Move, now: float) -> None:
        waiting = move.waiting
        record = waiting.record if waiting else None
        references = waiting.references if waiting else ()
        if record is None:
            record = self.payments.again(move.place)
            references = (self.payments.references(record) or ()) if record else ()
        if record is not None and not fits(record):
            record = None
        done = move if record else self._without_bytes(move)
        if done is not None:
            self.outputs.move(done, record, references, now)
            sent_at = record.time if record and not done.follows else None
            self._moved.append((done.cause, done.reply.course, sent_at))

    def _without_bytes(self, move: Move) -> Move | None:
        """A record whose bytes are gone, or fit no topic, cannot be released."""
        place = place_of(self.topics.payments, *move.place)
        if move.reply.course is not Course.RELEASE:
            log.error("%s: its bytes are gone or too large; it is answered without them", place)
            return move
        log.error("%s: its bytes are gone or too large, so it cannot be released", place)
        self.gate.stops.forgotten += 1
        if move.follows:
            return None
        return replace(move, cause=Cause.ERROR, reply=self.answers.reply(Cause.ERROR, None))

    def _commit(self) -> None:
        """Commit what was answered, what to store about it, and how far was read."""
        self._commit_up_to(
            {
                self.topics.payments: self.gate.payments(),
                self.topics.decisions: self.gate.decisions(self.inputs.positions[self.topics.decisions]),
            }
        )

    def _commit_up_to(self, read: Mapping[str, Mapping[int, int]]) -> None:
        changed, self.gate.stops.changed = self.gate.stops.changed, {}
        for place, stop in changed.items():
            self.outputs.keep(place, stop)
        self.outputs.commit(self.turn.member(), read)
        self._committed_at, self._read = time.monotonic(), False
        for moved in self._moved:
            self.metrics.answered(*moved)
        self._moved.clear()

    def _hold_back(self) -> None:
        """Keep memory bounded: pause reading if too much was read ahead."""
        full, ahead = self.gate.waiting >= MOST_WAITING, False
        for partition in self.inputs.positions[self.topics.payments]:
            self.inputs.hold(self.topics.payments, partition, held=full)
        for partition in self.inputs.positions[self.topics.decisions]:
            far = self.gate.unused(partition) >= MOST_UNUSED
            ahead = ahead or far
            self.inputs.hold(self.topics.decisions, partition, held=far)
        if ahead and self.inputs.at_end(self.topics.payments) and (dropped := self.gate.drop_unseen()):
            log.warning("%d decisions about payments that do not exist are skipped", dropped)

    def _look_for_recreated(self) -> None:
        """End the session where a topic is another by now: its offsets, and the stops of its payments, are
        about other records. The next one reads it from its beginning."""
        anew = self.inputs.recreated()
        if self.topics.payments in anew:
            gone = self.gate.stops.begin_anew({*self.inputs.positions[self.topics.payments]})
            log.error("%s was recreated: %d payments that were stopped are gone", self.topics.payments, gone)
            self.metrics.forgotten(gone)
        if anew:
            begins = {topic: dict.fromkeys(self.inputs.partitions(topic), 0) for topic in anew}
            self._commit_up_to(begins)
        if anew := anew or self.turn.recreated():
            raise BrokerError(f"{', '.join(anew)}: deleted and recreated")

    def _look_for_partitions(self) -> None:
        if time.monotonic() - self._looked_at > PARTITIONS_SECONDS:
            self._looked_at = time.monotonic()
            if self.inputs.grown() or self.turn.grown():
                topics = (self.topics.payments, self.topics.decisions, self.topics.dispositions)
                raise BrokerError(f"{' or '.join(topics)} has more partitions")


def take_disposition(judged: Judged, record: Record, metrics: AnswerMetrics, *, since: bool) -> Place | None:
    """The payment record that it releases or rejects, if any. One that cannot be read is counted and skipped;
    `since` says whether it came since our turn began."""
    try:
        return judged.take(record.key, record.value, record.time)
    except NOT_OURS as error:
        log.warning("disposition %d cannot be read and is skipped: %.200s", record.offset, error)
        metrics.unreadable(since=since)
        return None
