"""`interdict topics create|check`: the topics as the pipeline relies on them."""

import orjson
import rich_click as click

from config.settings import Settings
from streams.commands._errors import Group
from streams.commands._options import settings_from, settings_options
from streams.kafka.connection import librdkafka_options
from streams.kafka.provisioning import TopicAdmin
from streams.kafka.rights import PRINCIPALS, acl_commands, strimzi_user
from streams.kafka.topics import wanted

PARTITIONS = 12
"""Divides evenly among 2, 3, 4, 6 and 12 workers; partitions cannot be taken away later."""

WRITTEN = {"acls": acl_commands, "strimzi": strimzi_user}
FORMS = tuple(WRITTEN)
HEAD = {
    "acls": "#!/bin/sh\n# Written by `interdict topics rights`. Give it the options that name the broker:\n"
    "# --bootstrap-server HOST:PORT --command-config FILE\nset -eu",
    "strimzi": "# Written by `interdict topics rights --form strimzi`.",
}


@click.group(cls=Group)
def command() -> None:
    """Create the topics, or check those that are there."""


@command.command()
@settings_options
@click.option(
    "--partitions",
    type=click.IntRange(min=1),
    default=PARTITIONS,
    show_default=True,
    help="Of the payments topic and what comes of it: the most workers that can share the work.",
)
@click.option(
    "--replication",
    type=click.IntRange(min=1),
    help="Copies of each record.  [default: 3, or the number of brokers]",
)
def create(partitions: int, replication: int | None, **flags: object) -> None:
    """Create the topics that are missing; the others stay as they are."""
    settings = settings_from(**flags)
    made = _admin(settings).create(partitions, replication)
    for spec in wanted(answers=settings.answers):
        name = settings.topic_prefix + spec.name
        click.echo(f"{name}: {'created' if name in made else 'exists'}")


@command.command()
@settings_options
@click.option("--json", "as_json", is_flag=True, help="One JSON object a problem.")
def check(as_json: bool, **flags: object) -> None:
    """Name every setting that differs from what the pipeline relies on; exit 1 when there is one."""
    settings = settings_from(**flags)
    problems = _admin(settings).check()
    for problem in problems:
        click.echo(orjson.dumps(problem).decode() if as_json else problem)
    if problems:
        raise SystemExit(1)
    if not as_json:
        click.echo(f"{len(wanted(answers=settings.answers))} topics are as the pipeline needs them")


@command.command()
@settings_options
@click.option("--group", help="Consumer group of the workers.")
@click.option(
    "--form", type=click.Choice(FORMS), default="acls", show_default=True, help="How it is written."
)
@click.argument("principals", nargs=-1, type=click.Choice([each.name for each in PRINCIPALS]))
def rights(form: str, principals: tuple[str, ...], **flags: object) -> None:
    """Print the least rights of PRINCIPALS, or of all: as calls of kafka-acls.sh or as users of Strimzi.

    The calls take the options of kafka-acls.sh that name the broker: --bootstrap-server, --command-config.
    """
    settings = settings_from(**flags)
    click.echo(HEAD[form])
    for principal in PRINCIPALS:
        if not principals or principal.name in principals:
            for line in WRITTEN[form](principal, settings.topic_prefix, settings.group):
                click.echo(line)


def _admin(settings: Settings) -> TopicAdmin:
    return TopicAdmin(librdkafka_options(settings), settings.topic_prefix, wanted(answers=settings.answers))
