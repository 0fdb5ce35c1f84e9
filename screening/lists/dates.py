"""Dates as lists print them, as a first and a last possible day."""

import calendar
import re
from datetime import UTC, date, datetime

from screening.designations import DateRange

_MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name}
_DAY = re.compile(r"(\d{1,2}) ([A-Za-z]{3})[a-z]*\.? (\d{4})")
_MONTH = re.compile(r"([A-Za-z]{3})[a-z]*\.? (\d{4})")
_AMERICAN = re.compile(r"([A-Za-z]{3})[a-z]*\.? (\d{1,2}), ?(\d{4})")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
"""Where dots part them, the day comes first everywhere."""
_MONTH_IN_FIGURES = re.compile(r"(\d{1,2})[./](\d{4})")
_YEARS = re.compile(r"(\d{4}) ?[-\u2013] ?(\d{4})")
_SLASHED = re.compile(r"(\d{1,2}|dd|00)/(\d{1,2}|mm|00)/(\d{4})")
_ISO = re.compile(r"(\d{4})(?:[-/](\d{2}))?(?:[-/](\d{2}))?(?:T.*)?")
_CIRCA = re.compile(r"^(?:circa|c\.|approximately|about) ?", re.IGNORECASE)


def date_range(text: str) -> DateRange | None:
    """Such as "circa 1960", "Mar 1961", "10 Dec 1948", "1958 to 1962", "dd/mm/1968", "31.12.1968",
    "1948-12-10"; None for anything else.

    >>> date_range("1958 to Mar 1962")
    DateRange(earliest=datetime.date(1958, 1, 1), latest=datetime.date(1962, 3, 31), circa=False)
    """
    bare, circa = _CIRCA.subn("", text.strip())
    first, between, last = _YEARS.sub(r"\1 to \2", bare).partition(" to ")
    start = _single(first)
    end = _single(last) if between else start
    if start is None or end is None:
        return None
    return DateRange(min(start[0], end[0]), max(start[1], end[1]), circa=bool(circa))


def year_range(first: int | str, last: int | str | None = None, *, circa: bool = False) -> DateRange | None:
    """Whole years; None for texts that are not years."""
    start, end = _span(first), _span(last if last is not None else first)
    if start is None or end is None:
        return None
    return DateRange(min(start[0], end[0]), max(start[1], end[1]), circa)


def iso_day(text: str | None) -> date | None:
    """The day of "2022-02-28" or "2026-02-27T00:00:09Z"; None for anything else."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def moment(text: str) -> datetime | None:
    """When a list says it was made, by its own clock; a day is its beginning. None for anything else.

    >>> moment("2026-10-25T02:30:00+02:00") < moment("2026-10-25T02:10:00+01:00")
    True
    """
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        return None
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def _single(text: str) -> tuple[date, date] | None:
    text = _CIRCA.sub("", text.strip())
    if found := _DAY.fullmatch(text):
        return _span(found[3], _MONTHS.get(found[2].casefold(), 0), found[1])
    if found := _MONTH.fullmatch(text):
        return _span(found[2], _MONTHS.get(found[1].casefold(), 0))
    if found := _AMERICAN.fullmatch(text):
        return _span(found[3], _MONTHS.get(found[1].casefold(), 0), found[2])
    if found := _DOTTED.fullmatch(text):
        return _span(found[3], found[2], found[1])
    if found := _MONTH_IN_FIGURES.fullmatch(text):
        return _span(found[2], found[1])
    if found := _SLASHED.fullmatch(text):
        day, month = (int(part) if part.isdigit() else 0 for part in found.group(1, 2))
        return _span(found[3], month or None, day or None if month else None)
    if found := _ISO.fullmatch(text):
        return _span(*found.groups())
    return None


def _span(
    year: int | str, month: int | str | None = None, day: int | str | None = None
) -> tuple[date, date] | None:
    """First and last day of a year, a month or a day; None if the calendar has no such day."""
    try:
        if month is None:
            return date(int(year), 1, 1), date(int(year), 12, 31)
        if day is None:
            last = calendar.monthrange(int(year), int(month))[1]
            return date(int(year), int(month), 1), date(int(year), int(month), last)
        exact = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return exact, exact
