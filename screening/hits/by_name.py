"""Hits by name: names and texts against the index, with evidence, weak aliases and the policy.

A weak alias ("too broad or generic", OFAC FAQ 122-124) makes no hit; if another name of the same designation
does, it is shown as corroboration. An entry whose only or primary name is weak alerts by it all the same, for
review: the relief is for aliases.
"""

import re
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from screening.decisions import Explanation, Hit, Reason
from screening.designations import Designation, Name, Quality
from screening.hits.evidence import (
    AGREES,
    DIFFERS,
    DOUBTFUL,
    adjusted,
    contradictions,
    evidence,
    most_raised,
)
from screening.matching.explanation import DROPPED, explain
from screening.matching.index import Index
from screening.matching.name_sets import Candidate
from screening.matching.score import IDENTIFYING
from screening.matching.texts.containment import names_in
from screening.matching.texts.search import TextMatch
from screening.matching.texts.telling import EXACT, TELLING, telling_weight
from screening.names.cleaning import OVERRIDE
from screening.names.forms import NameForm
from screening.names.scripts import Script
from screening.payments.model import Field, Party
from screening.policy.rules import Action, Policy

CORROBORATION = "weak alias"
AS_IN_LATIN = 0.95
"""So alike is a name in Latin letters to one in Arabic letters, where the entry has names in both."""


class _Match(NamedTuple):
    """A listed name that a party's field matches."""

    candidate: Candidate
    points: float
    rows: tuple[Explanation, ...]
    field: Field
    reason: Reason = Reason.NAME
    within: str = ""
    """The stretch of the field that matches, where that is not the whole."""


def name_hits(party: Party, rail: str | None, index: Index, policy: Policy) -> Iterator[Hit]:
    """The best hit of each designation by the party's names, whole or inside a longer field."""
    lowest = policy.lowest_threshold - most_raised(party)
    within = policy.lowest_text_threshold
    for field in chain(party.names, joined_parts(party.names), _as_booked(party.names)):
        for match in _whole_names(field, party, index, lowest):
            yield from _hit(party, rail, policy, match)
        for found in names_in((field.value,), index, within, whole=True):
            for match in _inside(found, field, index, Reason.NAME):
                yield from _hit(party, rail, policy, match)


def _whole_names(field: Field, party: Party, index: Index, lowest: float) -> Iterator[_Match]:
    """The best name of each designation that the whole field matches."""
    value = field.value
    found = index.search(value, party.kind, lowest)
    if not found:
        return
    part = _is_part(field, party.names)
    strong: dict[str, tuple[Candidate, float, NameForm]] = {}
    weak: dict[str, tuple[Candidate, float]] = {}
    for candidate, points, form in found:
        key = candidate.designation.id
        if _is_vaguer_than_latin(candidate, points, form) or (part and _says_nothing_alone(form)):
            continue
        if not makes_a_hit(candidate.name, candidate.designation):
            if key not in weak or points > weak[key][1]:
                weak[key] = (candidate, points)
        elif key not in strong or points > strong[key][1]:
            strong[key] = (candidate, points, form)
    alike = index.alike()
    for key, (candidate, points, form) in strong.items():
        rows = (
            *explain(form, candidate.form, value, candidate.name.text, alike),
            *_corroboration(value, weak.get(key)),
        )
        yield _Match(candidate, points, rows, field)


def _is_part(field: Field, names: tuple[Field, ...]) -> bool:
    """Is a field one of the parts of a name that is screened whole as well: an object's last name?"""
    whole, _, key = field.path.rpartition("/")
    if len(names) < 2 or key.isdigit():
        return False
    return any(name.path == whole and len(name.value) > len(field.value) for name in names)


def _says_nothing_alone(form: NameForm) -> bool:
    """Is a part of a name one word, or of syllables? Beside the others it is another name, and in the whole
    it is searched for."""
    return bool(form.languages) or form.syllabic or (len(form.tokens) == 1 and not form.legal)


def _as_booked(names: tuple[Field, ...]) -> list[Field]:
    """Names without display reversal (U+202E), as a bank's books hold them."""
    return [Field(value.replace(OVERRIDE, " "), path) for value, path in names if OVERRIDE in value]


MOST_PARTS, LONGEST_PART = 4, 3
"""A name in parts has no more of them, and no more words in each: several names have."""


def joined_parts(names: tuple[Field, ...]) -> tuple[Field, ...]:
    """Several short names as one, in both orders: {"last": ..., "first": ...} or ["ZUVAVOV", "IVAN"]."""
    if not 1 < len(names) <= MOST_PARTS or any(len(name.value.split()) > LONGEST_PART for name in names):
        return ()
    values = [name.value for name in names]
    path = joined_path(names)
    return (Field(" ".join(values), path), Field(" ".join(reversed(values)), path))


def joined_path(names: tuple[Field, ...]) -> str:
    """The path that several names have in common."""
    return names[0].path.rpartition("/")[0] or names[0].path


_ADDRESS_LINE = re.compile(
    r"(?:(?:AdrLine|address(?:_?lines?)?|lines?)(?:[_/]?[01]|\[1\])?|(?<!\w)5[09]F(?:\[\d+\])?/\d+)$",
    re.IGNORECASE,
)


def address_lines(party: Party) -> tuple[tuple[Field, ...], int]:
    """The addresses, preceded by the name if it may continue in them; and the first line that is an address.

    A name longer than one line of a SWIFT message continues in the next line, which a reader that splits name
    from address takes for the address. A street or a town by itself is no continuation.
    """
    addresses = party.addresses
    place = first_line(party)
    if place is None:
        return addresses, 0
    return (party.names[0], *addresses[place:], *addresses[:place]), 1


