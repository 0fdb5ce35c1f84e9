"""The report of `python -m benchmarks.stream` says what was measured and spoils no page."""

import io
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.console import Console

from benchmarks.stream.plots import Row, plot
from benchmarks.stream.report import BEGIN, END, PAGE, write_report
from benchmarks.stream.results import Backlog, Result, our_load, ratios
from benchmarks.stream.tables import HEAD, markdown, show


def result(kind: str, per_second: int, workers: int = 1) -> Result:
    worked = Backlog(per_second * 10, 10.0, 5.0, finished=True)
    return Result(kind, 24_999, workers, 3.0, 350.0, worked, [1, 25, 30_000] if per_second else [])


RESULTS = [
    result("interdict", 1_400),
    result("interdict", 2_520, workers=2),
    result("raw", 19_125),
    result("newcomer", 40),
    result("logicv2", 0),
]


def test_ratios_compare_with_rivals_on_as_many_workers_and_with_one_worker_of_ours() -> None:
    compared = {(one.ours, one.other): round(one.payments, 2) for one in ratios(RESULTS)}
    assert compared == {
        ("Interdict", "raw aiokafka"): 0.07,
        ("Interdict", "rapidfuzz"): 35.0,
        ("Interdict", "LogicV2"): 0.0,
        ("Interdict, 2 workers", "Interdict"): 1.8,
    }


def test_who_screens_nothing_is_measured_under_the_load_of_our_fastest_stream_too() -> None:
    assert our_load([*RESULTS, result("interdict", 900)], workers=1) == 700.0
    assert our_load(RESULTS, workers=2) == 1_260.0
    assert our_load(RESULTS[2:], workers=1) == 0.0
    slower = replace(result("raw", 19_125), at_our_load=[2, 3, 4])
    line = "Under the load of Interdict's fastest stream raw aiokafka has a p99 of 4 ms and a p99.9 of 4 ms."
    assert line in markdown([*RESULTS[:2], slower], "here")
    assert "Under the load" not in markdown(RESULTS, "here")


def test_no_heading_and_no_figure_is_cut_in_eighty_columns() -> None:
    written = io.StringIO()
    show(Console(file=written, width=80), RESULTS, "here")
    text = written.getvalue()
    assert "…" not in text
    for word in [*" ".join(HEAD).replace("/", "/ ").split(), "19,125", ">30 s", "350", "24,999", "2 workers"]:
        assert word in text
    assert max(map(len, text.splitlines())) <= 80


def test_report_replaces_what_stands_between_its_marks_and_nothing_else(tmp_path: Path) -> None:
    page = tmp_path / PAGE
    page.write_text(f"before\n{BEGIN}\nbygone\n{END}\nafter\n", encoding="utf-8")
    first = write_report(tmp_path, RESULTS, "here")
    once = page.read_text(encoding="utf-8")
    write_report(tmp_path, RESULTS, "here")
    assert page.read_text(encoding="utf-8") == once
    assert once.startswith(f"before\n{BEGIN}\nhere\n") and once.endswith(f"\n{END}\nafter\n")
    assert "bygone" not in once
    for file in first[1:]:
        assert file.is_file() and f"(images/{file.name})" in once


def test_page_without_marks_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / PAGE).write_text("ours", encoding="utf-8")
    with pytest.raises(ValueError, match="lacks the lines"):
        write_report(tmp_path, RESULTS, "here")
    assert (tmp_path / PAGE).read_text(encoding="utf-8") == "ours"


def test_dots_stand_in_the_order_of_their_values_and_none_means_not_measured() -> None:
    drawn = ElementTree.fromstring(plot("ms <p50>", [Row("a & b", [3, 300], True), Row("c", [], False)]))  # noqa: S314  ours
    dots = [float(dot.attrib["cx"]) for dot in drawn.iter("{http://www.w3.org/2000/svg}circle")]
    assert len(dots) == 2 and dots[0] < dots[1]
    assert "c: not measured" in drawn.attrib["aria-label"]
