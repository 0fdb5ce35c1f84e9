"""Near variants of a party and a designation: each differs in one thing that says who it is."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from screening import Designation, Kind, Name, Party
from screening.designations import Address, DateRange, Gender, Identifier
from screening.payments.model import Field, PartyIdentifier

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789бджяçñøłक陈"
SIGNS = "\u093e\u0940\u0947\u094d\u0301\u0327\u0e34\u064e"
"""Vowel signs and marks of Devanagari, Latin, Thai and Arabic."""


def another_text(chance: random.Random, text: str) -> str:
    """One letter or digit put in, taken out, replaced or given a sign; words swapped or doubled."""
    places = [place for place, each in enumerate(text) if each.isalnum()]
    place = chance.choice(places)
    letter = chance.choice([each for each in LETTERS if each != text[place].casefold()])
    match chance.randrange(6):
        case 0:
            return text[:place] + letter + text[place:]
        case 1:
            return text[:place] + text[place + 1 :]
        case 2:
            return text[:place] + letter + text[place + 1 :]
        case 3:
            return text[: place + 1] + chance.choice(SIGNS) + text[place + 1 :]
        case 4:
            return f"{text} {letter}"
        case _:
            first, *rest = text.split()
            return " ".join([*rest, first, first])


def another_party(chance: random.Random, party: Party) -> Party:
    changes: list[Callable[[], Party]] = [
        lambda: party._replace(names=_changed(chance, party.names)),
        lambda: party._replace(addresses=_changed(chance, party.addresses)),
        lambda: party._replace(countries=(Field(chance.choice(["RU", "IR", "SK"]), ""),)),
        lambda: party._replace(countries=()),
        lambda: party._replace(identifiers=()),
        lambda: party._replace(addresses=()),
        lambda: party._replace(
            identifiers=tuple(
                code._replace(value=another_text(chance, code.value)) for code in party.identifiers
            )
        ),
        lambda: party._replace(identifiers=(*party.identifiers, PartyIdentifier("passport", "1", ""))),
        lambda: party._replace(names=(*party.names, Field(another_text(chance, party.names[0].value), ""))),
        lambda: party._replace(texts=(Field(another_text(chance, "for goods"), ""),)),
        lambda: party._replace(kind=chance.choice([Kind.PERSON, Kind.VESSEL])),
        lambda: party._replace(gender=chance.choice([Gender.MALE, Gender.FEMALE])),
        lambda: party._replace(birth_date=_day(chance)),
    ]
    return chance.choice(changes)()


def _changed(chance: random.Random, fields: tuple[Field, ...]) -> tuple[Field, ...]:
    return tuple(field._replace(value=another_text(chance, field.value)) for field in fields)


def _day(chance: random.Random) -> DateRange:
    day = date(1950, 1, 1) + timedelta(days=chance.randrange(20_000))
    return DateRange(day, day)


def another_designation(chance: random.Random, listed: Designation) -> Designation:
    first, text = listed.names[0], another_text(chance, listed.name)
    changes: list[Callable[[], Designation]] = [
        lambda: replace(listed, names=(Name(text, first.type), *listed.names[1:])),
        lambda: replace(listed, names=(*listed.names, Name(text))),
        lambda: replace(listed, programs=(*listed.programs, text)),
        lambda: replace(listed, remarks=text),
        lambda: replace(listed, birth_dates=(_day(chance),)),
        lambda: replace(listed, identifiers=(Identifier("lei", text),)),
        lambda: replace(listed, addresses=(Address(text),)),
        lambda: replace(listed, countries=(chance.choice(["RU", "IR"]),)),
        lambda: replace(listed, id=f"{listed.id}{chance.randrange(9)}"),
    ]
    return chance.choice(changes)()


def written_otherwise(chance: random.Random, party: Party) -> Party:
    """The same party in other letter case, punctuation, spacing and grouping of its codes."""

    def plainly(value: str) -> str:
        words = (chance.choice([str.upper, str.lower, str.title])(word) for word in value.split())
        return chance.choice([" ", "  ", ", ", " - "]).join(words)

    return party._replace(
        names=tuple(field._replace(value=plainly(field.value)) for field in party.names),
        addresses=tuple(field._replace(value=plainly(field.value)) for field in party.addresses),
        identifiers=tuple(
            code._replace(value=" ".join(_groups(code.value, chance.randrange(2, 6))))
            for code in party.identifiers
        ),
    )


def _groups(code: str, size: int) -> Iterator[str]:
    for start in range(0, len(code), size):
        yield code[start : start + size]
