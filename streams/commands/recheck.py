"""`interdict recheck`: payments decided on a list older than themselves, found and screened again."""

import asyncio
import time
from typing import Any

import orjson
import rich_click as click
from aiokafka import AIOKafkaProducer

from config.settings import Settings
from screening import Screener
from screening.decisions import Outcome
from streams.audit.chain import Chain
from streams.audit.stale import Findings, decide_again, find_stale
from streams.commands._options import duration, settings_from, settings_options
from streams.kafka.connection import aiokafka_options, audit_key
from streams.kafka.reading import NoSuchTopicError
from streams.kafka.topics import Topics
from streams.offline.policies import load_policy
from streams.records.json import CONTENT_TYPE, alert_to_json, decision_to_json
from streams.worker.console.feed import Feed
from streams.worker.delivery import Outbox
from streams.worker.metrics import Metrics
from streams.worker.replicas.designations import Replica

LIST_SECONDS = 60.0
"""How long the whole list may take to be read; a million names take less."""


@click.command()
@settings_options
@click.option("--since", type=duration, default="24h", show_default=True, help="How far back: 90m, 24h, 30d.")
@click.option("--dry-run", is_flag=True, help="Only say what there is.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a finding.")
def command(since: float, dry_run: bool, as_json: bool, **flags: Any) -> None:
    """Find payments decided on a list older than themselves and decide them again (trigger "barrier").

    Workers publish no such decision, so this finds none while all goes well. Exit 1 when there were any.
    """
    settings = settings_from(**flags)
    try:
        found = asyncio.run(_recheck(settings, since, dry_run=dry_run, as_json=as_json))
    except (NoSuchTopicError, TimeoutError) as error:
        raise click.ClickException(str(error)) from None
    told = f"{found.decisions} decisions, {len(found.stale)} taken with a list older than their payment"
    if found.without_event:
        told += f"; {found.without_event} do not name their event and could not be checked"
    click.echo(told, err=as_json)
    raise SystemExit(1 if found.stale else 0)


async def _recheck(settings: Settings, since: float, *, dry_run: bool, as_json: bool) -> Findings:
    client, topics = aiokafka_options(settings), Topics(settings.topic_prefix)
    found = await find_stale(client, topics, int((time.time() - since) * 1000))
    if dry_run:
        for stale in found.stale.values():
            _tell(stale.payment_id, stale.event._asdict(), "stale", as_json)
        return found
    if not found.stale:
        return found
    producer = AIOKafkaProducer(**client, acks="all", max_request_size=settings.max_message_bytes)
    await producer.start()
    outbox = Outbox(lambda: producer, Chain(audit_key(settings)))
    headers = [CONTENT_TYPE]
    try:
        screener = await _screener(settings, topics)
        async for stale, payment, decision, now in decide_again(client, topics, screener, found.stale):
            key = stale.payment_id.encode(errors="replace")
            if payment and decision.outcome is Outcome.HIT:
                alert = alert_to_json(decision, payment, now, 0.0, stale.event)
                await outbox.send(topics.alerts, key, alert, headers)
            await outbox.send(
                topics.decisions, key, decision_to_json(decision, now, 0.0, stale.event), headers
            )
            _tell(stale.payment_id, stale.event._asdict(), decision.outcome, as_json)
        await outbox.delivered()
    finally:
        await producer.stop()
    return found


async def _screener(settings: Settings, topics: Topics) -> Screener:
    """The whole list as a worker holds it. Raises TimeoutError with the reason when it is not complete."""
    policy = load_policy(settings.policy_file)
    replica = Replica(
        topics.designations,
        client=aiokafka_options(settings),
        new_screener=lambda: Screener(policy),
        metrics=Metrics(process=False),
        feed=Feed(),
        required_lists=settings.required_lists,
    )
    starting = asyncio.create_task(replica.start())
    try:
        await asyncio.wait_for(replica.complete.wait(), LIST_SECONDS)
    except TimeoutError:
        raise TimeoutError(f"the list is not complete: {'; '.join(replica.reasons)}") from None
    finally:
        await replica.stop()
        await starting
    return replica.screener


def _tell(payment_id: str, event: dict[str, Any], outcome: str, as_json: bool) -> None:
    if as_json:
        click.echo(orjson.dumps({"payment_id": payment_id, "event": event, "outcome": outcome}))
    else:
        click.echo(f"{event['topic']}-{event['partition']}@{event['offset']} {payment_id}: {outcome}")
