"""Options that the commands of the stream share."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def shares_of_new(*default: float, more: str = "") -> Callable[[Command], Command]:
    """`--new`, which a command takes as `shares`; `more` is said behind its help."""
    return click.option(
        "--new",
        "shares",
        multiple=True,
        default=default,
        show_default=True,
        type=click.FloatRange(0, 1),
        help=f"Share of parties that no payment had before; again for several.{more}",
    )
