"""The report's page and its JSON, whole: of every part, of nothing, and as it is measured of a simple filter.

`page.html` and `page.json` hold them; `python -m tests.screening.evaluation.test_effectiveness_page` writes
them anew, to be looked at in a browser before they are kept.
"""

import json
from pathlib import Path

import pytest

from screening import Designation, Kind, Name, Screener
from screening.decisions import Hit
from screening.designations import Quality
from screening.evaluation.effectiveness import Effectiveness, FalsePositive, KindResult, Miss, measure
from screening.evaluation.effectiveness_page import as_html, as_json
from screening.evaluation.headings import EXACT, HEADINGS, INGESTED, VARIED

PAGE = Path(__file__).with_name("page.html")
ABOUT = {"list": "ofac <& co>", "threshold": "0.85"}
MISSED = Miss("ofac:1", "VERSOR <S.R.O.>", "VER & SOR")
FULL = Effectiveness(
    kinds=(
        KindResult("exact", 1_000, ()),
        KindResult("at the floor", 10, (MISSED,)),
        KindResult("below the <floor>", 9, (MISSED,)),
        KindResult("half", 2, (MISSED,)),
        KindResult("none", 0, ()),
    ),
    clean_names=12_345,
    false_positives=tuple(
        FalsePositive(f"Ann & Ben {score}", "eu:2", "Ann <Ben>", score)
        for score in (0.5, 0.8, 0.8199, 0.8201, 0.855, 0.979, 0.981, 0.999, 1.0)
    ),
    headings=(
        KindResult(EXACT, 1_000, ()),
        KindResult(VARIED, 3, (MISSED,)),
        KindResult("long names", 0, ()),
        KindResult(INGESTED, 4, (MISSED,)),
    ),
)
ENTRIES = (
    Designation("ofac:1", (Name("Ashot Mkrtychev"), Name("Ashot the Elder"), Name("Old")), Kind.PERSON),
    Designation("ofac:2", (Name("VERSOR TRADING LLC"), Name("Vrs", quality=Quality.WEAK)), Kind.ORGANIZATION),
    Designation("eu:3", (Name("Qwx 7"),), Kind.VESSEL),
    Designation("eu:4", (Name("Иван Зувавов"),), Kind.PERSON),
    Designation("eu:5", (Name("Zuvava Sanayi ve Ticaret Anonim Sirketi"),), Kind.ORGANIZATION),
)
NOTHING = Effectiveness((), 0, ())


def by_first_word(name: str) -> list[Hit]:
    """A filter that finds whoever is called so by the first word of one of the names, and nothing else."""
    screener = Screener()
    for entry in ENTRIES:
        if name.split()[0] in {each.text.split()[0] for each in entry.names}:
            screener.upsert(entry)
            return screener.match(entry.name)
    return []


def page() -> str:
    """Both pages, a line a row and a part of a chart."""
    whole = as_html(FULL, ABOUT) + as_html(NOTHING, {})
    return whole.replace("<tr>", "\n<tr>").replace("<rect", "\n<rect").replace("<!doctype", "\n<!doctype")


def values() -> str:
    """The JSON of both, and of what is measured."""
    measured = measure(by_first_word, ENTRIES, ["Ashot Simonyan", "Ann Smith", "Qwx"], per_kind=3)
    reports = [as_json(FULL, ABOUT), as_json(NOTHING, {}), as_json(measured, {})]
    return json.dumps(reports, indent=1, ensure_ascii=False) + "\n"


def test_the_page_is_what_it_always_was() -> None:
    assert page() == PAGE.read_text()


def test_the_values_are_what_they_always_were() -> None:
    assert values() == PAGE.with_suffix(".json").read_text()


@pytest.mark.parametrize(
    ("kind", "name", "written", "headings"),
    [
        ("exact", "Ann Lee", "Ann Lee", ["exact name"]),
        ("case", "Versor", "vERSOR", ["slight variation", "one-word names"]),
        ("title added", "Ann Lee", "Dr Ann Lee", ["slight variation", "titles and suffixes"]),
        ("exact", "Unit 7", "Unit 7", ["exact name", "names with digits"]),
        ("exact", "A " + "B" * 33, "A", ["exact name"]),
        ("exact", "A " + "B" * 34, "A", ["exact name", "long names"]),
        ("exact", "A B", "ab\u0250\u0250", ["exact name"]),
        ("exact", "A B", "ab\u0250 7\u0250\u0250", ["exact name", "names not in Latin letters"]),
        ("exact", "A B", "\u024f\u024f\u024f", ["exact name"]),
        ("exact", "A B", "7", ["exact name"]),
    ],
)
def test_a_form_stands_under_its_headings(kind: str, name: str, written: str, headings: list[str]) -> None:
    assert [heading for heading, under in HEADINGS.items() if under(kind, name, written)] == headings


def test_a_measure_counts_every_form_and_every_clean_name() -> None:
    steps: list[int] = []
    report = measure(by_first_word, ENTRIES, ["Ann", "Ben"], per_kind=2, advance=steps.append)

    assert set(steps) == {1}
    assert len(steps) == sum(result.tried for result in report.kinds) + 2


if __name__ == "__main__":
    PAGE.write_text(page())
    PAGE.with_suffix(".json").write_text(values())
