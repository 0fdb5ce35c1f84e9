"""What `benchmarks.matching.payments` screens: the whole sets where they are, else samples.

The samples run anywhere and say whether a change helps; figures to publish come from the whole sets
(`--sets`, or INTERDICT_SHARED_DATA). README.md says what each file is and under which licence.
"""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from screening import Designation, parse_list

SAMPLES = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Planted:
    """A payment with one listed name in it: whose, written how."""

    event: dict[str, Any]
    designation_id: str
    how: str
    name: str


class Sets:
    """The files of one folder; `whole` is the layout of the full sets, with the lists as published."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.whole = (folder / "payments" / "planted.jsonl").is_file()

    def designations(self) -> Iterator[Designation]:
        """The lists that the planted names come from, or the cut of them that ships."""
        if self.whole:
            yield from parse_list("ofac", self.folder / "ofac")
            yield from parse_list("un", self.folder / "un" / "consolidated.xml")
        else:
            yield from parse_list("csv", self.folder / "ofac.csv", name="ofac")
            yield from parse_list("csv", self.folder / "un.csv", name="un")

    def planted(self, every: int = 1) -> Iterator[Planted]:
        """Every so many-th payment with a listed name, the name's own key taken off."""
        for event in self._events("planted.jsonl", every):
            told = event.pop("planted")
            yield Planted(event, told["id"], told["how"], told["name"])

    def realistic(self, every: int = 1) -> Iterator[dict[str, Any]]:
        """Payments in which nobody is listed."""
        yield from self._events("realistic.jsonl", every)

    def _events(self, name: str, every: int) -> Iterator[dict[str, Any]]:
        folder = self.folder / "payments" if self.whole else self.folder
        with (folder / name).open(encoding="utf-8") as file:
            for number, line in enumerate(file):
                if number % every == 0:
                    yield json.loads(line)

    def clean_names(self, every: int = 1) -> Iterator[tuple[str, str]]:
        """(language, name) of people who are on no list."""
        for row in self._rows("clean_by_language.csv", every):
            yield row["language"], row["full_name"]

    def clean_companies(self, every: int = 1) -> Iterator[tuple[str, str]]:
        """(country, name) of companies that are on no list."""
        for row in self._rows("clean_companies.csv", every):
            yield row["country"] or "unknown", row["name"]

    def _rows(self, name: str, every: int) -> Iterator[dict[str, str]]:
        folder = self.folder / "names" if self.whole else self.folder
        with (folder / name).open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.DictReader(file)):
                if number % every == 0:
                    yield row
