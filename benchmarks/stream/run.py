"""One contender on one list: a backlog, then a steady load at half of the speed with which that went."""

import asyncio
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.stream.contenders import INTERDICT, Contender
from benchmarks.stream.made import Payment, payments
from benchmarks.stream.measure import backlog, latencies, make_topics, publish_list, send, wait_for
from benchmarks.stream.results import Result
from screening import Designation

LATENCY_SECONDS = 10.0
FEWEST = 100
"""Payments under which a percentile says nothing."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What is asked of every contender on one list."""

    bootstrap: str
    cores: Sequence[int]
    """For the workers, one each."""
    share: float
    """The part of its core that a worker may use."""
    listed: Sequence[Designation]
    payments: int
    """The backlog of one worker; several have so many times as much, to know as many words each."""
    most_seconds: float
    """Given to it, from the first decisions on."""

    def run(self, kind: str, workers: int, new: float, load: float = 0.0) -> Result:
        """`new`: the share of parties that no payment had before. Latency is taken at half of its own speed,
        and again at `load` payments a second, if that is asked for."""
        waiting = self.payments * workers
        with self._contender(kind, workers, payments(waiting, self.spellings, new=new)) as contender:
            worked = asyncio.run(backlog(contender, waiting, self.most_seconds))
            rate = worked.per_second / 2
            steady = list(payments(int(rate * LATENCY_SECONDS), self.spellings, 3, new))
            late: list[int] = []
            at_load: list[int] = []
            if worked.finished and len(steady) >= FEWEST:
                late = asyncio.run(latencies(contender, steady, rate))
            if load:
                fewer = list(payments(int(load * LATENCY_SECONDS), self.spellings, 5, new))
                at_load = asyncio.run(latencies(contender, fewer, load))
            ready, megabytes = contender.ready_seconds, contender.megabytes
        if not worked.finished and len(steady) >= FEWEST:
            # what it has not worked off would stand in front of the steady load: another start, without
            warming = payments(len(steady), self.spellings, 4, new)
            with self._contender(kind, workers, warming) as contender:
                asyncio.run(wait_for(contender, len(steady)))
                late = asyncio.run(latencies(contender, steady, rate))
        return Result(kind, len(self.spellings), workers, ready, megabytes, worked, late, new, at_load)

    def split(self, new: float) -> dict[str, float]:
        """Microseconds of CPU a payment that one worker of ours takes for each stage (`sampled.STAGES`)."""
        waiting = payments(self.payments, self.spellings, new=new)
        with tempfile.NamedTemporaryFile(prefix="interdict-bench-") as file:
            samples = Path(file.name)
            with self._contender(INTERDICT, 1, waiting, samples) as contender:
                worked = asyncio.run(backlog(contender, self.payments, self.most_seconds))
            lines = [line.partition(" ") for line in samples.read_text().splitlines()]
        ends = worked.since + worked.seconds
        found = Counter(stage for at, _, stage in lines if worked.since <= float(at) < ends)
        return {
            stage: worked.cpu_microseconds * looks / found.total() for stage, looks in found.most_common()
        }

    @property
    def spellings(self) -> list[str]:
        return [name.text for entry in self.listed for name in entry.names]

    @contextmanager
    def _contender(
        self, kind: str, workers: int, waiting: Iterable[Payment], samples: Path | None = None
    ) -> Iterator[Contender]:
        """On topics of its own, with these payments waiting: no contender sees another's records."""
        prefix = f"bench{uuid.uuid4().hex[:6]}-"
        make_topics(self.bootstrap, prefix)
        asyncio.run(publish_list(self.bootstrap, prefix, self.listed, self.listed[0].source))
        send(self.bootstrap, prefix, waiting)
        with tempfile.TemporaryDirectory(prefix="interdict-bench-") as folder:
            file = Path(folder) / "names.txt"
            file.write_text("\n".join(self.spellings))
            cores = self.cores[:workers]
            with Contender(kind, self.bootstrap, prefix, file, cores, self.share, samples) as contender:
                yield contender
