"""`interdict lists publish|status|watch`: bring lists to the topic and see that they are in force."""

import asyncio
import dataclasses
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import orjson
import rich_click as click
from aiokafka.errors import KafkaError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from screening import ListError
from screening.lists import PARSERS
from streams.list_files import ListFile, publish_file
from streams.options import settings_from, settings_options
from streams.publishing import MAX_SHRINK, PublicationConflictError, Published

T = TypeVar("T")
SHOWN_CHANGES = 20
"""A dry run shows so many entries; `--json` has them all."""


@click.group()
def command() -> None:
    """Publish lists, watch their sources, and see which version every worker has in force."""


@command.command("publish")
@settings_options
@click.option("--name", default="", help="List name, for a private list.  [default: the format's own]")
@click.option("--dry-run", is_flag=True, help="Print what would change; send nothing.")
@click.option(
    "--max-shrink",
    type=click.FloatRange(0, 100),
    default=MAX_SHRINK * 100,
    show_default=True,
    help="Percent of the entries that may go at once.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
@click.argument("source", type=click.Choice(list(PARSERS)))
@click.argument("path", type=click.Path(exists=True, path_type=Path))
def publish_command(
    name: str, dry_run: bool, max_shrink: float, as_json: bool, source: str, path: Path, **flags: Any
) -> None:
    """Send what differs between the list file at PATH and the topic.

    PATH is a file, a folder or a zip of the format SOURCE. A file that is cut off, empty, older than the
    list in force, of another format or missing too many entries is refused with the reason, and nothing is
    sent. Exit code 0 when the topic holds the file, 1 when the file was refused or the broker failed.
    """
    settings, file = settings_from(**flags), ListFile(source, path, name)
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


def _print(outcome: Published, dry_run: bool) -> None:
    counts = f"{outcome.added} added, {outcome.amended} amended, {outcome.removed} removed"
    if dry_run:
        for what, designation_id in outcome.changes[:SHOWN_CHANGES]:
            click.echo(f"{what:8} {designation_id}")
        if len(outcome.changes) > SHOWN_CHANGES:
            click.echo(f"... and {len(outcome.changes) - SHOWN_CHANGES} more")
    done = "would be" if dry_run else "is in force as" if outcome.committed else "is unchanged:"
    click.echo(f"{outcome.list_name} {done} {outcome.version}: {outcome.entries} entries ({counts})")


def _run(work: Coroutine[Any, Any, T]) -> T:
    """The outcome, or exit code 1 with the reason on one line."""
    try:
        return asyncio.run(work)
    except (ListError, PublicationConflictError) as error:
        raise click.ClickException(str(error)) from None
    except (KafkaError, OSError) as error:
        raise click.ClickException(f"{error}; `interdict doctor` tells what is wrong") from None


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
