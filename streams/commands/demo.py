"""`interdict demo`: the whole pipeline on one machine, and a designation taking effect as you watch."""

import asyncio
import contextlib
import logging
from collections.abc import Iterator

import rich_click as click
from rich.console import Console
from rich.live import Live

from streams.commands._errors import Command
from streams.commands._options import settings_from
from streams.commands._service import when_stopped
from streams.demo import view
from streams.demo.stage import Stage
from streams.demo.story import Story
from streams.kafka.connection import librdkafka_options
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.provisioning import TopicAdmin
from streams.kafka.topics import Topics

DEMO_PREFIX = "interdict-demo."
PARTITIONS = 4


@click.command(cls=Command)
@click.option("--seconds", type=click.FloatRange(min=10), help="End by itself after so long, with a summary.")
@click.option("--broker", help="Use this Kafka instead of the one in this process (topics interdict-demo.*).")
@click.option("--web-port", type=int, help="Port of the live console.  [default: a free one]")
@click.option("--seed", default=1, show_default=True, help="Which payments are invented.")
def command(seconds: float | None, broker: str | None, web_port: int | None, seed: int) -> None:
    """Watch payments being screened while three companies are designated.

    Starts a broker in this process, publishes a sample list, runs one worker, pays all kinds of people, and
    half-way publishes the designations of 16 August 2023. Exit 1 if a claim did not come true.
    """
    console = Console()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    with _broker(broker) as bootstrap:
        settings = settings_from(
            broker=bootstrap, topic_prefix=DEMO_PREFIX if broker else "", web_port=web_port or 0
        )
        if broker:
            TopicAdmin(librdkafka_options(settings), DEMO_PREFIX).create(PARTITIONS)
        story = Story()
        stage = Stage(settings, seconds, story, seed)
        asyncio.run(_perform(stage, console))
    view.summary(story, console)
    raise SystemExit(1 if story.failures() else 0)


async def _perform(stage: Stage, console: Console) -> None:
    """Play on stage and draw it: live in a terminal, a line a scene elsewhere."""
    play = asyncio.create_task(stage.play())
    when_stopped(play.cancel)
    drawing = asyncio.create_task(_draw(stage, console))
    with contextlib.suppress(asyncio.CancelledError):
        await play
    drawing.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await drawing


async def _draw(stage: Stage, console: Console) -> None:
    shown = served = ""
    terminal = (
        Live(console=console, auto_refresh=False, transient=True)
        if console.is_terminal
        else contextlib.nullcontext()
    )
    with terminal as live:
        while True:
            if live:
                picture = view.screen(stage.story, headline=stage.headline, console_url=stage.console_url)
                live.update(picture, refresh=True)
            elif stage.headline != shown:
                shown = stage.headline
                console.print(shown)
            elif stage.console_url != served:
                served = stage.console_url
                console.print(f"live console {served}")
            await asyncio.sleep(0.25)


@contextlib.contextmanager
def _broker(given: str | None) -> Iterator[str]:
    if given:
        yield given
        return
    with EmbeddedBroker(dict(Topics().partitions(PARTITIONS))) as embedded:
        yield embedded.bootstrap
