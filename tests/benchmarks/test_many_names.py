"""Lists of any length: the same on every run, and with ever new words."""

from benchmarks.matching.many_names import entries, names
from screening import Kind


def words(count: int) -> int:
    return len({word for name in names(count) for word in name.casefold().split()})


def test_the_same_list_is_made_on_every_run_and_another_by_another_seed() -> None:
    assert list(entries(60)) == list(entries(60))
    assert list(names(60)) != list(names(60, seed=9))


def test_a_list_has_as_many_names_as_were_asked_for_of_people_and_companies() -> None:
    made = list(entries(500))

    assert sum(len(entry.names) for entry in made) == 500
    assert {entry.kind for entry in made} == {Kind.PERSON, Kind.ORGANIZATION}


def test_new_words_never_end_but_come_ever_more_seldom() -> None:
    few, many = words(1_000), words(4_000)

    assert 1.4 * few < many < 3.5 * few
