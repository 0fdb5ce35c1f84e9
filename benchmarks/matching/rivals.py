"""What other matchers make of the same fields: rapidfuzz by a full scan, LogicV2 where it is installed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from benchmarks import logicv2
from screening import Designation


@dataclass(frozen=True)
class Rival:
    """A matcher with its own usual threshold."""

    name: str
    finds: Callable[[str, Sequence[str]], bool]
    """Does any of the texts find the entry of this id? Told from its own names, without competition."""
    alerts: Callable[[Sequence[str]], bool]
    """Does any of the texts find anything on the whole list?"""


def rivals(designations: Sequence[Designation]) -> Iterator[Rival]:
    """Every rival that can run here."""
    names = {entry.id: [default_process(name.text) for name in entry.names] for entry in designations}
    every = [name for listed in names.values() for name in listed if name]
    yield _ratio("WRatio 85", fuzz.WRatio, 85, names, every)
    yield _ratio("token_set 90", fuzz.token_set_ratio, 90, names, every)
    if not logicv2.missing():
        yield _logic(designations)


def _ratio(
    label: str, scorer: Callable[..., float], cutoff: int, names: dict[str, list[str]], every: list[str]
) -> Rival:
    def finds(entry: str, texts: Sequence[str]) -> bool:
        return any(scorer(default_process(text), name) >= cutoff for text in texts for name in names[entry])

    def alerts(texts: Sequence[str]) -> bool:
        asked = map(default_process, texts)
        return any(process.extractOne(text, every, scorer=scorer, score_cutoff=cutoff) for text in asked)

    return Rival(label, finds, alerts)


def _logic(designations: Iterable[Designation]) -> Rival:
    entries = list(designations)
    matcher = logicv2.LogicV2()
    blocks = logicv2.Blocks(logicv2.entries(entries))
    listed: dict[str, list[object]] = defaultdict(list)
    for entry, (names, schema) in zip(entries, logicv2.entries(entries), strict=True):
        listed[entry.id].append(matcher.entity(names, schema))

    def finds(entry: str, texts: Sequence[str]) -> bool:
        return any(
            matcher.score(matcher.entity([text]), one) >= logicv2.THRESHOLD
            for text in texts
            for one in listed[entry]
        )

    def alerts(texts: Sequence[str]) -> bool:
        return any(blocks.match(text) for text in texts)

    return Rival("LogicV2 0.70", finds, alerts)
