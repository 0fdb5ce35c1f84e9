"""How the list topic is read at a start: to where it ended then, into a table of its own, or not at all."""

import contextlib
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from streams.worker.replicas import designations
from streams.worker.replicas.designations import Replica
from streams.worker.replicas.turns import MOST_AT_ONCE

END = 5


class Loading(Replica):
    """A replica whose topic has five records, two of which are seen a fetch; it keeps what it did."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, there: bool = True, wrong: str = "") -> None:
        self.topic, self._partition, self._client, self._snapshots = "d", "p", {}, None
        self.did: list[Any] = []
        self.at, self.stops_at, self.there = 0, 99, there
        self._topic_end: Any = SimpleNamespace(
            unreachable="gone", answered=lambda: self.did.append("answered")
        )
        self._offset, self._loading, self._on_change, self._list_end = 0, False, None, None

        async def wrong_cleanup(*_: object) -> str:
            return wrong

        @contextlib.contextmanager
        def loading() -> Iterator[None]:
            self.did.append("begins")
            yield
            self.did.append("ends")

        monkeypatch.setattr(designations, "wrong_cleanup", wrong_cleanup)
        monkeypatch.setattr(designations, "loading", loading)
        monkeypatch.setattr(designations, "ListTable", lambda topic, *_: self.did.append(f"table of {topic}"))

    @property
    def should_stop(self) -> bool:
        return self.at >= self.stops_at

    def _new_consumer(self) -> Any:
        return self

    def _new_screener(self) -> Any: ...

    async def start(self) -> None: ...

    async def topics(self) -> set[str]:
        return {"d"} if self.there else set()

    def assign(self, partitions: list[Any]) -> None:
        self.did.append(("assigned", partitions))

    async def seek_to_beginning(self, partition: object) -> None:
        self.did.append(("from the beginning", partition))

    async def end_offsets(self, partitions: list[Any]) -> dict[Any, int]:
        return dict.fromkeys(partitions, END)

    async def position(self, _: object) -> int:
        return self.at

    async def getmany(self, timeout_ms: int, max_records: int) -> Any:
        assert max_records == MOST_AT_ONCE
        self.at += 2
        return f"up to {self.at} in {timeout_ms}"

    async def _apply(self, fetched: Any) -> None:
        self.did.append(fetched)

    async def _index_loaded(self) -> None:
        self.did.append("indexed")

    def _state_offset(self) -> None:
        self.did.append(("states", self._offset, self._loading, self._topic_end.unreachable))

    def _update_completeness(self) -> None:
        self.did.append("judged")

    def _distrust_and_reload(self, *problems: str) -> None:
        self.did.append(problems)


@pytest.mark.parametrize(("stops_at", "fetches"), [(99, [2, 4, 6]), (2, [2]), (0, [])])
async def test_a_list_is_read_to_where_it_ended_or_until_it_is_stopped(
    stops_at: int, fetches: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Loading(monkeypatch)
    one.stops_at = stops_at
    await one._load()

    assert one.did == [
        *(("assigned", ["p"]), ("from the beginning", "p"), "table of d", "begins"),
        *(f"up to {at} in 200" for at in fetches),
        *("indexed", "ends", "answered", ("states", END, False, ""), "judged"),
    ]


async def test_a_snapshot_is_read_and_written_beside_the_loop_and_nothing_else_of_the_table_meanwhile() -> (
    None
):
    did = list[tuple[str, bool]]()

    def note(what: str) -> None:
        did.append((what, threading.current_thread() is threading.main_thread()))

    def index_all() -> Iterator[str]:
        note("index")
        yield "ofac:1"

    replica: Any = object.__new__(Replica)
    replica._table = SimpleNamespace(
        recall=lambda: note("recall"), index_all=index_all, settle=lambda: note("settle")
    )
    await replica._index_loaded()

    assert did == [("recall", False), ("index", True), ("settle", False)]


async def test_a_topic_that_is_not_there_or_loses_records_is_not_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    away, wrong = Loading(monkeypatch, there=False), Loading(monkeypatch, wrong="it is deleted from")
    await away._load()
    await wrong._load()

    ((problem,),) = away.did
    assert problem.startswith("d: no such topic for this user; create it with `interdict topics create`")
    assert wrong.did == [("it is deleted from",)]
    assert away._loading and wrong._loading
