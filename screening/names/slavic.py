"""East Slavic names: one name in Russian, Ukrainian and Belarusian, by whichever system it is romanised.

Six systems write Сергей: Sergey, Sergei, Sergej, Serguei, Siergiej, Serghei; Ukrainian and Belarusian have it
as Serhii and Siarhei. `fold` brings the systems together, the table the languages, and a father's name
("Serhiiovych") is alike where the father's is.

>>> fold("shoigu") == fold("szojgu"), fold("prigozhin") == fold("prigoschin")
(True, True)
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

from screening.cache import by_word
from screening.names.phonetics import respelt, spellings, undoubled
from screening.names.scripts import romanise
from screening.names.vocabulary import lines

if TYPE_CHECKING:
    from mypy_extensions import i64  # see keys/sieve.py

SHORTEST_FAMILY: Final = 5
"""Letters of the shortest family name: Popov, Putin. Robin and Rabin are two."""
SHORTEST_FATHER: Final = 7
"""Letters of the shortest father's name: Ilyich is one, Zorich a surname."""
_FIRST_NUMBER, _FIRST_FATHER = 3_000_000, 3_500_000
"""Numbers of the names and of the fathers' names begin here."""
_SPELLINGS: Final = spellings(
    "schtsch>s shch>s chtch>s szcz>s tsch>s tch>s sch>s sh>s ch>s cz>s sz>s zh>s rz>s ts>s tz>s c>s z>s "
    "gui>gi gue>ge kh>h dj>s dzh>s yo>e x>ks ck>k q>k ph>f th>t w>v ou>u oo>u ow>ov ew>ev off>ov eff>ev"
)
_ENDINGS: Final = tuple(
    "ov ev off eff ow ew in ine ski sky skiy skyy skij skyj cki ckij ko ka uk ich ych itch itsch icz ik ak "  # noqa: SIM905
    "ova eva owa ewa ina aya aia aja ovs evs ovas evas ins inas ynas skis iks uks aks ikas ukas akas jans "
    "jan yan ian ics ycs icius its yts itsj ytsj itj ytj".split()
)
"""How family names end;"""
_SLAVIC: Final = {
    last: tuple([each for each in _ENDINGS if each[-1] == last]) for last in {*"".join(_ENDINGS)}
}
"""the same by the last letter."""
_FAMILY: Final = re.compile("...[oe][vw]|[^oa]{3}in")
_LAST_OF_FATHER: Final = ("ch", "c", "cz", "na", "cs", "cius", "tsj", "tj", "ts")
"""In which of these everything ends that `_FATHER` finds."""
_FATHER: Final = re.compile(
    r"(?:y?[oea]v[yi](?:ch|tch|c|cz|cs|cius|tsj|tj|ts)|y?[oea]w[iy](?:tsch|cz)|[yi]ch|[oe]vna|[oe]wna|ivna|a[vu]na|ichna)$"
)


_SOFT_VOWELS: Final = bytes.maketrans(b"yjeo", b"iiia")


def fold(latin: str) -> str:
    """A romanised word with the differences between the systems gone; j is a vowel here, see `folds`."""
    latin = respelt(latin, _SPELLINGS)
    latin = latin.encode().translate(_SOFT_VOWELS).decode()
    while "ii" in latin:
        latin = latin.replace("ii", "i")
    latin = latin.replace("iu", "u").replace("ia", "a")
    return undoubled(latin)


_SILENT: Final = ("ovs", "evs", "ejs", "ijs", "ins", "uks", "iks", "aks", "jans", "skis")
"""Endings whose last letter Latvian and Lithuanian add,"""
_LITHUANIAN: Final = ("ovas", "evas", "inas", "ynas", "ikas", "ukas", "akas", "ijus", "ejus", "cius")
"""and whose last two Lithuanian does: Rogozinas, Sergejus, Ivanovičius."""
_LITHUANIAN_GIVEN: Final = re.compile(r"(?<=[a-z]{3}[dgklmnrtv])[ai]s$")
"""The same of any given name of the table: Vladimiras, Igoris."""
_NORTHERN: Final = spellings("tsj>ch tj>ch sj>sh zj>zh oe>u")
"""How Dutch and the languages of Scandinavia spell: Tsjernenko, Tjernenko, Sjojgu, Loekasjenko."""
_HARD_CH: Final = re.compile("(?<![ts])(?<!v[iy])ch")


