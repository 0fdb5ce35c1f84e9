"""`interdict answers`: reads payments, decisions and dispositions, and writes what leaves the gate.

One transaction holds what was answered and how far was read, so a process that is killed anywhere has
answered a payment or has not; the next one goes on from there. Everything that goes wrong ends the session:
the next one begins with nothing but what the topics hold.
"""

import logging
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from typing import Any

from confluent_kafka import KafkaError, KafkaException

from screening.cases.dispositions import SuppressionRules
from screening.policy.answers import AnswerPolicy, Cause, Course
from screening.policy.rules import Policy
from streams.answers.gate import Gate, Move
from streams.answers.inputs import Inputs
from streams.answers.judged import Judged
from streams.answers.metrics import AnswerMetrics
from streams.answers.outputs import Outputs
from streams.answers.payments import Payments
from streams.answers.turn import Turn
from streams.kafka.log import Place, Record, TopicLog
from streams.kafka.provisioning import BrokerError
from streams.kafka.topics import Topics
from streams.records.dead_letters import REPLAY
from streams.records.decided import decided
from streams.records.stops import place_from, stop_from_json

log = logging.getLogger(__name__)

POLL_SECONDS = 0.02
STANDBY_SECONDS = 0.5
COMMIT_SECONDS = 1.0
"""How far was read is committed so often, also where nothing was answered."""
RETRY_SECONDS = 1.0
PARTITIONS_SECONDS = 30.0
"""How soon payments of a partition that was added are answered."""
SENT_AGAIN = REPLAY + "event"
"""Header: where the record stood that this one was mended of."""
MOST_WAITING = 200_000
"""Payment records without an answer, some 65 MB beside their bytes. Of more, reading waits for decisions and
deadlines."""
MOST_UNUSED = 10_000
"""Decisions of one partition whose payments are not read yet, some 7 MB."""
MOST_AT_ONCE = 5_000
"""Records in one transaction, which ends long before its time is over."""
_FOREVER = (
    KafkaError.TOPIC_AUTHORIZATION_FAILED,
    KafkaError.GROUP_AUTHORIZATION_FAILED,
    KafkaError.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
    KafkaError.CLUSTER_AUTHORIZATION_FAILED,
    KafkaError._AUTHENTICATION,  # noqa: SLF001  its public name is this one
    KafkaError.UNKNOWN_TOPIC_OR_PART,
)
"""What no new session mends: somebody has to."""


@dataclass(frozen=True, slots=True)
class Service:
    """Answers until `stopping`. `client` are librdkafka's options."""

    client: Mapping[str, Any]
    topics: Topics
    group: str
    session_seconds: float
    policy: Policy
    answers: AnswerPolicy
    rules: SuppressionRules
    metrics: AnswerMetrics
    oldest: bool = False
    """Where a gate that has never answered begins: with the oldest payment, or with the next one."""

    def run(self, stopping: Callable[[], bool]) -> None:
        """Raises BrokerError for what does not go away by itself."""
        with TopicLog(self.client, "") as asked:
            if asked.embedded:
                raise BrokerError("the embedded broker knows no transactions; answer on a Kafka of its own")
        while not stopping():
            try:
                self._stand_by(stopping)
            except (KafkaException, BrokerError) as error:
                reason = error.args[0]
                if isinstance(reason, KafkaError) and reason.code() in _FOREVER:
                    raise
                log.warning("answers begin anew from what the topics hold: %s", reason)
                _wait(RETRY_SECONDS, stopping)
            finally:
                self.metrics.active(False)

    def _stand_by(self, stopping: Callable[[], bool]) -> None:
        with closing(Turn(self.client, self.topics.dispositions, self.group, self.session_seconds)) as turn:
            judged = Judged(self.rules, self.topics.payments)
            while not stopping():
                for record in turn.poll(STANDBY_SECONDS):
                    self.take_disposition(judged, record)
                if turn.ours and turn.read:
                    self._answer(turn, judged, stopping)
                    return

    def _answer(self, turn: Turn, judged: Judged, stopping: Callable[[], bool]) -> None:
        outputs = Outputs(self.client, self.group, self.topics, pacs002=self.answers.pacs002)
        # whoever answered before can commit nothing from here on: what is read now is how it stands
        gate = Gate(self.answers, judged)
        self._restore(gate)
        payments = Payments(self.client, self.topics.payments, self.policy, self.answers)
        with (
            self._inputs() as inputs,
            payments,
            closing(outputs),
        ):
            for partition, offset in inputs.positions[self.topics.payments].items():
                gate.start(partition, offset)
            self.metrics.active(True)
            log.info("answering, %d stopped payments wait", gate.open)
            session = Session(self, gate, judged, turn, inputs, outputs, payments)
            try:
                while turn.ours and not stopping():
                    session.step()
            except KafkaException as error:
                if outputs.refused:
                    log.warning("%s", outputs.refused)
                with suppress(KafkaException):
                    outputs.close()
                raise error

    def _inputs(self) -> Inputs:
        """Decisions first: what is decided between the two looks is about payments before the second."""
        return Inputs(
            self.client, self.group, self.topics.decisions, self.topics.payments, oldest=self.oldest
        )

    def _restore(self, gate: Gate) -> None:
        """The stops as they stand."""
        stops: dict[Place, bytes] = {}
        with TopicLog(self.client, self.topics.stops) as kept:
            for record in kept.read_all(kept.spans()):
                place = place_from(record.key.decode(errors="replace"), self.topics.payments)
                if place is None:
                    continue
                stops.pop(place, None)
                if record.value is not None:
                    stops[place] = record.value
        for place, value in stops.items():
            try:
                gate.restore(place, stop_from_json(value))
            except ValueError as error:
                log.warning("%s: %s cannot be read: %s", self.topics.stops, place, error)
                self.metrics.unreadable()

    def take_disposition(self, judged: Judged, record: Record) -> Place | None:
        """One that cannot be read is named, counted and passed."""
        try:
            return judged.take(record.key, record.value, record.time)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            log.warning("%s@%d: %.200s", self.topics.dispositions, record.offset, error)
            self.metrics.unreadable()
            return None


