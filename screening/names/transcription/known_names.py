"""Arabic and Hebrew names, and what they are written as in Latin: "محمد" is Mohammed and never Mahmud."""

from collections.abc import Mapping
from functools import cache

from screening.names.phonetics import skeleton
from screening.names.vocabulary import lines


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
    one, two = known.get(skeleton(latin)), known.get(skeleton(other))
    return one is not None and two is not None and one.isdisjoint(two)


def is_unvocalised_name(native: str) -> bool:
    """Is it a name of which the Latin spellings are known?"""
    return native in _names()


def is_another_name(native: str, latin: str) -> bool:
    """Are both known names, of which neither is written for the other: محمد and Mahmud?"""
    names = _names()
    sounds = names.get(native)
    return sounds is not None and (sound := skeleton(latin)) in names[""] and sound not in sounds
