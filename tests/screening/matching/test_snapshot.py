"""A snapshot spares reading the names of a list, and changes nothing else."""

import pytest

from screening import Designation, Kind
from screening.matching.index import Index
from screening.matching.snapshot import Recalled, Traits, from_lines, to_lines
from tests.screening.full_scan import entry, found, index_of, scan

LISTED = [
    entry(1, "VERSOR S.R.O.", "Versor Trading Limited Liability Company", kind=Kind.ORGANIZATION),
    entry(2, "Mohammed AL-BINALI bin Ali", "محمد البن علي", kind=Kind.PERSON),
    entry(3, "National Council of Resistance of Iran", kind=Kind.ORGANIZATION),
    entry(4, "WANG Xiaoming", "王小明", kind=Kind.PERSON),
    entry(5, "J.R. Smith / John Smith f/k/a Smythe", "Carlos GOMEZ MORENO", kind=Kind.PERSON),
    entry(6, "ベルソル トレーディング", "Hull 44", "Qorban Zahed"),
    entry(7, "Ivan Ivanovich Zuvavov", "Ana I", kind=Kind.PERSON),
]
"""Legal forms, particles, syllables, initials, loans, numbers, acronyms, several names in one, a father's
name, and one so short that it is another with other spaces."""
QUERIES = [
    *(name.text for designation in LISTED for name in designation.names),
    *("NCRI Ltd", "Qorbanzahed", "Muhammed Binali", "Wang Xiao Ming", "Versr", "Hull forty four", "Bakery"),
]


def kept(index: Index) -> Recalled:
    return from_lines([*to_lines(index.snapshot())])


def recalled(snapshot: Recalled, listed: list[Designation]) -> Index:
    index = Index()
    index.recall(snapshot)
    for designation in listed:
        index.put(designation)
    return index


def test_an_index_of_names_that_a_snapshot_knows_reads_none_and_finds_the_same() -> None:
    built = index_of(LISTED)

    index = recalled(kept(built), LISTED)

    assert index.settle() == 0
    assert built.settle() == sum(len(designation.names) for designation in LISTED)
    for query in QUERIES:
        assert found(index, query) == found(built, query), query
    assert said_of(index) == said_of(built)
    assert kept(index).tables.by_key.keys() == kept(built).tables.by_key.keys()


def said_of(index: Index) -> list[list[str]]:
    """Everything of every name, its words by what they are filed under."""
    held = [index.name(number) for number in index.names]
    return [
        [
            *[repr(getattr(each.form, name)) for name in (*Traits._fields, "unspaced")],
            repr([token.entry for token in each.form.tokens]),
            repr([(place, token.entry) for place, token in each.form.glued]),
            repr((each.burden, each.dispensable)),
        ]
        for each in held
    ]


def test_a_long_list_s_table_of_keys_is_kept_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("screening.matching.words.spellings.MOST_KEYS", 100)
    built = index_of(LISTED)
    built.remove(LISTED[1].id)
    snapshot = kept(built)
    assert (bool(snapshot.tables.by_key), bool(snapshot.tables.gone)) == (False, True)

    index = recalled(snapshot, LISTED)

    assert index.settle() == len(LISTED[1].names)
    for query in QUERIES:
        assert found(index, query) == scan(LISTED, query), query
    index.remove(LISTED[0].id)
    for query in QUERIES:
        assert found(index, query) == scan(LISTED[1:], query), query


@pytest.mark.parametrize("known", range(len(LISTED) + 1))
def test_names_that_came_and_went_since_are_read_and_forgotten(known: int) -> None:
    listed = LISTED[len(LISTED) // 2 :]

    index = recalled(kept(index_of(LISTED[:known])), listed)
    index.settle()

    for query in QUERIES:
        assert found(index, query) == scan(listed, query), query
    assert kept(index).tables.by_key.keys() == kept(index_of(listed)).tables.by_key.keys()


def test_a_name_that_is_of_another_kind_now_is_read_anew() -> None:
    snapshot = kept(index_of([entry(1, "National Council Resistance Iran", kind=Kind.PERSON)]))
    now = [entry(1, "National Council Resistance Iran", kind=Kind.ORGANIZATION)]

    index = recalled(snapshot, now)

    assert index.settle() == 1
    assert found(index, "NCRI") == scan(now, "NCRI") != set()


def test_an_index_that_has_names_takes_no_notice_of_a_snapshot() -> None:
    index = index_of(LISTED[:1])

    index.recall(kept(index_of(LISTED)))

    assert found(index, "Versor") == scan(LISTED[:1], "Versor")
    assert not found(index, "NCRI Ltd")


@pytest.mark.parametrize(
    "lines", [[], [b"[]"], [b"{}", b"[]"], [b'[["a"]]', b"[]", b"[]", b"[]", b"[]"], [b"x"]]
)
def test_other_lines_are_no_snapshot(lines: list[bytes]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        from_lines(lines)
