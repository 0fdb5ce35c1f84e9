"""`interdict answers`: reads payments, decisions and dispositions, and writes what leaves the gate.

One transaction holds the answers and the offsets that were read, so a process that is killed anywhere has
either answered a payment or not; the next one goes on from there. Every error ends the session, and the next
one begins with nothing but what the topics hold.
"""

import logging
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass

from confluent_kafka import KafkaError, KafkaException

from screening.cases.dispositions import SuppressionRules
from screening.policy.answers import AnswerPolicy
from screening.policy.rules import Policy
from streams.answers.gate import Gate
from streams.answers.inputs import Inputs
from streams.answers.judged import Judged
from streams.answers.metrics import AnswerMetrics
from streams.answers.outputs import Outputs
from streams.answers.payments import Payments
from streams.answers.session import Session, take_disposition
from streams.answers.turn import SUFFIX, Turn
from streams.errors import CannotProceedError
from streams.kafka.log import Place, TopicLog
from streams.kafka.options import ClientOptions
from streams.kafka.provisioning import BrokerError
from streams.kafka.topics import Topics
from streams.records.answers import place_of
from streams.records.stops import place_from, stop_from_json

log = logging.getLogger(__name__)

STANDBY_SECONDS = 0.5
RETRY_SECONDS = 1.0
_FOREVER = (
    KafkaError.TOPIC_AUTHORIZATION_FAILED,
    KafkaError.GROUP_AUTHORIZATION_FAILED,
    KafkaError.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
    KafkaError.CLUSTER_AUTHORIZATION_FAILED,
    KafkaError._AUTHENTICATION,  # noqa: SLF001  its public name is this one
    KafkaError.UNKNOWN_TOPIC_OR_PART,
)
"""What no new session mends: somebody has to."""


_FROM = (
    "--from beginning, which answers all of {payments} again under the same ids, or with --from now, which "
    "leaves out what came before"
)


class PlaceLostError(CannotProceedError):
    """The group no longer knows up to where payments were answered; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Service:
    """Answers until `stopping`. `client` are librdkafka's options."""

    client: ClientOptions
    topics: Topics
    group: str
    session_seconds: float
    policy: Policy
    answers: AnswerPolicy
    rules: SuppressionRules
    metrics: AnswerMetrics
    start: str | None = None
    """Where a gate begins whose group has no place in payments: with the oldest ("beginning"), or with the
    next ("now"). None: with the next, where nothing was ever answered."""

    def run(self, stopping: Callable[[], bool]) -> None:
        """Answer until stopped. Raises BrokerError for errors that do not go away by themselves, and
        PlaceLostError."""
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
                    take_disposition(judged, record, self.metrics, since=False)
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
            self._check_place(inputs)
            if inputs.fresh and self.start is None:
                self._check_never_answered()
            for partition, offset in inputs.positions[self.topics.payments].items():
                gate.start(partition, offset)
            self._look_back(inputs, gate)
            self.metrics.active(True)
            log.info("answering, %d stopped payments wait", len(gate.stops))
            session = Session(
                self.topics, self.answers, self.metrics, gate, judged, turn, inputs, outputs, payments
            )
            try:
                while turn.ours and not stopping():
                    session.step()
            except KafkaException as error:
                if outputs.refused:
                    log.warning("%s", outputs.refused)
                with suppress(KafkaException):
                    outputs.close()
                raise error

    def _check_place(self, inputs: Inputs) -> None:
        """Raises PlaceLostError if the group's offsets lie beyond the end of payments: what arrives there
        first would be skipped, or everything would be answered once more."""
        for partition, offset in inputs.beyond.get(self.topics.payments, {}).items():
            raise PlaceLostError(
                f"the group {self.group}{SUFFIX} stands at {offset} of {self.topics.payments}-{partition}, "
                "which ends before that: records are lost, or somebody set the group's offsets. Set them to "
                "what is answered (kafka-consumer-groups --reset-offsets); or delete the group, start once "
                f"with {_FROM.format(payments=self.topics.payments)}"
            )

    def _check_never_answered(self) -> None:
        """Raises PlaceLostError if the group's offsets were deleted or have expired."""
        with TopicLog(self.client, self.topics.answers) as log:
            if not any(span.end for span in log.spans()):
                return
        raise PlaceLostError(
            f"the group {self.group}{SUFFIX} has no place in {self.topics.payments} any more, though "
            "payments were answered: those that came since would be neither released nor stopped. Start it "
            f"once with {_FROM.format(payments=self.topics.payments)}"
        )

    def _look_back(self, inputs: Inputs, gate: Gate) -> None:
        """Report what happened to the payments topic while nobody answered it."""
        payments = self.topics.payments
        lost = inputs.lost.get(payments, 0)
        if lost:
            log.error(
                "%d records of %s went past their time before they were answered: they are neither released "
                "nor stopped; have their platform send them again",
                lost,
                payments,
            )
        anew = set() if inputs.fresh else inputs.unread.get(payments, set())
        gone = gate.stops.begin_anew(anew)
        if gone:
            log.error("%s was recreated: %d payments that were stopped before are gone", payments, gone)
        self.metrics.forgotten(lost + gone)

    def _inputs(self) -> Inputs:
        """Decisions are looked at first: those that come between the two looks are about payments before the
        second."""
        return Inputs(
            self.client,
            self.group,
            self.topics.decisions,
            self.topics.payments,
            oldest=self.start == "beginning",
        )

    def _restore(self, gate: Gate) -> None:
        """Restore the stops as they were stored."""
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
                gate.stops.restore(place, stop_from_json(value))
            except ValueError as error:
                event = place_of(self.topics.payments, *place)
                log.warning("%s: the stop of %s cannot be read: %s", self.topics.stops, event, error)
                self.metrics.unreadable(since=False)


def _wait(seconds: float, stopping: Callable[[], bool]) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not stopping():
        time.sleep(0.05)
