"""`interdict export`: alerts to systems that do not read Kafka."""

import asyncio
import hashlib
import sys
from pathlib import Path
from urllib.parse import urlsplit

import rich_click as click

from config.settings import Settings
from streams.commands._errors import Group
from streams.commands._options import FILE, Flagged, settings_from, settings_options
from streams.commands._service import begin, metrics_port_option, serve_metrics, start_option, when_stopped
from streams.export.forward import Deliver, begin_with_the_next, forward
from streams.export.metrics import ExportMetrics
from streams.export.projections import FORMS, in_form
from streams.export.webhook import Webhook, WebhookRefusedError, check_url, read_secret
from streams.kafka.connection import aiokafka_options, librdkafka_options
from streams.kafka.topics import Topics


def export_options(command: Flagged) -> Flagged:
    """What every export has: a form, a name that keeps its place apart from other exports', metrics."""
    for option in (
        metrics_port_option,
        start_option(
            "beginning", "Where an export of a new name starts: with the oldest alert, or with the next one."
        ),
        click.option(
            "--name",
            help="Of its own, for the consumer group GROUP-export-NAME.  [default: by kind and target]",
        ),
        click.option(
            "--as",
            "form",
            type=click.Choice(sorted(FORMS)),
            default="alert",
            show_default=True,
            help="Our own form, CloudEvents, OCSF Detection Finding, or Elastic Common Schema.",
        ),
        settings_options,
    ):
        command = option(command)
    return command


@click.group(cls=Group)
def command() -> None:
    """Hand alerts on to systems that do not read Kafka, at least once each.

    Each kind and target has a consumer group of its own and goes on where it stopped; two exports of one
    kind to one target share the work, unless --name distinguishes them. SIGTERM ends it in order.
    """


@command.command()
@click.argument("url")
@click.option(
    "--secret-file",
    type=FILE,
    help="File with the signing secret, whsec_ and base64.",
)
@export_options
def webhook(
    url: str,
    secret_file: Path | None,
    form: str,
    name: str | None,
    start: str,
    metrics_port: int | None,
    **flags: object,
) -> None:
    """POST each alert to URL, signed as the Standard Webhooks specification says.

    What is not accepted is tried again for as long as it takes, with growing pauses. Exit 1 when the
    endpoint refuses an alert for good (a 3xx or 4xx answer): that alert is sent again at the next start.
    """
    try:
        check_url(url)
        key = read_secret(secret_file.read_text().strip()) if secret_file else None
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    settings, own_name = settings_from(**flags), name or target_name("webhook", url)
    metrics = _started("webhook", metrics_port, settings)

    async def run() -> None:
        from aiohttp import ClientSession

        async with ClientSession() as session:
            hook = Webhook(url, key, session, retried=metrics.retried)
            await _forward(settings, form, own_name, hook.deliver, metrics, start)

    try:
        asyncio.run(run())
    except WebhookRefusedError as error:
        raise click.ClickException(
            f"{error}; it was not delivered, and will be tried again when started"
        ) from None


@command.command()
@export_options
def lines(form: str, name: str | None, start: str, metrics_port: int | None, **flags: object) -> None:
    """Write each alert to standard output as a line of JSON, for a log shipper to pick up."""

    async def write(message_id: str, body: bytes) -> None:
        del message_id
        sys.stdout.buffer.write(body + b"\n")
        sys.stdout.buffer.flush()

    settings = settings_from(**flags)
    metrics = _started("lines", metrics_port, settings)
    asyncio.run(_forward(settings, form, name or "lines", write, metrics, start))


def target_name(kind: str, target: str) -> str:
    """Names an export after what it does: `webhook-cases.example.com-3f9c2a7b`, without what a URL may keep
    secret in its path."""
    host = (urlsplit(target).hostname or "").replace(":", ".")
    return f"{kind}-{host}-{hashlib.sha256(target.encode()).hexdigest()[:8]}"


def _started(kind: str, port: int | None, settings: Settings) -> ExportMetrics:
    begin(settings)
    metrics = ExportMetrics(kind)
    serve_metrics(metrics.registry, port, settings)
    return metrics


async def _forward(
    settings: Settings, form: str, name: str, deliver: Deliver, metrics: ExportMetrics, start: str
) -> None:
    stopping = asyncio.Event()
    task = asyncio.current_task()
    when_stopped(_stop, stopping, task)
    topic, group = Topics(settings.topic_prefix).alerts, f"{settings.group}-export-{name}"
    try:
        if start == "now":
            await asyncio.to_thread(begin_with_the_next, librdkafka_options(settings), topic, group)
        await forward(
            topic,
            group,
            aiokafka_options(settings),
            render=in_form(form),
            deliver=deliver,
            stopping=stopping,
            metrics=metrics,
        )
    except asyncio.CancelledError:
        if not stopping.is_set():
            raise


def _stop(stopping: asyncio.Event, task: "asyncio.Task[None] | None") -> None:
    """End the wait for a receiver that is down, too: what it has not accepted is not committed."""
    stopping.set()
    if task:
        task.cancel()
