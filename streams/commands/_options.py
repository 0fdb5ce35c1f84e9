"""The flags that every command with a broker shares, and the settings they lead to."""

import os
from collections.abc import Callable
from typing import Any

import rich_click as click

from config.settings import ENV_PREFIX, Settings, SettingsError, load_settings


def settings_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds `--broker`, `--prefix` and `--config`; see `settings_from`."""
    for option in (
        click.option(
            "--config", "config_file", type=click.Path(exists=True, dir_okay=False), help="Settings (TOML)."
        ),
        click.option("--prefix", "topic_prefix", help="Put before every topic name."),
        click.option("--broker", help="Kafka bootstrap servers, host:port[,host:port]."),
    ):
        command = option(command)
    return command


def settings_from(config_file: str | None = None, **flags: Any) -> Settings:
    """Flags over environment over file over defaults; a wrong setting is a usage error (exit 2)."""
    if config_file:
        os.environ[f"{ENV_PREFIX}CONFIG"] = config_file
    try:
        return load_settings(**flags)
    except SettingsError as error:
        raise click.UsageError(str(error)) from None


class _Duration(click.ParamType):
    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        number, unit = str(value)[:-1], str(value)[-1:]
        if unit not in SECONDS or not number.isdecimal():
            self.fail(f"{value!r} is no duration such as 90m, 24h or 30d", param, ctx)
        return float(number) * SECONDS[unit]


SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
duration = _Duration()
"""A duration on the command line, in seconds."""
