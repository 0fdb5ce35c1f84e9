"""Arabic and Hebrew names, and what they are written as in Latin: "محمد" is Mohammed and never Mahmud."""

from collections.abc import Mapping
from functools import cache

from screening.cache import by_word
from screening.names.phonetics import skeleton
from screening.names.vocabulary import lines

_sound = by_word(1 << 14)(skeleton)
"""Of list words, which are compared with each word of another alphabet."""


def _by_sound(line: str) -> str:
    """The Latin spellings of a line that tell the name by their sound."""
    return line.partition(":")[2].partition(";")[0]


@cache
def _names() -> Mapping[str, frozenset[str]]:
    """Unvocalised name -> the sounds of its Latin spellings; under "" those of all."""
    table: dict[str, frozenset[str]] = {"": frozenset()}
    for line in lines("unvocalised_names.txt"):
        names = line.partition(":")[0]
        sounds = frozenset(map(skeleton, _by_sound(line).split()))
        for name in (*names.split(), ""):
            table[name] = table.get(name, frozenset()) | sounds
    return table


@cache
def _lines_of_sounds() -> Mapping[str, frozenset[int]]:
    """The sound of a Latin name -> the lines it stands on."""
    table: dict[str, frozenset[int]] = {}
    for number, line in enumerate(lines("unvocalised_names.txt")):
        for name in _by_sound(line).split():
            sound = skeleton(name)
            table[sound] = table.get(sound, frozenset()) | {number}
    return table


def are_two_names(latin: str, other: str) -> bool:
    """Are two Latin words known names of the Arab world, and not one: Awad and Aswad?"""
    known = _lines_of_sounds()
    one, two = known.get(_sound(latin)), known.get(_sound(other))
    return one is not None and two is not None and one.isdisjoint(two)


def is_unvocalised_name(native: str) -> bool:
    """Is it a name of which the Latin spellings are known?"""
    return native in _names()


def _eased(latin: str) -> str:
    """A spelling with i for e: Majed is Majid or Majeed."""
    return latin.replace("ee", "i").replace("e", "i")


@cache
def _lines_of_spellings() -> Mapping[str, frozenset[str]]:
    """A Latin spelling of a name, but for e and i -> the unvocalised names of the lines it stands on."""
    table: dict[str, frozenset[str]] = {}
    for line in lines("unvocalised_names.txt"):
        names, _, latin = line.partition(":")
        for name in latin.replace(";", " ").split():
            table[_eased(name)] = table.get(_eased(name), frozenset()).union(names.split())
    return table


def is_another_name(native: str, latin: str) -> bool:
    """Are both known names, of which neither is written for the other: محمد and Mahmud?

    A spelling that the table has tells by its letters, another by its sound: Salah is not صالح, who is Saleh.
    """
    names = _names()
    written = _lines_of_spellings().get(_eased(latin))
    if written is not None and native in names:
        return native not in written
    sounds = names.get(native)
    return sounds is not None and (sound := _sound(latin)) in names[""] and sound not in sounds


_ARABIC = tuple(map(chr, range(0x0621, 0x06D4)))
SHORTEST_OF_TWO = 3
"""Letters of each of two names that are written as one: محمدی is a surname made of one."""


def are_both_names(first: str, second: str) -> bool:
    """Are two Arabic words given names that may as well be written as one?"""
    names = _names()
    return first.startswith(_ARABIC) and first in names and second in names


def load() -> None:
    """Read the names and their sounds."""
    _names()
    _lines_of_sounds()
    _lines_of_spellings()


@by_word(1 << 12)
def two_names_in(native: str) -> tuple[str, str] | None:
    """Two given names that Persian writes as one, of which one is known: علیرضا is Ali Reza; None for most.

    >>> two_names_in("محمدباقر"), two_names_in("محمدی")
    (('محمد', 'باقر'), None)
    """
    if not native.startswith(_ARABIC):  # Hebrew writes two
        return None
    names = _names()
    cuts = range(len(native) - SHORTEST_OF_TWO, SHORTEST_OF_TWO - 1, -1)
    ways = [(native[:at], native[at:]) for at in cuts if native[:at] in names or native[at:] in names]
    return next((way for way in ways if way[0] in names and way[1] in names), ways[0] if ways else None)
