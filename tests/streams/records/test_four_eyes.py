"""Where two must look, what stands stays until a second person approves what replaces it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.cases.dispositions import (
    Disposition,
    Dispositions,
    Given,
    Proposal,
    SuppressionRules,
    Verdict,
)
from streams.kafka.log import oldest_first
from streams.records.dispositions import (
    KeyedRecord,
    approving,
    giving,
    overlooked,
    proposal_from_json,
    proposal_to_json,
    proposing,
    settling,
    take,
    withdrawing,
)
from streams.records.json import disposition_to_json

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
YEAR = timedelta(days=365)
TRUE = Disposition("party", "ofac:1", "listed", Verdict.TRUE_POSITIVE, "ann", "it is him", NOW + YEAR)
FALSE = replace(TRUE, verdict=Verdict.FALSE_POSITIVE, by="bob", reason="born 1984")
APPROVED = replace(FALSE, approved_by="cem")
PAIR = TRUE.key

RULES = SuppressionRules(four_eyes=True)


def told(disposition: Disposition) -> KeyedRecord:
    return disposition.key, disposition_to_json(disposition)


WITHDRAWN: KeyedRecord = PAIR, None
UNREADABLE: KeyedRecord = PAIR, b"{"


def known(*records: KeyedRecord, four_eyes: bool = True) -> Dispositions:
    """One record a second."""
    found = Dispositions(SuppressionRules(four_eyes))
    for second, (key, value) in enumerate(records):
        try:
            take(found, key.encode(), value, NOW.timestamp() + second)
        except ValueError:
            assert value == b"{"
    return found


def stands(*records: KeyedRecord, **rules: Any) -> Disposition | None:
    found = known(*records, **rules).of_pair(PAIR)
    return found.disposition if found else None


SHORTER = replace(TRUE, by="bob", until=NOW + timedelta(days=1))
ALONE = {
    "a false positive": told(FALSE),
    "no value": WITHDRAWN,
    "what cannot be read": UNREADABLE,
    "one that ends sooner": told(SHORTER),
    "a proposal": proposing(Proposal(PAIR, "bob", "another man", FALSE)),
    "a proposed withdrawal": proposing(Proposal(PAIR, "bob", "another man")),
}


@pytest.mark.parametrize("alone", ALONE.values(), ids=ALONE)
def test_one_person_alone_takes_no_true_positive_out_of_force(alone: KeyedRecord) -> None:
    assert stands(told(TRUE), alone) == TRUE
    assert stands(told(TRUE), alone, alone, UNREADABLE, WITHDRAWN) == TRUE


@pytest.mark.parametrize("alone", list(ALONE.values())[:4], ids=list(ALONE)[:4])
def test_one_does_where_nobody_asks_for_two(alone: KeyedRecord) -> None:
    assert stands(told(TRUE), alone, four_eyes=False) != TRUE


@pytest.mark.parametrize("proposed", [FALSE, SHORTER, None])
def test_two_people_replace_or_withdraw_a_true_positive(proposed: Disposition | None) -> None:
    proposal = Proposal(PAIR, "bob", "another man", proposed)
    both = replace(proposed, approved_by="cem", stood=TRUE.mark) if proposed else None
    before = [told(TRUE), proposing(proposal)]
    after = approving(proposal, "cem", Given(TRUE))
    for sent in range(1, len(after) + 1):  # whatever was sent when its writer was killed
        found = known(*before, *after[:sent])
        assert (found.of_pair(PAIR), found.waiting(PAIR)) == (both and found.of_pair(PAIR), None)
        assert stands(*before, *after[:sent]) == both
    with pytest.raises(ValueError, match="another person"):
        approving(proposal, "Bob ", None)


RENEWED = replace(TRUE, by="dan", until=TRUE.until + YEAR)


@pytest.mark.parametrize("proposed", [FALSE, SHORTER, None])
@pytest.mark.parametrize("seen", [None, TRUE, APPROVED])
def test_what_is_approved_takes_no_true_positive_out_of_force_that_came_meanwhile(
    proposed: Disposition | None, seen: Disposition | None
) -> None:
    """On two consoles at the same moment: the second person has not seen it."""
    proposal = Proposal(PAIR, "bob", "another man", proposed)
    before = [told(seen)] if seen else []
    after = approving(proposal, "cem", Given(seen) if seen else None)
    records = [*before, proposing(proposal), told(RENEWED), *after]
    found = known(*records)
    waiting = found.waiting(PAIR)
    settled = [record for record, _ in settling(found, [PAIR])]

    assert [*found] == [RENEWED]
    assert PAIR in found.unsettled
    assert overlooked(found, PAIR, proposal.approved)
    assert waiting is None or waiting.proposal == proposal  # for a second person who sees what stands now
    assert stands(*compacted([*records, *settled])) == RENEWED
    both = known(*records, *settled, *approving(proposal, "cem", found.of_pair(PAIR)))
    assert [each.verdict for each in both] == ([proposed.verdict] if proposed else [])


@pytest.mark.parametrize("four_eyes", [True, False])
def test_nor_does_what_one_person_gives_where_nobody_asks_for_two(four_eyes: bool) -> None:
    for coming in (FALSE, SHORTER, APPROVED):
        overlooking = told(replace(coming, stood=""))
        found = known(told(TRUE), overlooking, four_eyes=four_eyes)
        assert [*found] == [TRUE]
        assert PAIR in found.unsettled
        assert bool(found.waiting(PAIR)) is four_eyes
    knowing = told(replace(FALSE, stood=TRUE.mark))
    assert stands(told(TRUE), knowing, four_eyes=False) != TRUE


def test_what_says_of_nothing_that_it_stood_counts_as_it_always_did() -> None:
    later = told(replace(RENEWED, stood=""))
    ended = told(replace(TRUE, until=NOW))

    assert stands(told(TRUE), told(APPROVED)) == APPROVED
    assert b"stood" not in disposition_to_json(APPROVED) + proposal_to_json(Proposal(PAIR, "bob", "x", FALSE))
    assert stands(told(TRUE), later) == replace(RENEWED, stood="")
    assert stands(ended, told(replace(APPROVED, stood=""))) == replace(APPROVED, stood="")
    assert stands(told(APPROVED), told(replace(APPROVED, stood="")))


def test_what_withdraws_unseen_withdraws_nothing_that_has_not_ended() -> None:
    both = Proposal(PAIR, "bob", "another man", approved_by="cem", stood="")

    assert stands(told(TRUE), proposing(both)) == TRUE
    assert stands(told(replace(TRUE, until=NOW)), proposing(both)) is None


def test_what_releases_nothing_takes_effect_at_once() -> None:
    later = replace(TRUE, by="bob", until=TRUE.until + YEAR)

    assert stands(told(APPROVED), WITHDRAWN) is None
    assert stands(told(APPROVED), told(TRUE)) == TRUE
    assert stands(told(TRUE), told(later)) == later
    assert stands(told(FALSE), WITHDRAWN) is None


def test_an_approved_false_positive_stays_while_its_successor_waits() -> None:
    found = known(told(APPROVED), told(replace(FALSE, by="dan")))
    waiting = found.waiting(PAIR)

    assert [*found] == [APPROVED]
    assert waiting and waiting.proposal.by == "dan"


def test_a_true_positive_that_has_ended_holds_nothing_up() -> None:
    ended = replace(TRUE, until=NOW)

    assert stands(told(ended), WITHDRAWN) is None
    assert stands(told(ended), told(SHORTER)) == SHORTER


def test_a_proposal_is_over_when_what_it_would_replace_is_another() -> None:
    proposal = proposing(Proposal(PAIR, "bob", "another man", FALSE))
    renewed = told(replace(TRUE, until=TRUE.until + YEAR))

    assert known(told(TRUE), proposal).waiting(PAIR)
    assert known(told(TRUE), proposal, renewed).waiting(PAIR) is None
    assert known(told(TRUE), proposal, (f"proposed|{PAIR}", None)).waiting(PAIR) is None


def test_a_false_positive_that_nobody_approved_waits_as_it_always_did() -> None:
    found = known(told(FALSE))
    waiting = found.waiting(PAIR)

    assert waiting and waiting.proposal.disposition == FALSE
    assert known(told(FALSE), four_eyes=False).waiting(PAIR) is None
    assert stands(told(FALSE), told(APPROVED)) == APPROVED


def test_a_proposal_says_nothing_where_nobody_asks_for_two() -> None:
    proposal = Proposal(PAIR, "bob", "another man")
    both = replace(proposal, approved_by="cem")

    assert known(told(TRUE), proposing(proposal), four_eyes=False).waiting(PAIR) is None
    assert stands(told(TRUE), proposing(proposal), four_eyes=False) == TRUE
    assert stands(told(TRUE), proposing(both), four_eyes=False) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"pair": "another|ofac:1"},
        {"by": ""},
        {"reason": " "},
        {"by": "cem"},
        {"approved_by": "Bob"},
        {"disposition": {}},
        {"disposition": "x"},
        {"pair": None},
    ],
)
def test_a_proposal_that_cannot_be_read_waits_for_nobody(wrong: dict[str, Any]) -> None:
    key, value = proposing(Proposal(PAIR, "bob", "another man", FALSE))
    found = known(told(TRUE))
    with pytest.raises(ValueError, match=r".+"):
        take(found, key.encode(), orjson.dumps(orjson.loads(value or b"") | wrong), NOW.timestamp())

    assert [*found] == [TRUE]
    assert found.waiting(PAIR) is None


def test_a_proposal_is_read_as_it_was_written() -> None:
    for said in (FALSE, None):
        for stood in (None, "", TRUE.mark):
            proposal = Proposal(PAIR, "bob", "another man", said, "cem", stood)
            assert proposal_from_json(proposal_to_json(proposal)) == proposal


def test_what_was_put_back_as_old_as_it_was_stands_behind_what_it_was_put_over() -> None:
    """Of several partitions the records are one history, in which each keeps its own order."""
    parts = [[(1, "a"), (5, "b"), (1, "b's place"), (9, "c")], [(2, "d"), (6, "e")], []]

    assert [name for _, name in oldest_first(parts, lambda each: each[0])] == [
        "a",
        "d",
        "b",
        "b's place",
        "e",
        "c",
    ]


def compacted(records: list[KeyedRecord]) -> list[KeyedRecord]:
    """The newest record of each key, in their order; none of what was withdrawn."""
    newest = {key: at for at, (key, _) in enumerate(records)}
    return [record for at, record in enumerate(records) if newest[record[0]] == at and record[1]]


@pytest.mark.parametrize("stood", [TRUE, APPROVED])
@pytest.mark.parametrize("over", [*list(ALONE.values())[:4]], ids=list(ALONE)[:4])
def test_what_was_written_over_what_stands_is_settled_before_compaction_loses_it(
    stood: Disposition, over: KeyedRecord
) -> None:
    records = [told(stood), over]
    before = known(*records)
    settled = [*settling(before, before.unsettled)]
    records += [record for record, _ in settled]
    after, left = known(*records), known(*compacted(records))

    assert [*left] == [*after] == [*before]
    assert [each.proposal for each in left.proposed()] == [each.proposal for each in before.proposed()]
    assert not after.unsettled
    assert not [*settling(after, after.unsettled)]
    assert [came for _, came in settled] in ([], [NOW], [NOW, NOW + timedelta(seconds=1)])


STEPS = st.tuples(
    st.sampled_from(["true", "false", "withdraw", "approve"]),
    st.sampled_from(["ann", "bob", "cem"]),
    st.integers(1, 4),
)


@settings(max_examples=40)
@given(st.lists(STEPS, max_size=8))
def test_compaction_loses_nothing_that_stands_and_one_alone_releases_nothing(
    steps: list[tuple[str, str, int]],
) -> None:
    """Whatever people do with the command line and the console, in whatever order."""
    records: list[KeyedRecord] = []
    for what, person, years in steps:
        before = known(*records)
        given, waiting = before.of_pair(PAIR), before.waiting(PAIR)
        verdict = Verdict.TRUE_POSITIVE if what == "true" else Verdict.FALSE_POSITIVE
        said = replace(TRUE, verdict=verdict, by=person, until=NOW + years * YEAR)
        two = False
        if what in ("true", "false"):
            records.append(giving(said, RULES, given))
        elif what == "withdraw" and given:
            proposal = Proposal(PAIR, person, "another man")
            records += [proposing(proposal)] if RULES.keeps(given, None, NOW) else withdrawing(PAIR)
        elif what == "approve" and waiting and waiting.proposal.by != person:
            two = True
            records += approving(waiting.proposal, person, given)
        after, left = known(*records), known(*compacted(records))
        assert [*left] == [*after]
        assert [each.proposal for each in left.proposed()] == [each.proposal for each in after.proposed()]
        assert not after.unsettled
        if given and given.disposition.verdict is Verdict.TRUE_POSITIVE and not two:
            (now,) = after
            assert now.verdict is Verdict.TRUE_POSITIVE
            assert now.until >= given.disposition.until
        assert two or not any(one.verdict is Verdict.FALSE_POSITIVE for one in {*after} - {*before})
