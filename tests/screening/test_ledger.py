"""Completeness: what the ledger calls complete, and what it must never call so."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.ledger import Ledger, ListDigest, Marker, MarkerType, gone

KEYS = st.sampled_from([f"ofac:{number}" for number in range(8)])
RECORDS = st.lists(st.tuples(KEYS, st.none() | st.binary(min_size=1, max_size=3)), max_size=40)


def _table(records: list[tuple[str, bytes | None]]) -> dict[str, bytes]:
    table: dict[str, bytes] = {}
    for key, value in records:
        table.pop(key, None)
        if value is not None:
            table[key] = value
    return table


def _commit(table: dict[str, bytes], version: str = "v1") -> Marker:
    digest = ListDigest()
    for key, value in table.items():
        digest.add(key.encode(), value)
    return Marker(MarkerType.COMMIT, "ofac", version, digest.count, digest.sha256)


@given(RECORDS)
def test_digest_depends_on_the_entries_and_not_on_how_they_came(
    records: list[tuple[str, bytes | None]],
) -> None:
    ledger = Ledger()
    for key, value in records:
        ledger.record(key, value)
    ledger.mark(_commit(_table(records)))

    assert ledger.problems() == []


@given(RECORDS, RECORDS)
def test_a_compacted_log_read_from_the_start_is_complete_too(
    before: list[tuple[str, bytes | None]], after: list[tuple[str, bytes | None]]
) -> None:
    """Compaction keeps each key's last record in place: what was overwritten later is gone."""
    log: list[tuple[str, bytes | None] | Marker] = [*before, _commit(_table(before)), *after]
    log.append(_commit(_table([*before, *after])))
    last = {record[0]: number for number, record in enumerate(log) if isinstance(record, tuple)}
    ledger = Ledger()
    for number, record in enumerate(log):
        if isinstance(record, Marker):
            ledger.mark(record)
        elif last[record[0]] == number:
            ledger.record(*record)

    assert ledger.problems() == []


def _committed(entries: dict[str, bytes]) -> Ledger:
    ledger = Ledger()
    for key, value in entries.items():
        ledger.record(key, value)
    ledger.mark(_commit(entries))
    return ledger


def _begin(publication: str) -> Marker:
    return Marker(MarkerType.BEGIN, "ofac", "v2", 0, "", publication=publication)


def test_nothing_of_a_publication_is_in_force_before_its_commit_and_all_of_it_with_it() -> None:
    ledger = _committed({"ofac:1": b"a", "ofac:2": b"b"})
    ledger.mark(_begin("one"))
    ledger.record("ofac:3", b"c", "one")
    ledger.record("ofac:1", None, "one")

    assert ledger.versions()["ofac"].entries == 2
    assert ledger.problems() == []
    changes = ledger.mark(_commit({"ofac:2": b"b", "ofac:3": b"c"}, "v2"))
    assert changes == {"ofac:3": b"c", "ofac:1": None}
    assert ledger.problems() == []


def test_tombstones_that_nobody_published_put_the_list_in_doubt_until_it_is_published_again() -> None:
    entries = {f"ofac:{number}": b"a" for number in range(51)}
    ledger = _committed(entries)
    for key in entries:
        ledger.record(key, None)

    (problem,) = ledger.problems()
    assert "51 entries were changed without a publication (ofac:0, ofac:1, ofac:10, ...)" in problem
    assert ledger.versions()["ofac"].entries == 51
    ledger.mark(_begin("one"))
    for key in entries:
        ledger.record(key, b"a", "one")
    ledger.mark(_commit(entries, "v2"))
    assert ledger.problems() == []


def test_a_record_of_a_publication_that_lost_its_claim_counts_for_nothing() -> None:
    ledger = _committed({"ofac:1": b"a"})
    ledger.mark(_begin("older"))
    ledger.record("ofac:2", b"b", "older")
    ledger.mark(_begin("newer"))
    ledger.record("ofac:2", None, "newer")
    ledger.mark(_commit({"ofac:1": b"a"}, "v2"))
    assert ledger.problems() == []

    ledger.record("ofac:1", None, "older")

    assert "changed without a publication (ofac:1)" in ledger.problems()[0]
    assert ledger.versions()["ofac"].entries == 1


