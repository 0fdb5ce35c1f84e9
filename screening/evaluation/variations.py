"""Kinds of name variation, made the same way on every run: what a filter is tested with.

Each kind is a function from a name to how people, forms and evaders write it, or None where it does not
apply. The kinds follow what supervisors want filters tested on (NYDFS 3 CRR-NY 504.3(b)(5); Wolfsberg Group,
Guidance on Sanctions Screening, 2019): spelling, order, abbreviation, concatenation, truncation, script.
"""

import hashlib
import random
import re
from collections.abc import Callable, Iterator, Mapping

from screening.designations import Kind

Make = Callable[[str, Kind | None, random.Random], str | None]


def variations(name: str, kind: Kind | None, seed: str) -> Iterator[tuple[str, str]]:
    """Every kind that applies to a name, with the name so written; the same for the same seed."""
    for label in KINDS:
        text = vary(name, kind, label, seed)
        if text is not None:
            yield label, text


def vary(name: str, kind: Kind | None, label: str, seed: str) -> str | None:
    """One kind of variation of a name; None if it does not apply or would change nothing."""
    digest = hashlib.sha256(f"{seed}\0{label}\0{name}".encode()).digest()
    made = KINDS[label](name, kind, random.Random(int.from_bytes(digest[:8])))  # noqa: S311 - not a secret
    return made if made and (made != name or label == "exact") else None


def _words(name: str) -> list[str]:
    return name.split()


def _long_words(words: list[str], least: int = 4) -> list[int]:
    return [i for i, word in enumerate(words) if len(word) >= least and word.isalpha() and word.isascii()]


def _edit(least: int, change: Callable[[str, random.Random], str]) -> Make:
    """A change inside one longer word."""

    def make(name: str, kind: Kind | None, dice: random.Random) -> str | None:
        del kind
        words = _words(name)
        places = _long_words(words, least)
        if not places:
            return None
        place = dice.choice(places)
        words[place] = change(words[place], dice)
        return " ".join(words)

    return make


def _inside(word: str, dice: random.Random) -> int:
    return dice.randrange(1, len(word) - 1)


def _letter(dice: random.Random) -> str:
    return dice.choice("abcdefghijklmnopqrstuvwxyz")


def _delete(word: str, dice: random.Random) -> str:
    at = _inside(word, dice)
    return word[:at] + word[at + 1 :]


def _insert(word: str, dice: random.Random) -> str:
    at = _inside(word, dice)
    return word[:at] + _letter(dice) + word[at:]


def _substitute(word: str, dice: random.Random) -> str:
    at = _inside(word, dice)
    return word[:at] + _letter(dice) + word[at + 1 :]


