"""OFAC's lists read together."""

from screening import Designation, Name
from screening.lists.ofac.together import together


def test_who_stood_on_an_earlier_list_keeps_both_entries_and_a_number_twice_on_one_is_left() -> None:
    lists = ("one two two", "three one three", "one four")
    parties = [[Designation(f"ofac:{key}", (Name("X"),)) for key in keys.split()] for keys in lists]

    found = [party.id.removeprefix("ofac:") for party in together(parties)]

    assert found == ["one", "two", "two", "three", "one-cons", "three", "one-cons", "four"]
