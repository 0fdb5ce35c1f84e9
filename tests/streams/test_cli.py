"""The command line as a whole: every command is there under its name and teaches how to use it."""

import pytest
from click.testing import CliRunner

from streams.cli import COMMANDS, main


def test_help_lists_every_command_under_its_name() -> None:
    shown = CliRunner().invoke(main, ["--help"], env={"COLUMNS": "200"}).output

    assert [name for name in COMMANDS if f" {name} " not in shown] == []
    assert " command " not in shown


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    shown = CliRunner().invoke(main, [name, "--help"])

    assert shown.exit_code == 0
    assert f"{name} [OPTIONS]" in shown.output


def test_an_unknown_command_is_a_usage_error() -> None:
    assert CliRunner().invoke(main, ["lits"]).exit_code == 2
