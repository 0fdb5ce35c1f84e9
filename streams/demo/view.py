"""The demo in the terminal: payments as they are decided, the three companies, and what to look at next."""

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from streams.demo.payments import COMPANIES
from streams.demo.story import Story

_COLOUR = {"clear": "green", "hit": "bold red", "error": "yellow"}


def screen(story: Story, *, headline: str, console_url: str) -> RenderableType:
    """The live picture, drawn anew several times a second."""
    return Group(
        Text.assemble((headline, "bold")),
        Text.assemble("live console ", (console_url, "underline"), "   Ctrl-C ends the demo"),
        _payments(story),
        companies(story),
        _counts(story),
    )


def companies(story: Story) -> Table:
    """The three companies before and after their designation."""
    table = Table(title="16 August 2023: designated by the US Treasury", expand=True)
    table.add_column("company", no_wrap=True)
    for column in ("clear before", "hits before", "hits after", "clear after", "effect after"):
        table.add_column(column, justify="right")
    for short, (registered, country, _) in COMPANIES.items():
        company = story.companies[short]
        effect = company.effective_seconds
        table.add_row(
            f"{registered} ({country})",
            str(company.clear_before),
            str(company.hits_before),
            Text(str(company.hits_after), "bold red" if company.hits_after else ""),
            str(company.clear_after),
            "not yet" if effect is None else _milliseconds(effect),
        )
    return table


def _milliseconds(seconds: float) -> str:
    """In seven characters also on a slow machine: 80 columns have no more for it."""
    return f"{seconds * 1000:.{1 if seconds < 0.1 else 0}f} ms"


def summary(story: Story, to: Console) -> None:
    """The end of the demo, on any kind of output."""
    to.print(companies(story))
    to.print(_counts(story))
    for failure in story.failures():
        to.print(f"[bold red]not as it must be:[/] {failure}")


def _payments(story: Story) -> Panel:
    table = Table.grid(padding=(0, 2), expand=True)
    for ratio, least in ((2, None), (5, None), (1, max(map(len, _COLOUR))), (7, None)):
        table.add_column(no_wrap=True, overflow="ellipsis", ratio=ratio, width=least)
    for line in story.latest:
        creditor = Text(line.creditor, "bold" if line.company else "")
        outcome = Text(line.outcome, _COLOUR[line.outcome])
        table.add_row(line.payment_id, creditor, outcome, Text(line.detail, "red"))
    return Panel(table, title="payments", title_align="left")


def _counts(story: Story) -> Text:
    ordered = sorted(story.latency_ms)
    middle = f"{ordered[len(ordered) // 2]:.1f} ms" if ordered else "-"
    return Text(
        f"{len(story.sent)} payments sent, {story.decided['clear']} clear, {story.decided['hit']} hits, "
        f"{story.decided['error']} errors, {story.undecided} in flight; median time to decide {middle}"
    )
