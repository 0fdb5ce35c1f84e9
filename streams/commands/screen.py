"""`interdict screen`: the same screening with no Kafka, payments from files, decisions as JSON lines."""

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import rich_click as click
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from screening import Outcome, Screener, decode_payment
from screening.judge import decide
from screening.payments import MAX_BYTES, PaymentError
from streams.commands._errors import Command
from streams.commands._options import lists_option, policy_option
from streams.offline.lists import load_screener
from streams.offline.payments import STDIN, FileMessage, messages_in
from streams.offline.policies import load_policy
from streams.offline.snapshots import user_snapshots
from streams.records.json import decision_to_json
from streams.worker.garbage import look_seldom

QUIET_SECONDS = 1.0
"""Work shorter than this shows no progress."""


@click.command(cls=Command)
@lists_option
@policy_option
@click.option("--output", type=click.File("wb"), default=STDIN, help="Where decisions go; - is stdout.")
@click.option(
    "--max-bytes",
    type=click.IntRange(min=1),
    default=MAX_BYTES,
    show_default=True,
    help="Largest message that is read.",
)
@click.argument("payments", nargs=-1, required=True)
def command(
    lists: tuple[str, ...], policy: Path | None, output: BinaryIO, max_bytes: int, payments: tuple[str, ...]
) -> None:
    """Screen PAYMENTS and write one decision per payment as a line of JSON, in input order.

    PAYMENTS are files and folders of JSON lines, ISO 20022 XML and SWIFT MT, or - for standard input.
    A message that cannot be read gets an `error` decision that says why, and its count on stderr.
    Exit code 0 when all input was decided, 1 when some of it could not be read, 2 for a wrong list, policy
    or path.
    """
    for path in payments:
        if path != STDIN and not Path(path).exists():
            raise click.UsageError(f"{path}: no such file or folder")
    look_seldom()
    screener = load_screener(lists, load_policy(policy), user_snapshots())
    unread, ignored = 0, Counter[str]()
    for message in _with_progress(_messages(payments)):
        for outcome, line in _decide(screener, message, max_bytes, ignored):
            output.write(line + b"\n")
            unread += outcome is Outcome.ERROR
    output.flush()
    if unread:
        which = (
            "1 message could not be read; its decision has"
            if unread == 1
            else (f"{unread} messages could not be read; their decisions have")
        )
        click.echo(f"{which} outcome error", err=True)
    for mapping, events in sorted(ignored.items()):
        click.echo(f"{events} events are no payments by the mapping {mapping!r}", err=True)
    raise SystemExit(1 if unread else 0)


def _messages(paths: tuple[str, ...]) -> Iterator[FileMessage]:
    """Those of all, in order; a path that holds none is named on stderr, since no decision does so."""
    for path in paths:
        empty = True
        for message in messages_in(path):
            empty = False
            yield message
        if empty:
            click.echo(f"{path}: holds no payments", err=True)


def _decide(
    screener: Screener, message: FileMessage, max_bytes: int, ignored: Counter[str]
) -> Iterator[tuple[Outcome, bytes]]:
    started = time.perf_counter()
    try:
        mappings = screener.policy.mappings
        payments = decode_payment(
            message.raw, max_bytes=max_bytes, mappings=mappings, ignored=lambda name: ignored.update((name,))
        )
        decisions = [decide(payment, screener, None, None, datetime.now(UTC)) for payment in payments]
    except PaymentError as error:
        said = str(error)
        if len(message.raw) > max_bytes:
            said += ", or give --max-bytes"
        decisions = [screener.refuse(error.payment_id or message.origin, said, message.raw)]
    latency_ms = (time.perf_counter() - started) * 1000 / max(1, len(decisions))
    for decision in decisions:
        yield decision.outcome, decision_to_json(decision, datetime.now(UTC), latency_ms)


def _with_progress(messages: Iterable[FileMessage]) -> Iterator[FileMessage]:
    """A counter on stderr once the work has lasted; none where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield from messages
        return
    columns = (SpinnerColumn(), TextColumn("screening"), MofNCompleteColumn(), TimeElapsedColumn())
    progress = Progress(*columns, console=Console(stderr=True), transient=True)
    task = progress.add_task("messages", total=None)
    quiet_until = time.monotonic() + QUIET_SECONDS
    try:
        for message in messages:
            yield message
            progress.advance(task)
            if not progress.live.is_started and time.monotonic() > quiet_until:
                progress.start()
    finally:
        progress.stop()
