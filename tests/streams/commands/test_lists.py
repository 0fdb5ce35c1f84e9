"""`interdict lists`: the difference goes out, bad files change nothing, and exit codes say which."""

import asyncio
import atexit
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from streams.commands import lists
from streams.commands.lists import command
from streams.kafka.embedded import EmbeddedBroker
from streams.lists.downloads import OfficialSource
from tests.streams.list_topic import ListTopic


@pytest.fixture
def broker() -> Iterator[str]:
    with EmbeddedBroker({"designations": 1}) as embedded:
        yield embedded.bootstrap


def run(broker: str, name: str, *arguments: str) -> Result:
    return CliRunner().invoke(command, [name, "--broker", broker, *arguments])


def own_list(tmp_path: Path, *names: str) -> str:
    path = tmp_path / "own.csv"
    path.write_text("uid,name\n" + "".join(f"{name},{name}\n" for name in names), encoding="utf-8")
    return str(path)


def test_a_list_is_published_once_and_then_is_unchanged(broker: str, tmp_path: Path) -> None:
    path = own_list(tmp_path, "Alpha", "Beta")
    first = run(broker, "publish", "csv", path, "--name", "own")
    again = run(broker, "publish", "csv", path, "--name", "own", "--json")

    assert first.exit_code == 0, first.output
    assert "own is in force as" in first.stdout
    assert "2 entries (2 added, 0 amended, 0 removed)" in first.stdout
    assert json.loads(again.stdout)["committed"] is False


async def test_who_publishes_is_told_what_was_wrong_with_the_list_before(broker: str, tmp_path: Path) -> None:
    path = own_list(tmp_path, "Alpha", "Beta")
    await asyncio.to_thread(run, broker, "publish", "csv", path, "--name", "own")
    async with ListTopic(broker) as topic:
        await topic.raw("own:Alpha", None)
    again = await asyncio.to_thread(run, broker, "publish", "csv", path, "--name", "own")

    assert "own is in force as" in again.stdout
    assert "what the topic held could not be relied on: " in again.stderr
    assert "changed without a publication (own:Alpha)" in again.stderr


def test_who_publishes_an_address_is_told_of_watch() -> None:
    told = CliRunner().invoke(command, ["publish", "ofac", "https://lists.example.com/sdn.zip"])

    assert told.exit_code == 2
    said = " ".join(told.stderr.replace("│", " ").split())
    assert "lists watch SOURCE https://lists.example.com/sdn.zip" in said


def test_a_dry_run_names_the_difference_and_sends_nothing(broker: str, tmp_path: Path) -> None:
    path = own_list(tmp_path, "Alpha", "Beta")
    dry = run(broker, "publish", "csv", path, "--name", "own", "--dry-run")
    status = run(broker, "status")

    assert "added    own:Alpha" in dry.stdout
    assert "would be" in dry.stdout
    assert status.exit_code == 1
    assert "no list is in force" in status.stderr


def test_a_refused_file_exits_1_with_the_reason_and_the_list_stays(broker: str, tmp_path: Path) -> None:
    run(broker, "publish", "csv", own_list(tmp_path, *"ABCDEFGHIJ"), "--name", "own")
    shrunk = run(broker, "publish", "csv", own_list(tmp_path, *"ABCD"), "--name", "own")
    allowed = run(
        broker, "publish", "csv", own_list(tmp_path, *"ABCD"), "--name", "own", "--max-shrink", "60"
    )

    assert shrunk.exit_code == 1
    assert "--max-shrink" in shrunk.stderr
    assert "6 removed" in allowed.stdout


def test_status_shows_every_list_with_its_age(broker: str, tmp_path: Path) -> None:
    run(broker, "publish", "csv", own_list(tmp_path, "Alpha"), "--name", "own")
    table = run(broker, "status")
    record = json.loads(run(broker, "status", "--json").stdout)

    assert table.exit_code == 0, table.output
    assert "own" in table.stdout
    assert record["topic"]["lists"]["own"]["entries"] == 1


def test_status_exits_1_when_a_worker_does_not_answer(broker: str, tmp_path: Path) -> None:
    run(broker, "publish", "csv", own_list(tmp_path, "Alpha"), "--name", "own")
    result = run(broker, "status", "--worker", "http://127.0.0.1:1")

    assert result.exit_code == 1
    assert "did not answer" in result.stderr


@pytest.mark.parametrize("url", ["nonsense", "ftp://worker:6066", "http://", "http://[::1", "http://w:99999"])
def test_what_is_no_address_of_a_worker_is_a_usage_error(broker: str, url: str) -> None:
    result = run(broker, "status", "--worker", url)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "http://host:port is expected" in " ".join(result.stderr.replace("│", " ").split())


def test_an_unknown_source_is_a_usage_error(broker: str, tmp_path: Path) -> None:
    assert run(broker, "publish", "gazette", own_list(tmp_path, "Alpha")).exit_code == 2


def test_a_list_is_withdrawn_with_a_reason_that_status_tells(broker: str, tmp_path: Path) -> None:
    run(broker, "publish", "csv", own_list(tmp_path, "Alpha", "Beta"), "--name", "own")
    run(broker, "publish", "csv", own_list(tmp_path, "Gamma"), "--name", "other")

    unsaid = run(broker, "withdraw", "own")
    done = run(broker, "withdraw", "own", "--reason", "the real one is published")
    status = run(broker, "status")
    again = run(broker, "withdraw", "nowhere", "--reason", "typo")

    assert unsaid.exit_code == 2
    assert done.exit_code == 0, done.output
    assert "2 entries; in force: other" in done.stdout
    assert "own was withdrawn: the real one is published" in status.stdout
    assert status.exit_code == 0
    assert again.exit_code == 1
    assert "list nowhere is not in force; in force are: other" in again.stderr


def test_a_required_list_that_is_not_there_is_told_as_missing(
    broker: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(broker, "publish", "csv", own_list(tmp_path, "Alpha"), "--name", "own")
    monkeypatch.setenv("INTERDICT_REQUIRED_LISTS", "un")

    status = run(broker, "status")

    assert status.exit_code == 1
    assert "missing" in status.stdout
    assert "list un is required and not in force on designations; publish it" in status.stderr


def test_where_an_official_list_is_fetched_to_is_taken_away_at_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at_end: list[Any] = []
    monkeypatch.setattr(atexit, "register", lambda *what, **how: at_end.append((what, how)))
    source = lists._source("un", None, official=True)

    ((what, how),) = at_end
    assert isinstance(source, OfficialSource)
    assert what[0] is shutil.rmtree and how == {"ignore_errors": True}
    folder = what[1]
    assert folder.is_dir() and source._folder == folder
    what[0](folder, **how)
    what[0](folder, **how)
    assert not folder.exists()
