"""What keeps a command from its work is said in one line, with exit code 2."""

import logging
import os
import re
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import click
import pytest
from aiokafka.errors import KafkaConnectionError
from click.testing import CliRunner
from confluent_kafka import KafkaError, KafkaException
from prometheus_client import CollectorRegistry

from config.settings import Settings
from screening import ListError
from streams.cli import COMMANDS, main
from streams.commands import _service
from streams.commands._errors import Command, _quiet, said
from streams.commands._service import serve_metrics
from streams.console.server import check_port
from streams.errors import CannotProceedError
from streams.kafka.provisioning import BrokerError

ROOT = Path(__file__).parents[3]
FULL = Path("/dev/full")
FORKED = """
import importlib, os, sys
from streams.cli import COMMANDS, main
for module in COMMANDS.values():
    importlib.import_module(module)
for module in [held for name, held in sys.modules.items() if name.startswith("streams.")]:
    if hasattr(module, "TIMEOUT_SECONDS"):
        module.TIMEOUT_SECONDS = 1.0
started = {}
for number, line in enumerate(sys.argv[1:]):
    if not (child := os.fork()):
        os.dup2(os.open(f"{number}.said", os.O_WRONLY | os.O_CREAT), 2)
        *given, words = line.split(" with ")
        os.environ.update(one.split("=", 1) for one in given)
        main(words.split())
    started[child] = number
for _ in range(len(started)):
    child, status = os.wait()
    print(started[child], os.waitstatus_to_exitcode(status))
"""
"""Commands that end as interpreters of their own do, imported once; they wait a second for an answer."""
DEAD = "127.0.0.1:1"
ON_A_DEAD_BROKER = {
    "recheck": "recheck",
    "replay": "replay P-1",
    "lookback": "lookback --since 1h",
    "backtest": "backtest --since 1h --against {policy}",
    "shadow": "backtest --shadow --since 1h",
    "topics create": "topics create",
    "topics check": "topics check",
    "lists publish": "lists publish csv {csv} --name own",
    "lists status": "lists status",
    "dispositions list": "dispositions list",
    "dispositions caseload": "dispositions caseload",
    "dispositions add": "dispositions add A --verdict true_positive --by a --reason b --for 1d",
    "audit verify": "audit verify",
    "audit export": "audit export {folder}/kept",
    "export lines": "export lines",
    "export webhook": "export webhook http://localhost:1/",
    "dead-letters": "dead-letters list",
}

PATIENCE_SECONDS = 10.0


BAD_POLICIES = (b"threshold = 7", b"threshold =", b"\xff")
WORKERS = {
    **{
        f"bad policy {number}": f"INTERDICT_POLICY_FILE={{folder}}/{number}.toml with worker"
        for number in range(len(BAD_POLICIES))
    },
    "port in use": "INTERDICT_WEB_PORT={port} with worker",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("dead")
    (made / "own.csv").write_text("uid,name\n1,Versor\n")
    for number, text in enumerate(BAD_POLICIES):
        (made / f"{number}.toml").write_bytes(text)
    return made


@pytest.fixture(scope="module")
def ended(folder: Path) -> dict[str, tuple[int, str]]:
    """Exit code and stderr of each; all at once, since they wait for the broker most of the time."""
    lines = ON_A_DEAD_BROKER | WORKERS
    with socket.create_server(("127.0.0.1", 0)) as taken:
        names = {
            "csv": folder / "own.csv",
            "folder": folder,
            "policy": ROOT / "config" / "policy.toml",
            "port": taken.getsockname()[1],
        }
        done = subprocess.run(
            [
                *(sys.executable, "-W", "error::ResourceWarning", "-c", FORKED),
                *(line.format(**names) for line in lines.values()),
            ],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(ROOT), "INTERDICT_BROKER": DEAD},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=300,
        )
    codes: dict[int, int] = {}
    for told in done.stdout.splitlines():
        number, code = map(int, told.split())
        codes[number] = code
    return {
        name: (codes[number], (folder / f"{number}.said").read_text()) for number, name in enumerate(lines)
    }


SERVICES = ("export lines", "export webhook")
"""They run until they are stopped, and so have a log, in which aiokafka says what it tried."""
TIMED = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (?:WARNING|ERROR) ")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_its_errors_in_one_line(name: str) -> None:
    command = main.get_command(click.Context(main), name)

    members = command.commands.values() if isinstance(command, click.Group) else [command]
    assert all(isinstance(member, Command) for member in members)


@pytest.mark.parametrize("name", ON_A_DEAD_BROKER)
def test_a_dead_broker_is_one_line_and_exit_code_2(name: str, ended: dict[str, tuple[int, str]]) -> None:
    code, stderr = ended[name]

    *logged, line = stderr.splitlines()
    assert (code, line[:7]) == (2, "Error: "), stderr
    assert not logged or (name in SERVICES and all(map(TIMED.match, logged))), stderr
    assert "interdict" in line or "is the broker up" in line


@pytest.mark.parametrize("text", BAD_POLICIES)
@pytest.mark.parametrize(
    "line",
    ["match --list csv:{csv} --policy {policy} Versor", "screen --list csv:{csv} --policy {policy} -"],
)
def test_a_bad_policy_is_one_line_that_names_the_file_and_exit_code_2(
    tmp_path: Path, line: str, text: bytes
) -> None:
    csv, policy = tmp_path / "own.csv", tmp_path / "policy.toml"
    csv.write_text("uid,name\n1,Versor\n")
    policy.write_bytes(text)

    done = CliRunner().invoke(main, line.format(csv=csv, policy=policy).split())

    assert_names(policy, done.exit_code, done.stderr)


