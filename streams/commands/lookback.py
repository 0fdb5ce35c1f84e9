"""`interdict lookback`: the recent payments again, against the designations that changed."""

import asyncio
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import rich_click as click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from config.settings import Settings
from streams.audit.key import audit_key
from streams.commands._errors import Command
from streams.commands._options import PORT, Duration, settings_from, settings_options
from streams.commands._progress import Lines
from streams.commands._service import begin, serve_metrics, stop_signals
from streams.kafka.clock import end_when_the_clock_is_set_back
from streams.kafka.connection import aiokafka_options, librdkafka_options
from streams.kafka.promises import refuse_vanishing
from streams.kafka.topics import Topics
from streams.lists.log import ListLog, read_list
from streams.lookback.follow import Follower
from streams.lookback.metrics import LookbackMetrics
from streams.lookback.run import LookbackRun, OnProgress, Report
from streams.offline.policies import load_policy
from streams.offline.snapshots import user_snapshots
from streams.records.dispositions import suppression_rules
from streams.registry.reading import reader_of
from streams.worker.garbage import look_seldom

NICENESS = 10
"""Where a worker runs on the same machine, it comes first."""


@click.command(cls=Command)
@settings_options
@click.option("--group", help="Consumer group of the workers; progress is kept under its name.")
@click.option(
    "--since", type=Duration(), help="How far back, such as 30d or 12h.  [default: the setting lookback_days]"
)
@click.option(
    "--designation",
    "designations",
    multiple=True,
    metavar="ID",
    help="Only this one, such as ofac:44521; may be repeated.  [default: all that changed in that time]",
)
@click.option("--follow", is_flag=True, help="Stay, and look back by itself whenever a list is published.")
@click.option(
    "--metrics-port",
    type=PORT,
    help="With --follow: serve Prometheus metrics on this port.",
)
@click.option("--json", "as_json", is_flag=True, help="Print each report as one line of JSON.")
def command(
    since: float | None,
    designations: tuple[str, ...],
    follow: bool,
    metrics_port: int | None,
    as_json: bool,
    **flags: object,
) -> None:
    """Screen past payments against designations that changed, and alert what would have been a hit.

    The newest payments come first, since they can still be stopped. Alerts have the trigger `lookback`, the
    original decision, and whether the payment can be stopped as far as its status says. What was alerted
    before is not alerted again. Broken off, the same command goes on where it stopped.

    Exit code 0 when done, 2 when the broker or the list does not allow it.
    """
    if follow and designations:
        raise click.UsageError("--follow looks at everything that changes; leave out --designation")
    settings = settings_from(**flags)
    topics = Topics(settings.topic_prefix)  # a true positive that has vanished would not be alerted
    asyncio.run(refuse_vanishing(aiokafka_options(settings), (topics.dispositions,), "nobody looks back"))
    os.nice(NICENESS)
    look_seldom()
    window = since or settings.lookback_days * 86400
    if follow:
        _follow(settings, window, as_json, metrics_port)
    else:
        _once(settings, window, designations, as_json)


def _once(settings: Settings, window: float, designations: tuple[str, ...], as_json: bool) -> None:
    client, topics = librdkafka_options(settings), Topics(settings.topic_prefix)
    start = time.time() - window
    listed = read_list(client, topics.designations, load_policy(settings.policy_file), user_snapshots())
    changed = set(designations) or {name for name, at in listed.written.items() if at.time >= start}
    _refuse_unknown(designations, listed)
    with _progress() as show:
        run = LookbackRun(
            client,
            topics,
            listed,
            changed,
            since=start,
            group=settings.group,
            rules=suppression_rules(settings),
            key=audit_key(settings),
            progress=show,
            read=reader_of(settings),
        )
        report = run.run()
    _print(report, as_json)


def _refuse_unknown(designations: tuple[str, ...], listed: ListLog) -> None:
    unknown = [name for name in designations if name not in listed.written]
    if unknown:
        raise click.UsageError(f"not on any list in force: {', '.join(unknown)}")


def _follow(settings: Settings, window: float, as_json: bool, metrics_port: int | None) -> None:
    begin(settings)
    metrics = LookbackMetrics()
    serve_metrics(metrics.registry, metrics_port, settings)
    stopped = stop_signals()

    def stop() -> bool:
        metrics.looked()
        return bool(stopped)

    def done(report: Report) -> None:
        metrics.done(report)
        _print(report, as_json)

    def progress(report: Report) -> None:
        metrics.looked()
        show(report)

    with end_when_the_clock_is_set_back(), _progress() as show:
        follower = Follower(
            librdkafka_options(settings),
            Topics(settings.topic_prefix),
            load_policy(settings.policy_file),
            window_seconds=window,
            group=settings.group,
            rules=suppression_rules(settings),
            key=audit_key(settings),
            progress=progress,
            read=reader_of(settings),
            done=done,
            snapshots=user_snapshots(),
        )
        follower.run(stop=stop)


def _print(report: Report, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(report)))
        return
    rate = report.payments / report.seconds if report.seconds else 0.0
    resumed = ", resumed" if report.resumed else ""
    click.echo(
        f"{report.payments:,} payments against {report.designations:,} designations{resumed}: "
        f"{report.alerts:,} new alerts, {report.seconds:.1f} s, {rate:,.0f} payments/s"
    )
    if report.gone_before:
        click.echo(f"payments from before {report.gone_before} are gone: nobody looked at them", err=True)
    if report.unreadable:
        click.echo(f"{report.unreadable:,} messages are no payments; see the dead letters", err=True)


@contextmanager
def _progress() -> Iterator[OnProgress]:
    """A bar on stderr; a line now and then where that is no terminal."""
    if not sys.stderr.isatty():
        lines = Lines("payments looked at")
        yield lambda report: lines.at(report.payments, report.planned, f", {report.alerts:,} alerts")
        return
    columns = (TextColumn("looking back"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    alerts = TextColumn("{task.fields[alerts]} alerts")
    with Progress(*columns, alerts, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("payments", total=None, alerts=0)

        def show(report: Report) -> None:
            bar.update(task, total=report.planned, completed=report.payments, alerts=report.alerts)

        yield show
