"""The effectiveness test: deterministic, names every miss, and holds its floors on the real list."""

import csv
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from screening import Designation, Kind, Name, Quality, Screener, parse_list
from screening.evaluation.effectiveness import Effectiveness, measure
from screening.evaluation.effectiveness_page import as_html, as_json
from screening.evaluation.headings import INGESTED
from screening.evaluation.variations import KINDS, variations, vary
from tests.shared_data import SHARED_DATA, needs_shared_data

ENTRIES = [
    Designation(id="test:1", names=(Name("Ashot Mkrtychev"),), kind=Kind.PERSON),
    Designation(id="test:2", names=(Name("VERSOR TRADING LLC"),), kind=Kind.ORGANIZATION),
]
FLOOR, CUT_FLOOR = 0.80, 0.75
"""Of 20 forms each: about two standard errors below the 0.92 and 0.90 that 150 forms measure."""


def test_there_are_at_least_thirty_kinds() -> None:
    assert len(KINDS) >= 30


def test_variations_are_the_same_on_every_run_and_differ_from_the_name() -> None:
    once = list(variations("Ashot Mkrtychev", Kind.PERSON, "seed"))

    assert once == list(variations("Ashot Mkrtychev", Kind.PERSON, "seed"))
    assert all(text != "Ashot Mkrtychev" for kind, text in once if kind != "exact")


@pytest.mark.parametrize(
    ("kind", "name", "written"),
    [
        ("last name first", "Rami Makhlouf", "Makhlouf, Rami"),
        ("all words joined", "Rami Makhlouf", "RamiMakhlouf"),
        ("initial for first name", "Rami Makhlouf", "R. Makhlouf"),
        ("in Cyrillic", "Rami Makhlouf", "рами махлоуф"),
        ("cut at 35 characters", "A" * 20 + " " + "B" * 20, "A" * 20 + " " + "B" * 14),
    ],
)
def test_a_kind_is_what_its_label_says(kind: str, name: str, written: str) -> None:
    assert vary(name, Kind.PERSON, kind, "seed") == written


def test_a_filter_that_finds_nothing_is_told_every_miss() -> None:
    report = measure(lambda _: [], ENTRIES, ["Ann Smith"], per_kind=5)

    assert report.recall == 0.0
    assert all(len(result.misses) == result.tried for result in report.kinds)
    assert report.false_positives == ()


def test_false_positives_are_counted_per_100_000_and_named() -> None:
    screener = Screener()
    screener.upsert(ENTRIES[0])

    report = measure(screener.match, ENTRIES[:1], ["Ashot Mkrtichev", "Ann Smith"], per_kind=1)

    assert report.false_positives_per_100k == 50_000
    assert [(hit.name, hit.matched) for hit in report.false_positives] == [
        ("Ashot Mkrtichev", "Ashot Mkrtychev")
    ]


class _Strict(HTMLParser):
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag != "script"
        assert not any(name in ("src", "href") for name, _ in attrs)


def test_the_page_needs_nothing_from_outside_and_escapes_names() -> None:
    hostile = Designation(
        id="test:3", names=(Name("<script>alert(1)</script> GmbH"),), kind=Kind.ORGANIZATION
    )

    page = as_html(measure(lambda _: [], [hostile], [], per_kind=1), {"lists": "test"})

    _Strict().feed(page)
    assert "&lt;script&gt;" in page


def test_the_json_names_every_miss() -> None:
    report = measure(lambda _: [], ENTRIES, [], per_kind=1)

    record = as_json(report, {"lists": "test"})

    assert isinstance(record["kinds"], list)
    assert sum(len(kind["misses"]) for kind in record["kinds"]) == sum(
        result.tried for result in report.kinds
    )


def test_headings_of_supervisors_are_reported_with_the_industrys_figures() -> None:
    screener = Screener()
    for designation in ENTRIES:
        screener.upsert(designation)

    report = measure(screener.match, ENTRIES, [], per_kind=5)

    told = {result.kind: result for result in report.headings}
    assert (told["exact name"].tried, told["exact name"].recall) == (len(ENTRIES), 1.0)
    assert told["list ingestion: every name of an entry"].recall == 1.0
    assert told["slight variation"].tried > told["exact name"].tried
    assert '<td class="n">90%</td>' in as_html(report, {})


def test_without_clean_names_the_rate_of_alerts_is_not_measured() -> None:
    report = measure(lambda _: [], ENTRIES, [], per_kind=1)

    assert "not measured" in as_html(report, {})
    assert as_json(report, {})["false_positives_per_100k"] is None


@pytest.fixture(scope="module")
def ofac() -> Effectiveness:
    screener = Screener()
    entries = list(parse_list("ofac", SHARED_DATA / "ofac"))
    for designation in entries:
        screener.upsert(designation)
    with (SHARED_DATA / "names" / "clean_persons.csv").open(encoding="utf-8", newline="") as file:
        clean = [row["full_name"] for row in csv.DictReader(file)][::12]
    return measure(screener.match, entries, clean, per_kind=20)


@needs_shared_data
def test_no_kind_of_variation_falls_under_its_floor_on_the_ofac_list(ofac: Effectiveness) -> None:
    low = {
        result.kind: result.recall
        for result in ofac.kinds
        if result.recall < (CUT_FLOOR if result.kind == "cut to 80 percent" else FLOOR)
    }

    assert low == {}
    assert ofac.recall >= 0.93


@needs_shared_data
def test_clean_names_seldom_alert_on_the_ofac_list(ofac: Effectiveness) -> None:
    assert ofac.false_positives_per_100k <= 400


def test_every_name_but_weak_ones_is_looked_for_as_the_list_prints_it() -> None:
    screener = Screener()
    screener.upsert(ENTRIES[0])
    weak = Name("Qwxant", quality=Quality.WEAK)
    before, behind = (replace(ENTRIES[0], id=each) for each in ("test:0", "test:3"))
    entries = [before, ENTRIES[0], replace(ENTRIES[1], names=(*ENTRIES[1].names, weak)), behind]

    ingested = measure(screener.match, entries, [], per_kind=4).headings[-1]

    assert (ingested.kind, ingested.tried) == (INGESTED, 4)
    assert [miss.designation_id for miss in ingested.misses] == ["test:0", "test:3", "test:2"]
