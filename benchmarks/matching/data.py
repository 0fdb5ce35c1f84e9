"""What the benchmarks run on: the real lists and names beside the repository (or INTERDICT_SHARED_DATA)."""

import csv
import os
import platform
import random
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from benchmarks.stream import made
from screening import Designation, Kind, parse_list

DATA = Path(os.environ.get("INTERDICT_SHARED_DATA") or Path(__file__).parents[3] / "shared" / "data")
MADE_UP_PEOPLE = 20_000
_KINDS = {"Person": "person", "Company": "organization", "Organization": "organization", "Vessel": "vessel"}


class LabelledPair(NamedTuple):
    """Two names and whether an analyst calls them one party."""

    query: str
    name: str
    kind: str | None
    match: bool
    quality: str


def _there(name: str) -> Path:
    """A file of the real data, for what nothing made-up can stand in. Exits with what to do without it."""
    if not (DATA / name).exists():
        sys.exit(
            f"{DATA / name} is not there; INTERDICT_SHARED_DATA names the folder with ofac/, un/ and names/"
        )
    return DATA / name


def _or_made_up(name: str) -> Path | None:
    """The same where made-up names do for speed; says so once."""
    if (DATA / name).exists():
        return DATA / name
    _say(f"{DATA / name} is not there: made-up names stand in")
    return None


@cache
def _say(what: str) -> None:
    print(what, file=sys.stderr)


def labelled_pairs() -> list[LabelledPair]:
    """The public name_bench pairs (nomenklatura, MIT), as far as they are at hand."""
    with _there("names/name_pairs.csv").open(encoding="utf-8", newline="") as file:
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


def script_pairs() -> list[tuple[str, LabelledPair]]:
    """Names in another script or romanisation against Latin ones, with the name of their set."""
    with _there("names/transliteration_pairs.tsv").open(encoding="utf-8", newline="") as file:
        return [
            (row["set"], LabelledPair(row["query"], row["listed"], row["kind"], row["is_match"] == "1", ""))
            for row in csv.DictReader(file, delimiter="\t")
        ]


@cache
def ofac() -> tuple[Designation, ...]:
    """OFAC's SDN and consolidated lists."""
    folder = _or_made_up("ofac")
    return tuple(parse_list("ofac", folder) if folder else made.designations(made.OFAC_NAMES))


def clean_names() -> list[str]:
    """Invented people who are on no list."""
    path = _or_made_up("names/clean_persons.csv")
    if path is None:
        return [f"{given} {family}" for given, family in _made_up_people()]
    with path.open(encoding="utf-8", newline="") as file:
        return [row["full_name"] for row in csv.DictReader(file)]


def _made_up_people() -> list[tuple[str, str]]:
    dice = random.Random(17)
    parted = [made.person(dice).rpartition(" ") for _ in range(MADE_UP_PEOPLE)]
    return [(given, family) for given, _, family in parted]


def _given_and_family() -> list[tuple[str, str]]:
    path = _or_made_up("names/clean_persons.csv")
    if path is None:
        return _made_up_people()
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["full_name"].isascii()]
    return [(row["first_name"], row["last_name"]) for row in rows]


def invented_names(count: int) -> Iterator[str]:
    """More of them: given and family names of the clean file in other pairings, each pair once."""
    rows = _given_and_family()
    given, family = [first for first, _ in rows], [last for _, last in rows]
    seen: set[str] = set()
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
    root = ElementTree.parse(_there("un/consolidated.xml")).getroot()
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


def table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table, ready for the README."""
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)
