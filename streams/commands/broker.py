"""`interdict broker`: the embedded broker alone, in the foreground."""

import signal
import threading

import rich_click as click

from streams.commands._errors import Command
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.topics import Topics

PARTITIONS = 4


@click.command(cls=Command)
@click.option(
    "--topic",
    "extra",
    metavar="NAME:PARTITIONS",
    multiple=True,
    help="One more topic; may be given again.",
)
@click.option("--partitions", type=click.IntRange(min=1), default=PARTITIONS, show_default=True)
@click.option("--prefix", default="", help="Put before the name of each of our topics.")
def command(extra: tuple[str, ...], partitions: int, prefix: str) -> None:
    """Run a Kafka-protocol broker with our topics until Ctrl-C; for trying things out.

    Prints its address. It keeps nothing, holds at most 5 MiB a partition and serves one worker a group: what
    has to last needs an Apache Kafka.
    """
    topics = dict(Topics(prefix).partitions(partitions)) | dict(_parsed(text) for text in extra)
    asked_to_end = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked_to_end.set())
    with EmbeddedBroker(topics) as broker:
        click.echo(broker.bootstrap)
        asked_to_end.wait()


def _parsed(text: str) -> tuple[str, int]:
    name, _, count = text.rpartition(":")
    if not name or not count.isdecimal() or int(count) < 1:
        raise click.BadParameter(f"{text!r}; NAME:PARTITIONS is expected", param_hint="--topic")
    return name, int(count)
