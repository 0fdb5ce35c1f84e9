"""Plots of the results as SVG that needs nothing else: one row a contender, dots on a logarithmic axis.

Logarithmic, because the contenders lie three orders of magnitude apart; dots, because such an axis has no
zero from which a bar could start.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

WIDTH, LEFT, RIGHT, TOP, ROW = 760, 190, 150, 46, 28
"""Pixels: of the whole, of the names, of the figures, of the title with the axis, of one row."""
_AXIS = WIDTH - LEFT - RIGHT
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1c2430}.axis{font-size:11px}.title{font-weight:600}"
    ".ours{fill:#2f6feb;stroke:#2f6feb}.rival{fill:#7a869a;stroke:#7a869a}.grid{stroke:#8884}"
    "@media(prefers-color-scheme:dark){text{fill:#e6e9ef}}"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One contender with what was measured of it: above 0, one value or several that grow."""

    title: str
    values: Sequence[float]
    ours: bool


def plot(title: str, rows: Sequence[Row]) -> str:
    """An SVG document; `title` names the quantity and its unit. Rows without a value say so."""
    every = [value for row in rows for value in row.values]
    low = floor(log10(min(every, default=1)))
    high = max(low + 1, ceil(log10(max(every, default=1))))
    height = TOP + ROW * len(rows) + 8
    told = "; ".join(f"{row.title}: {_figures(row)}" for row in rows)
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" ',
            f'height="{height}" role="img" aria-label="{escape(f"{title}. {told}")}"><style>{_STYLE}</style>',
            _text(4, 16, title, "title"),
            *_grid(low, high, height),
            *(_row(row, TOP + ROW * place + ROW / 2, low, high) for place, row in enumerate(rows)),
            "</svg>\n",
        )
    )


def _grid(low: int, high: int, height: int) -> Iterator[str]:
    for power in range(low, high + 1):
        x = _x(10.0**power, low, high)
        yield f'<path class="grid" d="M{x:.1f} {TOP}V{height - 8}"/>'
        yield _text(x, TOP - 6, f"{10.0**power:,.10g}", "axis", "middle")


def _row(row: Row, y: float, low: int, high: int) -> str:
    side = "ours" if row.ours else "rival"
    places = [_x(value, low, high) for value in row.values]
    line = (
        f'<path class="{side}" d="M{places[0]:.1f} {y}H{places[-1]:.1f}" stroke-width="2"/>' if places else ""
    )
    dots = "".join(f'<circle class="{side}" cx="{x:.1f}" cy="{y}" r="5"/>' for x in places)
    return line + dots + _text(4, y + 4, row.title) + _text(WIDTH - 4, y + 4, _figures(row), anchor="end")


def _figures(row: Row) -> str:
    return (
        " / ".join(f"{value:,.0f}" if value >= 10 else f"{value:.2g}" for value in row.values)
        or "not measured"
    )


def _x(value: float, low: int, high: int) -> float:
    return LEFT + _AXIS * (log10(value) - low) / (high - low)


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
