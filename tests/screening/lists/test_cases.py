"""Small list files with the right answer, each standing for its kind (`cases/cases.csv`)."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from screening import Designation, ListError, Policy, Screener, parse_list

CASES = Path(__file__).with_name("cases")


def rows(how: str) -> Iterator[Any]:
    with (CASES / "cases.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["how"] == how:
                yield pytest.param(
                    *(row["file"], row["source"], row["expect"]),
                    id=f"{row['group']}-{row['file']}",
                )


@pytest.mark.parametrize(("file", "source", "expect"), list(rows("parse")))
def test_what_is_in_force_after_a_file_is_right(file: str, source: str, expect: str) -> None:
    if expect == "error":
        with pytest.raises(ListError, match="line 2"):
            list(parse_list(source, CASES / file))
        return
    listed = {entry.id.partition(":")[2]: entry for entry in parse_list(source, CASES / file)}
    screener = _screener(listed.values())

    for claim in expect.split(";"):
        assert _holds(claim, listed, screener), claim


def _holds(claim: str, listed: dict[str, Designation], screener: Screener) -> bool:
    if claim.startswith(("hit:", "clear:")):
        wanted, _, name = claim.partition(":")
        return bool(screener.match(name)) is (wanted == "hit")
    return (claim[1:] in listed) is (claim[0] == "+")


def _screener(entries: Any) -> Screener:
    screener = Screener(Policy())
    for entry in entries:
        screener.upsert(entry)
    return screener
