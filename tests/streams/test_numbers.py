"""The numbers of the rooms that keep promises, written down once more: waits, bounds and what is kept.

Operators, runbooks and other programs rest on them, and a test that compares with the constant itself
does not notice when it changes. Who means to change one changes it here, too, and looks who relies on it.
"""

import ast
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from streams.audit import auditor, beginnings, exported
from streams.audit import dead_letters as audit_dead_letters
from streams.kafka import (
    acknowledged,
    clock,
    consumer,
    embedded,
    groups,
    leadership,
    log,
    oauth,
    provisioning,
    topics,
)
from streams.lists import claimed_log, losses, publishing, sources, status, watching
from streams.records import answers, reduced, stops
from streams.records import dead_letters as records_dead_letters
from streams.worker import (
    allocator,
    app,
    barrier,
    budget,
    delivery,
    desk,
    garbage,
    metrics,
    shadow,
    watchdog,
    web,
)
from streams.worker.replicas import designations, follower, topic_end, turns

ROOMS = ("audit", "kafka", "lists", "records", "worker")
NUMBERS: dict[ModuleType, dict[str, float]] = {
    auditor: {"REPEATS_KEPT": 10_000, "REPEATED_WITHIN_MS": 300_000, "CLOCKS_MS": 900_000},
    beginnings: {"EVERY_MS": 3_600_000, "TOLERANCE_MS": 7_200_000, "NOTHING": -1},
    audit_dead_letters: {"AT_ONCE": 200, "TRANSACTION_SECONDS": 60.0},
    exported: {"UNDER_WAY_MS": 60_000},
    acknowledged: {"DELIVERY_SECONDS": 60.0},
    clock: {
        "TOLERATED_SECONDS": 5.0,
        "LOOKS_EVERY_SECONDS": 1.0,
        "SET_BACK": 75,
        "FROZEN_SECONDS": 30.0,
        "STDERR": 2,
    },
    consumer: {"FETCH_BYTES": 8_388_608},
    embedded: {"REBALANCE_DELAY_MS": 100},
    groups: {"TIMEOUT_SECONDS": 5.0},
    leadership: {"ANSWER_SECONDS": 2.0, "HEDGE_SECONDS": 0.05, "HUNG_SECONDS": 0.5, "ELECTIONS": 3},
    log: {
        "TIMEOUT_SECONDS": 15.0,
        "SILENT_SECONDS": 30.0,
        "NEIGHBOURS": 5000,
        "READ_AHEAD_KIB": 2048,
        "READ_ON_KIB": 65_536,
        "LARGEST_FETCH": 16_777_216,
        "FIRST_CHUNK": 500,
        "LARGEST_CHUNK": 10_000,
    },
    oauth: {"FETCH_SECONDS": 10.0, "REFRESH_AT": 0.8, "UNKNOWN_LIFE_SECONDS": 60.0},
    provisioning: {"TIMEOUT_SECONDS": 15.0, "REPLICAS": 3},
    topics: {"DAY_MS": 86_400_000, "RETENTION_MS": 3_024_000_000},
    claimed_log: {
        "SILENT_SECONDS": 10.0,
        "WAIT_SECONDS": 60.0,
        "LOOK_SECONDS": 0.2,
        "IN_FLIGHT": 500,
        "TRANSACTION_MS": 600_000,
        "VISIBLE_SECONDS": 15.0,
        "STUCK_SECONDS": 2.0,
        "DELIVERY_SECONDS": 120.0,
    },
    losses: {"FEW": 3},
    publishing: {"MAX_SHRINK": 0.1, "ATTEMPTS": 5, "SPREAD_SECONDS": 0.2},
    sources: {"LARGEST_BYTES": 2_147_483_648, "SETTLE_SECONDS": 2.0, "_CHUNK_BYTES": 65_536},
    status: {"ANSWER_SECONDS": 5.0},
    watching: {"FIRST_RETRY_SECONDS": 5.0, "LAST_RETRY_SECONDS": 900.0},
    answers: {"_WHOLE": 0},
    records_dead_letters: {"LONGEST_WORDS": 500},
    reduced: {"LONGEST_KEY": 4096, "LONGEST_HEADER": 1024, "SHOWN_HITS": 10, "SHOWN_LETTERS": 200},
    stops: {"MOST_HITS": 1000},
    allocator: {"LARGE": 1_048_576, "_M_MMAP_THRESHOLD": -3},
    app: {"LAST_CHECKPOINT_SECONDS": 5.0, "MOST_PRODUCED": 1_073_741_824},
    barrier: {"RETRY_SECONDS": 0.2, "EXPLAIN_SECONDS": 1.0},
    budget: {"LOOKS": 8},
    delivery: {"CHECKPOINT_SECONDS": 60.0},
    desk: {"TURN_SECONDS": 0.02},
    garbage: {
        "YOUNG_SECONDS": 0.1,
        "FULL_SECONDS": 300.0,
        "TOO_MANY": 1_000_000,
        "SELDOM": 100_000,
        "MIDDLE": 10,
        "NEVER": 1_073_741_824,
    },
    metrics: {"MOST_MAPPINGS": 32, "MOST_LISTS": 32},
    designations: {"RETRY_SECONDS": 1.0, "LONG_APPLY_SECONDS": 1.0},
    follower: {"RETRY_SECONDS": 5.0, "FIRST_READ_SECONDS": 10.0},
    topic_end: {"STUCK_SECONDS": 2.0, "CONFIRM_SECONDS": 1.0},
    turns: {"APPLY_SLICE_SECONDS": 0.005},
    shadow: {"MOST_WAITING": 20_000, "PUBLISH_EVERY_SECONDS": 60.0, "FLUSH_SECONDS": 5.0},
    watchdog: {"CHECK_SECONDS": 1.0, "STDERR": 2, "GRACE_SECONDS": 15.0},
    web: {
        "MOST_BROWSERS": 32,
        "TICK_SECONDS": 1.0,
        "LOOP_PROBE_SECONDS": 0.25,
        "STALLED_SECONDS": 20.0,
    },
}


def numbers(module: ModuleType) -> dict[str, float]:
    """The constants that a module defines itself, and that are numbers."""
    found: dict[str, float] = {}
    for node in ast.parse(Path(str(module.__file__)).read_text()).body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and target.id.isupper():
            value = getattr(module, target.id)
            if isinstance(value, int | float):
                found[target.id] = value
    return found


MODULES = sorted(
    ".".join(path.with_suffix("").parts)
    for room in ROOMS
    for path in Path("streams", room).rglob("*.py")
    if path.name != "__init__.py"
)


@pytest.mark.parametrize("name", MODULES)
def test_a_number_is_what_it_was(name: str) -> None:
    module = import_module(name)

    assert numbers(module) == NUMBERS.get(module, {})
