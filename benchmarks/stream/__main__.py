"""`python -m benchmarks.stream`: Interdict and its rivals on a real Kafka of this machine, in one table."""

import asyncio
import contextlib
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import rich_click as click
from rich.console import Console
from rich.table import Table

from benchmarks.stream.contenders import RIVALS, Contender, machine, missing, names_file
from benchmarks.stream.made import OFAC_NAMES, designations, payments
from benchmarks.stream.measure import Backlog, backlog, latencies, make_topics, percentile, publish_list, send
from screening import parse_list
from tests.kafka.broker import KafkaCluster

TITLES = {"interdict": "Interdict"} | RIVALS
LATENCY_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Result:
    kind: str
    names: int
    ready_seconds: float
    megabytes: float
    backlog: Backlog
    rate: float
    latencies: list[int]


@click.command()
@click.option("--kinds", default="interdict,raw,newcomer,logicv2", show_default=True)
@click.option("--names", default=OFAC_NAMES, show_default=True, help="Size of the made-up list.")
@click.option(
    "--ofac", type=click.Path(exists=True, path_type=Path), help="The real list instead (CSV folder)."
)
@click.option("--payments", "count", default=60_000, show_default=True, help="Backlog to work off.")
@click.option("--most-seconds", default=60.0, show_default=True, help="Give up on a backlog after this.")
@click.option("--markdown", is_flag=True, help="Print the table as Markdown.")
def main(kinds: str, names: int, ofac: Path | None, count: int, most_seconds: float, markdown: bool) -> None:
    """Work off a backlog, then a steady load at half that speed, one contender after the other on one core.

    Broker and load generator have the machine's other cores.
    """
    console = Console()
    listed = list(parse_list("ofac", ofac) if ofac else designations(names))
    spellings = [name.text for entry in listed for name in entry.names]
    with _cluster() as bootstrap:
        results = []
        for kind in kinds.split(","):
            if reason := missing(kind):
                console.print(f"{TITLES[kind]}: left out, {reason}")
                continue
            prefix = f"bench{uuid.uuid4().hex[:6]}-"
            make_topics(bootstrap, prefix)
            asyncio.run(publish_list(bootstrap, prefix, listed, listed[0].source))
            asyncio.run(send(bootstrap, prefix, payments(count, spellings)))
            core = max(os.sched_getaffinity(0))
            with Contender(kind, bootstrap, prefix, names_file(spellings), core) as contender:
                worked = asyncio.run(backlog(contender, count, most_seconds))
                rate = worked.per_second / 2
                steady = list(payments(int(rate * LATENCY_SECONDS), spellings, seed=3))
                late = (
                    asyncio.run(latencies(contender, steady, rate)) if rate * LATENCY_SECONDS >= 100 else []
                )
                results.append(
                    Result(
                        kind,
                        len(spellings),
                        contender.ready_seconds,
                        contender.megabytes,
                        worked,
                        rate,
                        late,
                    )
                )
            console.print(f"{TITLES[kind]}: {worked.per_second:,.0f} payments/s", highlight=False)
    _print(console, results, markdown)


@contextlib.contextmanager
def _cluster() -> Iterator[str]:
    if given := os.environ.get("KAFKA_BOOTSTRAP"):
        yield given
        return
    with KafkaCluster() as cluster:
        yield cluster.bootstrap


HEAD = (
    "",
    "names",
    "payments/s",
    "CPU µs/payment",
    "load/s",
    "p50 ms",
    "p99 ms",
    "p99.9 ms",
    "ready s",
    "MB",
)


def _rows(results: list[Result]) -> Iterator[list[str]]:
    for one in results:
        late = [
            f"{percentile(one.latencies, share)}" if one.latencies else "-" for share in (0.5, 0.99, 0.999)
        ]
        yield [
            TITLES[one.kind],
            f"{one.names:,}",
            f"{one.backlog.per_second:,.0f}",
            f"{one.backlog.cpu_microseconds:,.0f}",
            f"{one.rate:,.0f}" if one.latencies else "-",
            *late,
            f"{one.ready_seconds:.1f}" if one.kind == "interdict" else "-",
            f"{one.megabytes:,.0f}",
        ]


def _print(console: Console, results: list[Result], markdown: bool) -> None:
    if markdown:
        print(f"{machine()}\n\n| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}")
        for row in _rows(results):
            print(f"| {' | '.join(row)} |")
        return
    table = Table(*HEAD, caption=machine())
    for row in _rows(results):
        table.add_row(*row)
    console.print(table)


if __name__ == "__main__":
    main()
