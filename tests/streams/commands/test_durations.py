"""Durations as an operator writes them."""

import click
import pytest

from streams.commands._durations import Duration


@pytest.mark.parametrize(
    ("text", "seconds"), [("30d", 2_592_000), ("12h", 43_200), ("90M", 5_400), ("45s", 45), ("1.5h", 5_400)]
)
def test_days_hours_minutes_and_seconds_are_read(text: str, seconds: float) -> None:
    assert Duration().convert(text, None, None) == seconds


@pytest.mark.parametrize("text", ["30", "d", "-1d", "30 days", "1w", ""])
def test_anything_else_is_a_usage_error_that_shows_how(text: str) -> None:
    with pytest.raises(click.BadParameter, match="write 30d"):
        Duration().convert(text, None, None)
