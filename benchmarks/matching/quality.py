"""`python -m benchmarks.matching.quality`: how well names are matched, beside the rivals.

Prints F1 on labelled pairs, alerts on clean names, original-script recall, recall by kind of variation and
the index against a full scan. nomenklatura's LogicV2 joins in where it can be
imported; docs/performance.md says how to install it.
"""

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from benchmarks import logicv2
from benchmarks.matching.data import (
    DATA,
    LabelledPair,
    clean_names,
    labelled_pairs,
    machine,
    ofac,
    script_pairs,
    table,
    un_originals,
)
from screening import Designation, Policy, Screener, compare, parse_list
from screening.evaluation.effectiveness import measure
from screening.evaluation.variations import KINDS, vary
from screening.matching.index import Index
from screening.matching.plain_words import is_borne
from screening.matching.second_look import assess
from screening.names.forms import NameForm
from screening.names.readings import listed_readings, readings

THRESHOLD = Policy().threshold
SAID_EVERY = 100
"""Queries of the scan, which takes half an hour."""
Measure = Callable[[LabelledPair], float]


def main() -> None:
    """Run the sections named on the command line; all of them by default."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sections", nargs="*", choices=[[], *SECTIONS], help="default: all")
    parser.add_argument("--queries", type=int, default=3000, help="of the scan, of either sort")
    parser.add_argument("--part", type=int, default=10, help="the scan asks one of so many entries")
    parser.add_argument("--per-kind", type=int, default=400, help="written forms of each kind of variation")
    parser.add_argument("--named", type=Path, help="JSON lines: every miss and every wrong answer")
    chosen = parser.parse_args()
    chosen.told = []
    print(machine())
    for name in chosen.sections or SECTIONS:
        print(f"\n## {name}\n")
        print(SECTIONS[name](chosen))
    if chosen.named:
        lines = [json.dumps(told, ensure_ascii=False) for told in chosen.told]
        chosen.named.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def pairs(chosen: argparse.Namespace) -> str:
    """Precision, recall and F1 at each measure's own threshold."""
    labelled = labelled_pairs()
    rows = []
    for name, threshold, asked in _measures():
        scored = [(asked(pair), pair) for pair in labelled]
        chosen.told += [
            {"section": "pairs", "measure": name, "score": round(points, 3), **pair._asdict()}
            for points, pair in scored
            if (points >= threshold) != pair.match
        ]
        rows.append((name, f"{threshold:.2f}", *_f1(scored, threshold), _strong(scored, threshold)))
    kept = [pair for pair in labelled if not (pair.match and _is_told_apart(pair))]
    scored = [(compare(pair.query, pair.name, kind=pair.kind), pair) for pair in kept]
    aside = f"interdict, {len(labelled) - len(kept)} pairs of known different names aside"
    rows.append((aside, f"{THRESHOLD:.2f}", *_f1(scored, THRESHOLD), _strong(scored, THRESHOLD)))
    told = table(("measure", "threshold", "precision", "recall", "F1", "STRONG rows right"), rows)
    reason = logicv2.missing()
    return f"{told}\n\nLogicV2 left out: {reason}" if reason else told


def _is_told_apart(pair: LabelledPair) -> bool:
    """Is a pair that is labelled one party one of two names which must not match: Tom and Tim, Min and Il?

    Names of China and Korea with another syllable, and names of which one word is another that people bear.
    """
    asked, listed = readings(pair.query, pair.kind), listed_readings(pair.name, pair.kind)
    if any(form.syllabic for form in asked) and any(form.syllabic for form in listed):
        return True
    ours, theirs = asked[0].tokens, listed[0].tokens
    others = [(a, b) for a, b in zip(ours, theirs, strict=False) if a.text != b.text]
    return len(ours) == len(theirs) and len(others) == 1 and all(map(is_borne, others[0]))


def _measures() -> Iterable[tuple[str, float, Measure]]:
    yield "interdict", THRESHOLD, lambda pair: compare(pair.query, pair.name, kind=pair.kind)
    yield "interdict, sensitive", 0.75, lambda pair: compare(pair.query, pair.name, kind=pair.kind)
    yield "rapidfuzz WRatio", 0.85, lambda pair: _ratio(fuzz.WRatio, pair)
    yield "rapidfuzz token_set_ratio", 0.90, lambda pair: _ratio(fuzz.token_set_ratio, pair)
    yield "rapidfuzz token_sort_ratio", 0.79, lambda pair: _ratio(fuzz.token_sort_ratio, pair)
    if not logicv2.missing():
        yield "nomenklatura LogicV2", logicv2.THRESHOLD, _logic_v2()


