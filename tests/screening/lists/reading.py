"""Writes a list file and reads it back, or says why it was refused."""

from pathlib import Path

import pytest

from screening import Designation, ListError, parse_list


def listed(source: str, tmp_path: Path, name: str, text: str | bytes) -> list[Designation]:
    return list(parse_list(source, written(tmp_path, name, text)))


def refusal(source: str, tmp_path: Path, name: str, text: str | bytes) -> str:
    path = written(tmp_path, name, text)
    with pytest.raises(ListError) as refused:
        list(parse_list(source, path))
    return str(refused.value)


def written(tmp_path: Path, name: str, text: str | bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path
