"""The `interdict` command: one module a command (group) in `streams/commands`, loaded when called."""

import codecs
import errno
import importlib
import io
import os
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import rich_click as click

from streams.commands._errors import suggest, without_frames

COMMANDS: Mapping[str, str] = {
    "demo": "streams.commands.demo",
    "worker": "streams.commands.worker",
    "broker": "streams.commands.broker",
    "serve": "streams.commands.serve",
    "console": "streams.commands.console",
    "customers": "streams.commands.customers",
    "topics": "streams.commands.topics",
    "lists": "streams.commands.lists",
    "screen": "streams.commands.screen",
    "match": "streams.commands.match",
    "mapping": "streams.commands.mapping",
    "effectiveness": "streams.commands.effectiveness",
    "recheck": "streams.commands.recheck",
    "audit": "streams.commands.audit",
    "lookback": "streams.commands.lookback",
    "dispositions": "streams.commands.dispositions",
    "dead-letters": "streams.commands.dead_letters",
    "tail": "streams.commands.tail",
    "replay": "streams.commands.replay",
    "backtest": "streams.commands.backtest",
    "doctor": "streams.commands.doctor",
    "config": "streams.commands.config",
    "export": "streams.commands.export",
    "answers": "streams.commands.answers",
    "suggest": "streams.commands.suggest",
}
"""Name -> module; the module's `command` is the click command."""


ESCAPED = "interdict.escaped"


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """A letter that the encoding of the terminal lacks, as JSON escapes it: a line of JSON stays one, and a
    name in another script ends no command."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    utf_16 = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    units = (utf_16[at : at + 2].hex() for at in range(0, len(utf_16), 2))
    return "".join(f"\\u{unit}" for unit in units), error.end


codecs.register_error(ESCAPED, _escaped)


def _open_closed_streams() -> None:
    """Who is started without stdout or stderr writes to nowhere, and without stdin reads nothing. A worker
    failed at its first line, and what a process opens next has their number: a line would go into a
    connection."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115  as long as the process


class ReadOutput(io.FileIO):
    """Standard output for as long as somebody reads it; then SIGPIPE ends the process, as it ends others.

    Python does not let that signal come, and rightly: it would end a worker whose broker closes a connection.
    What click and rich end with instead, 1, says that something was found.
    """

    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except OSError as error:
            if error.errno == errno.EPIPE and hasattr(signal, "SIGPIPE"):
                signal.signal(signal.SIGPIPE, signal.SIG_DFL)
                os.kill(os.getpid(), signal.SIGPIPE)
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())  # said once
            raise


def _end_with_the_reader() -> None:
    """Who pipes into `head` sees no error, and the exit code of any other command there."""
    stdout = sys.stdout
    if not isinstance(stdout, io.TextIOWrapper):
        return
    raw = getattr(stdout.buffer, "raw", stdout.buffer)
    if type(raw) is not io.FileIO:  # a test's, or ours already
        return
    stdout.flush()
    sys.stdout = io.TextIOWrapper(
        io.BufferedWriter(ReadOutput(raw.fileno(), "w", closefd=False)),
        encoding=stdout.encoding,
        errors=stdout.errors,
        line_buffering=stdout.line_buffering,
        write_through=stdout.write_through,
    )


def _hang_up_in_order() -> None:
    """A terminal that is closed, or SIGHUP by itself, ends a command as SIGTERM does: what runs until it is
    stopped ends in order. Who is started by nohup goes on."""
    number = getattr(signal, "SIGHUP", None)  # Windows has none
    ours = (
        threading.current_thread() is threading.main_thread()
    )  # who calls a command from elsewhere has its own
    if number and ours and signal.getsignal(number) is signal.SIG_DFL:
        signal.signal(number, lambda *_: signal.raise_signal(signal.SIGTERM))


class LazyGroup(click.RichGroup):
    """Imports a command's module only when it is needed, so that `--help` and `match` start fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        module = COMMANDS.get(cmd_name)
        if module is None:
            suggest(cmd_name, COMMANDS)
            return None
        command: click.Command = importlib.import_module(module).command
        command.name = cmd_name  # each module calls its own just `command`
        return command

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        _end_with_the_reader()
        with without_frames():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        with without_frames():
            return super().invoke(ctx)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="interdict")
def main() -> None:
    """Interdict screens payments on Kafka against sanctions lists; a designation stops the next payment."""
    _open_closed_streams()
    _hang_up_in_order()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors=ESCAPED)
