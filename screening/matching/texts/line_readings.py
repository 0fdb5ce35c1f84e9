"""What else a line may say than its words: what a star, a label or a bracket parts, the line of a passport, a
title written on to a name, digits that stand for letters.

>>> list(otherwise("P<RUSZUVAVOV<<IVAN<PETROVICH<<<<<<<<<<<<<<<<"))
['IVAN PETROVICH ZUVAVOV']
>>> list(otherwise("INV 7 1V4N ZUV4V0V"))
['INV t iVaN ZUVaVoV']
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from screening.cache import by_word
from screening.matching.plain_words import is_borne, is_plain
from screening.matching.texts.declined import in_first_case
from screening.names.cleaning import OVERRIDE, has_letters_alone, name_without_lost, without_lost
from screening.names.compounds import LONGEST_TITLED, SHORTEST_TITLED, TITLES, may_be_titled
from screening.names.encodings.doubled import undoubled_words
from screening.names.encodings.keyboard import as_typed
from screening.names.encodings.packed import held_in
from screening.names.encodings.small_l import with_small_l
from screening.names.legal_forms import is_hint
from screening.names.tokens import make_token

_MACHINE_READ: Final = re.compile(
    r"(?<![A-Z<])(?:[PVIAC][A-Z<](?:[A-Z]{3}|[A-Z]<<))?([A-Z]+(?:<[A-Z]+)*)<<([A-Z]+(?:<[A-Z]+)*)(?![A-Z])"
)
"""Surname and given names in the zone that machines read of a passport, a visa or an identity card (ICAO
Doc 9303): "P<" or the like and the state before them on all but cards."""
_TITLED: Final = re.compile(
    rf"(?<![^\W_])(?:{'|'.join(TITLES)})[^\W\d_]{{{SHORTEST_TITLED},{LONGEST_TITLED}}}(?![^\W\d_])",
    re.IGNORECASE,
)
_AS_A_LETTER: Final = str.maketrans("01345789", "oieastbg")
_MIXED: Final = re.compile(r"(?<![^\W_])(?:[a-z]+\d|\d+[a-z])[a-z0-9]*(?![^\W_])", re.IGNORECASE)
_DIGIT_INSIDE: Final = re.compile("[a-z][0134578][a-z]", re.IGNORECASE)
FEWEST_MIXED: Final = 2
"""Words of letters and digits, of a name whose letters are written as digits; one is a number."""
_PARTING: Final = " ,;&|/\t\"'{}[]<>\\"
_STAR_BETWEEN: Final = re.compile(r"(?<=[^\W\d_]{2})[*!](?=[^\W\d_]{2})")
_AT_BETWEEN: Final = re.compile(r"(?<=\w)[\d._-]{0,8}[@$](?=\w{2}|\w[.-]\w{2})")
"""In "ivan.zuvavov77@bank", a mailbox or an account by a name (UPI), with what makes it the only one."""
_AT_BEGINNING: Final = re.compile(r"(?<!\w)[@$](?=[^\W\d_]{3})")
"""The sign of an account by a name: "@ivan_zuvavov", "$ivanzuvavov"."""
_FIGURES_BESIDE: Final = re.compile(r"(?<=\d\d)(?=[^\W\d_]{3})|(?<=[^\W\d_]{4})(?=\d\d)")
"""Between figures and letters; behind so few letters as INV has they are a reference, as everywhere."""


def parted(line: str, without: Callable[[str], str] = name_without_lost) -> Iterator[str]:
    """A line with words that a star, an @, a $ or figures have glued, apart: "REVOLUT*IVAN ZUVAVOV".

    The same star may hide one name ("Zuv*avov"), and the @ a letter ("Zuv@vov"), so both are read. And a line
    without the letters that an encoding lost, as `without` says: a question mark may be one.
    """
    if "*" in line or "!" in line or "@" in line or "$" in line or _FIGURES_BESIDE.search(line):
        apart = _AT_BETWEEN.sub(" / ", _FIGURES_BESIDE.sub(" / ", _STAR_BETWEEN.sub(" / ", line)))
        apart = _AT_BEGINNING.sub(" / ", apart)
        if apart != line:
            yield apart
    if _has_label(line) and (unlabelled := _unlabelled(line, _LABEL)):
        yield unlabelled
    if (
        ("=" in line or ":" in line or "</" in line)
        and _MARKUP(line)
        and (unlabelled := _unlabelled(line, _KEY))
    ):
        yield unlabelled
    if ("&" in line or "+" in line) and (initials := _LETTERS_JOINED.sub(r"\1\2", line)) != line:
        yield initials
    if ("'" in line or "’" in line) and (bare := _CASE_ENDING.sub("", line)) != line:
        yield bare
    if "-" in line and (unparted := _HYPHEN_AT_THE_END.sub("", line)) != line:
        yield unparted
    if "(" in line and (unbracketed := _BRACKETED.sub(_without_brackets, line)) != line:
        yield unbracketed
    if _NICKNAME_SIGNS.search(line) and (unnamed := _NICKNAME.sub(r"\1 ", line)) != line:
        yield unnamed
    if (rest := without(line)) != line:
        yield rest
    if OVERRIDE in line:  # who reads it on a screen sees it turned, and whoever books it does not
        yield line.replace(OVERRIDE, " ")
    if not line.isascii():
        for found in _WITH_A_PROCLITIC.finditer(line):
            yield found[1]
    yield from otherwise(line)
    yield from held_in(line)


def opened(line: str) -> Iterator[str]:
    """The same for a line of a text, in which names stand in any case of a language."""
    if "'" in line or "’" in line:
        for found in _BEHIND_AN_ELISION.finditer(line):
            yield found[1]
    yield from in_first_case(line)
    yield from parted(line, without_lost)


_BEHIND_AN_ELISION: Final = re.compile(
    r"(?<![^\W_])(?:d|l|de?ll|all|dall|nell|sull)['’](?=([^\W\d_]{3,}(?: [^\W\d_]+){0,3}))", re.IGNORECASE
)
"""What French, Catalan, Italian and Irish write on to a name ("d'Ivan"), and the words behind it."""


_LETTERS_JOINED: Final = re.compile(r"(?<![^\W_])([^\W\d_]) ?[&+] ?([^\W\d_])(?![^\W_])")
"""Initials of two in a company's name, which are one word of it: H & H METALFORM."""
_WITH_A_PROCLITIC: Final = re.compile(
    r"(?<![^\W_])[\u0644\u0628\u0648]\u0640?(?=([\u0621-\u064a\u066e-\u06d3]{2,}(?: [\u0621-\u06d3]+){0,2}))"
)
"""To, by and "and", which Arabic writes on to the word behind, and as many words behind as a name has."""
_CASE_ENDING: Final = re.compile(
    r"(?<=[^\W\d_]{2})['’](?:s|n?[ıiuü]n|[yn]?[aeıiuü]|[dt][ae]n?|y?l[ae])(?![^\W_])", re.IGNORECASE
)
"""What English and Turkish write behind a name: IVANOV'S, "Ivanov'un", "Ivanov'dan"."""
_HYPHEN_AT_THE_END: Final = re.compile(r"(?<=[^\W\d_]{2})-\s{1,4}(?=[^\W\d_]{2})")
"""What parts a word where its line ends; of the end a blank is left where lines are sent as one text."""
_BRACKETED: Final = re.compile(r"\(([^\W_][\w.]{0,15})\)(?=\s*([^\W_][\w.]*)?)")


