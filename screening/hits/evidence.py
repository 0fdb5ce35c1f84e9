"""Evidence beyond the name: what a payment states about a party against what the list states.

Each comparison moves the score by a documented amount and is a row of the explanation: `similarity` says how
far the two sides agree, and `weight` how much that adds to the score. The amounts are small against the name,
and agreement lifts a score that just falls short. The payer chooses what a payment states, so facts alone
never clear an exact name; if many bear it, two contradictions leave it to an analyst.
"""

from collections.abc import Iterator
from datetime import date

from screening.countries import stated_country
from screening.decisions import Explanation
from screening.designations import DateRange, Designation, Kind
from screening.payments.model import Party

BIRTH_DATE_AGREES = 0.05
"""Same day, or the ranges overlap: the strongest secondary identifier lists print (OFAC FAQ 5, step 4)."""
BIRTH_YEAR_NEAR = 0.0
"""One year apart, or day and month swapped: frequent in passports and lists, says nothing."""
BIRTH_DATE_CONFLICTS = -0.15
OTHER_KIND = -0.15
"""A person against a vessel or company (OFAC FAQ 5, step 2)."""
OTHER_GENDER = -0.10
COUNTRY_AGREES = 0.02
OTHER_COUNTRY = -0.03
"""Listed parties move and hide their country; worth little."""
MOST_RAISED = BIRTH_DATE_AGREES + COUNTRY_AGREES
"""The index must find names that fall short of the threshold by so much, where the party has evidence."""
CIRCA_YEARS = 2
AGREES, NEAR, DIFFERS = 1.0, 0.5, 0.0
"""How far the two sides of a fact agree: the row's `similarity`."""
DOUBTFUL = 2
"""Contradictions that make an exact but common name doubtful."""


def contradictions(rows: tuple[Explanation, ...]) -> int:
    """How many stated facts contradict the designation."""
    return sum(row.weight < 0 for row in rows)


def evidence(party: Party, designation: Designation) -> tuple[Explanation, ...]:
    """Every fact that both sides state; `weight` is what it adds to the score."""
    return tuple(
        row for compared in (_kind, _gender, _birth_date, _country) for row in compared(party, designation)
    )


def most_raised(party: Party) -> float:
    """The most that evidence about this party could add to a score."""
    return (BIRTH_DATE_AGREES if party.birth_date else 0.0) + (COUNTRY_AGREES if party.countries else 0.0)


def adjusted(points: float, rows: tuple[Explanation, ...]) -> float:
    """The name's score with the evidence, within 0..1; only equal names reach 1.0."""
    moved = sum(row.weight for row in rows)
    if moved > 0:
        return max(points, min(points + moved, 0.99))
    return max(points + moved, 0.0)


def _kind(party: Party, designation: Designation) -> Iterator[Explanation]:
    if party.kind and designation.kind and party.kind is not designation.kind:
        yield Explanation(party.kind, designation.kind, "kind", OTHER_KIND, DIFFERS)


def _gender(party: Party, designation: Designation) -> Iterator[Explanation]:
    if party.gender and designation.gender and party.gender is not designation.gender:
        yield Explanation(party.gender, designation.gender, "gender", OTHER_GENDER, DIFFERS)


def _country(party: Party, designation: Designation) -> Iterator[Explanation]:
    theirs = {code for field in party.countries if (code := stated_country(field.value))}
    listed = {*designation.countries, *(a.country for a in designation.addresses if a.country)}
    if theirs and listed:
        agree = theirs & listed
        effect, alike = (COUNTRY_AGREES, AGREES) if agree else (OTHER_COUNTRY, DIFFERS)
        yield Explanation(", ".join(sorted(theirs)), ", ".join(sorted(listed)), "country", effect, alike)


def _birth_date(party: Party, designation: Designation) -> Iterator[Explanation]:
    if party.birth_date and designation.birth_dates and designation.kind in (Kind.PERSON, None):
        stated = party.birth_date
        effect, listed = max(
            ((_agreement(stated, listed), listed) for listed in designation.birth_dates),
            key=lambda found: found[0],
        )
        yield Explanation(_printed(stated), _printed(listed), "birth date", effect, _alike(effect))


def _agreement(stated: DateRange, listed: DateRange) -> float:
    if stated.earliest <= listed.latest and listed.earliest <= stated.latest:
        return BIRTH_DATE_AGREES
    years = max(listed.earliest.year - stated.latest.year, stated.earliest.year - listed.latest.year)
    if years <= (CIRCA_YEARS if listed.circa or stated.circa else 1) or _swapped(stated) == listed.earliest:
        return BIRTH_YEAR_NEAR
    return BIRTH_DATE_CONFLICTS


def _alike(effect: float) -> float:
    return AGREES if effect > 0 else DIFFERS if effect < 0 else NEAR


def _swapped(stated: DateRange) -> date | None:
    day = stated.earliest
    return date(day.year, day.day, day.month) if day == stated.latest and day.day <= 12 else None


def _printed(dates: DateRange) -> str:
    about = "about " if dates.circa else ""
    if dates.earliest == dates.latest:
        return about + dates.earliest.isoformat()
    if dates.earliest.year == dates.latest.year:
        return f"{about}{dates.earliest.year}"
    return f"{about}{dates.earliest.year} to {dates.latest.year}"
