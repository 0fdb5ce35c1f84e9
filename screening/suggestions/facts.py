"""The facts for and against a hit, each with its sources: at most one about each thing, and none invented.

A fact speaks for it that the party is the listed one, against it, or is open: what an analyst would ask for.
What evidence weighs in a score (`hits.evidence`) is taken from the alert's explanation, so that a fact and
the score never differ.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from screening.cases.dispositions import Verdict
from screening.decisions import Explanation, Reason
from screening.designations import Address, Kind
from screening.names.words import words_of
from screening.policy.suggestions import About, Speaks
from screening.suggestions.case import Beside, Case, Source

SAME_NAME = 0.99
"""A score from which the names are the same but for order, particles or accents."""
SAME_ADDRESS = 0.7
"""Share of a listed address's words that the payment's has: its street and number, or its town and street."""
FEWEST_WORDS = 3
"""Of a listed address that is compared: a country, or a town alone, is where many live."""
_BY_ROW: Mapping[str, About] = MappingProxyType(
    {
        "kind": About.KIND,
        "gender": About.GENDER,
        "birth date": About.BIRTH_DATE,
        "country": About.COUNTRY,
    }
)
"""Evidence rows of an explanation by what they are about."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing known; `says` is a sentence, and `sources` the sides that it rests on."""

    about: About
    speaks: Speaks
    says: str
    sources: tuple[Source, ...] = ()


def facts_of(case: Case) -> tuple[Fact, ...]:
    """Everything known of a hit, in the order of `About`."""
    found = [fact for look in _LOOKS for fact in look(case)]
    return tuple(sorted(found, key=lambda fact: [*About].index(fact.about)))


def _listed(case: Case, says: str) -> Source:
    return Source("list", case.designation_id, says)


def _stated(case: Case, says: str) -> Source:
    return Source("payment", case.path, says)


def _name(case: Case) -> Iterator[Fact]:
    if not case.matched:
        return
    sources = (_stated(case, case.value), _listed(case, case.matched))
    if case.weak_alias:
        yield Fact(About.NAME, Speaks.OPEN, "the name is an alias that the list itself calls weak", sources)
    elif case.score >= SAME_NAME:
        yield Fact(About.NAME, Speaks.FOR, "the names are the same", sources)
    else:
        yield Fact(About.NAME, Speaks.OPEN, f"the names are alike, {case.score:.2f} of 1", sources)


def _identifier(case: Case) -> Iterator[Fact]:
    if case.reason is Reason.IDENTIFIER:
        row = next((row for row in case.rows if row.how == "identifier"), None)
        listed = row.matched if row else ""
        sources = (_stated(case, row.query if row else case.value), _listed(case, listed))
        yield Fact(About.IDENTIFIER, Speaks.FOR, f"the payment has their number: {listed}", sources)


def _evidence(case: Case) -> Iterator[Fact]:
    for row in case.rows:
        if (about := _BY_ROW.get(row.how)) is not None:
            speaks = _speaks(row)
            said = {Speaks.FOR: "agrees", Speaks.AGAINST: "differs", Speaks.OPEN: "is near"}[speaks]
            sources = (_stated(case, row.query), _listed(case, row.matched))
            yield Fact(about, speaks, f"{row.how} {said}: {row.query} and {row.matched}", sources)


def _speaks(row: Explanation) -> Speaks:
    return Speaks.FOR if row.weight > 0 else Speaks.AGAINST if row.weight < 0 else Speaks.OPEN


def _missing_birth_date(case: Case) -> Iterator[Fact]:
    """What to ask for: of a person, a birth date decides more than anything else."""
    listed = case.listed
    if listed is None or listed.kind is not Kind.PERSON or not listed.birth_dates:
        return
    if not any(row.how == "birth date" for row in case.rows):
        years = sorted({str(each.earliest.year) for each in listed.birth_dates})
        says = f"the list gives a birth date ({', '.join(years)}), the payment none"
        yield Fact(About.BIRTH_DATE, Speaks.OPEN, says, (_listed(case, ", ".join(years)),))