def first_line(party: Party) -> int | None:
    """The position among the addresses of the first line in which the name may continue; None if there is
    none."""
    if party.names:
        for place, field in enumerate(party.addresses):
            if _ADDRESS_LINE.search(field.path):
                return place
    return None


def text_hits(party: Party, rail: str | None, index: Index, policy: Policy) -> Iterator[Hit]:
    """Names inside remittance lines and addresses, also across line breaks, those in one field too."""
    for fields, from_line in ((party.texts, 0), address_lines(party)):
        if not fields:
            continue
        lines = [field.value for field in fields]
        for found in names_in(lines, index, policy.lowest_text_threshold, from_line=from_line):
            value = " ".join(lines[found.first_line : found.last_line + 1])
            for match in _inside(found, Field(value, fields[found.first_line].path), index, Reason.TEXT):
                yield from _hit(party, rail, policy, match)


def _inside(found: TextMatch, field: Field, index: Index, reason: Reason) -> Iterator[_Match]:
    """What is found inside a field, if that name makes a hit."""
    candidate = found.candidate
    if _is_vaguer_than_latin(candidate, found.points, found.stretch):
        return
    if makes_a_hit(candidate.name, candidate.designation):
        rows = explain(found.stretch, candidate.form, found.text, candidate.name.text, index.alike())
        yield _Match(candidate, found.points, rows, field, reason, found.text)


def _hit(party: Party, rail: str | None, policy: Policy, match: _Match) -> Iterator[Hit]:
    """The hit, if the policy applies here and the score with its evidence reaches the threshold."""
    candidate, points, rows, field, reason, within = match
    designation = candidate.designation
    ruling = policy.ruling(designation.source, designation.programs, designation.kind, party.role, rail)
    if ruling is None:
        return
    threshold, action = ruling
    if within:
        threshold = max(threshold, policy.text_threshold)
    facts = evidence(party, designation)
    total = adjusted(points, facts)
    if points >= max(EXACT, threshold):
        total = max(total, threshold)
    if total < threshold:
        return
    yield Hit(
        designation=designation,
        name=candidate.name,
        value=field.value,
        score=round(total, 4),
        threshold=threshold,
        action=_softened(action, candidate, points, facts, within),
        reason=reason,
        role=party.role,
        path=field.path,
        explanation=(*rows, *facts),
        summary=_sentence(within or field.value, candidate, (*rows, *facts)),
    )


def makes_a_hit(name: Name, designation: Designation) -> bool:
    """Whether a listed name makes a hit by itself; a weak alias only supports another name's hit."""
    if name.quality is not Quality.WEAK:
        return True
    return name == designation.names[0] or all(other.quality is Quality.WEAK for other in designation.names)


def _softened(
    action: Action, candidate: Candidate, points: float, facts: tuple[Explanation, ...], within: str
) -> Action:
    """Review instead of hold for a weak name, and for an exact but common name that says little by itself:
    inside a longer text, or against two stated facts."""
    if candidate.name.quality is Quality.WEAK:
        return Action.REVIEW
    if points >= EXACT and telling_weight(candidate) < IDENTIFYING:
        light_in_text = within and telling_weight(candidate) < TELLING
        if light_in_text or contradictions(facts) >= DOUBTFUL:
            return Action.REVIEW
    return action


def _is_vaguer_than_latin(candidate: Candidate, points: float, form: NameForm) -> bool:
    """Is a Latin name only roughly like an Arabic name of an entry that also has Latin names?

    The Latin names state the vowels that the Arabic one leaves open: Anisur Rahman is not انصار, which is
    Ansar.
    """
    if points >= AS_IN_LATIN or any(token.script is not Script.LATIN for token in form.tokens):
        return False
    if all(token.script is not Script.ABJAD for token in candidate.form.tokens):
        return False
    return any(name.text.isascii() for name in candidate.designation.names)


def _corroboration(value: str, weak: tuple[Candidate, float] | None) -> tuple[Explanation, ...]:
    if weak is None:
        return ()
    candidate, points = weak
    return (Explanation(value, candidate.name.text, CORROBORATION, 0.0, round(points, 4)),)


def _sentence(value: str, candidate: Candidate, rows: tuple[Explanation, ...]) -> str:
    """What an analyst reads first: who hit, by which name, and what differs."""
    designation, name = candidate.designation, candidate.name
    listed = f'"{name.text}"'
    if name.text != designation.name:
        listed += f" ({name.type} of {designation.name})"
    differences = [_difference(row) for row in rows if row.how not in ("exact", "legal form")]
    tail = "; ".join(filter(None, differences)) or "every word is the same"
    return f'"{value[:120]}" against {listed} on {designation.source}: {tail}.'


def _difference(row: Explanation) -> str:
    if row.how == "unmatched":
        return f"{row.query} only in the payment" if row.query else f"{row.matched} only on the list"
    if row.how in ("birth date", "country", "gender", "kind"):
        agrees = {AGREES: "agrees", DIFFERS: "differs"}.get(row.similarity, "is near")
        return f"{row.how} {agrees} ({row.query} / {row.matched})"
    if row.how == DROPPED:
        sides = [f"{words} {where}" for words, where in _sides(row) if words]
        return f"passed over: {', '.join(sides)}"
    if row.how == CORROBORATION:
        return f"also like the weak alias {row.matched}"
    return f"{row.query} for {row.matched} ({row.how})"


def _sides(row: Explanation) -> tuple[tuple[str, str], tuple[str, str]]:
    return (row.query, "in the payment"), (row.matched, "on the list")
