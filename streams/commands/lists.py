"""`interdict lists publish|withdraw|status|watch`: bring lists to the topic, see that they are in force."""

import asyncio
import atexit
import dataclasses
import getpass
import os
import shutil
import tempfile
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import orjson
import rich_click as click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from config.settings import Settings
from screening import ListError
from screening.lists import PARSERS, list_name
from screening.lists.catalogue import OFFICIAL
from streams.commands._errors import Group
from streams.commands._options import settings_from, settings_options
from streams.commands._service import begin, metrics_port_option, serve_metrics, until_stopped
from streams.commands._text import Table
from streams.kafka.connection import aiokafka_options, librdkafka_options
from streams.kafka.topics import Topics
from streams.lists.claimed_log import PublicationConflictError
from streams.lists.files import ListFile, publish_file
from streams.lists.publishing import MAX_SHRINK, Published, check_name
from streams.lists.sources import FolderSource, ListSource
from streams.lists.status import TopicLists, WorkerLists, age, read_topic
from streams.lists.watching import Watcher, WatchMetrics
from streams.lists.withdrawing import withdraw

T = TypeVar("T")
WORKER_HELP = (
    "A worker's pages, http://host:6066; may be repeated. A name with several addresses is all of them."
)
PIPED_COLUMNS = 160  # nothing is cut where no terminal is
SHOWN_CHANGES = 20
"""A dry run shows so many entries; `--json` has them all."""
max_shrink_option = click.option(
    "--max-shrink",
    type=click.FloatRange(0, 100),
    default=MAX_SHRINK * 100,
    show_default=True,
    help="Percent of the entries that may go at once.",
)
bad_rows_option = click.option(
    "--allow-bad-rows",
    "bad_rows",
    type=click.IntRange(0, 1_000),
    default=0,
    show_default=True,
    help="So many malformed rows of OFAC's comments and addresses are read as far as they go, and named.",
)


class ListPath(click.Path):
    """A path; who names an address instead is shown the command that fetches."""

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        if str(value).lower().startswith(("http://", "https://")):
            self.fail(
                f"{value} is an address, and `publish` reads files. `interdict lists watch SOURCE {value}` "
                "fetches it now and again; `interdict lists watch SOURCE --official` asks the list's own "
                "authority.",
                param,
                ctx,
            )
        return super().convert(value, param, ctx)


def _named(_context: click.Context, _option: click.Parameter, name: str | None) -> str:
    """A name that is given and empty, as of a variable that nobody set, is none that may be left out."""
    if name is None:
        return ""
    if not name.strip():
        raise click.BadParameter("is empty; leave --name out for the format's own")
    try:
        check_name(name)
    except ListError as error:
        raise click.BadParameter(str(error)) from None
    return name


name_option = click.option(
    "--name", callback=_named, help="List name, for a private list.  [default: the format's own]"
)


@click.group(cls=Group)
def command() -> None:
    """Publish lists, watch their sources, and see which version every worker has in force."""


@command.command("publish")
@settings_options
@name_option
@click.option("--dry-run", is_flag=True, help="Print what would change; send nothing.")
@max_shrink_option
@bad_rows_option
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
@click.argument("source", type=click.Choice(list(PARSERS)))
@click.argument("path", type=ListPath(exists=True, path_type=Path))
def publish_command(
    name: str,
    dry_run: bool,
    max_shrink: float,
    bad_rows: int,
    as_json: bool,
    source: str,
    path: Path,
    **flags: object,
) -> None:
    """Send what differs between the list file at PATH and the topic.

    PATH is a file, a folder or a zip of the format SOURCE. A file that is cut off, empty, older than the
    list in force, of another format or missing too many entries is refused with the reason, and nothing is
    sent. Exit code 0 when the topic holds the file, 1 when the file was refused.
    """
    settings, file = settings_from(**flags), ListFile(source, path, name, bad_rows)
    with _progress() as bars:
        outcome = _run(
            publish_file(
                settings, file, max_shrink=max_shrink / 100, dry_run=dry_run, read=bars.read, sent=bars.sent
            )
        )
    if as_json:
        record = dataclasses.asdict(outcome)
        click.echo(orjson.dumps(record if dry_run else record | {"changes": None}).decode())
    else:
        _print(outcome, dry_run)


