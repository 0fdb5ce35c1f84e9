"""`interdict match`: one name against a list, with the reasons."""

from pathlib import Path

import orjson
import rich_click as click
from rich.console import Console
from rich.text import Text

from screening import Hit
from screening.designations import Kind
from streams.commands._errors import Command
from streams.commands._options import lists_option, policy_option
from streams.commands._text import Table
from streams.offline.lists import load_screener
from streams.offline.policies import load_policy
from streams.offline.snapshots import user_snapshots
from streams.records.json import hit_to_json
from streams.worker.garbage import look_seldom


@click.command(cls=Command)
@lists_option
@click.option(
    "--kind", type=click.Choice([str(kind) for kind in Kind]), help="What the name belongs to, if known."
)
@policy_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a hit, as in an alert, best first.")
@click.argument("name")
def command(lists: tuple[str, ...], kind: str | None, policy: Path | None, as_json: bool, name: str) -> None:
    """Match NAME against lists and say why each hit is one, best first.

    Exit code 0 when nothing hits, 1 when something does, 2 for a wrong list or policy.
    """
    if not name.strip():
        raise click.UsageError("NAME is empty")
    if any("\ud800" <= sign <= "\udfff" for sign in name):  # as Python has bytes that are not UTF-8
        raise click.UsageError(
            "NAME is not UTF-8; set the terminal's encoding, or send it by `interdict screen`"
        )
    look_seldom()
    hits = load_screener(lists, load_policy(policy), user_snapshots()).match(name, kind=kind)
    if as_json:
        for hit in hits:
            click.echo(orjson.dumps(hit_to_json(hit)))
    else:
        _show(hits)
    if hits:
        raise SystemExit(1)


def _show(hits: list[Hit]) -> None:
    console = Console()
    if not hits:
        console.print("no hit")
    for hit in hits:
        designation = hit.designation
        # names are data: Text, so that "[red]" in one stays what it is
        head = Text.assemble(
            (f"{hit.score:.3f} ", "bold"),
            (designation.name, "bold red"),
            f"  {designation.id}  {', '.join(designation.programs)}",
        )
        console.print(head)
        if hit.name and hit.name.text != designation.name:
            console.print(Text(f"by its {hit.name.quality} {hit.name.type} {hit.name.text!r}"))
        console.print(_reasons(hit))


def _reasons(hit: Hit) -> Table:
    table = Table("payment", "list", "how", "weight", "similarity", box=None, padding=(0, 2, 0, 0))
    for row in hit.explanation:
        numbers = (f"{row.weight:.2f}", f"{row.similarity:.2f}")
        table.add_row(Text(row.query or "-"), Text(row.matched or "-"), row.how, *numbers)
    return table
