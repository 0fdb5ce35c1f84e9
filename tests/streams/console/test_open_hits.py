"""Claims about what nobody has answered, told from alerts, updates and dispositions in bounded memory."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from screening.cases.dispositions import Proposal, SuppressionRules, Verdict
from streams.console.open_hits import LONGEST_PAIR, LONGEST_TEXT, OpenHits
from streams.kafka.raw.batches import Record
from streams.records.dispositions import proposal_to_json
from tests.streams.open_alerts import alert, given

Told = tuple[str, bytes | None]


def fold(*, most: int = 100, four_eyes: bool = False) -> "Fold":
    return Fold(OpenHits(SuppressionRules(four_eyes), most))


class Fold:
    """Records come one a second."""

    def __init__(self, hits: OpenHits) -> None:
        self.hits, self.came = hits, 0

    def alerts(self, *told: Told, at: float | None = None) -> "Fold":
        for each in told:
            self.hits.take_alert(self._record(each, at))
        return self

    def dispositions(self, *told: Told) -> "Fold":
        for each in told:
            self.hits.take_disposition(self._record(each, None))
        return self

    def _record(self, told: Told, at: float | None) -> Record:
        self.came += 1
        return Record(0, self.came, self.came if at is None else at, told[0].encode(), told[1], ())

    @property
    def parties(self) -> list[str]:
        return sorted(pair.partition("|")[0] for pair in self.hits.pairs({}))


def test_what_a_disposition_answers_is_no_work() -> None:
    told = fold().alerts(*(alert(number, party) for number, party in enumerate("abcd")))
    told.dispositions(given("a"), given("b", Verdict.TRUE_POSITIVE), given("c", of_list="as it was before"))
    told.dispositions(given("d"), (given("d")[0], None))

    assert told.parties == ["c", "d"]


@pytest.mark.parametrize("verdict", list(Verdict))
def test_what_is_alerted_after_its_disposition_ended_is_work(verdict: Verdict) -> None:
    """As the pair alerts again, or is held again, from then on."""
    until = datetime.fromtimestamp(100, UTC)
    told = fold().dispositions(given("a", verdict, until=until), given("b", verdict))
    told.alerts(alert(1, "a"), alert(2, "b"))
    assert told.parties == []
    assert told.alerts(alert(3, "a"), alert(4, "b"), at=100).parties == ["a"]


def test_a_false_positive_answers_for_the_longest_time_and_one_that_was_over_answers_nothing() -> None:
    rules = SuppressionRules(longest=timedelta(seconds=50))
    told = Fold(OpenHits(rules)).dispositions(given("a"), given("b", Verdict.TRUE_POSITIVE))
    told.dispositions(given("c", until=datetime.fromtimestamp(1, UTC)))

    assert told.alerts(*(alert(number, party) for number, party in enumerate("abc")), at=0.5).parties == ["c"]
    assert told.alerts(alert(4, "a"), alert(5, "b"), at=51).parties == ["a", "c"]


def test_a_record_that_speaks_of_another_pair_than_its_key_answers_neither() -> None:
    (key, _), (other, value) = given("a"), given("b")
    told = fold().alerts(alert(1, "a"), alert(2, "b")).dispositions((key, value))
    assert told.parties == ["a", "b"]
    assert told.dispositions((f"proposed|{other}", None)).parties == ["a", "b"]


def test_with_four_eyes_one_person_s_false_positive_stays_and_says_for_whom_it_waits() -> None:
    told = fold(four_eyes=True).alerts(alert(1, "a")).dispositions(given("a"))

    assert told.hits.pairs({})["a|ofac:1"].waits_for_approval_of == "J. Doe"


def test_what_waits_for_a_second_person_is_work_though_what_stands_answers_it() -> None:
    true, false = given("a", Verdict.TRUE_POSITIVE), given("a")
    for waits in (false, (true[0], None), (f"proposed|{true[0]}", WITHDRAWAL)):
        told = fold(four_eyes=True).alerts(alert(1, "a"), alert(1, "a", update={"state": "closed"}))
        assert told.dispositions(true).parties == []
        by = told.dispositions(waits).hits.pairs({}).get(true[0])
        assert (by and by.waits_for_approval_of) == (None if waits[1] is None else "J. Doe")
        assert told.dispositions(given("a", Verdict.TRUE_POSITIVE, until=LATER)).parties == []


def test_an_approved_disposition_answers_and_a_withdrawn_one_answers_nothing() -> None:
    true = given("a", Verdict.TRUE_POSITIVE)
    told = fold(four_eyes=True).alerts(alert(1, "a")).dispositions(true)
    both = orjson.dumps(orjson.loads(WITHDRAWAL) | {"approved_by": "bob"})
    assert told.dispositions((f"proposed|{true[0]}", both)).parties == ["a"]


def test_what_waits_without_an_alert_that_is_held_is_counted() -> None:
    told = (
        fold(four_eyes=True).alerts(alert(1, "b")).dispositions(given("a", Verdict.TRUE_POSITIVE), given("b"))
    )
    told.dispositions(("proposed|a|ofac:1", WITHDRAWAL))

    pairs = told.hits.pairs({})
    assert (list(pairs), told.hits.waiting_beside(pairs)) == (["b|ofac:1"], 1)


LATER = datetime(2101, 1, 1, tzinfo=UTC)
WITHDRAWAL = proposal_to_json(Proposal("a|ofac:1", "J. Doe", "another man"))


@pytest.mark.parametrize("length", [LONGEST_TEXT + 1, LONGEST_PAIR - len("|ofac:1")])
def test_a_pair_is_not_cut_so_that_its_disposition_finds_it_and_can_be_approved(length: int) -> None:
    party = "a" * length
    told = fold(four_eyes=True).alerts(alert(1, party)).dispositions(given(party))

    assert told.hits.pairs({})[f"{party}|ofac:1"].waits_for_approval_of == "J. Doe"


def test_an_alert_that_was_closed_is_no_work_and_a_delisted_one_says_so() -> None:
    told = fold().alerts(alert(1, "a"), alert(2, "b"))
    told.alerts(alert(1, "a", update={"state": "closed"}), alert(2, "b", update={"state": "superseded"}))

    assert told.parties == ["b"]
    assert told.hits.pairs({})["b|ofac:1"].states == {"superseded"}


def test_a_repeated_delivery_opens_no_alert_again_and_an_update_does() -> None:
    closed = alert(1, "a", update={"state": "closed"})
    told = fold(most=4).alerts(alert(1, "a"), closed, *(alert(number, "b") for number in range(2, 9)))

    assert told.alerts(alert(1, "a")).parties == ["b"]
    assert "a" in told.alerts(alert(1, "a", update={"state": "reopened"})).parties


def test_of_too_many_the_oldest_and_the_newest_are_held_and_those_between_counted() -> None:
    told = fold(most=64).alerts(*(alert(number, f"{number:03}") for number in range(300)))

    assert told.parties[:32] == [f"{number:03}" for number in range(32)]
    assert told.parties[-16:] == [f"{number:03}" for number in range(284, 300)]
    assert len(told.parties) <= 64
    assert told.hits.left_out == 300 - len(told.parties)


def test_the_oldest_is_held_also_when_it_is_read_last() -> None:
    """As that of another partition is."""
    told = (
        fold(most=8)
        .alerts(*(alert(number, "later") for number in range(50)))
        .alerts(alert(99, "first"), at=0.5)
    )
    told.alerts(*(alert(number, "later") for number in range(100, 150)))

    assert told.hits.pairs({})["first|ofac:1"].row({})["oldest"] == 0.5


def test_what_is_answered_makes_room_first() -> None:
    told = fold(most=16).dispositions(given("a")).alerts(alert(0, "old"))
    told.alerts(*(alert(number, "a") for number in range(1, 200)), alert(200, "new"))

    assert (told.parties, told.hits.left_out, told.hits.outdated) == (["new", "old"], 0, False)


def test_it_is_read_again_when_what_left_would_be_open_now() -> None:
    told = fold(most=4).dispositions(given("a")).alerts(*(alert(number, "a") for number in range(20)))
    assert not told.hits.outdated
    assert told.dispositions((given("a")[0], None)).hits.outdated


def test_it_is_read_again_when_there_is_room_for_those_that_were_left_out() -> None:
    told = fold(most=4).alerts(*(alert(number, "ab"[number > 15]) for number in range(20)))
    assert not told.hits.outdated
    assert told.dispositions(given("a"), given("b")).hits.outdated


def test_alerts_that_retention_took_are_not_shown() -> None:
    told = fold().alerts(alert(1, "a"), alert(2, "b"))

    assert list(told.hits.pairs({0: 2})) == ["b|ofac:1"]


def test_what_is_no_alert_is_counted_and_hides_no_other() -> None:
    wrong = alert(2, "b", amount="9" * 400 + "e9", hit={"value": None, "action": 7})
    told = fold().alerts(alert(1, "a"), ("P", b"{"), ("P", b'{"hits": [{}]}'), ("P", None), wrong)

    assert told.parties == ["a", "b"]
    assert told.hits.unreadable == 2


@pytest.mark.parametrize("value", [b"{", b"{}", b"null"])
def test_a_disposition_that_cannot_be_read_answers_nothing(value: bytes) -> None:
    told = fold().alerts(alert(1, "a")).dispositions(given("a"), (given("a")[0], value))

    assert told.parties == ["a"]


@pytest.mark.parametrize(("most", "least"), [(8, 7), (32, 31), (64, 62), (128, 124)])
def test_room_is_made_for_a_sixteenth_at_once(most: int, least: int) -> None:
    told, held = fold(most=most), list[int]()
    for number in range(3 * most):
        told.alerts(alert(number, f"{number:04}"))
        held.append(len(told.parties))

    assert (min(held[most:]), max(held)) == (least, most)
