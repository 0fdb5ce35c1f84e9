"""A bounded table keeps what came last."""

import pytest

from screening.cache import Characters, Memory, Room, by_word, forget_words, keep
from screening.matching.words.lexicon import CHARACTER_BYTES
from screening.names import forms
from screening.names.slavic import folds
from tests.screening.full_scan import entry, index_of


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


def test_a_memory_lets_go_what_was_not_asked_for_longest_by_count_and_by_bytes() -> None:
    memory: Memory[str, int] = Memory(most=3, most_bytes=100)
    for name in ("a", "b", "c"):
        memory.put(name, 1, size=10)
    assert memory.get("a") == 1

    memory.put("d", 1, size=10)
    assert [name for name in "abcd" if memory.get(name)] == ["a", "c", "d"]

    memory.put("e", 1, size=85)  # beside it there is room for one of ten bytes
    assert [name for name in "acde" if memory.get(name)] == ["d", "e"]
    assert memory.bytes == 95


def test_a_large_memory_keeps_what_is_asked_for_now_and_then_and_lets_go_what_is_not() -> None:
    memory: Memory[int, int] = Memory(most=800, most_bytes=800_000)
    regulars = range(400)
    for name in regulars:
        memory.put(name, 1, size=10)
    for name in range(1_000, 6_000):
        memory.put(name, 1, size=10)
        asked = regulars[name % 200]  # half of them, each once in 200
        assert memory.get(asked) == 1

    assert all(memory.get(name) for name in regulars[:200])
    assert not any(memory.get(name) for name in regulars[200:])
    assert (len(memory), memory.bytes) == (800, 8_000)


def test_a_memory_keeps_nothing_that_is_larger_than_itself_and_counts_an_entry_once() -> None:
    memory: Memory[str, int] = Memory(most=3, most_bytes=100)
    memory.put("a", 1, size=60)
    memory.put("a", 2, size=70)
    memory.put("b", 1, size=101)

    assert (memory.get("a"), memory.get("b"), memory.bytes, len(memory)) == (2, None, 70, 1)
    assert (memory.asked, memory.known) == (2, 1)

    memory.clear()
    assert (len(memory), memory.bytes) == (0, 0)


def test_a_memory_of_one_keeps_one_and_of_none_nothing() -> None:
    for most, kept in ((1, ["b"]), (0, [])):
        memory: Memory[str, int] = Memory(most=most, most_bytes=100)
        memory.put("a", 1, size=1)
        memory.put("b", 1, size=1)
        assert [name for name in "ab" if memory.get(name)] == kept


def test_a_value_of_all_the_bytes_is_kept_and_a_larger_one_is_not() -> None:
    memory: Memory[str, int] = Memory(most=3, most_bytes=100)
    memory.put("a", 1, size=100)
    assert (memory.get("a"), memory.bytes) == (1, 100)
    memory.put("a", 1, size=101)
    assert (memory.get("a"), memory.bytes) == (None, 0)


def test_a_table_starts_anew_before_it_holds_too_many_characters() -> None:
    characters = Characters(most=5)

    assert [characters.are_too_many(text) for text in ("abc", "de", "f", "ghijk", "l")] == [
        False,
        False,
        True,
        True,
        True,
    ]


@pytest.mark.parametrize(("most", "characters"), [(1_000, 1 << 30), (1 << 30, 5_000)])
def test_a_full_table_loses_its_oldest_entries_a_few_at_a_time(most: int, characters: int) -> None:
    room, table = Room[str, int](most, lambda word, _: len(word), characters), dict[str, int]()
    words = [f"{number:05}" for number in range(3_000)]
    for number, word in enumerate(words):
        room.keep(table, word, number)
        room.keep(table, word, number)
        assert len(table) <= 1_000
        assert len(table) >= min(number, 990)

    assert list(table) == words[-len(table) :]


def test_what_was_counted_and_not_kept_is_counted_anew() -> None:
    room, table = Room[str, int](100, lambda word, _: len(word), at_most=50), {"abc": 1}
    room._taken = 1_000
    for word in ("defgh", "ijklm"):
        room.keep(table, word, 2)

    assert (list(table), room._taken) == (["defgh", "ijklm"], 10)


def test_what_words_have_of_the_list_is_counted_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of these words is like two hundred of the list, and begins them: forty take as much as thousands
    that are like none."""
    alike = [f"Hassan{first}{last} Trading" for first in "aeioubdk" for last in "bcdfghjklmnprstvwxyz"]
    index = index_of([entry(number, name) for number, name in enumerate(alike)])
    room, expansions = index._lexicon._room, index._lexicon._expansions
    most = 200_000
    monkeypatch.setattr(room, "_at_most", most)

    for number in range(60):
        index.begin_payment()
        index.search(f"Trading Hassan{'aeiou'[number % 5]}{chr(97 + number // 5)}", None, 0.8)
        if number % 10 == 0:  # what begins "Hassan" is looked up anew
            index.put(entry(1_000 + number, f"Hassanel{number}"))
        assert room._taken == sum(
            CHARACTER_BYTES * len(entry) + known.size for entry, known in expansions.items()
        )
        assert room._taken <= most + max(known.size for known in expansions.values())

    assert len(expansions) < 20
    assert max(known.size for known in expansions.values()) > 10_000


def test_results_of_names_are_counted_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    index = index_of([entry(number, f"Zuvava Trading {number}") for number in range(100)])
    monkeypatch.setattr(index._room, "_at_most", 200_000)

    for number in range(60):
        index.begin_payment()
        index.search(f"Zuvava Trading {'abcdefghij'[number % 10] * 3}{number}", None, 0.5)

    assert 0 < sum(len(found) for _, _, found in index._remembered.values()) < 2_000


def test_tables_of_words_are_emptied_together() -> None:
    asked: list[str] = []

    @by_word(8)
    def length(word: str) -> int:
        asked.append(word)
        return len(word)

    assert [length("abc"), length("abc")] == [3, 3]
    forget_words()

    assert length("abc") == 3
    assert asked == ["abc", "abc"]


def test_words_that_are_long_are_forgotten_long_before_they_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    index = index_of([entry(1, "Versor LLC")])
    found = index.search("Versor", None, 0.5)
    most = 10_000
    monkeypatch.setattr(forms, "_CHARACTERS", Characters(most))
    monkeypatch.setattr(forms._ROOM, "_at_most", most)
    monkeypatch.setattr(forms._ROOM, "_taken", 0)
    for room in (index._room, index._lexicon._room):
        monkeypatch.setattr(room, "_at_most", 2 * most)
    forms._WORDS.clear()

    for number in range(30):
        index.begin_payment()
        index.search(f"{'абвгд' * 200}{number}я", None, 0.8)

        for words in (forms._WORDS, index._lexicon._expansions, [text for text, _, _ in index._remembered]):
            assert sum(map(len, words)) <= most + 20

    assert folds.cache_info().currsize < 25
    assert index.search("Versor", None, 0.5) == found
