"""`interdict audit verify|export`: no decision was altered or taken out, and all are kept for ten years."""

import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import orjson
import rich_click as click

from streams.audit.archive import export
from streams.audit.auditor import Auditor, Finding
from streams.audit.exported import verify_export
from streams.audit.key import audit_key
from streams.audit.on_topics import verify_topics
from streams.commands._errors import Group
from streams.commands._options import settings_from, settings_options
from streams.commands._text import printable
from streams.kafka.connection import librdkafka_options
from streams.kafka.topics import Topics

PROGRESS_SECONDS = 5.0


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
@click.option("--customers", is_flag=True, help="The customers' alerts and proofs as well.")
@click.option(
    "--checkpoint",
    "kept",
    multiple=True,
    metavar="HASH",
    help="A checkpoint's hash that was kept elsewhere, as workers log it; it must be there. May be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def verify(
    files: Path | None,
    clear_left_out: bool,
    customers: bool,
    kept: tuple[str, ...],
    as_json: bool,
    **flags: object,
) -> None:
    """Find decisions and alerts that were altered, moved, copied, put in or taken out.

    Of the customers' topics Kafka keeps the newest records; what is gone from them is no finding.

    Exit code 0 when everything is as it was written, 1 when something is not, 2 when it cannot be told.
    """
    if files and customers:
        raise click.UsageError("--customers are topics; an export does not hold them")
    settings = settings_from(**flags)
    key = audit_key(settings)
    if files:
        auditor, no_payment = verify_export(files, key, kept)
    else:
        auditor, no_payment = verify_topics(
            librdkafka_options(settings),
            Topics(settings.topic_prefix),
            settings.group,
            key,
            kept,
            customers=customers,
            progress=_progress(time.time()),
            say=partial(click.echo, err=True),
        )
    findings = [*auditor.findings, *auditor.at_end()]
    if not clear_left_out:
        findings += [gap.finding() for gap in auditor.undecided() if gap not in no_payment]
    _print(auditor, findings, as_json)
    raise SystemExit(1 if findings else 0)


def _print(auditor: Auditor, findings: Sequence[Finding], as_json: bool) -> None:
    if as_json:
        result = {
            "records": auditor.records,
            "unsealed": auditor.unsealed,
            "repeats": auditor.repeats,
            "checkpoints": auditor.checkpoints,
            "findings": [{"place": one.place, "problem": one.problem} for one in findings],
        }
        click.echo(orjson.dumps(result))
    else:
        for finding in findings:
            click.echo(f"{printable(finding.place)}: {printable(finding.problem)}")
        click.echo(
            f"{auditor.records} records, {auditor.repeats} repeated by their producer, "
            f"{auditor.unsealed} without a seal, {auditor.checkpoints} checkpoints, {len(findings)} findings"
        )


@command.command("export")
@settings_options
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export_command(folder: Path, **flags: object) -> None:
    """Write what is new since the last export into FOLDER: gzip files of JSON lines and a manifest.

    Run it more often than the topics' retention ends (35 days); keep FOLDER where nobody can change files.
    """
    settings = settings_from(**flags)
    topics = Topics(settings.topic_prefix)
    wanted = (topics.audit, topics.decisions, topics.alerts, topics.dead_letters)
    folder.mkdir(parents=True, exist_ok=True)
    written = export(librdkafka_options(settings), wanted, folder, audit_key(settings))
    click.echo(f"{written.manifest}: {written.records} records in {written.files} files")


def _progress(began: float) -> Callable[[Auditor], None]:
    """A line on stderr every five seconds; none where that is no terminal."""
    last = [began]

    def report(auditor: Auditor) -> None:
        if sys.stderr.isatty() and time.time() - last[0] > PROGRESS_SECONDS:
            last[0] = time.time()
            rate = auditor.records / (last[0] - began)
            click.echo(f"{auditor.records:,} records, {rate:,.0f} a second", err=True)

    return report
