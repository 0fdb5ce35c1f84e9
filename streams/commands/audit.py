"""`interdict audit verify|export`: no decision was altered or taken out, and all are kept for ten years."""

import asyncio
from pathlib import Path
from typing import Any

import orjson
import rich_click as click

from config.settings import Settings
from streams.audit.archive import entry_of, export, verify_export
from streams.audit.chain import Auditor
from streams.audit.key import audit_key
from streams.commands._errors import Group
from streams.commands._options import settings_from, settings_options
from streams.kafka.connection import aiokafka_options
from streams.kafka.reading import first_offsets, read_to_end
from streams.kafka.topics import Topics


@click.group(cls=Group)
def command() -> None:
    """Check the record of decisions, and keep it (31 CFR 501.601: ten years)."""


@command.command("verify")
@settings_options
@click.option(
    "--files",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Check exported files instead of the topics.",
)
@click.option(
    "--clear-left-out",
    is_flag=True,
    help="The policy leaves out clear decisions: a payment without one is no finding.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def verify(files: Path | None, clear_left_out: bool, as_json: bool, **flags: Any) -> None:
    """Find decisions and alerts that were altered or taken out. Exit 1 when there are any."""
    settings = settings_from(**flags)
    auditor = verify_export(files, audit_key(settings)) if files else asyncio.run(_verify(settings))
    findings = [*auditor.findings, *(() if clear_left_out else auditor.undecided())]
    if as_json:
        told = {
            "records": auditor.records,
            "unsealed": auditor.unsealed,
            "repeats": auditor.repeats,
            "findings": [{"place": one.place, "problem": one.problem} for one in findings],
        }
        click.echo(orjson.dumps(told))
    else:
        for finding in findings:
            click.echo(f"{finding.place}: {finding.problem}")
        click.echo(
            f"{auditor.records} records, {auditor.repeats} repeated by their producer, "
            f"{auditor.unsealed} without a seal, {len(findings)} findings"
        )
    raise SystemExit(1 if findings else 0)


@command.command("export")
@settings_options
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export_command(folder: Path, **flags: Any) -> None:
    """Write what is new since the last export into FOLDER: gzip files of JSON lines and a manifest.

    Run it more often than the topics' retention ends (35 days); keep FOLDER where nobody can change files.
    """
    settings = settings_from(**flags)
    topics = Topics(settings.topic_prefix)
    wanted = (topics.decisions, topics.alerts, topics.dead_letters)
    folder.mkdir(parents=True, exist_ok=True)
    written = asyncio.run(export(aiokafka_options(settings), wanted, folder, audit_key(settings)))
    click.echo(f"{written.manifest}: {written.records} records in {written.files} files")


async def _verify(settings: Settings) -> Auditor:
    auditor, client = Auditor(audit_key(settings)), aiokafka_options(settings)
    topics = Topics(settings.topic_prefix)
    for topic in (topics.decisions, topics.alerts):
        begins = await first_offsets(client, topic)
        async for record in read_to_end(client, topic):
            auditor.take(entry_of(record), begins_at=begins[record.partition])
    return auditor