@command.command("withdraw")
@settings_options
@click.option("--reason", required=True, help="Why; kept on the topic and in the list's history.")
@click.option(
    "--forgotten", is_flag=True, help="Also where the topic has lost the list and workers have not."
)
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
@click.argument("name")
def withdraw_command(reason: str, forgotten: bool, as_json: bool, name: str, **flags: object) -> None:
    """Take list NAME out of force, entry by entry, and stop requiring it.

    A list that was ever in force is required: without it no payment is decided. This is the only way to end
    that. Open alerts on its entries are updated by `interdict lookback --follow`. Exit code 1 when the list
    was never in force or the broker failed.
    """
    settings = settings_from(**flags)
    by = settings.sasl_username or getpass.getuser()
    done = _run(
        withdraw(
            aiokafka_options(settings),
            list_name=name,
            topic=Topics(settings.topic_prefix).designations,
            reason=reason,
            by=by,
            forgotten=forgotten,
        )
    )
    if as_json:
        click.echo(orjson.dumps(dataclasses.asdict(done)).decode())
        return
    left = ", ".join(done.left) or "no list: payments wait until one is published"
    click.echo(f"{name} {done.version} is withdrawn: {done.entries} entries; in force: {left}")


@command.command("status")
@settings_options
@click.option("--worker", "workers", multiple=True, metavar="URL", help=WORKER_HELP)
@click.option("--token", envvar="INTERDICT_WEB_TOKEN", help="The workers' bearer token.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def status_command(workers: tuple[str, ...], token: str | None, as_json: bool, **flags: object) -> None:
    """Per list: version, entries and age on the topic, and whether and since when each worker applied it.

    Exit code 0 when the topic proves every list and every worker asked has it in force, else 1.
    """
    settings = settings_from(**flags)
    for url in workers:
        _check_page(url)
    topic, asked = _run(_gather(settings, workers, token))
    if as_json:
        click.echo(orjson.dumps(_as_record(topic, asked), option=orjson.OPT_INDENT_2).decode())
    else:
        _print_status(topic, asked)
    in_force = all(worker.state(name, topic) == "in force" for worker in asked for name in topic.lists)
    if topic.problems or not topic.lists or not in_force or any(worker.error for worker in asked):
        raise SystemExit(1)


def _check_page(url: str) -> None:
    """Raises BadParameter for what is no address of a page, before anything is asked."""
    try:
        parts = urlsplit(url)
        is_one = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        is_one = False
    if not is_one:
        raise click.BadParameter(f"{url!r}; http://host:port is expected", param_hint="--worker")


async def _gather(
    settings: Settings, urls: tuple[str, ...], token: str | None
) -> tuple[TopicLists, list[WorkerLists]]:
    """Workers are asked last: what the topic held before, they should have."""
    designations = Topics(settings.topic_prefix).designations
    topic = await asyncio.to_thread(
        read_topic, librdkafka_options(settings), designations, settings.required_lists
    )
    if not urls:
        return topic, []
    from streams.lists.asking import ask_workers  # aiohttp takes a tenth of a second of a start

    return topic, await ask_workers(urls, token)


def _as_record(topic: TopicLists, asked: list[WorkerLists]) -> dict[str, object]:
    return {
        "topic": dataclasses.asdict(topic),
        "workers": [
            dataclasses.asdict(worker) | {"states": {name: worker.state(name, topic) for name in topic.lists}}
            for worker in asked
        ],
    }


def _print_status(topic: TopicLists, asked: list[WorkerLists]) -> None:
    now = datetime.now(UTC)
    table = Table("list", "version", "entries", "age", "worker", "state", "applied")
    for name, at in topic.lists.items():
        there = (name, at.version, str(at.entries), age(at.at, now))
        rows = [
            (worker.worker, worker.state(name, topic), _applied(worker, name))
            for worker in asked
            if not worker.error
        ]
        for first, row in enumerate(rows or [("", "", "")]):
            table.add_row(*(there if first == 0 else ("", "", "", "")), *row)
    for name in topic.forgotten:
        table.add_row(name, "", "0", "", "", "missing", "")
    # the width that `print` takes is cut to the console's own, 80 where no terminal is
    Console(width=None if Console().is_terminal else PIPED_COLUMNS).print(table)
    for name, version in topic.coming.items():
        click.echo(f"{name}: version {version} is being published")
    for name, reason in topic.withdrawn.items():
        click.echo(f"{name} was withdrawn: {reason}")
    for problem in (*topic.problems, *(worker.error for worker in asked if worker.error)):
        click.echo(problem, err=True)
    if not topic.lists:
        click.echo("no list is in force; see `interdict lists publish --help`", err=True)


def _applied(worker: WorkerLists, name: str) -> str:
    return worker.lists[name].at.isoformat(timespec="milliseconds") if name in worker.lists else ""


@command.command("watch")
@settings_options
@name_option
@click.option(
    "--every", type=click.FloatRange(1), default=300.0, show_default=True, help="Seconds between looks."
)
@max_shrink_option
@metrics_port_option
@click.argument("source", type=click.Choice(list(PARSERS)))
@click.option("--official", is_flag=True, help="Fetch from the authority's own addresses: `lists sources`.")
@click.argument("location", metavar="[FOLDER|URL]", required=False)
def watch_command(
    name: str,
    every: float,
    max_shrink: float,
    metrics_port: int | None,
    official: bool,
    source: str,
    location: str | None,
    **flags: object,
) -> None:
    """Keep a list on the topic equal to a file, folder or http(s) URL, until stopped.

    With --official the list's own authority is asked, and no folder or URL is named.

    A bad file or a source that is away changes nothing: the last good list stays in force, the reason is
    logged, and interdict_list_source_age_seconds grows until the source is good again.
    """
    settings = settings_from(**flags)
    begin(settings, of_kafka="ERROR")
    metrics = WatchMetrics(name or list_name(source))
    serve_metrics(metrics.registry, metrics_port, settings)
    watcher = Watcher(
        settings,
        _source(source, location, official),
        format_name=source,
        list_name=name,
        max_shrink=max_shrink / 100,
        metrics=metrics,
    )
    with until_stopped():
        asyncio.run(watcher.run(every))


def _source(source: str, location: str | None, official: bool) -> ListSource:
    from streams.lists.downloads import OfficialSource, UrlSource  # with aiohttp

    if official == bool(location):
        raise click.UsageError("Name a folder or a URL, or say --official; one of the two.")
    if official:
        known = OFFICIAL.get(source)
        if known is None or not known.urls:
            raise click.UsageError(f"{source} has no official address; name a folder or a URL.")
        folder = Path(tempfile.mkdtemp(prefix="interdict-official-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        return OfficialSource(known.urls, folder)
    place = location or ""
    return UrlSource(place) if place.startswith(("http://", "https://")) else FolderSource(Path(place))


@command.command("sources")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def sources_command(as_json: bool) -> None:
    """Where each list is published by its own authority: address, format, licence, usual age.

    `interdict lists watch SOURCE --official` fetches from there, and only what changed.
    """
    if as_json:
        records = [dataclasses.asdict(known) for known in OFFICIAL.values()]
        click.echo(orjson.dumps(records, option=orjson.OPT_INDENT_2).decode())
        return
    for known in OFFICIAL.values():
        click.echo(f"{known.source}: {known.authority}")
        for url in known.urls:
            click.echo(f"  {url}")
        facts = f"{known.licence}; its own date is usually younger than {known.usual_days} days"
        click.echo("  " + "; ".join(filter(None, (facts, known.note))) + "\n")


def _print(outcome: Published, dry_run: bool) -> None:
    counts = f"{outcome.added} added, {outcome.amended} amended, {outcome.removed} removed"
    if dry_run:
        for what, designation_id in outcome.changes[:SHOWN_CHANGES]:
            click.echo(f"{what:8} {designation_id}")
        if len(outcome.changes) > SHOWN_CHANGES:
            click.echo(f"... and {len(outcome.changes) - SHOWN_CHANGES} more")
    done = "would be" if dry_run else "is in force as" if outcome.committed else "is unchanged:"
    click.echo(f"{outcome.list_name} {done} {outcome.version}: {outcome.entries} entries ({counts})")
    if outcome.repaired:
        click.echo(f"what the topic held could not be relied on: {outcome.repaired}", err=True)


def _run(work: Coroutine[Any, Any, T]) -> T:
    """The outcome, or exit code 1 with the reason why the list was refused."""
    try:
        return asyncio.run(work)
    except (ListError, PublicationConflictError) as error:
        raise click.ClickException(str(error)) from None


class _Bars:
    """Entries read and records sent, as bars on stderr; nothing where stderr is no terminal."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._reading = progress.add_task("reading", total=None)
        self._sending = progress.add_task("sending", total=None, visible=False)

    def read(self, count: int) -> None:
        self._progress.update(self._reading, completed=count)

    def sent(self, count: int, total: int) -> None:
        self._progress.update(self._sending, completed=count, total=total, visible=True)


@contextmanager
def _progress() -> Iterator[_Bars]:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield _Bars(progress)
