"""`interdict replay`: were we right then? Recorded decisions again, with the list as it stood."""

import json
import time
from datetime import datetime
from pathlib import Path

import rich_click as click

from config.settings import Settings
from streams.audit.replay import PastList, Recorded, Replayed, find_decisions, replay, replay_at
from streams.commands._errors import Command
from streams.commands._options import FILE, Duration, settings_from, settings_options
from streams.commands._progress import shown
from streams.commands._text import printable
from streams.kafka.connection import librdkafka_options
from streams.kafka.topics import Topics
from streams.lists.history import list_history, recreated_at
from streams.offline.policies import load_policies, load_policy
from streams.offline.snapshots import user_snapshots
from streams.registry.reading import reader_of
from streams.worker.garbage import look_seldom


@click.command(cls=Command)
@settings_options
@click.argument("payment_ids", nargs=-1)
@click.option("--since", type=Duration(), help="Every decision of that time, such as 1h; instead of ids.")
@click.option(
    "--at",
    "moment",
    metavar="OFFSET|TIME",
    help="The list as of this offset of its topic, or this RFC 3339 time.  [default: as decided]",
)
@click.option("--policy", type=FILE, help="A policy file.")
@click.option(
    "--policies",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of past policy files: each decision is taken with the one that it names.",
)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each decision.")
def command(
    payment_ids: tuple[str, ...],
    since: float | None,
    moment: str | None,
    policy: Path | None,
    policies: Path | None,
    as_json: bool,
    **flags: object,
) -> None:
    """Take recorded decisions again, with the list as it stood then, and compare byte for byte.

    Where the bytes differ, it says by which of list, policy and code. With --at it shows what the decision
    would have been with the list of another moment. --policies holds the policies of the past; a decision
    whose policy is not there is taken with the one in force, and the difference named. The list's past is in
    designations.history, which `interdict lookback --follow` keeps; without it only what compaction has left
    can be rebuilt.

    Exit code 0 when all are as recorded, 1 when one differs or cannot be replayed.
    """
    if bool(payment_ids) == bool(since):
        raise click.UsageError("give payment ids, or --since for all decisions of a time")
    settings = settings_from(**flags)
    at = _place_or_time(moment) if moment else None
    if policies and moment:
        raise click.UsageError("--policies is for decisions as they were taken, without --at")
    policy_file = policy or settings.policy_file
    look_seldom()
    failed = _replay(settings, payment_ids, since, at, policy_file, policies, as_json)
    if failed:
        raise SystemExit(1)


def _replay(
    settings: Settings,
    payment_ids: tuple[str, ...],
    since: float | None,
    at: int | datetime | None,
    policy_file: Path | None,
    policies: Path | None,
    as_json: bool,
) -> int:
    client, topics = librdkafka_options(settings), Topics(settings.topic_prefix)
    begin = time.time() - since if since else None
    decisions = list(find_decisions(client, topics, payment_ids, begin))
    missing = set(payment_ids) - {str(recorded.body["payment_id"]) for recorded in decisions}
    if missing:
        raise click.ClickException(
            f"no decision for {', '.join(sorted(missing))} on {topics.decisions}; "
            "a policy may leave out those of clear payments"
        )
    read = reader_of(settings)
    policy = load_policy(policy_file)
    recreated = recreated_at(list_history(client, topics))
    past = PastList(list_history(client, topics), policy, user_snapshots(), recreated)
    if at is None:
        known = load_policies(policies, policy) if policies else {}
        found = replay(client, topics, past, decisions, known, read)
    else:
        found = replay_at(client, topics, _moved_to(past, at), decisions, read)
    failed = 0
    for replayed in shown(found, "decisions replayed", len(decisions)):
        failed += not replayed.identical
        click.echo(_line(replayed, as_json))
    if not as_json:
        click.echo(f"{len(decisions)} replayed, {failed} not as recorded", err=True)
    return failed


def _moved_to(past: PastList, at: int | datetime) -> PastList:
    if isinstance(at, int):
        past.at(at)
    else:
        past.at_time(at.timestamp())
    return past


def _place_or_time(moment: str) -> int | datetime:
    if moment.isdecimal():
        return int(moment)
    try:
        when = datetime.fromisoformat(moment)
    except ValueError:
        raise click.UsageError(f"--at {moment}: an offset, or a time such as 2023-08-17T09:30:00Z") from None
    if when.tzinfo is None:
        raise click.UsageError(f"--at {moment}: say the offset of the time as well, such as Z or +02:00")
    return when


def _line(replayed: Replayed, as_json: bool) -> str:
    recorded: Recorded = replayed.recorded
    payment_id = str(recorded.body["payment_id"])
    if as_json:
        record = {
            "payment_id": payment_id,
            "identical": replayed.identical,
            "differences": replayed.differences,
            "recorded": dict(recorded.body),
            "replayed": json.loads(replayed.raw) if replayed.raw else None,
        }
        return json.dumps(record, ensure_ascii=False)
    return (
        f"{printable(payment_id)}: {'identical' if replayed.identical else '; '.join(replayed.differences)}"
    )
