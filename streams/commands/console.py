"""`interdict console`: the desk of analysts, read from the topics; no worker is needed beside it."""

import asyncio
import logging

import rich_click as click

from config.settings import Settings
from streams.commands._errors import Command
from streams.commands._options import settings_from, settings_options
from streams.commands._service import begin, when_stopped
from streams.console.giving import Giving
from streams.console.opening import console_of, giving_of
from streams.console.routes import Console
from streams.console.server import check_port
from streams.console.standalone import ConsoleServer
from streams.offline.policies import load_policy

log = logging.getLogger(__name__)


@click.command(cls=Command)
@settings_options
@click.option("--web-host", help="Address of its pages.")
@click.option("--web-port", type=int, help="Their port; 0 takes a free one.")
def command(**flags: object) -> None:
    """Serve the console until stopped: alerts of all workers, back in time, and a search over every topic.

    It joins no consumer group and keeps nothing: it reads the topics when it is asked. INTERDICT_WEB_TOKEN is
    the token that a browser asks for; whom INTERDICT_WEB_WRITERS names may give dispositions, each with a
    token of their own. It ends with code 2 where its port is in use or a setting is wrong.
    """
    settings = settings_from(**flags)
    begin(settings, of_kafka="ERROR")
    console = console_of(settings, load_policy(settings.policy_file).mappings)
    giving = giving_of(settings, console)
    check_port(settings.web_host, settings.web_port)
    asyncio.run(_serve(settings, console, giving))


async def _serve(settings: Settings, console: Console, giving: Giving | None) -> None:
    """Until SIGTERM or Ctrl-C."""
    token = settings.web_token.get_secret_value() if settings.web_token else None
    stopped = asyncio.Event()
    when_stopped(stopped.set)
    server = ConsoleServer(settings.web_host, settings.web_port, console, token, giving)
    async with server:
        log.info("the console is on %s", server.url)
        await stopped.wait()
