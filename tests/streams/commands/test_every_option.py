"""Every command with its arguments and options: names, types, bounds, defaults, and what help shows.

`options.txt` holds them; `python -m tests.streams.commands.test_every_option` writes it anew.
"""

from collections.abc import Iterator
from pathlib import Path

import click

from streams.cli import COMMANDS, main

HELD = Path(__file__).with_name("options.txt")


def commands() -> Iterator[tuple[str, click.Command]]:
    """Each that can be called, by its words."""
    context = click.Context(main)
    for name in COMMANDS:
        command = main.get_command(context, name)
        if isinstance(command, click.Group):
            for within in command.list_commands(context):
                member = command.get_command(context, within)
                assert member is not None
                yield f"{name} {within}", member
        elif command is not None:
            yield name, command


def kind(param: click.Parameter) -> str:
    """A type with its bounds or choices."""
    of = param.type
    if isinstance(of, click.Choice):
        return "|".join(map(str, of.choices))
    if isinstance(of, click.Tuple):
        return "+".join(each.name for each in of.types)
    told = of.name
    if isinstance(of, click.IntRange | click.FloatRange):
        told += (
            f" {of.min} to {of.max}" + " beyond" * bool(of.clamp) + " open" * bool(of.min_open or of.max_open)
        )
    if isinstance(of, click.Path):
        told += " there" * bool(of.exists) + " file" * bool(of.file_okay) + " dir" * bool(of.dir_okay)
        told += " - too" * bool(of.allow_dash)
    return told


def described(param: click.Parameter) -> str:
    default = param.default if isinstance(param.default, bool | int | float | str | tuple) else None
    told = [", ".join((*param.opts, *param.secondary_opts)), kind(param), f"default {default!r}"]
    told += ["required"] * param.required + ["many"] * (param.multiple or param.nargs == -1)
    if isinstance(param, click.Option):
        told += ["flag"] * param.is_flag + ["shown"] * bool(param.show_default) + ["hidden"] * param.hidden
        told.append(" ".join((param.help or "").split()))
    return "; ".join(told)


def held() -> str:
    lines = list[str]()
    for words, command in sorted(commands()):
        lines.append(words + " hidden" * command.hidden)
        lines += [f"  {described(param)}" for param in command.params]
    return "\n".join(lines) + "\n"


def test_commands_and_options_are_as_they_stand_beside_this() -> None:
    assert held() == HELD.read_text()


if __name__ == "__main__":
    HELD.write_text(held())
