"""Suggests something of every hit of every alert: an export of alerts whose receiver is a topic.

At least once: an offset is committed when the broker has what was suggested. A process that is killed in
between suggests again, under the same id.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from aiokafka import AIOKafkaProducer

from config.settings import Settings
from screening.cases.dispositions import Verdict
from screening.decisions import Reason
from screening.designations import Designation
from screening.fingerprints import designation_fingerprint
from screening.policy.suggestions import SuggestionRules
from screening.suggestions import Earlier, suggest
from streams.export.forward import begin_with_the_next, forward
from streams.kafka.connection import aiokafka_options, librdkafka_options
from streams.kafka.topics import Topics
from streams.records.dispositions import pair_of, suppression_rules
from streams.records.json import CONTENT_TYPE
from streams.records.shapes import AlertRecord, HitRecord
from streams.records.suggestions import suggestion_to_json
from streams.suggestions.cases import case_of
from streams.suggestions.metrics import SuggestionMetrics
from streams.suggestions.replicas import Entries, Given

LIST_SECONDS = 2.0
"""How long an alert waits for the entry that it names, where our copy of the list is behind the worker's."""
LOOK_SECONDS = 0.05
EMBARGOES = frozenset((Reason.COUNTRY, Reason.GOODS))
"""Hits on what is no list's entry."""


def group_of(settings: Settings) -> str:
    """The consumer group: who runs several shares the alerts among them."""
    return f"{settings.group}.suggestions"


class Suggester:
    """What is suggested of an alert, by the lists and dispositions as they are now."""

    def __init__(
        self,
        settings: Settings,
        rules: SuggestionRules,
        metrics: SuggestionMetrics,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        client, topics = aiokafka_options(settings), Topics(settings.topic_prefix)
        self._when = suppression_rules(settings)
        self._rules, self._rules_hash = rules, rules.sha256
        self._metrics, self._clock = metrics, clock
        self._entries = Entries(topics.designations, client)
        self._given = Given(topics.dispositions, client, self._when)

    async def start(self) -> None:
        """Returns when both topics are read."""
        await self._entries.start()
        await self._given.start()

    async def stop(self) -> None:
        await self._given.stop()
        await self._entries.stop()

    async def render(self, alert: AlertRecord) -> Sequence[tuple[str, bytes]]:
        """A suggestion for each hit, under the alert's id. An update of an alert has none: it was made."""
        if "update" in alert:
            return ()
        at = int(alert["list"]["offsets"].get("0", 0))
        return [(hit["alert_id"], await self._suggestion(alert, hit, at)) for hit in alert["hits"]]

    async def _suggestion(self, alert: AlertRecord, hit: HitRecord, list_offset: int) -> bytes:
        listed = await self._listed(hit, list_offset)
        case = case_of(alert, hit, listed, self._earlier(hit, listed))
        found = suggest(case, self._rules)
        self._metrics.suggested(found.suggested)
        return suggestion_to_json(found, alert, hit, self._rules_hash, self._clock())

    async def _listed(self, hit: HitRecord, list_offset: int) -> Designation | None:
        designation = hit["designation"]
        until = time.monotonic() + LIST_SECONDS
        while True:
            listed = self._entries.get(designation["id"])
            behind = self._entries.offset < list_offset and hit["reason"] not in EMBARGOES
            if not behind or time.monotonic() > until:
                return listed
            if listed and designation_fingerprint(listed) == designation.get("fingerprint"):
                return listed
            await asyncio.sleep(LOOK_SECONDS)

    def _earlier(self, hit: HitRecord, listed: Designation | None) -> Earlier | None:
        given = self._given.known.of_pair(pair_of(hit))
        if given is None:
            return None
        now = self._clock()
        if given.disposition.verdict is Verdict.TRUE_POSITIVE:
            return Earlier(given, "expired" if now >= given.disposition.until else "")
        return Earlier(given, self._when.why_not(given, listed, now))


async def run_suggestions(
    settings: Settings,
    rules: SuggestionRules,
    metrics: SuggestionMetrics,
    stopping: asyncio.Event,
    *,
    oldest: bool,
) -> int:
    """Suggests until `stopping`; returns how many. `oldest`: a group that is new begins with the oldest
    alert there is."""
    client, topics = aiokafka_options(settings), Topics(settings.topic_prefix)
    suggester = Suggester(settings, rules, metrics)
    producer = AIOKafkaProducer(**client, acks="all", enable_idempotence=True, compression_type="zstd")

    async def deliver(alert_id: str, body: bytes) -> None:
        key = alert_id.encode()
        await producer.send_and_wait(topics.suggestions, body, key, headers=[CONTENT_TYPE])

    try:
        if not oldest:
            begins = librdkafka_options(settings), topics.alerts, group_of(settings)
            await asyncio.to_thread(begin_with_the_next, *begins)
        await producer.start()
        await suggester.start()
        return await forward(
            topics.alerts,
            group_of(settings),
            client,
            render=suggester.render,
            deliver=deliver,
            stopping=stopping,
            metrics=metrics,
        )
    finally:
        await suggester.stop()
        await producer.stop()
