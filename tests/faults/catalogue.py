"""Every kind of fault: a function that hurts the scene, changes the list meanwhile, and heals it again."""

from collections.abc import Callable, Iterator, Mapping
from itertools import count
from random import Random

from tests.faults import clock, disk, on_brokers, on_lists, on_workers
from tests.faults.scene import Scene
from tests.kafka import network

Fault = Callable[[Scene], None]

CATALOGUE: Mapping[str, Fault] = {
    fault.__name__.replace("_", " "): fault
    for fault in (
        on_workers.worker_killed,
        on_workers.worker_terminated,
        on_workers.every_worker_killed,
        on_workers.worker_frozen,
        on_workers.worker_frozen_for_a_minute,
        on_workers.worker_out_of_memory,
        on_workers.agent_raises,
        on_workers.clocks_stepped,
        on_workers.rebalances_in_a_storm,
        on_workers.lookback_killed,
        on_brokers.broker_restarted,
        on_brokers.broker_killed,
        on_brokers.broker_frozen,
        on_brokers.broker_slow,
        on_brokers.broker_gone_for_a_minute,
        on_brokers.every_broker_away,
        on_brokers.every_broker_gone_for_a_minute,
        on_brokers.leaders_moved,
        on_brokers.disk_full,
        on_brokers.broker_clocks_stepped,
        on_brokers.rights_withdrawn,
        on_brokers.alerts_refused,
        on_brokers.payment_too_large,
        on_brokers.list_published_anew,
        on_lists.leader_isolated,
        on_lists.publisher_stopped,
        on_lists.two_publishers,
        on_lists.tombstones,
        on_lists.list_vanished,
    )
}
NEEDS: Mapping[str, Callable[[], str]] = {
    "clocks stepped": clock.missing,
    "broker clocks stepped": clock.missing,
    "disk full": disk.missing,
    "leader isolated": network.missing,
}
"""What a kind needs of the machine: tells what is missing."""


def not_here() -> dict[str, str]:
    """The kinds that cannot be run on this machine, and why."""
    return {kind: why for kind, missing in NEEDS.items() if (why := missing())}


def schedule(seed: int, kinds: list[str], faults_a_run: int) -> list[str]:
    """The faults of one run. Consecutive seeds, from 1, go through all kinds before any comes again.

    Those that last a minute are left out of every fourth turn: so many runs would be nothing but waiting.
    """
    places = _in_turn(kinds)
    skipped = (seed - 1) * faults_a_run
    return [next(places) for _ in range(skipped + faults_a_run)][skipped:]


def _in_turn(kinds: list[str]) -> Iterator[str]:
    for turn in count():
        for kind in Random(turn).sample(kinds, len(kinds)):
            if turn % 4 != 3 or not kind.endswith("for a minute"):
                yield kind
