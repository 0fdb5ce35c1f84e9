"""Every way in which a text may be meant as a name: several in one, initials, syllables, loans, acronyms.

>>> [" ".join(form.plain) for form in readings("Al-Qa'ida/Islamic Army")]
['qaida islamic army', 'qaida', 'islamic army']
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Final

from screening.designations import Kind
from screening.names.cleaning import has_letters_alone, keeps_words, name_without_lost
from screening.names.compounds import SERVANT
from screening.names.encodings.doubled import undoubled_words
from screening.names.encodings.keyboard import as_typed
from screening.names.encodings.small_l import with_small_l
from screening.names.forms import (
    ALSO,
    FULL_NAME,
    NOT_TOLD,
    SHORTEST_UNSPACED,
    NameForm,
    ends_name,
    fills_a_field,
    form_of,
    parse,
    read_word,
)
from screening.names.initials import as_one, bare, dotted
from screening.names.legal_forms import form_at_end
from screening.names.scripts import Script, script_of
from screening.names.slavic import is_fathers_name, is_patronymic
from screening.names.syllables import MOST, Syllabic, languages, syllabic, systems_of
from screening.names.tokens import SPELT, acronym, make_loan, make_syllable
from screening.names.vocabulary import titles
from screening.names.words import words_of

LONGEST_INITIALS: Final = 3
"""Initials without dots are one word of fewer letters."""
SHORTEST_LOAN: Final = 3
"""One word at least of a foreign name in Hangul has so many syllables; names of Korea have two."""
SHORTEST_ACRONYM, LONGEST_ACRONYM = 4, 8
"""Three letters are the acronym of hundreds of companies."""
LONGEST_LONE_END: Final = 5
"""Letters from which a word behind a stroke is the last word of the name said another way."""

_SEVERAL: Final = re.compile(r"\s*(?:/|;|\b[af]\.?k\.?a\b\.?|\bdba\b|\bformerly\b)\s*", re.IGNORECASE)


def readings(text: str, kind: Kind | str | None = None, *, listed: bool = False) -> tuple[NameForm, ...]:
    """The name, and where the text holds several ("Al-Qa'ida/Islamic Army", "X f/k/a Y") each by itself."""
    plain = _of_plain_words(text, kind)
    found = _readings(text, kind, listed) if plain is None else (plain,)
    if kind == Kind.VESSEL and not listed and (name := _SHIP_S_KIND.sub("", text)) not in ("", text):
        return (*found, *_readings(name, kind, listed))
    return found


def is_of_plain_words(text: str) -> bool:
    """Is a text a name of plain words, which has one reading and holds nothing but its words?

    >>> is_of_plain_words("Anna MUELLER"), is_of_plain_words("MRSHANE MUELLER"), is_of_plain_words("Müller")
    (True, False, False)
    """
    return _of_plain_words(text, None) is not None


@lru_cache(maxsize=1 << 6)
def _of_plain_words(text: str, kind: Kind | str | None) -> NameForm | None:
    """What `_readings` says of a name whose words are plain and each another, the last of them a legal form
    or not ("Anna MUELLER", "Mueller Bakery LLC"), in a fifth of the time; None for any other. Remembered for
    as long as `_readings`."""
    if not has_letters_alone(text) or not keeps_words(text):
        return None
    if _half(text) or with_small_l(text) != text:
        return None
    words = text.casefold().split()
    if not _BORN.isdisjoint(words):
        return None
    last, legal = words[-1], None
    if (known := read_word(last)).hint and not known.soft and len(last) >= LONGEST_INITIALS:
        legal = form_at_end(last) if kind != Kind.PERSON and len(words) > 1 else None
        if legal is None:
            return None
    tokens = []
    for word in words if legal is None else words[:-1]:
        known = read_word(word)
        if not known.plain:
            return None
        tokens.append(known.tokens[0])
    if len(set(words)) < len(words) or _are_syllables(words if legal is None else reversed(words)):
        return None
    unspaced = "".join(words)
    brief = " ".join(words) if len(unspaced) < SHORTEST_UNSPACED else ""
    forms = (legal,) if legal else ()
    cut = fills_a_field(text) and not (legal and ends_name(last))
    return NameForm(tuple(tokens), forms, cut=cut, unspaced=unspaced, brief=brief)


def _are_syllables(words: Iterable[str]) -> bool:
    """Are all words made of syllables of one spelling? The first that is not tells: mostly a given name or a
    legal form, met before, so that a family name is not even looked at."""
    systems = -1
    for word in words:
        systems &= systems_of(word)
        if not systems:
            return False
    return True


@lru_cache(maxsize=1 << 6)
def _readings(text: str, kind: Kind | str | None, listed: bool) -> tuple[NameForm, ...]:
    """Remembered for as long as a payment lasts: a name field is read as a name, and for names within it."""
    words = words_of(text)
    whole, *spoken = _with_syllables(words, form_of(words, fills_a_field(text), kind), text, kind)
    if kind is None or kind == Kind.PERSON:
        if "." in text or min(map(len, words), default=LONGEST_INITIALS) < LONGEST_INITIALS:
            whole, spoken = _with_initials(words, whole, spoken, text, kind)
        if not spoken and not text.isascii() and (loan := _as_loan(words, text)) is not None:
            spoken = [loan]
    if kind is None and ("&" in text or "and" in words) and min(map(len, words), default=2) == 1:
        spoken = [*spoken, parse(text, Kind.ORGANIZATION)]  # "G AND M AUTOS": as companies are
    if not listed:
        spoken = [*spoken, *_as_senders_write(words, whole, text, kind)]
    if "/" not in text and ";" not in text and ALSO.isdisjoint(words):
        inside = _bracketed(text, kind) if listed and "(" in text else ()
        parts = [replace(form, partial=True) for part in inside for form in _readings(part, kind, listed)]
        return (whole, *spoken, *parts)
    parts = [replace(parse(part, kind), partial=True) for part in _SEVERAL.split(text) if part]
    telling = tuple(part for part in parts if any(len(token.text) > SHORTEST_PART for token in part.tokens))
    return (whole, *telling) if len(telling) > 1 or len(parts) > len(telling) else (whole,)


def _as_senders_write(
    words: list[str], whole: NameForm, text: str, kind: Kind | str | None
) -> list[NameForm]:
    """Further readings of a name in a payment: without what senders add to it, cut or write twice."""
    found: list[NameForm] = []
    if kind is None and len(words) > 1 and words[-1] in _LETTERS_OF_FORMS:
        found.append(form_of(words[:-1], False, Kind.ORGANIZATION))  # "TAURA S.": of "S.A."
    if kind != Kind.PERSON and _FIGURES_BEHIND.search(text):
        found.append(parse(_FIGURES_BEHIND.sub(" ", text), kind))
    if half := _half(text):
        found.append(parse(half, kind))
    mended = (name_without_lost(text), undoubled_words(text), with_small_l(text), as_typed(text))
    found += [parse(rest, kind) for rest in mended if rest != text]
    if kind in (None, Kind.PERSON) and (maiden := _MAIDEN.fullmatch(text)):
        found.append(parse(f"{maiden['given']} {maiden['born']}", kind))
    if len(set(words)) < len(words) and not whole.languages:
        once = _said_once(words)
        if len(once) < len(words):
            found.append(form_of(once, whole.cut, kind))
    return found


_BORN: Final = frozenset(("nee", "geb", "geboren", "geborene", "born", "domu", "rozena"))
"""What leads to the surname that somebody was born with, in letters a-z,"""
_MAIDEN: Final = re.compile(
    r"(?P<given>\S+(?: \S+)*?) \S+ "
    r"\(?(?:n[ée]e|geb(?:\.|orene?r?)|born|z domu|rozen[áa]|roz\.|urozhd\S*|урожд\S*) (?P<born>[^()]+)\)?",
    re.IGNORECASE,
)
"""and a name with both surnames."""
_SHIP_S_KIND: Final = re.compile(
    r"\s*(?:[mfs][ ./]{0,2}[vts]\.?|motor ?(?:vessel|tanker)|vessel|vsl|tanker|l[np]g/?c"
    r"|т/?[хк]|теплоход|танкер|судно|buque|navire|nave|motonave|schiff|kapal|gemi)\s+[\"'«“]?(?=\w)",
    re.IGNORECASE,
)
"""What a ship is, before its name: MT, M/V, VSL."""
_FIGURES_BEHIND: Final = re.compile(r"(?<=[^\W\d_]{3})(?=\d{1,2}\s*$)")
"""The number of a ship or a firm without the blank before it: NOOR1."""
_BRACKETED: Final = re.compile(r"([^()]*[^()\s])\s*\(([^()]+)\)?[\s,.]*")
_ONCE: Final = re.compile(r"(?:ex|n[ée]e|geb|born|previously)\b[\s:.-]*", re.IGNORECASE)
_KNOWN_AS: Final = re.compile(
    r",?\s+(?:(?:also|formerly|previously|otherwise)\s+known\s+as|alias)\s+", re.IGNORECASE
)
SHORTEST_PART: Final = 3
"""Letters of the longest word of what is no name by itself."""
_LONGEST_LETTERS: Final = 6
"""Of what stands for an organisation in brackets: (DTSRC)."""


def _bracketed(text: str, kind: Kind | str | None) -> tuple[str, ...]:
    """The names of a list name with brackets at its end: the same in another script, what it is called by its
    letters, or a remark on a person. "(SWITZERLAND) LTD" is a part of the name, and so are other words.

    >>> _bracketed("Abou Dher (ابو ذر)", None), _bracketed("Special Industries Group (SIG)", None)
    (('Abou Dher', 'ابو ذر'), ('Special Industries Group',))
    """
    found = _BRACKETED.fullmatch(text)
    if found is None:
        without = _LETTERS_IN_BRACKETS.sub(_without_letters, text)
        return (without,) if without != text else ()
    name, inside = found.groups()
    words, others = words_of(name), words_of(inside)
    if len(words) < 2 or not others:
        return ()
    if script_of(words[0]) is not script_of(others[0]):
        return name, inside
    if (former := _ONCE.sub("", inside)) != inside:
        return (name, former) if any(len(word) > SHORTEST_PART for word in words_of(former)) else (name,)
    if len(others) == 1 and len(inside) <= _LONGEST_LETTERS and inside.isupper():
        return (name,) if _stand_for(others[0], words) else ()
    return (name,) if kind in (Kind.PERSON, Kind.VESSEL) else ()


_LETTERS_IN_BRACKETS: Final = re.compile(rf"\s*\(([A-Z]{{2,{_LONGEST_LETTERS}}})\)")


def _without_letters(found: "re.Match[str]") -> str:
    """Nothing for brackets in the midst that hold the letters of what stands before: "IMPEX (UCI) LTD"."""
    before = words_of(found.string[: found.start()])
    return "" if len(before) > 1 and _stand_for(found[1].casefold(), before) else found[0]


def _stand_for(abbreviation: str, words: list[str]) -> bool:
    """Is it made of the first letters of words, or of letters of theirs from the first one on: the DICO of
    Doostan International Company?"""
    firsts, every = iter([word[0] for word in words]), iter("".join(words))
    if all(letter in firsts for letter in abbreviation):
        return True
    begins = abbreviation[0] == words[0][0] and len(abbreviation) > SHORTEST_PART
    return begins and all(letter in every for letter in abbreviation)


SHORTEST_HALF: Final = 6
"""Letters of a name that is said twice without a blank."""


def _half(text: str) -> str:
    """What a text says twice without a blank between ("ZUVAVA LTDZUVAVA LTD"); nothing for any other."""
    middle, odd = divmod(len(text), 2)
    twice = not odd and middle >= SHORTEST_HALF and text[:middle] == text[middle:]
    return text[:middle] if twice else ""


_LETTERS_OF_FORMS: Final = ("s", "l", "c")
"""What a cut leaves of "S.A.", "Ltd" and "Co"."""


def _said_once(words: list[str]) -> list[str]:
    """The words of a payment without those said twice in a row, each or all together: "EP-FAA EP-FAA"."""
    half = len(words) // 2
    if half and words[:half] == words[half:]:
        return words[:half]
    return [word for place, word in enumerate(words) if not place or word != words[place - 1]]


_DOT: Final = re.compile("[\u3400-\u9fff][\u00b7\u2022\u2027\u30fb\uff65][\u3400-\u9fff]")
"""Between the words of a foreign name in Han, which are no names of China then."""


def _as_loan(words: list[str], text: str) -> NameForm | None:
    """A foreign name of several words in katakana, Hangul, or Han with dots between; None for all others."""
    if len(words) < 2:
        return None
    scripts = {script_of(word) for word in words}
    foreign = any(len(word) >= SHORTEST_LOAN for word in words)
    of_syllables = scripts == {Script.KANA} or (scripts == {Script.HANGUL} and foreign)
    if not of_syllables and not (Script.HAN in scripts and _DOT.search(text)):
        return None
    tokens = tuple([token for word in words if (token := make_loan(word))])
    return NameForm(tokens, unspaced="".join(words) + " ")


def _with_initials(
    words: list[str], whole: NameForm, others: list[NameForm], text: str, kind: Kind | str | None
) -> tuple[NameForm, list[NameForm]]:
    """A person's name with its initials as words: dotted ones are nothing else, two bare letters may be."""
    apart = dotted(text, words) if "." in text else None
    if apart is not None and kind == Kind.PERSON:
        return form_of(apart, whole.cut, kind), others
    if apart is None and not others:
        apart = bare(words)
    if kind is None:
        together = as_one(words)
        if len(together) < len(words):
            others = [*others, form_of(together, whole.cut, Kind.ORGANIZATION)]
    return (
        (whole, [*others, form_of(apart, whole.cut, Kind.PERSON)]) if apart is not None else (whole, others)
    )