def _transpose(word: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _double(word: str, dice: random.Random) -> str:
    at = _inside(word, dice)
    return word[:at] + word[at] + word[at:]


_NEIGHBOURS = {
    key: row[max(0, i - 1) : i] + row[i + 1 : i + 2]
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for i, key in enumerate(row)
}


def _mistype(word: str, dice: random.Random) -> str:
    at = _inside(word, dice)
    return word[:at] + dice.choice(_NEIGHBOURS.get(word[at].lower(), "e")) + word[at + 1 :]


def _first_letter(word: str, dice: random.Random) -> str:
    return _letter(dice).upper() + word[1:]


def _twice(word: str, dice: random.Random) -> str:
    return _substitute(_delete(word, dice), dice)


def _two_words(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    del kind
    words = _words(name)
    places = _long_words(words)
    if len(places) < 2:
        return None
    for place in dice.sample(places, 2):
        words[place] = dice.choice((_delete, _insert, _substitute, _transpose))(words[place], dice)
    return " ".join(words)


def _last_first(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    del dice
    words = _words(name)
    return f"{words[-1]}, {' '.join(words[:-1])}" if kind is Kind.PERSON and len(words) > 1 else None


def _reverse(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    del kind, dice
    words = _words(name)
    return " ".join(reversed(words)) if 1 < len(words) <= 4 else None


def _swap_words(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    del kind
    words = _words(name)
    if len(words) < 2:
        return None
    at = dice.randrange(len(words) - 1)
    words[at], words[at + 1] = words[at + 1], words[at]
    return " ".join(words)


def _drop_word(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    """A middle name of a person, a word after the first of a company; two words always stay."""
    words = _words(name)
    places = range(1, len(words) - (kind is Kind.PERSON))
    if len(words) < 3:
        return None
    del words[dice.choice(places)]
    return " ".join(words)


_GIVEN = ("Ahmad", "Maria", "Sergei", "John", "Li", "Carlos", "Amina", "Viktor")
_BUSINESS = ("Trading", "International", "Group", "Holding", "Services", "Export")


def _add_word(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    words = _words(name)
    extra = dice.choice(_GIVEN if kind is Kind.PERSON else _BUSINESS)
    words.insert(dice.randrange(1, max(len(words), 2)), extra)
    return " ".join(words)


def _repeat(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    del kind
    words = _words(name)
    at = dice.randrange(len(words))
    return " ".join([*words[: at + 1], *words[at:]])


def _initial(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    del dice
    words = _words(name)
    if kind is not Kind.PERSON or len(words) < 2 or len(words[0]) < 3:
        return None
    return " ".join([words[0][0] + ".", *words[1:]])


def _middle_initial(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    words = _words(name)
    if kind is not Kind.PERSON or len(words) < 3:
        return None
    at = dice.randrange(1, len(words) - 1)
    return " ".join([*words[:at], words[at][0], *words[at + 1 :]])


def _join(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    del kind
    words = _words(name)
    if len(words) < 2:
        return None
    at = dice.randrange(len(words) - 1)
    return " ".join([*words[:at], words[at] + words[at + 1], *words[at + 2 :]])


def _join_all(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    del kind, dice
    words = _words(name)
    return "".join(words) if 2 <= len(words) <= 4 else None


def _split(word: str, dice: random.Random) -> str:
    at = dice.randrange(2, len(word) - 1)
    return word[:at] + " " + word[at:]


def _hyphenate(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    return _replace_space(name, kind, dice, "-")


def _replace_space(name: str, kind: Kind | None, dice: random.Random, by: str) -> str | None:
    del kind
    places = [found.start() for found in re.finditer(" ", name)]
    if not places:
        return None
    at = dice.choice(places)
    return name[:at] + by + name[at + 1 :]


def _punctuate(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    del kind
    stripped = re.sub(r"[.,'\"()/-]", " ", name)
    return " ".join(stripped.split()) if stripped != name else _replace_space(name, None, dice, ". ")


def _title(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    title = dice.choice(("Mr. ", "Dr ", "Gen. ", "Sheikh ", "Haji "))
    return title + name if kind is Kind.PERSON else None


_FORMS = (
    ("LIMITED LIABILITY COMPANY", "LLC"),
    ("JOINT STOCK COMPANY", "JSC"),
    ("LIMITED", "LTD"),
    ("CORPORATION", "CORP"),
    ("COMPANY", "CO"),
    ("INCORPORATED", "INC"),
    ("S.A.", "Sociedad Anonima"),
    ("LLC", "L.L.C."),
    ("GMBH", "G.m.b.H."),
)
_FORM = re.compile(
    r",?\s+(?:CO\.?,? LTD\.?|COMPANY LIMITED|CO\.?|LTD\.?|LIMITED|LLC|L\.L\.C\.|INC\.?|CORP\.?|CORPORATION|"
    r"COMPANY|GMBH|S\.A\.(?: DE C\.V\.)?|JSC|LTDA\.?|PLC|B\.V\.|AG|S\.R\.L\.|LIMITED LIABILITY COMPANY|"
    r"JOINT STOCK COMPANY)$",
    re.IGNORECASE,
)


def _form_swapped(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    del dice
    if kind is not Kind.ORGANIZATION:
        return None
    for long, short in _FORMS:
        for one, other in ((long, short), (short, long)):
            made = re.sub(rf"(?<=\s){re.escape(one)}\.?$", other, name, flags=re.IGNORECASE)
            if made != name:
                return made
    return None


def _form_dropped(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    del dice
    made = _FORM.sub("", name)
    return made if kind is Kind.ORGANIZATION and made != name and len(made) > 3 else None


_ENDS_IN_LLC = re.compile(r"(?:LLC|L\.L\.C\.|LIMITED LIABILITY COMPANY)$", re.IGNORECASE)


def _form_translated(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    bare = _form_dropped(name, kind, dice)
    if bare is None or not _ENDS_IN_LLC.search(name):
        return None
    return f"{dice.choice(('OOO', 'ООО', 'Obshchestvo s ogranichennoy otvetstvennostyu'))} {bare}"


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """ "ph>f" -> ("ph", "f")"""
    return tuple((spelling, other) for spelling, _, other in (pair.partition(">") for pair in text.split()))


_SOUNDS = _pairs(
    "ph>f f>ph k>q q>k kh>h ou>u u>oo ee>i i>ee y>i v>w w>v sh>sch ck>k c>k z>s j>dj th>t zh>j ks>x x>ks "
    "ai>ay ei>ey"
)


def _respell(word: str, dice: random.Random) -> str:
    lower = word.lower()
    options = [pair for pair in _SOUNDS if pair[0] in lower[1:]]
    if not options:
        return word
    spelling, other = dice.choice(options)
    at = lower.index(spelling, 1)
    return lower[:at] + other + lower[at + len(spelling) :]


def _other_vowel(word: str, dice: random.Random) -> str:
    places = [i for i, char in enumerate(word) if i and char.lower() in "aeiou"]
    if not places:
        return word
    at = dice.choice(places)
    near = {"a": "e", "e": "ai", "i": "ey", "o": "u", "u": "o"}
    return word[:at] + dice.choice(near[word[at].lower()]) + word[at + 1 :]


_LOOKALIKES = {"o": "0", "i": "1", "e": "3", "a": "4", "s": "5", "l": "1"}


def _lookalike(word: str, dice: random.Random) -> str:
    places = [i for i, char in enumerate(word) if i > 0 and char.lower() in _LOOKALIKES]
    if not places:
        return word
    at = dice.choice(places)
    return word[:at] + _LOOKALIKES[word[at].lower()] + word[at + 1 :]


_HOMOGLYPHS = str.maketrans("aeopcxyAEOPCXTHKMB", "аеорсхуАЕОРСХТНКМВ")


def _homoglyph(word: str, dice: random.Random) -> str:
    """One Latin letter replaced by the Cyrillic one that looks the same."""
    places = [i for i, char in enumerate(word) if char.translate(_HOMOGLYPHS) != char]
    if not places:
        return word
    at = dice.choice(places)
    return word[:at] + word[at].translate(_HOMOGLYPHS) + word[at + 1 :]


_ACCENTS = str.maketrans("aeiouncsz", "áéíóúñčšž")


def _accent(word: str, dice: random.Random) -> str:
    places = [i for i, char in enumerate(word) if char.lower().translate(_ACCENTS) != char.lower()]
    if not places:
        return word
    at = dice.choice(places)
    return word[:at] + word[at].lower().translate(_ACCENTS) + word[at + 1 :]


def _truncate(share: float) -> Make:
    def make(name: str, kind: Kind | None, dice: random.Random) -> str | None:
        del kind, dice
        return name[: int(len(name) * share)].rstrip() if len(name) >= 10 else None

    return make


def _cut_at(width: int) -> Make:
    def make(name: str, kind: Kind | None, dice: random.Random) -> str | None:
        del kind, dice
        cut = name[:width]
        return cut if len(name) > width and cut == cut.rstrip() else None

    return make


_CYRILLIC = _pairs(
    "shch>щ zh>ж kh>х ts>ц ch>ч sh>ш yu>ю ya>я yo>ё ye>е th>т ph>ф ck>к qu>кв a>а b>б c>к d>д e>е f>ф g>г "
    "h>х i>и j>дж k>к l>л m>м n>н o>о p>п q>к r>р s>с t>т u>у v>в w>в x>кс y>й z>з"
)
_GREEK = _pairs(
    "th>θ ch>χ ph>φ ps>ψ ou>ου a>α b>μπ c>κ d>ντ e>ε f>φ g>γκ h>χ i>ι j>τζ k>κ l>λ m>μ n>ν o>ο p>π q>κ r>ρ "
    "s>σ t>τ u>ου v>β w>γου x>ξ y>ι z>ζ"
)
_ARABIC = _pairs(
    "sh>ش kh>خ gh>غ th>ث dh>ذ ch>تش ph>ف ou>و oo>و ee>ي ai>ي ay>ي aw>و b>ب c>ك d>د f>ف g>غ h>ه j>ج k>ك l>ل "
    "m>م n>ن p>ب q>ق r>ر s>س t>ت v>ف w>و x>كس y>ي z>ز"
)


def _written_in(table: tuple[tuple[str, str], ...]) -> Make:
    def make(name: str, kind: Kind | None, dice: random.Random) -> str | None:
        del dice
        if kind is not Kind.PERSON or not re.fullmatch(r"[A-Za-z' -]+", name):
            return None
        text = re.sub(r"['-]", " ", name.lower())
        for latin, letter in table:
            text = text.replace(latin, letter)
        return " ".join(text.split())

    return make


_ARABIC_NAME = re.compile(
    r"\b(?:al|el|abd\w*|abu|bin|ben|ibn|muham+[ae]d|moham+[ae]d|ahm[ae]d|mahm[ou]+d|has+an|hus+[ae]\w+n|ali|omar|umar|"
    r"ibrahim|yous+ef|yusuf|khal[ei]d|sa[iy]+d|mustaf+a|karim|sal[ei]h|nas+er|jam[ae]l|hamid|ras+hid)\b",
    re.IGNORECASE,
)
"""Only names of Arabic use are commonly written in Arabic script on payments."""


def _in_arabic(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    """As a clerk would write an Arabic name: the article joined, long vowels written, short ones not."""
    if kind is not Kind.PERSON or not re.fullmatch(r"[A-Za-z' -]+", name) or not _ARABIC_NAME.search(name):
        return None
    text = re.sub(r"\b(al|el)[ -]", "ال", name.lower().replace("'", ""))
    words = []
    for word in text.replace("-", " ").split():
        body = re.sub(r"^[aeiou]", "ا", word)
        body = re.sub(r"[aou]$", "ا", re.sub(r"[iey]$", "ي", body))
        body = re.sub(r"([b-df-hj-np-tv-z])\1", r"\1", body)
        for latin, letter in _ARABIC:
            body = body.replace(latin, letter)
        words.append("".join([_vowel_in_arabic(char, dice) for char in body]))
    return " ".join(words)


def _vowel_in_arabic(char: str, dice: random.Random) -> str:
    """Long a is written; which one is long, Latin does not say."""
    if char in "aeo":
        return "ا" if dice.random() < 0.4 else ""
    return "" if char in "iu" else char


KINDS: Mapping[str, Make] = {
    "exact": lambda name, _kind, _dice: name,
    "case": lambda name, _kind, _dice: name.swapcase(),
    "punctuation": _punctuate,
    "hyphenated": _hyphenate,
    "last name first": _last_first,
    "reversed": _reverse,
    "words swapped": _swap_words,
    "word repeated": _repeat,
    "title added": _title,
    "legal form respelled": _form_swapped,
    "legal form dropped": _form_dropped,
    "legal form translated": _form_translated,
    "letter deleted": _edit(4, _delete),
    "letter inserted": _edit(4, _insert),
    "letter substituted": _edit(4, _substitute),
    "letters transposed": _edit(4, _transpose),
    "letter doubled": _edit(4, _double),
    "neighbouring key": _edit(4, _mistype),
    "first letter": _edit(4, _first_letter),
    "two slips, two words": _two_words,
    "two slips, one word": _edit(7, _twice),
    "word dropped": _drop_word,
    "word added": _add_word,
    "initial for first name": _initial,
    "initial for middle name": _middle_initial,
    "two words joined": _join,
    "all words joined": _join_all,
    "word split": _edit(5, _split),
    "respelled by sound": _edit(4, _respell),
    "other vowel": _edit(4, _other_vowel),
    "digit for letter": _edit(4, _lookalike),
    "homoglyph": _edit(4, _homoglyph),
    "accent added": _edit(4, _accent),
    "cut at 35 characters": _cut_at(35),
    "cut at 70 characters": _cut_at(70),
    "cut to 80 percent": _truncate(0.8),
    "in Cyrillic": _written_in(_CYRILLIC),
    "in Greek": _written_in(_GREEK),
    "in Arabic": _in_arabic,
}
"""Label -> how it is made, in the order of the report."""
