"""What is said of dispositions together: how right the hits were, what is silenced, and the open cases."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import rich_click as click
from rich.console import Console

from config.settings import Settings
from screening import Screener
from screening.cases.caseload import Caseload, caseloads
from screening.cases.dispositions import Given, Proposal, Proposed, Verdict
from screening.cases.precision import precision
from screening.policy.rails import rail_names
from streams.caseload import read_cases
from streams.commands._errors import Command
from streams.commands._options import Duration, settings_from, settings_options
from streams.commands._standing import listed, read
from streams.commands._text import Table
from streams.kafka.connection import librdkafka_options
from streams.kafka.topics import Topics
from streams.offline.policies import load_policy
from streams.records.dispositions import suppression_rules

GROUPS = ("list", "reason", "action", "rail", "bank")


@click.command(cls=Command)
@settings_options
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each row.")
def report(as_json: bool, **flags: object) -> None:
    """Print how many hits were true, by list and by what hit, and what is silenced: by whom and for how long;
    and what waits for a second person.

    Of each false positive it says whether its pair is silent today, or why it would alert: expired, not
    approved, older than the longest time, or the list says something else of it now.
    """
    settings = settings_from(**flags)
    _, known = read(settings)
    silenced = [*_silenced(settings, [*known.given()])]
    waiting = [*map(_waiting, known.proposed())]
    rates = [
        {"list": source, "reason": reason, "true": counted.true, "false": counted.false}
        | {"precision": round(counted.ratio, 4)}
        for (source, reason), counted in sorted(precision(known).items())
    ]
    if as_json:
        for row in [*rates, *silenced, *waiting]:
            click.echo(json.dumps(row, ensure_ascii=False))
        return
    console, table = Console(), Table("list", "reason", "true", "false", "precision")
    for rate in rates:
        table.add_row(*(str(rate[name]) for name in list(rate)[:4]), f"{rate['precision']:.1%}")
    console.print(table)
    shown = Table("pair", "by", "approved by", "why", "given", "until", "today")
    for row in silenced:
        shown.add_row(*(str(row[name]) for name in row))
    console.print(shown)
    if waiting:
        asked = Table("pair", "by", "proposes", "why", "given", title="waits for a second person")
        for row in waiting:
            asked.add_row(*row.values())
        console.print(asked)
    alerting = sum(row["today"] != SILENT for row in silenced)
    console.print(f"{len(silenced)} false positives, {alerting} of them would alert today")


@click.command(cls=Command)
@settings_options
@click.option(
    "--since", type=Duration(), default="30d", show_default=True, help="How far back alerts are read."
)
@click.option("--by", type=click.Choice(GROUPS), default=GROUPS[0], show_default=True, help="Count by this.")
@click.option(
    "--deadline",
    "deadlines",
    type=(str, Duration()),
    multiple=True,
    metavar="RAIL DURATION",
    help="In what time a rail's alerts must have a disposition; `any`: of every other rail. May be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each row.")
def caseload(
    since: float, by: str, deadlines: tuple[tuple[str, float], ...], as_json: bool, **flags: object
) -> None:
    """Print what management asks of the alerts: how many, how old, how many late, how many true.

    Counted by list, by what hit, by action, by rail or by the bank whose customer pays.
    """
    settings = settings_from(**flags)
    now = datetime.now(UTC)
    within = {rail: timedelta(seconds=seconds) for rail, seconds in deadlines}
    rail_names(within, "--deadline")
    cases = read_cases(
        librdkafka_options(settings),
        Topics(settings.topic_prefix),
        (now - timedelta(seconds=since)).timestamp(),
        read(settings)[1].given(),
        suppression_rules(settings),
    )
    rows = [{by: name, **_figures(load)} for name, load in caseloads(cases, by, now, within).items()]
    if as_json:
        for row in rows:
            click.echo(json.dumps(row | {"at": now.isoformat(timespec="seconds")}, ensure_ascii=False))
        return
    headings = (name.replace("_", " ") for name in FIGURES)
    table = Table(
        by, *headings, title=f"alerts of the {since / 86400:g} days before {now:%Y-%m-%d %H:%M} UTC"
    )
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row.values()))
    Console().print(table)


FIGURES = ("alerts", "open", "late", "oldest_open_hours", "usual_hours", "judged_pairs", "precision")


def _figures(load: Caseload) -> dict[str, int | float | None]:
    oldest, usual, ratio = load.oldest, load.usual, load.precision
    counted = (load.alerts, len(load.open_ages), load.late)
    ages = (None if age is None else round(age.total_seconds() / 3600, 2) for age in (oldest, usual))
    judged = (len(load.verdicts), None if ratio is None else round(ratio, 4))
    return dict(zip(FIGURES, (*counted, *ages, *judged), strict=True))


SILENT = "silent"


def _waiting(waits: Proposed) -> dict[str, str]:
    asked, at = waits.proposal, waits.at.isoformat(timespec="seconds") if waits.at else ""
    return {
        "pair": asked.pair,
        "by": asked.by,
        "proposes": proposed(asked),
        "why": asked.reason,
        "given": at,
    }


def _silenced(settings: Settings, known: Sequence[Given]) -> Iterator[dict[str, str]]:
    """Every false positive and what it does today, the last to end first."""
    rules, now = suppression_rules(settings), datetime.now(UTC)
    false = [one for one in known if one.disposition.verdict is Verdict.FALSE_POSITIVE]
    entries = listed(settings, {one.disposition.designation_id for one in false})
    embargoes = Screener(load_policy(settings.policy_file))
    for one in sorted(false, key=lambda one: one.disposition.until, reverse=True):
        disposition, at = one.disposition, one.at or now
        entry = entries.get(disposition.designation_id) or embargoes.get(disposition.designation_id)
        yield {
            "pair": disposition.key,
            "by": disposition.by,
            "approved_by": disposition.approved_by,
            "why": disposition.reason,
            "given": at.isoformat(timespec="seconds"),
            "until": rules.ends(one).isoformat(timespec="seconds"),
            "today": rules.why_not(one, entry, now) or SILENT,
        }


def proposed(proposal: Proposal) -> str:
    """What waits for a second person, in a few words."""
    disposition = proposal.disposition
    return f"{disposition.verdict} until {disposition.until.isoformat()}" if disposition else "withdrawn"
