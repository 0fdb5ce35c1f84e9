"""`interdict dispositions`: a disposition of an alert, sent as a case system would send it."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import orjson
import rich_click as click
from rich.console import Console

from config.settings import Settings
from screening import Screener
from screening.cases.caseload import Caseload, caseloads
from screening.cases.dispositions import (
    Disposition,
    Dispositions,
    Given,
    Proposal,
    Proposed,
    Verdict,
    mark_of,
    precision,
)
from screening.designations import Designation
from screening.policy.rails import rail_names
from streams.caseload import read_cases
from streams.commands._errors import Group
from streams.commands._options import Duration, settings_from, settings_options
from streams.commands._text import Table, printable
from streams.console.disposing import (
    OUTDATED,
    OVERLOOKED,
    disposition_of,
    is_outdated,
    send,
    settle,
    settle_overtaken,
)
from streams.errors import CannotProceedError
from streams.kafka.connection import librdkafka_options
from streams.kafka.log import Record, TopicLog, oldest_first
from streams.kafka.topics import Topics
from streams.lookback.updates import latest_alerts
from streams.offline.policies import load_policy
from streams.records.alerts import alert_from_json
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
    take,
    withdrawing,
)
from streams.records.json import designation_from_json, disposition_to_json
from streams.records.shapes import HitRecord

GROUPS = ("list", "reason", "action", "rail", "bank")


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
    hit = _hit(settings, alert_id)
    known = _read_where_allowed(settings)
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
        click.echo(f"{place} {_said(stands.disposition)}", err=True)
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
    standing, known = _read(settings)
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
        raise click.UsageError(f"four eyes: {_said(stands.disposition)} stands; {error}") from None
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
    _, known = _read(settings)
    waiting = known.waiting(pair)
    if waiting is None:
        raise click.ClickException(f"nothing of {pair} waits for a second person")
    disposition = waiting.proposal.disposition
    if disposition and disposition.until <= datetime.now(UTC):
        raise click.ClickException(f"it ended at {disposition.until.isoformat()}; give a new one")
    if is_outdated(disposition, _newest_hit(settings, pair)):
        raise click.ClickException(OUTDATED)
    try:
        stands = known.of_pair(pair)
        records = approving(waiting.proposal, by, stands)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    asked, reason = _proposed(waiting.proposal), printable(waiting.proposal.reason)
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
    _, known = _read(settings)
    _settle(settings, known, known.unsettled)
    for pair in known.unsettled:
        click.echo(f"{printable(pair)}: what stands is in its place again")


def _said(disposition: Disposition) -> str:
    return f"{disposition.verdict} by {printable(disposition.by)}: {printable(disposition.reason)}"


def _proposed(proposal: Proposal) -> str:
    disposition = proposal.disposition
    return f"{disposition.verdict} until {disposition.until.isoformat()}" if disposition else "withdrawn"


@command.command("list")
@settings_options
def list_(**flags: object) -> None:
    """Print every disposition that stands and every proposal that waits, one line of JSON each."""
    standing, known = _read(settings_from(**flags))
    for given in known.given():
        click.echo(disposition_to_json(given.disposition))
    for waits in known.proposed():
        click.echo(proposal_to_json(waits.proposal))
    for record in standing.values():
        if pair_of_key(record.key) is None:
            with suppress(ValueError):  # nor is what a stranger wrote there a line of JSON
                click.echo(orjson.dumps(orjson.loads(record.value or b"")))


@command.command()
@settings_options
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each row.")
def report(as_json: bool, **flags: object) -> None:
    """Print how many hits were true, by list and by what hit, and what is silenced: by whom and for how long;
    and what waits for a second person.

    Of each false positive it says whether its pair is silent today, or why it would alert: expired, not
    approved, older than the longest time, or the list says something else of it now.
    """
    settings = settings_from(**flags)
    _, known = _read(settings)
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


@command.command()
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
        _read(settings)[1].given(),
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
        "proposes": _proposed(asked),
        "why": asked.reason,
        "given": at,
    }


def _silenced(settings: Settings, known: Sequence[Given]) -> Iterator[dict[str, str]]:
    """Every false positive and what it does today, the last to end first."""
    rules, now = suppression_rules(settings), datetime.now(UTC)
    false = [one for one in known if one.disposition.verdict is Verdict.FALSE_POSITIVE]
    listed = _listed(settings, {one.disposition.designation_id for one in false})
    embargoes = Screener(load_policy(settings.policy_file))
    for one in sorted(false, key=lambda one: one.disposition.until, reverse=True):
        disposition, at = one.disposition, one.at or now
        entry = listed.get(disposition.designation_id) or embargoes.get(disposition.designation_id)
        yield {
            "pair": disposition.key,
            "by": disposition.by,
            "approved_by": disposition.approved_by,
            "why": disposition.reason,
            "given": at.isoformat(timespec="seconds"),
            "until": rules.ends(one).isoformat(timespec="seconds"),
            "today": rules.why_not(one, entry, now) or SILENT,
        }


def _listed(settings: Settings, wanted: Collection[str]) -> dict[str, Designation]:
    """These entries as the lists say them now."""
    topic, found = Topics(settings.topic_prefix).designations, dict[str, Designation]()
    with TopicLog(librdkafka_options(settings), topic) as log:
        for record in log.read_all(log.spans() if wanted else ()):
            key = record.key.decode(errors="replace")
            if key in wanted:
                found.pop(key, None)
                with suppress(ValueError):  # nor does a worker have it
                    found[key] = designation_from_json(record.value or b"")
    return found


def _read_where_allowed(settings: Settings) -> Dispositions | None:
    """What stands; None where this user may give dispositions and read none."""
    with suppress(CannotProceedError):
        return _read(settings)[1]
    return None


def _check_counts(
    settings: Settings, pair: str, given: Disposition | None, approved: Proposed | None = None
) -> None:
    """Another may have decided between our look and what we sent: that stays in force, and is put back in its
    place, and what was `approved` waits on. Exit code 1."""
    _, known = _read(settings)
    if overlooked(known, pair, given):
        topic = Topics(settings.topic_prefix).dispositions
        settle_overtaken(librdkafka_options(settings), topic, known, pair, approved)
        raise click.ClickException(OVERLOOKED)


def _read(settings: Settings) -> tuple[dict[bytes, Record], Dispositions]:
    """The newest record of each key, and what they all say."""
    topic = Topics(settings.topic_prefix).dispositions
    standing, known = dict[bytes, Record](), Dispositions(suppression_rules(settings))
    with TopicLog(librdkafka_options(settings), topic) as log:
        for record in oldest_first([[*log.read(span)] for span in log.spans()], lambda each: each.time):
            standing.pop(record.key, None)
            if record.value is not None:
                standing[record.key] = record
            with suppress(ValueError):  # what is no disposition suppresses nothing and counts nowhere
                take(known, record.key, record.value, record.time)
    return standing, known


def _hit(settings: Settings, alert_id: str) -> HitRecord:
    topic = Topics(settings.topic_prefix).alerts
    with TopicLog(librdkafka_options(settings), topic) as log:
        named = (each for each in log.read_all(log.spans()) if each.value and alert_id.encode() in each.value)
        for record in named:
            for hit in _hits(record.value or b""):
                if hit["alert_id"] == alert_id:
                    return hit
    raise click.ClickException(f"no alert {alert_id} on {topic}; give the value of hits[].alert_id")


def _newest_hit(settings: Settings, pair: str) -> HitRecord | None:
    """Of the pair, as its newest alert or update shows it."""
    client, topic = librdkafka_options(settings), Topics(settings.topic_prefix).alerts
    found = latest_alerts(client, topic, 0.0, lambda hit: pair_of(hit) == pair)
    return max(found, key=lambda each: each.last).hit if found else None


def _hits(raw: bytes) -> list[HitRecord]:
    """Of an alert; none of what somebody else wrote there."""
    try:
        alert = alert_from_json(raw)
    except ValueError:
        return []
    return alert["hits"] if alert else []


def _send(settings: Settings, records: Iterable[KeyedRecord]) -> None:
    send(librdkafka_options(settings), Topics(settings.topic_prefix).dispositions, records)


def _settle(settings: Settings, known: Dispositions, pairs: Iterable[str]) -> None:
    settle(librdkafka_options(settings), Topics(settings.topic_prefix).dispositions, known, pairs)
