"""`python -m benchmarks.customer_effect`: how soon a published designation is an alert on a customer.

A real Kafka, `interdict customers run` as an operator starts it, and a book of real names
(`benchmarks.customer_book`). When the whole book is proved, designations are published one by one, each with
a customer's name: the delay is from the broker's timestamp of its record to that of the last alert that names
it. `interdict customers status` then counts the book again. Exit code 1 where an alert or the proof is
missing.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

import orjson
from confluent_kafka import Producer

from benchmarks.customer_book import Source
from screening import Designation, Name, NameType
from streams.customers.status import read_status
from streams.kafka.connection import ordered_producer_options
from tests.command import say
from tests.e2e.pipeline import Pipeline
from tests.e2e.records import read_all
from tests.e2e.worker import INTERDICT, wait_until
from tests.kafka.broker import KafkaCluster

LONGEST_SECONDS = 3600.0
"""For the whole pass over the book, on a busy machine."""
WARMED = 5
"""Designations before the measured ones."""
GAP_SECONDS = 0.5
PREFIX = "effect."


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--designations", type=int, default=200)
    asked = parser.parse_args()
    source = Source()
    listed = [entry for entry in source.listed() if entry.source == "ofac"]
    say(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {len(listed):,} entries listed")
    command = (INTERDICT, "customers", "run", "--log-level", "WARNING")
    with (
        KafkaCluster() as cluster,
        tempfile.TemporaryDirectory() as folder,
        Pipeline(cluster.bootstrap, Path(folder), prefix=PREFIX, workers=1, command=command) as pipeline,
    ):
        pipeline.create_topics()
        pipeline.publish(listed)
        write(pipeline, source.customers(asked.customers, listed))
        began = time.monotonic()
        pipeline.start(seconds=LONGEST_SECONDS)
        wait_until(lambda: proved(pipeline), "the book proved", seconds=LONGEST_SECONDS)
        (service,) = pipeline.workers
        say(
            f"{asked.customers:,} customers proved after {time.monotonic() - began:,.0f} s, "
            f"{service.metric('process_cpu_seconds_total'):,.0f} s of CPU"
        )
        published = publish(pipeline, some_names(source, asked, listed))
        wait_until(lambda: proved(pipeline), "the book proved again", seconds=LONGEST_SECONDS)
        return report(pipeline, published) | status(pipeline)


def write(pipeline: Pipeline, book: Iterable[tuple[str, bytes]]) -> None:
    client = {"bootstrap.servers": pipeline.bootstrap}
    producer = Producer({**ordered_producer_options(client), "linger.ms": 20})
    for key, value in book:
        while True:
            try:
                producer.produce(pipeline.topics.customers, value, key)
                break
            except BufferError:
                producer.poll(0.1)
    producer.flush()


def proved(pipeline: Pipeline) -> bool:
    """Does every partition have a proof with the lists in force? The book is not counted for it."""
    return read_status({"bootstrap.servers": pipeline.bootstrap}, pipeline.topics, count=False).complete


def some_names(source: Source, asked: argparse.Namespace, listed: Sequence[Designation]) -> list[str]:
    """Names of so many customers, each once."""
    wanted = {*random.Random(3).sample(range(asked.customers), min(asked.customers, 2 * asked.designations))}
    names = dict.fromkeys(
        orjson.loads(value)["name"]
        for number, (_, value) in enumerate(source.customers(asked.customers, listed))
        if number in wanted
    )
    return [*islice(names, asked.designations + WARMED)]


def publish(pipeline: Pipeline, names: Iterable[str]) -> dict[str, int]:
    """The broker's time (Unix ms) of each new designation's record."""
    published = {}
    for number, name in enumerate(names):
        key = f"ofac:new-{number}"
        published[key] = pipeline.change(key, Designation(key, (Name(name, NameType.PRIMARY),)))
        time.sleep(GAP_SECONDS)
    return dict([*published.items()][WARMED:])


def report(pipeline: Pipeline, published: dict[str, int]) -> int:
    alerted: dict[str, int] = {}
    alerts = 0
    for record in read_all(pipeline.bootstrap, pipeline.topics.customer_alerts):
        for change in orjson.loads(record.value or b"{}").get("changes", ()):
            if change["designation_id"] in published:
                alerts += 1
                key = change["designation_id"]
                alerted[key] = max(record.timestamp_ms, alerted.get(key, 0))
    delays = sorted(alerted[key] - at for key, at in published.items() if key in alerted)
    if delays:
        p50, p99 = (delays[min(len(delays) - 1, len(delays) * percent // 100)] for percent in (50, 99))
        say(
            f"{len(delays)} designations, {alerts} alerts: p50 {p50:,} ms, p99 {p99:,} ms, "
            f"at most {delays[-1]:,} ms; load {os.getloadavg()[0]:.1f}"
        )
    for key in published.keys() - alerted.keys():
        say(f"{key}: no alert")
    return int(published.keys() != alerted.keys())


def status(pipeline: Pipeline) -> int:
    """The proof, as an operator asks for it."""
    command = (INTERDICT, "customers", "status", "--broker", pipeline.bootstrap, "--prefix", PREFIX)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    say(done.stdout.strip() or done.stderr.strip())
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
