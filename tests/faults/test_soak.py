"""What a soak calls a stall, and what it calls flat."""

import pytest

from tests.faults.soak import Look, Soak


def look(at: float, committed: int, *, lag: int = 10, memory: float = 500.0) -> Look:
    return Look(at, committed + lag, lag, (memory,))


def test_commits_that_stand_while_payments_wait_are_counted_from_where_they_stopped() -> None:
    soak = Soak([look(0, 0), look(1, 100), look(2, 100), look(3, 100), look(4, 200), look(5, 200)])

    assert soak.longest_still() == 2.0
    assert not Soak([look(at, 100) for at in range(12)]).good


def test_commits_that_stand_where_nothing_waits_are_no_stall() -> None:
    assert Soak([look(at, 100, lag=0) for at in range(60)]).longest_still() == 0.0


def test_the_slope_of_memory_leaves_the_warm_up_out() -> None:
    filling = [look(at, at, memory=400.0 + at) for at in range(0, 1440, 60)]
    growing = [look(at, at, memory=1800.0 + at / 3600 * 20) for at in range(1440, 3660, 60)]

    (slope,) = Soak([*filling, *growing]).slopes()

    assert slope == pytest.approx(20.0)
