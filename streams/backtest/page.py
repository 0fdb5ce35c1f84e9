"""The backtest's report as one HTML file that needs nothing else: tables, plots, and the data itself."""

import json
from collections.abc import Iterable, Mapping
from html import escape
from string import Template
from typing import Literal

from screening.evaluation.report import Side, Sides
from streams.backtest.report import BacktestReport

SIDES: tuple[tuple[Side, str], ...] = (
    ("both", "in both"),
    ("only_current", "only current"),
    ("only_proposed", "only proposed"),
)
TITLES = {"list": "By list", "reason": "By reason", "program": "By program", "score": "By score"}
NAMED: tuple[Literal["current", "proposed", "source", "made_at", "matcher"], ...] = (
    "current",
    "proposed",
    "source",
    "made_at",
    "matcher",
)
RATES: tuple[Literal["current", "proposed"], ...] = ("current", "proposed")
PLOT_WIDTH = 420

PAGE = Template("""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Backtest</title><style>
:root { color-scheme: light dark; --both: #7a869a; --only_current: #b45309; --only_proposed: #0f766e }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; margin: .5rem 0 2rem } td, th { padding: .2rem .8rem; text-align: left }
tr { border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent) }
td.n { text-align: right; font-variant-numeric: tabular-nums }
.both { fill: var(--both) } .only_current { fill: var(--only_current) }
.only_proposed { fill: var(--only_proposed) } svg { vertical-align: middle } .key { padding-right: 1.5rem }
</style></head><body>
<h1>Backtest: $current against $proposed</h1>
<p>Made at $made_at, by matcher $matcher.</p>
<p>$payments payments from $source. Current: policy $current_sha. Proposed: policy $proposed_sha.</p>
<p>$legend</p>
<h2>Alerts</h2>$alerts
$sections
<h2>What is done with a hit</h2>$actions
<h2>Examples</h2>$examples
<script type="application/json" id="report">$data</script>
</body></html>
""")


def page(report: BacktestReport) -> str:
    """`report` is `Comparison.report()` with the names of both sides."""
    data = json.dumps(report, ensure_ascii=True).replace("<", "\\u003c")  # no value may end the script
    return PAGE.substitute(
        {name: escape(str(report[name])) for name in NAMED},
        current_sha=escape(report["current_policy"][:12]),
        proposed_sha=escape(report["proposed_policy"][:12]),
        payments=_figure("payments", report["payments"]),
        legend=" ".join(_key(side, text) for side, text in SIDES),
        alerts=_alerts(report),
        sections="\n".join(
            f"<h2>{title}</h2>{_split(f'by.{name}', report['by'][name])}" for name, title in TITLES.items()
        ),
        actions=_table(
            ("current", "proposed", "hits"),
            (
                (escape(row["current"]), escape(row["proposed"]), _figure(f"actions.{at}.hits", row["hits"]))
                for at, row in enumerate(report["actions"])
            ),
        ),
        examples=_table(
            ("payment", "role", "says", "designation", "matched", "score", "current", "proposed"),
            (tuple(escape(str(value)) for value in example.values()) for example in report["examples"]),
        ),
        data=data,
    )


def _alerts(report: BacktestReport) -> str:
    rate = report["alerts_per_1000_payments"]
    rows = [("payments with a hit", report["alerts"], "alerts"), ("hits", report["hits"], "hits")]
    most = max(_total(counts) for _, counts, _ in rows)
    counted = [(text, *_cells(path, counts), _bar(counts, most)) for text, counts, path in rows]
    per_1000 = _table(
        ("alerts per 1,000 payments", ""),
        ((side, _figure(f"alerts_per_1000_payments.{side}", rate[side])) for side in RATES),
    )
    return _table(("", *(text for _, text in SIDES), ""), counted) + per_1000


def _split(path: str, values: Mapping[str, Sides]) -> str:
    most = max([_total(counts) for counts in values.values()] or [1])
    rows = ((escape(name), *_cells(f"{path}.{name}", at), _bar(at, most)) for name, at in values.items())
    return _table(("", *(text for _, text in SIDES), ""), rows)


def _cells(path: str, counts: Sides) -> Iterable[str]:
    return [_figure(f"{path}.{side}", counts[side]) for side, _ in SIDES]


def _total(counts: Sides) -> int:
    return sum(counts[side] for side, _ in SIDES)


def _figure(path: str, value: float) -> str:
    """A number with the place of the data it is: what the browser test compares."""
    return f'<span data-figure="{escape(path)}">{value}</span>'


def _bar(counts: Sides, most: int) -> str:
    parts, left = [], 0.0
    for side, _ in SIDES:
        width = PLOT_WIDTH * counts[side] / max(1, most)
        parts.append(f'<rect class="{side}" x="{left:.1f}" width="{width:.1f}" height="14"/>')
        left += width
    label = ", ".join(f"{counts[side]} {text}" for side, text in SIDES)
    return f'<svg role="img" aria-label="{label}" width="{PLOT_WIDTH}" height="14">{"".join(parts)}</svg>'


def _key(side: str, text: str) -> str:
    mark = f'<svg width="12" height="12"><rect class="{side}" width="12" height="12"/></svg>'
    return f'<span class="key">{mark} {text}</span>'


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = "".join(f"<th>{text}</th>" for text in head)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
