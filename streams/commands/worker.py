"""`interdict worker`: one Faust worker; run more of them, anywhere, to scale out."""

import logging
import sys

import rich_click as click
from faust import Worker as FaustWorker

from streams.commands._credentials import end_when_credentials_are_renewed
from streams.commands._errors import Command
from streams.commands._options import log_level_option, settings_from, settings_options
from streams.console.server import check_port
from streams.kafka.connection import security_warnings
from streams.offline.policies import load_policy
from streams.worker.allocator import map_large_blocks
from streams.worker.app import Worker

log = logging.getLogger(__name__)


@click.command(cls=Command)
@settings_options
@click.option("--group", help="Consumer group; workers of one group share the payments.")
@click.option("--web-host", help="Address of the health, metrics and console pages.")
@click.option("--web-port", type=int, help="Their port; 0 takes a free one.")
@log_level_option
def command(log_level: str, **flags: object) -> None:
    """Screen payments until stopped.

    SIGTERM ends it in order: the batch in hand is decided and committed first. It ends with code 1 when a
    decision cannot be delivered, and with 75 when its credentials were renewed; start it again then, what was
    not committed comes again. It ends with code 2 for a wrong setting or policy, or where its port is in use.
    """
    map_large_blocks()  # before the list is loaded into tables
    settings = settings_from(**flags)
    logging.getLogger("aiokafka").setLevel("WARNING")
    for warning in security_warnings(settings):
        log.warning("%s", warning)
    policy = load_policy(settings.policy_file)
    check_port(settings.web_host, settings.web_port)
    end_when_credentials_are_renewed(settings)
    app = Worker(settings, policy)
    worker = FaustWorker(app, loglevel=log_level, redirect_stdouts=False, quiet=False, stdout=sys.stderr)
    worker.spinner = None  # it hides the cursor of what is no terminal, too, from WARNING on
    worker.execute_from_commandline()