def of_syllables(way: Syllabic) -> NameForm:
    """A name read so in syllables."""
    tokens = tuple([make_syllable(syllable) for syllable in way.syllables])
    return NameForm(tokens, unspaced="-".join([token.text for token in tokens]), syllabic=True)


def _with_syllables(
    words: list[str], whole: NameForm, text: str, kind: Kind | str | None
) -> tuple[NameForm, ...]:
    """The name, and where it is one of China, Korea or Vietnam its forms in syllables, too."""
    if not 0 < len(words) <= MOST:
        return (whole,)
    of_rank = titles()
    named = [word for word in words if word not in of_rank]
    if not named or not systems_of(named[-1]) & systems_of(named[0]):
        return (whole,)
    if kind is not None and kind != Kind.PERSON:
        return (whole,)
    read = syllabic(named, "-" in text)
    if not read:
        return (whole,)
    forms = [whole]
    spoken = 0
    for way in read:
        spoken |= languages(way.systems)
        forms.append(of_syllables(way))
    every = tuple([token for word in words for token in read_word(word).tokens])
    kept = replace(whole, tokens=every, soft=(), glued=(), fathers=()) if whole.soft else whole
    return (replace(kept, languages=spoken), *forms[1:])


def _without_lone_ends(found: tuple[NameForm, ...]) -> tuple[NameForm, ...]:
    """Without parts of one word behind a longer part: "FRONT OF X/SYRIA" is not "Syria".

    Short ones are abbreviations, which are names ("AL-ITIHAAD AL-ISLAMIYA / AIAI").
    """
    if len(found) < 3 or not found[1].partial or len(found[1].tokens) < 2:
        return found
    kept = [part for part in found[2:] if len(part.tokens) > 1 or len(part.tokens[0].text) < LONGEST_LONE_END]
    return (*found[:2], *kept)


