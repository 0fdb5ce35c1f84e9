"""Topics, a published list, workers and a stream of payments, for as long as a `with` block lasts."""

import asyncio
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import orjson
from confluent_kafka import KafkaError, Message
from confluent_kafka.admin import AdminClient

from screening import Designation
from streams.kafka.provisioning import TopicAdmin
from streams.kafka.topics import USUAL, Topics, TopicSpec
from streams.lists.publishing import Published, publish
from streams.resource import Resource
from tests.e2e.list_writer import ListWriter
from tests.e2e.records import TIMEOUT_SECONDS, count, producer, uncommitted
from tests.e2e.worker import INTERDICT, PATIENCE_SECONDS, WorkerProcess, wait_until

PARTITIONS = 4


class Pipeline(Resource):
    """Everything around the workers under one topic prefix."""

    def __init__(
        self,
        bootstrap: str,
        folder: Path,
        *,
        prefix: str,
        workers: int = 2,
        partitions: int = PARTITIONS,
        settings: Mapping[str, str] | None = None,
        command: Sequence[str] = (INTERDICT, "worker"),
    ) -> None:
        self.bootstrap = bootstrap
        self._command = command
        self.topics = Topics(prefix)
        self._prefix = prefix
        self._partitions = partitions
        self._list_writer = ListWriter(bootstrap, self.topics.designations)
        self._folder = folder
        self._settings = settings
        self.workers = [self.new_worker(f"worker-{number}") for number in range(1, workers + 1)]

    def new_worker(self, name: str) -> WorkerProcess:
        """One more of the group, not started and not among `workers`."""
        return WorkerProcess(
            name,
            self.bootstrap,
            self._folder,
            prefix=self._prefix,
            settings=self._settings,
            command=self._command,
        )

    @property
    def group(self) -> str:
        """The workers' consumer group."""
        return f"{self._prefix}workers"

    def create_topics(self) -> None:
        TopicAdmin({"bootstrap.servers": self.bootstrap}, self._prefix).create(self._partitions)

    def delete_topics(self, specs: Iterable[TopicSpec] = USUAL) -> None:
        """The broker's disk is for the next pipeline."""
        # kept: its futures end with it
        admin = AdminClient({"bootstrap.servers": self.bootstrap, "log_level": 0})
        for deleted in admin.delete_topics([name for name, _ in self.topics.partitions(1, specs)]).values():
            deleted.result()

    def publish(
        self, designations: Iterable[Designation], *, max_shrink: float = 0.1, source_date: str = ""
    ) -> Published:
        """As `interdict lists publish` does: the difference, between markers."""
        listed = list(designations)
        client = {"bootstrap_servers": self.bootstrap}
        published = asyncio.run(
            publish(
                client,
                listed,
                list_name=listed[0].source,
                topic=self.topics.designations,
                max_shrink=max_shrink,
                source_date=source_date,
            )
        )
        if listed[0].source == "ofac":
            self._list_writer.hold(listed)
        return published

    def start(self, *, seconds: float = PATIENCE_SECONDS) -> None:
        """Start the workers and wait until each is ready."""
        for worker in self.workers:
            worker.start()
        for worker in self.workers:
            worker.wait_until_ready(seconds=seconds)

    def stop(self) -> None:
        for worker in self.workers:
            worker.resume()
            worker.terminate()
        for worker in self.workers:
            worker.wait()

    def decided(self) -> int:
        """Decisions so far, repeated ones included."""
        return count(self.bootstrap, self.topics.decisions)

    def wait_for_decisions(self, number: int, *, seconds: float = PATIENCE_SECONDS) -> float:
        """Returns the seconds it took."""
        return wait_until(
            lambda: self.decided() >= number,
            f"{number} decisions",
            seconds=seconds,
            told=self._told,
        )

    def settle(self, *, seconds: float = PATIENCE_SECONDS) -> float:
        """Wait until every payment on the topic is decided and committed; returns the seconds it took."""
        return wait_until(
            lambda: self.waiting() == 0, "every payment committed", seconds=seconds, told=self._told
        )

    def waiting(self, until: dict[int, int] | None = None) -> int:
        """Payments on the topic (`until` these ends) that no worker has committed."""
        return uncommitted(self.bootstrap, self.topics.payments, self.group, until)

    def _told(self) -> str:
        workers = "\n".join(f"{worker.name}: {worker.told()}" for worker in self.workers)
        return f"{self.decided()} decisions, {self.waiting()} payments not committed\n{workers}"

    def change(self, key: str, designation: Designation | None) -> int:
        """One entry of the list is in force, or off it; returns the broker's timestamp of that, Unix ms."""
        return self._list_writer.change(key, designation)

    def close(self) -> None:
        self.stop()


class NewPipeline(Protocol):
    """Makes a pipeline with its topics and a published list; its workers are not started."""

    def __call__(self, listed: Sequence[Designation], **options: Any) -> Pipeline: ...


class PaymentEvent(Protocol):
    """What is sent: the payment's id, which is its key, and the event."""

    @property
    def id(self) -> str: ...

    @property
    def value(self) -> bytes: ...


class PaymentFeed(threading.Thread):
    """Sends payments at `rate` a second (None: as fast as it goes) and knows what was acknowledged."""

    def __init__(
        self, bootstrap: str, topic: str, payments: Iterable[PaymentEvent], rate: float | None = None
    ) -> None:
        super().__init__(name="payments", daemon=True)
        self.sent = 0
        self._payments = payments
        self._topic = topic
        self._rate = rate
        self._identified = False
        self._producer = producer(bootstrap, **{"statistics.interval.ms": 100, "stats_cb": self._look})
        self._get_ready()
        self._refused: list[KafkaError] = []

    def run(self) -> None:
        started = time.monotonic()
        for number, payment in enumerate(self._payments):
            if self._rate is not None and (ahead := started + number / self._rate - time.monotonic()) > 0:
                self._producer.poll(0)
                time.sleep(ahead)
            self._send(payment)
        self._producer.flush()

    def _get_ready(self) -> None:
        """Asked for by the first payments, leader and producer id would hold them for half a second each."""
        self._producer.list_topics(self._topic, timeout=TIMEOUT_SECONDS)
        wait_until(self._has_its_id, "the producer has its id", seconds=4 * TIMEOUT_SECONDS)

    def _has_its_id(self) -> bool:
        self._producer.poll(0)
        return self._identified

    def _look(self, statistics: str) -> None:
        """librdkafka says in its statistics alone whether an idempotent producer has its id."""
        if not self._identified:
            self._identified = orjson.loads(statistics)["eos"]["idemp_state"] == "Assigned"

    def hurry(self) -> None:
        """What is left goes out as fast as the broker takes it."""
        self._rate = None

    def _send(self, payment: PaymentEvent) -> None:
        headers: list[tuple[str, str | bytes | None]] = [("content-type", b"application/json")]
        while True:
            try:
                self._producer.produce(
                    self._topic, payment.value, payment.id.encode(), headers=headers, on_delivery=self._told
                )
                return
            except BufferError:  # the broker is away and the buffer full: wait as any platform would
                self._producer.poll(0.1)

    def _told(self, error: KafkaError | None, message: Message) -> None:
        del message
        if error is None:
            self.sent += 1
        else:
            self._refused.append(error)

    def finish(self) -> None:
        """Wait until every payment is acknowledged. Raises when the broker refused one."""
        self.join()
        if self._refused:
            raise RuntimeError(f"{len(self._refused)} payments were refused: {self._refused[0]}")
