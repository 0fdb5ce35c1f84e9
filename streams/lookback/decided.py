"""What was decided before: alerts as memory, dispositions on them, and a payment's first decision."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple, cast

import orjson

from screening.cases.dispositions import Dispositions, SuppressionRules
from screening.decisions import Hit
from streams.kafka.log import LogReader, Record, TopicLog
from streams.kafka.options import ClientOptions
from streams.records.alerts import whole_alert
from streams.records.dispositions import take
from streams.records.shapes import AlertRecord, DecisionRecord

DECIDED_WITHIN_SECONDS = 3600.0
"""A payment's decision is looked for this long after the payment was sent. A decision that took longer is
not named in the alert; searching on to the topic's end for each would cost more than the lookback itself."""


class Original(NamedTuple):
    """The decision that let a payment pass."""

    decision_id: str
    outcome: str
    screened_at: str


def read_dispositions(
    client: ClientOptions,
    topic: str,
    rules: SuppressionRules,
    passed: Callable[[Record, ValueError], object] | None = None,
) -> Dispositions:
    """The present dispositions of case systems; one that cannot be read suppresses nothing, and `passed` is
    called with it."""
    known = Dispositions(rules)
    with TopicLog(client, topic) as log:
        for record in log.read_all(log.spans()):
            try:
                take(known, record.key, record.value, record.time)
            except ValueError as error:
                if passed is not None:
                    passed(record, error)
    return known


class AlertMemory(LogReader):
    """Which hits were alerted since a moment, by anybody; `refresh` reads what has come since."""

    def __init__(self, client: ClientOptions, topic: str, since: float) -> None:
        super().__init__(TopicLog(client, topic))
        self._since = since
        self._read_to: dict[int, int] = {}
        self._alerted: set[tuple[str, str, str, str]] = set()

    def refresh(self) -> None:
        """Read the alerts on to their end."""
        for span in self._log.spans(self._since if not self._read_to else None):
            begun = replace(span, first=self._read_to.get(span.partition, span.first))
            for record in self._log.read(begun):
                with suppress(ValueError, KeyError):  # no alert; a worker's log names it
                    if alert := whole_alert(record.value):
                        self._note(alert)
            self._read_to[span.partition] = span.end

    def is_news(self, payment_id: str, hit: Hit) -> bool:
        """True the first time that it is asked about a hit that was not alerted."""
        alerted = (payment_id, str(hit.role), hit.path, hit.designation.id)
        if alerted in self._alerted:
            return False
        self._alerted.add(alerted)
        return True

    def _note(self, alert: AlertRecord) -> None:
        for hit in alert["hits"]:
            self._alerted.add((alert["payment_id"], hit["role"], hit["path"], hit["designation"]["id"]))


class Originals(LogReader):
    """Finds decisions on their topic by payment id and time."""

    def __init__(self, client: ClientOptions, topic: str) -> None:
        super().__init__(TopicLog(client, topic))

    def find(
        self, payment_ids: set[str], partition: int, oldest: float, newest: float
    ) -> dict[str, Original]:
        """The decisions on payments that were sent to one partition between two moments (Unix time).

        A payment and its decision have the same key, so the same partition is read first; on platforms whose
        clients spread keys differently the decisions are in other partitions.
        """
        left = {payment_id.encode(errors="replace") for payment_id in payment_ids}
        found: dict[str, Original] = {}
        spans = self._log.spans(oldest, newest + DECIDED_WITHIN_SECONDS)
        for span in sorted(spans, key=lambda span: span.partition != partition):
            if not left:
                break
            for record in self._log.read(span):
                if record.key not in left or not record.value:
                    continue
                decision = _decision(record.value)
                if decision and decision.get("trigger") == "payment":
                    names = decision["decision_id"], decision["outcome"], decision["screened_at"]
                    found[decision["payment_id"]] = Original(*names)
                    left.discard(record.key)
                    if not left:
                        break
        return found


def _decision(raw: bytes) -> DecisionRecord | None:
    """A recorded decision; None for a record that somebody else wrote under a payment's key."""
    try:
        decision = orjson.loads(raw)
    except ValueError:
        return None
    whole = isinstance(decision, dict) and {"payment_id", *Original._fields} <= decision.keys()
    return cast(DecisionRecord, decision) if whole else None