def _without_brackets(found: "re.Match[str]") -> str:
    """A word in brackets of a company's name, which is its legal form or stands before that: "(PVT) LTD",
    "(SINGAPORE) LTD"."""
    legal = any(is_hint(word.casefold().replace(".", "")) for word in found.groups("") if word)
    return f" {found[1]} " if legal else found[0]


_NICKNAME_SIGNS: Final = re.compile(r"[(\"'‘“«„]")
_NICKNAME: Final = re.compile(
    r"((?<![^\W_])[^\W\d_]{2,20}) {1,2}[(\"'‘“«„]{1,2}[^\W\d_]{2,15}(?: [^\W\d_]{2,15}){0,2}"
    r"[)\"'’”»“]{1,2} {1,2}(?=[^\W\d_]{2})"
)
"""What somebody is called between two of the names, in brackets or quotes: Ivan (Vanya) ZUVAVOV."""
FEWEST_LABELS: Final = 2
"""Parts of a name that are told by what each is."""
_LABEL: Final = re.compile(
    r"(?<![^\W_])(?:(?:first|given|fore|last|family|sur|second|middle)[ _-]?names?|vornamen?|nachname|"
    r"familienname|pr[eé]noms?|nom|apellidos?|nombres?|cognome|nome|sobrenome|voornaam|achternaam|imi[eę]|"
    r"nazwisko|фамилия|имя|отчество)(?:[\"'\s]{0,3}[:=>]\s*|\s+)|(?<![^\W_])(?:names?|first|last|given|family)[\"'\s]{0,3}[:=>]\s*",
    re.IGNORECASE,
)
"""What a part of a name is, in the languages of forms; "name" and "last" only with a sign behind it."""


