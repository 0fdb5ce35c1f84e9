"""Payment records as the gate needs them: decoded for their rail and references, and read again by their
place."""

from collections import deque

from screening.payments import Payment, PaymentError, decode_payment
from screening.payments.registry.schemas import SchemaNeededError
from screening.policy.answers import AnswerPolicy
from screening.policy.rules import Policy
from streams.answers.moves import Waiting
from streams.kafka.log import Place, Record, TopicLog
from streams.kafka.options import ClientOptions
from streams.records.answers import Reference
from streams.resource import Resource

MOST_BYTES = 64 << 20
"""Of payments that wait. In life a decision comes after milliseconds; what waits longer is read again."""


class Payments(Resource):
    """While its `with` block lasts, a topic is open for reading records again."""

    def __init__(
        self,
        client: ClientOptions,
        topic: str,
        policy: Policy,
        answers: AnswerPolicy,
        most: int = MOST_BYTES,
    ) -> None:
        self._log = TopicLog(client, topic)
        self._policy, self._answers = policy, answers
        self._most = most
        self._bytes = 0
        self._kept: deque[tuple[Waiting, int]] = deque()

    def close(self) -> None:
        self._log.close()

    def waiting(self, place: Place, record: Record, now: float) -> Waiting | None:
        """A record at the gate; None if it holds no payment, as a mapping says of other events.

        Its deadline counts from its timestamp, or from now if that is in the future.
        """
        references = self.references(record)
        if references is None:
            return None
        sent_at = max(0.0, min(record.time, now))  # a timestamp is whatever its sender wrote
        rail = min((each.rail for each in references), key=self._answers.deadline, default=None)
        waiting = Waiting(place, sent_at + self._answers.deadline(rail), rail, record, references)
        self._keep(waiting, len(record.value or b""))
        return waiting

    def references(self, record: Record) -> tuple[Reference, ...] | None:
        """The references of a record's payments, as far as they can be read; None if it holds none."""
        try:
            found = decode_payment(record.value, None, record.pairs, mappings=self._policy.mappings)
        except (
            PaymentError,
            SchemaNeededError,
        ):  # its decision is an error, or needs a schema that we have not
            return (Reference(),)
        except Exception:  # as in the worker: one defect of a decoder must not stop every answer
            return (Reference(),)
        return tuple(_reference(each) for each in found) or None

    def again(self, place: Place) -> Record | None:
        """A record by its place; None if retention has deleted it."""
        return self._log.read_places([place]).get(place)

    def _keep(self, waiting: Waiting, size: int) -> None:
        """Keep a record's bytes; drop the oldest if there are too many."""
        self._kept.append((waiting, size))
        self._bytes += size
        while self._kept and (self._bytes > self._most or self._kept[0][0].record is None):
            oldest, held = self._kept.popleft()
            self._bytes -= held
            oldest.let_go()


LONGEST_NAME = 1024
"""Bytes of an id, as in decisions that were made smaller; usual ones have a tenth of that."""


def _reference(payment: Payment) -> Reference:
    return Reference(_short(payment.id), _short(payment.rail or "") or None, _short(payment.uetr or ""))


def _short(text: str) -> str:
    """A text cut to a reference's length, without what UTF-8 cannot encode."""
    return text.encode(errors="replace")[:LONGEST_NAME].decode(errors="ignore")
