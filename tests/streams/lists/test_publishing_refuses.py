"""What a publisher refuses, on each bound and beyond it, and what it says differs; without a broker."""

import re
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from screening.designations import DateRange, Designation, Identifier, Name, NameType, Quality
from screening.ledger import Marker, MarkerType
from screening.lists import ListError
from streams.lists.losses import count, loss
from streams.lists.publishing import Difference, _edition, _refuse, _stands
from streams.records.json import designation_to_json


def entries(number: int, first: int = 0) -> dict[str, bytes]:
    made = (Designation(f"x:{each}", (Name("Somebody"),)) for each in range(first, first + number))
    return {each.id: designation_to_json(each) for each in made}


def refused(
    held: int, coming: int, max_shrink: float = 0.1, committed: int | None = None, first: int = 0
) -> str:
    """What is said of a file of so many entries over a list of so many; "" where it may be published."""
    before, after = entries(held), entries(coming, first)
    made = (Designation(key, (Name("Somebody"),)) for key in after)
    edition = _edition(made, "x", "", "")
    assert edition.entries == after
    commit = Marker(MarkerType.COMMIT, "x", "v", held if committed is None else committed, "")
    try:
        _refuse(edition, Difference.between(after, before), before, commit, max_shrink)
    except ListError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("held", "coming", "max_shrink", "told"),
    [
        (10, 9, 0.1, ""),
        (10, 8, 0.1, "list x: 2 of 10 entries would go (20%, at most 10%)"),
        (20, 18, 0.1, ""),
        (19, 17, 0.1, "list x: 2 of 19 entries would go (11%, at most 10%)"),
        (10, 5, 0.5, ""),
        (10, 4, 0.5, "list x: 6 of 10 entries would go (60%, at most 50%)"),
        (10, 1, 1.0, ""),
        (10, 9, 0.0, "list x: 1 of 10 entries would go (10%, at most 0%)"),
        (10, 10, 0.0, ""),
        (0, 1, 0.1, ""),
        (10, 0, 1.0, "list x: the file has no entries; an empty list would clear everybody"),
    ],
)
def test_a_list_may_shrink_by_the_share_and_no_further(
    held: int, coming: int, max_shrink: float, told: str
) -> None:
    found = refused(held, coming, max_shrink)

    assert found.startswith(told) and bool(found) is bool(told)
    assert ("say so with --max-shrink" in found) is ("would go" in told)


def test_entries_that_others_deleted_do_not_hide_that_a_file_is_cut() -> None:
    assert refused(held=5, coming=5, committed=10).startswith("list x: 5 of 10 entries would go")
    assert refused(held=9, coming=9, committed=10) == ""


def test_entries_that_are_replaced_by_others_are_gone() -> None:
    assert refused(held=10, coming=10, first=1) == ""
    assert refused(held=10, coming=10, first=2).startswith("list x: 2 of 10 entries would go")


@pytest.mark.parametrize(
    ("held", "coming", "older"),
    [
        ("2023-08-16", "2023-08-15", True),
        ("2023-08-16", "2023-08-16", False),
        ("2023-08-16", "2023-08-17", False),
        ("", "2023-08-15", False),
        ("2023-08-16", "", False),
        ("2023-08-16", "2023-08-16T00:00:01Z", False),
        # when the clocks go back, an hour comes twice
        ("2023-10-29T02:30:00+02:00", "2023-10-29T02:10:00+01:00", False),
        ("2023-10-29T02:10:00+01:00", "2023-10-29T02:30:00+02:00", True),
        # what is yet to come, or no date, refuses no later file
        ("2999-01-01", "2023-08-15", False),
        ("soon", "2023-08-15", False),
        ("2023-08-16", "2999-01-01", False),
        ("2999-01-02", "2999-01-01", False),
    ],
)
def test_an_older_file_does_not_replace_a_newer_one(held: str, coming: str, older: bool) -> None:
    one = Designation("x:1", (Name("Somebody"),))
    edition = _edition([one], "x", coming, "")
    commit = Marker(MarkerType.COMMIT, "x", "v", 1, "", source_date=held)
    same = Difference.between(edition.entries, edition.entries)
    if older:
        with pytest.raises(
            ListError, match=re.escape(f"the file is of {coming}, the list in force of {held}")
        ):
            _refuse(edition, same, edition.entries, commit, 0.1)
    else:
        _refuse(edition, same, edition.entries, commit, 0.1)
    _refuse(edition, same, edition.entries, None, 0.1)


