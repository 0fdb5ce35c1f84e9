"""The lists in force in a worker."""

from collections.abc import Callable, Container, Iterable
from contextlib import suppress

from streams.metrics import MetricsIn
from streams.worker.metrics.series import SECONDS, BoundedLabels


class ListMetrics:
    """Which lists are in force, how old they are, and how soon a change takes effect."""

    of_list: BoundedLabels
    clock: Callable[[], float]
    """Unix time in seconds."""

    def define_lists(self, new: MetricsIn) -> None:
        """Which lists are in force, how old they are, and how soon a change takes effect."""
        self.designations = new.gauge("designations", "Designations in force in this worker.", "list")
        self.effective = new.histogram(
            "designation_effective_seconds",
            "From a designation's broker timestamp to searchable in this worker.",
            SECONDS,
        )
        self.policy_list_missing = new.gauge(
            "policy_list_missing", "1 for a list that the policy names and that is not in force.", "list"
        )
        self.list_age = new.gauge(
            "list_age_seconds", "Age of the list version in force since published.", "list"
        )
        self.list_applied_at = new.gauge(
            "list_applied_timestamp_seconds",
            "Unix time when the list version in force took effect here.",
            "list",
        )
        self.list_version = new.info("list_version", "Version and hash of the list in force.", "list")
        self.list_lag = new.gauge(
            "list_lag_records", "Records of the designations topic not yet applied by this worker."
        )

    def designation_effective(self, seconds: float) -> None:
        """A designation became searchable this long after its broker timestamp; clock skew gives 0."""
        self.effective.observe(max(0.0, seconds))

    def list_entries(self, source: str, entries: int) -> None:
        self.designations.labels(self.of_list(source)).set(entries)

    def list_gone(self, source: str) -> None:
        """A list is no longer in force: it has no entries, and no version whose age could raise an alarm."""
        label = self.of_list(source)
        self.designations.labels(label).set(0)
        for series in (self.list_version, self.list_age, self.list_applied_at):
            with suppress(KeyError):  # of lists past the most that have series of their own
                series.remove(label)

    def policy_lists(self, named: Iterable[str], in_force: Container[str]) -> None:
        """Which of the lists that the policy names are missing: what it says about those has no effect."""
        for source in named:
            self.policy_list_missing.labels(self.of_list(source)).set(source not in in_force)

    def list_applied(
        self, source: str, *, version: str, entries: int, sha256: str, published_at: float
    ) -> None:
        """A commit marker was reached and agrees: this version of the list is in force.

        `published_at` is the marker's Unix time; the list's age is measured from it.
        """
        label = self.of_list(source)
        self.designations.labels(label).set(entries)
        self.list_version.labels(label).info({"version": version, "sha256": sha256[:12]})
        self.list_age.labels(label).set_function(lambda: max(0.0, self.clock() - published_at))
        self.list_applied_at.labels(label).set(self.clock())

    def list_behind(self, records: int) -> None:
        self.list_lag.set(records)
