"""nomenklatura's LogicV2, the matcher behind yente, as a rival: how it is asked, wherever it is measured.

It is optional, never needed by Interdict or its tests: `pip install '.[rivals]'` builds PyICU, which has no
wheel (docs/performance.md). Where it cannot be imported, `missing()` says why in one line.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import import_module
from typing import Any

from rapidfuzz.utils import default_process

from screening import Designation, Kind

THRESHOLD = 0.70
"""Where LogicV2 is commonly put to work; its F1 on the labelled pairs is highest here as well."""
COMMON = 1 / 250
"""Share of the entries in which a word may stand and still lead to them: 100 of 25,000."""
ANY_PARTY = "LegalEntity"
"""FollowTheMoney's schema for a party of unknown kind, and so for every party of a payment."""
_SCHEMAS = {Kind.PERSON: "Person", Kind.ORGANIZATION: "Organization", Kind.VESSEL: "Vessel"}


@cache
def missing() -> str:
    """Why LogicV2 cannot run here; empty when it can."""
    try:
        import_module("followthemoney")
        import_module("nomenklatura.matching")
    except ImportError as error:
        return f"{error}; pip install '.[rivals]', with the system packages of docs/performance.md"
    return ""


class LogicV2:
    """Its default configuration, on entities of FollowTheMoney."""

    def __init__(self) -> None:
        self._model: Any = import_module("followthemoney").model
        self._matcher: Any = import_module("nomenklatura.matching").LogicV2
        self._config = self._matcher.default_config()

    def entity(self, names: Iterable[str], schema: str = ANY_PARTY) -> Any:
        """One party with its names. The matcher caches by id alone, so the id is made of all it has."""
        texts = list(names)
        return self._model.get_proxy(
            {"id": f"{schema}:{'|'.join(texts)}", "schema": schema, "properties": {"name": texts}}
        )

    def score(self, query: Any, listed: Any) -> float:
        return float(self._matcher.compare(query, listed, self._config).score)


class Blocks:
    """A list that LogicV2 is asked about, only for entries that share a word with the name.

    The simplest search that makes it affordable: a full scan of the OFAC list takes seconds a name. Words
    that stand in too many entries ("Trading", "Mohammed") lead nowhere. What shares no rarer word, as a
    misspelt single name, is lost before LogicV2 sees it: that gains it speed.
    """

    def __init__(self, entries: Sequence[tuple[list[str], str]]) -> None:
        """`entries` are names and schema of each listed party."""
        self._logic = LogicV2()
        self._blocks: defaultdict[str, list[Any]] = defaultdict(list)
        for names, schema in entries:
            entity = self._logic.entity(names, schema)
            for word in {word for name in names for word in _words(name)}:
                self._blocks[word].append(entity)
        self._most = len(entries) * COMMON
        probe = self._logic.entity(["Probe"])
        self._logic.score(probe, probe)  # it loads its dictionaries (seconds) at the first comparison

    def candidates(self, name: str) -> list[Any]:
        """Every entry that shares a word that is not too common, once."""
        blocks = [self._blocks[word] for word in _words(name) if word in self._blocks]
        rare = [block for block in blocks if len(block) <= self._most]
        return list({id(one): one for block in rare for one in block}.values())

    def match(self, name: str) -> list[tuple[Any, float]]:
        """Entries at or above THRESHOLD, each with its score."""
        query = self._logic.entity([name])
        scored = [(one, self._logic.score(query, one)) for one in self.candidates(name)]
        return [(one, points) for one, points in scored if points >= THRESHOLD]


def schema_of(kind: Kind | str | None) -> str:
    """FollowTheMoney's schema for our kind of party."""
    return _SCHEMAS.get(Kind(kind), ANY_PARTY) if kind else ANY_PARTY


def entries(designations: Iterable[Designation]) -> list[tuple[list[str], str]]:
    """Listed persons and organizations as such. Vessels and aircraft as parties of unknown kind: LogicV2
    refuses to compare a party with a thing."""
    parties = (Kind.PERSON, Kind.ORGANIZATION)
    return [
        (
            [name.text for name in entry.names],
            schema_of(entry.kind) if entry.kind in parties else ANY_PARTY,
        )
        for entry in designations
    ]


def _words(name: str) -> set[str]:
    """Lower case, without punctuation."""
    return set(default_process(name).split())
