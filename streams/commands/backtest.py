"""`interdict backtest`: two policies over the same payments, and what each alerts."""

import json
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import rich_click as click
from rich.console import Console

from config.settings import Settings
from screening import Policy, Screener
from screening.decisions import MATCHER
from screening.evaluation.comparison import SIDES, Comparison
from screening.judge import decide
from screening.payments import PaymentError
from streams.backtest.page import TITLES, page
from streams.backtest.report import BacktestReport
from streams.backtest.shadow_report import shadow_report
from streams.commands._errors import Command
from streams.commands._options import FILE, Duration, Report, settings_from, settings_options
from streams.commands._progress import shown
from streams.commands._text import Table
from streams.kafka.connection import librdkafka_options
from streams.kafka.log import TopicLog
from streams.kafka.topics import Topics
from streams.lists.log import read_list
from streams.offline.lists import load_screener
from streams.offline.payments import STDIN, messages_in
from streams.offline.policies import load_policy
from streams.offline.snapshots import user_snapshots
from streams.registry.reading import PaymentReader, reader_of
from streams.worker.garbage import look_seldom


@click.command(cls=Command)
@settings_options
@click.option("--policy", type=FILE, help="The current policy.  [default: the one in force]")
@click.option("--against", type=FILE, help="The proposed policy.  [default: the current one]")
@click.option(
    "--list", "lists", multiple=True, metavar="SOURCE:PATH", help="A list file; default: the topic's lists."
)
@click.option(
    "--against-list", "proposed_lists", multiple=True, metavar="SOURCE:PATH", help="Lists of the proposal."
)
@click.option("--since", type=Duration(), help="The payments topic of that time, such as 7d.")
@click.option("--shadow", is_flag=True, help="What the workers' shadow policy was found to do, with --since.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON instead of tables.")
@click.option("--html", type=Report(), help="Write it as one HTML page as well.")
@click.argument("payments", nargs=-1)
def command(
    policy: Path | None,
    against: Path | None,
    lists: tuple[str, ...],
    proposed_lists: tuple[str, ...],
    since: float | None,
    shadow: bool,
    as_json: bool,
    html: Path | None,
    payments: tuple[str, ...],
    **flags: object,
) -> None:
    """Screen the same payments twice, with the current and a proposed policy, and compare.

    PAYMENTS are files as `interdict screen` takes them; or --since takes them from the payments topic.
    Nothing is written to any topic. --shadow adds up what workers with a shadow policy compared instead. The
    report is documented evidence for tuning (NYDFS Part 504.3).

    Exit code 0 when done, 2 for a wrong option, path, list or policy, and where the broker does not allow it.
    """
    if shadow:
        if payments or policy or against or lists or proposed_lists or not since:
            raise click.UsageError("--shadow takes --since, and neither payments, policies nor lists")
        report = _shadow(settings_from(**flags), since)
    else:
        if bool(payments) == bool(since):
            raise click.UsageError("give payment files, or --since for the payments topic")
        if against is None and not proposed_lists:
            raise click.UsageError("give --against, --against-list or both: what is proposed?")
        settings = settings_from(**flags)
        report = _compared(
            settings, policy or settings.policy_file, against, lists, proposed_lists, since, payments
        )
    _output(report, as_json, html)


def _compared(
    settings: Settings,
    policy: Path | None,
    against: Path | None,
    lists: tuple[str, ...],
    proposed_lists: tuple[str, ...],
    since: float | None,
    payments: tuple[str, ...],
) -> BacktestReport:
    """What both sides say of the same payments."""
    look_seldom()
    ours = load_policy(policy)
    theirs = load_policy(against) if against else ours
    current = _screener(settings, lists, ours)
    if (proposed_lists or lists) == lists and ours.ownership == theirs.ownership:
        proposed = current.under(theirs)  # one table for both: it is read and indexed once
    else:
        proposed = _screener(settings, proposed_lists or lists, theirs)
    comparison, unread = _compare(
        _messages(settings, payments, since), current, proposed, reader_of(settings)
    )
    report = {
        "current": _named(policy, lists),
        "proposed": _named(against or policy, proposed_lists or lists),
        "current_policy": ours.sha256,
        "proposed_policy": theirs.sha256,
        "source": ", ".join(payments) if payments else f"the last {(since or 0) / 3600:g} hours",
        "unreadable": unread,
        **comparison.report(),
    }
    return cast(BacktestReport, report)


