"""The gate by itself: every payment leaves it once, and a second time only from where it was stopped."""

import random
from collections import Counter
from dataclasses import replace

import pytest

from screening.cases.dispositions import Verdict
from screening.cases.releases import Release, Word
from screening.policy.answers import USUAL, AnswerPolicy, Cause, Course, RailReplies, Reply
from streams.answers.gate import Gate
from streams.answers.moves import Move
from streams.kafka.log import Place
from streams.records.answers import Reference
from streams.records.dispositions import release_to_json
from streams.records.stops import MOST_NAMED, Stop, StoppedHit, stop_from_json, stop_to_json
from tests.streams.answers.made import AT, HIT, OTHER, judge, new_gate, said, speak, waiting

INSTANT = RailReplies(
    frozenset({"sepa_instant"}),
    {
        Cause.UNANSWERED: Reply(Course.REJECT, "RJCT", "AB05"),
        Cause.HOLD: Reply(Course.REJECT, "RJCT", "RR04"),
    },
    5.0,
)


def left(gate: Gate, now: float = AT) -> list[tuple[int, str, str]]:
    """What leaves now: offset, cause and course."""
    return [told(move) for move in gate.moves(now)]


def told(move: Move) -> tuple[int, str, str]:
    return move.place.offset, str(move.cause), str(move.reply.course)


def test_a_clear_payment_is_released_and_a_hit_is_stopped() -> None:
    gate, _ = new_gate()
    for offset, cause in enumerate((Cause.CLEAR, Cause.HOLD, Cause.REVIEW, Cause.ERROR)):
        gate.read(waiting(offset))
        gate.decided(said(offset, cause, *([HIT] if cause in (Cause.HOLD, Cause.REVIEW) else [])))

    assert left(gate) == [
        (0, "clear", "release"),
        (1, "hold", "stop"),
        (2, "review", "stop"),
        (3, "error", "stop"),
    ]
    assert (gate.waiting, len(gate.stops)) == (0, 3)


def test_a_decision_that_comes_before_its_payment_is_read_waits_for_it() -> None:
    gate, _ = new_gate()
    gate.decided(said(0))
    assert left(gate) == []
    assert gate.decisions({0: 1}) == {0: 0}

    gate.read(waiting(0))

    assert left(gate) == [(0, "clear", "release")]
    assert gate.decisions({0: 1}) == {0: 1}


def test_records_leave_in_their_order() -> None:
    gate, _ = new_gate()
    for offset in range(3):
        gate.read(waiting(offset))
    gate.decided(said(2))
    gate.decided(said(1))
    assert left(gate) == []
    assert gate.payments() == {0: 0, 1: 0}

    gate.decided(said(0))

    assert [offset for offset, *_ in left(gate)] == [0, 1, 2]
    assert gate.payments() == {0: 3, 1: 0}


def test_a_record_of_several_payments_goes_as_a_whole_by_the_strictest() -> None:
    gate, _ = new_gate()
    gate.read(waiting(0))
    gate.decided(said(0, Cause.CLEAR, number=1, count=2, at=0))
    assert left(gate) == []

    gate.decided(said(0, Cause.HOLD, HIT, number=2, count=2, at=1))

    assert left(gate) == [(0, "hold", "stop")]


@pytest.mark.parametrize(("first", "then"), [(Cause.CLEAR, Cause.HOLD), (Cause.HOLD, Cause.CLEAR)])
def test_of_two_decisions_that_differ_the_stricter_counts_until_it_is_answered(
    first: Cause, then: Cause
) -> None:
    gate, _ = new_gate()
    gate.read(waiting(0))
    gate.decided(said(0, first, at=0))
    gate.decided(said(0, then, at=1))

    assert left(gate) == [(0, "hold", "stop")]
    assert gate.decisions({0: 2}) == {0: 2}


def test_a_decision_that_is_repeated_after_the_answer_changes_nothing() -> None:
    gate, _ = new_gate()
    gate.read(waiting(0))
    gate.decided(said(0))
    assert left(gate) == [(0, "clear", "release")]

    gate.decided(said(0, Cause.HOLD, HIT, at=1))

    assert left(gate) == []
    assert len(gate.stops) == 0


def test_it_is_released_when_every_hit_is_a_false_positive_and_not_before() -> None:
    gate, judged = new_gate()
    gate.read(waiting(0))
    gate.decided(said(0, Cause.HOLD, HIT, OTHER))
    left(gate)
    judge(gate, judged, HIT, Verdict.FALSE_POSITIVE)
    assert left(gate) == []

    judge(gate, judged, OTHER, Verdict.FALSE_POSITIVE)

    assert left(gate) == [(0, "false_positive", "release")]
    judge(gate, judged, OTHER, Verdict.FALSE_POSITIVE)
    judge(gate, judged, OTHER, Verdict.TRUE_POSITIVE)
    assert left(gate) == []


