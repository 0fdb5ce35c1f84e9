"""Each metric of the programs beside the workers, one call at a time: what it changes, and nothing else."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from screening.decisions import Outcome
from streams.answers.metrics import AnswerMetrics
from streams.customers.metrics import CustomerMetrics
from streams.customers.shelf import Trigger
from streams.export.metrics import ExportMetrics
from streams.lookback.metrics import LookbackMetrics
from streams.lookback.run import Report

Shown = dict[str, float]
NOW = [100.0]
AT = datetime(2026, 11, 28, tzinfo=UTC)
PROOF: Any = SimpleNamespace(partition=3, screened_at=AT, wholly_at=AT.replace(day=27), unscreened=2)
SHELVES: Any = [
    SimpleNamespace(book=range(5), count_waiting=1),
    SimpleNamespace(book=range(2), count_waiting=3),
]


def shown(registry: CollectorRegistry) -> Shown:
    """Every sample under its name and labels as an operator writes them."""
    return {
        sample.name + "".join(f"{{{label}}}" for label in sample.labels.values()): sample.value
        for family in registry.collect()
        for sample in family.samples
    }


def changed(metrics: Any, call: Callable[[Any], object]) -> Shown:
    """What reads otherwise after it, without a histogram's buckets."""
    before = shown(metrics.registry)
    call(metrics)
    after = shown(metrics.registry)
    return {name: at for name, at in after.items() if before.get(name) != at and "_bucket" not in name}


def answers() -> AnswerMetrics:
    return AnswerMetrics(lambda: NOW[0])


def export() -> ExportMetrics:
    return ExportMetrics("lines", lambda: NOW[0])


def lookback() -> LookbackMetrics:
    return LookbackMetrics(lambda: NOW[0])


def later(metrics: Any, first: Callable[[Any], object]) -> Any:
    """The same a quarter of a minute after."""
    first(metrics)
    NOW[0] = 115.0
    return metrics


@pytest.fixture(autouse=True)
def _clock() -> None:
    NOW[0] = 100.0


@pytest.mark.parametrize(
    ("made", "call", "differs"),
    [
        (answers, lambda m: m.active(True), {"interdict_answers_active": 1}),
        (
            answers,
            lambda m: m.answered("hold", "stop", 97.5),
            {
                "interdict_answers_total{hold}{stop}": 1,
                "interdict_answer_seconds_count": 1,
                "interdict_answer_seconds_sum": 2.5,
            },
        ),
        (
            answers,
            lambda m: m.answered("clear", "release", 101.0),  # a clock that is ahead
            {"interdict_answers_total{clear}{release}": 1, "interdict_answer_seconds_count": 1},
        ),
        (
            answers,
            lambda m: m.answered("clear", "release", None),
            {"interdict_answers_total{clear}{release}": 1},
        ),
        (answers, lambda m: m.holds(7, 9), {"interdict_answers_waiting": 7, "interdict_answers_open": 9}),
        (answers, lambda m: m.forgotten(4), {"interdict_answers_forgotten_total": 4}),
        (answers, lambda m: m.unreadable(since=True), {"interdict_answers_unreadable_total{true}": 1}),
        (export, lambda m: later(m, lambda m: m.begun()), {"interdict_export_waiting_seconds{lines}": 15}),
        (export, lambda m: (m.begun(), m.delivered()), {"interdict_export_messages_total{lines}": 1}),
        (export, lambda m: m.retried(), {"interdict_export_retries_total{lines}": 1}),
        (export, lambda m: m.passed_over(), {"interdict_export_passed_over_total{lines}": 1}),
        (export, lambda m: m.lags(8), {"interdict_export_lag_records{lines}": 8}),
        (lookback, lambda m: later(m, lambda m: m.looked()), {"interdict_lookback_looked_seconds": 15}),
        (lookback, lambda m: later(m, lambda _: None).looked(), {}),
        (
            lookback,
            lambda m: m.done(Report(1, payments=40, alerts=3)),
            {
                "interdict_lookbacks_total": 1,
                "interdict_lookback_payments_total": 40,
                "interdict_lookback_alerts_total": 3,
            },
        ),
        (
            CustomerMetrics,
            lambda m: m.screened(Trigger.DISPOSITION, Outcome.HIT, 0.5),
            {
                f"interdict_customers_screened_total{{{Trigger.DISPOSITION.value}}}{{hit}}": 1,
                "interdict_customer_screening_seconds_count": 1,
                "interdict_customer_screening_seconds_sum": 0.5,
            },
        ),
        (
            CustomerMetrics,
            lambda m: m.published([[{"state": "raised"}, {"state": "closed"}], [{"state": "raised"}]]),
            {
                "interdict_customer_alerts_total{raised}": 2,
                "interdict_customer_alerts_total{closed}": 1,
            },
        ),
        (CustomerMetrics, lambda m: m.missed(2), {"interdict_customers_missed_total": 2}),
        (
            CustomerMetrics,
            lambda m: m.effective(1.5),
            {
                "interdict_customer_effective_seconds_count": 1,
                "interdict_customer_effective_seconds_sum": 1.5,
            },
        ),
        (
            CustomerMetrics,
            lambda m: m.proved(PROOF),
            {
                "interdict_customers_proved_timestamp_seconds{3}": AT.timestamp(),
                "interdict_customers_wholly_timestamp_seconds{3}": AT.timestamp() - 86_400,
                "interdict_customers_unscreened{3}": 2,
            },
        ),
        (CustomerMetrics, lambda m: (m.proved(PROOF), m.given_up(3)), {}),
    ],
)
def test_a_call_changes_its_own_metrics(made: Any, call: Callable[[Any], object], differs: Shown) -> None:
    assert changed(made(), call) == differs


@pytest.mark.parametrize("made", [answers, export, lookback, CustomerMetrics])
def test_everything_stands_at_nought_before_it_happens(made: Any) -> None:
    found = shown(made().registry)

    assert found and set(found.values()) == {0.0}


def test_the_book_is_counted_when_it_is_asked_for() -> None:
    found = shown(CustomerMetrics(shelves=lambda: SHELVES).registry)

    assert (found["interdict_customers"], found["interdict_customers_waiting"]) == (7, 4)


def test_outcomes_and_causes_have_their_series_from_the_start() -> None:
    causes = [name for name in shown(answers().registry) if name.startswith("interdict_answers_total")]
    outcomes = [name for name in shown(CustomerMetrics().registry) if "_screened_total" in name]

    assert len(causes) == 3 * len({name.split("{")[1] for name in causes}) > 9
    assert len(outcomes) == len(Trigger) * len(Outcome)
