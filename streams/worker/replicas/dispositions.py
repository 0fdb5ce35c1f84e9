"""The worker's copy of the dispositions topic: dispositions of case systems, in force as they arrive."""

import logging
from collections import Counter
from collections.abc import Iterable

from aiokafka import ConsumerRecord

from screening.cases.dispositions import Dispositions, SuppressionRules, Verdict
from screening.cases.precision import precision
from streams.kafka.options import ClientOptions
from streams.records.dispositions import take
from streams.worker.metrics import Metrics
from streams.worker.replicas.compacted import CompactedReplica
from streams.worker.replicas.follower import OnUnreadable

log = logging.getLogger(__name__)


class DispositionsCopy(CompactedReplica[Dispositions]):
    """Keeps `known` equal to the topic, even if that is recreated."""

    in_one_order = True

    def __init__(
        self,
        topic: str,
        client: ClientOptions,
        rules: SuppressionRules | None = None,
        on_unreadable: OnUnreadable | None = None,
    ) -> None:
        super().__init__(topic, client, lambda: Dispositions(rules), on_unreadable)

    def put(self, kept: Dispositions, record: ConsumerRecord[bytes, bytes]) -> None:
        """Apply one record; an unreadable one counts as a withdrawal. Raises ValueError, which says what is
        wrong."""
        take(kept, record.key, record.value, record.timestamp / 1000)

    def become(self, found: Dispositions) -> None:
        """A disposition that is no longer on the topic is no longer in force."""
        self.changed(self.known.become(found))
        self.applied()

    def changed(self, pairs: Iterable[str]) -> None:
        """These pairs have another disposition, or none, after the topic was read again."""


class DispositionReplica(DispositionsCopy):
    """A worker's copy, counted by what was found. Without it a true positive would go on where the policy
    asks for a review, so no payment is taken before it is read."""

    without = "true positives are not held, and known false positives alert"
    needed = True

    def __init__(
        self,
        topic: str,
        *,
        client: ClientOptions,
        metrics: Metrics,
        rules: SuppressionRules | None = None,
        on_unreadable: OnUnreadable | None = None,
    ) -> None:
        super().__init__(topic, client, rules, on_unreadable)
        self._metrics = metrics
        self._counted: Counter[tuple[str, str, Verdict]] = Counter()
        self._named = set[str]()

    def applied(self) -> None:
        """Count them again, down to zero where the last one was withdrawn."""
        now: Counter[tuple[str, str, Verdict]] = Counter()
        for (source, reason), counted in precision(self.known).items():
            now[source, reason, Verdict.TRUE_POSITIVE] = counted.true
            now[source, reason, Verdict.FALSE_POSITIVE] = counted.false
        for source, reason, verdict in now.keys() | self._counted.keys():
            self._metrics.dispositions_known(source, reason, verdict, now[source, reason, verdict])
        self._counted = now
        for pair in self.known.unsettled.keys() - self._named:
            log.warning(
                "%.200s: what stands stays, for nobody approved what was written over it; compaction "
                "loses it, run `interdict dispositions settle`",
                pair,
            )
        self._named = {*self.known.unsettled}
        self._metrics.unsettled.set(len(self._named))
