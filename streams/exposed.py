"""What each process exposes under `/metrics`: all that the reference shows, and that dashboards may use."""

from prometheus_client import CollectorRegistry

from streams.answers.metrics import AnswerMetrics
from streams.console.metrics import ConsoleMetrics
from streams.customers.metrics import CustomerMetrics
from streams.export.metrics import ExportMetrics
from streams.lists.watching import WatchMetrics
from streams.lookback.metrics import LookbackMetrics
from streams.suggestions.metrics import SuggestionMetrics
from streams.worker.metrics import Metrics


def registries() -> tuple[CollectorRegistry, ...]:
    """Those of one process of every kind, new; the worker's first, which `serve` and `customers run` expose
    as well."""
    every = (
        Metrics(),
        AnswerMetrics(),
        ConsoleMetrics(),
        CustomerMetrics(),
        ExportMetrics("webhook"),
        LookbackMetrics(),
        SuggestionMetrics(),
        WatchMetrics("ofac"),
    )
    return tuple(each.registry for each in every)
