"""Numbers by key: each pair once for each time it was put in, and none that was taken out."""

from itertools import count
from zlib import crc32

import pytest

from screening.keys.table import BUCKET_BITS, FEW, KeyTable


def test_a_key_has_its_numbers_in_order_and_no_other_s() -> None:
    table = KeyTable()
    for number in (7, 3, 7, 0, 2**32 - 1):
        table.add("a", number)
    table.add("b", 1)

    assert table.under("a") == [0, 3, 7, 7, 2**32 - 1]
    assert table.under("b") == [1]
    assert table.under("c") == []
    assert table.under_any(("a",)) == {0, 3, 7, 2**32 - 1}
    assert table.under_any("bc") == {1}
    assert table.under_any("c") == set()


def test_a_pair_is_taken_out_once_and_one_that_is_not_there_is_none() -> None:
    table = KeyTable()
    for number in (3, 7, 7):
        table.add("a", number)
    for key, number in (("a", 7), ("a", 5), ("a", 9), ("b", 3)):
        table.discard(key, number)

    assert table.under("a") == [3, 7]
    table.discard("a", 7)
    table.discard("a", 7)
    assert table.under("a") == [3]


def test_a_bucket_of_many_holds_each() -> None:
    table = KeyTable()
    for number in range(1_000):
        table.add("a", number)
    table.discard("a", 1_000)

    assert table.under("a") == [*range(1_000)]
    assert table.under_any("ab") == {*range(1_000)}


@pytest.mark.parametrize("count", [FEW - 1, FEW, FEW + 1, FEW + 2])
def test_few_numbers_under_a_key_and_many_are_found_alike(count: int) -> None:
    table = KeyTable()
    near = [key for key in map(str, range(200_000)) if _bucket(key) == _bucket("a")]
    for key in ("a", *near):
        for number in range(count):
            table.add(key, (number << 27) + len(key))

    assert near
    assert table.under_any("a") == {(number << 27) + 1 for number in range(count)}


def _bucket(key: str) -> int:
    return crc32(key.encode()) & ((1 << BUCKET_BITS) - 1)


def test_the_first_bucket_and_the_last_hold_what_falls_to_them() -> None:
    table, most = KeyTable(), (1 << BUCKET_BITS) - 1
    for bucket in (0, most):
        key = next(key for key in map(str, count()) if crc32(key.encode()) & most == bucket)
        for number in (bucket + 2, bucket + 1):
            table.add(key, number)

        assert [*table.under(key)] == [bucket + 1, bucket + 2]


def test_a_packed_table_is_the_same_and_one_that_is_not_whole_is_none() -> None:
    table, again = KeyTable(), KeyTable()
    for number in range(200):
        table.add(f"key {number % 60}", number)
    packed = [*table.packed()]

    again.unpack(packed)

    for table_now in (table, again):
        table_now.add("key 7", 3)
        table_now.discard("key 8", 68)
    for number in range(60):
        assert [*again.under(f"key {number}")] == [*table.under(f"key {number}")]
    for cut in (packed[:-1], [*packed[:-1], packed[-1][:-8]]):
        with pytest.raises(ValueError, match="not whole"):
            KeyTable().unpack(cut)
