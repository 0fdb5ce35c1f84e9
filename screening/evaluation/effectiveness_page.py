"""The effectiveness report as JSON values and as one self-contained HTML page."""

from html import escape

from screening.evaluation.effectiveness import Effectiveness, KindResult
from screening.evaluation.headings import INDUSTRY

FLOOR = 0.9
"""Recall below which a kind is marked."""
NOT_MEASURED = "not measured"
"""What stands where nothing was tried: a rate of nothing is no rate."""
_BAR = 320
"""Width of a full bar in pixels."""
_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}
body{color:#1c2430;background:#fff}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid #e3e7ee}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}.low{color:#b3261e}details{margin:.2rem 0}
.lead{font-size:1.6rem;font-weight:600}.cards{display:flex;gap:2rem;flex-wrap:wrap;margin:1rem 0}
@media(prefers-color-scheme:dark){body{background:#12161d;color:#e6e9ef}th,td{border-color:#2a313c}}
"""


def as_json(report: Effectiveness, about: dict[str, str]) -> dict[str, object]:
    """Plain values: totals, every kind with every miss, every false positive; `about` says of what."""
    return {
        "about": about,
        "recall": round(report.recall, 4),
        "clean_names": report.clean_names,
        "false_positives_per_100k": round(report.false_positives_per_100k, 1) if report.clean_names else None,
        "headings": [
            {
                "heading": result.kind,
                "tried": result.tried,
                "recall": round(result.recall, 4) if result.tried else None,
                "industry": INDUSTRY.get(result.kind),
            }
            for result in report.headings
        ],
        "kinds": [
            {
                "kind": result.kind,
                "tried": result.tried,
                "recall": round(result.recall, 4) if result.tried else None,
                "misses": [
                    {"designation": miss.designation_id, "name": miss.name, "written": miss.written}
                    for miss in result.misses
                ],
            }
            for result in report.kinds
        ],
        "false_positives": [
            {"name": hit.name, "designation": hit.designation_id, "matched": hit.matched, "score": hit.score}
            for hit in report.false_positives
        ],
    }


def as_html(report: Effectiveness, about: dict[str, str]) -> str:
    """One page without scripts or outside files: totals, a bar a kind, the misses, the false positives."""
    facts = "".join(
        f"<tr><td>{escape(key)}</td><td>{escape(value)}</td></tr>" for key, value in about.items()
    )
    rows = "".join(map(_row, report.kinds))
    alerts = "".join(
        f"<tr><td>{escape(hit.name)}</td><td>{escape(hit.matched)}</td><td>{escape(hit.designation_id)}</td>"
        f'<td class="n">{hit.score:.2f}</td></tr>'
        for hit in report.false_positives
    )
    tried = sum(result.tried for result in report.kinds)
    alerting = f"{report.false_positives_per_100k:.0f}" if report.clean_names else NOT_MEASURED
    cards = _card(f"{report.recall:.1%}", f"of {tried:,} written forms found") + _card(
        alerting, f"of 100,000 clean names alert ({report.clean_names:,} tried)"
    )
    headings = "".join(map(_heading, report.headings))
    return "".join(
        (
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>Filter effectiveness</title>',
            f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{_STYLE}</style>',
            f'<h1>Filter effectiveness</h1><div class="cards">{cards}</div><table>{facts}</table>',
            '<h2>As supervisors test</h2><table><tr><th>heading</th><th class="n">tried</th>',
            f'<th class="n">found</th><th class="n">industry</th></tr>{headings}</table>',
            '<h2>By kind of variation</h2><table><tr><th>kind</th><th class="n">tried</th>',
            f'<th class="n">found</th><th></th></tr>{rows}</table><h2>Every miss</h2>',
            "".join(map(_misses, report.kinds)),
            f"<h2>Clean names that alert</h2>{_histogram(report)}<table><tr><th>name</th>",
            f'<th>listed name</th><th>entry</th><th class="n">score</th></tr>{alerts}</table></html>',
        )
    )


def found_share(result: KindResult) -> str:
    """The share that was found, as people read it; none was where nothing was tried."""
    return f"{result.recall:.1%}" if result.tried else NOT_MEASURED


def _heading(result: KindResult) -> str:
    industry = INDUSTRY.get(result.kind)
    return (
        f'<tr><td>{escape(result.kind)}</td><td class="n">{result.tried:,}</td>'
        f'<td class="n">{found_share(result)}</td>'
        f'<td class="n">{f"{industry:.0%}" if industry else ""}</td></tr>'
    )


def _card(figure: str, words: str) -> str:
    return f'<div><div class="lead">{figure}</div>{words}</div>'


def _row(result: KindResult) -> str:
    low = " low" if result.recall < FLOOR else ""
    color, found = "#b3261e" if low else "#2f6feb", found_share(result)
    width = result.recall * _BAR if result.tried else 0
    return (
        f'<tr><td>{escape(result.kind)}</td><td class="n">{result.tried}</td>'
        f'<td class="n{low}">{found}</td><td><svg width="{_BAR}" height="12" role="img" '
        f'aria-label="{found}"><rect width="{_BAR}" height="12" fill="#8884" rx="2"/>'
        f'<rect width="{width:.0f}" height="12" fill="{color}" rx="2"/></svg></td></tr>'
    )


def _misses(result: KindResult) -> str:
    if not result.misses:
        return ""
    rows = "".join(
        f"<tr><td>{escape(miss.name)}</td><td>{escape(miss.written)}</td>"
        f"<td>{escape(miss.designation_id)}</td></tr>"
        for miss in result.misses
    )
    return (
        f"<details><summary>{escape(result.kind)}: {len(result.misses)}</summary><table>"
        f"<tr><th>listed name</th><th>written</th><th>entry</th></tr>{rows}</table></details>"
    )


def _histogram(report: Effectiveness) -> str:
    """Scores of the false positives in steps of 0.02: what a higher threshold would spare."""
    steps = [0] * 10
    for hit in report.false_positives:
        steps[min(9, max(0, int((hit.score - 0.8) * 50)))] += 1
    most = max([*steps, 1])
    bars = "".join(
        _bar(place * 52, count * 90 / most, f"{0.8 + place * 0.02:.2f}", count)
        for place, count in enumerate(steps)
    )
    return f'<svg width="520" height="120" role="img" aria-label="false positives by score">{bars}</svg>'


def _bar(left: int, height: float, label: str, count: int) -> str:
    text = (
        f'<text x="{left + 23}" y="{{}}" font-size="11" text-anchor="middle" fill="currentColor">{{}}</text>'
    )
    return (
        f'<rect x="{left}" y="{100 - height:.0f}" width="46" height="{height:.0f}" fill="#2f6feb"/>'
        + text.format(116, label)
        + text.format(f"{96 - height:.0f}", count)
    )