def test_one_true_hit_rejects_whatever_the_others_are() -> None:
    gate, judged = new_gate()
    gate.read(waiting(0))
    gate.decided(said(0, Cause.HOLD, HIT, OTHER))
    left(gate)
    judge(gate, judged, OTHER, Verdict.TRUE_POSITIVE)

    assert left(gate) == [(0, "true_positive", "reject")]
    judge(gate, judged, HIT, Verdict.FALSE_POSITIVE)
    assert left(gate) == []


def test_four_eyes_release_and_two_do_not() -> None:
    gate, judged = new_gate(four_eyes=True)
    gate.read(waiting(0))
    gate.decided(said(0, Cause.HOLD, HIT))
    left(gate)
    judge(gate, judged, HIT, Verdict.FALSE_POSITIVE)
    speak(gate, judged, Place(0, 0), Word.RELEASE)
    assert left(gate) == []

    judge(gate, judged, HIT, Verdict.FALSE_POSITIVE, approved_by="bob")

    assert left(gate) == [(0, "false_positive", "release")]


def test_with_four_eyes_a_confirmed_pair_is_rejected_whatever_one_person_says_then() -> None:
    gate, judged = new_gate(four_eyes=True)
    judge(gate, judged, HIT, Verdict.TRUE_POSITIVE)
    judge(gate, judged, HIT, Verdict.FALSE_POSITIVE)
    judged.take(f"{HIT.fingerprints[0]}|{HIT.designation_id}".encode(), None, AT)
    gate.read(waiting(0))
    gate.decided(said(0, Cause.HOLD, HIT))

    assert left(gate)[-1] == (0, "true_positive", "reject")


def test_a_disposition_on_the_designation_as_it_is_now_does_not_judge_the_hit_on_what_it_was() -> None:
    gate, judged = new_gate()
    gate.read(waiting(0))
    gate.decided(said(0, Cause.HOLD, HIT._replace(designation_fingerprint="as it was")))
    left(gate)

    judge(gate, judged, HIT, Verdict.FALSE_POSITIVE)

    assert left(gate) == []


def test_a_disposition_that_came_first_releases_right_behind_the_stop() -> None:
    gate, judged = new_gate()
    judge(gate, judged, HIT, Verdict.FALSE_POSITIVE)
    gate.read(waiting(0))
    gate.decided(said(0, Cause.HOLD, HIT))

    assert left(gate) == [(0, "hold", "stop"), (0, "false_positive", "release")]
    assert gate.stops.changed == {Place(0, 0): None}


def test_a_payment_with_hits_that_the_decision_left_out_is_released_by_a_persons_word_alone() -> None:
    gate, judged = new_gate()
    gate.read(waiting(0))
    gate.decided(said(0, Cause.HOLD, HIT, whole=False))
    left(gate)
    judge(gate, judged, HIT, Verdict.FALSE_POSITIVE)
    assert left(gate) == []

    speak(gate, judged, Place(0, 0), Word.RELEASE)

    assert left(gate) == [(0, "false_positive", "release")]


@pytest.mark.parametrize(("word", "course"), [(Word.RELEASE, "release"), (Word.REJECT, "reject")])
def test_a_persons_word_ends_an_error(word: Word, course: str) -> None:
    gate, judged = new_gate()
    gate.read(waiting(0))
    gate.decided(said(0, Cause.ERROR))
    left(gate)

    speak(gate, judged, Place(0, 0), word)

    assert [each[2] for each in left(gate)] == [course]


def test_what_is_not_decided_by_its_deadline_is_stopped_and_stays_so() -> None:
    gate, _ = new_gate()
    gate.read(waiting(0, due=AT + 60))
    assert left(gate, AT + 59) == []
    assert left(gate, AT + 60) == [(0, "unanswered", "stop")]

    gate.decided(said(0))

    assert left(gate, AT + 61) == []
    assert len(gate.stops) == 1


def test_one_decided_clear_and_answered_too_late_is_not_released() -> None:
    gate, _ = new_gate()
    gate.read(waiting(0, due=AT))
    gate.decided(said(0))

    assert left(gate, AT + 1) == [(0, "unanswered", "stop")]