@by_word(1 << 14)
def folds(latin: str) -> tuple[str, ...]:
    """Each reading of a word: French writes j for zh, Spanish for kh, German and Polish for y; Dutch and
    Swedish have it in their ch and sh, and ch is kh from the Netherlands to Lithuania.

    >>> fold("zakharchenko") in folds("zachartsjenko"), fold("rogozin") in folds("rogozinas")
    (True, True)
    """
    return _folds(latin)


def _folds(latin: str) -> tuple[str, ...]:
    """The same, not kept: every new word is asked for these once, and few look Slavic."""
    plain = latin
    if latin.endswith("s"):
        plain = (
            latin[:-1] if latin.endswith(_SILENT) else latin[:-2] if latin.endswith(_LITHUANIAN) else latin
        )
    elif latin.endswith("ine"):
        plain = latin[:-1]
    if not ("j" in plain or "ch" in plain or "oe" in plain):
        return (fold(plain),)
    found = {fold(plain): None}
    if "j" in plain:
        found[fold(plain.replace("j", "zh"))] = None
        found[fold(plain.replace("j", "kh"))] = None
    northern = _HARD_CH.sub("kh", plain) if "ch" in plain else plain
    northern = respelt(northern, _NORTHERN)
    if northern != plain:
        found[fold(northern)] = None
    return tuple(found)


_SYSTEMS: Final = (
    spellings("shch>Q sh>S ch>C kh>H zh>Z x>ks tz>ts"),
    spellings("szcz>Q sz>S cz>C ch>H rz>Z w>v cki>tski cka>tska"),
    spellings("schtsch>Q tsch>C sch>S ch>H w>v"),
    spellings("schtsch>Q tsch>C sch>Z ch>H w>v"),
    spellings("schtsch>Q tsch>C sch>S ch>H z>ts w>v"),
    spellings("ch>H c>ts"),
    spellings("shch>Q sh>S ch>C j>H zh>Z tz>ts gui>gi gue>ge"),
    spellings("chtch>Q tch>C ch>S kh>H j>Z ou>u gui>gi gue>ge"),
    spellings("sjtsj>Q tsj>C tj>C sj>S zj>Z ch>H oe>u"),
    spellings("scs>Q cs>C zs>Z sz>% s>S %>s gy>d ty>t ny>n"),
)
"""What sh, ch, kh, zh, ts and shch are in English, Polish, German (it spells sh and zh alike, and z is ts),
Czech and Slovene, Spanish, French, Dutch and Swedish, and Hungarian."""
_FOREIGN: Final = ("sz", "cz", "zs", "sj", "tj", "zj", "sch", "tch")
"""What English has none of;"""
_FOREIGN_ENDINGS: Final = ("cki", "cka")
"""nor of words that end so. Each has z, j, ch or ck in it, as few words have."""
_SOFT: Final = spellings("y>i j>i ii>i ie>e io>e Co>Ce So>Se Zo>Ze Qo>Qe off>ov eff>ev")
"""Each of them writes softness and ё in its own way, or not at all."""


def are_one_romanised(some: str, other: str) -> bool:
    """May two romanised words be one word, letter by letter, each by some system? Far less falls together
    than by `fold`, which is for looking words up.

    >>> are_one_romanised("patruszew", "patrushev"), are_one_romanised("chernov", "zernov")
    (True, False)
    """
    return not _sounded(some).isdisjoint(_sounded(other))


