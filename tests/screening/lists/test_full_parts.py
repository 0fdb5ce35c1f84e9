"""What becomes of a full entry when one value of its file is another: each place of each format, one by one.

`cases/full/parts.txt` holds for each place a hash over what its changes come to, against the reading of the
file as it is. `python -m tests.screening.lists.test_full_parts` writes it anew, and with the name of a file
and a place says what those changes come to.
"""

import csv
import hashlib
import io
import json
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import pytest

from screening import ListError, parse_list
from tests.screening.lists.test_australia import workbook
from tests.screening.lists.test_full_entries import FILES, FULL
from tests.screening.said import kept, write

SAID = FULL / "parts.txt"
KEPT = kept(SAID)
TEXTS = ("", "Zz 1")
"""What stands in each place in turn; that it is left out comes first."""
OFAC_CSV = ("sdn.csv", "alt.csv", "add.csv", "sdn_comments.csv", "cons_prim.csv", "cons_comments.csv")
OWN: Mapping[str, tuple[str, ...]] = {
    "private.csv": (
        *(
            "bic=AAAAGB2L@GB",
            "email=a@b.ch",
            "zz=1",
            "tax=",
            "tax/BY=1@BY",
            "Rue 1@IR",
            "Rue 1@Zz",
            "@",
            "=",
            ";",
        ),
        *(
            "owned_by=2@60",
            "owned_by=2@0",
            "owned_by=2@101",
            "owned_by=",
            "zz=2",
            "owned_by=ofac:1",
            "1968-05",
        ),
    ),
    "entities.ftm.json": ("-5", "0", "100", "101", "50,5 %", "ir", "1968-05", "Iran", "male"),
    "senzing.jsonl": ("1968-05", "IR", "M", "PRIMARY"),
    "un.xml": ("1970", "1970-05-07", "Low", "Good", "Female", "EXACT", "BETWEEN"),
    "seco.xml": ("de-listed", "listed", "2030-05-07", "1970", "low", "5"),
    "eu.xml": ("true", "false", "F", "P", "1970-05-07", "1970", "IR"),
    "uk.csv": ("Low", "Primary Name", "Alias", "dd/05/1970", "07/05/1970", "Iran; Syria", "Entity", "Female"),
    "uk.xml": ("07/05/1970", "Primary Name", "Alias", "Female", "Iran"),
    "csl.csv": ("1970", "1970-05-07; circa 1971", "IR", "Individual", "Vessel"),
    "csl.json": ("1970", "circa 1971", "IR", "Individual"),
    "canada.xml": ("1970", "1970-05-07", "Iran"),
    "australia.json": ("12 May 1970; circa 1971", "Iran", "Weak", "Alias", "Entity", "IMO 9074729"),
    "sdn.xml": ("1970", "circa 1970", "weak", "a.k.a.", "Individual", "Iran"),
    "ofac_csv": ("DOB 1970; alt. DOB circa 1971.", "individual", "-0-", "Iran", "Linked To: ZZ."),
}
"""What a place of a file may hold beside them: on both sides of what its reader tells apart."""
MOST_ALIKE = 2
"""Places of one name that are tried; the first of them with what its format has, too."""
Part = tuple[str, str, bytes]
"""The place, the change, and the file with it."""


def of_xml(raw: bytes, texts: tuple[str, ...]) -> Iterator[Part]:
    tree = ET.fromstring(raw)  # noqa: S314 - our own
    parents = {child: parent for parent in tree.iter() for child in parent}
    tried: Counter[str] = Counter()
    for element in list(tree.iter()):
        place = element.tag.rpartition("}")[2]
        parent = parents.get(element)
        tried[place] += 1
        if tried[place] > MOST_ALIKE:
            continue
        if parent is not None:
            at, place = list(parent).index(element), f"{parent.tag.rpartition('}')[2]}/{place}"
            parent.remove(element)
            yield place, "left out", ET.tostring(tree)
            parent.insert(at, element)
        tries = texts if tried[place] == 1 else TEXTS[1:]
        if not len(element):
            before = element.text
            for text in tries:
                element.text = text
                yield place, text, ET.tostring(tree)
            element.text = before
        for key, value in list(element.attrib.items()):
            for text in tries:
                element.attrib[key] = text
                yield f"{place}@{key}", text, ET.tostring(tree)
            del element.attrib[key]
            yield f"{place}@{key}", "left out", ET.tostring(tree)
            element.attrib[key] = value


def of_rows(
    rows: list[list[str]], texts: tuple[str, ...], bytes_of: Callable[[list[list[str]]], bytes]
) -> Iterator[Part]:
    tried: Counter[int] = Counter()  # the first of a column is its name
    for number, row in enumerate(rows):
        yield "row", f"{number} left out", bytes_of([*rows[:number], *rows[number + 1 :]])
        yield "row", f"{number} twice", bytes_of([*rows[: number + 1], *rows[number:]])
        for column in range(len(row)):
            tried[column] += 1
            for text in texts if tried[column] == 2 else TEXTS if tried[column] <= MOST_ALIKE + 1 else ():
                changed = [*rows[:number], [*row[:column], text, *row[column + 1 :]], *rows[number + 1 :]]
                yield f"column {column}", f"{number} {text}", bytes_of(changed)


