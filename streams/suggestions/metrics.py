"""What an operator sees of the suggestions: those of an export of alerts, and what was suggested."""

from screening.policy.suggestions import Suggested
from streams.export.metrics import ExportMetrics
from streams.metrics import MetricsIn


class SuggestionMetrics(ExportMetrics):
    """The export's metrics under the kind `suggestions`, and one count of its own."""

    def __init__(self) -> None:
        super().__init__("suggestions")
        self._suggested = MetricsIn(self.registry).counter(
            "suggestions_total",
            "Hits that a disposition was suggested for, by what was suggested.",
            "suggested",
        )
        for each in Suggested:
            self._suggested.labels(each)

    def suggested(self, what: Suggested) -> None:
        self._suggested.labels(what).inc()
