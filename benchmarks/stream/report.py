"""The results in the documentation: `--report docs` redraws docs/images/stream-*.svg and the marked part of
docs/performance.md. Any other folder gets the same files."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.stream.contenders import INTERDICT
from benchmarks.stream.plots import Row, plot
from benchmarks.stream.results import Result
from benchmarks.stream.tables import markdown

PAGE = "performance.md"
BEGIN = "<!-- python -m benchmarks.stream --report docs: begin -->"
END = "<!-- python -m benchmarks.stream --report docs: end -->"


def write_report(folder: Path, results: Sequence[Result], about: str) -> list[Path]:
    """Write the page's marked part and the plots; returns the files.

    Raises ValueError for a page without marks, which is left as it is.
    """
    page = folder / PAGE
    before, after = around(page, BEGIN, END)
    images = folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    written, links = [page], []
    for name, title, rows in _plots(results):
        file = images / f"stream-{name}.svg"
        file.write_text(plot(title, rows), encoding="utf-8")
        written.append(file)
        links.append(f"![{title}, by contender](images/{file.name})")
    told = "\n\n".join([markdown(results, about), *links])
    page.write_text(f"{before}{BEGIN}\n{told}\n{END}{after}", encoding="utf-8")
    return written


def around(page: Path, begin: str, end: str) -> tuple[str, str]:
    """What stands before and after the marked part."""
    if not page.exists():
        return "", "\n"
    text = page.read_text(encoding="utf-8")
    if not (0 <= text.find(begin) < text.find(end)):
        raise ValueError(f"{page} lacks the lines between which the report goes: {begin} and {end}")
    return text[: text.index(begin)], text[text.index(end) + len(end) :]


def _plots(results: Sequence[Result]) -> list[tuple[str, str, list[Row]]]:
    several = len({one.names for one in results}) > 1
    streams = len({one.new for one in results}) > 1

    def rows(values: Sequence[Sequence[float]]) -> list[Row]:
        return [
            Row(
                one.title
                + (f", {one.names:,}" if several else "")
                + (f", {one.new:.0%} new" if streams and one.kind == INTERDICT else ""),
                [value for value in each if value > 0],
                one.kind == INTERDICT,
            )
            for one, each in zip(results, values, strict=True)
        ]

    speed = [[one.backlog.per_second] for one in results]
    cpu = [[one.backlog.cpu_microseconds] for one in results]
    late = [
        [max(1, value) for value in one.percentiles] for one in results
    ]  # 0 is less than the clock's 1 ms
    return [
        ("payments", "Payments a second (log scale)", rows(speed)),
        ("cpu", "CPU µs for a payment (log scale)", rows(cpu)),
        ("latency", "Milliseconds from payment to decision: p50 / p99 / p99.9 (log scale)", rows(late)),
    ]
