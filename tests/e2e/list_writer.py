"""Single designations and delistings, each a publication of its own, with a client of another kind."""

import time
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime

import orjson
from confluent_kafka import KafkaError, KafkaException, Message, Producer

from screening import Designation
from screening.ledger import ListDigest
from streams.kafka.rights import claim_on
from streams.records.json import designation_to_json

PATIENCE_SECONDS = 120.0


class ListWriter:
    """Keeps what one list holds, to say with each change what the whole list is."""

    def __init__(self, bootstrap: str, topic: str, source: str = "ofac") -> None:
        self._bootstrap = bootstrap
        self._topic = topic
        self._source = source
        self._entries: dict[str, bytes] = {}
        self._digest = ListDigest()
        self._producer: Producer | None = None
        self._stamped = 0

    def hold(self, listed: Iterable[Designation]) -> None:
        """The list as somebody else has just published it."""
        self._entries, self._digest = {}, ListDigest()
        for one in listed:
            self._set(one.id, designation_to_json(one))

    def change(self, key: str, designation: Designation | None) -> int:
        """One entry listed or taken off; returns the broker's timestamp of its commit, Unix ms.

        Tries until it is in force, as a publisher does that is started again.
        """
        value = designation_to_json(designation) if designation else None
        self._set(key, value)
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                self._publish(key, value)
                return self._stamped
            except KafkaException:
                self._producer = None  # a new one ends what this one has begun
                if time.monotonic() > give_up_at:
                    raise

    def _set(self, key: str, value: bytes | None) -> None:
        before = self._entries.pop(key, None)
        if before is not None:
            self._digest.remove(key.encode(), before)
        if value is not None:
            self._entries[key] = value
            self._digest.add(key.encode(), value)

    def _publish(self, key: str, value: bytes | None) -> None:
        if self._producer is None:
            own = {"transactional.id": claim_on(self._topic), "linger.ms": 0, "log_level": 0}
            self._producer = Producer({"bootstrap.servers": self._bootstrap, **own})
            self._producer.init_transactions(30)
        publication = uuid.uuid4().hex
        self._producer.begin_transaction()
        self._send(f"{self._source}:@begin", self._marker("begin", publication), publication)
        self._send(key, value, publication)
        self._send(f"{self._source}:@commit", self._marker("commit", publication), publication)
        self._producer.commit_transaction(30)

    def _send(self, key: str, value: bytes | None, publication: str) -> None:
        assert self._producer
        self._producer.produce(
            self._topic,
            value,
            key.encode(),
            headers=[("interdict.publication", publication.encode())],
            partition=0,
            on_delivery=self._told,
        )

    def _told(self, error: KafkaError | None, message: Message) -> None:
        if error is None:
            self._stamped = message.timestamp()[1]

    def _marker(self, kind: str, publication: str) -> bytes:
        return orjson.dumps(
            {
                "marker": kind,
                "list": self._source,
                "version": self._digest.sha256[:12],
                "count": self._digest.count,
                "sha256": self._digest.sha256,
                "run": publication,
                "published_at": datetime.now(UTC).isoformat(),
            }
        )
