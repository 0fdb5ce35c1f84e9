"""Where the auditor draws its lines: each time, number and count on the line, and one beyond it."""

import pytest

from streams.audit.auditor import CLOCKS_MS, Auditor, Gap, _add
from streams.audit.beginnings import Beginnings, Mark
from streams.audit.chain import Entry
from streams.kafka.topics import CUSTOMER_ALERTS
from tests.streams.audit.forgeries import ALERTS, AUDIT, C0, D0, DECISIONS, KEY, Written, seal_of

MINUTE, HOUR = 60_000, 3_600_000


def audited(made: Written, **begins: int) -> Auditor:
    """Everything that was written, the audit topic first; `begins` is what retention left of `decisions`."""
    auditor = Auditor(KEY)
    for at in sorted(made.topics, key=lambda at: (at[0] != AUDIT, at)):
        for entry in made.topics[at]:
            auditor.take(entry, begins_at=begins.get(at[0].rpartition(".")[2], 0))
    return auditor


def told(auditor: Auditor) -> list[str]:
    return [finding.problem for finding in (*auditor.findings, *auditor.at_end())]


def decided(*offsets: int) -> Written:
    made = Written()
    for offset in offsets:
        made.decide(made.chain("s"), offset)
    return made


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("apart_ms", "found"), [(15 * MINUTE, False), (15 * MINUTE + 1, True)])
def test_a_record_may_be_stamped_a_quarter_of_an_hour_from_its_seal(
    apart_ms: int, found: bool, sign: int
) -> None:
    made = decided(1)
    (entry,) = made.topics[D0]
    made.topics[D0] = [entry._replace(timestamp=entry.timestamp + sign * apart_ms)]

    assert told(audited(made)) == (["its time is not that of its seal"] if found else [])


@pytest.mark.parametrize(("later_ms", "found"), [(5 * MINUTE, False), (5 * MINUTE + 1, True)])
def test_a_producer_repeats_within_five_minutes(later_ms: int, found: bool) -> None:
    """By the seals' times: of the record that comes again, and of the newest that came before."""
    made = decided(1)
    made.now_ms += later_ms - 100  # writing is another 100 ms
    made.write(made.chain("another"), DECISIONS, 0, {"payment_id": "P"})
    made.append(D0, made.topics[D0][0])

    auditor = audited(made)
    assert told(auditor) == (["a copy of number 0 of session s, long after it"] if found else [])
    assert auditor.repeats == (0 if found else 1)


@pytest.mark.parametrize(("later_ms", "found"), [(5 * MINUTE, False), (5 * MINUTE + 1, True)])
def test_a_tables_older_record_comes_again_within_five_minutes(later_ms: int, found: bool) -> None:
    made = Written()
    at = CUSTOMER_ALERTS.name, 0
    made.write(made.chain("s", "customers"), *at, {"payment_id": "C"})
    made.now_ms += later_ms - 100
    made.write(made.chain("s"), *at, {"payment_id": "D"})
    made.append(at, made.topics[at][0])
    made.append(at, made.topics[at][1])

    assert told(audited(made)) == (["a copy of number 0 of session s, long after it"] if found else [])


def test_ten_thousand_records_of_a_session_are_remembered_for_their_repeats() -> None:
    made = Written()
    chain = made.chain("s")
    for _ in range(10_001):
        made.now_ms -= 100
        made.write(chain, DECISIONS, 0, {"payment_id": "P"})
    entries = made.topics[D0]

    assert told(audited(made)) == []
    for first, problem in ((1, []), (0, ["number 0 of session s comes again with another seal"])):
        made.topics[D0] = [*entries, *entries[first:]]
        assert told(audited(made))[:1] == problem


def test_what_is_taken_out_is_told_by_its_numbers() -> None:
    numbers = (
        ((1,), "number 1"),
        ((1, 2), "numbers 1 to 2"),
        ((0,), "number 0"),
        ((1, 2, 3), "numbers 1 to 3"),
    )
    for gone, which in numbers:
        made = decided(1, 2, 3, 5, 6)
        made.topics[D0] = [each for place, each in enumerate(made.topics[D0]) if place not in gone]

        assert told(audited(made)) == [f"taken out before it: {which} of session s"]


def test_payments_without_a_decision_are_told_by_their_offsets() -> None:
    one, three = Gap("t-payments", 2, 7, 8), Gap("t-payments", 2, 7, 10)

    assert (one.finding().place, one.finding().problem) == (
        "t-payments-2@7",
        "no decision about the payment at offset 7",
    )
    assert three.finding().problem == "no decision about the payment at offsets 7 to 9"


