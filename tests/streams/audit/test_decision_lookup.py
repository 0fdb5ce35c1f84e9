"""Where the decisions of some payments are looked for, without a broker."""

from collections.abc import Collection, Iterator
from typing import Any

import pytest

from streams.audit.replay import _of_keys
from streams.kafka.log import Record, Span
from streams.kafka.topics import partition_of

SPANS = [Span(partition, 0, 9) for partition in range(3)]


class Kept:
    """What stands in each partition, and what was asked of it."""

    def __init__(self, *keys: list[bytes]) -> None:
        self.keys = keys
        self.asked: list[tuple[int, set[bytes]]] = []

    def read_keys(self, span: Span, keys: Collection[bytes]) -> Iterator[Record]:
        self.asked.append((span.partition, set(keys)))
        for offset, key in enumerate(self.keys[span.partition]):
            if key in keys:
                yield Record(offset, 0.0, key, b"{}", {})


@pytest.mark.parametrize("moved", [False, True])
def test_a_payment_is_looked_for_in_its_own_partition_and_elsewhere_only_where_it_is_not(moved: bool) -> None:
    own = partition_of(b"P-1", range(3))
    stands = (own + moved) % 3
    kept: Any = Kept(*[[b"P-1"] if partition == stands else [b"P-2"] for partition in range(3)])

    found = list(_of_keys(kept, SPANS, {b"P-1"}))

    assert [record.key for record in found] == [b"P-1"]
    elsewhere = [(partition, {b"P-1"}) for partition in range(3)] if moved else []
    assert kept.asked == [(own, {b"P-1"}), *elsewhere]