def listed_readings(text: str, kind: Kind | str | None) -> tuple[NameForm, ...]:
    """The readings of a list name; an organisation's of four words or more also by their first letters."""
    text = _KNOWN_AS.sub(" a.k.a. ", text)
    found = _without_lone_ends(readings(text, kind, listed=True))
    if kind == Kind.ORGANIZATION:
        found = tuple([replace(form, company=True) for form in found])
    elif kind == Kind.PERSON:
        found = (_with_places(text, found[0]), *found[1:])
    words = found[0].tokens
    if kind != Kind.ORGANIZATION or not SHORTEST_ACRONYM <= len(words) <= LONGEST_ACRONYM:
        return found
    if any(word.cls not in SPELT or word.script is not Script.LATIN for word in words):
        return found
    letters = acronym(words)
    return (*found, NameForm((letters,), found[0].legal, unspaced=letters.native)) if letters else found


def _with_places(text: str, form: NameForm) -> NameForm:
    """With the places of its words that are known to be a surname of one parent, or the father's name."""
    paternal = _paternal(text, form)
    if paternal != NOT_TOLD:
        return replace(form, paternal=paternal, spare=paternal + 1)
    if len(form.tokens) == FULL_NAME:
        if is_fathers_name(form.tokens[1].text):
            return replace(form, spare=1)
        if is_patronymic(form.tokens[2].text) and not text.split()[-1].isupper():
            return replace(form, spare=2)  # "PUTIN Vladimir Vladimirovich"
    return form


def _paternal(text: str, form: NameForm) -> int:
    """Lists print surnames in capitals: two of them behind given names are the father's and the mother's."""
    *given, father, mother = text.split() if text.count(" ") > 1 else ("", "", "")
    if not given or any(map(str.isupper, given)) or not (father.isupper() and mother.isupper()):
        return NOT_TOLD
    if father.casefold() in SERVANT:
        return NOT_TOLD  # "Ali Mohamad ABDUL RAHIM": one name
    last = [token.native for token in form.tokens[-2:]]
    return len(form.tokens) - 2 if last == [father.casefold(), mother.casefold()] else NOT_TOLD


def distinct(forms: tuple[NameForm, ...]) -> list[NameForm]:
    """Each reading once: "X f/k/a X f/k/a X" has three that are the same."""
    if len(forms) == 1:
        return list(forms)
    return list(
        {
            (
                form.plain,
                form.legal,
                form.soft,
                form.cut,
                form.partial,
                form.fathers,
                form.unspaced,
                form.brief,
                tuple([(place, word.native) for place, word in form.glued]),
            ): form
            for form in forms
        }.values()
    )
