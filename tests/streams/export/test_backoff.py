"""How long a webhook that does not accept is left alone."""

import random

import pytest

from streams.export.webhook import _backoff


@pytest.mark.parametrize(("chance", "share"), [(0.0, 0.5), (0.5, 0.75), (1.0, 1.0)])
def test_pauses_double_up_to_a_minute_and_are_spread_over_their_later_half(
    monkeypatch: pytest.MonkeyPatch, chance: float, share: float
) -> None:
    monkeypatch.setattr(random, "random", lambda: chance)
    longest = [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]

    assert [_backoff(attempt) for attempt in range(9)] == [share * each for each in longest]
    assert _backoff(100_000) == share * 60
