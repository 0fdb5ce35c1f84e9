"""`python -m tests.first_minutes`: what went wrong in people's first minutes, tried again as they would.

Prints each trouble, its command and the line that is seen now; code 1 where one is back. Numbers choose some.
"""

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.topics import Topics
from tests.command import say
from tests.first_minutes.rows import ROOT, ROWS, Row

PATIENCE_SECONDS = 300
LONGEST_SHOWN = 100


def main(chosen: Collection[int]) -> int:
    wrong = 0
    with (
        tempfile.TemporaryDirectory() as folder,
        EmbeddedBroker(dict(Topics().partitions(1))) as broker,
        socket.socket() as taken,
    ):
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        places = {"broker": broker.bootstrap, "work": folder, "port": str(taken.getsockname()[1])}
        for number, row in enumerate(ROWS, 1):
            if chosen and number not in chosen:
                continue
            problem, seen = tried(row, places)
            wrong += bool(problem)
            say(f"{number:>2}. {row.trouble}\n    $ {row.command}\n    {seen}")
            if problem:
                say(f"    WRONG: {problem}")
    say(f"{wrong} wrong")
    return 1 if wrong else 0


def tried(row: Row, places: Mapping[str, str]) -> tuple[str, str]:
    """What is wrong with a row, if anything, and the line that was seen."""
    words = words_of(row, places)
    if words is None:
        return "", f"not tried: {row.needs} is not here"
    for name, text in row.files.items():
        (Path(places["work"]) / name).write_text(text)
    environment = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "80"}
    try:
        ran = subprocess.run(
            words,
            cwd=ROOT,
            input=row.stdin,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        return f"it did not end in {PATIENCE_SECONDS} s", "(it is still running)"
    said = ran.stdout + ran.stderr
    wide = [line for line in said.splitlines() if row.widest is not None and len(line) > row.widest]
    if wide:
        return f"wider than {row.widest} columns", wide[0]
    if "Error" in said:
        said = re.sub(r" *│\n│ *", " ", said)  # a sentence in its box is one line
    return problem_of(row, ran.returncode, said), shown(row, said)


def words_of(row: Row, places: Mapping[str, str]) -> list[str] | None:
    """The command as it is run here; None where what it needs is not here."""
    programs = {
        "interdict": [sys.executable, "-m", "streams"],
        "python": [sys.executable],
        "pip": [sys.executable, "-m", "pip"],
    }
    text = row.command
    for name, place in places.items():
        text = text.replace(f"{{{name}}}", place)
    words = [part for word in shlex.split(text) for part in programs.get(word, [word])]
    if row.needs.startswith("python"):
        found = next((each for each in pythons(row.needs) if runs(each)), None)
        if found is None:
            return None
        words[0] = found
    if row.needs.startswith("/") and not Path(row.needs).is_dir():
        return None
    return words


def pythons(name: str) -> Iterator[str]:
    """Where it may be: on the path, or among those of pyenv."""
    if on_path := shutil.which(name):
        yield on_path
    yield from map(
        str, sorted(Path.home().glob(f".pyenv/versions/{name.removeprefix('python')}*/bin/{name}"))
    )


def runs(program: str) -> bool:
    return subprocess.run([program, "--version"], capture_output=True).returncode == 0


def problem_of(row: Row, code: int, said: str) -> str:
    if code != row.code:
        return f"it ended with {code}, not {row.code}: {said[-500:]}"
    if not re.search(row.line, said, re.MULTILINE):
        return f"{row.line!r} is not in what it said: {said[-500:]}"
    return ""


def shown(row: Row, said: str) -> str:
    """The line of the output that the row is about."""
    found = re.search(row.line, said, re.MULTILINE)
    if found is None or not said.strip():
        return "(nothing is printed)"
    begin = said.rfind("\n", 0, found.start()) + 1
    line = next((each for each in said[begin:].splitlines() if each.strip(" ─╭╮╰╯│")), "")
    return line.strip(" │")[:LONGEST_SHOWN]


if __name__ == "__main__":
    sys.exit(main([int(word) for word in sys.argv[1:]]))
