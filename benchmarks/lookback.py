"""How long a lookback over a month of payments takes, and what the live payments notice of it.

    python -m benchmarks.lookback --payments 1000000

A real Kafka and a real worker on this machine, live payments at a steady rate; then Versor is designated and
`interdict lookback` runs. Live latency is from a payment's Kafka timestamp to its decision's.
"""

import argparse
import asyncio
import json
import os
import platform
import random
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import quantiles
from typing import Any

import orjson
from confluent_kafka import Producer

from screening import Designation, Name, NameType
from streams.kafka.log import TopicLog
from streams.kafka.provisioning import TopicAdmin
from streams.kafka.topics import Topics
from streams.lists.publishing import publish
from tests.kafka.broker import KafkaCluster
from tests.screening.random_payments import Chance

VERSOR = Designation("ofac:44521", (Name("VERSOR S.R.O.", NameType.PRIMARY),))
LISTED = 9_418  # as many as OFAC's two lists have
ONE_IN = 5_000  # payments that go to Versor
DAYS = 27
PARTITIONS = 4
PHASE_SECONDS = 15


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--payments", type=int, default=1_000_000)
    arguments.add_argument("--live", type=int, default=200, help="live payments per second")
    given = arguments.parse_args()
    with KafkaCluster() as cluster:
        Benchmark(cluster.bootstrap, given.payments, given.live).run()


