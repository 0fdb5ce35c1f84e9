"""What keeps a record from the broker, in one sentence that says what to do; a traceback says neither."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    KafkaConnectionError,
    KafkaError,
    KafkaTimeoutError,
    MessageSizeTooLargeError,
    NotEnoughReplicasAfterAppendError,
    NotEnoughReplicasError,
    RecordListTooLargeError,
    RequestTimedOutError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)

from streams.errors import CannotProceedError

TOO_LARGE = (MessageSizeTooLargeError, RecordListTooLargeError)
_REASONS: tuple[tuple[tuple[type[KafkaError], ...], str], ...] = (
    (TOO_LARGE, "it does not take the smallest record; raise its max.message.bytes"),
    (
        (TopicAuthorizationFailedError, ClusterAuthorizationFailedError),
        "we may not write to it; allow what `interdict topics rights` prints",
    ),
    ((UnknownTopicOrPartitionError,), "it does not exist; create it: interdict topics create"),
    (
        (NotEnoughReplicasError, NotEnoughReplicasAfterAppendError),
        "fewer replicas are in sync than its min.insync.replicas; bring back the brokers that are away",
    ),
    (
        (KafkaTimeoutError, RequestTimedOutError, KafkaConnectionError),
        "no broker takes records for it in time; is its leader up?",
    ),
)


class NotDeliveredError(KafkaError, CannotProceedError):  # type: ignore[misc]  # aiokafka has no types
    """A record that the broker does not take: what it is about is not committed, and comes again."""

    def __str__(self) -> str:
        return str(self.args[0])


@contextmanager
def refusals_of(topic: str) -> Iterator[None]:
    """What Kafka's client raises of this topic says in NotDeliveredError what is wrong and what to do."""
    try:
        yield
    except NotDeliveredError:
        raise
    except KafkaError as error:
        raise NotDeliveredError(f"{topic}: {_reason(error)}") from error


def _reason(error: KafkaError) -> str:
    for kinds, reason in _REASONS:
        if isinstance(error, kinds):
            return reason
    return f"the broker refuses what is written to it, {error}; `interdict doctor` finds what is wrong"


def not_delivered(error: BaseException | None) -> str:
    """The sentence of the first such error in a group of errors, at any depth; empty where there is none."""
    if isinstance(error, BaseExceptionGroup):
        return next(filter(None, map(not_delivered, error.exceptions)), "")
    return str(error) if isinstance(error, NotDeliveredError) else ""


class InOneLine(logging.Filter):
    """Logs the end of whoever could not deliver as the sentence that it is, instead of a traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and (said := not_delivered(record.exc_info[1])):
            record.msg, record.args, record.exc_info = "this worker ends itself: %s", (said,), None
        return True
