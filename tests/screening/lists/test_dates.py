"""Dates as lists print them: what each form says, and what is no date."""

from datetime import UTC, date, datetime

import pytest

from screening.designations import DateRange
from screening.lists.dates import date_range, iso_day, moment, year_range


def days(first: str, last: str, *, circa: bool = False) -> DateRange:
    return DateRange(date.fromisoformat(first), date.fromisoformat(last), circa)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("10 Dec 1948", days("1948-12-10", "1948-12-10")),
        (" 1 january 1948 ", days("1948-01-01", "1948-01-01")),
        ("1 Sept. 1948", days("1948-09-01", "1948-09-01")),
        ("Feb 1960", days("1960-02-01", "1960-02-29")),
        ("February 1961", days("1961-02-01", "1961-02-28")),
        ("1948-12-10", days("1948-12-10", "1948-12-10")),
        ("1948-12-10T00:00:00", days("1948-12-10", "1948-12-10")),
        ("1948-12", days("1948-12-01", "1948-12-31")),
        ("1948", days("1948-01-01", "1948-12-31")),
        ("Mar 1962 to 1958", days("1958-01-01", "1962-03-31")),
        ("01/02/1958", days("1958-02-01", "1958-02-01")),
        ("dd/02/1958", days("1958-02-01", "1958-02-28")),
        ("00/02/1958", days("1958-02-01", "1958-02-28")),
        ("dd/mm/1958", days("1958-01-01", "1958-12-31")),
        ("00/00/1958", days("1958-01-01", "1958-12-31")),
        ("05/mm/1958", days("1958-01-01", "1958-12-31")),
        ("1958 to Mar 1962", days("1958-01-01", "1962-03-31")),
        ("1962 to 1958", days("1958-01-01", "1962-12-31")),
        ("circa 1948", days("1948-01-01", "1948-12-31", circa=True)),
        ("c. 1948", days("1948-01-01", "1948-12-31", circa=True)),
        ("Approximately 1948", days("1948-01-01", "1948-12-31", circa=True)),
        ("about 1948", days("1948-01-01", "1948-12-31", circa=True)),
        ("31.12.1948", days("1948-12-31", "1948-12-31")),
        ("1.2.1948", days("1948-02-01", "1948-02-01")),
        ("1948/12/10", days("1948-12-10", "1948-12-10")),
        ("12/1948", days("1948-12-01", "1948-12-31")),
        ("12.1948", days("1948-12-01", "1948-12-31")),
        ("December 10, 1948", days("1948-12-10", "1948-12-10")),
        ("Dec. 10,1948", days("1948-12-10", "1948-12-10")),
        ("1948-1950", days("1948-01-01", "1950-12-31")),
        ("circa 1948 \u2013 1950", days("1948-01-01", "1950-12-31", circa=True)),
        ("circa 1948 to circa 1950", days("1948-01-01", "1950-12-31", circa=True)),
    ],
)
def test_every_form_of_a_date_is_the_days_that_it_may_mean(text: str, found: DateRange) -> None:
    assert date_range(text) == found


@pytest.mark.parametrize(
    "text",
    [
        *("", "unknown", "31 Feb 1960", "10 Xyz 1948", "Xyz 1948", "32/01/1958", "01/13/1958", "dd/13/1958"),
        *("1948-13", "1948-02-30", "0000", "1948 to unknown", "unknown to 1948", "in 1948", "1948 or 1949"),
        *("194", "19488", "10 Dec 48", "1948 to"),
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert date_range(text) is None


def test_years_are_whole_and_in_order() -> None:
    assert year_range(1960) == year_range("1960", "1960") == days("1960-01-01", "1960-12-31")
    assert year_range("1962", 1960, circa=True) == days("1960-01-01", "1962-12-31", circa=True)
    assert (year_range("unknown"), year_range("1960", "unknown"), year_range(0)) == (None, None, None)


def test_a_day_is_the_first_ten_characters() -> None:
    assert iso_day("2022-02-28") == iso_day("2022-02-28T23:59:59Z") == date(2022, 2, 28)
    assert [iso_day(text) for text in (None, "", "2022", "28/02/2022", "2022-02-30")] == [None] * 5


def test_a_moment_is_told_with_its_zone_and_a_day_is_its_beginning() -> None:
    assert moment("2026-02-27") == moment("2026-02-27T01:00:00+01:00") == datetime(2026, 2, 27, tzinfo=UTC)
    assert moment("2026-02-27T00:00:09.554Z") == datetime(2026, 2, 27, 0, 0, 9, 554_000, tzinfo=UTC)
    assert [moment(text) for text in ("", "soon", "27/02/2026", "2026-02-30")] == [None] * 4