def _ratio(ratio: Callable[..., float], pair: LabelledPair) -> float:
    return ratio(pair.query, pair.name, processor=default_process) / 100


def _logic_v2() -> Measure:
    rival = logicv2.LogicV2()

    def measure(pair: LabelledPair) -> float:
        schema = logicv2.schema_of(pair.kind)
        return rival.score(rival.entity([pair.query], schema), rival.entity([pair.name], schema))

    return measure


def _f1(scored: list[tuple[float, LabelledPair]], threshold: float) -> tuple[str, str, str]:
    hits = sum(points >= threshold and pair.match for points, pair in scored)
    alerts = sum(points >= threshold for points, _ in scored)
    matches = sum(pair.match for _, pair in scored)
    precision, recall = hits / alerts, hits / matches
    return f"{precision:.3f}", f"{recall:.3f}", f"{2 * precision * recall / (precision + recall):.3f}"


def _strong(scored: list[tuple[float, LabelledPair]], threshold: float) -> str:
    strong = [(points >= threshold) == pair.match for points, pair in scored if pair.quality == "STRONG"]
    return f"{sum(strong)} of {len(strong)}"


def clean(_: argparse.Namespace) -> str:
    """Hits per 100,000 clean names on the OFAC list, by threshold."""
    screener = Screener(Policy(threshold=0.75))
    for designation in ofac():
        screener.upsert(designation)
    names = clean_names()
    best = [hits[0].score for name in names if (hits := screener.match(name))]
    rows = [
        (f"{threshold:.2f}", f"{sum(points >= threshold for points in best) * 100_000 / len(names):.0f}")
        for threshold in (0.75, 0.80, 0.85, 0.90)
    ]
    return f"{len(names):,} names\n\n" + table(("threshold", "names that hit, of 100,000"), rows)


def originals(_: argparse.Namespace) -> str:
    """UN names in their own script against the list's Latin names: is the entry found, and what else is?"""
    index = Index()
    asked = un_originals()
    native = {original.text for original in asked}
    for designation in parse_list("un", DATA / "un" / "consolidated.xml"):
        latin = tuple(name for name in designation.names if name.text not in native)
        if latin:
            index.put(replace(designation, names=latin))
    rows = []
    for threshold in (THRESHOLD, 0.75):
        own = first = others = 0
        for original in asked:
            index.begin_payment()
            best: dict[str, float] = {}
            for candidate, points, _reading in index.search(original.text, original.kind, threshold):
                key = candidate.designation.id
                best[key] = max(points, best.get(key, 0.0))
            own += original.designation_id in best
            others += len(best.keys() - {original.designation_id})
            first += bool(best) and max(best, key=lambda key: best[key]) == original.designation_id
        rows.append(
            (
                f"{threshold:.2f}",
                f"{own / len(asked):.3f}",
                f"{first / len(asked):.3f}",
                f"{own / max(1, own + others):.3f}",
            )
        )
    return f"{len(asked)} names\n\n" + table(
        ("threshold", "own entry found", "own entry first", "precision"), rows
    )


def scan(chosen: argparse.Namespace) -> str:
    """Every alias the scorer alone would keep, and whether the index returns it.

    A query is scored against the entry that it came from and against a part of all entries, which dice choose
    for each query: the whole list takes seconds a query.
    """
    index = Index()
    for designation in ofac():
        index.put(designation)
    entries = [_Entry(designation) for designation in ofac()]
    own = {entry.id: entry for entry in entries}
    rows = []
    for what, queries in _scan_queries(chosen.queries).items():
        dice = random.Random(23)
        kept = lost = 0
        for number, (query, entry_id) in enumerate(queries, 1):
            part = entries[dice.randrange(chosen.part) :: chosen.part]
            against = {entry.id: entry for entry in [*part, *([own[entry_id]] if entry_id else [])]}
            index.begin_payment()
            found = {
                (candidate.designation.id, candidate.name.text)
                for candidate, _, _ in index.search(query, None, THRESHOLD)
            }
            asked = readings(query)
            truth = {name for entry in against.values() for name in entry.scored(asked)}
            kept += len(truth)
            lost += len(truth - found)
            chosen.told += [
                {"section": "scan", "query": query, "lost": name} for name in sorted(truth - found)
            ]
            if number % SAID_EVERY == 0:
                print(f"{what}: {number:,} asked, {kept:,} hits, {lost} lost", file=sys.stderr, flush=True)
        share = 1 - lost / max(1, kept)
        rows.append((what, f"{len(queries):,}", f"{kept:,}", str(lost), f"{share:.5f}"))
    return table(("queries", "asked", "alias hits of the scan", "lost by the index", "recall"), rows)


