"""Watches a list's source, a folder or a URL: good changes are published, bad ones are not.

The last good list stays in force whatever happens; `interdict_list_source_age_seconds` shows how long its
source could not be confirmed.
"""

import asyncio
import logging
import math
import random
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

from aiokafka.errors import KafkaError
from prometheus_client import CollectorRegistry

from config.settings import Settings
from screening import ListError
from screening.lists import list_issued
from screening.lists.catalogue import OFFICIAL
from screening.lists.dates import iso_day
from streams.kafka.connection import librdkafka_options
from streams.kafka.provisioning import BrokerError
from streams.kafka.topics import Topics
from streams.lists.claimed_log import PublicationConflictError
from streams.lists.files import ListFile, publish_file
from streams.lists.publishing import Published
from streams.lists.sources import DownloadError, ListSource
from streams.lists.status import ReadLedger, read_ledger
from streams.metrics import MetricsIn

log = logging.getLogger(__name__)

FIRST_RETRY_SECONDS = 5.0
LAST_RETRY_SECONDS = 900.0
"""Waits double from the first to the last: soon after a hiccup, and no burden to a source that is down."""
REASONS = ("refused", "download", "broker", "internal")


class WatchMetrics:
    """What an operator alerts on: the age of the last good check, and why checks fail."""

    def __init__(self, list_name: str, clock: Callable[[], float] = time.time) -> None:
        self.registry = CollectorRegistry()
        new = MetricsIn(self.registry)
        self._clock = clock
        self._confirmed_at = math.nan
        self.list_name = list_name
        age = new.gauge(
            "list_source_age_seconds",
            "Since the source was last seen good: published, or the same as what is in force; NaN: unknown.",
            "list",
        )
        age.labels(list_name).set_function(lambda: self._clock() - self._confirmed_at)
        self._failures = new.counter(
            "list_source_failures_total", "Looks at the source that came to nothing.", "list", "reason"
        )
        for reason in REASONS:
            self._failures.labels(list_name, reason)
        self._issued = new.gauge(
            "list_source_issued_timestamp_seconds",
            "The source's own date of its file, as seconds since 1970; 0 where it says none.",
            "list",
        ).labels(list_name)
        self._stands_still = new.gauge(
            "list_source_stands_still",
            "1 while the file's own date is older than usual for this list.",
            "list",
        ).labels(list_name)

    def issued(self, day: date, usual_days: int) -> int:
        """Report the file's own date; returns its age in days if that is more than usual, else 0."""
        midnight = datetime.combine(day, datetime.min.time(), UTC).timestamp()
        age_days = int((self._clock() - midnight) // 86_400)
        late = age_days > usual_days
        self._issued.set(midnight)
        self._stands_still.set(late)
        return age_days if late else 0

    @property
    def ever_confirmed(self) -> bool:
        """Whether it is known when the source was last good."""
        return not math.isnan(self._confirmed_at)

    def confirmed(self, at: float | None = None) -> None:
        """The source was good at a moment (Unix time), or is now."""
        self._confirmed_at = self._clock() if at is None else at

    def failed(self, reason: str) -> None:
        self._failures.labels(self.list_name, reason).inc()


class Watcher:
    """Checks one source again and again and keeps one list on the topic equal to it."""

    def __init__(
        self,
        settings: Settings,
        source: ListSource,
        *,
        format_name: str,
        list_name: str = "",
        max_shrink: float,
        metrics: WatchMetrics,
    ) -> None:
        self._settings = settings
        self._source = source
        self._format = format_name
        self._list_name = list_name
        self._max_shrink = max_shrink
        self._metrics = metrics
        self._failures = 0
        self._issued: date | None = None
        self._published: Published | None = None
        """What the topic should hold."""

    async def run(self, every_seconds: float) -> None:
        """Runs for ever; nothing that a source or a broker does ends it."""
        while True:  # noqa: ASYNC110  there is no event to wait for, only time
            await asyncio.sleep(self.pause(every_seconds) if await self.look() else every_seconds)

    def pause(self, every_seconds: float) -> float:
        """Seconds until the next check after a failure, spread so that watchers do not coincide."""
        wait: float = min(FIRST_RETRY_SECONDS * 2 ** (self._failures - 1), LAST_RETRY_SECONDS, every_seconds)
        return wait * random.uniform(0.8, 1.2)  # noqa: S311  spread, not secrecy

    async def look(self) -> str:
        """Publish what is new; returns why that failed, or "" if the list is as good as its source."""
        reason, text = "internal", ""
        try:
            await self._publish_new()
        except ListError as error:
            reason, text = "refused", str(error)
        except (DownloadError, TimeoutError) as error:
            reason, text = "download", str(error) or type(error).__name__
        except (KafkaError, PublicationConflictError, BrokerError) as error:
            reason, text = "broker", str(error)
        except OSError as error:
            reason, text = "download", str(error)
        except Exception as error:  # a watcher that ended would let the list grow old unseen
            log.exception("looking at the source of a list failed; the last good list stays in force")
            text = repr(error)
        if text:
            self._failures += 1
            self._metrics.failed(reason)
            log.warning("%s: %s; the last good list stays in force", reason, text)
            await self._look_when_it_was_good()
            return text
        self._failures = 0
        self._metrics.confirmed()
        return ""

    async def _look_when_it_was_good(self) -> None:
        """A watch that begins while its source is down takes the list's publication on the topic for the last
        good check. Otherwise a source that has been dead for a day would look fresh after each restart."""
        if self._metrics.ever_confirmed:
            return
        with suppress(BrokerError):
            held = await self._read_topic()
            if self._metrics.list_name in held.ledger.versions():
                self._metrics.confirmed(held.commits[self._metrics.list_name].published_at)

    async def _read_topic(self) -> ReadLedger:
        topic = Topics(self._settings.topic_prefix).designations
        return await asyncio.to_thread(read_ledger, librdkafka_options(self._settings), topic)

    async def _publish_new(self) -> None:
        if why := await self._changed_by_others():
            log.warning("%s; the list is published again", why)
            self._source.forget()
        async with self._source.new() as path:
            if path is not None:
                self._published = await self._publish(path)
                self._report(self._published)
                self._source.accept()
                self._issued = iso_day(list_issued(self._format, path))
        self._report_age()

    async def _changed_by_others(self) -> str:
        """How the topic differs from what was published here, or why it cannot be relied on; else empty."""
        if (ours := self._published) is None:
            return ""
        held = (await self._read_topic()).ledger
        if problem := held.in_doubt(ours.list_name):
            return problem
        there = held.versions().get(ours.list_name)
        if there is None:
            return f"list {ours.list_name} is not in force any more"
        if there.sha256 != ours.sha256:
            return f"list {ours.list_name} is in force as {there.version}, which is not its source's"
        return ""

    def _report_age(self) -> None:
        """Report the file's own age: one that can still be downloaded but never changes looks fresh
        otherwise."""
        known = OFFICIAL.get(self._format)
        if self._issued is None or known is None:
            return
        if days := self._metrics.issued(self._issued, known.usual_days):
            log.warning(
                "the file of %s is %d days old by its own date, more than the usual %d; look whether its "
                "publisher has moved it (`interdict lists sources`)",
                *(self._format, days, known.usual_days),
            )

    async def _publish(self, path: Path) -> Published:
        file = ListFile(self._format, path, self._list_name)
        return await publish_file(self._settings, file, max_shrink=self._max_shrink)

    def _report(self, outcome: Published) -> None:
        if outcome.committed:
            log.info(
                "list %s %s: %d added, %d amended, %d removed",
                *(outcome.list_name, outcome.version, outcome.added, outcome.amended, outcome.removed),
            )
        if outcome.repaired:
            log.warning("what the topic held could not be relied on: %s", outcome.repaired)
