"""Names of people in the cases of languages that are written in Latin letters; `names.slavic` has those in
Cyrillic.

A family name is known by its ending and by the given name beside it: other words that end like one are left.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from screening.cache import by_word
from screening.matching.plain_words import is_borne_so
from screening.names.scripts import romanise

SHORTEST_NAME: Final = 6
"""Letters of a name with its ending."""
SHORTEST_GIVEN: Final = 3
_FAMILY: Final = (
    # Polish
    "skiego=ski skiemu=ski skim=ski skiej=ska ckiego=cki ckiemu=cki ckim=cki ckiej=cka owi= kiem=k giem=g "
    # Czech and Slovak
    "ského=ský skému=ský ským=ský skou=ská ckého=cký ckému=cký ckým=cký čkou=čka čkovi=čka ovi= "
    # Croatian, Serbian and Slovene
    "skog=ski skom=ski čkog=čki ića=ić iću=ić ićem=ić ićom=ić ičem=ič "
    # Lithuanian and Latvian
    "iui=ius iaus=ius iumi=ius skui=skas skio=skis skiui=skis ņam=ņš iņa=iņš iņu=iņš ovam=ov evam=ev "
    # Finnish and Estonian
    "selle=nen selta=nen seltä=nen sella=nen sellä=nen ille= lle= lta= ltä= elt=e alt=a "
    # Hungarian
    "nak= nek= val= vel= rral=r rrel=r nnal=n nnel=n kkal=k kkel=k tól= től= hoz= hez= "
    # German and Scandinavian
    "ovs=ov evs=ev skis=ski enkos=enko"
)
"""How family names end in other cases, and in the first."""
_GIVEN: Final = "owi= ovi= iem= em= im=is om= am=s ņa=nis ņu=nis a= a=o u= u=o ui=as o=as u=as e= i= s="
"""The same of given names, where the word is none as it stands."""


def _table(endings: str) -> Mapping[str, str]:
    return dict(ending.split("=") for ending in endings.split())


_OF_FAMILY: Final = _table(_FAMILY)
_OF_GIVEN: Final = tuple(ending.split("=") for ending in _GIVEN.split())
_ENDINGS: Final = tuple(sorted(_OF_FAMILY, key=len, reverse=True))
_LAST_THREE: Final = frozenset(ending[-3:] for ending in _ENDINGS)
"""All of them have three letters at least: by these most lines are told to have none."""
_LONG_WORDS: Final = re.compile(rf"[^\W\d_]{{{SHORTEST_NAME},}}").findall
_SIGNS: Final = ".,;:()[]\"'/-"


def in_first_case(line: str) -> Iterator[str]:
    """Each name of a line that stands in another case, as lists have it.

    >>> list(in_first_case("umowa z Janem Kowalczewskim")), list(in_first_case("Szervánhegyi Gábornak"))
    (['jan kowalczewski'], ['szervánhegyi gábor'])
    >>> list(in_first_case("Location d'une rue nouvelle"))
    []
    """
    if not any(word[-3:].lower() in _LAST_THREE for word in _LONG_WORDS(line)):
        return
    words = line.split()
    for place, word in enumerate(words):
        if len(word) < SHORTEST_NAME or not (word := _bare(word)).endswith(_ENDINGS):
            continue
        first = _in_first_case(word)
        if place and first in _given(first):
            yield f"{_bare(words[place - 1])} {first}"
        for near in (place - 1, place + 1):
            if 0 <= near < len(words):
                for given in _given(_bare(words[near])):
                    yield f"{given} {first}"


def _bare(word: str) -> str:
    return word.strip(_SIGNS).casefold()


def _in_first_case(word: str) -> str:
    ending = next(each for each in _ENDINGS if word.endswith(each))
    return word[: -len(ending)] + _OF_FAMILY[ending]


@by_word(1 << 12)
def _given(word: str) -> tuple[str, ...]:
    """The given names that a word may be, in whatever case."""
    if not word.isalpha():
        return ()
    found: dict[str, None] = {}
    for ending, first in (("", ""), *_OF_GIVEN):
        if word.endswith(ending):
            found[word.removesuffix(ending) + first] = None
    return tuple(
        name
        for name in found
        if len(name) >= SHORTEST_GIVEN and is_borne_so(name if name.isascii() else romanise(name))
    )