def test_gaps_are_between_decisions_and_before_the_last_settled_one() -> None:
    made = decided(1, 2, 5, 6, 9)
    auditor = audited(made)
    assert list(auditor.undecided()) == [Gap("t-payments", 0, 3, 5), Gap("t-payments", 0, 7, 9)]

    sealed = [seal_of(entry).at_ms for entry in made.topics[D0]]
    for settled_before_ms, gaps in ((sealed[-1], 1), (sealed[-1] + 1, 2), (sealed[2], 0), (sealed[2] + 1, 1)):
        auditor = Auditor(KEY)
        auditor.settled_before_ms = settled_before_ms
        for entry in made.topics[D0]:
            auditor.take(entry)
        assert len(list(auditor.undecided())) == gaps


P0 = ("t-payments", 0)


@pytest.mark.parametrize(
    ("offsets", "first", "passed", "gaps"),
    [
        ((3, 4), 0, 5, [(0, 3)]),
        ((3, 4), 0, 9, [(0, 3), (5, 9)]),
        ((3, 6), 1, 9, [(4, 6), (1, 3), (7, 9)]),
        ((3, 4), 3, 5, []),
        ((3, 4), 6, 9, [(6, 9)]),
        ((3, 4), 0, 2, [(0, 2)]),
        ((3, 4), 4, 4, []),
        ((), 0, 4, [(0, 4)]),
        ((), 2, 2, []),
    ],
)
def test_what_the_workers_have_passed_is_decided_from_its_first_offset_to_the_last(
    offsets: tuple[int, ...], first: int, passed: int, gaps: list[tuple[int, int]]
) -> None:
    """Somebody set the group's place forward: nothing was found before another payment was decided, nor where
    nothing had been decided before."""
    auditor = audited(decided(*offsets))
    auditor.committed(*P0, first, passed)

    assert list(auditor.undecided()) == [Gap(*P0, *gap) for gap in gaps]


def test_what_is_kept_whole_begins_with_the_partition_that_lost_the_most() -> None:
    made = decided(1, 2)
    auditor = Auditor(KEY)
    one, two = made.topics[D0]
    auditor.take(one)
    auditor.take(two._replace(partition=1))
    assert auditor.decisions_kept_since() is None

    auditor = audited(made, decisions=1)
    assert auditor.decisions_kept_since() == (seal_of(one).at_ms + CLOCKS_MS) / 1000


def test_a_decision_that_comes_while_the_audit_reads_closes_its_gap() -> None:
    made = decided(1, 2, 3)
    auditor = Auditor(KEY)
    for entry in (made.topics[D0][0], made.topics[D0][2]):
        auditor.take(entry)
    assert len(list(auditor.undecided())) == 1

    auditor.also_decided(made.topics[D0][1])
    assert list(auditor.undecided()) == []


def test_every_record_is_counted_and_each_session_has_its_last_seal() -> None:
    made = decided(4, 5)
    made.checkpoint(made.chain("s"))
    made.append(D0, Entry("", 0, 0, 0, b"P", b"{}", {}))
    auditor = audited(made)
    last = seal_of(made.topics[D0][1])

    assert (auditor.records, auditor.unsealed, auditor.checkpoints, auditor.repeats) == (5, 1, 1, 0)
    assert auditor.heads()["t-screening.decisions-0/s"] == f"1/{last.digest.hex()}"


def test_a_checkpoint_that_names_another_digest_or_a_later_number_is_found() -> None:
    made = decided(1, 2)
    other = Written(now_ms=made.now_ms)
    other.write(other.chain("s"), DECISIONS, 0, {"payment_id": "another"})
    other.write(other.chain("s"), DECISIONS, 0, {"payment_id": "another"})
    other.checkpoint(other.chain("s"))
    made.topics[C0] = other.topics[C0]
    assert told(audited(made)) == ["number 1 of session s is not what t-screening.audit-0@0 says"]

    made = decided(1, 2, 3)
    made.checkpoint(made.chain("s"))
    del made.topics[D0][2]
    assert told(audited(made)) == [
        "cut off at its end: numbers 2 to 2 of session s, which t-screening.audit-0@0 names"
    ]


def test_the_highest_number_that_anybody_names_is_what_a_session_must_have_come_to() -> None:
    made = Written()
    chain = made.chain("s")
    for number in range(1, 4):
        made.decide(chain, number)
        made.checkpoint(chain)
    del made.topics[D0][1:]

    assert told(audited(made)) == [
        "cut off at its end: numbers 1 to 2 of session s, which t-screening.audit-0@2 names"
    ]


@pytest.mark.parametrize(("earlier_ms", "found"), [(0, False), (1, False), (-1, True)])
def test_a_session_that_retention_may_have_taken_whole_is_no_finding(earlier_ms: int, found: bool) -> None:
    """It may, where what names it is no younger than the oldest record that is left."""
    made = Written()
    made.decide(made.chain("gone"), 1)
    made.checkpoint(made.chain("gone"))
    del made.topics[D0][:]
    made.now_ms += earlier_ms - 100
    made.decide(made.chain("left"), 2)

    assert told(audited(made, decisions=7)) == (
        ["every record of session gone is gone; t-screening.audit-0@0 names its number 0"] if found else []
    )
    assert len(told(audited(made, decisions=0))) == 1


