"""`python -m benchmarks.matching.payments`: are listed names found wherever they stand, and nobody else?

Prints, for the shipped policy and embargoes: recall of names planted in payments by how they are written, the
share of clean payments that alert by reason, role and country, and clean names by language and companies per
100,000. The rivals are asked about the same names in the same run. `--named FILE` names every miss and every
false alert. Without further files it takes the samples of `benchmarks/matching/sets`.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import logicv2
from benchmarks.matching.data import DATA, machine, table
from benchmarks.matching.rivals import Rival, rivals
from benchmarks.matching.sets import SAMPLES, Sets
from screening import Decision, Hit, Screener
from screening.payments.canonical import payment_of
from streams.offline.policies import load_policy

AGENTS = "_agent"
"""How the roles of banks end."""


def main() -> None:
    """Measure the sections named on the command line; all of them by default."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sections", nargs="*", choices=[[], *SECTIONS], help="default: all")
    parser.add_argument("--sets", type=Path, help="folder of the whole sets; default: where they are at hand")
    parser.add_argument("--samples", action="store_true", help="the samples that ship, whatever is at hand")
    parser.add_argument("--every", type=int, default=1, help="take every so many-th case only")
    parser.add_argument("--rivals", type=int, default=40, help="payments and names rivals are asked about")
    parser.add_argument("--policy", type=Path, help="default: the shipped one")
    parser.add_argument("--named", type=Path, help="JSON lines: every miss and every false alert")
    chosen = parser.parse_args()
    whole = chosen.sets or DATA
    sets = Sets(SAMPLES if chosen.samples or not Sets(whole).whole else whole)
    screener = Screener(load_policy(chosen.policy))
    designations = list(sets.designations())
    for designation in designations:
        screener.upsert(designation)
    print(f"{machine()}\n{len(designations):,} entries, {'whole sets' if sets.whole else 'samples'}")
    others = list(rivals(designations)) if chosen.rivals else []
    run = Run(screener, sets, chosen.every, chosen.rivals, others)
    for name in chosen.sections or SECTIONS:
        started = time.process_time()
        print(f"\n## {name}\n\n{SECTIONS[name](run)}\n({time.process_time() - started:.0f} s)")
    if chosen.named:
        chosen.named.write_text("".join(f"{line}\n" for line in run.named), encoding="utf-8")
    if chosen.rivals and (reason := logicv2.missing()):
        print(f"\nLogicV2 left out: {reason}")


@dataclass
class Run:
    """What is measured, on what, beside whom, and where misses are named."""

    screener: Screener
    sets: Sets
    every: int
    asked: int
    rivals: list[Rival]
    named: list[str] = field(default_factory=list)

    def name(self, section: str, **told: object) -> None:
        """One miss or false alert."""
        self.named.append(json.dumps({"section": section, **told}, ensure_ascii=False))

    def screened(self, event: dict[str, Any]) -> Decision:
        return self.screener.screen(payment_of(event))


def planted(run: Run) -> str:
    """Recall of planted names by how they were written."""
    tried: Counter[str] = Counter()
    found: Counter[str] = Counter()
    others: dict[str, Counter[str]] = {rival.name: Counter() for rival in run.rivals}
    for case in run.sets.planted(run.every):
        tried[case.how] += 1
        decision = run.screened(case.event)
        if any(hit.designation.id == case.designation_id for hit in decision.hits):
            found[case.how] += 1
        else:
            run.name("planted", how=case.how, id=case.designation_id, name=case.name, event=case.event)
        for rival in run.rivals:
            others[rival.name][case.how] += rival.finds(case.designation_id, _texts(case.event))
    rows = [
        (how, str(tried[how]), *(f"{hits[how] / tried[how]:.2f}" for hits in (found, *others.values())))
        for how in sorted(tried, key=lambda how: found[how] / tried[how])
    ]
    every = sum(tried.values())
    rows.append(
        ("all", str(every), *(f"{sum(hits.values()) / every:.3f}" for hits in (found, *others.values())))
    )
    return table(("written", "tried", "interdict", *others), rows)


@dataclass
class Alerts:
    """How many alerted, by whatever is counted."""

    tried: int = 0
    any: int = 0
    hold: int = 0
    banks: int = 0
    by_reason: Counter[str] = field(default_factory=Counter)
    by_role: Counter[str] = field(default_factory=Counter)
    by_country: Counter[str] = field(default_factory=Counter)
    countries: Counter[str] = field(default_factory=Counter)


