"""The filter effectiveness test: which written forms of its own entries the filter finds, and what it costs.

Supervisors ask for it in these terms (NYDFS 3 CRR-NY 504.3(b)(5), "end-to-end, pre- and post-implementation
testing"; Wolfsberg Group, Guidance on Sanctions Screening, 2019): every kind of variation, every miss named,
and the alerts on names that are not listed beside them. The same input gives the same report.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from screening.decisions import Hit
from screening.designations import Designation, Quality
from screening.evaluation.headings import HEADINGS, INGESTED
from screening.evaluation.variations import KINDS, vary

Match = Callable[[str], list[Hit]]


@dataclass(frozen=True, slots=True)
class Miss:
    """A written form that did not find its entry."""

    designation_id: str
    name: str
    written: str


@dataclass(frozen=True, slots=True)
class KindResult:
    """One kind of variation: how many forms were tried and which were missed."""

    kind: str
    tried: int
    misses: tuple[Miss, ...]

    @property
    def recall(self) -> float:
        """Share found, 0..1; 1.0 where the kind applied to no name."""
        return 1 - len(self.misses) / self.tried if self.tried else 1.0


@dataclass(frozen=True, slots=True)
class FalsePositive:
    """A name that is not listed and alerts all the same."""

    name: str
    designation_id: str
    matched: str
    score: float


@dataclass(frozen=True, slots=True)
class Effectiveness:
    """The whole report."""

    kinds: tuple[KindResult, ...]
    clean_names: int
    false_positives: tuple[FalsePositive, ...]
    headings: tuple[KindResult, ...] = ()
    """The same forms under the headings of supervisors, and the ingestion of the list."""

    @property
    def recall(self) -> float:
        """Over all written forms, each counting once."""
        tried = sum(result.tried for result in self.kinds)
        return 1 - sum(len(result.misses) for result in self.kinds) / tried if tried else 1.0

    @property
    def false_positives_per_100k(self) -> float:
        """Clean names with at least one hit, per 100,000."""
        return len(self.false_positives) * 100_000 / self.clean_names if self.clean_names else 0.0


def measure(
    match: Match,
    designations: Iterable[Designation],
    clean_names: Iterable[str],
    *,
    per_kind: int = 150,
    advance: Callable[[int], None] = lambda _: None,
) -> Effectiveness:
    """Try `per_kind` forms of each kind on a spread of the entries, and every clean name.

    `match` is what is tested, for example `Screener.match`; `advance` is called for every name tried.
    """
    entries = sorted(designations, key=lambda entry: _shuffled("entry", entry.id))
    headings = {heading: _Tally() for heading in HEADINGS}
    kinds = tuple(_measure_kind(match, label, entries, per_kind, advance, headings) for label in KINDS)
    false_positives = []
    count = 0
    for name in clean_names:
        count += 1
        advance(1)
        hits = match(name)
        if hits:
            best = hits[0]
            matched = best.name.text if best.name else best.designation.name
            false_positives.append(FalsePositive(name, best.designation.id, matched, best.score))
    tried = [KindResult(heading, tally.tried, tuple(tally.misses)) for heading, tally in headings.items()]
    ingested = _ingested(match, entries[:per_kind])
    return Effectiveness(kinds, count, tuple(false_positives), (*tried, ingested))


@dataclass(slots=True)
class _Tally:
    tried: int = 0
    misses: list[Miss] = field(default_factory=list)


def _ingested(match: Match, entries: list[Designation]) -> KindResult:
    """Whether the filter holds the list: every name of an entry that makes a hit, as the list prints it."""
    names = [
        (entry.id, name.text) for entry in entries for name in entry.names if name.quality is not Quality.WEAK
    ]
    misses = [Miss(entry, text, text) for entry, text in names if not _finds(match, text, entry)]
    return KindResult(INGESTED, len(names), tuple(misses))


def _finds(match: Match, text: str, designation_id: str) -> bool:
    return any(hit.designation.id == designation_id for hit in match(text))


def _measure_kind(
    match: Match,
    label: str,
    entries: list[Designation],
    most: int,
    advance: Callable[[int], None],
    headings: Mapping[str, _Tally],
) -> KindResult:
    misses = []
    tried = 0
    for designation, written in _forms(label, entries, most):
        tried += 1
        advance(1)
        missed = not _finds(match, written, designation.id)
        miss = Miss(designation.id, designation.name, written)
        if missed:
            misses.append(miss)
        for heading, falls_under in HEADINGS.items():
            if falls_under(label, designation.name, written):
                headings[heading].tried += 1
                if missed:
                    headings[heading].misses.append(miss)
    return KindResult(label, tried, tuple(misses))


def _forms(label: str, entries: list[Designation], most: int) -> Iterator[tuple[Designation, str]]:
    """The first `most` entries, in an order of the label's own, that the kind applies to."""
    found = 0
    for designation in sorted(entries, key=lambda entry: _shuffled(label, entry.id)):
        written = vary(designation.name, designation.kind, label, designation.id)
        if written is not None:
            yield designation, written
            found += 1
            if found == most:
                return


def _shuffled(label: str, text: str) -> bytes:
    return hashlib.sha256(f"{label}\0{text}".encode()).digest()
