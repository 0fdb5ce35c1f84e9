"""What an operator of `interdict answers` alerts on: what it answered, how fast, and what waits."""

import time
from collections.abc import Callable

from prometheus_client import CollectorRegistry

from screening.policy.answers import Cause
from streams.metrics import MetricsIn

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 60.0, 300.0, 3600.0)


class AnswerMetrics:
    """The metrics of one process."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.registry = CollectorRegistry()
        new = MetricsIn(self.registry)
        self._clock = clock
        self._answers = new.counter(
            "answers_total",
            "Payment records answered, by what became of them; a stopped one counts again when it is judged.",
            "cause",
            "course",
        )
        self._seconds = new.histogram(
            "answer_seconds", "From a payment's record to its first answer.", SECONDS
        )
        self._waiting = new.gauge("answers_waiting", "Payment records without an answer.")
        self._open = new.gauge("answers_open", "Stopped payment records that wait for a person.")
        self._active = new.gauge("answers_active", "1 where this process answers, 0 where it stands by.")
        self._forgotten = new.counter(
            "answers_forgotten_total",
            "Payment records that nothing answers or releases any more: too many, or their bytes are gone.",
        )
        self._unreadable = new.counter(
            "answers_unreadable_total",
            "Decisions, dispositions and stops that cannot be read, by whether they came in this turn.",
            "since",
        )
        for since in (False, True):
            self._unreadable.labels(str(since).lower())
        for cause in Cause:
            for course in ("release", "stop", "reject"):
                self._answers.labels(cause, course)

    def active(self, is_active: bool) -> None:
        self._active.set(is_active)

    def answered(self, cause: str, course: str, sent_at: float | None) -> None:
        """Count one answered record; `sent_at` (Unix time) is given for a first answer."""
        self._answers.labels(cause, course).inc()
        if sent_at is not None:
            self._seconds.observe(max(0.0, self._clock() - sent_at))

    def holds(self, waiting: int, is_open: int) -> None:
        self._waiting.set(waiting)
        self._open.set(is_open)

    def forgotten(self, records: int) -> None:
        self._forgotten.inc(records)

    def unreadable(self, *, since: bool) -> None:
        self._unreadable.labels(str(since).lower()).inc()
