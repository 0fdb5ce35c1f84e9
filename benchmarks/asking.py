"""`python -m benchmarks.asking`: how long commands take that ask for two payments of a million, and workers.

A real Kafka with 1,000,000 payments of four weeks and their decisions, OFAC's list of ../shared/data where it
is, else a generated one of its size. Two payments of the last minutes went to a company that is designated
now. Each command is a process of its own; printed are the seconds from its start to its end, its result
included, and the CPU time it took; of a worker, to its being ready, and the CPU time of its end, too. The
first command finds no snapshot of the index and leaves one to the others. Exit code 1 when one took longer
than `--most` seconds.
"""

import argparse
import asyncio
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from confluent_kafka import Producer

from screening import Designation, Name, NameType, Screener, decode_payment
from streams.kafka.connection import ordered_producer_options
from streams.kafka.log import TopicLog
from streams.kafka.provisioning import TopicAdmin
from streams.kafka.topics import Topics
from streams.lists.log import read_list
from streams.lists.publishing import publish
from streams.offline.policies import load_policy
from streams.records.json import Origin, decision_to_json
from tests.command import say
from tests.e2e.__main__ import the_list
from tests.kafka.broker import KafkaCluster, free_ports
from tests.shared_data import SHARED_DATA

VERSOR = Designation("ofac:44521", (Name("VERSOR S.R.O.", NameType.PRIMARY),))
PARTITIONS = 4
DAYS = 27
TWO = ("P-first", "P-second")
MINUTES_AGO = 2
WINDOW = "10m"
GIVEN_UP_SECONDS = 300.0
PAYMENT = (
    b'{"id":"%b","time":"2023-08-15T09:30:00Z","amount":"12500.00","currency":"EUR","rail":"swift","parties":'
    b'[{"role":"debtor","name":"Greenfield Bakery 17","country":"GB","account":"GB33BUKB20201555555555"},'
    b'{"role":"creditor","name":"Versor s.r.o.","country":"SK","account":"SK3112000000198742637541"}],'
    b'"remittance":["INV 4711 spare parts"]}'
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One command that was run: seconds of wall and of CPU, and how it ended."""

    wall: float
    cpu: float
    exit_code: int


class Past:
    """Four weeks of payments, each with its decision, and the two that are asked for."""

    def __init__(self, bootstrap: str) -> None:
        self.bootstrap = bootstrap
        self._client = {"bootstrap.servers": bootstrap}
        self._topics = Topics()
        TopicAdmin(self._client).create(PARTITIONS)
        own = {"linger.ms": 20, "compression.type": "gzip", "queue.buffering.max.messages": 500_000}
        self._producer = Producer({**ordered_producer_options(self._client), **own})

    def publish(self, listed: Iterable[Designation]) -> None:
        client = {"bootstrap_servers": self.bootstrap}
        asyncio.run(publish(client, listed, list_name="ofac", topic=self._topics.designations))

    def fill(self, count: int) -> None:
        """The two asked for come last; decided by the list as it is on the topic."""
        start = datetime.now(UTC) - timedelta(days=DAYS)
        step = timedelta(days=DAYS - 1) / count
        screener = read_list(self._client, self._topics.designations, load_policy(None)).screener
        decision = _decision(screener, b"P-00000000", Origin(self._topics.payments, 0, 0, 0), start)
        for number in range(count - len(TWO)):
            payment_id = b"P-%08d" % number
            at = start + number * step
            self._send(self._topics.payments, payment_id, PAYMENT % payment_id, at, number % PARTITIONS)
            self._send(self._topics.decisions, payment_id, decision.replace(b"P-00000000", payment_id), at)
        self._producer.flush()
        lately = datetime.now(UTC) - timedelta(minutes=MINUTES_AGO)
        for name in TWO:
            payment_id, offset = name.encode(), self._end(0)
            self._send(self._topics.payments, payment_id, PAYMENT % payment_id, lately, 0)
            self._producer.flush()
            event = Origin(self._topics.payments, 0, offset, int(lately.timestamp() * 1000))
            self._send(
                self._topics.decisions, payment_id, _decision(screener, payment_id, event, lately), lately
            )
        self._producer.flush()

    def _end(self, partition: int) -> int:
        with TopicLog(self._client, self._topics.payments) as log:
            return log.spans()[partition].end

    def _send(self, topic: str, key: bytes, value: bytes, at: datetime, partition: int | None = None) -> None:
        more: Any = {} if partition is None else {"partition": partition}
        while True:
            try:
                self._producer.produce(topic, value, key, timestamp=int(at.timestamp() * 1000), **more)
                return
            except BufferError:
                self._producer.poll(0.1)


def _decision(screener: Screener, payment_id: bytes, event: Origin, at: datetime) -> bytes:
    (payment,) = decode_payment(PAYMENT % payment_id)
    return decision_to_json(screener.screen(payment), at, 1.0, event)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--payments", type=int, default=1_000_000)
    parser.add_argument("--most", type=float, default=5.0, help="seconds that each may take")
    parser.add_argument("--times", type=int, default=1, help="run each so often; the fastest counts")
    asked = parser.parse_args()
    with KafkaCluster() as cluster, tempfile.TemporaryDirectory() as folder:
        past, listed = Past(cluster.bootstrap), the_list()
        past.publish(listed)
        past.fill(asked.payments)
        past.publish([*listed, VERSOR])
        say(f"{asked.payments:,} payments, {len(listed) + 1:,} entries listed, {os.cpu_count()} cores")
        slow, os.environ["XDG_CACHE_HOME"] = 0, folder
        for words in commands(cluster.bootstrap, Path(folder)):
            runs = [ask(words) for _ in range(asked.times)]
            best = min(runs, key=lambda one: one.wall)
            slow += best.wall > asked.most
            report(best, words)
        port = free_ports(1)[0]
        worker = ("worker", "--broker", cluster.bootstrap, "--web-port", str(port), "--log-level", "ERROR")
        report(start(worker, f"http://127.0.0.1:{port}/ready"), worker)
    return 1 if slow else 0


def report(found: Asked, words: tuple[str, ...]) -> None:
    say(
        f"{found.wall:5.1f} s, {found.cpu:4.1f} s of CPU, exit {found.exit_code}, load "
        f"{os.getloadavg()[0]:4.1f}: interdict {' '.join(words)}"
    )


def commands(bootstrap: str, folder: Path) -> Iterator[tuple[str, ...]]:
    """What people ask about two payments, and the two pages that are shown to a supervisor."""
    proposed = folder / "proposed.toml"
    proposed.write_text("threshold = 0.9\n")
    broker = ("--broker", bootstrap)
    yield ("replay", *TWO, *broker)  # makes the snapshot
    yield ("replay", *TWO, *broker)
    yield ("replay", "--since", WINDOW, *broker)
    yield (
        "backtest",
        "--since",
        WINDOW,
        "--against",
        str(proposed),
        "--html",
        str(folder / "b.html"),
        *broker,
    )
    yield ("recheck", "--since", WINDOW, *broker)
    yield ("lookback", "--since", WINDOW, "--designation", VERSOR.id, *broker)
    if (ofac := SHARED_DATA / "ofac").is_dir():
        yield ("effectiveness", "--list", f"ofac:{ofac}", "--per-kind", "2", "--html", str(folder / "e.html"))


def ask(words: tuple[str, ...]) -> Asked:
    """One command from its start to its end."""
    started = time.monotonic()
    pid = spawn(words)
    ended = ended_of(pid)
    return Asked(time.monotonic() - started, *ended)


def start(words: tuple[str, ...], ready: str) -> Asked:
    """A worker from its start until it is ready to take payments; then it is ended."""
    started = time.monotonic()
    pid = spawn(words)
    while not answers(ready) and time.monotonic() < started + GIVEN_UP_SECONDS:
        time.sleep(0.02)
    wall = time.monotonic() - started
    os.kill(pid, signal.SIGTERM)
    return Asked(wall, *ended_of(pid))


def spawn(words: tuple[str, ...]) -> int:
    nowhere = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    command = [sys.executable, "-m", "streams", *words]
    return os.posix_spawn(command[0], command, os.environ, file_actions=nowhere)


def ended_of(pid: int) -> tuple[float, int]:
    """CPU seconds and exit code."""
    _, status, usage = os.wait4(pid, 0)
    return usage.ru_utime + usage.ru_stime, os.waitstatus_to_exitcode(status)


def answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=2):  # noqa: S310  our own worker
            return True
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
