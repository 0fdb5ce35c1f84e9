"""The index: it loses nothing that a full scan keeps, whatever was put, replaced and removed before."""

import random
from collections.abc import Iterator

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from screening import Designation, Kind, parse_list
from screening.evaluation.variations import KINDS, vary
from screening.matching.index import Index
from screening.matching.snapshot import from_lines, to_lines
from screening.matching.words.lexicon import CHANGES
from tests.screening.full_scan import entry, found, index_of, scan
from tests.shared_data import SHARED_DATA, needs_shared_data

WORDS = tuple(
    word
    for line in (
        "24seven 24 seven ivan iwan petrov petroff abu bakr abubakr al j john jon smith smyth ma maria mark",
        "b r c versor verso llc trading 44 петров محمد mohamed 王 wang",
        "قاسم خدايرحيم خداي رحيم khudai rahim khudairahim qasim",
    )
    for word in line.split()
)
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)


class ListedAndDelisted(RuleBasedStateMachine):
    """Any order of changes leaves an index that answers as a full scan of what is listed."""

    ids = Bundle("ids")

    def __init__(self) -> None:
        super().__init__()
        self.index = Index()
        self.listed: dict[int, Designation] = {}
        self.queries: list[str] = []
        self.kept = [*to_lines(self.index.snapshot())]

    @rule(target=ids, number=st.integers(0, 8), names=st.lists(TEXTS, min_size=1, max_size=3))
    def put(self, number: int, names: list[str]) -> int:
        self.listed[number] = entry(number, *names)
        self.index.put(self.listed[number])
        return number

    @rule(number=ids)
    def remove(self, number: int) -> None:
        self.listed.pop(number, None)
        self.index.remove(f"test:{number}")

    @rule(query=TEXTS)
    def ask(self, query: str) -> None:
        self.queries = [*self.queries[-3:], query]

    @rule()
    def keep(self) -> None:
        self.kept = [*to_lines(self.index.snapshot())]

    @rule()
    def start_anew(self) -> None:
        """With what was kept some time ago: names of then may be gone, others new."""
        self.index = Index()
        self.index.recall(from_lines(self.kept))
        for designation in self.listed.values():
            self.index.put(designation)
        self.index.settle()

    @invariant()
    def answers_are_those_of_a_full_scan(self) -> None:
        designations = list(self.listed.values())
        for query in self.queries:
            assert found(self.index, query) == scan(designations, query), query
        assert len(self.index) == len(designations)


ListedAndDelisted.TestCase.settings = settings(max_examples=60, stateful_step_count=10)
test_listed_and_delisted = ListedAndDelisted.TestCase


def sample(count: int) -> list[Designation]:
    entries = sorted(parse_list("ofac", SHARED_DATA / "ofac"), key=lambda designation: designation.id[::-1])
    return entries[:count]


def queries(designations: list[Designation]) -> Iterator[str]:
    """Each entry's name once, in a kind of variation that differs from entry to entry."""
    labels = list(KINDS)
    for place, designation in enumerate(designations):
        written = vary(designation.name, designation.kind, labels[place % len(labels)], "scan")
        yield written or designation.name


@needs_shared_data
def test_the_index_finds_what_a_full_scan_of_the_ofac_list_finds() -> None:
    designations = sample(150)
    index = Index()
    for designation in designations:
        index.put(designation)

    for query in random.Random(7).sample(list(queries(designations)), 60):
        assert found(index, query) == scan(designations, query), query


def test_a_delisted_name_is_not_found_although_it_was_remembered() -> None:
    index = Index()
    index.put(entry(1, "Versor LLC"))
    before = found(index, "Versor")

    index.remove("test:1")

    assert (before, found(index, "Versor")) == ({("test:1", "Versor LLC")}, set())


def test_a_designation_is_found_by_the_next_call_although_its_absence_was_remembered() -> None:
    index = Index()
    index.put(entry(1, "Ashot Mkrtychev"))
    assert found(index, "Versor Ltd") == set()

    index.put(entry(2, "VERSOR S.R.O."))

    assert found(index, "Versor Ltd") == {("test:2", "VERSOR S.R.O.")}


def test_a_name_in_two_words_is_found_by_the_next_call_of_the_joined_word() -> None:
    index = Index()
    index.put(entry(1, "Versor LLC"))
    assert found(index, "Qorbanzahed") == set()

    index.put(entry(2, "Qorban Zahed"))

    assert found(index, "Qorbanzahed") == {("test:2", "Qorban Zahed")}


def test_a_change_is_seen_by_the_next_call_however_many_came_after_it() -> None:
    index = Index()
    index.put(entry(1, "Ashot Mkrtychev"))
    assert found(index, "Versor Ltd") == set()

    for number in range(2, 2 + 2 * CHANGES):
        index.put(entry(number, "VERSOR S.R.O." if number == 2 else f"Nobody{number} Alike{number}"))

    assert found(index, "Versor Ltd") == {("test:2", "VERSOR S.R.O.")}