@pytest.mark.parametrize("number", range(len(BAD_POLICIES)))
def test_a_worker_with_a_bad_policy_is_one_line_that_names_the_file_and_exit_code_2(
    number: int, folder: Path, ended: dict[str, tuple[int, str]]
) -> None:
    assert_names(folder / f"{number}.toml", *ended[f"bad policy {number}"])


@pytest.mark.parametrize("line", ["suggest run", "worker", "answers run"])
def test_a_policy_that_is_no_text_is_named_by_every_command_that_reads_one(tmp_path: Path, line: str) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_bytes(b"\xff")
    given = {"INTERDICT_POLICY_FILE": str(policy), "INTERDICT_ANSWERS": "true"}

    done = CliRunner().invoke(main, line.split(), env=given)

    assert_names(policy, done.exit_code, done.stderr)


def test_names_that_are_no_text_are_named(tmp_path: Path) -> None:
    csv, names = tmp_path / "own.csv", tmp_path / "names.txt"
    csv.write_text("uid,name\n1,Versor\n")
    names.write_bytes(b"Anna\n\xff")

    done = CliRunner().invoke(main, ["effectiveness", "--list", f"csv:{csv}", "--clean", str(names)])

    assert (done.exit_code, done.stdout) == (2, "")
    assert f"{names}: byte 5 is not UTF-8; save the file as UTF-8" in done.stderr


@pytest.mark.skipif(not FULL.exists(), reason="this system has no disk that is always full")
def test_a_full_disk_is_one_line_also_where_the_file_is_closed_by_click(tmp_path: Path) -> None:
    csv = tmp_path / "own.csv"
    csv.write_text("uid,name\n1,Versor\n")
    words = ["screen", "--list", f"csv:{csv}", "--output", str(FULL), "-"]

    done = CliRunner().invoke(main, words, input=b'{"id": "P-1", "parties": [{"name": "Versor"}]}')

    assert (done.exit_code, done.stderr) == (2, "Error: [Errno 28] No space left on device\n")


def test_a_list_is_not_read_from_a_pipe() -> None:
    """It was said to be empty: the first of two looks had taken what it held."""
    ours, theirs = os.pipe()
    os.write(theirs, b"uid,name\n1,Versor\n")
    os.close(theirs)
    done = CliRunner().invoke(main, ["match", "--list", f"csv:/dev/fd/{ours}", "Versor"])
    os.close(ours)

    assert done.exit_code == 2
    assert "so not from a pipe" in done.stderr


def assert_names(policy: Path, code: int, stderr: str) -> None:
    (told,) = stderr.splitlines()
    assert (code, told[:7]) == (2, "Error: "), stderr
    assert str(policy) in told


def test_a_metrics_port_in_use_is_named_with_its_option() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(CannotProceedError) as refused:
        serve_metrics(CollectorRegistry(), taken.getsockname()[1], Settings(web_host="127.0.0.1"))

    assert "set --metrics-port to a free port" in said(refused.value)


def test_half_a_request_at_a_metrics_port_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_service._Hasty, "timeout", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    serve_metrics(CollectorRegistry(), port, Settings(web_host="127.0.0.1"))

    with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as half:
        half.sendall(b"GET /metrics HTTP/1.1\r\nX-A: ")
        assert half.recv(1) == b""
    with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as whole:
        whole.sendall(b"GET /metrics HTTP/1.0\r\n\r\n")
        assert whole.recv(12) == b"HTTP/1.0 200"


@pytest.mark.parametrize("host", ["nosuchhost.invalid", "192.0.2.1"], ids=["unknown", "another machine's"])
def test_an_address_of_no_interface_here_is_not_a_port_in_use(host: str) -> None:
    with pytest.raises(CannotProceedError, match="name an address of this machine"):
        check_port(host, 0)


def test_a_port_in_use_is_one_line_and_exit_code_2(ended: dict[str, tuple[int, str]]) -> None:
    code, stderr = ended["port in use"]

    (told,) = stderr.splitlines()
    assert code == 2, stderr
    assert "Address already in use; set INTERDICT_WEB_PORT to a free port" in told


@pytest.mark.parametrize(
    "error",
    [
        BrokerError("t: gone"),
        ListError("line 1\nline 2"),
        KafkaException(KafkaError(KafkaError._ALL_BROKERS_DOWN)),
        KafkaConnectionError("no"),
        FileNotFoundError(2, "No such file or directory", "policy.toml"),
        ExceptionGroup("of a task group", [ValueError(), BrokerError("t: gone")]),
    ],
)
def test_errors_of_both_clients_and_of_files_are_of_the_family(error: Exception) -> None:
    assert len(said(error).splitlines()) == 1


@pytest.mark.parametrize("error", [ValueError("a defect"), KeyError("x"), BrokenPipeError(32, "Broken pipe")])
def test_a_defect_keeps_its_traceback(error: Exception) -> None:
    assert said(error) == ""


@pytest.mark.parametrize("fails", [False, True])
def test_loggers_that_are_quieted_say_what_is_critical_and_then_all_they_said_before(fails: bool) -> None:
    names = {"quiet.one": logging.DEBUG, "quiet.two": logging.ERROR, "quiet.three": logging.NOTSET}
    loggers = [logging.getLogger(name) for name in names]
    for logger, level in zip(loggers, names.values(), strict=True):
        logger.setLevel(level)
    with suppress(KeyError), _quiet(*names):
        assert [logger.level for logger in loggers] == [logging.CRITICAL] * 3
        if fails:
            raise KeyError

    assert [logger.level for logger in loggers] == [*names.values()]
