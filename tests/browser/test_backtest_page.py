"""The backtest's page in a real browser: its figures are those of the JSON, and no value becomes markup."""

import json
from functools import reduce
from pathlib import Path
from typing import Any, cast

from screening import Designation, Name, NameType, Policy, Screener, decode_payment
from screening.evaluation.comparison import Comparison
from streams.backtest.page import page
from streams.backtest.report import BacktestReport
from tests.browser.conftest import browser_page
from tests.screening.random_payments import Chance

HOSTILE = "Versor </script><img src=x onerror=alert(1)>"


def report() -> BacktestReport:
    chance, comparison = Chance(3), Comparison()
    screeners = Screener(Policy()), Screener(Policy(threshold=0.9))
    hostile = Designation("ofac:1", (Name(HOSTILE, NameType.PRIMARY),), programs=("<b>X</b>", "SDN.GLO"))
    for listed in (hostile, *map(chance.designation, range(100, 160))):
        for screener in screeners:
            screener.upsert(listed)
    (first,) = decode_payment(json.dumps({"id": "<i>P</i>", "parties": [{"name": HOSTILE[:-1]}]}).encode())
    for payment in (first, *map(chance.payment, range(400))):
        current, proposed = (screener.screen(payment) for screener in screeners)
        comparison.add(payment, current, proposed)
    named = {
        "current": "a.toml",
        "proposed": "b.toml",
        "source": "<payments>",
        "current_policy": "a" * 64,
        "proposed_policy": "b" * 64,
        "unreadable": 0,
        "made_at": "2023-08-17T09:30:00+00:00",
        "matcher": "1.3.0",
    }
    return cast(BacktestReport, {**named, **comparison.report()})  # what is not required is left out


async def test_every_figure_on_the_page_is_the_json_s(tmp_path: Path) -> None:
    told = report()
    file = tmp_path / "report.html"
    file.write_text(page(told), encoding="utf-8")

    async with browser_page(file.as_uri()) as shown:
        inside = json.loads(await shown.locator("#report").text_content() or "")
        figures = await shown.eval_on_selector_all(
            "[data-figure]", "all => all.map(one => [one.dataset.figure, one.textContent])"
        )
        images = await shown.locator("img").count()
        bars = await shown.locator("svg[role=img]").count()
        rows = await shown.locator("table").last.locator("tbody tr").count()

    assert inside == told
    assert len(figures) > 30
    for path, text in figures:
        assert text == str(found(told, path)), path
    assert (images, rows) == (0, len(told["examples"]))
    assert bars == 2 + sum(len(values) for values in told["by"].values())


def found(report: Any, path: str) -> Any:
    """The value at `by.score.0.80-0.85.both`: keys may hold dots, so the longest that fits is taken."""
    if not path:
        return report
    if isinstance(report, list):
        head, _, rest = path.partition(".")
        return found(report[int(head)], rest)
    keys = [key for key in report if path == key or path.startswith(f"{key}.")]
    key = reduce(lambda a, b: a if len(a) > len(b) else b, keys)
    return found(report[key], path[len(key) + 1 :])
