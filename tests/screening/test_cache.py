"""A bounded table keeps what came last."""

from screening.cache import keep


def test_a_full_table_lets_its_oldest_entries_go() -> None:
    memory: dict[int, str] = {}

    for number in range(20):
        keep(memory, number, str(number), most=10)

    assert list(memory) == list(range(10, 20))


def test_an_entry_that_is_written_again_drives_no_other_out() -> None:
    memory = {1: "a", 2: "b"}

    assert keep(memory, 2, "c", most=2) == "c"
    assert memory == {1: "a", 2: "c"}


def test_a_large_table_makes_room_for_many_at_once() -> None:
    memory = dict.fromkeys(range(1024), "")

    keep(memory, 1024, "", most=1024)

    assert list(memory) == list(range(4, 1025))
