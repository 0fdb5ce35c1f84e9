"""Durations as an operator writes them."""

from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from streams.cli import COMMANDS, main
from streams.commands._options import Duration


@pytest.mark.parametrize(
    ("text", "seconds"), [("30d", 2_592_000), ("12h", 43_200), ("90M", 5_400), ("45s", 45), ("1.5h", 5_400)]
)
def test_days_hours_minutes_and_seconds_are_read(text: str, seconds: float) -> None:
    assert Duration().convert(text, None, None) == seconds


@pytest.mark.parametrize("text", ["30", "d", "-1d", "30 days", "1w", "", "1e3h"])
def test_anything_else_is_a_usage_error_that_shows_how(text: str) -> None:
    with pytest.raises(click.BadParameter, match="write 30d"):
        Duration().convert(text, None, None)


@pytest.mark.parametrize("text", ["0d", "0s", "0.0h"])
def test_no_time_at_all_is_not_taken_for_a_duration_that_was_left_out(text: str) -> None:
    """A lookback of 0d looked back for thirty days."""
    with pytest.raises(click.BadParameter, match="is no time at all"):
        Duration().convert(text, None, None)


@pytest.mark.parametrize("command", ["worker", "customers run"])
def test_a_level_of_the_log_that_is_none_is_a_usage_error(command: str) -> None:
    result = CliRunner().invoke(main, [*command.split(), "--log-level", "LOUD"])

    assert result.exit_code == 2
    assert "'LOUD' is not one of 'debug', 'info', 'warning', 'error'" in result.stderr


def test_a_duration_that_no_clock_reaches_back_is_a_short_usage_error() -> None:
    with pytest.raises(click.BadParameter, match="longer than a hundred years") as raised:
        Duration().convert("9" * 10_000 + "d", None, None)

    assert len(str(raised.value)) < 200


def commands_of(name: str) -> Iterator[click.Command]:
    """A command of the command line, or those of a group."""
    context = click.Context(main)
    command = main.get_command(context, name)
    assert command is not None
    yield command
    if isinstance(command, click.Group):
        yield from command.commands.values()


SINCE = [
    pytest.param(name, parameter, id=f"{name} {command.name}")
    for name in COMMANDS
    for command in commands_of(name)
    for parameter in command.params
    if {"--since", "--for"} & set(parameter.opts)
]


@pytest.mark.parametrize(("name", "parameter"), SINCE)
def test_every_command_reads_a_duration_alike(name: str, parameter: click.Parameter) -> None:
    context = click.Context(click.Command(name))

    assert parameter.type_cast_value(context, "1.5h") == 5_400
