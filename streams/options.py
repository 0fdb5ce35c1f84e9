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
