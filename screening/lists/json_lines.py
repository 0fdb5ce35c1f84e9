"""JSON objects, one per line or in one array, each with its place for error messages."""

from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from screening.lists.errors import ListError
from screening.lists.files import ListFiles

_LARGEST_ARRAY_BYTES = 64 << 20
"""An array is not read object by object, nor a line in parts: one of 400 MB, zipped to 400 KB, took 1 GB."""


def json_lines(
    files: ListFiles, name: str, *, may_be_empty: bool = False
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Place and object. Raises ListError for a line that is not a JSON object: the file is truncated
    there."""
    with files.open(name, may_be_empty=may_be_empty) as stream:
        for number, line in enumerate(iter(lambda: stream.readline(_LARGEST_ARRAY_BYTES), b""), 1):
            where = f"{name} line {number}"
            if len(line) == _LARGEST_ARRAY_BYTES:
                raise ListError(f"{where}: more than 64 MiB; fetch the form with a record a line")
            if number == 1:
                line = line.removeprefix(BOM_UTF8)
            if number == 1 and line.lstrip().startswith(b"["):
                rest = stream.read(_LARGEST_ARRAY_BYTES)
                if len(rest) == _LARGEST_ARRAY_BYTES:
                    raise ListError(
                        f"{name}: an array of more than 64 MiB; fetch the form with a record a line"
                    )
                yield from _array(line + rest, name)
            elif line.strip():
                yield where, _object(line, where)


def _array(raw: bytes, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for number, item in enumerate(_loaded(raw, name), 1):
        if not isinstance(item, dict):
            raise ListError(f"{name} record {number}: no JSON object; is this the right format?")
        yield f"{name} record {number}", item


def _object(line: bytes, where: str) -> Mapping[str, Any]:
    record = _loaded(line, where)
    if not isinstance(record, dict):
        raise ListError(f"{where}: no JSON object; is this the right format?")
    return record


def _loaded(raw: bytes, where: str) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise ListError(f"{where}: {error}; the file is cut off or damaged, fetch it again") from None
