"""What happens in a run, event by event: drawn from a seed, played by `run`, told in plain words."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tests.simulation.parties import ALIASES, CLEAN, LISTS, Edition, first_edition, next_edition

SECONDS = 6.0
"""A run's faults begin within this time."""
WORKERS = ("worker-1", "worker-2")
PUBLISHERS = (("publisher-1", "ofac"), ("publisher-2", "ofac"), ("publisher-3", "un"))
PARTIES = (*(name for names in LISTS.values() for name in names), *CLEAN)


@dataclass(frozen=True, slots=True)
class Event:
    """`what` happens `at` a moment (seconds) to `whom`; the other fields as its kind needs them."""

    at: float
    what: str
    whom: str = ""
    seconds: float = 0.0
    steps: int = 0
    share: float = 0.0
    edition: Edition | None = None

    def __str__(self) -> str:
        told = WORDS[self.what].format(e=self, edition=self.edition)
        return f"{self.at:6.2f} s  {told}"


WORDS = {
    "pay": "a payment to {e.whom}",
    "pay meanwhile": "payments to parties of a list while publication {e.steps} comes into force",
    "edition": "the file of {e.whom} is {edition} now",
    "kill": "{e.whom} is killed after {e.steps} steps",
    "stop": "{e.whom} stands still (SIGSTOP) for {e.seconds:.1f} s after {e.steps} steps",
    "upgrade": "{e.whom} is restarted in order, with the other policy",
    "cut": "the broker that leads the list is cut off from its peers for {e.seconds:.1f} s",
    "freeze": "the broker that leads the list answers nobody for {e.seconds:.1f} s",
    "cut follower": "a broker that follows is cut off for {e.seconds:.1f} s",
    "move": "another broker is elected to lead the list",
    "compact": "the list topic is compacted up to {e.share:.0%} of it, tombstones {e.whom}",
    "delete": "somebody deletes the first {e.share:.0%} of the list topic",
    "strays": "somebody deletes entries of {e.whom} without a publication",
    "lossy": "{e.share:.0%} of requests and answers are lost for {e.seconds:.1f} s",
    "slow": "requests take {e.steps} times as long for {e.seconds:.1f} s",
    "coordinator away": "nobody coordinates transactions for {e.seconds:.1f} s",
    "skew": "the clock of {e.whom} jumps by {e.seconds:.0f} s",
    "forbidden": "nobody may write alerts for {e.seconds:.1f} s",
    "withdraw": "list {e.whom} is withdrawn",
    "disposition": "a case system calls the first alert on {e.whom} a false positive",
}
FAULTS = (
    *("kill", "kill", "stop", "stop", "upgrade", "cut", "cut", "freeze", "cut follower", "move"),
    *("compact", "compact", "delete", "strays", "lossy", "slow", "coordinator away", "skew", "forbidden"),
    *("withdraw", "disposition"),
)
"""As often as they stand here."""


@dataclass(frozen=True, slots=True)
class Story:
    """A seed for what is left to chance, and the events."""

    seed: int
    events: tuple[Event, ...]

    def without(self, left_out: Sequence[Event]) -> "Story":
        return replace(self, events=tuple(each for each in self.events if each not in left_out))

    @property
    def required(self) -> tuple[str, ...]:
        """What the workers' setting names: the lists that stay, where somebody deletes records.

        With all of a topic's records goes what it remembers of lists; `INTERDICT_REQUIRED_LISTS` does not.
        """
        if not any(event.what == "delete" for event in self.events):
            return ()
        listed = {event.edition.list_name for event in self.events if event.edition}
        return tuple(sorted(listed - {event.whom for event in self.events if event.what == "withdraw"}))

    def __str__(self) -> str:
        return "\n".join(map(str, self.events))


def story(seed: int) -> Story:
    """The same story for the same seed, everywhere."""
    rng = random.Random(f"story {seed}")
    events = [*_editions(rng), *_payments(rng), *_faults(rng)]
    return Story(seed, tuple(sorted(events, key=lambda each: each.at)))


def _editions(rng: random.Random) -> list[Event]:
    """Two publishers watch one list, and the second sees its files later, or never the newest."""
    events: list[Event] = []
    for list_name, (first, *others) in {
        "ofac": ("publisher-1", "publisher-2"),
        "un": ("publisher-3",),
    }.items():
        edition, at = first_edition(list_name, rng), 0.0
        for _ in range(rng.randint(2, 4)):
            events.append(Event(at, "edition", first, edition=edition))
            for other in others:
                late = rng.choice((0.0, 0.3, 1.5, 4.0))
                events.append(Event(at + late, "edition", other, edition=edition))
            at += 0.3 + rng.random() * 2.7
            edition = next_edition(edition, rng)
    return events


def _payments(rng: random.Random) -> list[Event]:
    """At any time, and in the moments in which a payment and the list race each other."""
    anywhen = [
        Event(rng.random() * (SECONDS + 2.0), "pay", rng.choice(PARTIES)) for _ in range(rng.randint(4, 8))
    ]
    racing = [Event(0.0, "pay meanwhile", steps=steps) for steps in rng.sample(range(1, 9), 2)]
    return anywhen + racing


def _faults(rng: random.Random) -> list[Event]:
    processes = [*WORKERS, *(name for name, _ in PUBLISHERS)]
    events = []
    for _ in range(rng.randint(1, 5)):
        what = rng.choice(FAULTS)
        event = Event(
            at=rng.random() * SECONDS,
            what=what,
            seconds=rng.choice((0.5, 2.0, 5.0, 9.0)) * (0.5 + rng.random()),
            steps=rng.randint(1, 80),
            share=rng.random(),
        )
        if what in ("kill", "stop"):
            event = replace(event, whom=rng.choice(processes))
        elif what == "upgrade":
            event = replace(event, whom=rng.choice(WORKERS))
        elif what == "compact":
            event = replace(event, whom=rng.choice(("kept", "taken, too")))
        elif what == "strays":
            event = replace(event, whom=rng.choice(tuple(LISTS)))
        elif what == "lossy":
            event = replace(event, share=0.05 + rng.random() * 0.3)
        elif what == "slow":
            event = replace(event, steps=rng.randint(2, 30))
        elif what == "skew":
            brokers = ("broker 1", "broker 2", "broker 3")
            jump = rng.choice((-3600, -5, 5, 1800))
            event = replace(event, whom=rng.choice((*processes, *brokers)), seconds=float(jump))
        elif what == "withdraw":
            event = replace(event, whom="un")
        elif what == "disposition":
            event = replace(event, whom=rng.choice(PARTIES))
        events.append(event)
    return events


assert not set(ALIASES) & set(PARTIES)