_MARKED: Final = str.maketrans(
    {"ž": "zh", "ż": "zh", "š": "sh", "ş": "sh", "ș": "sh", "č": "ch", "ç": "ch", "ț": "ts", "ţ": "ts"}
)


def in_pairs(native: str) -> str:
    """A word in Latin letters with what marked ones are in English: "kožin" -> "kozhin".

    >>> in_pairs("țarev"), in_pairs("müller")
    ('tsarev', 'müller')
    """
    return native.translate(_MARKED)


@by_word(1 << 12)
def _sounded(latin: str) -> frozenset[str]:
    """A word's sounds by each system."""
    plain = latin[:-1] if latin.endswith("ine") else latin
    return frozenset([undoubled(respelt(respelt(plain, system), _SOFT)) for system in _SYSTEMS])


def is_of_another_system(latin: str) -> bool:
    """Does a word have a spelling of sh, ch or zh that is not English: Szojgu, Schoigu?"""
    if not ("z" in latin or "j" in latin or "ch" in latin or "ck" in latin):
        return False
    return any(sign in latin for sign in _FOREIGN) or latin.endswith(_FOREIGN_ENDINGS)


def looks_slavic(latin: str) -> bool:
    """Does the word end as East Slavic family names and fathers' names do?"""
    if len(latin) == SHORTEST_FAMILY:
        return _FAMILY.fullmatch(latin) is not None
    return len(latin) > SHORTEST_FAMILY and latin.endswith(_SLAVIC.get(latin[-1], ()))


def is_fathers_name(latin: str) -> bool:
    """Does a word end as East Slavic fathers' names do ("Petrovich", "Nikolaevna")?"""
    return len(latin) >= SHORTEST_FATHER and _FATHER.search(latin) is not None


_LAST_OF_PATRONYMIC: Final = ("ch", "na", "ts", "tsj", "tj")
"""In which of these everything ends that `_PATRONYMIC` finds."""
_PATRONYMIC: Final = re.compile(
    r"(?:[oea]v[yi]t?ch|[oe]v[yi]tsj?|[oe]v[yi]tj|[oe]w[iy]tsch|[oe][vw]na|[yi]vna|a[vu]na)$"
)


def is_patronymic(latin: str) -> bool:
    """Is a word behind a name and a surname the father's name, as Russians have it in one paper and leave it
    out in the next? Petrović and Heinrich end in another way; Abramovich, in that place, is no surname.
    """
    return (
        len(latin) >= SHORTEST_FATHER
        and latin.endswith(_LAST_OF_PATRONYMIC)
        and _PATRONYMIC.search(latin) is not None
    )


@cache
def _names() -> Mapping[str, frozenset[int]]:
    """Fold of a given name -> the number of the name."""
    table: dict[str, set[int]] = {}
    for number, line in enumerate(lines("east_slavic.txt"), _FIRST_NUMBER):
        for word in line.split():
            for folded in _folds(romanise(word)):
                table.setdefault(folded, set()).add(number)
    return {folded: frozenset(numbers) for folded, numbers in table.items()}


_VOWEL: Final = 1
_CONSONANT: Final = 3
"""What vowels are in a frame, and consonants that the systems write in several ways or put together."""


def _signs() -> bytes:
    """Of each letter itself where no system writes another for it, but for what `may_fold_into` excepts."""
    signs = {letter: ord(letter) & 31 for letter in "bdglmnrv"} | dict.fromkeys("aeiouy", _VOWEL)
    signs["w"] = signs["v"]
    return bytes(signs.get(chr(number | 96), _CONSONANT) for number in range(32))


_SIGNS: Final = _signs()
_FRAME: Final = (1 << 55) - 1
"""The eleven last signs, so that no frame passes 2^63."""


