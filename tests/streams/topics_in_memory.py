"""Topics that stand in memory, for commands that read them whole: no broker, and any time a test wants."""

import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from streams.kafka.acknowledged import Acknowledged
from streams.kafka.log import NO_GROUP, READ_AHEAD_KIB, Record, Span, TopicLog
from streams.records.json import CONTENT_TYPE


@dataclass
class TopicsInMemory:
    """What stands on each topic, in one partition, and what was sent and acknowledged since."""

    records: dict[str, list[Record]] = field(default_factory=dict)
    sent: list[tuple[str, str, bytes | None]] = field(default_factory=list)
    sent_at: list[int | None] = field(default_factory=list)
    """As of when each was sent (milliseconds of Unix time); None is now."""
    servers: set[str] = field(default_factory=set)
    """The addresses that were asked."""
    noted: dict[tuple[str, str], dict[int, tuple[int, str]]] = field(default_factory=dict)
    """How far each group has come in a topic, by partition, and its word."""
    coming: dict[str, list[tuple[str, bytes, float]]] = field(default_factory=dict)
    """Key, value and time of records that come once somebody follows their topic."""

    def put(
        self,
        topic: str,
        key: str,
        value: bytes | None,
        at: float = 0.0,
        headers: Sequence[tuple[str, bytes | None]] = (),
    ) -> None:
        held = self.records.setdefault(topic, [])
        held.append(Record(len(held), at, key.encode(), value, dict(headers), tuple(headers)))

    def stand_in(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """For every module of ours that reads a topic whole, or writes one record at a time."""
        world = self

        class Writer:
            def __init__(self, client: Mapping[str, Any]) -> None:
                world.servers.add(client["bootstrap.servers"])
                self._under_way: list[tuple[str, str, bytes | None]] = []

            def __enter__(self) -> "Writer":
                return self

            def __exit__(self, *error: object) -> None:
                assert not self._under_way

            def send(
                self, topic: str, key: bytes, value: bytes | None, headers: Any, *, at_ms: int | None = None
            ) -> None:
                assert list(headers) == [CONTENT_TYPE]
                world.sent_at.append(at_ms)
                self._under_way.append((topic, key.decode(), value))

            def delivered(self) -> None:
                world.sent += self._under_way
                self._under_way.clear()

        for module in [held for name, held in sys.modules.items() if name.startswith("streams.")]:
            for name, real, stand_in in (
                ("TopicLog", TopicLog, partial(LogInMemory, self)),
                ("Acknowledged", Acknowledged, Writer),
            ):
                if getattr(module, name, None) is real and module.__name__ != real.__module__:
                    monkeypatch.setattr(module, name, stand_in)


class LogInMemory(TopicLog):
    """A log of what stands in memory; `test_topics_in_memory` holds it to a real one's answers.

    Only what asks the broker is another: the rest is `TopicLog`'s own.
    """

    def __init__(
        self,
        world: TopicsInMemory,
        client: Mapping[str, Any],
        topic: str,
        group: str | None = None,
        read_ahead_kib: int = READ_AHEAD_KIB,
    ) -> None:
        del read_ahead_kib
        self.topic, self._group, self._world = topic, group or NO_GROUP, world
        world.servers.add(client["bootstrap.servers"])
        self._held = world.records.setdefault(topic, [])

    def close(self) -> None:
        """Nothing is held."""

    def partitions(self) -> list[int]:
        return [0]

    @property
    def embedded(self) -> bool:
        return False

    def _span(self, partition: int) -> Span:
        return Span(partition, 0, len(self._held))

    def _offsets_at(self, moment: float, spans: Iterable[Span]) -> dict[int, int]:
        later = (record.offset for record in self._held if record.time >= int(moment * 1000) / 1000)
        return {span.partition: next(later, span.end) for span in spans}

    def read(self, span: Span) -> Iterator[Record]:
        return iter(self._held[span.first : span.end])

    def read_keys(self, span: Span, keys: Collection[bytes]) -> Iterator[Record]:
        return (record for record in self.read(span) if record.key in keys)

    def follow_all(self, firsts: Mapping[int, int]) -> Iterator[Record | None]:
        """It ends with the last of what comes, where a real one goes on."""
        yield from self._held[firsts[0] :]
        yield None
        for key, value, at in self._world.coming.pop(self.topic, ()):
            self._world.put(self.topic, key, value, at)
            yield self._held[-1]

    def noted(self) -> dict[int, tuple[int, str]]:
        return self._world.noted.get((self._group, self.topic), {})

    def note(self, offsets: Mapping[int, int], word: str = "") -> None:
        self._world.noted[self._group, self.topic] = {at: (offset, word) for at, offset in offsets.items()}
