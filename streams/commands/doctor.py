"""`interdict doctor`: one line for each thing that payments depend on, and what to do about it."""

import dataclasses
from typing import Any

import orjson
import rich_click as click

from streams.commands._errors import Command
from streams.commands._options import settings_from, settings_options
from streams.diagnosis import Finding, Level, examine

COLOURS = {Level.OK: "green", Level.NOTE: "yellow", Level.FAIL: "red"}


@click.command(cls=Command)
@settings_options
@click.option("--group", help="Consumer group of the workers.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def command(as_json: bool, **flags: Any) -> None:
    """Look at versions, policy, security, broker, topics, access and workers; change nothing.

    Exit 1 when something keeps payments from being screened. A note is what is unwise in production, or
    what the broker does not answer.
    """
    failed = False
    for finding in examine(settings_from(**flags)):
        failed = failed or finding.level is Level.FAIL
        click.echo(orjson.dumps(dataclasses.asdict(finding)).decode() if as_json else line(finding))
    if failed:
        raise SystemExit(1)


def line(finding: Finding) -> str:
    """`fail  topics    payments: does not exist; create it: interdict topics create`"""
    level = click.style(f"{finding.level:<5}", fg=COLOURS[finding.level])
    remedy = f"; {finding.remedy}" if finding.remedy else ""
    return f"{level} {finding.subject:<9} {finding.text}{remedy}"
