"""What a manifest is believed for: its shape to the letter, and the seal over all of it."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from pydantic import ValidationError

from streams.audit.auditor import Gap
from streams.audit.manifest import FORMAT, ExportedFile, Manifest, manifests, next_offsets, read_manifest

FILE: dict[str, Any] = {
    "name": "payments-0.jsonl.gz",
    "topic": "payments",
    "partition": 0,
    "log_start": 0,
    "first_offset": 5,
    "last_offset": 9,
    "records": 5,
    "sha256": "ab",
}
WHOLE: dict[str, Any] = {
    "format": FORMAT,
    "number": 1,
    "at_ms": 7,
    "no_payment": [["payments", 0, 3, 4]],
    "previous_sha256": "",
    "files": [FILE, FILE | {"partition": 1, "last_offset": 19}],
    "heads": {"payments-0": "x"},
}


def read(folder: Path, content: Any) -> Manifest:
    (folder / "manifest-1.json").write_bytes(orjson.dumps(content))
    return read_manifest(folder / "manifest-1.json")


def test_a_manifest_is_read_as_it_was_written_and_cannot_be_changed(tmp_path: Path) -> None:
    found = read(tmp_path, WHOLE)

    assert orjson.loads(found.to_json()) == WHOLE | {"seal": ""}
    assert found.gaps == {Gap("payments", 0, 3, 4)}
    assert next_offsets([found]) == {"payments-0": 10, "payments-1": 20}
    for changed in (found, found.files[0]):
        with pytest.raises(ValidationError):
            changed.__setattr__(next(iter(type(changed).model_fields)), "x")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ([], "the file: "),
        (WHOLE | {"more": 1}, "more: Extra inputs"),
        (WHOLE | {"number": "1"}, "number: "),
        ({name: value for name, value in WHOLE.items() if name != "at_ms"}, "at_ms: Field required"),
        (WHOLE | {"files": [FILE | {"more": 1}]}, "files.0.more: Extra inputs"),
        (WHOLE | {"files": [FILE, FILE | {"records": "5"}]}, "files.1.records: "),
    ],
)
def test_what_no_export_wrote_is_named_with_its_place(tmp_path: Path, content: Any, told: str) -> None:
    with pytest.raises(ValueError) as refused:
        read(tmp_path, content)
    assert str(refused.value).startswith(told)


def test_a_seal_is_over_everything_and_of_one_key(tmp_path: Path) -> None:
    sealed = read(tmp_path, WHOLE).sealed(b"key")

    assert sealed.holds(b"key") and not sealed.holds(b"another")
    assert not read(tmp_path, WHOLE).holds(b"key")
    for name, value in {"number": 2, "at_ms": 8, "no_payment": [], "heads": {}, "files": []}.items():
        assert not sealed.model_copy(update={name: value}).holds(b"key")
    other = sealed.files[0].model_copy(update={"sha256": "cd"})
    assert isinstance(other, ExportedFile)
    assert not sealed.model_copy(update={"files": [other, sealed.files[1]]}).holds(b"key")


def test_exports_of_a_folder_come_oldest_first(tmp_path: Path) -> None:
    for name in ("manifest-2.json", "manifest-1.json", "other.json", "manifest-3.txt"):
        (tmp_path / name).touch()

    assert [path.name for path in manifests(tmp_path)] == ["manifest-1.json", "manifest-2.json"]
