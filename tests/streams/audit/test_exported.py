"""An archive on disk, made of what honest writers wrote: whatever is changed in it is found."""

import gzip
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from streams.audit.archive import line_of
from streams.audit.auditor import Gap
from streams.audit.exported import NoExportError, verify_export
from streams.audit.manifest import FORMAT, ExportedFile, Manifest, manifests, read_manifest, sha256_of
from tests.streams.audit.forgeries import KEY, Topic, written

MUTATIONS = 150
VALUES: tuple[object, ...] = (None, 1, -5, 1e300, True, "x", [], [1], {}, {"a": 1})
"""What a field of JSON may be changed to."""
WHOLE = (b"", b"[]", b"null", b"{}", b"\xff\xfe", b'{"files":[{}]}', b"[" * 100_000)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two exports, each with half of every partition."""
    folder = tmp_path_factory.mktemp("archive")
    made, previous = written(), ""
    for number in range(2):
        files = [
            _file(folder, half)
            for entries in made.topics.values()
            if (half := entries[: len(entries) // 2] if number == 0 else entries[len(entries) // 2 :])
        ]
        manifest = Manifest(
            format=FORMAT,
            number=number,
            at_ms=made.now_ms,
            no_payment=[],
            previous_sha256=previous,
            files=files,
            heads={},
        )
        path = folder / f"manifest-{number:06d}.json"
        path.write_bytes(manifest.sealed(KEY).to_json())
        previous = sha256_of(path)
    return folder


def _file(folder: Path, entries: Topic) -> ExportedFile:
    first, last = entries[0], entries[-1]
    path = folder / f"{first.topic}-{first.partition}-{first.offset}.jsonl.gz"
    path.write_bytes(gzip.compress(b"".join(map(line_of, entries))))
    return ExportedFile(
        name=path.name,
        topic=first.topic,
        partition=first.partition,
        log_start=0,
        first_offset=first.offset,
        last_offset=last.offset,
        records=len(entries),
        sha256=sha256_of(path),
    )


def problems(folder: Path) -> list[str]:
    auditor, _ = verify_export(folder, KEY)
    return [finding.problem for finding in (*auditor.findings, *auditor.at_end())]


def test_as_it_was_exported_it_has_no_finding(archive: Path) -> None:
    assert problems(archive) == []


def test_whatever_is_changed_in_a_file_or_a_manifest_is_found(archive: Path, tmp_path: Path) -> None:
    dice, tried = random.Random(1), 0
    while tried < MUTATIONS:
        folder = tmp_path / "changed"
        shutil.copytree(archive, folder)
        file = dice.choice(sorted(folder.iterdir()))
        before = file.read_bytes()
        inside = file.suffix == ".gz" and dice.random() < 0.5
        changed = dice.choice(MUTATE)(dice, gzip.decompress(before) if inside else before)
        file.write_bytes(gzip.compress(changed) if inside else changed)
        if file.read_bytes() != before:
            tried += 1
            assert problems(folder), (file.name, changed[:300])
        shutil.rmtree(folder)


def cut(dice: random.Random, raw: bytes) -> bytes:
    return raw[: dice.randrange(len(raw))]


def flipped(dice: random.Random, raw: bytes) -> bytes:
    changed = bytearray(raw)
    changed[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def replaced(dice: random.Random, raw: bytes) -> bytes:
    del raw
    return dice.choice(WHOLE)


def field_changed(dice: random.Random, raw: bytes) -> bytes:
    """One field of one line, or of the manifest, is another value or gone."""
    try:
        lines = [raw] if raw.startswith(b"{\n") else raw.splitlines()
        place = dice.randrange(len(lines))
        told = orjson.loads(lines[place])
    except ValueError:  # compressed
        return flipped(dice, raw)
    holder, name = dice.choice(list(_fields(told)))
    if dice.random() < 0.3:
        del holder[name]
    else:
        holder[name] = dice.choice(VALUES)
    lines[place] = orjson.dumps(told)
    return b"\n".join(lines)


def _fields(told: Any) -> Iterator[tuple[Any, Any]]:
    for name, value in told.items() if isinstance(told, dict) else enumerate(told):
        yield told, name
        if isinstance(value, dict | list):
            yield from _fields(value)


MUTATE: tuple[Callable[[random.Random, bytes], bytes], ...] = (cut, flipped, replaced, field_changed)


def test_the_newest_manifest_cannot_be_written_anew_to_fit_what_was_cut_off(
    archive: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "forged"
    shutil.copytree(archive, folder)
    newest = manifests(folder)[-1]
    told = read_manifest(newest)
    newest.write_bytes(told.model_copy(update={"files": told.files[:-1]}).sealed(b"guessed").to_json())

    assert "altered or forged: its seal does not fit" in problems(folder)


def of_the_second(change: dict[str, Any], of_file: dict[str, Any]) -> Callable[[Manifest], Manifest]:
    """Another second manifest, sealed with the right key: its first file changed, or what is beside."""

    def changed(told: Manifest) -> Manifest:
        files = [told.files[0].model_copy(update=of_file), *told.files[1:]]
        return told.model_copy(update={"files": files, **change})

    return changed


@pytest.mark.parametrize(
    ("change", "of_file", "told"),
    [
        ({}, {"sha256": "0"}, ["the file was altered: its SHA-256 is another"]),
        ({}, {"records": 7}, ["holds 5 records, and its manifest says 7"]),
        ({}, {"first_offset": 5}, ["offsets 4 to 4 ran out of retention before they were exported"]),
        ({}, {"first_offset": 8}, ["offsets 4 to 7 ran out of retention before they were exported"]),
        ({}, {"first_offset": 4}, []),
        ({}, {"name": "none.jsonl.gz"}, ["the file is gone"]),
        ({"number": 2}, {}, ["the manifest before it is gone or was altered"]),
        ({"previous_sha256": ""}, {}, ["the manifest before it is gone or was altered"]),
        ({"heads": {"t-x-0/s": "1/ff"}}, {}, ["the files do not end t-x-0/s with its seal 1/ff"]),
    ],
)
def test_each_thing_that_a_manifest_says_is_compared(
    archive: Path, tmp_path: Path, change: dict[str, Any], of_file: dict[str, Any], told: list[str]
) -> None:
    folder = tmp_path / "changed"
    shutil.copytree(archive, folder)
    newest = manifests(folder)[-1]
    newest.write_bytes(of_the_second(change, of_file)(read_manifest(newest)).sealed(KEY).to_json())

    auditor, _ = verify_export(folder, KEY)
    found = [each.problem for each in auditor.findings]
    assert [each for each in found if "taken out" not in each and "no manifest names it" not in each] == told


def test_the_last_minute_before_the_newest_export_may_be_under_way_and_gaps_are_those_it_names(
    archive: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "changed"
    shutil.copytree(archive, folder)
    newest = manifests(folder)[-1]
    told = read_manifest(newest).model_copy(
        update={"no_payment": [("t-payments", 0, 3, 5)], "at_ms": 100_000}
    )
    newest.write_bytes(told.sealed(KEY).to_json())

    auditor, no_payment = verify_export(folder, KEY)
    assert auditor.settled_before_ms == 40_000
    assert no_payment == {Gap("t-payments", 0, 3, 5)}


def test_a_manifest_names_files_of_its_own_folder_only(archive: Path, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    shutil.copytree(archive, folder)
    newest = manifests(folder)[-1]
    told = read_manifest(newest)
    outside = told.files[0].model_copy(update={"name": "../../../../etc/passwd"})
    newest.write_bytes(told.model_copy(update={"files": [outside]}).sealed(KEY).to_json())

    assert "the file is gone" in problems(folder)


def test_the_newest_export_taken_out_by_its_manifest_or_all_of_them_is_found_by_the_files(
    archive: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "cut"
    shutil.copytree(archive, folder)
    for manifest in reversed(manifests(folder)):
        names = {file.name for file in read_manifest(manifest).files}
        manifest.unlink()
        found = verify_export(folder, KEY)[0].findings
        assert names <= {each.place for each in found if "no manifest names it" in each.problem}


def test_a_folder_without_an_export_is_not_one_without_a_finding(tmp_path: Path) -> None:
    with pytest.raises(NoExportError, match="holds no export"):
        verify_export(tmp_path, KEY)


def test_a_manifest_of_another_export_under_the_same_key_and_number_is_found(
    archive: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "changed"
    shutil.copytree(archive, folder)
    first = folder / "manifest-000000.json"
    other = read_manifest(first).model_copy(update={"at_ms": 1})
    first.write_bytes(other.sealed(KEY).to_json())

    assert problems(folder) == ["the manifest before it is gone or was altered"]
