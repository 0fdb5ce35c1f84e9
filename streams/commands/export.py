"""`interdict export`: alerts to systems that do not read Kafka."""

import asyncio
import logging
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import rich_click as click

from config.settings import Settings
from streams.commands._errors import Group
from streams.commands._options import settings_from, settings_options
from streams.export.forward import Deliver, forward
from streams.export.projections import FORMS
from streams.export.webhook import Webhook, WebhookRefusedError, check_url, read_secret
from streams.kafka.connection import aiokafka_options
from streams.kafka.topics import Topics


def export_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What every export has: a form, and a name that keeps its place apart from other exports'."""
    for option in (
        click.option(
            "--name", default="export", show_default=True, help="Of the consumer group: GROUP-NAME."
        ),
        click.option(
            "--as",
            "form",
            type=click.Choice(sorted(FORMS)),
            default="alert",
            show_default=True,
            help="Our own form, OCSF Detection Finding, or Elastic Common Schema.",
        ),
        settings_options,
    ):
        command = option(command)
    return command


@click.group(cls=Group)
def command() -> None:
    """Hand alerts on to systems that do not read Kafka, at least once each.

    Each export has a consumer group of its own and goes on where it stopped. SIGTERM ends it in order.
    """


@command.command()
@click.argument("url")
@click.option(
    "--secret-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with the signing secret, whsec_ and base64.",
)
@export_options
def webhook(url: str, secret_file: Path | None, form: str, name: str, **flags: Any) -> None:
    """POST each alert to URL, signed as the Standard Webhooks specification says.

    What is not accepted is tried again for as long as it takes, with growing pauses. Exit 1 when the
    endpoint refuses an alert for good (a 4xx answer): that alert is sent again at the next start.
    """
    try:
        check_url(url)
        key = read_secret(secret_file.read_text().strip()) if secret_file else None
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")

    async def run(settings: Settings) -> None:
        async with aiohttp.ClientSession() as session:
            await _forward(settings, form, name, Webhook(url, key, session).deliver)

    try:
        asyncio.run(run(settings_from(**flags)))
    except WebhookRefusedError as error:
        raise click.ClickException(
            f"{error}; it was not delivered, and will be tried again when started"
        ) from None


@command.command()
@export_options
def lines(form: str, name: str, **flags: Any) -> None:
    """Write each alert to standard output as a line of JSON, for a log shipper to pick up."""

    async def write(message_id: str, body: bytes) -> None:
        del message_id
        sys.stdout.buffer.write(body + b"\n")
        sys.stdout.buffer.flush()

    asyncio.run(_forward(settings_from(**flags), form, name, write))


async def _forward(settings: Settings, form: str, name: str, deliver: Deliver) -> None:
    stopping = asyncio.Event()
    task = asyncio.current_task()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, _stop, stopping, task)
    try:
        await forward(
            Topics(settings.topic_prefix).alerts,
            f"{settings.group}-{name}",
            aiokafka_options(settings),
            form=form,
            deliver=deliver,
            stopping=stopping,
        )
    except asyncio.CancelledError:
        if not stopping.is_set():
            raise


def _stop(stopping: asyncio.Event, task: "asyncio.Task[Any] | None") -> None:
    """End the wait for a receiver that is down, too: what it has not accepted is not committed."""
    stopping.set()
    if task:
        task.cancel()