def of_csv(raw: bytes, texts: tuple[str, ...]) -> Iterator[Part]:
    def bytes_of(rows: list[list[str]]) -> bytes:
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter).writerows(rows)
        return text.getvalue().encode()

    delimiter = ";" if raw.count(b";") > 3 * raw.count(b",") else ","
    return of_rows(list(csv.reader(io.StringIO(raw.decode()), delimiter=delimiter)), texts, bytes_of)


def of_json(
    value: Any, whole: Callable[[], bytes], texts: tuple[str, ...], tried: Counter[str], place: str = ""
) -> Iterator[Part]:
    """Every value below one, changed where it stands; `whole` is the file as it is then."""
    items = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
    for key, item in items:
        here = f"{place}/{key if isinstance(key, str) else ''}"
        if isinstance(item, dict | list):
            yield from of_json(item, whole, texts, tried, here)
        tried[here] += 1
        if tried[here] > MOST_ALIKE:
            continue
        for new in (*texts, None, 7) if tried[here] == 1 else TEXTS[1:]:
            value[key] = new
            yield here, json.dumps(new), whole()
        if isinstance(value, dict):
            del value[key]
            yield here, "left out", whole()
        value[key] = item
    if isinstance(value, dict):  # in the order that it had
        value |= {key: value.pop(key) for key, _ in items}


def of_lines(raw: bytes, texts: tuple[str, ...]) -> Iterator[Part]:
    lines = [orjson.loads(line) for line in raw.splitlines() if line.strip()]

    def whole() -> bytes:
        return b"\n".join(map(orjson.dumps, lines)) + b"\n"

    return of_json(lines, whole, texts, Counter())


def parts(file: str) -> Iterator[tuple[str, str, Mapping[str, bytes]]]:
    """Each change of a file, as the files to be read then."""
    texts = (*TEXTS, *OWN.get(file, ()))
    if file == "ofac_csv":
        files = {path.name: path.read_bytes() for path in (FULL / file).iterdir()}
        for name in OFAC_CSV:
            for place, change, raw in of_csv(files[name], texts):
                yield f"{name} {place}", change, files | {name: raw}
        return
    raw = (FULL / file).read_bytes()
    if file.endswith(".xml"):
        made = of_xml(raw, texts)
    elif file == "australia.json":
        made = of_rows(orjson.loads(raw), texts, json_bytes)
    elif file.endswith(".csv"):
        made = of_csv(raw, texts)
    elif file == "csl.json":
        event = orjson.loads(raw)
        made = of_json(event, lambda: json_bytes(event), texts, Counter())
    else:
        made = of_lines(raw, texts)
    for place, change, changed in made:
        yield place, change, {file: changed}


def json_bytes(value: Any) -> bytes:
    return orjson.dumps(value)


def reading(file: str, files: Mapping[str, bytes], folder: Path) -> list[str]:
    """What is read of a file, a line a value, or why it is refused."""
    path = folder / file
    if file == "ofac_csv":
        path.mkdir(exist_ok=True)
        for name, raw in files.items():
            (path / name).write_bytes(raw)
    elif file == "australia.json":
        path = workbook(folder / "list.xlsx", orjson.loads(files[file]))
    else:
        path.write_bytes(files[file])
    lines: list[str] = []
    try:
        for party in parse_list(FILES[file], path):
            fields = {name: getattr(party, name) for name in party.__dataclass_fields__}
            lines += [f"{party.id} {name} {value!r}" for name, value in fields.items() if value]
    except ListError as error:
        lines.append(f"! {str(error).replace(str(folder), '')}")
    return lines


@cache
def changes(file: str) -> dict[str, list[str]]:
    """By place, what each of its changes comes to."""
    found: dict[str, list[str]] = {}
    with TemporaryDirectory() as folder:
        before = set(reading(file, whole(file), Path(folder)))
        for place, change, files in parts(file):
            now = reading(file, files, Path(folder))
            gone = sorted(before.difference(now))
            found.setdefault(place, []).extend([f"= {change}", *(f"- {line}" for line in gone)])
            found[place] += [f"+ {line}" for line in now if line not in before]
    return found


def whole(file: str) -> Mapping[str, bytes]:
    path = FULL / file
    return {each.name: each.read_bytes() for each in (path.iterdir() if path.is_dir() else [path])}


def hashes(file: str) -> list[str]:
    """A line a place."""
    return [
        f"{hashlib.sha256(chr(10).join(lines).encode()).hexdigest()[:12]} {place}"
        for place, lines in changes(file).items()
    ]


@pytest.mark.parametrize("file", FILES)
def test_a_change_of_one_value_comes_to_what_it_always_did(file: str) -> None:
    assert hashes(file) == KEPT[file]


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.stdout.write("\n".join(changes(sys.argv[1])[sys.argv[2]]) + "\n")
    else:
        write(SAID, [(file, hashes(file)) for file in FILES])