def test_a_list_that_was_in_force_is_required_until_it_is_withdrawn() -> None:
    ledger = Ledger()
    ledger.register(["ofac", "un"])
    assert ledger.required() == {"ofac", "un"}

    ledger.record("ofac:1", b"a")
    ledger.mark(_commit({"ofac:1": b"a"}))
    withdrawn = Marker(MarkerType.WITHDRAWAL, "ofac", "v1", 1, "", reason="replaced")
    changes = ledger.mark(withdrawn)

    assert changes == {"ofac:1": None}
    assert ledger.required() == {"un"}
    assert ledger.versions() == {}
    assert ledger.withdrawn()["ofac"].reason == "replaced"
    assert ledger.problems() == []


def test_a_list_whose_commit_marker_was_deleted_is_still_required() -> None:
    ledger = _committed({"ofac:1": b"a"})
    ledger.register(["ofac"])

    ledger.erase("ofac")

    assert ledger.versions() == {}
    assert ledger.required() == {"ofac"}


def test_a_lost_entry_is_found_at_the_commit() -> None:
    ledger = Ledger()
    ledger.record("ofac:1", b"a")
    ledger.mark(_commit({"ofac:1": b"a", "ofac:2": b"b"}))

    (problem,) = ledger.problems()
    assert "list ofac v1" in problem
    assert "publish it again" in problem


def test_entries_without_a_commit_are_no_complete_list() -> None:
    ledger = Ledger()
    ledger.record("ofac:1", b"a")

    assert "never committed" in ledger.problems()[0]


def test_a_first_publication_under_way_says_how_far_it_is() -> None:
    ledger = Ledger()
    ledger.mark(Marker(MarkerType.BEGIN, "ofac", "v1", 17_000, "", publication="p"))
    for number in range(1_200):
        ledger.record(f"ofac:{number}", b"a", "p")

    assert "ofac is being received, 1,200 of 17,000 entries" in ledger.problems()[0]


def test_entries_of_nobody_s_are_not_taken_for_a_publication_under_way() -> None:
    ledger = Ledger()
    ledger.mark(Marker(MarkerType.BEGIN, "ofac", "v1", 2, "", publication="p"))
    ledger.record("ofac:1", b"a", "p")
    ledger.record("ofac:2", b"b", "another")

    assert "never committed" in ledger.problems()[0]


def test_an_entry_lost_before_the_commit_is_found_after_later_changes_too() -> None:
    ledger = Ledger()
    ledger.record("ofac:1", b"a")
    ledger.mark(_commit({"ofac:1": b"a", "ofac:2": b"b", "ofac:3": b"c"}))
    ledger.record("ofac:1", b"A")

    assert "but its commit says 3" in ledger.problems()[0]


def test_a_publication_under_way_leaves_the_list_complete() -> None:
    ledger = Ledger()
    ledger.record("ofac:1", b"a")
    ledger.mark(_commit({"ofac:1": b"a"}))
    ledger.mark(_begin("two"))
    ledger.record("ofac:2", b"b", "two")

    assert ledger.problems() == []
    assert ledger.pending() == {"ofac": "v2"}
    assert ledger.versions()["ofac"].version == "v1"


@pytest.mark.parametrize("written", [{"ofac:1": b"a", "ofac:2": b"B"}, {"ofac:1": b"a", "ofac:3": b"b"}])
def test_another_value_or_key_under_the_right_count_is_found(written: dict[str, bytes]) -> None:
    promised = _commit({"ofac:1": b"a", "ofac:2": b"b"})
    ledger = Ledger()
    for key, value in written.items():
        ledger.record(key, value)
    ledger.mark(promised)

    (problem,) = ledger.problems()
    assert f"its commit says 2, {promised.sha256[:12]}" in problem
    assert ledger.contradicted()


