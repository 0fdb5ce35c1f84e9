"""`interdict match`: one name against lists, with the reasons, as a table or JSON."""

import sys
from pathlib import Path

import orjson
import rich_click as click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from screening import Hit, Kind, ListError
from screening.policy_file import PolicyError
from streams.offline import load_screener
from streams.policies import load_policy
from streams.wire import hit_to_json

HIT = 1
"""Exit code when the name is on a list."""


@click.command()
@click.option(
    "--list", "lists", multiple=True, required=True, metavar="SOURCE:PATH", help="A list; may be repeated."
)
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), help="What the name is of.")
@click.option(
    "--policy", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Screening policy (TOML)."
)
@click.option("--json", "as_json", is_flag=True, help="Print the hits as JSON, one array.")
@click.argument("name")
def command(lists: tuple[str, ...], kind: str | None, policy: Path | None, as_json: bool, name: str) -> None:
    """Match NAME against the lists and say why it hits.

    Exit code 0 when nothing is like it, 1 when there is a hit, 2 for a wrong list or policy.
    """
    try:
        hits = load_screener(lists, load_policy(policy)).match(name, kind=kind)
    except (ListError, PolicyError) as error:
        raise click.UsageError(str(error)) from None
    if as_json:
        click.echo(orjson.dumps([hit_to_json(hit) for hit in hits], option=orjson.OPT_INDENT_2))
    elif hits:
        _print(hits)
    else:
        click.echo(f"No name on {', '.join(lists)} is like {name!r}.")
    sys.exit(HIT if hits else 0)


def _print(hits: list[Hit]) -> None:
    console = Console()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("score", "listed as", "kind", "list entry", "programs"):
        table.add_column(column, overflow="fold")
    for hit in hits:
        designation = hit.designation
        table.add_row(
            f"{hit.score:.2f}",
            escape(hit.name.text if hit.name else designation.name),
            designation.kind or "",
            designation.id,
            escape(", ".join(designation.programs)),
        )
    console.print(table)
    console.print()
    for hit in hits:
        console.print(f"{hit.score:.2f}  {escape(hit.summary)}", highlight=False)
