"""`python -m tests.streams.export.two_exports`: two exports of different kinds, each killed on its way.

10,000 alerts and an update of each on a real Kafka; a webhook and an export of lines read them at once, and
each is killed with SIGKILL three times, a quarter of its messages apart, and started again. Prints what each
got and how often a message came again. Exit code 1 when one lacks a message, or two messages share an id.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import orjson
from aiohttp import web

from streams.export.projections import message_id
from streams.records.shapes import AlertRecord, UpdateRecord
from tests.command import say
from tests.kafka.broker import KafkaCluster
from tests.streams.export.alerts import alert
from tests.streams.past import Past

LOOKS_EVERY_SECONDS = 0.1


@dataclass
class Export:
    """One export under way: how it is called, what its receiver got by message id, and how it is counted."""

    words: tuple[str, ...]
    got: Callable[[], Counter[str]]
    process: asyncio.subprocess.Process | None = None
    kills: int = 0

    @property
    def again(self) -> int:
        """Messages beyond the first of their id."""
        return sum(self.got().values()) - len(self.got())


@dataclass
class Lines:
    """A file that lines are appended to, read as far as it is whole: a kill cuts a line off."""

    file: Path
    ids: Counter[str] = field(default_factory=Counter)
    read_to: int = 0

    def read(self) -> Counter[str]:
        with self.file.open("rb") as lines:
            lines.seek(self.read_to)
            whole, newline, _ = lines.read().rpartition(b"\n")
        self.read_to += len(whole) + len(newline)
        for line in whole.split(b"\n"):
            with suppress(ValueError):
                self.ids[message_id(orjson.loads(line))] += 1
        return self.ids


def write(past: Past, alerts: int) -> set[str]:
    """Alerts, and an update of each behind it; returns the ids of all messages."""
    ids = set[str]()
    for number in range(alerts):
        raised = alert(f"P-{number}")
        update: UpdateRecord = {
            "id": f"{number:032x}",
            "state": "superseded",
            "what": "delisted",
            "changed": [],
            "at": raised["screened_at"],
            "offset": 1,
        }
        follow_up: AlertRecord = {**raised, "update": update}
        for told in (raised, follow_up):
            ids.add(message_id(told))
            past.send(past.topics.alerts, f"P-{number}", orjson.dumps(told), 0, number % past.partitions)
    past.written()
    return ids


@asynccontextmanager
async def exports(past: Past, folder: Path) -> AsyncIterator[tuple[Export, Export]]:
    """A webhook and an export of lines, started; killed in the end."""
    posted: Counter[str] = Counter()

    async def take(request: web.Request) -> web.Response:
        posted[request.headers["webhook-id"]] += 1
        return web.Response(status=204)

    app = web.Application()
    app.router.add_post("/", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    lines = Lines(folder / "lines")
    both = (
        Export(("webhook", f"http://127.0.0.1:{runner.addresses[0][1]}/"), lambda: posted),
        Export(("lines",), lines.read),
    )
    with lines.file.open("ab") as out:
        try:
            for each in both:
                await _start(past, each, out.fileno())
            yield both
        finally:
            for each in both:
                await _kill(each)
            await runner.cleanup()


async def kill_on_the_way(past: Past, each: Export, folder: Path, wanted: set[str], kills: int) -> None:
    """SIGKILL and a new start each time another part of the messages has come; returns when all have."""
    for number in range(1, kills + 1):
        while len(each.got()) < len(wanted) * number // (kills + 1):  # noqa: ASYNC110  files have no events
            await asyncio.sleep(LOOKS_EVERY_SECONDS)
        await _kill(each)
        each.kills += 1
        with (folder / "lines").open("ab") as out:
            await _start(past, each, out.fileno())
    while not wanted <= each.got().keys():  # noqa: ASYNC110
        await asyncio.sleep(LOOKS_EVERY_SECONDS)


async def _start(past: Past, each: Export, lines: int) -> None:
    flags = ("--broker", past.client["bootstrap.servers"], "--prefix", past.topics.prefix)
    command = (sys.executable, "-m", "streams", "export", *each.words, *flags)
    each.process = await asyncio.create_subprocess_exec(*command, stdout=lines)


async def _kill(each: Export) -> None:
    assert each.process
    with suppress(ProcessLookupError):
        each.process.kill()
    await each.process.wait()


async def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--alerts", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=3, help="of each export")
    asked = parser.parse_args()
    with KafkaCluster() as cluster, tempfile.TemporaryDirectory() as folder:
        past = await asyncio.to_thread(Past, cluster.bootstrap, f"exports-{uuid4().hex[:6]}.")
        wanted = await asyncio.to_thread(write, past, asked.alerts)
        began, good = time.monotonic(), len(wanted) == 2 * asked.alerts
        say(f"{asked.alerts:,} alerts and an update of each: {len(wanted):,} different ids")
        async with exports(past, Path(folder)) as both:
            await asyncio.gather(
                *(kill_on_the_way(past, each, Path(folder), wanted, asked.kills) for each in both)
            )
            for each in both:
                got = each.got()
                good &= got.keys() == wanted
                say(
                    f"{each.words[0]}: {len(got.keys() & wanted):,} of {len(wanted):,} messages, "
                    f"{each.again:,} of them again, through {each.kills} kills"
                )
        say(f"{time.monotonic() - began:.0f} s")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
