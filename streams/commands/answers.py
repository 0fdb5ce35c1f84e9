"""`interdict answers run|stopped|release|reject`: payments gated by their decisions, and their rails
answered."""

import asyncio
import json
from datetime import UTC, datetime

import rich_click as click

from config.settings import Settings
from screening.cases.dispositions import pair_key
from screening.cases.releases import Release, Word
from screening.policy.file import PolicyError
from streams.answers.metrics import AnswerMetrics
from streams.answers.service import Service
from streams.commands._errors import Group
from streams.commands._options import Flagged, settings_from, settings_options
from streams.commands._service import (
    begin,
    metrics_port_option,
    serve_metrics,
    start_option,
    stop_signals,
)
from streams.errors import CannotProceedError
from streams.kafka.acknowledged import Acknowledged
from streams.kafka.clock import end_when_the_clock_is_set_back
from streams.kafka.connection import aiokafka_options, librdkafka_options
from streams.kafka.log import TopicLog
from streams.kafka.promises import refuse_vanishing
from streams.kafka.topics import Topics
from streams.offline.policies import load_answers, load_policy
from streams.records.dispositions import release_key, release_to_json, suppression_rules
from streams.records.json import CONTENT_TYPE
from streams.records.stops import Stop, place_from, stop_from_json


@click.group(cls=Group)
def command() -> None:
    """Release or stop each payment by its decision, and answer its rail.

    Needs INTERDICT_ANSWERS=true, so that `interdict topics create` makes its topics.
    """


@command.command()
@settings_options
@metrics_port_option
@start_option(
    None,
    "Where a gate without a place in payments starts: with the oldest one, or with the next. The very first "
    "starts with the next; one whose place was lost must be told.",
)
def run(metrics_port: int | None, start: str | None, **flags: object) -> None:
    """Answer payments until SIGTERM. Of several processes one answers and the others stand by.

    Clear payments go to payments.released, others to payments.stopped, with the reason in their headers; each
    payment's answer goes to screening.answers. Dispositions release and reject what was stopped.
    """
    settings = settings_from(**flags)
    policy = load_policy(settings.policy_file)
    if not policy.clear.published:
        raise PolicyError("decisions, clear: answers need every decision on its topic; set it to true")
    _switched_on(settings)
    begin(settings)
    metrics = AnswerMetrics()
    serve_metrics(metrics.registry, metrics_port, settings)
    ended = stop_signals()
    service = Service(
        librdkafka_options(settings),
        Topics(settings.topic_prefix),
        settings.group,
        settings.session_timeout_seconds,
        policy,
        load_answers(settings.policy_file),
        suppression_rules(settings),
        metrics,
        start,
    )
    topics = Topics(settings.topic_prefix)  # what waits for a person would wait for ever
    tables = (topics.stops, topics.dispositions)
    asyncio.run(refuse_vanishing(aiokafka_options(settings), tables, "no payment is answered"))
    with end_when_the_clock_is_set_back():
        service.run(lambda: bool(ended))


@command.command()
@settings_options
def stopped(**flags: object) -> None:
    """Print every payment record that was stopped and waits for a person, one line of JSON each: which
    payments, by what, on which rail, since when, and the pairs whose dispositions it waits for."""
    for event, stop in _standing(settings_from(**flags)).items():
        if not stop.ended:
            click.echo(json.dumps({"event": event, **_shown(stop)}))


def _shown(stop: Stop) -> dict[str, object]:
    pairs = [pair_key(name, hit.designation_id) for hit in stop.hits for name in hit.fingerprints[:1]]
    at = datetime.fromtimestamp(stop.at, UTC).isoformat(timespec="seconds") if stop.at else None
    payments = [*stop.payment_ids]
    return {"payments": payments, "cause": stop.cause, "rail": stop.rail, "at": at, "pairs": pairs}


def _standing(settings: Settings) -> dict[str, Stop]:
    """The stops as they stand, by where the payment's record does; what is no stop is named and passed."""
    found: dict[bytes, bytes] = {}
    with TopicLog(librdkafka_options(settings), Topics(settings.topic_prefix).stops) as log:
        for record in log.read_all(log.spans()):
            found.pop(record.key, None)
            if record.value is not None:
                found[record.key] = record.value
    stops: dict[str, Stop] = {}
    for key, value in found.items():
        event = key.decode(errors="replace")
        try:
            stops[event] = stop_from_json(value)
        except ValueError as error:
            click.echo(f"{event[:100]!r} is no stop and is skipped: {error}", err=True)
    return stops


def _word(word: Word, event: str, by: str, reason: str, approved_by: str, **flags: object) -> None:
    settings = settings_from(**flags)
    topics = Topics(settings.topic_prefix)
    if place_from(event, topics.payments) is None:
        raise click.UsageError(f"{event!r} is no payment's record; write it like {topics.payments}-3@17")
    try:
        release = Release(event, word, by, reason, approved_by)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if not release.holds(four_eyes=settings.four_eyes):
        raise click.UsageError("four eyes: a second person must approve it, see --approved-by")
    stop = _standing(settings).get(event)
    if stop is None or stop.ended:
        raise click.ClickException(f"{event} does not wait; `interdict answers stopped` lists what does")
    with Acknowledged(librdkafka_options(settings)) as written:
        body = release_to_json(release)
        written.send(topics.dispositions, release_key(event).encode(), body, [CONTENT_TYPE])
        written.delivered()
    click.echo(f"{event}: {word} by {by}")


_ABOUT_ONE = (
    click.argument("event", metavar="EVENT"),
    click.option("--by", required=True, help="Who decides it."),
    click.option("--reason", required=True, help="Why; kept with it."),
    click.option("--approved-by", default="", help="The second person, where four eyes are asked for."),
    settings_options,
)


def _about_one(command: Flagged) -> Flagged:
    for option in reversed(_ABOUT_ONE):
        command = option(command)
    return command


@command.command()
@_about_one
def release(event: str, by: str, reason: str, approved_by: str, **flags: object) -> None:
    """Release the stopped payment record EVENT, like payments-3@17, whatever stopped it.

    For what no disposition can judge: an error, a payment that nobody decided in time. Where a case system
    judges every hit of a payment, it is released without this.
    """
    _word(Word.RELEASE, event, by, reason, approved_by, **flags)


@command.command()
@_about_one
def reject(event: str, by: str, reason: str, approved_by: str, **flags: object) -> None:
    """Reject the stopped payment record EVENT, like payments-3@17, for good."""
    _word(Word.REJECT, event, by, reason, approved_by, **flags)


def _switched_on(settings: Settings) -> None:
    if not settings.answers:
        raise CannotProceedError(
            "answers are off; set INTERDICT_ANSWERS=true and run `interdict topics create`"
        )
