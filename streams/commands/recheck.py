"""`interdict recheck`: payments decided on a list older than themselves, found and screened again."""

import asyncio
import time
from collections.abc import Iterable

import orjson
import rich_click as click
from aiokafka import AIOKafkaProducer

from config.settings import Settings
from screening.decisions import Outcome
from streams.audit.chain import Chain
from streams.audit.key import audit_key
from streams.audit.stale import DecidedAgain, StaleDecisions, decide_again, find_stale
from streams.commands._errors import Command
from streams.commands._options import Duration, settings_from, settings_options
from streams.commands._text import printable
from streams.kafka.connection import aiokafka_options, librdkafka_options
from streams.kafka.topics import Topics
from streams.lists.log import IncompleteListError, read_list
from streams.lookback.decided import read_dispositions
from streams.offline.policies import load_policy
from streams.offline.snapshots import user_snapshots
from streams.records.dispositions import suppression_rules
from streams.records.headers import Headers
from streams.records.json import CONTENT_TYPE, alert_to_json, decision_to_json, event_to_json
from streams.records.shapes import EventPlace
from streams.registry.reading import reader_of
from streams.worker.delivery import Outbox
from streams.worker.garbage import look_seldom


@click.command(cls=Command)
@settings_options
@click.option("--since", type=Duration(), default="24h", show_default=True, help="How far back, such as 24h.")
@click.option("--dry-run", is_flag=True, help="Only say what there is.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a finding.")
def command(since: float, dry_run: bool, as_json: bool, **flags: object) -> None:
    """Find payments decided on a list older than themselves and decide them again (trigger "barrier").

    Workers publish no such decision, so this finds none while all goes well. One that `interdict serve`
    recorded is only named, because its payment is on no topic: ask for it again. Exit code 1 when there
    were any.
    """
    settings = settings_from(**flags)
    found = _recheck(settings, since, dry_run=dry_run, as_json=as_json)
    summary = f"{found.decisions} decisions, {len(found.stale)} taken with a list older than their payment"
    if found.requested:
        summary += f"; {len(found.requested)} of `serve` with a list older than their requests: ask again"
    if found.without_event:
        summary += f"; {found.without_event} do not name their event and could not be checked"
    if found.unreadable:
        summary += f"; {found.unreadable} records are no decisions and were passed over"
    click.echo(summary, err=as_json)
    raise SystemExit(1 if found.stale or found.requested else 0)


def _recheck(settings: Settings, since: float, *, dry_run: bool, as_json: bool) -> StaleDecisions:
    client, topics = librdkafka_options(settings), Topics(settings.topic_prefix)
    found = find_stale(client, topics, time.time() - since)
    for payment_id in found.requested:
        _print(payment_id, None, "stale", as_json)
    if dry_run:
        for stale in found.stale.values():
            _print(stale.payment_id, event_to_json(stale.event), "stale", as_json)
    elif found.stale:
        look_seldom()
        policy = load_policy(settings.policy_file)
        screener = read_list(client, topics.designations, policy, user_snapshots()).screener
        if missing := [name for name in settings.required_lists if name not in screener.lists.versions]:
            raise IncompleteListError(f"required and not on {topics.designations}: {', '.join(missing)}")
        dispositions = read_dispositions(client, topics.dispositions, suppression_rules(settings))
        again = decide_again(
            client, topics, screener, dispositions, found.stale.values(), reader_of(settings)
        )
        asyncio.run(_publish(settings, topics, again, as_json))
    return found


async def _publish(settings: Settings, topics: Topics, again: Iterable[DecidedAgain], as_json: bool) -> None:
    """Every new decision, and its alert where it hits; all are on the broker when this returns."""
    producer = AIOKafkaProducer(
        **aiokafka_options(settings), acks="all", max_request_size=settings.max_message_bytes
    )
    chain = Chain(audit_key(settings), "recheck")
    headers: Headers = [CONTENT_TYPE]
    outbox = Outbox(lambda: producer, chain, topics.audit)
    try:
        await producer.start()
        for stale, payment, decision, now in again:
            key, alerted = stale.payment_id.encode(errors="replace"), None
            if payment and decision.outcome is Outcome.HIT:
                alert = alert_to_json(decision, payment, now, 0.0, stale.event)
                alerted = outbox.send(topics.alerts, key, alert, headers)
            outbox.send(
                topics.decisions, key, decision_to_json(decision, now, 0.0, stale.event), headers, alerted
            )
            _print(stale.payment_id, event_to_json(stale.event), decision.outcome, as_json)
        await outbox.delivered()
        await outbox.last_checkpoint()
    finally:
        await producer.stop()


def _print(payment_id: str, event: EventPlace | None, outcome: str, as_json: bool) -> None:
    """One line a payment; one that came in a request has no event."""
    if as_json:
        click.echo(orjson.dumps({"payment_id": payment_id, "event": event, "outcome": outcome}))
    else:
        place = f"{event['topic']}-{event['partition']}@{event['offset']}" if event else "request"
        click.echo(f"{place} {printable(payment_id)}: {outcome}")