@pytest.mark.parametrize(
    ("cause", "policy", "leaves"),
    [
        (Cause.HOLD, AnswerPolicy(), "hold stop"),
        (Cause.ERROR, AnswerPolicy(late=Course.RELEASE), "error stop"),
        (Cause.CLEAR, AnswerPolicy(late=Course.RELEASE), "clear release"),
        (Cause.HOLD, AnswerPolicy(rails=(INSTANT,)), "unanswered reject"),
    ],
)
def test_one_answered_too_late_keeps_the_cause_that_releases_nothing(
    cause: Cause, policy: AnswerPolicy, leaves: str
) -> None:
    gate, _ = new_gate(policy)
    gate.read(waiting(0, due=AT, rail="sepa_instant"))
    gate.decided(said(0, cause, HIT))

    assert [" ".join(each[1:]) for each in left(gate, AT)] == [leaves]


def test_one_that_was_stopped_before_its_turn_waits_on_when_those_before_it_have_left() -> None:
    gate, _ = new_gate()
    gate.read(waiting(0))
    gate.read(waiting(1, due=AT))
    assert left(gate, AT) == [(1, "unanswered", "stop")]
    gate.decided(said(0))

    assert left(gate, AT) == [(0, "clear", "release")]
    assert len(gate.stops) == 1
    assert gate.stops.changed[Place(0, 1)] is not None


def test_a_late_clear_decision_releases_where_the_policy_says_so() -> None:
    gate, _ = new_gate(AnswerPolicy(late=Course.RELEASE))
    gate.read(waiting(0, due=AT))
    assert left(gate, AT) == [(0, "unanswered", "stop")]

    gate.decided(said(0))

    assert left(gate, AT + 1) == [(0, "clear", "release")]


def test_those_that_are_freed_together_leave_in_the_order_of_their_records() -> None:
    gate, _ = new_gate(AnswerPolicy(late=Course.RELEASE))
    gate.read(waiting(0))
    gate.read(waiting(1))
    assert [move.place.offset for move in gate.moves(AT + 60)] == [0, 1]

    gate.decided(said(1))
    gate.decided(said(0))

    assert [move.place.offset for move in gate.moves(AT + 61)] == [0, 1]


def test_a_stop_names_its_payments_as_far_as_they_are_known() -> None:
    gate, _ = new_gate()
    named = tuple(Reference(f"P-{number}") for number in range(2 * MOST_NAMED))
    gate.read(replace(waiting(0, due=AT), references=(Reference(), *named)))
    left(gate, AT)
    (stop,) = gate.stops.changed.values()
    assert stop and stop.payment_ids == tuple(each.payment_id for each in named[:MOST_NAMED])
    assert stop_from_json(stop_to_json(stop)) == stop

    gate.decided(said(0, Cause.HOLD, HIT))
    (stop,) = gate.stops.changed.values()
    assert stop and len(stop.payment_ids) == 1
    assert stop.payment_ids[0] == said(0).payment_id


def test_hits_that_are_decided_late_can_be_judged() -> None:
    gate, judged = new_gate()
    gate.read(waiting(0, due=AT))
    left(gate, AT)
    gate.decided(said(0, Cause.HOLD, HIT))
    assert left(gate, AT + 1) == []

    judge(gate, judged, HIT, Verdict.FALSE_POSITIVE)

    assert left(gate, AT + 2) == [(0, "false_positive", "release")]


def test_decisions_of_a_record_that_come_one_by_one_and_late_are_judged_together() -> None:
    gate, judged = new_gate()
    gate.read(waiting(0, due=AT))
    left(gate, AT)
    gate.decided(said(0, Cause.HOLD, HIT, number=1, count=2, at=5))
    judge(gate, judged, HIT, Verdict.FALSE_POSITIVE)
    assert left(gate, AT + 1) == []

    gate.decided(said(0, Cause.HOLD, OTHER, number=2, count=2, at=6))
    assert left(gate, AT + 2) == []
    judge(gate, judged, OTHER, Verdict.FALSE_POSITIVE)
    assert left(gate, AT + 3) == [(0, "false_positive", "release")]


@pytest.mark.parametrize("other", ["payments-0@1", "payments-0@3"])
def test_a_word_under_the_key_of_another_record_is_none(other: str) -> None:
    _, judged = new_gate()
    word = release_to_json(Release(other, Word.RELEASE, "ann", "why"))

    with pytest.raises(ValueError, match=rf"^the record's key must be event\|{other}$"):
        judged.take(b"event|payments-0@2", word, AT)
    assert judged.word(Place(0, 2), AT) is None
    assert judged.take(b"event|another-0@2", b"of another topic", AT) is None


