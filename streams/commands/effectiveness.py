"""`interdict effectiveness`: the filter effectiveness test that supervisors ask for, on the list in use."""

import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import orjson
import rich_click as click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from screening import Designation
from screening.decisions import MATCHER
from screening.evaluation.effectiveness import Effectiveness, Match, measure
from screening.evaluation.effectiveness_page import FLOOR, NOT_MEASURED, as_html, as_json, found_share
from screening.evaluation.headings import INDUSTRY
from screening.evaluation.variations import KINDS
from streams.commands._errors import Command
from streams.commands._options import FILE, Report, lists_option, policy_option
from streams.commands._text import Table
from streams.offline.lists import read_lists, screener_of
from streams.offline.policies import UTF8, load_policy
from streams.offline.snapshots import user_snapshots
from streams.worker.garbage import look_seldom

BELOW_FLOOR = 1
"""Exit code when a kind of variation is found less often than `--floor`."""


@click.command(cls=Command)
@lists_option
@policy_option
@click.option(
    "--clean",
    type=FILE,
    help="Names that are not listed, one a line: how many alert.",
)
@click.option(
    "--per-kind", type=click.IntRange(1), default=150, show_default=True, help="Forms of each kind."
)
@click.option("--floor", type=click.FloatRange(0, 1), default=0.0, help="Least recall of every kind, for CI.")
@click.option("--json", "as_json_", is_flag=True, help="Print the report as JSON, every miss named.")
@click.option("--html", type=Report(), help="Write a page as well.")
def command(
    lists: tuple[str, ...],
    policy: Path | None,
    clean: Path | None,
    per_kind: int,
    floor: float,
    as_json_: bool,
    html: Path | None,
) -> None:
    """Misspell, reorder, cut and transliterate the list's own names and see which are still found.

    The same list and policy give the same report. Exit code 0 when it is done, 1 when a kind is found less
    often than --floor, 2 for a wrong list or policy.
    """
    look_seldom()
    rules = load_policy(policy)
    held = read_lists(lists)
    screener = screener_of(held, rules, user_snapshots())
    names = _names_of(clean) if clean else []
    report = _measured(screener.match, [*held.entries.values()], names, per_kind)
    about = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "lists": ", ".join(f"{name} {state.version}" for name, state in screener.lists.versions.items()),
        "policy": rules.sha256,
        "threshold": f"{rules.threshold:.2f}",
        "matcher": MATCHER,
        "interdict": version("interdict"),
    }
    if html:
        html.write_text(as_html(report, about), "utf-8")
    if as_json_:
        click.echo(orjson.dumps(as_json(report, about), option=orjson.OPT_INDENT_2))
    else:
        _print(report)
    sys.exit(BELOW_FLOOR if any(result.recall < floor for result in report.kinds) else 0)


def _names_of(file: Path) -> list[str]:
    try:
        return [name for name in file.read_text(UTF8).splitlines() if name.strip()]
    except UnicodeDecodeError as error:
        text = f"{file}: byte {error.start} is not UTF-8; save the file as UTF-8"
        raise click.BadParameter(text, param_hint="--clean") from None


def _measured(match: Match, entries: list[Designation], names: list[str], per_kind: int) -> Effectiveness:
    columns = (TextColumn("trying names"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("names", total=len(KINDS) * per_kind + len(names))
        return measure(
            match, entries, names, per_kind=per_kind, advance=lambda count: progress.advance(task, count)
        )


def _print(report: Effectiveness) -> None:
    console = Console()
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("kind of variation")
    table.add_column("tried", justify="right")
    table.add_column("found", justify="right")
    table.add_column("missed, for example")
    for result in report.kinds:
        example = f"{result.misses[0].name} as {result.misses[0].written}" if result.misses else ""
        table.add_row(
            result.kind,
            str(result.tried),
            Text.assemble((found_share(result), "red" if result.recall < FLOOR else "")),
            example,
        )
    console.print(table)
    console.print(f"\nAll kinds: {report.recall:.1%} found.\n")
    for result in report.headings:
        found = found_share(result) + (f" of {result.tried:,}" if result.tried else "")
        industry = INDUSTRY.get(result.kind)
        console.print(f"{result.kind}: {found}" + (f" (industry {industry:.0%})" if industry else ""))
    if report.clean_names:
        console.print(
            f"Of {report.clean_names:,} names that are not listed {len(report.false_positives)} alert: "
            f"{report.false_positives_per_100k:.0f} in 100,000."
        )
    else:
        console.print(f"Names that are not listed: {NOT_MEASURED}; --clean FILE names some.")