def _frame(latin: str) -> "i64":
    """The signs of a word's letters, each once where it stands several times in a row, up to the last letter
    that stands for itself: the same for a word and its `folds`, but for what `may_fold_into` excepts.

    >>> _frame("shoigun") == _frame("szoygun") == _frame(fold("szoygun")) != _frame("shoigur")
    True
    """
    frame: i64 = 1
    signs: i64 = 1
    before: i64 = 0
    place: i64 = 0
    end: i64 = len(latin)
    while place < end:
        letter: i64 = ord(latin[place])
        sign: i64 = _SIGNS[letter & 31]
        if sign != before:
            before = sign
            signs = (signs << 5 | sign) & _FRAME
            if sign != _VOWEL and sign != _CONSONANT:
                frame = signs
        place += 1
    return frame


def frames(folded: Iterable[str]) -> frozenset[int]:
    """What words are asked by whether one of their `folds` may be among these."""
    return frozenset(map(_frame, folded))


def may_fold_into(latin: str, framed: frozenset[int]) -> bool:
    """May one of the `folds` of a word be among those of which these are the `frames`? For nine words of ten
    none may, which is told in a tenth of the time."""
    if "rz" in latin or "ff" in latin or "ph" in latin or "dj" in latin:
        return True
    if "j" in latin and (latin.count("j") > 1 or _frame(latin.replace("j", "y")) in framed):
        return True
    return _frame(latin) in framed


@cache
def _frames() -> frozenset[int]:
    return frames(_names())


def is_slavic_name(group: int) -> bool:
    """Is a class of equivalent words an East Slavic given name or father's name?"""
    return _FIRST_NUMBER <= group < 2 * _FIRST_FATHER - _FIRST_NUMBER


_NONE: Final[frozenset[int]] = frozenset()


def slavic_classes(latin: str) -> frozenset[int]:
    """The classes of an East Slavic given name or father's name; other words have none. Mario is no Maria."""
    if len(latin) < 3 or not latin.isalpha() or latin.endswith("io"):
        return _NONE
    names = _names()
    for written in (latin, _LITHUANIAN_GIVEN.sub("", latin)) if latin.endswith("s") else (latin,):
        if may_fold_into(written, _frames()):
            for folded in _folds(written):
                found = names.get(folded)
                if found is not None:
                    return found
    father = _FATHER.search(latin) if latin.endswith(_LAST_OF_FATHER) else None
    if father is None or len(latin) < SHORTEST_FATHER:
        return _NONE
    stem = latin[: father.start()]
    for ending in ("", "y", "a", "o", "iy", "e"):
        for folded in _folds(stem + ending):
            found = names.get(folded)
            if found is not None:
                return frozenset([_FIRST_FATHER - _FIRST_NUMBER + number for number in found])
    return _NONE


@cache
def _cyrillic_names() -> frozenset[str]:
    """The given names of the table in Cyrillic letters."""
    return frozenset(word for line in lines("east_slavic.txt") for word in line.split() if not word.isascii())


_CASES: Final = tuple(
    ending.split("=")
    for ending in "у= ом= ю=й ем=й ю=ь ем=ь ові= єві=й е=а у=а ой=а ии=ия ию=ия ией=ия я=й я=ь "  # noqa: SIM905
    "ы=а ги=га ки=ка ьи=ья".split()
)
"""How names end in other cases, and what stands there in the first."""
_BESIDE_A_FATHER: Final = tuple(ending.split("=") for ending in "а= я=й я=ь".split())  # noqa: SIM905
"""The same of men's names that are women's in the first case (Александра, Евгения, Ивана): whose son it is
says which."""
_FLEETING: Final = {
    "павлу": "павел",
    "павлом": "павел",
    "льву": "лев",
    "льва": "лев",
    "львом": "лев",
    "петру": "петр",
    "петром": "петр",
}
_FLEETING_BESIDE_A_FATHER: Final = {"павла": "павел", "петра": "петр"}
_FATHER_IN_CASE: Final = re.compile("(.{2,}ич)(?:а|у|ем|е|ові)|(.{2,}(?:[оеі]вн|ичн))(?:ы|у|е|ой|ою|і)")
_FAMILY_IN_CASE: Final = re.compile(
    "(.+(?:[оеёє]в|[иы]н|чук|юк|як|ян))(?:у|ым|ом|им)|(.+ск)(?:ому|им)|(.+(?:[оеёє]в|[иы]н|ск))ой"
)
_OF_A_MAN: Final = re.compile("(.{2,}[бвгджзклмнпрстфхцчшщ])(?:а|ом|ем|(?<=.{5})у)|(.+ск)ого")
"""A man's family name in another case, as his given name beside it is: Козака Дмитрия. By itself it may be a
woman's in the first case: Зувавова. A short one in -у is as it is: Шойгу."""
_CYRILLIC_INITIALS: Final = 2
"""Most letters of initials, which stand beside a family name."""
_SMALL: Final = frozenset(
    "по на за от до со об из не но да во ко ми їм від".split()  # noqa: SIM905
)
"""Words of two letters that are no initials."""


