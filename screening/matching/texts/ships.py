"""Whether a text says of a name that it is a ship's, by the words right before and behind it."""

from collections.abc import Sequence
from itertools import pairwise

from screening.matching.texts.text_words import Gap, TextWord

SHIPS = frozenset(
    [
        *("mv", "mt", "ss", "fv", "vlcc", "vessel", "vsl", "ship", "tanker", "motortanker", "motorvessel"),
        *("motorschiff", "schiff", "schip", "buque", "navire", "navio", "nave", "motonave", "gemi", "gemisi"),
        *("statek", "fartyg", "skib", "kapal", "teplokhod", "tk", "sudno", "tug", "barge", "steamer", "imo"),
        *("onboard", "aboard", "carrier", "yacht", "dredger", "roro", "lpgc", "lngc", "fso", "fpso", "osv"),
        "mn",
    ]
)
"""Words that say of a name beside them that it is a ship's."""
CHARTERED = frozenset(
    [
        *("demurrage", "laytime", "bunkers", "bunker", "portdues", "charterhire", "timecharter", "bunkering"),
        *("pilotage", "towage", "drydocking", "portagency", "portagencyfee", "portagencyfees", "shipagency"),
        *("portcharges", "portcosts", "crewwages", "crewchange"),
    ]
)
"""Words right before a ship's name that are of ships alone."""
FORMERLY = frozenset(("ex", "fka", "formerly", "former", "previously", "aka", "alias"))
_NAMED = frozenset(("name", "named", "known", "called", "as"))
"""Words behind a word of ships, or one of a former name, that stand before the name."""
FORMER = 6
"""Words before a ship's former name among which the ship's kind stands: "M/V SUNNY (EX LAODICEA)"."""
VOYAGES = frozenset(("voy", "voyage", "voyg", "laycan", "demurrage"))
OF_A_VOYAGE = frozenset(("v", "bl", "cp"))
"""Words right behind a ship's name, the latter with a number."""


def is_called_a_ship(words: Sequence[TextWord], first: int, last: int) -> bool:
    """Does a text call what its words `first` to `last` name a ship: "MV FOREST IMO 9078268", "M/T AMBER",
    "laytime AMBER"?"""
    before = [word.token.text for word in words[max(0, first - FORMER) : first]]
    behind = [word.token.text for word in words[last + 1 : last + 3]]
    if not SHIPS.isdisjoint(behind):
        return True
    if before[-1:] == ["crew"] and words[first].gap is Gap.BREAK:
        return True  # "crew of AMBER"
    if not CHARTERED.isdisjoint([*before[-1:], "".join(before[-2:]), "".join(before[-3:])]):
        return True
    named = before
    while named and named[-1] in _NAMED:
        named = named[:-1]
    if _says_ship(named[-1:]) or _says_ship(["".join(named[-2:])]):
        return True
    if named and named[-1] in FORMERLY and _says_ship(_paired(named)):
        return True
    return bool(behind) and (
        behind[0] in VOYAGES or (len(behind) > 1 and behind[0] in OF_A_VOYAGE and behind[1][0].isdigit())
    )


def _says_ship(words: Sequence[str]) -> bool:
    return not SHIPS.isdisjoint(words)


def _paired(words: Sequence[str]) -> list[str]:
    """The words, and each two neighbours as one: the M/V of "M/V SUNNY"."""
    return [*words, *map("".join, pairwise(words))]
