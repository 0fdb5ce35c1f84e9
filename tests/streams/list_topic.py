"""Writes list records by hand, so that tests of the reading side do not rest on the publisher."""

from collections.abc import Mapping
from types import TracebackType
from typing import Self

import orjson
from aiokafka import AIOKafkaProducer

from screening import Designation, Name, NameType
from screening.ledger import ListDigest
from streams.records.designations import PUBLICATION
from streams.records.json import designation_to_json


def designation(uid: str, name: str) -> Designation:
    return Designation(id=f"ofac:{uid}", names=(Name(name, NameType.PRIMARY),))


class ListTopic:
    """A list topic under test: entries, delistings, markers, and deliberate damage."""

    def __init__(self, bootstrap: str, topic: str = "designations") -> None:
        self._producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all")
        self._topic = topic
        self._entries: dict[str, bytes] = {}
        self._begun = 0
        self.publication = ""
        """What records say they belong to; empty: to no publication."""

    async def __aenter__(self) -> Self:
        await self._producer.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del kind, error, trace
        await self._producer.stop()

    async def designate(self, uid: str, name: str) -> int:
        """One designation as a publication of its own; returns the offset of its commit."""
        await self.begin("more")
        await self.entry(uid, name)
        return await self.commit("more")

    async def entry(self, uid: str, name: str) -> int:
        """One designation, in force with the next commit; returns its offset."""
        listed = designation(uid, name)
        self._entries[listed.id] = designation_to_json(listed)
        return await self.raw(listed.id, self._entries[listed.id])

    async def delist(self, uid: str) -> int:
        self._entries.pop(f"ofac:{uid}", None)
        return await self.raw(f"ofac:{uid}", None)

    async def broken(self, uid: str) -> int:
        """An entry that nobody can read, as a defect of a publisher would write it."""
        self._entries[f"ofac:{uid}"] = b"{not json"
        return await self.raw(f"ofac:{uid}", b"{not json")

    async def commit(self, version: str = "v1", *, missing: int = 0) -> int:
        """A commit marker over the entries so far; `missing` makes it promise more than there are."""
        digest = ListDigest()
        for key, value in self._entries.items():
            digest.add(key.encode(), value)
        offset = await self._marker("commit", version, digest.count + missing, digest.sha256)
        self.publication = ""
        return offset

    async def begin(self, version: str, publication: str = "") -> int:
        """What is written from here on belongs to this publication."""
        self._begun += 1
        self.publication = publication or f"publication-{self._begun}"
        return await self._marker("begin", version, 0, "")

    async def marker(self, source: str, kind: str, entries: Mapping[str, Designation]) -> int:
        """A marker of another list, over these entries."""
        digest = ListDigest()
        for key, value in entries.items():
            digest.add(key.encode(), designation_to_json(value))
        return await self._marker(kind, "v1", digest.count, digest.sha256, source)

    async def _marker(self, kind: str, version: str, count: int, sha256: str, source: str = "ofac") -> int:
        marker = {
            "marker": kind,
            "list": source,
            "version": version,
            "count": count,
            "sha256": sha256,
            "run": self.publication,
            "published_at": "2023-08-16T14:00:00+00:00",
        }
        return await self.raw(f"{source}:@{kind}", orjson.dumps(marker))

    async def raw(self, key: str, value: bytes | None) -> int:
        headers = [(PUBLICATION, self.publication.encode())] if self.publication else []
        sent = await self._producer.send_and_wait(self._topic, value, key=key.encode(), headers=headers)
        offset: int = sent.offset
        return offset
