"""What stands of dispositions, and the hits they are about, as their topics and the lists have it."""

from collections.abc import Collection
from contextlib import suppress

import rich_click as click

from config.settings import Settings
from screening.cases.dispositions import Dispositions
from screening.designations import Designation
from streams.errors import CannotProceedError
from streams.kafka.connection import librdkafka_options
from streams.kafka.log import Record, TopicLog, oldest_first
from streams.kafka.topics import Topics
from streams.lookback.updates import latest_alerts
from streams.records.alerts import alert_from_json
from streams.records.dispositions import pair_of, suppression_rules, take
from streams.records.json import designation_from_json
from streams.records.shapes import HitRecord


def read(settings: Settings) -> tuple[dict[bytes, Record], Dispositions]:
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


def alerted_hit(settings: Settings, alert_id: str) -> HitRecord:
    """The hit of an alert. Raises ClickException where there is none."""
    topic = Topics(settings.topic_prefix).alerts
    with TopicLog(librdkafka_options(settings), topic) as log:
        named = (each for each in log.read_all(log.spans()) if each.value and alert_id.encode() in each.value)
        for record in named:
            for hit in _hits(record.value or b""):
                if hit["alert_id"] == alert_id:
                    return hit
    raise click.ClickException(f"no alert {alert_id} on {topic}; give the value of hits[].alert_id")


def newest_hit(settings: Settings, pair: str) -> HitRecord | None:
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


def read_where_allowed(settings: Settings) -> Dispositions | None:
    """What stands; None where this user may give dispositions and read none."""
    with suppress(CannotProceedError):
        return read(settings)[1]
    return None


def listed(settings: Settings, wanted: Collection[str]) -> dict[str, Designation]:
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