class _Entry:
    """A designation with the forms of its names."""

    def __init__(self, designation: Designation) -> None:
        self.id = designation.id
        self._kind = designation.kind
        self._forms = [
            (name.text, form) for name in designation.names for form in listed_readings(name.text, self._kind)
        ]

    def scored(self, asked: tuple[NameForm, ...]) -> Iterator[tuple[str, str]]:
        """Names that the scorer keeps, whatever the index says."""
        for text, form in self._forms:
            if any(assess(query, form, self._kind) >= THRESHOLD for query in asked):
                yield self.id, text


def scripts(chosen: argparse.Namespace) -> str:
    """Names across scripts: the share of right pairs that are found, and of wrong ones."""
    found: dict[str, list[bool]] = {}
    wrong: dict[str, list[bool]] = {}
    for name, pair in script_pairs():
        points = compare(pair.query, pair.name, kind=pair.kind)
        hit = points >= THRESHOLD
        if hit != pair.match:
            chosen.told.append(
                {"section": "scripts", "set": name, "score": round(points, 3), **pair._asdict()}
            )
        (found if pair.match else wrong).setdefault(name, []).append(hit)
    rows = [
        (name, f"{len(hits):,}", f"{sum(hits) / len(hits):.3f}", f"{sum(wrong[name]) / len(wrong[name]):.4f}")
        for name, hits in found.items()
    ]
    of_all = [sum(map(sum, hits.values())) / sum(map(len, hits.values())) for hits in (found, wrong)]
    rows.append(("all", f"{sum(map(len, found.values())):,}", f"{of_all[0]:.3f}", f"{of_all[1]:.4f}"))
    return table(("set", "right pairs", "found", "wrong pairs found"), rows)


def exact(_: argparse.Namespace) -> str:
    """Every name of the OFAC list as the list writes it, asked with its kind and without: is it found?"""
    index = Index()
    for designation in ofac():
        index.put(designation)
    tried = 0
    missed = []
    for designation in ofac():
        for name in designation.names:
            for kind in {designation.kind, None}:
                index.begin_payment()
                tried += 1
                found = index.search(name.text, kind, THRESHOLD)
                if not any(candidate.name is name for candidate, _, _ in found):
                    missed.append(f"{name.text} ({kind or 'no kind'})")
    return table(
        ("asked", "found", "missed"), [(f"{tried:,}", f"{tried - len(missed):,}", "; ".join(missed))]
    )


def _scan_queries(count: int) -> dict[str, list[tuple[str, str]]]:
    """So many plain names, half of the list and half clean, and so many written in every kind of way.

    Each with the id of the entry that it came from.
    """
    dice = random.Random(11)
    labels = list(KINDS)
    plain = [(entry.name, entry.id) for entry in dice.sample(ofac(), count // 2)]
    plain += [(name, "") for name in dice.sample(clean_names(), count - len(plain))]
    varied = [
        (vary(entry.name, entry.kind, labels[place % len(labels)], "scan") or entry.name, entry.id)
        for place, entry in enumerate(dice.sample(ofac(), min(count, len(ofac()))))
    ]
    return {"plain": plain, f"written in {len(labels)} ways": varied}


def variations(chosen: argparse.Namespace) -> str:
    """Every kind of written form of the OFAC list's own names: is the entry found?"""
    screener = Screener(Policy())
    for designation in ofac():
        screener.upsert(designation)
    report = measure(screener.match, ofac(), (), per_kind=chosen.per_kind)
    chosen.told += [
        {"section": "variations", "kind": result.kind, "name": miss.name, "written": miss.written}
        for result in report.kinds
        for miss in result.misses
    ]
    rows = [
        (result.kind, f"{result.tried:,}", f"{result.recall:.3f}")
        for result in sorted(report.kinds, key=lambda result: result.recall)
    ]
    rows.append(("all", f"{sum(result.tried for result in report.kinds):,}", f"{report.recall:.3f}"))
    return table(("kind", "tried", "found"), rows)


SECTIONS: dict[str, Callable[[argparse.Namespace], str]] = {
    "pairs": pairs,
    "clean": clean,
    "originals": originals,
    "scan": scan,
    "exact": exact,
    "scripts": scripts,
    "variations": variations,
}

if __name__ == "__main__":
    main()
