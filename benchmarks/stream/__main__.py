"""`python -m benchmarks.stream`: Interdict and its rivals on a real Kafka of this machine, in one table."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import rich_click as click
from rich.console import Console

from benchmarks.stream.contenders import INTERDICT, RAW, TITLES, missing
from benchmarks.stream.machine import machine, worker_cores
from benchmarks.stream.made import ALL_NEW, HALF_NEW, OFAC_NAMES, OFTEN_NEW, TYPICAL, designations
from benchmarks.stream.options import shares_of_new
from benchmarks.stream.report import write_report
from benchmarks.stream.results import Result, our_load
from benchmarks.stream.run import Trial
from benchmarks.stream.tables import markdown, show
from screening import Designation, parse_list
from tests.kafka.broker import JVM_AS_SHIPPED, KafkaCluster


@click.command()
@click.option("--kinds", default=",".join(TITLES), show_default=True, help="Contenders.")
@click.option("--names", multiple=True, type=int, help=f"Size of a made-up list.  [default: {OFAC_NAMES}]")
@click.option(
    "--ofac",
    type=click.Path(exists=True, path_type=Path),
    help="The real list instead, or before (CSV folder).",
)
@click.option("--payments", "count", default=200_000, show_default=True, help="Backlog of a worker.")
@click.option(
    "--most-seconds", default=90.0, show_default=True, help="Given to a backlog, from the first decisions on."
)
@click.option(
    "--workers",
    multiple=True,
    default=(1,),
    type=click.IntRange(1),
    help="Processes of Interdict, each on a core of its own; again for several. Rivals get the first.",
)
@shares_of_new(ALL_NEW, HALF_NEW, OFTEN_NEW, TYPICAL, more=" Rivals get the first.")
@click.option(
    "--core-share",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0.1, 1.0),
    help="Part of its core that a worker may use, so that broker and source have the rest; needs root.",
)
@click.option("--markdown", "as_markdown", is_flag=True, help="Print Markdown.")
@click.option(
    "--report", type=click.Path(file_okay=False, path_type=Path), help="Also write page and plots: docs."
)
def main(
    kinds: str,
    names: tuple[int, ...],
    ofac: Path | None,
    count: int,
    most_seconds: float,
    workers: tuple[int, ...],
    shares: tuple[float, ...],
    core_share: float,
    as_markdown: bool,
    report: Path | None,
) -> None:
    """Work off a backlog, then a steady load at half that speed, one contender after the other.

    Each worker has one core; broker and load generator have the cores that are left, or share where none is.
    """
    console = Console()
    contenders = list(_contenders(kinds, workers, shares, console))
    about = f"{machine()}; {_conditions(count, core_share)}."
    results: list[Result] = []
    cores = _cores(max(workers))
    with cluster() as bootstrap:
        for listed in _lists(names, ofac):
            trial = Trial(bootstrap, cores, core_share, listed, count, most_seconds)
            for kind, processes, new in contenders:
                load = our_load(results, processes) if kind == RAW else 0.0
                one = trial.run(kind, processes, new, load)
                results.append(one)
                console.print(
                    f"{one.title}, {new:.0%} new: {one.backlog.per_second:,.0f} payments/s", highlight=False
                )
    if as_markdown:
        print(markdown(results, about))
    else:
        show(console, results, about)
    if report:
        for file in write_report(report, results, about):
            console.print(f"wrote {file}", highlight=False)


def _conditions(count: int, core_share: float) -> str:
    backlog = f"a backlog of {count:,} payments of four parties a worker, of which the second half counts"
    return f"{backlog}; each worker held to {core_share:.0%} of its core" if core_share < 1 else backlog


def _contenders(
    kinds: str, workers: Sequence[int], shares: Sequence[float], console: Console
) -> Iterator[tuple[str, int, float]]:
    """Kind, processes and share of new parties of each run."""
    for kind in kinds.split(","):
        if kind not in TITLES:
            raise click.BadParameter(f"{kind} is none of {', '.join(TITLES)}", param_hint="--kinds")
        if reason := missing(kind):
            console.print(f"{TITLES[kind]} left out: {reason}", highlight=False, markup=False)
            continue
        ours = kind == INTERDICT
        for processes in workers if ours else workers[:1]:
            for new in shares if ours else shares[:1]:
                yield kind, processes, new


def _lists(names: Sequence[int], ofac: Path | None) -> Iterator[list[Designation]]:
    if ofac:
        yield list(parse_list("ofac", ofac))
    for size in names or (() if ofac else (OFAC_NAMES,)):
        yield list(designations(size))


def _cores(workers: int) -> list[int]:
    """The workers' cores. This process moves to the others, if any, with the broker that it starts."""
    try:
        cores = worker_cores(workers)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--workers") from error
    if others := os.sched_getaffinity(0) - set(cores):
        os.sched_setaffinity(0, others)
    return cores


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """The bootstrap address of the Kafka to measure on: KAFKA_BOOTSTRAP, else one of our own."""
    if given := os.environ.get("KAFKA_BOOTSTRAP"):
        yield given
        return
    with KafkaCluster(jvm=JVM_AS_SHIPPED) as cluster:
        yield cluster.bootstrap


if __name__ == "__main__":
    main()
