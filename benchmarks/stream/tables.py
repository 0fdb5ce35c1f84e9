"""The results as tables: on the console in eighty columns, and as Markdown."""

from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks.stream.contenders import INTERDICT
from benchmarks.stream.made import PARTIES, TYPICAL, WITH_NEW_WORD
from benchmarks.stream.measure import LOST_MS
from benchmarks.stream.results import Ratio, Result, percentiles, ratios

HEAD = (
    "contender", "names", "new", "cold/s", "payments/s", "CPU µs/payment", "p99 ms", "p99.9 ms", "ready s",
    "MB",
)  # fmt: skip
RATIO_HEAD = ("Interdict against", "names", "new", "payments/s", "CPU/payment")
NOTES = (
    f"new: so many of a payment's {len(PARTIES)} parties none had before, and {WITH_NEW_WORD:.0%} of these "
    f"have a word that none had either; {TYPICAL:.0%} is a bank's usual day (benchmarks/stream/made.py says "
    "why). cold/s is the first tenth of the backlog, in which most is met for the first time; payments/s its "
    "second half.",
    "Latency is from a payment to its decision on the broker, at half of the contender's own payments/s.",
    "rapidfuzz and LogicV2 stand in a Faust agent with take(): the first scans the list for each name, the "
    "second compares what shares a rare word. raw aiokafka reads, writes and commits without screening.",
)


def rows(results: Sequence[Result]) -> Iterator[tuple[str, ...]]:
    for one in results:
        worked = one.backlog
        decided = worked.decided > 0
        yield (
            one.title,
            f"{one.names:,}",
            f"{one.new:.0%}",
            _figure(worked.cold_per_second) if worked.cold_per_second else "-",
            _figure(worked.per_second) if decided else "none",
            f"{worked.cpu_microseconds:,.0f}" if decided else "-",
            *([_milliseconds(value) for value in one.percentiles[1:]] or ["-"] * 2),
            f"{one.ready_seconds:.1f}" if one.kind == INTERDICT else "-",
            f"{one.megabytes:,.0f}",
        )


def ratio_rows(results: Sequence[Result]) -> Iterator[tuple[str, ...]]:
    for one in ratios(results):
        yield _versus(one), f"{one.names:,}", f"{one.new:.0%}", _times(one.payments), _times(one.cpu)


def show(console: Console, results: Sequence[Result], about: str) -> None:
    """Both tables and the notes. No heading is cut: words break instead."""
    _show(console, HEAD, list(rows(results)))
    if compared := list(ratio_rows(results)):
        _show(console, RATIO_HEAD, compared)
    for line in (*NOTES, *floors(results), about):
        console.print(line, highlight=False, markup=False)


def markdown(results: Sequence[Result], about: str) -> str:
    parts = [about, _markdown(HEAD, rows(results))]
    if compared := list(ratio_rows(results)):
        parts.append(_markdown(RATIO_HEAD, compared))
    return "\n\n".join([*parts, *NOTES, *floors(results)])


def floors(results: Sequence[Result]) -> Iterator[str]:
    """What nothing on this machine can be faster than: who screens nothing, under our load."""
    for one in results:
        if one.at_our_load:
            _, p99, p999 = percentiles(one.at_our_load)
            yield (
                f"Under the load of Interdict's fastest stream {one.title} has a p99 of {p99:,} ms "
                f"and a p99.9 of {p999:,} ms."
            )


def _versus(one: Ratio) -> str:
    return f"{one.other}, with {one.ours.partition(', ')[2]}" if ", " in one.ours else one.other


def _times(ratio: float) -> str:
    return f"{_figure(ratio)} times" if ratio else "-"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def _milliseconds(value: int) -> str:
    return f"{value:,}" if value < LOST_MS else f">{LOST_MS // 1000} s"


def _show(console: Console, head: Sequence[str], lines: Sequence[tuple[str, ...]]) -> None:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for place, text in enumerate(head):
        # a break where the heading may have one: a column is as wide as its figures, and only titles wrap
        title = text.replace(" ", "\n").replace("/", "/\n") if place else text
        widest = max(len(line[place]) for line in lines)
        table.add_column(
            title, justify="right" if place else "left", no_wrap=place > 0, min_width=widest if place else 10
        )
    for line in lines:
        table.add_row(*line)
    console.print(table)


def _markdown(head: Sequence[str], lines: Iterator[tuple[str, ...]] | list[tuple[str, ...]]) -> str:
    rule = "|---|" + "---:|" * (len(head) - 1)
    return "\n".join([_line(head), rule, *(_line(line) for line in lines)])


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