def clean_payments(run: Run) -> str:
    """The share of payments that alert although nobody in them is listed."""
    alerts = Alerts()
    others = {rival.name: [0, 0] for rival in run.rivals}
    for event in run.sets.realistic(run.every):
        decision = run.screened(event)
        _count(alerts, event, decision)
        for hit in decision.hits:
            run.name(
                "clean payments", id=event["id"], reason=hit.reason, summary=hit.summary, score=hit.score
            )
        if alerts.tried <= run.asked:
            for rival in run.rivals:
                others[rival.name][0] += rival.alerts(_texts(event))
                others[rival.name][1] += 1
    rate = f"{alerts.tried:,} payments: any {_share(alerts.any, alerts.tried)}, "
    rate += f"hold {_share(alerts.hold, alerts.tried)}, banks {_share(alerts.banks, alerts.tried)}"
    for name, (count, asked) in others.items():
        rate += f"; {name} {_share(count, asked)} of {asked}"
    by_country = [
        (key, str(count), _share(count, alerts.countries[key]))
        for key, count in alerts.by_country.most_common(12)
    ]
    return "\n\n".join(
        (
            rate,
            _counted("reason", alerts.by_reason, alerts.tried),
            _counted("role", alerts.by_role, alerts.tried),
            table(("country of the party", "alerts", "of its payments"), by_country),
        )
    )


def _count(alerts: Alerts, event: dict[str, Any], decision: Decision) -> None:
    alerts.tried += 1
    for country in {party.get("country", "") for party in event["parties"]}:
        alerts.countries[country] += 1
    if not decision.hits:
        return
    alerts.any += 1
    alerts.hold += any(hit.action == "hold" for hit in decision.hits)
    alerts.banks += any(hit.role.endswith(AGENTS) for hit in decision.hits)
    alerts.by_reason.update({str(hit.reason) for hit in decision.hits})
    alerts.by_role.update({str(hit.role) for hit in decision.hits})
    alerts.by_country.update({_country(event, hit.path) for hit in decision.hits})


def _country(event: dict[str, Any], path: str) -> str:
    parts = path.split("/")
    if len(parts) > 2 and parts[1] == "parties":
        return str(event["parties"][int(parts[2])].get("country", ""))
    return "(text)"


def _counted(what: str, counts: Counter[str], tried: int) -> str:
    return table((what, "payments", ""), [(k, str(n), _share(n, tried)) for k, n in counts.most_common()])


def _share(count: int, of: int) -> str:
    return f"{100 * count / of:.2f} %" if of else "not measured"


def clean_names(run: Run) -> str:
    """People who are not listed, by language."""
    return _names(run, "language", "clean names", run.sets.clean_names(run.every))


def clean_companies(run: Run) -> str:
    """Companies that are not listed, by country."""
    return _names(run, "country", "clean companies", run.sets.clean_companies(run.every))


def _names(run: Run, what: str, section: str, names: Iterable[tuple[str, str]]) -> str:
    tried: Counter[str] = Counter()
    found: Counter[str] = Counter()
    equal: Counter[str] = Counter()
    others = {rival.name: 0 for rival in run.rivals}
    asked = 0
    names = list(names)
    spread = max(1, len(names) // max(1, run.asked))
    for number, (group, name) in enumerate(names):
        tried[group] += 1
        hits = run.screener.match(name)
        found[group] += bool(hits)
        equal[group] += any(map(_is_listed, hits))
        for hit in hits[:1]:
            run.name(section, group=group, name=name, summary=hit.summary, score=hit.score)
        if number % spread == 0:
            asked += 1
            for rival in run.rivals:
                others[rival.name] += rival.alerts([name])
    rows = [
        (group, f"{tried[group]:,}", *_of_100_000(tried[group], found[group], equal[group]))
        for group in sorted(tried, key=lambda group: -found[group] / tried[group])[:15]
    ]
    every = sum(tried.values())
    rows.append(("all", f"{every:,}", *_of_100_000(every, sum(found.values()), sum(equal.values()))))
    told = table((what, "tried", "alerts of 100,000", "of which the listed name, every word"), rows)
    for name, count in others.items():
        told += f"\n\n{name}: {count * 100_000 / asked:,.0f} of 100,000 ({asked} asked)"
    return told


def _of_100_000(tried: int, *counts: int) -> tuple[str, ...]:
    return tuple([f"{count * 100_000 / tried:,.0f}" for count in counts])


SAME = 0.9
"""So alike are the spellings of one word."""


def _is_listed(hit: Hit) -> bool:
    """Is every word of a name the listed one's, in whatever spelling? Then a hit is what it must be."""
    return all(row.similarity >= SAME for row in hit.explanation if row.how not in ("dropped", "legal form"))


def _texts(event: dict[str, Any]) -> list[str]:
    """What a rival is asked about: every string of a payment that can hold a name."""
    return [
        text
        for party in event["parties"]
        for key in ("name", "address")
        for text in _strings(party.get(key))
        if text
    ] + list(_strings(event.get("remittance")))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


SECTIONS = {
    "planted": planted,
    "clean-payments": clean_payments,
    "clean-names": clean_names,
    "clean-companies": clean_companies,
}

if __name__ == "__main__":
    main()
