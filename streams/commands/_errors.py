"""One family of errors for every command: one line on stderr that says what to do, and exit code 2.

Exit code 1 stays what a command documents as found: hits, refused files, decisions that differ.
What click itself says, of a refused file or wrong use, is one line, too, where no terminal shows a frame.
"""

import errno
import logging
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from typing import Any

import rich_click as click
from click.exceptions import NoArgsIsHelpError

EXIT_CODE = 2
EXIT_CODE_IN_ORDER = "interdict.exit_code"
"""Where a click context says with which code a command ends, in order, whose end somebody must act upon."""
HINT = "; `interdict doctor` finds what is wrong"


@contextmanager
def in_one_line() -> Iterator[None]:
    """What keeps a command from its work is said in one line; a defect of ours keeps its traceback."""
    with _quiet(
        "aiokafka", "asyncio"
    ):  # what they log of a dead broker and of clients that are let go, we raise
        try:
            yield
        except click.FileError as error:  # an option's file; click would end with what says "found"
            error.exit_code = EXIT_CODE
            raise
        except Exception as error:
            reason = said(error)
            if not reason:
                raise
            click.echo(f"Error: {reason}", err=True)
            raise SystemExit(EXIT_CODE) from None


@contextmanager
def without_frames() -> Iterator[None]:
    """What ends a command is one whole line where it goes to a file or a pipe: a frame of 80 columns breaks
    paths and names, and whoever collects lines gets four that say nothing."""
    try:
        yield
    except NoArgsIsHelpError:
        raise
    except click.ClickException as error:
        if sys.stderr.isatty():
            raise
        context = error.ctx if isinstance(error, click.UsageError) else None
        see = f" (`{context.command_path} --help`)" if context else ""
        click.echo(f"Error: {_line(error.format_message()).removesuffix('.')}{see}", err=True)
        raise SystemExit(error.exit_code) from None


@contextmanager
def _quiet(*names: str) -> Iterator[None]:
    """These loggers say only what is critical meanwhile."""
    loggers = [logging.getLogger(name) for name in names]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


@contextmanager
def _closing(ctx: click.Context) -> Iterator[None]:
    """Close what the command opened while its errors are still said in one line: a file on a full disk fails
    a second time when it is closed, and then for click, which prints a traceback."""
    try:
        yield
    except Exception:
        with suppress(OSError):
            ctx.close()
        raise
    finally:
        ctx.close()


@contextmanager
def _with_the_code_of(ctx: click.Context) -> Iterator[None]:
    """An end in order has the code that the context says, 0 where it says none."""
    try:
        yield
    except SystemExit as end:
        if end.code:
            raise
    raise SystemExit(ctx.meta.get(EXIT_CODE_IN_ORDER, 0))


class Command(click.RichCommand):
    """A command whose errors of the family are one line and exit code 2; each command of ours is one."""

    def invoke(self, ctx: click.Context) -> Any:
        with in_one_line(), _with_the_code_of(ctx), _closing(ctx):
            return super().invoke(ctx)


class Group(click.RichGroup):
    """A group of such commands."""

    command_class = Command

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found: click.Command | None = super().get_command(ctx, cmd_name)
        if found is None:
            suggest(cmd_name, self.commands)
        return found


def suggest(name: str, known: Iterable[str]) -> None:
    """Raises UsageError where one of the commands is nearly called so."""
    if near := get_close_matches(name, known, n=1):
        raise click.UsageError(f"No such command '{name}'. Did you mean '{near[0]}'?")


def said(error: BaseException) -> str:
    """The line for an error of the family; empty for any other."""
    from aiokafka.errors import KafkaError
    from confluent_kafka import KafkaException

    from config.settings import SettingsError
    from screening.limits import LimitError
    from screening.lists import ListError
    from screening.policy.embargoes import EmbargoError
    from screening.policy.file import PolicyError
    from streams.errors import CannotProceedError

    if isinstance(error, BaseExceptionGroup):
        return next((line for each in error.exceptions if (line := said(each))), "")
    ours = (CannotProceedError, SettingsError, ListError, LimitError, PolicyError, EmbargoError)
    if isinstance(error, ours):
        return _line(str(error))
    if isinstance(error, KafkaException):
        return _line(error.args[0].str() if error.args else repr(error)) + HINT
    if isinstance(error, KafkaError):
        return _line(str(error) or type(error).__name__) + HINT
    if isinstance(error, OSError) and error.errno != errno.EPIPE:  # nobody reads on: click ends quietly then
        return _line(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    return ""


def _line(text: str) -> str:
    lines = "; ".join(filter(None, map(str.strip, text.splitlines())))
    return re.sub("([:,]);", r"\1", lines) or "no reason was given"  # click lists choices line by line
