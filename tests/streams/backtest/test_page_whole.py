"""The backtest's page, whole: of every part, of nothing, and of values that mean something to a browser.

`page.html` holds it; `python -m tests.streams.backtest.test_page_whole` writes it anew, to be looked at in a
browser before it is kept.
"""

from pathlib import Path

from screening.evaluation.report import Sides
from streams.backtest.page import page
from streams.backtest.report import BacktestReport

PAGE = Path(__file__).with_name("page.html")


def sides(both: int, only_current: int, only_proposed: int) -> Sides:
    return {"both": both, "only_current": only_current, "only_proposed": only_proposed}


FULL: BacktestReport = {
    "payments": 1_200,
    "alerts": sides(7, 3, 2),
    "alerts_per_1000_payments": {"current": 8.33, "proposed": 7.5},
    "hits": sides(11, 4, 0),
    "actions": [
        {"current": "hold", "proposed": "review", "hits": 5},
        {"current": "none", "proposed": "<hold>", "hits": 2},
    ],
    "by": {
        "list": {"ofac": sides(6, 4, 0), "own & <co>": sides(5, 0, 0)},
        "reason": {"name": sides(11, 4, 0)},
        "program": {},
        "score": {"0.80-0.85": sides(0, 1, 1)},
    },
    "examples": [
        {
            "payment_id": "P-1",
            "role": "creditor",
            "value": "</script><b>Зувавов",
            "designation_id": "ofac:1",
            "matched": "ZUVAVOV & CO",
            "score": 0.81,
            "current": "hold",
            "proposed": "none",
        }
    ],
    "current": "loose.toml",
    "proposed": "strict <2>.toml",
    "current_policy": "0123456789abcdef",
    "proposed_policy": "fedcba9876543210",
    "source": "payments & more",
    "unreadable": 1,
    "made_at": "2026-11-28T09:30:00+00:00",
    "matcher": "1.9.0",
}
EMPTY: BacktestReport = FULL | {
    "payments": 0,
    "alerts": sides(0, 0, 0),
    "hits": sides(0, 0, 0),
    "actions": [],
    "by": {"list": {}, "reason": {}, "program": {}, "score": {}},
    "examples": [],
}


def whole() -> str:
    """Both pages, a line a row and a part of a chart."""
    told = page(FULL) + page(EMPTY)
    return told.replace("<tr>", "\n<tr>").replace("<rect", "\n<rect")


def test_the_page_is_what_it_always_was() -> None:
    assert whole() == PAGE.read_text()


if __name__ == "__main__":
    PAGE.write_text(whole())
