"""`interdict doctor`: one line for each thing that payments depend on, and what to do about it."""

import dataclasses

import orjson
import rich_click as click

from streams.commands._errors import Command
from streams.commands._options import settings_from, settings_options
from streams.diagnosis import Check, Level, examine

COLOURS = {Level.OK: "green", Level.NOTE: "yellow", Level.FAIL: "red"}


@click.command(cls=Command)
@settings_options
@click.option("--group", help="Consumer group of the workers.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def command(as_json: bool, **flags: object) -> None:
    """Look at versions, policy, security, broker, topics, access and workers; change nothing.

    Exit 1 when something keeps payments from being screened. A note is what is unwise in production, or
    what the broker does not answer.
    """
    failed = False
    for check in examine(settings_from(**flags)):
        failed = failed or check.level is Level.FAIL
        click.echo(orjson.dumps(dataclasses.asdict(check)).decode() if as_json else line(check))
    if failed:
        raise SystemExit(1)


def line(check: Check) -> str:
    """`fail  topics    payments: does not exist; create it: interdict topics create`"""
    level = click.style(f"{check.level:<5}", fg=COLOURS[check.level])
    remedy = f"; {check.remedy}" if check.remedy else ""
    return f"{level} {check.subject:<9} {check.text}{remedy}"
