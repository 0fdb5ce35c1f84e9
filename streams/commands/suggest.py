"""`interdict suggest run|measure`: facts for and against each hit, and what rules suggest of it."""

import asyncio
import json
import logging

import rich_click as click

from screening.cases.dispositions import Verdict
from screening.policy.suggestions import Suggested
from screening.suggestions.measure import Made, Measured, measure
from streams.commands._errors import Group
from streams.commands._options import settings_from, settings_options
from streams.commands._service import begin, metrics_port_option, serve_metrics, start_option, when_stopped
from streams.kafka.connection import librdkafka_options
from streams.kafka.log import Record, TopicLog
from streams.kafka.options import ClientOptions
from streams.kafka.topics import Topics
from streams.lookback.decided import read_dispositions
from streams.offline.policies import load_suggestions
from streams.records.dispositions import suppression_rules
from streams.records.suggestions import made_from_json
from streams.suggestions.metrics import SuggestionMetrics
from streams.suggestions.service import run_suggestions

log = logging.getLogger(__name__)


@click.group(cls=Group)
def command() -> None:
    """Suggest what each hit may be found to be, by rules that can be read; never a disposition."""


@command.command()
@settings_options
@metrics_port_option
@start_option(
    "now", "Where one that has never suggested starts: with the oldest alert, or with the next one."
)
def run(metrics_port: int | None, start: str, **flags: object) -> None:
    """Suggest until SIGTERM; several processes share the alerts.

    For each hit of each alert, screening.suggestions gets the facts for and against it, with their sources,
    and what the rules of the policy make of them.
    """
    settings = settings_from(**flags)
    rules = load_suggestions(settings.policy_file)
    begin(settings)
    metrics = SuggestionMetrics()
    serve_metrics(metrics.registry, metrics_port, settings)

    async def until_stopped() -> None:
        stopping = asyncio.Event()
        when_stopped(stopping.set)
        await run_suggestions(settings, rules, metrics, stopping, oldest=start == "beginning")

    asyncio.run(until_stopped())


@command.command(name="measure")
@settings_options
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def measure_command(as_json: bool, **flags: object) -> None:
    """How often each rule was right, by the dispositions that people gave after its suggestion.

    Each pair of party and designation counts once. Exit code 1 where a hit that was found true had been
    suggested to be false: the alerts are named.
    """
    settings = settings_from(**flags)
    client, topics = librdkafka_options(settings), Topics(settings.topic_prefix)
    dispositions = read_dispositions(client, topics.dispositions, suppression_rules(settings), _passed)
    found = measure(_read_suggestions(client, topics.suggestions), dispositions.given())
    click.echo(json.dumps(_as_json(found), indent=2) if as_json else "\n".join(_lines(found)))
    if found.cleared_wrongly:
        raise SystemExit(1)


def _passed(record: Record, error: ValueError) -> None:
    log.warning("disposition %d cannot be read and is skipped: %.200s", record.offset, error)


def _read_suggestions(client: ClientOptions, topic: str) -> list[Made]:
    """The suggestions on their topic."""
    found = []
    with TopicLog(client, topic) as suggestions:
        for record in suggestions.read_all(suggestions.spans()):
            try:
                found.append(made_from_json(record.value or b""))
            except ValueError as error:
                log.warning("suggestion %d cannot be read and is skipped: %.200s", record.offset, error)
    return found


def _as_json(found: Measured) -> dict[str, object]:
    return {
        "pairs": found.pairs,
        "judged": found.judged,
        "found": {
            suggested: {verdict: found.found.get((suggested, verdict), 0) for verdict in Verdict}
            for suggested in Suggested
        },
        "rules": {
            name: {"right": rule.right, "wrong": rule.wrong, "precision": rule.precision}
            for name, rule in sorted(found.by_rule.items())
        },
        "cleared_wrongly": found.cleared_wrongly,
    }


def _lines(found: Measured) -> list[str]:
    lines = [f"{found.judged} of {found.pairs} pairs have a disposition that came after their suggestion"]
    for suggested in Suggested:
        true, false = (found.found.get((suggested, verdict), 0) for verdict in reversed(Verdict))
        lines.append(f"{suggested:15}  {true:6} found true  {false:6} found false")
    for name, rule in sorted(found.by_rule.items()):
        if rule.precision is not None:
            lines.append(f"{name}: right {rule.right}, wrong {rule.wrong}, {100 * rule.precision:.0f} %")
    lines += [f"{alert} was found true and had been suggested to be false" for alert in found.cleared_wrongly]
    return lines
