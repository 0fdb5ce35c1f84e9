"""The simulation itself: seeds that break nothing, stories that stay the same, and short ones of what failed.

Thousands of seeds are a command of their own: `python -m tests.simulation`.
"""

import gc
import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.mutants.rows import ROOT
from tests.simulation.account import Violation
from tests.simulation.mutations import Revert, reverts
from tests.simulation.parties import LISTS, Edition
from tests.simulation.run import Outcome, play
from tests.simulation.shrink import shrink, told
from tests.simulation.story import Event, Story, story

SEEDS = 300
PARTS = 10


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """What is logged in a run is of no interest: it is about faults that were meant."""
    logging.disable(logging.CRITICAL)
    gc.disable()  # a run makes cycles, and is over soon
    yield
    gc.enable()
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("part", range(PARTS))
def test_no_seed_breaks_a_promise(part: int) -> None:
    for seed in range(part, SEEDS, PARTS):
        outcome = play(story(seed))
        if outcome.violations:
            pytest.fail(told(shrink(outcome)))


def test_a_seed_is_one_story_that_runs_the_same_each_time() -> None:
    first, second = play(story(7)), play(story(7))

    assert first.story == second.story
    assert first.trace == second.trace


@pytest.mark.parametrize("withdrawn_at", [3.0, 1.0])
def test_tombstones_of_a_list_that_is_not_in_force_stop_no_payment(withdrawn_at: float) -> None:
    """Nobody was left who could have published the list, and there was no entry to withdraw."""
    events = (
        Event(0.0, "edition", "publisher-1", edition=edition("ofac", 0)),
        Event(0.0, "edition", "publisher-3", edition=edition("un", 0)),
        Event(withdrawn_at, "withdraw", "un"),
        Event(6.0, "strays", "un"),
        Event(8.0, "pay", "Halloway Bakery"),
    )

    assert play(Story(1, events)).violations == []


@pytest.mark.parametrize("seed", range(5))
def test_publishers_that_begin_at_the_same_moment_all_get_their_turn(seed: int) -> None:
    """They took the claim from each other before one of them had sent a record, five times in a row."""
    events = [
        Event(0.0, "edition", f"publisher-{number}", edition=edition(name, 0))
        for number, name in ((1, "ofac"), (2, "ofac"), (3, "un"))
    ]
    outcome = play(Story(seed, tuple(events)))

    assert outcome.violations == []
    assert [why for why in outcome.refused if "times another publication took over" in why] == []


@pytest.mark.parametrize("seed", range(3))
def test_what_only_the_workers_still_hold_is_read_anew_at_the_next_publication(seed: int) -> None:
    """Entries were deleted from the topic, so nobody delists them, and the workers were not complete."""
    first, second = edition("ofac", 0), edition("ofac", 2)
    events = (
        Event(0.0, "edition", "publisher-1", edition=replace(first, parties=first.parties[:2])),
        Event(0.0, "edition", "publisher-3", edition=edition("un", 0)),
        Event(7.0, "delete", share=0.47),
        Event(7.2, "strays", "un"),
        Event(8.0, "edition", "publisher-1", edition=replace(second, parties=second.parties[1:])),
        Event(9.0, "pay", "Halloway Bakery"),
    )

    assert play(Story(seed, events)).violations == []


def test_no_publisher_that_reads_from_a_leader_cut_off_puts_an_older_file_in_force() -> None:
    """What another had published meanwhile was hidden from it, after its claim as well as before."""
    first = edition("ofac", 0)
    events = (
        Event(0.0, "edition", "publisher-1", edition=first),
        Event(2.0, "cut", seconds=9.0),
        Event(2.9, "edition", "publisher-1", edition=edition("ofac", 2)),
        Event(3.0, "kill", "publisher-1", steps=1),  # it looks at its file as soon as it is started again
        Event(5.9, "edition", "publisher-2", edition=replace(first, number=1, parties=first.parties[:4])),
        Event(6.0, "kill", "publisher-2", steps=1),
        Event(12.0, "edition", "publisher-2", edition=edition("ofac", 2)),
    )

    assert [found for seed in range(60) for found in play(Story(seed, events)).violations] == []


def test_a_failing_story_is_made_short_without_losing_how_it_fails() -> None:
    def run(tried: Story) -> Outcome:
        happened = [event.what for event in tried.events]
        breaks = "kill" in happened and "cut" in happened
        return Outcome(tried, [Violation("stale", "a payment")] if breaks else [Violation("ids", "another")])

    events = [Event(float(at), what) for at, what in enumerate(["pay", "kill", "move", "pay", "cut", "slow"])]
    failed = shrink(run(Story(1, tuple(events))), run)

    assert [event.what for event in failed.story.events] == ["kill", "cut"]
    assert "STALE: a payment" in told(failed)


@pytest.mark.parametrize("revert", reverts(), ids=lambda revert: revert.fix)
def test_what_the_mutations_take_back_stands_in_the_sources(revert: Revert) -> None:
    assert revert.applied((ROOT / revert.file).read_text())


def edition(list_name: str, number: int) -> Edition:
    return Edition(list_name, number, tuple((name, 0) for name in LISTS[list_name]))
