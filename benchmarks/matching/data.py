"""What the benchmarks run on: the real lists and names beside the repository (or INTERDICT_SHARED_DATA)."""

import csv
import os
import platform
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from screening import Designation, Kind, parse_list

DATA = Path(os.environ.get("INTERDICT_SHARED_DATA") or Path(__file__).parents[3] / "shared" / "data")
_KINDS = {"Person": "person", "Company": "organization", "Organization": "organization", "Vessel": "vessel"}


class LabelledPair(NamedTuple):
    """Two names and whether an analyst calls them one party."""

    query: str
    name: str
    kind: str | None
    match: bool
    quality: str


def labelled_pairs() -> list[LabelledPair]:
    """The public name_bench pairs (nomenklatura, MIT), as far as they are at hand."""
    with (DATA / "names" / "name_pairs.csv").open(encoding="utf-8", newline="") as file:
        return [
            LabelledPair(
                row["name1"],
                row["name2"],
                _KINDS.get(row["schema"]),
                row["is_match"] == "true",
                row["quality"],
            )
            for row in csv.DictReader(file)
        ]


@cache
def ofac() -> tuple[Designation, ...]:
    """OFAC's SDN and consolidated lists."""
    return tuple(parse_list("ofac", DATA / "ofac"))


def clean_names() -> list[str]:
    """Invented people who are on no list."""
    with (DATA / "names" / "clean_persons.csv").open(encoding="utf-8", newline="") as file:
        return [row["full_name"] for row in csv.DictReader(file)]


def invented_names(count: int) -> Iterator[str]:
    """More of them: given and family names of the clean file in other pairings, each pair once."""
    with (DATA / "names" / "clean_persons.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["full_name"].isascii()]
    given, family = [row["first_name"] for row in rows], [row["last_name"] for row in rows]
    seen = set()
    step = 1
    while len(seen) < count:
        step += 7919  # a prime, so that every round pairs differently
        for place, first in enumerate(given):
            name = f"{first} {family[(place + step) % len(family)]}"
            if name not in seen:
                seen.add(name)
                yield name
                if len(seen) == count:
                    return


class Original(NamedTuple):
    """A UN entry's name as its own country writes it."""

    designation_id: str
    text: str
    kind: Kind


def un_originals() -> list[Original]:
    """The NAME_ORIGINAL_SCRIPT of every UN entry that has one."""
    root = ElementTree.parse(DATA / "un" / "consolidated.xml").getroot()
    found = []
    for tag, kind in (("INDIVIDUAL", Kind.PERSON), ("ENTITY", Kind.ORGANIZATION)):
        for element in root.iter(tag):
            text = (element.findtext("NAME_ORIGINAL_SCRIPT") or "").strip()
            if text and not text.isascii():
                found.append(Original(f"un:{element.findtext('DATAID')}", text, kind))
    return found


def machine() -> str:
    """Where and with what it was measured."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("rapidfuzz", "pyroaring"))
    return f"Python {sys.version.split()[0]} on {platform.machine()}, {os.cpu_count()} cores; {packages}"


def table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A Markdown table, ready for the README."""
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)
