"""A snapshot of the index is taken where it is ours, whole and of this code; else every name is read."""

import fcntl
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

import screening
from screening import Designation, Name, Policy, Screener
from streams.offline import snapshots
from streams.offline.snapshots import Snapshots, user_snapshots

LISTED = [Designation(f"acme:{number}", (Name(f"Versor Holding {number}"),)) for number in range(40)]


@pytest.fixture(autouse=True)
def _small_lists_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "WORTHWHILE", 2)


class Loaded(NamedTuple):
    screener: Screener
    read: int


def loaded(folder: Path | None, listed: list[Designation]) -> Loaded:
    screener, kept = Screener(Policy()), Snapshots(folder)
    kept.recall(screener, [entry.id for entry in listed])
    for entry in listed:
        screener.upsert(entry)
    return Loaded(screener, kept.settle(screener))


def the_file(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def test_the_second_start_reads_no_name_and_finds_the_same(tmp_path: Path) -> None:
    new = tmp_path / "not" / "yet" / "new"
    first, second = loaded(new, LISTED), loaded(new, LISTED)

    assert (first.read, second.read) == (40, 0)
    assert second.screener.match("Versor Holding 7") == first.screener.match("Versor Holding 7") != []
    assert stat.S_IMODE(the_file(new).stat().st_mode) == 0o600
    assert stat.S_IMODE(new.stat().st_mode) == 0o700


def test_an_entry_is_listed_because_its_list_says_so_and_not_a_snapshot(tmp_path: Path) -> None:
    loaded(tmp_path, LISTED)

    without = loaded(tmp_path, LISTED[1:])

    assert without.read == 0
    assert all(hit.designation.id != "acme:0" for hit in without.screener.match("Versor Holding 0"))


def test_it_is_written_anew_once_many_names_are_others(tmp_path: Path) -> None:
    loaded(tmp_path, LISTED)
    fresh = [Designation(f"acme:p{number}", (Name(f"Ashot Petrov {number}"),)) for number in range(3)]

    assert [loaded(tmp_path, [*LISTED, *fresh]).read for _ in range(2)] == [3, 0]


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[-40] ^= 1
    file.write_bytes(content)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def of_other_code(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes((b"1" if content.startswith(b"0") else b"0") + content[1:])


def let_others_write(file: Path) -> None:
    file.chmod(0o620)


def a_pipe_is_there(file: Path) -> None:
    file.unlink()
    os.mkfifo(file, 0o600)
    os.mkfifo(file.with_name("new-pipe"), 0o600)


@pytest.mark.parametrize("harm", [flip, cut, of_other_code, let_others_write, a_pipe_is_there, Path.unlink])
def test_what_cannot_be_believed_is_not_read_and_is_replaced(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    loaded(tmp_path, LISTED)

    harm(the_file(tmp_path))

    assert [loaded(tmp_path, LISTED).read for _ in range(2)] == [40, 0]


def test_code_is_other_code_in_whatever_folder_of_the_domain_it_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an update of `names/transcription/` words were found as the release before had read them."""
    home = tmp_path / "screening"
    files = [home / file for file in ("a.py", "names/b.py", "names/c/d.py", "matching/e.py", "data/f.txt")]
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("before")
    monkeypatch.setattr(screening, "__file__", str(home / "__init__.py"))
    codes = [snapshots._code.__wrapped__()]

    for file in files:
        file.write_text("after")
        codes.append(snapshots._code.__wrapped__())

    assert len({*codes}) == len(files) + 1
    (home / "names" / "__pycache__").mkdir()
    (home / "names" / "__pycache__" / "b.pyc").touch()
    assert snapshots._code.__wrapped__() == codes[-1]


def test_a_folder_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert loaded(tmp_path / "file", LISTED).screener.match("Versor Holding 7")
    assert loaded(None, LISTED).read == 40


def test_only_the_newest_files_stay(tmp_path: Path) -> None:
    for age in range(5):
        old = tmp_path / f"index-0000000{age}-0"
        old.touch()
        os.utime(old, (age, age))

    loaded(tmp_path, LISTED)

    assert len(list(tmp_path.iterdir())) == snapshots.MOST_FILES
    assert loaded(tmp_path, LISTED).read == 0


def test_what_a_killed_process_left_half_written_goes_and_what_is_being_written_stays(tmp_path: Path) -> None:
    (tmp_path / "new-left").write_bytes(b"half")
    with (tmp_path / "new-held").open("wb") as written:
        fcntl.flock(written, fcntl.LOCK_EX)
        loaded(tmp_path, LISTED)

    assert {file.name.partition("-")[0] for file in tmp_path.iterdir()} == {"new", "index"}
    assert [file.name for file in tmp_path.glob("new-*")] == ["new-held"]
    assert loaded(tmp_path, LISTED).read == 0


def test_lists_of_few_names_leave_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "WORTHWHILE", 41)

    loaded(tmp_path, LISTED)

    assert list(tmp_path.iterdir()) == []


def test_the_folder_is_the_users_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    kept, screener = user_snapshots(), Screener(Policy())

    kept.recall(screener, [entry.id for entry in LISTED])
    for entry in LISTED:
        screener.upsert(entry)
    kept.settle(screener)

    assert the_file(tmp_path / "interdict").name.startswith("index-")
