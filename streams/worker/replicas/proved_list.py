"""The lists as every process that decides by them holds them: proved to be complete and up to date."""

from config.settings import Settings
from screening.policy.rules import Policy
from screening.screener import Screener
from streams.console.feed import Feed
from streams.kafka.connection import aiokafka_options
from streams.kafka.topics import Topics
from streams.offline.snapshots import user_snapshots
from streams.worker.barrier import Barrier
from streams.worker.metrics import Metrics
from streams.worker.replicas.designations import Replica
from streams.worker.replicas.table import OnChange


def proved_list(
    settings: Settings,
    policy: Policy,
    barrier: Barrier,
    metrics: Metrics,
    feed: Feed,
    on_change: OnChange | None = None,
) -> Replica:
    """The replica of the list topic whose end `barrier` proves.

    Every process that decides by lists creates its replica here, so that none of them forgets the required
    lists, the timeout that pauses screening, or the proof.
    """
    remembered = settings.remembered_parties, settings.remembered_megabytes << 20
    return Replica(
        Topics(settings.topic_prefix).designations,
        client=aiokafka_options(settings),
        list_end=barrier.list_end,
        new_screener=lambda: Screener(policy, metrics.scored, remembered),
        metrics=metrics,
        feed=feed,
        required_lists=settings.required_lists,
        silence_seconds=settings.list_silence_seconds,
        on_change=on_change,
        snapshots=user_snapshots(),
    )
