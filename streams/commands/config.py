"""`interdict config show`: every setting in force and where it comes from, secrets masked."""

import os
import tomllib
from pathlib import Path

import orjson
import rich_click as click
from pydantic import SecretStr
from rich.console import Console

from config.settings import ENV_PREFIX, Settings
from streams.commands._errors import Group
from streams.commands._options import settings_from, settings_options
from streams.commands._text import Table

MASK = "********"


@click.group(cls=Group)
def command() -> None:
    """What this machine is configured to do."""


@command.command()
@settings_options
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
def show(as_json: bool, **flags: object) -> None:
    """Every setting, its value and its source; of several sources the one listed first wins:

    flag, environment (INTERDICT_NAME), secret file (INTERDICT_NAME_FILE), settings file (TOML), default.
    """
    settings = settings_from(**flags)
    rows = [(name, shown(getattr(settings, name)), source(name, flags)) for name in Settings.model_fields]
    if as_json:
        record = {name: {"value": value, "source": origin} for name, value, origin in rows}
        click.echo(orjson.dumps(record, option=orjson.OPT_INDENT_2).decode())
        return
    table = Table("setting", "value", "from", box=None, pad_edge=False)
    for name, value, origin in rows:
        table.add_row(name, "" if value is None else str(value), "" if origin == "default" else origin)
    Console().print(table)


def shown(value: object) -> object:
    """As JSON has it; a secret says only that it is there."""
    if isinstance(value, SecretStr):
        return MASK if value.get_secret_value() else None
    if isinstance(value, Path):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def source(name: str, flags: dict[str, object]) -> str:
    """Where a setting's value comes from, by the precedence of `config.settings`."""
    variable = f"{ENV_PREFIX}{name.upper()}"
    if flags.get(name) is not None:
        return "flag"
    if variable in os.environ:
        return variable
    if f"{variable}_FILE" in os.environ:
        return f"{variable}_FILE"
    file = os.environ.get(f"{ENV_PREFIX}CONFIG")
    if file and name in tomllib.loads(Path(file).read_text("utf-8-sig")):
        return file
    return "default"
