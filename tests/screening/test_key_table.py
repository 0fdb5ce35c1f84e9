"""Numbers by key: each pair once for each time it was put in, and none that was taken out."""

from itertools import count

from screening.key_table import BUCKET_BITS, KeyTable


def test_a_key_has_its_numbers_in_order_and_no_other_s() -> None:
    table = KeyTable()
    for number in (7, 3, 7, 0, 2**32 - 1):
        table.add("a", number)
    table.add("b", 1)

    assert [*table.under("a")] == [0, 3, 7, 7, 2**32 - 1]
    assert [*table.under("b")] == [1]
    assert [*table.under("c")] == []
    assert table.under_any(("a",)) == {0, 3, 7, 2**32 - 1}
    assert table.under_any("bc") == {1}
    assert table.under_any("c") == set()


def test_a_pair_is_taken_out_once_and_one_that_is_not_there_is_none() -> None:
    table = KeyTable()
    for number in (3, 7, 7):
        table.add("a", number)
    for key, number in (("a", 7), ("a", 5), ("a", 9), ("b", 3)):
        table.discard(key, number)

    assert [*table.under("a")] == [3, 7]
    table.discard("a", 7)
    table.discard("a", 7)
    assert [*table.under("a")] == [3]


def test_a_bucket_of_many_holds_each() -> None:
    table = KeyTable()
    for number in range(1_000):
        table.add("a", number)
    table.discard("a", 1_000)

    assert [*table.under("a")] == [*range(1_000)]


def test_the_first_bucket_and_the_last_hold_what_falls_to_them() -> None:
    table, most = KeyTable(), (1 << BUCKET_BITS) - 1
    for bucket in (0, most):
        key = next(key for key in map(str, count()) if hash(key) & most == bucket)
        for number in (bucket + 2, bucket + 1):
            table.add(key, number)

        assert [*table.under(key)] == [bucket + 1, bucket + 2]
