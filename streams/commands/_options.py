"""The flags that commands share, and the settings that those of a broker lead to."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import rich_click as click

from config.settings import ENV_PREFIX, Settings, SettingsError, load_settings, unknown_variables

Flagged = TypeVar("Flagged", bound=Callable[..., object])
"""What a command's flags are put on; it comes back with them."""
PORT = click.IntRange(0, 65535)
"""Of a port to listen on; 0 takes a free one."""

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
"""Of a file to read."""

lists_option = click.option(
    "--list", "lists", multiple=True, required=True, metavar="SOURCE:PATH", help="A list; may be repeated."
)
policy_option = click.option("--policy", type=FILE, help="Screening policy (TOML).")
log_level_option = click.option(
    "--log-level",
    type=click.Choice(["DEBUG", "INFO", "WARNING", "ERROR"], case_sensitive=False),
    default="INFO",
    show_default=True,
    help="What is logged to standard error, and what is worse.",
)


def settings_options(command: Flagged) -> Flagged:
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


def settings_from(config_file: object = None, **flags: object) -> Settings:
    """Flags over environment over file over defaults; a wrong setting is a usage error (exit 2)."""
    if config_file:
        os.environ[f"{ENV_PREFIX}CONFIG"] = str(config_file)
    for sentence in unknown_variables(os.environ):
        click.echo(sentence, err=True)
    try:
        return load_settings(**flags)
    except SettingsError as error:
        raise click.UsageError(str(error)) from None


class Report(click.Path):
    """A file that is written when all is done and tried before anything is, so that no long work is lost."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, path_type=Path)

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> Path:
        """The path; fails where nothing can be written there. What is there stays as it is."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        file = path.resolve()  # a link stays where it is, whatever it points to
        was_there = file.exists()
        if was_there and not file.is_file():
            return path  # a pipe would be at its end for its reader
        try:
            file.open("ab").close()
        except OSError as error:
            self.fail(f"{path} cannot be written: {error.strerror}", param, ctx)
        if not was_there:
            file.unlink()
        return path


_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_SHAPE = re.compile(r"([0-9]+(?:\.[0-9]+)?)([smhd])")


LONGEST_SECONDS = 100 * 365.25 * 86400
"""No record of ours is older, and times further back than 1970 are none that a broker knows."""


class Duration(click.ParamType):
    """A duration as people write it: 30d, 12h, 1.5h, 90m, 45s. A click type; its value is in seconds."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        found = _SHAPE.fullmatch(str(value).strip().lower())
        if found is None:
            self.fail(f"{str(value)[:40]!r} is no duration; write 30d, 12h, 90m or 45s", param, ctx)
        seconds = float(found[1]) * _SECONDS[found[2]]
        if not seconds:
            self.fail(f"{str(value)[:40]!r} is no time at all; leave it out for the default", param, ctx)
        if seconds > LONGEST_SECONDS:
            self.fail(f"{str(value)[:40]!r} is longer than a hundred years", param, ctx)
        return seconds
