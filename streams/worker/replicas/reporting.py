"""What a worker reports about its lists: in the metrics, on the console, and in the log."""

import logging
import time

from screening.ledger import Marker
from streams.console.feed import Feed
from streams.worker.metrics import Metrics
from streams.worker.replicas.table import Applied, ListTable

log = logging.getLogger(__name__)


class ListReport:
    """Reports what is in force of each list, and each change when it takes effect."""

    def __init__(self, metrics: Metrics, feed: Feed) -> None:
        self._metrics = metrics
        self._feed = feed
        self._counted: dict[str, Marker] = {}
        """The commit of each list that the metrics have."""

    def applied(self, table: ListTable, applied: Applied) -> None:
        """A change is in force, so long after the broker accepted it."""
        if not applied.came_ms:
            return
        seconds = max(0.0, time.time() - applied.came_ms / 1000)
        self._metrics.designation_effective(seconds)
        designation = table.screener.get(applied.key)
        if designation is None:
            self._feed.delisted(applied.key, seconds)
        else:
            self._feed.designated(designation, applied.what, seconds)

    def in_force(self, table: ListTable) -> None:
        """The number of entries of each list; for a new version also which one it is and its age."""
        versions = table.ledger.versions()
        self._metrics.policy_lists(table.screener.policy.lists_named, versions)
        for source in self._counted.keys() - versions.keys():
            del self._counted[source]
            self._metrics.list_gone(source)
        for source, at in versions.items():
            self._metrics.list_entries(source, at.entries)
            marker, _ = table.committed(source)
            if self._counted.get(source) != marker:
                self._counted[source] = marker
                self._metrics.list_applied(
                    source,
                    version=at.version,
                    entries=at.entries,
                    sha256=at.sha256,
                    published_at=marker.published_at,
                )
                log.info("list %s %s is in force: %d entries", source, at.version, at.entries)