def _shadow(settings: Settings, since: float) -> BacktestReport:
    topic = Topics(settings.topic_prefix).shadow
    return shadow_report(librdkafka_options(settings), topic, time.time() - since)


def _output(report: BacktestReport, as_json: bool, html: Path | None) -> None:
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    report = {"made_at": made_at, "matcher": MATCHER, **report}
    try:
        if html:
            html.write_text(page(report), encoding="utf-8")
    finally:  # a full disk does not take what was compared
        if as_json:
            click.echo(json.dumps(report, ensure_ascii=False))
        else:
            _print(report)


def _screener(settings: Settings, lists: tuple[str, ...], policy: Policy) -> Screener:
    if lists:
        return load_screener(lists, policy, user_snapshots())
    topic = Topics(settings.topic_prefix).designations
    return read_list(librdkafka_options(settings), topic, policy, user_snapshots()).screener


def _messages(
    settings: Settings, paths: tuple[str, ...], since: float | None
) -> Iterator[tuple[bytes | None, Mapping[str, bytes | None]]]:
    """Raw messages and their headers."""
    for path in paths:
        if path != STDIN and not Path(path).exists():
            raise FileNotFoundError(f"{path}: no such file or folder")
        for message in messages_in(path):
            yield message.raw, {}
    if since:
        topic = Topics(settings.topic_prefix).payments
        with TopicLog(librdkafka_options(settings), topic) as log:
            for record in log.read_all(log.spans(time.time() - since)):
                yield record.value, record.headers


def _compare(
    messages: Iterator[tuple[bytes | None, Mapping[str, bytes | None]]],
    current: Screener,
    proposed: Screener,
    read: PaymentReader,
) -> tuple[Comparison, int]:
    comparison, unread, now = Comparison(), 0, datetime.now(UTC)
    for raw, headers in shown(messages, "payments compared"):
        try:
            decoded = read(raw, headers, current.policy.mappings)
        except PaymentError:
            unread += 1
            continue
        for payment in decoded:
            comparison.add(
                payment,
                *(decide(payment, side, None, None, now, "backtest") for side in (current, proposed)),
            )
    return comparison, unread


def _named(policy: Path | None, lists: tuple[str, ...]) -> str:
    return " with ".join([str(policy or "the shipped policy"), ", ".join(lists) or "the lists in force"])


def _print(report: BacktestReport) -> None:
    console = Console()
    rate = report["alerts_per_1000_payments"]
    console.print(
        f"{report['payments']:,} payments; per 1,000 of them {rate['current']:g} alerts now, "
        f"{rate['proposed']:g} as proposed"
    )
    if report["unreadable"]:
        console.print(f"{report['unreadable']:,} messages are no payments and were left out")
    if report.get("left_out"):
        console.print(f"{report['left_out']:,} payments were not compared: their workers were busy")
    table = Table("", "in both", "only current", "only proposed")
    rows = {"payments with a hit": report["alerts"], "hits": report["hits"]}
    for name in TITLES:
        rows |= {f"{name} {value}": counts for value, counts in report["by"][name].items()}
    for text, counts in rows.items():
        table.add_row(text, *(f"{counts[side]:,}" for side in SIDES))
    console.print(table)
    examples = Table("payment", "says", "designation", "matched", "score", "current", "proposed")
    for example in report["examples"][:20]:
        examples.add_row(
            example["payment_id"],
            example["value"],
            example["designation_id"],
            example["matched"],
            str(example["score"]),
            example["current"],
            example["proposed"],
        )
    console.print(examples)