@pytest.mark.parametrize(("apart_ms", "kept"), [(HOUR - 1, 1), (HOUR, 2)])
def test_a_mark_an_hour_is_kept_of_a_session(apart_ms: int, kept: int) -> None:
    """The second mark alone shows that number 5 was written after retention's edge."""
    marks = Beginnings()
    marks.note("p", "s", Mark(1, 0))
    marks.note("p", "s", Mark(3, apart_ms))

    found = marks.taken_out("p", "s", first=9, oldest_ms=-2 * HOUR - 1)
    assert found == Mark((1, 3)[kept - 1], (0, apart_ms)[kept - 1])


@pytest.mark.parametrize(
    ("first", "oldest_ms", "found"),
    [
        (4, 0, True),  # numbers 3 and before were written before the mark, number 3 after it
        (3, 0, True),
        (2, 0, False),  # the mark says of number 1, and the session begins right after it
        (3, 1, False),  # written two hours after the oldest that is left: retention may have taken it
        (3, -1, True),
    ],
)
def test_what_retention_cannot_have_taken_was_taken_out(first: int, oldest_ms: int, found: bool) -> None:
    marks = Beginnings()
    marks.note("p", "s", Mark(1, 2 * HOUR + 1))

    assert marks.taken_out("p", "s", first, oldest_ms) == (Mark(1, 2 * HOUR + 1) if found else None)
    assert marks.taken_out("another", "s", first, oldest_ms) is None


def test_a_first_checkpoint_marks_a_session_that_has_written_nothing_yet() -> None:
    marks = Beginnings()
    marks.began("s", 2 * HOUR + 1)

    assert marks.taken_out("p", "s", first=1, oldest_ms=0) == Mark(-1, 2 * HOUR + 1)
    assert marks.taken_out("p", "s", first=0, oldest_ms=0) is None


@pytest.mark.parametrize(
    ("offsets", "runs"),
    [
        ((5, 6, 7), [[5, 8]]),
        ((5, 7), [[5, 6], [7, 8]]),
        ((5, 7, 6), [[5, 8]]),
        ((7, 5), [[5, 6], [7, 8]]),
        ((7, 5, 6), [[5, 8]]),
        ((5, 6, 5), [[5, 7]]),
        ((5, 6, 9, 6), [[5, 7], [9, 10]]),
        ((5, 9, 7), [[5, 6], [7, 8], [9, 10]]),
        ((5, 9, 8), [[5, 6], [8, 10]]),
        ((5, 9, 6), [[5, 7], [9, 10]]),
        ((5, 9, 4), [[4, 6], [9, 10]]),
        ((5, 9, 3), [[3, 4], [5, 6], [9, 10]]),
    ],
)
def test_offsets_are_kept_as_runs(offsets: tuple[int, ...], runs: list[list[int]]) -> None:
    kept: list[list[int]] = []
    for offset in offsets:
        _add(kept, offset)

    assert kept == runs


def test_a_decision_that_names_an_alert_expects_it_and_a_clear_one_expects_none() -> None:
    made = decided(1, 4)  # the fourth hits
    assert told(audited(made)) == []

    del made.topics[ALERTS, 0]
    assert told(audited(made)) == [
        "every record of session s is gone; t-screening.decisions-0@1 names its number 0"
    ]


@pytest.mark.parametrize("checkpoints_first", [True, False])
def test_a_digest_that_somebody_names_is_compared_whoever_names_the_number_too(
    checkpoints_first: bool,
) -> None:
    """A decision names its alert's number alone, a checkpoint its digest too."""
    made, other = decided(4), Written()
    other.write(other.chain("s"), ALERTS, 0, {"payment_id": "another"})
    other.checkpoint(other.chain("s"))
    made.topics[C0] = other.topics[C0]
    auditor = Auditor(KEY)
    for at in sorted(made.topics, key=lambda at: (at[0] == AUDIT) != checkpoints_first):
        for entry in made.topics[at]:
            auditor.take(entry)

    assert told(auditor) == ["number 0 of session s is not what t-screening.audit-0@0 says"]


def test_a_first_record_that_is_missing_is_told_once_where_retention_took_nothing() -> None:
    made = decided(1)
    made.now_ms += 3 * HOUR
    made.checkpoint(made.chain("late"), "begin")
    for offset in (2, 3):
        made.decide(made.chain("late"), offset)
    del made.topics[D0][1]

    assert told(audited(made)) == ["taken out before it: number 0 of session late"]
    made = decided(1)
    made.now_ms += 3 * HOUR
    made.checkpoint(made.chain("late"), "begin")
    made.decide(made.chain("late"), 2)
    assert told(audited(made, decisions=7)) == []


def test_a_checkpoint_that_comes_again_is_one() -> None:
    made = decided(4)
    made.checkpoint(made.chain("s"))
    made.append(C0, made.topics[C0][0])
    auditor = audited(made)

    assert (auditor.checkpoints, auditor.repeats, told(auditor)) == (1, 1, [])
