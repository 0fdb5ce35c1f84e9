"""`python -m benchmarks.matching.speed`: names a second, latency, updates and memory, beside the rivals.

One process, one core. Rates are by processor time, so that neighbours on the machine do not count; latencies
are by the wall clock. The rivals search the same list for the same names in the same run: rapidfuzz
by a full scan, LogicV2 on the entries that share a word with the name. Garbage is looked for as in a worker
between two batches.
"""

import argparse
import gc
import random
import statistics
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from itertools import islice

from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from benchmarks import logicv2
from benchmarks.matching.data import invented_names, machine, ofac, table
from benchmarks.stream.made import company
from benchmarks.stream.made import person as made_person
from screening import Designation, Kind, Name, Screener
from streams.worker.allocator import resident_bytes
from streams.worker.garbage import loading

US = 1e6


def main() -> None:
    """Measure and print; `--names` and `--million` say how much."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", type=int, default=100_000, help="distinct clean names")
    parser.add_argument("--rival-names", type=int, default=100, help="names the rivals scan the list for")
    parser.add_argument("--million", type=int, default=0, help="size of an invented list to measure as well")
    chosen = parser.parse_args()
    print(machine())
    names = list(invented_names(chosen.names))
    print("\n## OFAC\n")
    print(_measure(ofac(), names, chosen.rival_names))
    if chosen.rival_names and (reason := logicv2.missing()):
        print(f"\nLogicV2 left out: {reason}")
    if chosen.million:
        print(f"\n## {chosen.million:,} invented names\n")
        print(_measure(invented_list(chosen.million), names[:20_000], 0))


def _measure(
    designations: Iterator[Designation] | tuple[Designation, ...], names: list[str], rivals: int
) -> str:
    base = _memory_mb()
    started = time.process_time()
    screener = Screener()
    count = 0
    listed = []
    with loading():
        for designation in designations:
            screener.upsert(designation)
            count += len(designation.names)
            if rivals:
                listed.append(designation)
    rows = [("build", f"{time.process_time() - started:.1f} s for {count:,} names")]
    gc.set_threshold(10_000, 10, 1 << 30)  # what is remembered is not walked here either, as in a worker
    rows.append(("memory above base", f"{_memory_mb() - base:.0f} MB"))
    cold = _rate(screener.match, names)
    rows.append(("names/s, cold", f"{cold:,.0f}"))
    hits = sum(bool(screener.match(name)) for name in names)
    rows.append(("names that hit", f"{hits / len(names):.2%}"))
    screener.upsert(_PROBE)  # forgets whole names, keeps what is known of words
    warm = _rate(screener.match, names)
    rows.append(("names/s, words warm", f"{warm:,.0f}"))
    screener.remove(_PROBE.id)
    rows.append(("latency, words warm", _latency(screener.match, names[:20_000])))
    rows += _updates(screener, names)
    rows.append(("memory after all, above base", f"{_memory_mb() - base:.0f} MB"))
    if rivals:
        rows += _rivals(listed, names[:rivals], warm)
    return table(("what", "measured"), rows)


_PROBE = Designation(id="probe:1", names=(Name("Zqxyv Wkrjt"),), kind=Kind.PERSON)


def _rate(match: Callable[[str], object], names: list[str]) -> float:
    started = time.process_time()
    for name in names:
        match(name)
    return len(names) / (time.process_time() - started)


def _latency(match: Callable[[str], object], names: list[str]) -> str:
    taken = []
    for name in names:
        started = time.perf_counter()
        match(name)
        taken.append((time.perf_counter() - started) * US)
    taken.sort()
    p50, p99, p999 = (taken[int(len(taken) * share)] for share in (0.5, 0.99, 0.999))
    return f"p50 {p50:.0f}, p99 {p99:.0f}, p99.9 {p999:.0f}, most {taken[-1]:.0f} us"


def _updates(screener: Screener, names: list[str]) -> list[tuple[str, str]]:
    """One designation put, then searched past: by how much each holds the next payment up."""
    put, search = [], []
    for place in range(500):
        first, second = names[place * 2 % len(names)], names[(place * 2 + 1) % len(names)]
        designation = Designation(
            id=f"probe:{place}", names=(Name(f"{first} Zq{place}"), Name(second), Name(f"Zq{place} {second}"))
        )
        started = time.perf_counter()
        screener.upsert(designation)
        put.append((time.perf_counter() - started) * US)
        started = time.perf_counter()
        screener.match(names[-1 - place])
        search.append((time.perf_counter() - started) * US)
    for place in range(500):
        screener.remove(f"probe:{place}")
    return [
        ("put one designation of 3 names", _quantiles(put)),
        ("first search after it", _quantiles(search)),
    ]


def _quantiles(taken: list[float]) -> str:
    cuts = statistics.quantiles(taken, n=100)
    return f"p50 {cuts[49]:.0f}, p99 {cuts[98]:.0f} us"


def _rivals(listed: list[Designation], names: list[str], ours: float) -> list[tuple[str, str]]:
    prepared = [default_process(name.text) for entry in listed for name in entry.names]
    queries = [default_process(name) for name in names]
    rates = [
        ("rapidfuzz extract WRatio", _extract(queries, prepared, fuzz.WRatio, 85)),
        ("rapidfuzz extract token_set_ratio", _extract(queries, prepared, fuzz.token_set_ratio, 85)),
    ]
    if find_spec("numpy"):  # cdist needs it; we do not
        rates.append(("rapidfuzz cdist token_sort_ratio", _cdist(queries, prepared)))
    if not logicv2.missing():
        rates.append(_logic_v2(listed, names))
    rows = []
    for label, rate in rates:
        rows.append((f"{label}, names/s", f"{rate:,.0f}; interdict is {ours / rate:,.0f} times as fast"))
    return rows


def _logic_v2(listed: list[Designation], names: list[str]) -> tuple[str, float]:
    """The only rival that does not scan the list: brute force takes it seconds a name."""
    blocks = logicv2.Blocks(logicv2.entries(listed))
    candidates = sum(len(blocks.candidates(name)) for name in names) / len(names)
    label = f"nomenklatura LogicV2 on entries that share a rare word ({candidates:.0f} a name)"
    return label, _rate(blocks.match, names)


def _extract(queries: list[str], listed: list[str], scorer: Callable[..., float], cutoff: float) -> float:
    return _rate(lambda query: process.extract(query, listed, scorer=scorer, score_cutoff=cutoff), queries)


def _cdist(queries: list[str], listed: list[str]) -> float:
    started = time.process_time()
    process.cdist(queries, listed, scorer=fuzz.token_sort_ratio, score_cutoff=80, workers=1)
    return len(queries) / (time.process_time() - started)


OWN_SHARE, PERSON_SHARE = 0.08, 0.65
"""Of the invented list: persons that bear given and family names of the clean names' own, so many that one
clean name in six hits; and these together with persons of invented words. The others are companies."""
APART = 200_000
"""The clean names searched for come first; none of them is on the list itself."""


def invented_list(names: int) -> Iterator[Designation]:
    """A list of so many names, one to three an entry."""
    dice = random.Random(5)
    own = islice(invented_names(APART + names), APART, None)
    made = number = 0
    while made < names:
        entry = []
        for _ in range(min(dice.choice((1, 1, 2, 3)), names - made)):
            lot = dice.random()
            person = lot < PERSON_SHARE
            entry.append(next(own) if lot < OWN_SHARE else made_person(dice) if person else company(dice))
        kind = Kind.PERSON if person else Kind.ORGANIZATION
        yield Designation(id=f"made:{number}", names=tuple(map(Name, entry)), kind=kind)
        made += len(entry)
        number += 1


def _memory_mb() -> float:
    return resident_bytes() / (1 << 20)


if __name__ == "__main__":
    main()
