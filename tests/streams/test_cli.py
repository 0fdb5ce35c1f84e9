"""The front door: every command is named, says what it does, and completes in a shell."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from streams.cli import COMMANDS, _open_closed_streams, main

SAMPLE = Path(__file__).parents[2] / "screening" / "lists" / "data" / "sample-2023-08-16.csv"


def test_help_names_every_command() -> None:
    output = CliRunner().invoke(main, ["--help"]).output

    assert [name for name in COMMANDS if f"│ {name} " not in output] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_says_what_it_does(name: str) -> None:
    result = CliRunner().invoke(main, [name, "--help"], prog_name="interdict")

    assert result.exit_code == 0
    assert f"interdict {name}" in " ".join(result.output.split())


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shell_completion_is_offered(shell: str) -> None:
    interdict = str(Path(sys.executable).with_name("interdict"))
    environment = os.environ | {"_INTERDICT_COMPLETE": f"{shell}_source"}

    completed = subprocess.run([interdict], env=environment, capture_output=True, text=True)

    if shell == "bash" and "Bash version" in completed.stderr:
        pytest.skip("this machine's bash is too old to complete")
    assert completed.returncode == 0
    assert "_INTERDICT_COMPLETE" in completed.stdout


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    "command",
    [["--help"], ["lists", "sources"], ["config", "show"], ["match", "--list", f"csv:{SAMPLE}", "versor"]],
    ids=["help", "a table", "lines", "something is found"],
)
@pytest.mark.skipif(not hasattr(signal, "SIGPIPE"), reason="this system has no SIGPIPE")
def test_a_command_that_nobody_reads_ends_quietly_as_others_do(command: list[str], unbuffered: str) -> None:
    """It ended with 1, which says that something was found."""
    interdict = str(Path(sys.executable).with_name("interdict"))
    environment = os.environ | {"PYTHONUNBUFFERED": unbuffered}
    read, written = os.pipe()
    os.close(read)
    try:
        completed = subprocess.run(
            [interdict, *command], stdout=written, stderr=subprocess.PIPE, env=environment
        )
    finally:
        os.close(written)

    assert (completed.returncode, completed.stderr) == (-signal.SIGPIPE, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full disk to try")
def test_a_disk_that_is_full_is_said_once() -> None:
    interdict = str(Path(sys.executable).with_name("interdict"))
    with Path("/dev/full").open("wb") as full:
        completed = subprocess.run(
            [interdict, "match", "--list", f"csv:{SAMPLE}", "versor"], stdout=full, stderr=subprocess.PIPE
        )

    assert (completed.returncode, completed.stderr.count(b"\n")) == (2, 1)


def test_an_unknown_command_is_wrong_use() -> None:
    assert CliRunner().invoke(main, ["nonsense"]).exit_code == 2


def test_a_command_that_is_nearly_one_is_named() -> None:
    result = CliRunner().invoke(main, ["list"])

    assert result.exit_code == 2
    assert "Did you mean 'lists'?" in result.output


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("--nope", 2, "No such option: --nope"),
        ("nonsense", 2, "No such command 'nonsense'"),
        ("lists nonsense", 2, "No such command 'nonsense' (`interdict lists --help`)"),
        (
            "screen --list csv:{sample} --output {folder}/none/x {sample}",
            2,
            "Could not open file '{folder}/none/x'",
        ),
        (
            "match --list csv:{sample} --kind Person Versor",
            2,
            "'Person' is not one of 'person', 'organization'",
        ),
        (
            "lists publish csv {folder}/page.csv",
            1,
            "{folder}/page.csv: this is a web page, not a list; check the",
        ),
        ("lists publish csv {sample} --name ", 2, "is empty; leave --name out for the format's own"),
    ],
)
def test_whatever_ends_a_command_is_one_whole_line_where_no_terminal_shows_it(
    tmp_path: Path, line: str, code: int, said: str
) -> None:
    """A frame of 80 columns broke the paths in it over lines of a log."""
    (tmp_path / "page.csv").write_text("<html></html>")
    words = [word.format(sample=SAMPLE, folder=tmp_path) for word in line.split(" ")]

    result = CliRunner().invoke(main, words, prog_name="interdict")

    (told,) = result.stderr.splitlines()
    assert (result.exit_code, told[:7]) == (code, "Error: ")
    assert said.format(folder=tmp_path) in told


@pytest.mark.parametrize("encoding", ["ascii", "iso-8859-15"])
def test_a_letter_that_the_terminal_lacks_is_escaped_as_json_does(encoding: str) -> None:
    """`match` ended with a traceback, and with the exit code that says "found"."""
    result = CliRunner(charset=encoding).invoke(main, ["match", "--list", f"csv:{SAMPLE}", "ООО «Верус»"])

    assert isinstance(result.exception, SystemExit) and result.exit_code == 1, result.output
    escaped = re.search(r"(?:\\u[0-9a-f]{4})+", result.stdout)
    assert escaped and orjson.loads(f'"{escaped[0]}"') in "ООО «Верус» верус"


def test_who_is_started_without_streams_writes_to_nowhere_and_reads_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A worker ended at its first line of log."""
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    monkeypatch.setattr(sys, "stdin", None)
    _open_closed_streams()
    streams = (sys.stdout, sys.stderr)
    assert [stream.write("x") for stream in streams] == [1, 1]
    assert (sys.stdin.read(), sys.stdin.buffer.read()) == ("", b"")
    for stream in (*streams, sys.stdin):
        stream.close()
