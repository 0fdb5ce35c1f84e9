"""`interdict customers`: screen the customer book, and say when that was last done wholly."""

import asyncio
import json
import logging
from contextlib import suppress

import rich_click as click

from streams.commands._errors import Group
from streams.commands._options import log_level_option, settings_from, settings_options
from streams.commands._service import begin, when_stopped

LOOK_SECONDS = 0.2
"""How soon it is noticed that the service cannot go on."""


@click.group(cls=Group)
def command() -> None:
    """Screen the customer book: when a customer changes, and all of them for every change of a list."""


@command.command()
@settings_options
@click.option("--group", help="The workers' group; the services share customers in GROUP.customers.")
@click.option("--web-host", help="Address of the health and metrics pages.")
@click.option("--web-port", type=int, help="Their port; 0 takes a free one.")
@log_level_option
def run(log_level: str, **flags: object) -> None:
    """Screen customers until stopped; run more of them to share the partitions of the book.

    Alerts go to screening.customer-alerts, and what is screened with which lists to
    screening.customer-proofs. SIGTERM ends it in order. It ends with code 1 when an alert cannot be
    delivered: start it again then, what was not told is told.
    """
    from streams.console.server import check_port
    from streams.customers.service import CustomerService
    from streams.offline.policies import load_policy
    from streams.worker.allocator import map_large_blocks
    from streams.worker.garbage import look_seldom

    map_large_blocks()  # before the book is loaded
    settings = settings_from(**flags)
    begin(settings, log_level)
    policy = load_policy(settings.policy_file)
    check_port(settings.web_host, settings.web_port)
    look_seldom()

    async def until_stopped() -> None:
        service = CustomerService(settings, policy)
        stopped = asyncio.Event()
        when_stopped(stopped.set)
        await service.start()
        try:
            while not (stopped.is_set() or service.crashed):
                with suppress(TimeoutError):
                    await asyncio.wait_for(stopped.wait(), LOOK_SECONDS)
        finally:
            await service.stop()
        if service.crashed:
            logging.getLogger(__name__).error("ended: %r", service.crash_reason)
            raise SystemExit(1)

    asyncio.run(until_stopped())


@command.command()
@settings_options
@click.option(
    "--quick", is_flag=True, help="Take the services' word for what the book holds: do not count it again."
)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def status(quick: bool, as_json: bool, **flags: object) -> None:
    """When the customer book was last screened wholly, with which lists, proved by count and hash.

    The book and the lists are read from their topics and compared with what the services wrote down. Exit
    code 0 when the whole book is screened with the lists in force, 1 when it is not, with the reasons, 2
    when the broker does not answer.
    """
    from streams.customers.status import read_status
    from streams.kafka.connection import librdkafka_options
    from streams.kafka.topics import Topics

    settings = settings_from(**flags)
    client, topics = librdkafka_options(settings), Topics(settings.topic_prefix)
    found = read_status(client, topics, settings.required_lists, count=not quick)
    if as_json:
        click.echo(json.dumps(found.as_json(), indent=2))
    else:
        for line in found.lines():
            click.echo(line)
    if not found.complete:
        raise SystemExit(1)
