"""Topics that stand in memory, for commands that read them whole: no broker, and any time a test wants."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from streams.kafka.acknowledged import Acknowledged
from streams.kafka.log import Chunk, Place, Record, Span, TopicLog
from streams.records.json import CONTENT_TYPE


@dataclass
class TopicsInMemory:
    """What stands on each topic, in one partition, and what was sent and acknowledged since."""

    records: dict[str, list[Record]] = field(default_factory=dict)
    sent: list[tuple[str, str, bytes | None]] = field(default_factory=list)
    servers: set[str] = field(default_factory=set)
    """The addresses that were asked."""
    groups: dict[str, tuple[int, str]] = field(default_factory=dict)
    """How far each group has come, and its word."""

    def put(
        self,
        topic: str,
        key: str,
        value: bytes | None,
        at: float = 0.0,
        headers: Sequence[tuple[str, bytes]] = (),
    ) -> None:
        held = self.records.setdefault(topic, [])
        held.append(Record(len(held), at, key.encode(), value, dict(headers), tuple(headers)))

    def stand_in(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """For every module of ours that reads a topic whole, or writes one record at a time."""
        world = self

        class Log:
            def __init__(self, client: Mapping[str, Any], topic: str, group: str = "") -> None:
                self._group = group
                world.servers.add(client["bootstrap.servers"])
                self._held = world.records.setdefault(topic, [])

            def __enter__(self) -> "Log":
                return self

            def __exit__(self, *error: object) -> None:
                """Nothing is held."""

            def spans(self, since: float | None = None, until: float | None = None) -> list[Span]:
                first = sum(record.time < since for record in self._held) if since is not None else 0
                end = sum(record.time < until for record in self._held) if until is not None else None
                return [Span(0, first, len(self._held) if end is None else end)]

            def read(self, span: Span) -> Iterator[Record]:
                return iter(self._held[span.first : span.end])

            def read_all(self, spans: Iterable[Span]) -> Iterator[Record]:
                for span in spans:
                    yield from self.read(span)

            def read_places(self, places: Iterable[Place]) -> dict[Place, Record]:
                there = {Place(0, record.offset): record for record in self._held}
                return {place: there[place] for place in places if place in there}

            def follow_all(self, firsts: Mapping[int, int]) -> Iterator[Record | None]:
                yield None
                yield from self._held[firsts[0] - 1 :]

            def newest_first(self, spans: Iterable[Span]) -> Iterator[Chunk]:
                return (Chunk(span, self._held[span.first : span.end][::-1]) for span in spans)

            def noted(self) -> dict[int, tuple[int, str]]:
                return {0: world.groups[self._group]} if self._group in world.groups else {}

            def note(self, offsets: Mapping[int, int], word: str = "") -> None:
                world.groups[self._group] = (offsets[0], word)

        class Writer:
            def __init__(self, client: Mapping[str, Any]) -> None:
                world.servers.add(client["bootstrap.servers"])
                self._under_way: list[tuple[str, str, bytes | None]] = []

            def __enter__(self) -> "Writer":
                return self

            def __exit__(self, *error: object) -> None:
                assert not self._under_way

            def send(self, topic: str, key: bytes, value: bytes | None, headers: Any) -> None:
                assert list(headers) == [CONTENT_TYPE]
                self._under_way.append((topic, key.decode(), value))

            def delivered(self) -> None:
                world.sent += self._under_way
                self._under_way.clear()

        for module in [held for name, held in sys.modules.items() if name.startswith("streams.")]:
            for name, real, stand_in in (
                ("TopicLog", TopicLog, Log),
                ("Acknowledged", Acknowledged, Writer),
            ):
                if getattr(module, name, None) is real and module.__name__ != real.__module__:
                    monkeypatch.setattr(module, name, stand_in)