@pytest.mark.parametrize("own", ["begun", "none", "other"])
@pytest.mark.parametrize("record", ["own", "other", "none"])
def test_a_record_belongs_only_to_the_publication_that_has_begun(own: str, record: str) -> None:
    ledger = _committed({"ofac:1": b"a"})
    if own != "none":
        ledger.mark(_begin("one" if own == "begun" else "another"))
    ledger.record("ofac:2", b"b", {"own": "one", "other": "two", "none": ""}[record])

    assert (ledger.problems() == []) is ((own, record) == ("begun", "own"))


@pytest.mark.parametrize("count", [1, 3])
def test_another_count_beside_the_right_hash_is_found(count: int) -> None:
    promised = replace(_commit({"ofac:1": b"a", "ofac:2": b"b"}), count=count)
    ledger = Ledger()
    ledger.record("ofac:1", b"a")
    ledger.record("ofac:2", b"b")
    ledger.mark(promised)

    (problem,) = ledger.problems()
    assert f"2 entries, hash {promised.sha256[:12]}, but its commit says {count}" in problem


def test_what_was_written_before_a_publication_begins_is_not_in_force_with_its_begin() -> None:
    ledger = _committed({"ofac:1": b"a"})
    ledger.record("ofac:1", None)

    assert ledger.mark(_begin("one")) == {}
    assert ledger.versions()["ofac"].entries == 1
    assert len(ledger.problems()) == 1  # the stray record is still one


def test_an_entry_too_many_is_not_forgiven_by_the_next_change() -> None:
    ledger = _committed({"ofac:1": b"a"})
    ledger.mark(_begin("one"))
    ledger.record("ofac:2", b"b", "one")
    ledger.record("ofac:3", b"c", "one")  # the commit knows nothing of it
    ledger.mark(_commit({"ofac:1": b"a", "ofac:2": b"b"}, "v2"))
    assert ledger.contradicted()
    ledger.mark(_begin("two"))
    ledger.record("ofac:4", b"d", "two")
    ledger.mark(_commit({"ofac:1": b"a", "ofac:2": b"b", "ofac:4": b"d"}, "v3"))

    assert ledger.contradicted()
    assert len(ledger.problems()) == 1


def test_the_entry_of_one_list_counts_for_no_other_whatever_its_uid_looks_like() -> None:
    ledger = _committed({"ofac:un:1": b"a", "ofac:2": b"b"})

    assert list(ledger.versions()) == ["ofac"]
    assert ledger.problems() == []


def test_the_digest_is_the_same_in_every_version_of_interdict() -> None:
    """A worker and a publisher of two versions must agree on a list that both hold."""
    marker = _commit({"ofac:1": b"a", "un:2": b"b"})

    assert marker.sha256 == "d72868bdd68ce6f86d7996a3dcb2266fef4534cd0eda59dc2f6270061df01a19"
    assert ListDigest().sha256 == "0" * 64


def test_tombstones_of_a_list_that_is_not_in_force_change_nothing() -> None:
    """Of one that was never committed, and of one that was withdrawn."""
    ledger = Ledger()
    ledger.record("un:1", None)
    assert ledger.problems() == []

    ledger.mark(Marker(MarkerType.WITHDRAWAL, "un", "", 0, ""))
    ledger.record("un:2", None)
    assert ledger.problems() == []

    ledger.record("un:2", b"{}")
    assert "never committed" in ledger.problem("un")


def test_a_list_that_a_setting_misspells_is_told_with_the_one_that_was_meant() -> None:
    """Withdrawing it would change nothing: it was never in force."""
    told = gone("ofca", "designations", ("ofac", "un"), ever_in_force=False)

    assert told.endswith("publish it, or take it out of INTERDICT_REQUIRED_LISTS (did you mean ofac?)")
    assert "lists withdraw un" in gone("un", "designations", ("ofac",))


def test_a_marker_without_more_says_nothing_of_when_it_was_published_or_why() -> None:
    marker = Marker(MarkerType.BEGIN, "ofac", "v1", 1, "")

    assert (marker.published_at, marker.publication, marker.source_date, marker.reason) == (0.0, "", "", "")
