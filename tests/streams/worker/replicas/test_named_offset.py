"""Which offset of the list topic a decision names while records are being applied, and after."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition

from streams.worker.replicas import designations
from streams.worker.replicas.designations import Replica


@pytest.mark.parametrize(("turns_over", "named"), [(True, [11, 13, 15]), (False, [15])])
@pytest.mark.parametrize("loading", [True, False])
async def test_a_decision_names_the_record_after_the_last_that_was_applied(
    monkeypatch: pytest.MonkeyPatch, turns_over: bool, named: list[int], loading: bool
) -> None:
    """The broker's own position counts at the end: what compaction took is passed without being seen."""
    stated: list[int] = []
    did: list[str] = []

    class Turn:
        def is_over(self) -> bool:
            return turns_over

        async def pass_on(self) -> None:
            did.append("passed on")

    class Table:
        ledger = SimpleNamespace(contradicted=lambda: False)

        def fold(self, record: Any) -> tuple[None, dict[str, bytes]]:
            did.append(f"folded {record.offset}")
            return None, {}

        def state(self, offset: int) -> None:
            stated.append(offset)

    class Applying(Replica):
        def __init__(self) -> None:
            table: Any = Table()
            self._table, self._loading, self._committed, self._was_complete = table, loading, False, True
            self._partition, self._moved = TopicPartition("d", 0), asyncio.Event()
            self._consumer: Any = self

        async def position(self, _partition: object) -> int:
            return 15

        def _update_completeness(self) -> None:
            did.append("completeness")

    monkeypatch.setattr(designations, "Turn", Turn)
    one = Applying()
    moved = one._moved
    await one._apply({one._partition: [SimpleNamespace(offset=10), SimpleNamespace(offset=12)]})

    assert stated == named and one._offset == 15
    assert moved.is_set() and not one._moved.is_set()
    assert did.count("completeness") == (not loading)
    assert [each for each in did if "folded" in each] == ["folded 10", "folded 12"]
