"""What is measured of one contender on one list, and how the contenders compare."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.stream.contenders import INTERDICT, RAW, TITLES
from benchmarks.stream.made import ALL_NEW

SHARES = (0.5, 0.99, 0.999)
"""The percentiles of latency that are shown."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """How fast a backlog was worked off."""

    decided: int
    seconds: float
    cpu_seconds: float
    finished: bool
    """Whether all of it was worked off in the time given."""
    cold_per_second: float = 0.0
    """Payments a second in its first tenth, when most words are new; 0 where that was not seen."""
    since: float = 0.0
    """The monotonic clock when what counts began."""

    @property
    def per_second(self) -> float:
        return self.decided / self.seconds if self.seconds else 0.0

    @property
    def cpu_microseconds(self) -> float:
        """CPU time of the processes for one payment: what their cores had left for others does not count."""
        return self.cpu_seconds / self.decided * 1e6 if self.decided else 0.0


@dataclass(frozen=True, slots=True)
class Result:
    kind: str
    names: int
    workers: int
    ready_seconds: float
    megabytes: float
    backlog: Backlog
    latencies: list[int]
    """Milliseconds, sorted; empty where the load was too small to tell."""
    new: float = ALL_NEW
    """Of the stream's parties, those that no payment had before."""
    at_our_load: Sequence[int] = ()
    """Milliseconds, sorted: of raw aiokafka at the load at which Interdict's were measured."""

    @property
    def title(self) -> str:
        return TITLES[self.kind] + (f", {self.workers} workers" if self.workers > 1 else "")

    @property
    def percentiles(self) -> list[int]:
        """Milliseconds at SHARES; empty without latencies."""
        return percentiles(self.latencies)


def percentiles(latencies: Sequence[int]) -> list[int]:
    """At SHARES, of sorted ones; empty without any."""
    last = len(latencies) - 1
    return [latencies[min(last, int(len(latencies) * share))] for share in SHARES] if latencies else []


def our_load(results: Sequence[Result], workers: int) -> float:
    """Payments a second under which the fastest stream of so many workers of ours had its latency taken."""
    ours = (one for one in results if one.kind == INTERDICT and one.workers == workers)
    return max((one.backlog.per_second for one in ours), default=0.0) / 2


@dataclass(frozen=True, slots=True)
class Ratio:
    """Interdict against another result on the same list; 0 where one of the two decided nothing."""

    ours: str
    other: str
    names: int
    new: float
    payments: float
    """Interdict's payments a second, in the other's."""
    cpu: float
    """The other's CPU time for a payment, in Interdict's."""


def ratios(results: Sequence[Result]) -> Iterator[Ratio]:
    """Interdict against each rival on as many workers, and against itself on one worker, on the same stream;
    raw aiokafka, which looks at no party, stands for every stream."""
    for one in results:
        for other in results:
            if one.kind != INTERDICT or one.names != other.names:
                continue
            same = other.kind == RAW or other.new == one.new
            rival = other.kind != INTERDICT and other.workers == one.workers
            scaling = other.kind == INTERDICT and one.workers > other.workers == 1
            if same and (rival or scaling):
                ours, its = one.backlog, other.backlog
                yield Ratio(
                    one.title,
                    other.title,
                    one.names,
                    one.new,
                    _share(ours.per_second, its.per_second),
                    _share(its.cpu_microseconds, ours.cpu_microseconds),
                )


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
