"""Writes list records by hand, so that tests of the reading side do not rest on the publisher."""

from types import TracebackType
from typing import Self

import orjson
from aiokafka import AIOKafkaProducer

from screening import Designation, Name, NameType
from screening.completeness import ListDigest
from streams.records.json import designation_to_json


def designation(uid: str, name: str) -> Designation:
    return Designation(id=f"ofac:{uid}", names=(Name(name, NameType.PRIMARY),))


class ListTopic:
    """A list topic under test: entries, delistings, markers, and deliberate damage."""

    def __init__(self, bootstrap: str, topic: str = "designations") -> None:
        self._producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all")
        self._topic = topic
        self._entries: dict[str, bytes] = {}

    async def __aenter__(self) -> Self:
        await self._producer.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del kind, error, trace
        await self._producer.stop()

    async def entry(self, uid: str, name: str) -> int:
        """One designation; returns its offset."""
        listed = designation(uid, name)
        self._entries[listed.id] = designation_to_json(listed)
        return await self.raw(listed.id, self._entries[listed.id])

    async def delist(self, uid: str) -> int:
        self._entries.pop(f"ofac:{uid}", None)
        return await self.raw(f"ofac:{uid}", None)

    async def commit(self, version: str = "v1", *, missing: int = 0) -> int:
        """A commit marker over the entries so far; `missing` makes it promise more than there are."""
        digest = ListDigest()
        for key, value in self._entries.items():
            digest.add(key.encode(), value)
        return await self._marker("commit", version, digest.count + missing, digest.sha256)

    async def begin(self, version: str) -> int:
        return await self._marker("begin", version, 0, "")

    async def _marker(self, kind: str, version: str, count: int, sha256: str) -> int:
        marker = {
            "marker": kind,
            "list": "ofac",
            "version": version,
            "count": count,
            "sha256": sha256,
            "published_at": "2023-08-16T14:00:00+00:00",
        }
        return await self.raw(f"ofac:@{kind}", orjson.dumps(marker))

    async def raw(self, key: str, value: bytes | None) -> int:
        sent = await self._producer.send_and_wait(self._topic, value, key=key.encode())
        offset: int = sent.offset
        return offset