class Session:
    """One turn of a process at answering."""

    def __init__(
        self,
        service: Service,
        gate: Gate,
        judged: Judged,
        turn: Turn,
        inputs: Inputs,
        outputs: Outputs,
        payments: Payments,
    ) -> None:
        self._service, self._gate, self._judged = service, gate, judged
        self._turn, self._inputs, self._outputs, self._payments = turn, inputs, outputs, payments
        self._topics = service.topics
        self._committed_at = self._looked_at = time.monotonic()
        self._read = inputs.fresh
        """Whether more was read than is committed; a gate that begins says first where."""
        self._forgotten = 0
        self._moved: list[tuple[Cause, Course, float | None]] = []
        """Answered, and not committed yet."""
        if inputs.fresh:
            self._commit()

    def step(self) -> None:
        """What came is taken in, and what may leave leaves. Raises KafkaException and BrokerError."""
        for record in self._turn.poll(0):
            place = self._service.take_disposition(self._judged, record)
            self._gate.judged(record.key.decode(errors="replace"))
            if place is not None:
                self._gate.said(place)
        if not self._turn.ours:
            return
        if time.monotonic() - self._looked_at > PARTITIONS_SECONDS:
            self._looked_at = time.monotonic()
            if self._inputs.grown():
                raise BrokerError(
                    f"{self._topics.payments} or {self._topics.decisions} has more partitions now"
                )
        self._read |= self._inputs.poll(POLL_SECONDS, self._take) > 0
        now = time.time()
        moved = 0
        for move in self._gate.moves(now):
            self._move(move, now)
            moved += 1
            if moved % MOST_AT_ONCE == 0:
                self._commit()
        if (
            moved
            or self._gate.states
            or (self._read and time.monotonic() - self._committed_at > COMMIT_SECONDS)
        ):
            self._commit()
        self._hold_back()
        self._service.metrics.holds(self._gate.waiting, self._gate.open)
        self._service.metrics.forgotten(self._gate.forgotten - self._forgotten)
        self._forgotten = self._gate.forgotten

    def _take(self, topic: str, place: Place, record: Record) -> None:
        if topic == self._topics.payments:
            again = place_from((record.headers.get(SENT_AGAIN) or b"").decode(errors="replace"), topic)
            if again is not None:
                self._gate.sent_again(again)
            waiting = self._payments.waiting(place, record, time.time())
            if waiting is None:
                self._gate.passed(place)
            else:
                self._gate.read(waiting)
            return
        try:
            said = decided(record, place.partition, self._topics.payments)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            log.warning("%s-%d@%d is no decision and is passed: %.200s", topic, *place, error)
            self._service.metrics.unreadable()
            return
        if said is not None:
            self._gate.decided(said)

    def _move(self, move: Move, now: float) -> None:
        waiting = move.waiting
        record = waiting.record if waiting else None
        references = waiting.references if waiting else ()
        if record is None:
            record = self._payments.again(move.place)
            references = (self._payments.references(record) or ()) if record else ()
        done = move if record else self._without_bytes(move)
        if done is None:
            return
        self._outputs.move(done, record, references, now)
        sent_at = record.time if record and not done.follows else None
        self._moved.append((done.cause, done.reply.course, sent_at))

    def _without_bytes(self, move: Move) -> Move | None:
        """A record whose time on the payments topic is over is released by nobody."""
        place = f"{self._topics.payments}-{move.place.partition}@{move.place.offset}"
        if move.reply.course is not Course.RELEASE:
            log.error("%s: its bytes are kept nowhere any more; it is answered without them", place)
            return move
        log.error("%s: its bytes are kept nowhere any more, so it cannot be released", place)
        self._gate.forgotten += 1
        if move.follows:
            return None
        reply = self._service.answers.reply(Cause.ERROR, None)
        return replace(move, cause=Cause.ERROR, reply=reply)

    def _commit(self) -> None:
        """What was answered, with how far it is known from the topics."""
        states, self._gate.states = self._gate.states, {}
        for place, stop in states.items():
            self._outputs.keep(place, stop)
        read = {
            self._topics.payments: self._gate.payments(),
            self._topics.decisions: self._gate.decisions(self._inputs.positions[self._topics.decisions]),
        }
        self._outputs.commit(self._turn.member(), read)
        self._committed_at, self._read = time.monotonic(), False
        for moved in self._moved:
            self._service.metrics.answered(*moved)
        self._moved.clear()

    def _hold_back(self) -> None:
        """What waits stays bounded: reading waits where too much was read ahead."""
        full = self._gate.waiting >= MOST_WAITING
        for partition in self._inputs.positions[self._topics.payments]:
            self._inputs.hold(self._topics.payments, partition, held=full)
        ahead = False
        for partition in self._inputs.positions[self._topics.decisions]:
            far = self._gate.unused(partition) >= MOST_UNUSED
            ahead = ahead or far
            self._inputs.hold(self._topics.decisions, partition, held=far)
        if ahead and self._inputs.at_end(self._topics.payments) and (dropped := self._gate.drop_unseen()):
            log.warning("%d decisions about payments that are not there are passed", dropped)


def _wait(seconds: float, stopping: Callable[[], bool]) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not stopping():
        time.sleep(0.05)
