"""`python -m benchmarks.console`: how fast the console searches, and whether its lists lose an alert.

On a real Kafka, over the console's own HTTP: searches over so many decisions as workers write them; the work
list over so many open alerts; and alerts at a rate, followed as the page does: what came since every two
seconds, and what was left out between.
"""

import argparse
import asyncio
import os
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import aiohttp
import orjson
from confluent_kafka import Producer

from config.settings import load_settings
from screening import Designation, Name, NameType, Policy, Screener, decode_payment
from streams.console.opening import console_of
from streams.console.standalone import ConsoleServer
from streams.kafka.provisioning import TopicAdmin
from streams.kafka.topics import Topics
from streams.records.json import alert_to_json, decision_to_json
from tests.command import say
from tests.kafka.broker import KafkaCluster

PARTITIONS = 8
TOPICS = Topics()
POLL_SECONDS = 2.0
PAGE = 200
LISTS = ("ofac", "un", "eu", "uk")
WORDS = ("PAY-{middle}", "PAY-{oldest}", "nosuchname", "Müller gesellschaft", "clear nosuch")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--decisions", type=int, default=1_000_000)
    parser.add_argument("--open", type=int, default=200_000, help="alerts that nobody has answered")
    parser.add_argument("--rate", type=int, default=200, help="alerts a second")
    parser.add_argument("--seconds", type=int, default=600, help="for so long")
    asked = parser.parse_args()
    say(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with KafkaCluster() as cluster:
        TopicAdmin({"bootstrap.servers": cluster.bootstrap}, "").create(PARTITIONS)
        asyncio.run(measure(cluster.bootstrap, asked))


async def measure(bootstrap: str, asked: argparse.Namespace) -> None:
    decision, alert = records()
    async with console(bootstrap) as client:
        if asked.decisions:
            await asyncio.to_thread(write, bootstrap, decision, asked.decisions)
            await search(client, asked.decisions)
        if asked.open:
            await asyncio.to_thread(write_open, bootstrap, alert, asked.open)
            await work(client)
        if asked.seconds:
            await follow(client, bootstrap, alert, asked.rate, asked.seconds)


def records() -> tuple[bytes, bytes]:
    """A clear decision and an alert, as a worker writes them, of the payment PAY-000000000."""
    screener = Screener(Policy())
    screener.upsert(Designation("ofac:1", (Name("Ashot MKRTYCHEV", NameType.PRIMARY),), programs=("DPRK",)))
    at = datetime.now(UTC)
    made = []
    for name in ("Nordic Timber AB", "Ashot Mkrtychev"):
        parties = [{"role": "debtor", "name": "Acme Ltd"}, {"role": "creditor", "name": name}]
        event = {"id": "PAY-000000000", "amount": "12500.00", "currency": "USD", "rail": "swift"}
        (payment,) = decode_payment(orjson.dumps({**event, "parties": parties}))
        made.append((payment, screener.screen(payment)))
    state = {name: {"version": "2026-11-27", "entries": 17_000, "sha256": "ab" * 32} for name in LISTS}
    clear = orjson.loads(decision_to_json(made[0][1], at, 3.1)) | {"list": state | {"offsets": {"0": 18231}}}
    return orjson.dumps(clear), alert_to_json(made[1][1], made[1][0], at, 3.1)


def write(bootstrap: str, decision: bytes, count: int) -> None:
    """Decisions of many payments, each with ids of its own, in compressed batches as a worker sends them."""
    own = orjson.loads(decision)["decision_id"].encode()
    producer = Producer(
        {
            "bootstrap.servers": bootstrap,
            "compression.type": "zstd",
            "linger.ms": 20,
            "batch.num.messages": 500,
        }
    )
    chance, start = random.Random(1), time.time() - count / 100
    for number in range(count):
        value = decision.replace(own, b"%032x" % chance.getrandbits(128)).replace(
            b"000000000", b"%09d" % number
        )
        key, at_ms = b"PAY-%09d" % number, int((start + number / 100) * 1000)
        while True:
            try:
                producer.produce(TOPICS.decisions, value, key, timestamp=at_ms)
                break
            except BufferError:
                producer.poll(0.1)
    assert producer.flush(120) == 0
    say(f"{count:,} decisions of {len(decision)} bytes")


async def search(client: aiohttp.ClientSession, count: int) -> None:
    for words in WORDS:
        text = words.format(middle=f"{count // 2:09d}", oldest=f"{0:09d}")
        cpu = time.process_time()
        seconds, found = await timed(client, {"in": "decisions", "q": text})
        cpu = time.process_time() - cpu
        looked = found["looked"]
        back = (
            "all" if looked["back_to"] is None else f"{datetime.fromtimestamp(looked['back_to'], UTC):%F %T}"
        )
        say(
            f"{text!r}: {len(found['records'])} found in {seconds:.2f} s ({cpu:.2f} s of CPU), looked at "
            f"{looked['records']:,} of {looked['of']:,}: {back}"
        )
        rounds = 0
        while found["next"]:
            rounds += 1
            _, found = await timed(client, {"in": "decisions", "q": text, "until": found["next"]})
        if rounds:
            say(f"    and to the beginning in {rounds} more")


def write_open(bootstrap: str, alert: bytes, count: int) -> None:
    """Alerts of a thousand pairs, each with ids of its own; the first one's pair has no other."""
    (hit,) = orjson.loads(alert)["hits"]
    own, party = hit["alert_id"].encode(), hit["fingerprint"].encode()
    producer = Producer({"bootstrap.servers": bootstrap, "compression.type": "zstd", "linger.ms": 20})
    for number in range(count):
        value = alert.replace(own, b"%032x" % number).replace(b"000000000", b"%09d" % number)
        value = value.replace(party, b"%032x" % (1 + number % 1000 if number else 0))
        producer.produce(TOPICS.alerts, value, b"PAY-%09d" % number)
        producer.poll(0 if number % 1000 else 0.1)
    assert producer.flush(120) == 0
    say(f"{count:,} open alerts of {len(alert)} bytes")


async def work(client: aiohttp.ClientSession) -> None:
    for _ in range(20):
        cpu, began = time.process_time(), time.perf_counter()
        async with client.get("/desk/work", params={"by": "age"}) as answer:
            told = await answer.json()
        say(
            f"work list in {time.perf_counter() - began:.2f} s ({time.process_time() - cpu:.2f} s of CPU): "
            f"{told['alerts']:,} alerts held, {told['not_held']:,} more, {told['behind']:,} still to be read"
        )
        if not told["behind"]:
            break
    oldest = told["pairs"][0]
    say(f"the oldest is {oldest['payment_id']}")


async def timed(client: aiohttp.ClientSession, asked: dict[str, str]) -> tuple[float, dict[str, Any]]:
    began = time.perf_counter()
    async with client.get("/desk/records", params=asked) as answer:
        found: dict[str, Any] = await answer.json()
        assert answer.status == 200, found
    return time.perf_counter() - began, found


async def follow(
    client: aiohttp.ClientSession, bootstrap: str, alert: bytes, rate: int, seconds: int
) -> None:
    sending = asyncio.create_task(asyncio.to_thread(send, bootstrap, alert, rate, seconds))
    _, first = await timed(client, {"limit": "50"})
    seen, slowest, ends = sent_now(first), 0.0, first["ends"]
    while True:
        over = sending.done()
        took, since = await timed(client, {"after": ends, "limit": str(PAGE)})
        slowest = max(slowest, took)
        seen += sent_now(since)
        left = since["next"]
        while left:  # what the page says it does not show, shown
            _, more = await timed(client, {"after": ends, "until": left, "limit": str(PAGE)})
            seen += sent_now(more)
            left = more["next"]
        ends = since["ends"]
        if over:
            break
        await asyncio.sleep(POLL_SECONDS)
    sent = await sending
    say(
        f"{sent:,} alerts in {seconds} s: {len(set(seen)):,} seen, {sent - len(set(seen))} lost, "
        f"{len(seen) - len(set(seen))} twice, slowest answer {slowest:.2f} s"
    )


def sent_now(answer: dict[str, Any]) -> list[str]:
    """The keys of an answer's alerts, without those of the work list before."""
    return [record["key"] for record in answer["records"] if record["key"].startswith("NEW-")]


def send(bootstrap: str, alert: bytes, rate: int, seconds: int) -> int:
    producer = Producer(
        {
            "bootstrap.servers": bootstrap,
            "compression.type": "zstd",
            "linger.ms": 5,
            "enable.idempotence": True,  # one that is sent again stands on the topic once
        }
    )
    began, sent = time.monotonic(), 0
    for sent in range(rate * seconds):
        key = b"NEW-%09d" % sent
        producer.produce(TOPICS.alerts, alert.replace(b"PAY-000000000", key), key)
        producer.poll(0)
        time.sleep(max(0.0, began + sent / rate - time.monotonic()))
    assert producer.flush(60) == 0
    return sent + 1


@asynccontextmanager
async def console(bootstrap: str) -> AsyncIterator[aiohttp.ClientSession]:
    settings = load_settings(broker=bootstrap)
    server = ConsoleServer("127.0.0.1", 0, console_of(settings, ()))
    async with server, aiohttp.ClientSession(server.url) as client:
        for _ in range(100):  # topics that were made just now have no leader yet
            if not await server.reasons():
                break
            await asyncio.sleep(0.2)
        yield client


if __name__ == "__main__":
    main()