def _address(case: Case) -> Iterator[Fact]:
    if case.listed is None or not case.addresses:
        return
    best, where = 0.0, None
    said = {word for line in case.addresses for word in words_of(line.casefold())}
    for address in case.listed.addresses:
        words = _words(address)
        share = len(words & said) / len(words) if len(words) >= FEWEST_WORDS else 0.0
        if share > best:
            best, where = share, address
    if where is not None and best >= SAME_ADDRESS:
        sources = (_stated(case, ", ".join(case.addresses)), _listed(case, _printed(where)))
        yield Fact(About.ADDRESS, Speaks.FOR, f"the same address: {_printed(where)}", sources)


def _words(address: Address) -> set[str]:
    return set(words_of(f"{address.text} {address.city} {address.postal_code}".casefold()))


def _printed(address: Address) -> str:
    parts = (address.text, address.postal_code, address.city, address.region, address.country or "")
    return ", ".join(part for part in parts if part)


def _ties(case: Case) -> Iterator[Fact]:
    """Who owns it, and whom else the payment pays or names that the entry is tied to."""
    if case.reason is Reason.OWNERSHIP:
        owners = [row for row in case.rows if row.how == "owner"]
        says = "owned by " + " and ".join(f"{row.query} ({row.matched})" for row in owners)
        yield Fact(About.TIES, Speaks.FOR, says, tuple(_listed(case, row.query) for row in owners))
        return
    tied = {end: tie for tie in case.ties for end in (tie.one, tie.other)} if case.ties else {}
    tied.pop(case.designation_id, None)
    for other in case.others:
        if (tie := tied.get(other.designation_id)) is not None:
            tied_to = f"{tie.one} {tie.relation} {tie.other}"
            says = f"{other.value!r} in the same payment hits {other.designation_name}: {tied_to}"
            sources = (Source("alert", other.alert_id, other.value), _listed(case, tie.relation))
            yield Fact(About.TIES, Speaks.FOR, says, sources)
            return


def _disposition(case: Case) -> Iterator[Fact]:
    if case.earlier is None:
        if case.confirmed_by:
            says = f"an earlier hit of this pair was found true by {case.confirmed_by}"
            yield Fact(About.DISPOSITION, Speaks.FOR, says)
        return
    earlier = case.earlier.given.disposition
    was = f"{earlier.verdict} by {earlier.by}, {earlier.reason!r}"
    since = f"; it counts no more: {case.earlier.why_not}" if case.earlier.why_not else ""
    speaks = Speaks.FOR if earlier.verdict is Verdict.TRUE_POSITIVE else Speaks.AGAINST
    source = Source("dispositions", earlier.key, earlier.reason)
    yield Fact(About.DISPOSITION, speaks, f"an earlier hit of this pair was found {was}{since}", (source,))


def _namesakes(case: Case) -> Iterator[Fact]:
    """Other entries of the same name: the same party on another list, or the one that is meant."""
    own = _balance(case.rows)
    better = [each for each in case.same_value if _balance(each.rows) > max(own, 0)]
    if better:
        (best, *_) = sorted(better, key=lambda each: -_balance(each.rows))
        says = f"{best.designation_name} ({best.designation_id}) has the name, too, and fits better"
        yield Fact(About.NAMESAKES, Speaks.AGAINST, says, (_source_of(best),))
        return
    agreeing = [each for each in case.same_value if own > 0 and _balance(each.rows) == own]
    if agreeing:
        says = f"listed as {_ids(agreeing)}, too, with facts that agree as far"
        yield Fact(About.NAMESAKES, Speaks.FOR, says, tuple(map(_source_of, agreeing)))
    elif case.same_value:
        says = f"the name is also that of {_ids(case.same_value)}"
        yield Fact(About.NAMESAKES, Speaks.OPEN, says, tuple(map(_source_of, case.same_value)))


def _balance(rows: tuple[Explanation, ...]) -> int:
    """Facts that agree less those that differ."""
    speaking = [_speaks(row) for row in rows if row.how in _BY_ROW]
    return speaking.count(Speaks.FOR) - speaking.count(Speaks.AGAINST)


def _ids(entries: "list[Beside] | tuple[Beside, ...]") -> str:
    return ", ".join(each.designation_id for each in entries)


def _source_of(entry: Beside) -> Source:
    return Source("list", entry.designation_id, entry.designation_name)


_LOOKS: tuple[Callable[[Case], Iterator[Fact]], ...] = (
    _name,
    _identifier,
    _evidence,
    _missing_birth_date,
    _address,
    _ties,
    _disposition,
    _namesakes,
)
