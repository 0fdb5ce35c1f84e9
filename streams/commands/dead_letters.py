"""`interdict dead-letters`: see what could not be read, and send it again once that is mended."""

import json
import sys
import time
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import rich_click as click
from rich.console import Console

from screening.payments import PaymentProblem
from streams.audit.dead_letters import DeadLetters, Wanted, find, replay, with_bytes, would_replay
from streams.commands._errors import Group
from streams.commands._options import Duration, Flagged, settings_from, settings_options
from streams.commands._text import Table
from streams.kafka.connection import librdkafka_options
from streams.kafka.log import TopicLog
from streams.kafka.topics import Topics
from streams.records.dead_letters import DeadLetter


@click.group(cls=Group)
def command() -> None:
    """See payments that could not be read, and send them again after what was wrong is mended."""


def which(command: Flagged) -> Flagged:
    """The flags that choose dead letters."""
    for option in (
        click.option("--key", "keys", multiple=True, help="Only this record key; may be repeated."),
        click.option(
            "--reason",
            "reasons",
            multiple=True,
            type=click.Choice([str(problem) for problem in PaymentProblem]),
            help="Only of this reason; may be repeated.",
        ),
        click.option("--until", type=Duration(), help="Only those older than so long, such as 1h."),
        click.option("--since", type=Duration(), help="Only those of that time, such as 30d or 12h."),
        settings_options,
    ):
        command = option(command)
    return command


def _wanted(
    since: float | None, until: float | None, reasons: tuple[str, ...], keys: tuple[str, ...]
) -> Wanted:
    now = time.time()
    return Wanted(
        now - since if since else None,
        now - until if until else None,
        frozenset(reasons),
        frozenset(key.encode() for key in keys),
    )


@command.command("list")
@which
@click.option("--waiting", is_flag=True, help="Leave out what was sent again.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each.")
@click.option(
    "--values", is_flag=True, help="With the original bytes: payments name people. Goes with --json."
)
def list_(
    since: float | None,
    until: float | None,
    reasons: tuple[str, ...],
    keys: tuple[str, ...],
    waiting: bool,
    as_json: bool,
    values: bool,
    **flags: object,
) -> None:
    """Print what could not be read, oldest first in each partition: when, why, and whether it was sent again.

    A message that was written twice, because a worker was killed, is shown once.
    """
    if values and not as_json:
        raise click.UsageError("--values goes with --json")
    settings = settings_from(**flags)
    client, topics = librdkafka_options(settings), Topics(settings.topic_prefix)
    found = find(client, topics, _wanted(since, until, reasons, keys))
    letters = found.waiting if waiting else found.letters
    if not as_json:
        _print_table(letters, found)
    elif values:
        with TopicLog(client, topics.dead_letters) as log:
            for few in with_bytes(log, letters):
                for letter, whole in few:
                    _print(_row(letter, found) | _value_of(whole))
    else:
        for letter in letters:
            _print(_row(letter, found))


def _print(row: dict[str, Any]) -> None:
    click.echo(json.dumps(row, ensure_ascii=False))


def _print_table(letters: Sequence[DeadLetter], found: DeadLetters) -> None:
    table = Table("at (UTC)", "key", "reason", "what is wrong", "stood at", "sent again")
    for letter in letters:
        row = _row(letter, found)
        again = row["sent_again"]
        table.add_row(
            row["at"][:19].replace("T", " "),
            row["key"],
            row["reason"],
            row["message"],
            row["event"],
            f"{again['at'][:19]} by {again['by']}: {again['why']}" if again else "",
        )
    Console().print(table)
    click.echo(f"{len(letters)} dead letters, {len(found.waiting)} not sent again", err=True)


@command.command("replay")
@which
@click.option("--all", "everything", is_flag=True, help="All that were not sent again.")
@click.option("--by", required=True, help="Who asks for it; kept with each.")
@click.option("--why", required=True, help="What was mended; kept with each.")
@click.option("--dry-run", is_flag=True, help="Say how many would be sent, and send nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def replay_command(
    since: float | None,
    until: float | None,
    reasons: tuple[str, ...],
    keys: tuple[str, ...],
    everything: bool,
    by: str,
    why: str,
    dry_run: bool,
    as_json: bool,
    **flags: object,
) -> None:
    """Send dead letters to the payments topic again: original key, bytes and headers, each message once.

    Run it after a mapping or a decoder was mended. Those of customers are left alone: a customer is written
    anew instead. What was sent again before is left alone; should it fail again it is a new dead letter.
    Who and why stand on the dead-letter topic, and the new decisions say in `replaces` what they replace.
    Only one replay runs at a time: a second one ends the first in order.

    Exit code 1 where a message's bytes are kept nowhere any more, or the broker does not allow it.
    """
    if not (everything or since or until or reasons or keys):
        raise click.UsageError("say which: --since, --until, --reason, --key, or --all")
    if not by.strip() or not why.strip():
        raise click.UsageError("--by and --why are kept for the auditor; they cannot be empty")
    settings = settings_from(**flags)
    client, topics = librdkafka_options(settings), Topics(settings.topic_prefix)
    wanted = _wanted(since, until, reasons, keys)
    if dry_run:
        outcome = would_replay(client, topics, wanted)
    else:
        outcome = replay(client, topics, settings.group, wanted, by, why, _progress)
    gone = [letter.event for letter in outcome.gone]
    if as_json:
        sent = {"would_send" if dry_run else "sent": outcome.sent}
        click.echo(json.dumps({**sent, "sent_before": outcome.known, "gone": gone}))
    else:
        click.echo(
            f"{outcome.sent} {'would be sent' if dry_run else 'sent again'}, {outcome.known} sent before"
        )
        for event in gone:
            click.echo(f"{event}: its bytes are kept nowhere any more; ask its sender", err=True)
    if outcome.of_customers:
        click.echo(
            f"{outcome.of_customers} of customers left alone: write the customer anew instead", err=True
        )
    raise SystemExit(1 if gone else 0)


def _progress(sent: int, of: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{sent:,} of {of:,} sent again", err=True, nl=sent == of)


def _row(letter: DeadLetter, found: DeadLetters) -> dict[str, Any]:
    again, error = found.again.get(letter.message), letter.error
    return {
        "place": letter.place,
        "at": datetime.fromtimestamp(letter.record.time, UTC).isoformat(timespec="milliseconds"),
        "key": letter.record.key.decode(errors="replace"),
        "reason": letter.reason,
        "message": error.get("message", ""),
        "event": letter.event,
        "decision_id": error.get("decision"),
        "version": error.get("version"),
        "bytes": letter.size,
        "sent_again": {"at": again.at, "by": again.by, "why": again.why} if again else None,
    }


def _value_of(whole: DeadLetter | None) -> dict[str, str]:
    return {"value_base64": b64encode(whole.record.value or b"" if whole else b"").decode()}