def test_an_edition_is_named_by_its_date_and_its_hash() -> None:
    one = Designation("x:1", (Name("Somebody"),))
    dated, bare = _edition([one], "x", "2023-08-16", "ff"), _edition([one], "x", "", "")

    sha256 = dated.digest.sha256
    assert (dated.version, bare.version) == (f"2023-08-16-{sha256[:12]}", sha256[:12])
    assert dated.marker("r") == {
        "list": "x",
        "version": dated.version,
        "count": 1,
        "sha256": sha256,
        "run": "r",
        "source_date": "2023-08-16",
        "source_sha256": "ff",
    }


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (["y:1"], "y:1 does not belong to list x"),
        (["x:1", "x:1"], "x:1 stands twice in the file"),
        (["x:@commit"], "x:@commit is the key of a marker"),
    ],
)
def test_a_file_that_is_not_one_list_is_refused(made: list[str], why: str) -> None:
    with pytest.raises(ListError, match=why):
        _edition((Designation(each, (Name("Somebody"),)) for each in made), "x", "", "")


def test_an_entry_larger_than_a_record_is_refused_by_its_id() -> None:
    names = tuple(Name(f"{number:09}") for number in range(200_000))

    with pytest.raises(
        ListError, match=r"x:1 takes 1\d,\d+,\d+ bytes with its 200,000 names, and an entry may"
    ):
        _edition([Designation("x:1", names)], "x", "", "")


def test_what_differs_is_sent_with_additions_first_and_delistings_last() -> None:
    held = {"a": b"1", "b": b"1", "c": b"1"}
    found = Difference.between({"b": b"2", "c": b"1", "d": b"1"}, held)

    assert list(found.records()) == [("d", b"1"), ("b", b"2"), ("a", None)]
    assert list(found.changes()) == [("added", "d"), ("amended", "b"), ("removed", "a")]
    assert len(found) == 3
    assert len(Difference.between(held, held)) == 0


FULL = Designation(
    "x:1",
    (Name("A", NameType.PRIMARY), Name("B"), Name("C", quality=Quality.WEAK)),
    identifiers=(Identifier("imo", "1"), Identifier("bic", "2")),
    birth_dates=(DateRange(date(1960, 1, 1), date(1960, 1, 1)),),
)


def test_facts_are_counted_by_kind() -> None:
    counted = count([designation_to_json(FULL), designation_to_json(replace(FULL, id="x:2"))])

    assert counted == {"names": 6, "strong names": 4, "identifiers": 4, "birth dates": 2}


def lost(number: int, stay: int, most: float, **less: Any) -> str:
    """What is said where `less` is what becomes of all entries but the first `stay` of them."""
    whole = {f"x:{each}": designation_to_json(replace(FULL, id=f"x:{each}")) for each in range(number)}
    cut = {
        key: value if place < stay else designation_to_json(replace(FULL, id=key, **less))
        for place, (key, value) in enumerate(whole.items())
    }
    return loss(whole, cut, most)


@pytest.mark.parametrize(
    ("number", "stay", "less", "told"),
    [
        (10, 9, {"names": FULL.names[:1]}, ""),  # 2 of 30 names, 1 of 20 strong ones
        (10, 8, {"names": FULL.names[:1]}, "4 of 30 names would go (at most 10%)"),
        (1, 0, {"names": FULL.names[:2]}, "1 of 3 names would go (at most 10%)"),
        (
            4,
            0,
            {"names": tuple(replace(each, quality=Quality.WEAK) for each in FULL.names)},
            "8 of 8 strong names",
        ),
        (3, 0, {"birth_dates": ()}, ""),  # three may go from a list of any size
        (4, 0, {"birth_dates": ()}, "4 of 4 birth dates would go (at most 10%)"),
        (2, 0, {"identifiers": ()}, "4 of 4 identifiers would go (at most 10%)"),
        (40, 36, {"birth_dates": ()}, ""),  # four of forty: the share, and not more
        (40, 35, {"birth_dates": ()}, "5 of 40 birth dates would go (at most 10%)"),
    ],
)
def test_facts_of_a_kind_may_go_by_the_share_and_a_few_of_any_list(
    number: int, stay: int, less: dict[str, object], told: str
) -> None:
    found = lost(number, stay, 0.1, **less)

    assert found.startswith(told) and bool(found) is bool(told)


@pytest.mark.parametrize(
    ("held", "committed", "problem", "stands"),
    [
        (2, "", "", True),
        (2, "other", "", False),
        (2, None, "", False),
        (1, "", "", False),
        (2, "", "hash differs", False),
        (2, "a", "", False),  # versions have no order
        (2, "z", "", False),
    ],
)
def test_a_file_is_in_force_where_entries_and_version_are_its_own_and_it_is_proved(
    held: int, committed: str | None, problem: str, stands: bool
) -> None:
    edition = _edition((Designation(key, (Name("Somebody"),)) for key in entries(2)), "x", "", "")
    version = committed or edition.version
    commit = None if committed is None else Marker(MarkerType.COMMIT, "x", version, held, "")
    ledger = SimpleNamespace(in_doubt=lambda name: {"x": problem}.get(name, "of another"))
    log: Any = SimpleNamespace(entries=entries(held), commit=commit, ledger=ledger)

    assert _stands(edition, log) is stands
