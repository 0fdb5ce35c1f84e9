"""A failing story made short: events are left out for as long as the run still fails."""

from collections.abc import Callable

from tests.simulation.run import Outcome, play
from tests.simulation.story import Event, Story

MOST_RUNS = 400


def shrink(failed: Outcome, run: Callable[[Story], Outcome] = play) -> Outcome:
    """The shortest story that fails in the same way, found by leaving events out, many at once first."""
    kind = failed.violations[0].kind
    runs, size = 0, max(1, len(failed.story.events) // 2)
    while size:
        at, shorter = 0, False
        while at < len(spared := _spared(failed.story)) and runs < MOST_RUNS:
            tried = run(failed.story.without(spared[at : at + size]))
            runs += 1
            if any(each.kind == kind for each in tried.violations):
                failed, shorter = tried, True
            else:
                at += size
        if not shorter or runs >= MOST_RUNS:
            size //= 2
    return failed


def _spared(story: Story) -> list[Event]:
    """What a story may do without: everything but the lists' first files."""
    return [each for each in story.events if not (each.edition and each.edition.number == 0)]


def told(failed: Outcome) -> str:
    """The story and what went wrong, to be read by a person."""
    return f"seed {failed.story.seed}\n{failed.story}\n  " + "\n  ".join(map(str, failed.violations))
