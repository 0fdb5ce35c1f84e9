"""`interdict mapping try`: what a mapping reads of an event, from where, and what falls to `other`."""

import asyncio
import sys
from collections.abc import Iterator
from functools import partial
from io import BytesIO
from itertools import islice
from pathlib import Path

import orjson
import rich_click as click
from rich.console import Console
from rich.text import Text

from screening.payments import Payment, PaymentError, Role
from screening.payments.mapped.trial import Placed, Trial, placed, tried
from screening.payments.mapping import EventMapping
from screening.payments.mapping_file import MappingError, read_mappings
from screening.payments.registry.schemas import SchemaNeededError
from screening.payments.strict_json import read_json
from screening.policy.file import PolicyError
from streams.commands._errors import Group
from streams.commands._options import settings_from
from streams.commands._text import Table
from streams.errors import CannotProceedError
from streams.offline.payments import STDIN, FileMessage, messages_of
from streams.offline.policies import UTF8, load_policy, shipped_mappings
from streams.registry.answers import RegistryAwayError
from streams.registry.fetching import SchemaRegistry, fetching, registry_of

FRAMED = b"\x00"
"""How a record in a schema registry's framing begins: it is one event, whatever bytes follow."""
MOST_SHOWN = 100
"""Characters of a value in a table; --json has all."""


@click.group(cls=Group)
def command() -> None:
    """Mappings, which say what is what in events of other shapes."""


@command.command(name="try")
@click.argument("file")
@click.argument("event")
@click.option(
    "--most", default=10, show_default=True, type=click.IntRange(min=1), help="Events that are read."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object an event instead of tables.")
@click.option(
    "--config", "config_file", type=click.Path(exists=True, dir_okay=False), help="Settings (TOML)."
)
def try_(file: str, event: str, most: int, as_json: bool, config_file: str | None) -> None:
    """Read EVENT with the mappings in FILE and show every value, its place, and what falls to `other`.

    FILE is a file of mappings, a policy with mappings, or the name of one that ships, such as stripe. EVENT
    is a file with one event or one a line, or - for standard input; a record in a schema registry's framing
    is read with the schema of the registry that the settings name. Exit code 0 when a mapping covers every
    event and each payment can be read, 1 when not, 2 for a FILE that cannot be used.
    """
    mappings = _mappings(file)
    if event != STDIN and (not Path(event).exists() or Path(event).is_dir()):
        raise click.UsageError(f"{event}: no such file")
    well = True
    for message in islice(_messages(event), most):
        framed = message.raw.startswith(FRAMED)
        registry = registry_of(settings_from(config_file)) if framed else None
        trial = _tried(message.raw, mappings, registry)
        well &= bool(trial.mapping) and not trial.problem and not any(each.refused for each in trial.payments)
        if as_json:
            click.echo(orjson.dumps(_as_json(message.origin, trial)))
        else:
            _show(message.origin, trial)
    if not well:
        raise SystemExit(1)


def _tried(raw: bytes, mappings: tuple[EventMapping, ...], registry: SchemaRegistry | None) -> Trial:
    """Raises CannotProceedError where a schema is needed and nobody answers: somebody waits at a terminal."""
    try:
        return tried(raw, mappings, registry.schemas if registry else None)
    except SchemaNeededError:
        if registry is None:
            raise
        try:
            asyncio.run(registry.reachable())
        except RegistryAwayError as error:
            raise CannotProceedError(f"schema registry {registry.url}: {error}") from None
        return fetching(registry, partial(tried, raw, mappings))


def _mappings(file: str) -> tuple[EventMapping, ...]:
    shipped = shipped_mappings()
    try:
        if not Path(file).exists() and file in shipped:
            return read_mappings(shipped[file])
        text = Path(file).read_text(encoding=UTF8)
        mappings = load_policy(Path(file)).mappings if "shipped_mappings" in text else read_mappings(text)
    except (MappingError, PolicyError) as error:
        raise click.UsageError(f"{file}: {error}") from None
    except (OSError, UnicodeDecodeError):
        names = ", ".join(sorted(shipped))
        raise click.UsageError(f"{file}: no such file of mappings, and none that ships: {names}") from None
    if not mappings:
        raise click.UsageError(f"{file}: no [[mapping]] in this file")
    return mappings


def _messages(event: str) -> Iterator[FileMessage]:
    """One event for a file that is one, however it is laid out; else what its lines hold."""
    if event == STDIN:
        raw, name = sys.stdin.buffer.read(), "stdin"
    else:
        raw, name = Path(event).read_bytes(), event
    try:
        if not raw.startswith(FRAMED):
            read_json(raw)
    except PaymentError:
        if not raw.lstrip().startswith(b"<"):
            yield from messages_of(BytesIO(raw), name)
            return
    yield FileMessage(name, raw)


def _as_json(origin: str, trial: Trial) -> dict[str, object]:
    return {
        "event": origin,
        "mapping": trial.mapping,
        "ignored": trial.ignored,
        "problem": trial.problem or None,
        "not_covered": [{"mapping": name, "because": text} for name, text in trial.conditions],
        "payments": [_payment_json(payment) for payment in trial.payments],
    }


def _payment_json(payment: Payment) -> dict[str, object]:
    values = [value for party in payment.parties for value in placed(party)]
    read = {
        key: getattr(payment, key) for key in ("id", "time", "amount", "currency", "rail", "uetr", "format")
    }
    return {
        **read,
        "refused": payment.refused.detail if payment.refused else None,
        "notes": payment.notes,
        "read": [value._asdict() for value in values if not _is_rest(value)],
        "other": [value._asdict() for value in values if _is_rest(value)],
    }


def _is_rest(value: Placed) -> bool:
    return value.role is Role.OTHER and value.what == "text"


def _show(origin: str, trial: Trial) -> None:
    console = Console()
    head = f"mapping {trial.mapping!r}" if trial.mapping else "no mapping covers it"
    console.print(Text.assemble((origin, "bold"), ": ", head))
    if not trial.mapping:
        for name, condition in trial.conditions:
            console.print(Text(f"  {name!r}: does not hold: {condition}"))
    if trial.ignored:
        console.print(Text(f"  ignored, no payment: {trial.ignored}"))
    if trial.problem:
        console.print(Text(f"  refused: {trial.problem}", "bold red"))
    for payment in trial.payments:
        _show_payment(console, payment)


def _show_payment(console: Console, payment: Payment) -> None:
    facts = {
        "amount": " ".join(part for part in (payment.amount, payment.currency) if part),
        "time": payment.time.isoformat() if payment.time else "",
        "rail": payment.rail,
        "uetr": payment.uetr,
    }
    stated = "  ".join(f"{name} {value or '-'}" for name, value in facts.items())
    console.print(Text.assemble("  payment ", (payment.id, "bold"), f"  {stated}"))
    if payment.refused:
        console.print(Text(f"  refused: {payment.refused.detail}", "bold red"))
    for note in payment.notes:
        console.print(Text(f"  {note}"))
    values = [value for party in payment.parties for value in placed(party)]
    table = Table("role", "what", box=None, padding=(0, 2))
    table.add_column("value", overflow="fold")
    table.add_column("from", overflow="fold")  # a place that is cut could not be looked for
    for value in sorted(values, key=_is_rest):
        shown = value.value if len(value.value) <= MOST_SHOWN else value.value[:MOST_SHOWN] + "…"
        # values are data: Text, so that "[red]" in one stays what it is
        table.add_row(value.role, value.what, Text(shown), Text(value.path))
    console.print(table)