def test_an_instant_payment_leaves_by_its_deadline_whatever_stands_before_it_and_for_good() -> None:
    gate, judged = new_gate(AnswerPolicy(USUAL, 3600, rails=(INSTANT,)))
    gate.read(waiting(0, due=AT + 3600))
    gate.read(waiting(1, due=AT + 5, rail="sepa_instant"))
    assert left(gate, AT + 5) == [(1, "unanswered", "reject")]
    assert gate.payments()[0] == 0
    assert gate.stops.changed[Place(0, 1)] == Stop(Cause.UNANSWERED, ended=True)

    gate.decided(said(1))
    speak(gate, judged, Place(0, 1), Word.RELEASE)
    gate.decided(said(0))

    assert left(gate, AT + 6) == [(0, "clear", "release")]
    assert gate.payments()[0] == 2
    assert gate.stops.changed[Place(0, 1)] is None


def test_more_stops_than_are_followed_are_forgotten_the_oldest_first() -> None:
    gate, judged = new_gate(most_open=2)
    for offset in range(3):
        gate.read(waiting(offset))
        gate.decided(said(offset, Cause.HOLD, StoppedHit((f"party {offset}",), "ofac:1", "listed")))
    left(gate)
    assert (len(gate.stops), gate.stops.forgotten) == (2, 1)

    for offset in (0, 1):
        judge(gate, judged, StoppedHit((f"party {offset}",), "ofac:1", "listed"), Verdict.FALSE_POSITIVE)

    assert left(gate) == [(1, "false_positive", "release")]


def test_decisions_about_records_that_are_not_there_are_let_go_of() -> None:
    gate, _ = new_gate()
    for offset in range(5):
        gate.decided(said(1000 + offset))
    assert gate.unused(0) == 5

    assert gate.drop_unseen() == 5

    assert (gate.unused(0), gate.decisions({0: 5})) == (0, {0: 5})


def test_a_record_that_holds_more_payments_than_are_read_ahead_stops_no_reading() -> None:
    gate, _ = new_gate()
    gate.decided(said(0, number=1, count=4, at=0))
    assert gate.unused(0) == 1
    gate.read(waiting(0))
    for number in (2, 3):
        gate.decided(said(0, number=number, count=4, at=number))
    assert (gate.unused(0), left(gate)) == (0, [])

    gate.decided(said(0, number=4, count=4, at=4))

    assert left(gate) == [(0, "clear", "release")]


def test_decisions_about_a_record_that_holds_no_payment_are_let_go_of() -> None:
    gate, _ = new_gate()
    gate.decided(said(0))
    gate.passed(Place(0, 0))

    assert (gate.unused(0), gate.decisions({0: 1})) == (0, {0: 1})


def test_a_word_that_is_older_than_its_stop_is_about_another_record() -> None:
    gate, judged = new_gate()
    speak(gate, judged, Place(0, 0), Word.RELEASE)
    gate.read(waiting(0, due=AT + 2e5))
    gate.decided(said(0, Cause.HOLD, HIT))
    assert left(gate, AT + 1e5) == [(0, "hold", "stop")]
    assert left(gate, AT + 1e5) == []

    speak(gate, judged, Place(0, 0), Word.RELEASE, at=AT + 1e5)

    assert left(gate, AT + 1e5) == [(0, "false_positive", "release")]


def test_deadlines_of_what_is_answered_take_no_memory() -> None:
    gate, _ = new_gate()
    for offset in range(20_000):
        gate.read(waiting(offset))
        gate.decided(said(offset))
        if offset % 100 == 99:
            assert len(left(gate)) == 100

    assert len(gate._dues) < 2500
    assert (gate.waiting, len([*gate._heard.places()]), gate.unused(0)) == (0, 0, 0)


@pytest.mark.parametrize("seed", range(8))
def test_whatever_comes_in_whatever_order_and_however_often_it_begins_anew_each_is_answered_right(
    seed: int,
) -> None:
    """Killed at any moment: what was not committed is gone, and the next gate begins with what was."""
    rng = random.Random(seed)
    world = World(rng)
    for _ in range(250):
        rng.choice((world.pay, world.decide, world.decide, world.answer, world.judge, world.restart))()
    world.finish()

    assert world.wrong() == []