def in_first_case(words: Sequence[str]) -> list[str]:
    """Words in Cyrillic with names as lists have them: payments are made to "Зувавову Ивану", and for
    "Зувавова Андрея Петровича".

    A family name is known by a given name, or initials, beside it.

    >>> in_first_case(["перевод", "зувавову", "ивану"]), in_first_case(["за", "машину"])
    (['перевод', 'зувавов', 'иван'], ['за', 'машину'])
    """
    found = [_given_name_in_first_case(word) for word in words]
    last = len(words) - 1
    for place, word in enumerate(words):
        if found[place] and word.endswith("ича"):
            for near in (place - 1, place + 1):
                if 0 <= near <= last and not found[near]:
                    found[near] = _beside_a_father(words[near])
    for place, word in enumerate(words):
        if found[place]:
            continue
        beside = [near for near in (place - 1, place + 1) if 0 <= near <= last]
        family = _FAMILY_IN_CASE.fullmatch(word)
        if family and any(_tells_family(words[near], found[near]) for near in beside):
            found[place] = family[1] or (family[2] and family[2] + "ий") or _of_her(family[3])
        elif any(_is_of_a_man(words[near], found[near]) for near in beside):
            family = _OF_A_MAN.fullmatch(word)
            if family and word not in _cyrillic_names():
                found[place] = family[1] or family[2] + "ий"
    return [name or word for name, word in zip(found, words, strict=True)]


def _of_her(stem: str) -> str:
    return stem + ("ая" if stem.endswith("ск") else "а")


def _tells_family(word: str, given: str) -> bool:
    if given:
        return True
    return len(word) <= _CYRILLIC_INITIALS and word.isalpha() and not word.isascii() and word not in _SMALL


def _is_of_a_man(word: str, given: str) -> bool:
    """Is a word a man's given or father's name in another case: Андрея, Петровичу?"""
    return bool(given) and word.endswith(("а", "я", "у", "ю", "м")) and not given.endswith(("а", "я"))


def _given_name_in_first_case(word: str) -> str:
    """A given name or father's name that stands in another case; empty for all other words."""
    names = _cyrillic_names()
    if word.isascii() or word in names:
        return ""
    if father := _FATHER_IN_CASE.fullmatch(word):
        return father[1] or father[2] + "а"
    return _by_ending(word, _CASES) or _FLEETING.get(word, "")


def _beside_a_father(word: str) -> str:
    return _by_ending(word, _BESIDE_A_FATHER) or _FLEETING_BESIDE_A_FATHER.get(word, "")


def _by_ending(word: str, endings: Sequence[Sequence[str]]) -> str:
    """The given name of the table that a word is with another ending; empty where it is none."""
    names = _cyrillic_names()
    for ending, first in endings:
        if word.endswith(ending) and (name := word[: -len(ending)] + first) in names:
            return name
    return ""
