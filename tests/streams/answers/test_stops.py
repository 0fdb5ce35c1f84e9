"""What is kept of a stopped record: what is over, what is remembered, whose turn it is."""

from screening.policy.answers import Cause
from streams.answers.stops import Stops
from streams.kafka.log import Place
from streams.records.stops import Stop
from tests.streams.answers.made import AT, HIT, OTHER

KEY = f"{HIT.fingerprints[0]}|{HIT.designation_id}"
STOP = Stop(Cause.HOLD, "rail", AT, (HIT,), whole=True, ended=False)
FIRST, SECOND, THIRD = (Place(0, offset) for offset in range(3))


def stopped(*places: Place, most_open: int = 10) -> Stops:
    stops = Stops(most_open)
    for place in places:
        stops.put(place, STOP)
    list(stops.touched())
    stops.changed.clear()
    return stops


def test_one_that_is_over_is_remembered_as_over_or_not_at_all() -> None:
    stops = stopped(FIRST, SECOND)
    stops.end(FIRST, remember=True)
    stops.end(SECOND, remember=False)

    assert stops.changed == {FIRST: Stop(Cause.HOLD, ended=True), SECOND: None}
    assert (FIRST in stops, SECOND in stops, len(stops)) == (True, False, 0)
    stops.judged(KEY)
    stops.touch(FIRST)
    assert list(stops.touched()) == []


def test_a_disposition_touches_those_of_its_pair_and_a_word_one_each_once_in_their_order() -> None:
    stops = stopped(THIRD, FIRST)
    stops.put(SECOND, Stop(Cause.HOLD, hits=(OTHER,)))
    list(stops.touched())
    stops.judged("another|pair")
    assert list(stops.touched()) == []
    stops.judged(KEY)
    assert list(stops.touched()) == [(FIRST, STOP), (THIRD, STOP)]
    stops.touch(THIRD)
    assert list(stops.touched()) == [(THIRD, STOP)]
    assert list(stops.touched()) == []


def test_one_that_is_put_again_waits_for_its_new_pairs_alone() -> None:
    stops = stopped(FIRST, SECOND)
    stops.put(FIRST, Stop(Cause.HOLD, hits=(OTHER,)))
    list(stops.touched())
    stops.judged(KEY)

    assert [place for place, _ in stops.touched()] == [SECOND]
    assert len(stops) == 2
    stops.end(SECOND, remember=False)
    assert list(stops._of_pair) == [f"{OTHER.fingerprints[0]}|{OTHER.designation_id}"]


def test_where_more_wait_than_are_followed_the_oldest_go() -> None:
    stops = stopped(FIRST, SECOND, THIRD, most_open=2)
    assert stops.too_many() == [FIRST]
    stops.end(FIRST, remember=True)
    assert stops.too_many() == []
    stops.put(Place(1, 0), STOP)
    assert stops.too_many() == [SECOND]


def test_what_was_over_before_a_restart_does_not_wait() -> None:
    stops = Stops()
    stops.restore(FIRST, Stop(Cause.HOLD, hits=(HIT,), ended=True))
    stops.judged(KEY)

    assert (len(stops), list(stops.touched()), stops.changed) == (0, [], {})


def test_a_partition_that_was_recreated_ends_its_own() -> None:
    stops = stopped(FIRST, Place(1, 5))

    assert stops.begin_anew({1, 2}) == 1
    assert (stops.changed, FIRST in stops, Place(1, 5) in stops) == ({Place(1, 5): None}, True, False)
