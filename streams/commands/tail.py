"""`interdict tail`: what workers decide, read from the topic, for people without a Kafka client."""

import heapq
import json
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Any

import orjson
import rich_click as click

from screening import Outcome
from streams.commands._errors import Command
from streams.commands._options import Duration, settings_from, settings_options
from streams.commands._service import until_stopped
from streams.commands._text import printable
from streams.errors import NOT_OURS
from streams.kafka.clock import end_when_the_clock_is_set_back
from streams.kafka.connection import librdkafka_options
from streams.kafka.log import Record, Span, TopicLog
from streams.kafka.topics import Topics

LONGEST_NAME = 60
"""Characters of a name in a line; `--json` has it whole."""
MOST_SHOWN_HITS = 3


@click.command(cls=Command)
@settings_options
@click.option(
    "-n", "--last", type=click.IntRange(0), default=10, show_default=True, help="The newest so many."
)
@click.option("--since", type=Duration(), help="Those of that time instead, such as 1h.")
@click.option("--follow", "-f", is_flag=True, help="And those to come, until stopped.")
@click.option(
    "--outcome",
    "outcomes",
    multiple=True,
    type=click.Choice([str(outcome) for outcome in Outcome]),
    help="Only of this outcome; may be repeated.",
)
@click.option("--payment", "payments", multiple=True, help="Only of this payment id; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Each record as it stands on the topic, one a line.")
@click.argument("topic", type=click.Choice(["decisions", "alerts"]))
def command(
    last: int,
    since: float | None,
    follow: bool,
    outcomes: tuple[str, ...],
    payments: tuple[str, ...],
    as_json: bool,
    topic: str,
    **flags: object,
) -> None:
    """Print decisions or alerts as workers write them, oldest first: when, which payment, what was found.

    Joins no consumer group and changes nothing. A line that is no record of ours is counted on stderr.
    """
    settings = settings_from(**flags)
    topics = Topics(settings.topic_prefix)
    wanted = _Wanted(frozenset(outcomes), frozenset(payments))
    client = librdkafka_options(settings)
    name, shown = topics.decisions if topic == "decisions" else topics.alerts, False
    with end_when_the_clock_is_set_back(), TopicLog(client, name) as log:
        spans = log.spans(since=time.time() - since if since else None)
        if since:
            found = iter(sorted(filter(wanted.takes, log.read_all(spans)), key=lambda record: record.time))
        else:
            found = iter(_newest(log, spans, wanted, last))
        for record in found:
            shown = True
            click.echo(_line(record, as_json))
        if not shown:
            click.echo(f"{name}: nothing to show{' so far' if follow else ''}", err=True)
        if follow:
            with until_stopped():
                coming = log.follow_all({span.partition: span.end for span in spans})
                for record in filter(wanted.takes, filter(None, coming)):
                    click.echo(_line(record, as_json))
    if wanted.unreadable:
        click.echo(f"{wanted.unreadable} records are none of ours and were passed over", err=True)


class _Wanted:
    """Which records are shown, and how many could not be read."""

    def __init__(self, outcomes: frozenset[str], payments: frozenset[str]) -> None:
        self.unreadable = 0
        self._outcomes, self._payments = outcomes, payments

    def takes(self, record: Record) -> bool:
        if self._payments and record.key.decode(errors="replace") not in self._payments:
            return False
        body = _body(record)
        if body is None:
            self.unreadable += 1
            return False
        return not self._outcomes or body.get("outcome") in self._outcomes


def _newest(log: TopicLog, spans: list[Span], wanted: _Wanted, last: int) -> list[Record]:
    """The newest wanted records of all partitions, oldest first; each is read back as far as it must."""
    found: list[Record] = []
    for span in spans:
        backwards = chain.from_iterable(chunk.records for chunk in log.newest_first([span]))
        found += islice(filter(wanted.takes, backwards), last)
    return heapq.nlargest(last, found, key=lambda record: record.time)[::-1]


def _body(record: Record) -> dict[str, Any] | None:
    """None for what cannot be shown: no JSON, or not of the shape that a decision or an alert has."""
    try:
        body: dict[str, Any] = orjson.loads(record.value or b"null")
        _text(record.time, body)
    except NOT_OURS:
        return None
    return body


def _line(record: Record, as_json: bool) -> str:
    body = _body(record) or {}
    return json.dumps(body, ensure_ascii=False) if as_json else _text(record.time, body)


def _text(time_of_record: float, body: Mapping[str, Any]) -> str:
    at = datetime.fromtimestamp(time_of_record, UTC).strftime("%Y-%m-%d %H:%M:%S")
    payment = str(body.get("payment_id", ""))
    head = f"{at}Z  {body.get('outcome', body.get('type', '')):5}  {printable(payment, LONGEST_NAME)}"
    return "\n".join([head, *_hits(body)])


def _hits(body: Mapping[str, Any]) -> Iterator[str]:
    hits = body.get("hits") or ()
    for hit in hits[:MOST_SHOWN_HITS]:
        listed = hit.get("designation", {})
        party = f"{hit.get('role', '')}: {printable(str(hit.get('value', '')), LONGEST_NAME)}"
        entry = f"{printable(str(listed.get('name', '')), LONGEST_NAME)} ({listed.get('id', '')})"
        yield f"    {hit.get('action', ''):6} {hit.get('score', 0):.2f}  {party}  ~  {entry}"
    if len(hits) > MOST_SHOWN_HITS:
        yield f"    and {len(hits) - MOST_SHOWN_HITS} more hits; --json has them"
    if error := body.get("error"):
        said = str(error.get("message", "")) if isinstance(error, dict) else str(error)
        yield f"    {printable(said, LONGEST_NAME)}"