def test_a_longer_word_is_found_by_the_next_call_of_its_beginning() -> None:
    index = Index()
    index.put(entry(1, "Versor LLC"))
    assert found(index, "Ashot Mkrtyc") == set()

    index.put(entry(2, "Ashot Mkrtychevian"))

    assert found(index, "Ashot Mkrtyc") == scan([entry(2, "Ashot Mkrtychevian")], "Ashot Mkrtyc")


def test_a_name_is_found_whose_word_is_faintly_alike_once_a_particle_is_read_with_it() -> None:
    index = Index()
    index.put(entry(1, "Mohammed AL-BINALI"))

    assert found(index, "Ben AIADY Muhammad") == scan([entry(1, "Mohammed AL-BINALI")], "Ben AIADY Muhammad")
    assert found(index, "Ben AIADY Muhammad")


def test_names_written_apart_are_found_by_their_consonants_whichever_side_has_no_vowels() -> None:
    latin, arabic = "MOHAMMED QASIM KHUDAI RAHIM", "محمد قاسم خدايرحيم"
    index, other = Index(), Index()
    index.put(entry(1, latin))
    other.put(entry(1, arabic))

    assert found(index, arabic) == scan([entry(1, latin)], arabic)
    assert found(index, arabic)
    assert found(other, latin) == scan([entry(1, arabic)], latin)
    assert found(other, latin)


def test_a_name_of_nothing_but_initials_is_found_whatever_stands_beside_them() -> None:
    listed = [entry(1, "B R C S.A.", kind=Kind.ORGANIZATION), entry(2, "Bravo Romeo")]
    index = Index()
    for designation in listed:
        index.put(designation)

    for query in ("B R C", "B R C Muhammad", "C B R"):
        assert found(index, query) == scan(listed, query), query
    assert found(index, "B R C")


@pytest.mark.parametrize(
    ("name", "query"),
    [("B R C S.A.", "C B R"), ("B R C", "R B C"), ("A B Company", "B A"), ("A B Company", "A B Ltd")],
)
def test_initials_alone_are_found_in_another_order_and_beside_a_legal_form(name: str, query: str) -> None:
    """Not as the same letters in a row, by which the name would be found anyway."""
    listed = [entry(1, name), entry(2, "Bravo Romeo")]

    assert found(index_of(listed), query) == scan(listed, query) == {("test:1", listed[0].name)}


@pytest.mark.parametrize(
    ("name", "query"), [("Omar Kim Petrov Korolev", "Omar Petrov Kim Ko"), ("Petrov Li Juan", "Petrov Li Ju")]
)
def test_a_name_is_found_whose_last_word_is_cut_to_two_letters(name: str, query: str) -> None:
    listed = [entry(1, name), entry(2, "Bravo Romeo")]

    assert found(index_of(listed), query) == scan(listed, query) == {("test:1", listed[0].name)}


def test_an_organisation_is_found_by_its_acronym_and_by_nothing_like_it() -> None:
    listed = [
        entry(1, "National Council Resistance Iran", kind=Kind.ORGANIZATION),
        entry(2, "Ivan Robert Grigory Cherny", kind=Kind.PERSON),
        entry(3, "Mine Agency Research Kiln", kind=Kind.ORGANIZATION),
    ]
    index = Index()
    for designation in listed:
        index.put(designation)

    assert found(index, "N.C.R.I.") == found(index, "NCRI Ltd") == {("test:1", listed[0].name)}
    for query in ("NCRI", "NCRK", "NCR", "NCRIX", "NCRI Trading Bank", "Mark", "NCRI Sidorov", "N C R I"):
        assert found(index, query) == scan(listed, query), query
    for query in ("NCRK", "NCR", "NCRIX", "NCRI Sidorov", "Mark"):
        assert not found(index, query), query


def test_replacing_a_designation_takes_its_old_names_out() -> None:
    index = Index()
    index.put(entry(1, "Versor LLC"))

    index.put(entry(1, "Verus LLC"))

    assert (found(index, "Versor LLC"), found(index, "Verus LLC")) == (set(), {("test:1", "Verus LLC")})


def test_of_names_that_are_alike_to_one_degree_the_first_comes_first_however_often_they_were_put() -> None:
    """A replay builds the list anew and must show the name that the worker showed, who amended it."""
    amended = entry(1, "VERSOR S.R.O.", "Versor LLC", "VERSOR Ltd", kind=Kind.ORGANIZATION)
    index = index_of([entry(2, "Ashot Mkrtychev"), amended])
    index.put(amended)
    index.remove("test:2")
    index.put(amended)

    assert [each.name.text for each, _, _ in index.search("Versor", None, 0.75)] == [
        name.text for name in amended.names
    ]


def test_removing_an_unknown_id_changes_nothing() -> None:
    index = Index()
    index.put(entry(1, "Versor LLC"))

    index.remove("test:9")

    assert len(index) == 1
