"""Every field of every format at once: what a parser makes of a full entry, compared whole.

Beside each file of `cases/full` stands what it says as JSON: parties that have everything twice, that have
the other of two ways to say it, and that have next to nothing. `python -m
tests.screening.lists.test_full_entries` writes it anew, to be read before it is kept.
"""

import json
import xml.etree.ElementTree as ET
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import pytest

from screening import parse_list
from screening.lists import PARSERS, list_issued
from tests.screening.lists.test_australia import workbook

FULL = Path(__file__).parent / "cases" / "full"
FILES = {
    "australia.json": "australia",
    "canada.xml": "canada",
    "csl.csv": "csl",
    "csl.json": "csl",
    "entities.ftm.json": "opensanctions",
    "eu.xml": "eu",
    "ofac_csv": "ofac",
    "private.csv": "csv",
    "sdn.xml": "ofac",
    "sdn_advanced.xml": "ofac-advanced",
    "sdn_enhanced.xml": "ofac-enhanced",
    "seco.xml": "seco",
    "senzing.jsonl": "opensanctions",
    "targets.simple.csv": "opensanctions",
    "uk.csv": "uk",
    "uk.xml": "uk",
    "un.xml": "un",
}


def said(file: str, tmp_path: Path) -> dict[str, Any]:
    """What the file says, without what it does not: the day it is of, and its parties."""
    path = FULL / file
    if file == "australia.json":
        path = workbook(tmp_path / "list.xlsx", orjson.loads(path.read_bytes()))
    parties = [
        {key: value for key, value in asdict(party).items() if value}
        for party in parse_list(FILES[file], path)
    ]
    whole: dict[str, Any] = orjson.loads(
        orjson.dumps({"issued": list_issued(FILES[file], path), "parties": parties})
    )
    return whole


@pytest.mark.parametrize("file", FILES)
def test_a_full_entry_is_read_field_by_field(file: str, tmp_path: Path) -> None:
    assert said(file, tmp_path) == orjson.loads((FULL / "said" / f"{file}.json").read_bytes())


@pytest.mark.parametrize("file", [file for file in FILES if file.endswith(".xml")])
def test_elements_that_a_list_adds_change_nothing(file: str, tmp_path: Path) -> None:
    """Before and behind the known ones, by their place and by their name."""
    tree = ET.parse(FULL / file)  # noqa: S314 - our own
    for element in [each for each in tree.iter() if len(each)]:
        space = element.tag.rpartition("}")[0] + "}" if "}" in element.tag else ""
        for tag in ("Aaa", "zzz"):
            added = ET.Element(space + tag)
            added.text = None if file == "un.xml" else "Ali Hassan"  # its places are all that stands in them
            element.insert(0, added)
            element.append(added)
    tree.write(tmp_path / file, encoding="utf-8", xml_declaration=True)

    assert list(parse_list(FILES[file], tmp_path / file)) == list(parse_list(FILES[file], FULL / file))


@pytest.mark.parametrize("file", [file for file in FILES if file.endswith(".xml")])
def test_the_namespace_of_a_list_says_nothing(file: str, tmp_path: Path) -> None:
    """OFAC changed its own."""
    tree = ET.parse(FULL / file)  # noqa: S314 - our own
    for element in tree.iter():
        element.tag = "{urn:another}" + element.tag.rpartition("}")[2]
    tree.write(tmp_path / file, encoding="utf-8", xml_declaration=True)

    assert list(parse_list(FILES[file], tmp_path / file)) == list(parse_list(FILES[file], FULL / file))


def test_every_format_has_a_full_entry() -> None:
    assert set(FILES.values()) == set(PARSERS)


def written(whole: dict[str, Any]) -> str:
    """As it stands in the file, a line a field."""
    parties = ",\n".join(
        " {"
        + ",\n  ".join(f'"{key}": {json.dumps(value, ensure_ascii=False)}' for key, value in party.items())
        + "}"
        for party in whole["parties"]
    )
    return f'{{"issued": {json.dumps(whole["issued"])}, "parties": [\n{parties}\n]}}\n'


if __name__ == "__main__":
    for name in FILES:
        with TemporaryDirectory() as folder:
            text = written(said(name, Path(folder)))
        (FULL / "said" / f"{name}.json").write_text(text, encoding="utf-8")