class World:
    """Topics as lists, a gate that reads them, and commits that hold all of a step or nothing."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.policy = AnswerPolicy(USUAL, 30, rails=(INSTANT,))
        self.payments: dict[int, list[tuple[float, str | None, int]]] = {0: [], 1: []}
        self.decisions: dict[int, list[Place]] = {0: [], 1: []}
        self.said: list[tuple[Place, int, int, Cause]] = []
        self.truth: dict[Place, list[Cause]] = {}
        self.now = AT
        self.moves: list[Move] = []
        self.stops: dict[Place, Stop] = {}
        self.committed = ({0: 0, 1: 0}, 0)
        self.judgements: list[tuple[StoppedHit, Verdict]] = []
        self._begin()

    def _begin(self) -> None:
        self.gate, self.judged = new_gate(self.policy)
        self.read, self.heard = dict(self.committed[0]), self.committed[1]
        for hit, verdict in self.judgements:
            judge(self.gate, self.judged, hit, verdict)
        for place, stop in self.stops.items():
            self.gate.stops.restore(place, stop)
        for partition, offset in self.read.items():
            self.gate.start(partition, offset)

    restart = _begin

    def pay(self) -> None:
        rail = self.rng.choice((None, "sepa_instant"))
        due = self.now + (5 if rail else 30)
        self.payments[self.rng.randrange(2)].append((due, rail, self.rng.choice((1, 1, 1, 3))))

    def decide(self) -> None:
        """A worker decides the next records of a partition, and some of them again, perhaps otherwise."""
        partition = self.rng.randrange(2)
        known = [place for place in self.truth if place.partition == partition]
        begin = max(0, len(known) - self.rng.randrange(3))
        for offset in range(begin, min(begin + 4, len(self.payments[partition]))):
            count = self.payments[partition][offset][2]
            causes = [self.rng.choice((Cause.CLEAR, Cause.CLEAR, Cause.HOLD)) for _ in range(count)]
            self.truth.setdefault(Place(partition, offset), causes)
            for number, cause in enumerate(causes, 1):
                self.said.append((Place(partition, offset), number, count, cause))

    def judge(self) -> None:
        hit = StoppedHit((f"party {self.rng.randrange(5)}",), "ofac:1", "listed")
        verdict = self.rng.choice((Verdict.FALSE_POSITIVE, Verdict.TRUE_POSITIVE))
        self.judgements.append((hit, verdict))
        judge(self.gate, self.judged, hit, verdict)

    def answer(self) -> None:
        """One step; killed in the midst of it, nothing of it was."""
        self.now += self.rng.choice((0, 0, 1, 3))
        for partition, records in self.payments.items():
            for offset in range(self.read[partition], self.rng.randint(self.read[partition], len(records))):
                due, rail, _ = records[offset]
                self.gate.read(waiting(offset, partition=partition, due=due, rail=rail))
                self.read[partition] = offset + 1
        for at in range(self.heard, self.rng.randint(self.heard, len(self.said))):
            place, number, count, cause = self.said[at]
            hits = [StoppedHit((f"party {place.offset % 5}",), "ofac:1", "listed")] * (cause is Cause.HOLD)
            self.gate.decided(
                replace(
                    said(place.offset, cause, *hits, partition=place.partition, number=number, count=count),
                    place=Place(0, at),
                )
            )
            self.heard = at + 1
        moves = [*self.gate.moves(self.now)]
        if self.rng.random() < 0.1:
            self._begin()
            return
        self.moves += moves
        for place, stop in self.gate.stops.changed.items():
            if stop is None:
                self.stops.pop(place, None)
            else:
                self.stops[place] = stop
        self.gate.stops.changed = {}
        self.committed = (self.gate.payments(), self.gate.decisions({0: self.heard})[0])

    def finish(self) -> None:
        self.now += 100
        self.rng = random.Random(1)
        for _ in range(60):
            self.answer()

    def wrong(self) -> list[str]:
        """Payments in neither, answered twice, or released without a reason."""
        first = Counter(move.place for move in self.moves if not move.follows)
        last = Counter(move.place for move in self.moves if move.follows)
        stopped = {m.place for m in self.moves if not m.follows and m.reply.course is Course.STOP}
        every = [Place(p, offset) for p, records in self.payments.items() for offset in range(len(records))]
        found = [f"{place} answered {first[place]} times" for place in every if first[place] != 1]
        found += [f"{place} ended {last[place]} times" for place in last if last[place] != 1]
        found += [f"{place} ended and was not stopped" for place in last if place not in stopped]
        for move in self.moves:
            if move.reply.course is Course.RELEASE and move.cause not in (Cause.CLEAR, Cause.FALSE_POSITIVE):
                found.append(f"{move.place} released as {move.cause}")
        return found
