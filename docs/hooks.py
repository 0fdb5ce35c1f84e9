"""Fills `<!-- generated: NAME ... -->` in a page from the code while the site is built: it cannot age."""

import html
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import rich_click as click
from pydantic import SecretStr
from rooms import picture

from config.settings import ENV_PREFIX, Settings
from screening import Designation, Explanation, Hit, Name, NameType, Policy, Screener, compare
from streams.cli import COMMANDS, main
from streams.exposed import registries
from streams.kafka.rights import PRINCIPALS
from streams.kafka.rights import table as table_of_rights
from streams.kafka.topics import ALL
from streams.worker.metrics import Metrics

EXAMPLES = Path(__file__).parent / "examples"
MARK = re.compile(r"<!-- generated: (\w+) ?(.*?)-->", re.DOTALL)
TO_TESTS = re.compile(r"\[([^\]\n]+)\]\(\.\./tests/[^)\n]+\)")
"""A link to a test, which leads somewhere in a checkout and not on the site."""


def on_page_markdown(markdown: str, **_: Any) -> str:
    """MkDocs calls this for every page."""
    return MARK.sub(lambda found: GENERATORS[found[1]](found[2]), TO_TESTS.sub(r"\1", markdown))


def settings(_: str) -> str:
    rows = []
    for name, field in Settings.model_fields.items():
        secret = "SecretStr" in str(field.annotation) or field.annotation is SecretStr
        default = "" if field.default is None or field.default == () else f"`{field.default}`"
        text = (field.description or "") + (" (secret)" if secret else "")
        rows.append((f"`{ENV_PREFIX}{name.upper()}`", default, text))
    return table(("setting", "default", "what it is"), rows)


def metrics(_: str) -> str:
    worker = Metrics()
    worker.list_applied("ofac", version="1", entries=1, sha256="", published_at=0.0)
    worker.holds({0: 0})
    of_each = (*registries(), worker.registry)  # the last, whose families have their labels
    families = {family.name: family for registry in of_each for family in registry.collect()}
    rows = []
    for _, family in sorted(families.items()):
        labels = {label for sample in family.samples for label in sample.labels} - {"le"}
        name = family.name + {"counter": "_total", "info": "_info"}.get(family.type, "")
        rows.append((f"`{name}`", family.type, ", ".join(sorted(labels)), family.documentation))
    return table(("metric", "type", "labels", "what it is"), rows)


def topics(_: str) -> str:
    rows = [
        (
            f"`{spec.name}`",
            spec.key.replace("|", "\\|"),
            spec.value,
            spec.config["cleanup.policy"],
            spec.purpose,
        )
        for spec in ALL
    ]
    text = table(("topic", "key", "value", "cleanup", "holds"), rows)
    for spec in ALL:
        text += f"\n\n### {spec.name}\n\n" + table(
            ("setting", "value"), [(f"`{k}`", f"`{v}`") for k, v in spec.config.items()]
        )
    return text


def rights(_: str) -> str:
    rows = [(principal.name, principal.purpose, table_of_rights(principal)) for principal in PRINCIPALS]
    return table(("user", "who", "rights"), rows)


def commands(_: str) -> str:
    context = main.make_context("interdict", [], resilient_parsing=True)
    return "\n\n".join(
        command_help(["interdict", name], main.get_command(context, name), context) for name in COMMANDS
    )


def command_help(words: list[str], command: click.Command | None, parent: click.Context) -> str:
    assert command is not None  # noqa: S101  the names come from the same table
    context = command.make_context(words[-1], [], parent=parent, resilient_parsing=True)
    text = f"## {' '.join(words)}\n\n" if len(words) == 2 else f"### {' '.join(words)}\n\n"
    text += textwrap.dedent(command.help or "").strip() + "\n\n"
    usage = " ".join(command.collect_usage_pieces(context))
    text += f"```\n{' '.join(words)} {usage}\n```\n\n"
    records = [
        option.get_help_record(context) for option in command.params if isinstance(option, click.Option)
    ]
    options = [(f"`{record[0]}`", record[1].replace("|", "\\|")) for record in records if record]
    text += table(("option", "what it does"), options) if options else ""
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            text += "\n\n" + command_help([*words, name], command.get_command(context, name), context)
    return text


def scores(pairs: str) -> str:
    """Lines `a | b | why` with the score that this version gives to the pair."""
    rows = []
    for line in pairs.strip().splitlines():
        query, name, why = (part.strip() for part in line.split("|"))
        rows.append((query, name, f"{compare(query, name):.2f}", why))
    return table(("in the payment", "on the list", "score", "why"), rows)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def example(name: str) -> str:
    """A program of docs/examples as it stands: formatters rewrite the marks of snippets in Python blocks."""
    return f"```python\n{(EXAMPLES / name.strip()).read_text(encoding='utf-8').rstrip()}\n```"


def alignment(pair: str) -> str:
    """A drawing of which word answers which, from the explanation that a hit on this pair carries."""
    query, name = (part.strip() for part in pair.split("|"))
    screener = Screener(Policy(threshold=0.05))
    screener.upsert(Designation("list:1", (Name(name, NameType.PRIMARY),)))
    (hit,) = screener.match(query)
    return "\n".join(line.strip() for line in draw(hit).splitlines()) + "\n"


def draw(hit: Hit) -> str:
    """Words of the payment above, of the list below; a line's strength is the similarity."""
    columns, x = [], 8
    for row in hit.explanation:
        width = 24 + 8 * max(len(row.query), len(row.matched), len(row.how) - 4)
        columns.append((x, width, row))
        x += width + 10
    parts = [part for column in columns for part in _column(*column)]
    verdict = "a hit" if hit.score >= Policy().threshold else "no hit"
    title = html.escape(
        f"{hit.value} against {hit.name.text if hit.name else ''}: {hit.score:.2f}, {verdict}"
    )
    return (
        f'<figure><svg viewBox="0 0 {x} 128" width="{x}" role="img" aria-label="{title}" '
        f'font-family="sans-serif" font-size="13" fill="currentColor">{"".join(parts)}</svg>'
        f"<figcaption>{title}</figcaption></figure>"
    )


def _column(x: int, width: int, row: Explanation) -> Iterator[str]:
    middle = x + width / 2
    for y, word in ((8, row.query), (92, row.matched)):
        dash = "" if row.query and row.matched else ' stroke-dasharray="3 3"'
        if word:
            box = f'x="{x}" y="{y}" width="{width}" height="28" rx="5"'
            yield f'<rect {box} fill="none" stroke="currentColor"{dash}/>'
            yield _text(middle, y + 19, word)
    if row.query and row.matched:
        strength = f'stroke-width="{1 + 3 * row.weight:.1f}" stroke-opacity="{max(row.similarity, 0.15):.2f}"'
        yield f'<path d="M{middle} 36V52M{middle} 76V92" stroke="currentColor" {strength}/>'
    yield _text(middle, 69, f"{row.how} {row.similarity:.2f}" if row.query and row.matched else row.how, 11)


def _text(x: float, y: int, text: str, size: int = 13) -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="middle">{html.escape(text)}</text>'


GENERATORS: dict[str, Callable[[str], str]] = {
    "settings": settings,
    "metrics": metrics,
    "topics": topics,
    "rights": rights,
    "rooms": lambda _: picture(),
    "commands": commands,
    "scores": scores,
    "alignment": alignment,
    "example": example,
}
