"""`interdict dispositions`: a disposition of an alert, sent as a case system would send it."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import orjson
import rich_click as click

from config.settings import Settings
from screening.cases.dispositions import (
    Disposition,
    Dispositions,
    Proposal,
    Proposed,
    Verdict,
    mark_of,
)
from streams.commands._disposition_reports import caseload, proposed, report
from streams.commands._errors import Group
from streams.commands._options import Duration, settings_from, settings_options
from streams.commands._standing import alerted_hit, newest_hit, read, read_where_allowed
from streams.commands._text import printable
from streams.console.disposing import (
    OUTDATED,
    OVERLOOKED,
    disposition_of,
    is_outdated,
    send,
    settle,
    settle_overtaken,
)
from streams.kafka.connection import librdkafka_options
from streams.kafka.topics import Topics
from streams.records.dispositions import (
    PROPOSED,
    KeyedRecord,
    approving,
    giving,
    overlooked,
    pair_of,
    pair_of_key,
    proposal_to_json,
    proposing,
    suppression_rules,
    withdrawing,
)
from streams.records.json import disposition_to_json


@click.group(cls=Group)
def command() -> None:
    """Say what a hit was found to be, see the dispositions, or withdraw one."""


@command.command()
@settings_options
@click.argument("alert_id")
@click.option("--verdict", type=click.Choice([str(verdict) for verdict in Verdict]), required=True)
@click.option("--by", required=True, help="Who decided it.")
@click.option("--reason", required=True, help="Why, in words that an examiner understands.")
@click.option("--for", "lasts", type=Duration(), required=True, help="How long it counts, such as 180d.")
@click.option("--approved-by", default="", help="The second person, where four eyes are asked for.")
def add(
    alert_id: str, verdict: str, by: str, reason: str, lasts: float, approved_by: str, **flags: object
) -> None:
    """Give the disposition of the party and the designation of ALERT_ID.

    A false positive silences this party against this designation until then, or until one of the two
    changes; a true positive makes every further hit a hold. Exit code 1 when there is no such alert.
    """
    settings = settings_from(**flags)
    hit = alerted_hit(settings, alert_id)
    known = read_where_allowed(settings)
    stands = known.of_pair(pair_of(hit)) if known else None
    try:
        disposition = disposition_of(
            hit,
            Verdict(verdict),
            by,
            reason,
            lasts=timedelta(seconds=lasts),
            approved_by=approved_by,
            longest=timedelta(days=settings.disposition_days),
            now=datetime.now(UTC),
            stood=mark_of(stands) if known else None,
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    record = giving(disposition, suppression_rules(settings), stands)
    waits = record[0] != disposition.key
    _send(settings, [record])
    if known and not waits:
        _check_counts(settings, disposition.key, disposition)
    if stands:
        place = "what stands until then is" if waits else "it took the place of"
        click.echo(f"{place} {_described(stands.disposition)}", err=True)
    then = ", once a second person has approved it" if waits else ""
    click.echo(f"{disposition.key}: {verdict} until {disposition.until.isoformat()}{then}")


_PAIR = click.argument("pair", metavar="FINGERPRINT|DESIGNATION")


@command.command()
@settings_options
@_PAIR
@click.option("--by", default="", help="Who withdraws it; needed where four eyes are.")
@click.option("--reason", default="", help="Why; needed where four eyes are.")
@click.option("--approved-by", default="", help="The second person, where four eyes are asked for.")
def remove(pair: str, by: str, reason: str, approved_by: str, **flags: object) -> None:
    """Withdraw the disposition of a pair; its next hit is an alert again.

    With four eyes a true positive stays in force until a second person approves that it is withdrawn. Exit
    code 1 where none stands under this key: who mistypes one would leave the pair silenced.
    """
    settings = settings_from(**flags)
    standing, known = read(settings)
    stands = known.of_pair(pair)
    if stands is None and standing.keys().isdisjoint({pair.encode(), PROPOSED.encode() + pair.encode()}):
        raise click.ClickException(
            f"no disposition stands under {pair}; `interdict dispositions report --json` has the pairs"
        )
    if stands is None or not suppression_rules(settings).keeps(stands, None, datetime.now(UTC)):
        _send(settings, [each for each in withdrawing(pair) if each[0].encode() in standing])
        click.echo(f"{pair}: withdrawn")
        return
    try:
        proposal = Proposal(pair, by, reason)
        records = approving(proposal, approved_by, stands) if approved_by else [proposing(proposal)]
    except ValueError as error:
        raise click.UsageError(f"four eyes: {_described(stands.disposition)} stands; {error}") from None
    _send(settings, records)
    if approved_by:
        _check_counts(settings, pair, None)
    click.echo(f"{pair}: withdrawn" + ("" if approved_by else ", once a second person has approved it"))


@command.command()
@settings_options
@_PAIR
@click.option("--by", required=True, help="The second person.")
@click.option("--yes", is_flag=True, help="Do not show what waits and ask.")
def approve(pair: str, by: str, yes: bool, **flags: object) -> None:
    """Approve what waits for a second person: a disposition of a pair, or its withdrawal.

    It is shown first: another may have taken its place since. `interdict dispositions report` shows all that
    waits. Exit code 1 where nothing does, or it is not approved.
    """
    settings = settings_from(**flags)
    _, known = read(settings)
    waiting = known.waiting(pair)
    if waiting is None:
        raise click.ClickException(f"nothing of {pair} waits for a second person")
    disposition = waiting.proposal.disposition
    if disposition and disposition.until <= datetime.now(UTC):
        raise click.ClickException(f"it ended at {disposition.until.isoformat()}; give a new one")
    if is_outdated(disposition, newest_hit(settings, pair)):
        raise click.ClickException(OUTDATED)
    try:
        stands = known.of_pair(pair)
        records = approving(waiting.proposal, by, stands)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    asked, reason = proposed(waiting.proposal), printable(waiting.proposal.reason)
    if not yes:
        shown = f"{asked}, by {printable(waiting.proposal.by)}: {reason}"
        click.confirm(f"{shown}\nApprove it?", abort=True, err=True)
    _send(settings, records)
    given = replace(waiting.proposal, approved_by=by, stood=mark_of(stands)).approved
    _check_counts(settings, pair, given, waiting)
    click.echo(f"{pair}: {asked}, by {printable(waiting.proposal.by)} and {printable(by)}")


@command.command("settle")
@settings_options
def settle_command(**flags: object) -> None:
    """Put back what stands where a case system wrote over it and no second person approved.

    Workers go on by it, but compaction keeps the newest record alone. A log line of theirs asks for this.
    """
    settings = settings_from(**flags)
    _, known = read(settings)
    _settle(settings, known, known.unsettled)
    for pair in known.unsettled:
        click.echo(f"{printable(pair)}: what stands is in its place again")


def _described(disposition: Disposition) -> str:
    return f"{disposition.verdict} by {printable(disposition.by)}: {printable(disposition.reason)}"


@command.command("list")
@settings_options
def list_(**flags: object) -> None:
    """Print every disposition that stands and every proposal that waits, one line of JSON each."""
    standing, known = read(settings_from(**flags))
    for given in known.given():
        click.echo(disposition_to_json(given.disposition))
    for waits in known.proposed():
        click.echo(proposal_to_json(waits.proposal))
    for record in standing.values():
        if pair_of_key(record.key) is None:
            with suppress(ValueError):  # nor is what a stranger wrote there a line of JSON
                click.echo(orjson.dumps(orjson.loads(record.value or b"")))


def _send(settings: Settings, records: Iterable[KeyedRecord]) -> None:
    send(librdkafka_options(settings), Topics(settings.topic_prefix).dispositions, records)


def _settle(settings: Settings, known: Dispositions, pairs: Iterable[str]) -> None:
    settle(librdkafka_options(settings), Topics(settings.topic_prefix).dispositions, known, pairs)


def _check_counts(
    settings: Settings, pair: str, given: Disposition | None, approved: Proposed | None = None
) -> None:
    """Another may have decided between our look and what we sent: that stays in force, and is put back in its
    place, and what was `approved` waits on. Exit code 1."""
    _, known = read(settings)
    if overlooked(known, pair, given):
        topic = Topics(settings.topic_prefix).dispositions
        settle_overtaken(librdkafka_options(settings), topic, known, pair, approved)
        raise click.ClickException(OVERLOOKED)


command.add_command(report)
command.add_command(caseload)