_IN_LABELS: Final = ("name", "first", "given", "last", "family", "nom", "apellido", "naam", "imi", "nazwisko")
"""One of these is in every label in ASCII."""


def _has_label(line: str) -> bool:
    if line.isascii():
        small = line.lower()
        if not any(part in small for part in _IN_LABELS):
            return False
    return _LABEL.search(line) is not None


_MARKUP: Final = re.compile(r"[\"']\s*:|</|[\w\]]=").search
"""Finds what a text with keys in it has: JSON, XML, `key=value`."""
_KEY: Final = re.compile(
    r"[\"'][^\"'{}\[\]]{1,40}[\"']\s*:\s*(?:(?:null|true|false|[\"']?[\d.:/+-]+(?:T[\d.:]+Z?)?[\"']?)(?=\s*[,}]))?"
    r"|</?[A-Za-z][\w:.-]{0,40}/?>|(?<![^\W_])[A-Za-z_][\w.\[\]-]{0,30}=(?=\S)"
)
"""A key of any word, with a value that is no text; behind one and the next may stand parts of one name."""


def _unlabelled(line: str, label: "re.Pattern[str]") -> str:
    """A line without what says which part of a name each is: "SURNAME: ZUVAVOV NAME: IVAN" -> "ZUVAVOV IVAN",
    in JSON and XML as well.

    Of what stands behind a part only signs are left out, so that its words stand side by side.
    """
    start, *parts = label.split(line)
    if len(parts) < FEWEST_LABELS:
        return ""
    return " ".join([start.rstrip(_PARTING) and start + "/", *[part.strip(_PARTING) for part in parts]])


def otherwise(line: str) -> Iterator[str]:
    """The line read in each of these ways that changes it; most lines in none."""
    if "<<" in line and (name := _MACHINE_READ.search(line)):
        yield f"{name[2]} {name[1]}".replace("<", " ")
    if _DIGIT_INSIDE.search(line) and len(_MIXED.findall(line)) >= FEWEST_MIXED:
        yield line.translate(_AS_A_LETTER)
    for read in (undoubled_words, with_small_l, as_typed):
        if (other := read(line)) != line:
            yield other


def untitled(line: str, is_word: Callable[[str], bool]) -> str:
    """The line with a blank behind titles that are written on to a word of the list: MRSHANE is MR SHANE if
    the list has that, and not MRS HANE.

    >>> untitled("PAYMENT TO MRIVAN ZUVAVOV", {"ivan"}.__contains__)
    'PAYMENT TO MR IVAN ZUVAVOV'
    """

    def apart(found: "re.Match[str]") -> str:
        word = found[0]
        if is_word(word.casefold()):
            return word
        return next((way for way in _titles_of(word) if is_word(way.rpartition(" ")[2].casefold())), word)

    return line if _has_no_title(line) else _TITLED.sub(apart, line)


def untitled_ways(line: str) -> list[str]:
    """The same in each way that changes the line, whichever words are on a list.

    >>> untitled_ways("MRSHANE ZUVAVOV")
    ['MRS HANE ZUVAVOV', 'MR SHANE ZUVAVOV']
    """
    if _has_no_title(line):
        return []
    longest = _TITLED.sub(lambda found: _titles_of(found[0])[0], line)
    shortest = _TITLED.sub(lambda found: _titles_of(found[0])[-1], line)
    return [way for way in dict.fromkeys((longest, shortest)) if way != line]


def _has_no_title(line: str) -> bool:
    return has_letters_alone(line) and not any(map(may_be_titled, line.casefold().split()))


def _titles_of(word: str) -> list[str]:
    """A word with a blank behind each title that it may begin with, the longest first; else as it is."""
    if _is_a_word(word.casefold()):
        return [word]
    titles = [title for title in TITLES if word.casefold().startswith(title)]
    ways = [f"{word[: len(title)]} {word[len(title) :]}" for title in titles]
    return [way for way in ways if len(way.rpartition(" ")[2]) >= SHORTEST_TITLED]


@by_word(1 << 12)
def _is_a_word(whole: str) -> bool:
    """Is it one that the tables know, or a name that people bear?"""
    token = make_token(whole)
    return token is None or is_borne(token) or is_plain(token)