class Benchmark:
    def __init__(self, bootstrap: str, payments: int, live: int) -> None:
        self._bootstrap = bootstrap
        self._client = {"bootstrap.servers": bootstrap}
        self._topics = Topics()
        self._payments = payments
        self._live = live
        self._chance = Chance(1)
        self._random = random.Random(1)

    def run(self) -> None:
        TopicAdmin(self._client).create(PARTITIONS)
        listed = [self._chance.designation(number) for number in range(LISTED)]
        self._publish(listed)
        self._fill()
        worker = self._worker()
        sent = threading.Thread(target=self._pay_live, daemon=True)
        try:
            started = time.time()
            sent.start()
            while not self._decided_since(started):
                time.sleep(1)
            time.sleep(PHASE_SECONDS)  # what waited for the worker is decided by then
            marks = [time.time()]
            time.sleep(PHASE_SECONDS)
            self._publish([*listed, VERSOR])
            marks.append(time.time())
            report, first_alert, cpu = self._look_back()
            marks.append(time.time())
            time.sleep(PHASE_SECONDS)
            marks.append(time.time())
        finally:
            worker.terminate()
            worker.wait()
        self._print(report, first_alert, cpu, self._latencies(marks))

    def _publish(self, listed: Iterable[Designation]) -> None:
        client = {"bootstrap_servers": self._bootstrap}
        asyncio.run(publish(client, listed, list_name="ofac", topic=self._topics.designations))

    def _event(self, number: int) -> tuple[str, bytes]:
        creditor = "Versor s.r.o." if number % ONE_IN == 0 else self._chance.name()[0]
        payment_id = f"P-{number:08d}"
        event = {
            "id": payment_id,
            "time": "2023-08-15T09:30:00Z",
            "amount": f"{self._random.randrange(100, 999_999) / 100:.2f}",
            "currency": "EUR",
            "rail": "swift",
            "status": "pending" if number > self._payments * 0.98 else "settled",
            "parties": [
                {"role": "debtor", "name": self._chance.name()[0], "country": "GB"},
                {"role": "creditor", "name": creditor, "country": "SK", "account": f"SK{number:022d}"},
            ],
            "remittance": [f"INV {self._random.randrange(9999)} spare parts"],
        }
        return payment_id, orjson.dumps(event)

    def _fill(self) -> None:
        """A month of payments, and a decision for each that is as large as a clear one."""
        own = {"linger.ms": 20, "compression.type": "gzip", "enable.idempotence": True}
        producer = Producer({**self._client, **own})
        start = datetime.now(UTC) - timedelta(days=DAYS)
        step = timedelta(days=DAYS) / self._payments
        for number in range(self._payments):
            payment_id, raw = self._event(number)
            at = start + number * step
            decision = orjson.dumps(
                {
                    "decision_id": f"{number:032x}",
                    "payment_id": payment_id,
                    "outcome": "clear",
                    "screened_at": at.isoformat(),
                    "latency_ms": 1.0,
                    "list": {"ofac": {"version": "v", "entries": LISTED, "sha256": "0" * 64}},
                    "policy": "0" * 64,
                    "matcher": "1.0.0",
                    "trigger": "payment",
                    "hits": [],
                }
            )
            for topic, value in ((self._topics.payments, raw), (self._topics.decisions, decision)):
                while True:
                    try:
                        producer.produce(
                            topic,
                            value,
                            payment_id.encode(),
                            partition=number % PARTITIONS,
                            timestamp=int(at.timestamp() * 1000),
                        )
                        break
                    except BufferError:
                        producer.poll(0.1)
        producer.flush()
        with TopicLog(self._client, self._topics.payments, "interdict") as log:  # the worker begins here
            log.note({span.partition: span.end for span in log.spans()})

    def _worker(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "streams", "worker", "--broker", self._bootstrap, "--web-port", "0"]
        return subprocess.Popen(command, stderr=subprocess.DEVNULL)

    def _pay_live(self) -> None:
        producer = Producer({**self._client, "linger.ms": 1, "log_level": 2})
        due = time.time()
        for number in range(self._payments + 1, 2 * self._payments + 100_000):
            if number % ONE_IN == 0:
                continue
            payment_id, raw = self._event(number)
            producer.produce(self._topics.payments, raw, payment_id.encode())
            producer.poll(0)
            due += 1 / self._live
            time.sleep(max(0.0, due - time.time()))

    def _decided_since(self, moment: float) -> bool:
        with TopicLog(self._client, self._topics.decisions) as log:
            return any(len(span) for span in log.spans(moment))

    def _look_back(self) -> tuple[dict[str, Any], float, float]:
        flags = ["--broker", self._bootstrap, "--since", "30d", "--designation", VERSOR.id, "--json"]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.time()
        done = subprocess.run(
            [sys.executable, "-m", "streams", "lookback", *flags], stdout=subprocess.PIPE, check=True
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        with TopicLog(self._client, self._topics.alerts) as log:
            first = min(
                record.time
                for record in log.read_all(log.spans(started - 1))
                if orjson.loads(record.value or b"")["trigger"] == "lookback"
            )
        return json.loads(done.stdout), first - started, cpu

    def _latencies(self, marks: list[float]) -> list[list[float]]:
        """Milliseconds of live payments in the phases between the marks."""
        sent: dict[bytes, float] = {}
        with TopicLog(self._client, self._topics.payments) as log:
            for record in log.read_all(log.spans(marks[0])):
                sent[record.key] = record.time
        phases: list[list[float]] = [[] for _ in marks[1:]]
        with TopicLog(self._client, self._topics.decisions) as log:
            for record in log.read_all(log.spans(marks[0])):
                at = sent.get(record.key)
                if at is None:
                    continue
                for phase, (begins, ends) in enumerate(pairwise(marks)):
                    if begins <= at < ends:
                        phases[phase].append((record.time - at) * 1000)
        return phases

    def _print(
        self, report: dict[str, Any], first_alert: float, cpu: float, phases: list[list[float]]
    ) -> None:
        print(f"{platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}")
        print(
            f"lookback: {report['payments']:,} payments, {report['alerts']} alerts in "
            f"{report['seconds']:.1f} s, {cpu:.1f} s of CPU, first alert after {first_alert:.1f} s"
        )
        for name, milliseconds in zip(("before", "during", "after"), phases, strict=True):
            if len(milliseconds) < 100:
                print(f"live {name}: {len(milliseconds)} payments decided; this machine is too busy")
                continue
            cuts = quantiles(milliseconds, n=100)
            print(f"live {name}: {len(milliseconds)} payments, p50 {cuts[49]:.0f} ms, p99 {cuts[98]:.0f} ms")


if __name__ == "__main__":
    main()
