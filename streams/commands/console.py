"""`interdict console`: the desk of analysts, read from the topics; no worker is needed beside it."""

import asyncio
import logging
import signal
import sys
from collections.abc import Sequence
from typing import Any

import rich_click as click

from config.settings import Settings
from screening.payments.mapping import EventMapping
from streams.commands._errors import Command
from streams.commands._options import settings_from, settings_options
from streams.console.case_desk import CaseDesk
from streams.console.server import check_port
from streams.console.standalone import ConsoleServer
from streams.kafka.connection import aiokafka_options, security_warnings
from streams.kafka.topics import Topics
from streams.offline.policies import load_policy

log = logging.getLogger(__name__)


@click.command(cls=Command)
@settings_options
@click.option("--web-host", help="Address of its pages.")
@click.option("--web-port", type=int, help="Their port; 0 takes a free one.")
def command(**flags: Any) -> None:
    """Serve the console until stopped: alerts of all workers, back in time, and a search over every topic.

    It joins no consumer group and keeps nothing: it reads the topics when it is asked. INTERDICT_WEB_TOKEN is
    the token that a browser asks for. It ends with code 2 where its port is in use or a setting is wrong.
    """
    settings = settings_from(**flags)
    logging.basicConfig(level="INFO", stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("aiokafka").setLevel("ERROR")
    for warning in security_warnings(settings):
        log.warning("%s", warning)
    mappings = load_policy(settings.policy_file).mappings
    check_port(settings.web_host, settings.web_port)
    asyncio.run(_serve(settings, mappings))


async def _serve(settings: Settings, mappings: Sequence[EventMapping]) -> None:
    """Until SIGTERM or Ctrl-C."""
    desk = CaseDesk(aiokafka_options(settings), Topics(settings.topic_prefix), mappings)
    token = settings.web_token.get_secret_value() if settings.web_token else None
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    server = ConsoleServer(settings.web_host, settings.web_port, desk, token)
    async with server:
        log.info("the console is on %s", server.url)
        await stopped.wait()
