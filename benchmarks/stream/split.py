"""`python -m benchmarks.stream.split`: where a worker's CPU time goes, stage by stage, on a real Kafka.

`benchmarks.stream.stages` measures those that need no Kafka one by one, with caches warm for each.
"""

from pathlib import Path

import rich_click as click

from benchmarks.stream.__main__ import cluster
from benchmarks.stream.machine import machine, worker_cores
from benchmarks.stream.made import ALL_NEW, OFAC_NAMES, OFTEN_NEW, TYPICAL, designations
from benchmarks.stream.options import shares_of_new
from benchmarks.stream.run import Trial
from screening import parse_list


@click.command()
@click.option("--names", default=OFAC_NAMES, show_default=True, help="Size of the made-up list.")
@click.option("--ofac", type=click.Path(exists=True, path_type=Path), help="The real list instead (CSV).")
@click.option(
    "--payments", "count", default=60_000, show_default=True, help="Backlog; its second half counts."
)
@shares_of_new(ALL_NEW, OFTEN_NEW, TYPICAL)
@click.option("--most-seconds", default=300.0, show_default=True, help="Given to a backlog.")
def main(names: int, ofac: Path | None, count: int, shares: tuple[float, ...], most_seconds: float) -> None:
    """Print microseconds of CPU a payment of four parties, stage by stage, of one worker."""
    listed = list(parse_list("ofac", ofac) if ofac else designations(names))
    with cluster() as bootstrap:
        trial = Trial(bootstrap, worker_cores(1), 1.0, listed, count, most_seconds)
        measured = [trial.split(new) for new in shares]
    click.echo(f"{machine()}; {len(trial.spellings):,} names, the second half of {count:,} payments\n")
    click.echo("| stage, µs of CPU a payment | " + " | ".join(f"{new:.0%} new" for new in shares) + " |")
    click.echo("|---|" + "---:|" * len(shares))
    for stage in dict.fromkeys(stage for one in measured for stage in one):
        click.echo(f"| {stage} | " + " | ".join(f"{one.get(stage, 0.0):,.0f}" for one in measured) + " |")
    click.echo("| all | " + " | ".join(f"{sum(one.values()):,.0f}" for one in measured) + " |")


if __name__ == "__main__":
    main()
