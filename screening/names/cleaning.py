"""The one cleaner of names, texts, addresses and codes: what a reader's eye sees, in plain characters.

A payment can carry a listed name so that it looks right on a screen and is no string of that name: with
invisible characters, with letters of another script, encoded for the web, or with blanks between its letters.
`clean` undoes what hides a name and keeps what tells names apart: accents, vowel signs, punctuation.

>>> clean("Ole\\u200bg PUZ&#65;NOVSKY")
'Oleg PUZANOVSKY'
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from screening.names.encodings.escapes import decoded, may_be_encoded
from screening.names.encodings.misread import reread
from screening.names.vocabulary import lines

_IGNORABLE = (
    "\u00ad\u034f\u061c\u0640\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff\u0488\u0489\u20dd-\u20e0\u20e2-\u20e4\ua670-\ua672"
)
"""Unicode's Default_Ignorable_Code_Point, what is no character, marks of annotations and of objects, the
blank of Braille and the stroke that stretches an Arabic word: nothing is seen of them; and rings around a
letter."""
_CONTROL = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
_INVISIBLE = re.compile(f"[{_IGNORABLE}{_CONTROL}]+")
_FOR_A_BLANK = re.compile(f"(?<=[a-z])[{_IGNORABLE}{_CONTROL}]+(?=[A-Z][A-Za-z])")
OVERRIDE = "\u202e"
"""What stands behind it is turned round where it is shown, up to U+202C, which ends that."""
_TURNED = re.compile(f"{OVERRIDE}([^\u202c{OVERRIDE}]*)\u202c?")
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_SUSPECT = re.compile(
    r"([\x00-\x20\x7f*.\-_~|,/:;+='\"#@!^>])"
    r"(?:[A-Za-z](?:\1|(?<=[ .\-_~|]\w)[ .\-_~|])|(?<=[\x00-\x08\x0e-\x1b\x7f*]))"
).search
"""Begun with one class of signs, which is looked for faster than several."""
_IN_TWO_CASES = re.compile("[a-z][A-Z]").search
"""One of these or `may_be_encoded` finds something in every ASCII text that is not clean already."""
_INSIDE = re.compile(r"(?<=[^\W\d_])[*\u00b7\u2027\u0387](?=[^\W\d_])")
_SPACED = re.compile(r"(?<![^\W_])[^\W\d_](?: [^\W\d_]){4,}(?![^\W_])")
"""Five single letters in a row are a word with blanks between its letters; fewer are initials."""
_TWO_LETTERS = re.compile(r"(?<![^\W_])[^\W\d_][\W_]{1,3}[^\W\d_](?![^\W_])")
"""Two letters by themselves, without which no word has signs between all of its letters."""
_STROKED = re.compile(r"(?<![^\W_])[^\W\d_](?:([.\-*_~|\u00b7])[^\W\d_])(?:\1[^\W\d_])+(?![^\W_])")
_PARTED = re.compile(r"(?<![^\W_])[^\W\d_](?:([^\w ]| {2,3})[^\W\d_])(?:\1[^\W\d_]){2,}(?![^\W_])")
"""The same with any other sign between four letters; "O/B/O" is no word."""
_NEXT_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")
_GLUED = re.compile(r"(?<=[a-z]{3})(?<!\bMac)(?<!\bFitz)(?=[A-Z][A-Za-z]{2})")
"""Where a word ends in "OlegPUZANOVSKY"; MacArthur and the GmbH of a company stay whole."""
_WORD = re.compile(r"[^\W_]+")
_ASCII_LETTER = re.compile("[A-Za-z]")
_CYRILLIC_ONLY = re.compile("[БДЖЗИЙЛПФЦЧШЩЪЫЭЮЯбджзийлпфцчшщъыэюяЇїЄєҐґЎў]")
"""Letters that look like no Latin one: a word with one of them is Cyrillic."""


def has_letters_alone(text: str) -> bool:
    """Are there letters a-z and blanks in a text, and nothing else?

    >>> has_letters_alone("Mueller Bakery GmbH"), has_letters_alone("Müller"), has_letters_alone("J. Mueller")
    (True, False, False)
    """
    return text.isascii() and text.replace(" ", "").isalpha()


def in_one_case(text: str) -> bool:
    """Has no word of an ASCII text a capital behind a small letter?"""
    return text.istitle() or text.isupper() or not _IN_TWO_CASES(text)


def keeps_words(text: str) -> bool:
    """Are the words of an ASCII text of letters and blanks, none of them a letter, the same when it is clean?

    >>> keeps_words("Mueller Bakery GmbH"), keeps_words("OlegPUZANOVSKY")
    (True, False)
    """
    return in_one_case(text) or _GLUED.search(text) is None


def clean(text: str) -> str:
    """The text as it looks, in plain characters; most texts are clean and come back as they are."""
    if text.isascii() and in_one_case(text) and not (_SUSPECT(text) or may_be_encoded(text)):
        return text
    text = _visible(text)
    if (plain := decoded(text)) != text:
        text = _visible(plain)
    if "*" in text or not text.isascii():
        text = _INSIDE.sub(_kept_between_wide, text)
    text = _GLUED.sub(" ", _unspaced(text))
    return text if text.isascii() else _one_script(text)


def clean_code(text: str) -> str:
    """A number or code as it looks: codes are made of ASCII letters and digits, whatever they are typed with.

    >>> clean_code("ＡＴ６１"), clean_code("%41T61"), clean_code("АТ\\u0666\\u0661")
    ('AT61', 'AT61', 'AT61')
    """
    if text.isascii() and text.isprintable() and not _may_hide_a_code(text):
        return text
    text = _visible(decoded(_visible(text)))
    return text if text.isascii() else unicodedata.normalize("NFKC", text).translate(_looks_like_a_code())


@cache
def _looks_like_a_code() -> Mapping[int, str]:
    """Letters of other scripts as Latin ones, and every dash as the one on a keyboard."""
    return {**_looks_latin(), **dict.fromkeys(map(ord, _DASHES), "-")}


def _may_hide_a_code(text: str) -> bool:
    """Has it a sign in which encodings and tags begin? Asked of every text, so in the way that is fastest."""
    return "%" in text or "&" in text or "\\" in text or "<" in text or "=?" in text


_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"


def _visible(text: str) -> str:
    """Without what is not seen; turned letters in the order they are seen; digits in ASCII."""
    if OVERRIDE in text:
        text = _TURNED.sub(_turned_back, text)
    if not text.isascii():
        text = reread(text)
    if _IN_A_DISC.search(text):
        text = text.translate(_FROM_DISCS)
    if _INVISIBLE.search(text):
        text = _INVISIBLE.sub("", _FOR_A_BLANK.sub(" ", _blanks_kept(text)))
    return "".join(map(_ascii_digit, text)) if _FOREIGN_DIGIT.search(text) else text


_IN_A_DISC = re.compile(
    "[\u249c-\u24b5\U0001f110-\U0001f129\U0001f150-\U0001f169\U0001f170-\U0001f189\U0001f1e6-\U0001f1ff]"
)
_FROM_DISCS = {
    start + at: chr(ord("A") + at)
    for start in (0x249C, 0x1F110, 0x1F150, 0x1F170, 0x1F1E6)
    for at in range(26)
}
"""White letters on black discs and squares, letters of flags, which have no compatibility form in Unicode;
and letters in brackets, whose form has the brackets."""
_FOREIGN_DIGIT = re.compile(r"(?![0-9])\d")


def _ascii_digit(char: str) -> str:
    return char if char.isascii() or not char.isdecimal() else str(unicodedata.decimal(char))


def _blanks_kept(text: str) -> str:
    """Invisible characters as blanks where they part whole words and nothing else does."""
    if any(map(str.isspace, text)):
        return text
    parts = [part for part in _INVISIBLE.split(text) if part]
    whole = (
        len(parts) > 1 and all(len(part) > 1 for part in parts) and all(part[:1].isupper() for part in parts)
    )
    return " ".join(parts) if whole else text


def _turned_back(found: "re.Match[str]") -> str:
    turned = found.group(1)
    return turned if _RIGHT_TO_LEFT.search(turned) else turned[::-1]


def _kept_between_wide(found: "re.Match[str]") -> str:
    """A dot parts words of Chinese and Japanese; inside a word of letters it parts nothing."""
    text, place = found.string, found.start()
    return found.group() if ord(text[place - 1]) >= 0x2E80 or ord(text[place + 1]) >= 0x2E80 else ""


def _unspaced(text: str) -> str:
    """Words without what stands between their letters: "O l e g", "O-l-e-g", "O,l,e,g"."""
    if _TWO_LETTERS.search(text) is None:
        return text
    text = _PARTED.sub(_without_strokes, _STROKED.sub(_without_strokes, text))
    return _SPACED.sub(_without_blanks, text)


def _without_strokes(found: "re.Match[str]") -> str:
    return found.group().replace(found.group(1), "")


def _without_blanks(found: "re.Match[str]") -> str:
    """A capital after a small letter begins a word; else the words stay as one, and are found joined."""
    return _NEXT_WORD.sub(" ", found.group().replace(" ", ""))


@cache
def _looks_latin() -> Mapping[int, str]:
    """Letters of other scripts -> the Latin letter they look like."""
    table: dict[int, str] = {}
    for line in lines("lookalikes.txt"):
        letter, others = line.split()
        table.update({ord(char): letter.upper() if char.isupper() else letter for char in others})
    return table


@cache
def _looks_cyrillic() -> Mapping[int, str]:
    """The same the other way: Latin letters -> the Cyrillic letter that looks like them."""
    return {
        ord(latin): chr(code)
        for code, latin in reversed(list(_looks_latin().items()))
        if 0x0400 <= code < 0x0460 and latin.isascii()
    }


def _one_script(text: str) -> str:
    """A name whose words mix scripts by letters that look alike ("Аbdul") in one script, all its words.

    A word with a letter that has no Latin look is what it seems: "Иванов" beside "OOO" stays Cyrillic.
    """
    words = _WORD.findall(text)
    if not any(map(_mixes, words)):
        return text
    cyrillic = any(_ASCII_LETTER.search(word) and _CYRILLIC_ONLY.search(word) for word in words)
    return _WORD.sub(_in_cyrillic if cyrillic else _unmixed, text)


def _mixes(word: str) -> bool:
    if word.isascii():
        return False
    looks = _looks_latin()
    if not _ASCII_LETTER.search(word):
        return len(set(filter(None, [_of_one_script(char) for char in word]))) > 1
    return bool(_CYRILLIC_ONLY.search(word)) or any(ord(char) in looks for char in word)


def _of_one_script(char: str) -> int:
    """Greek, Armenian or Cyrillic, as a number, of a letter; 0 for any other."""
    code = ord(char)
    return 1 + (code >= 0x0400) + (code >= 0x0530) if 0x0370 <= code < 0x0590 else 0


def _in_cyrillic(found: "re.Match[str]") -> str:
    """A word beside Cyrillic ones: of Latin letters that all look Cyrillic it is one of them ("TAPXAH")."""
    word = found.group()
    if not word.isascii() or not word.isupper():
        return _unmixed(found)
    turned = word.translate(_looks_cyrillic())
    return word if _ASCII_LETTER.search(turned) else turned


def _unmixed(found: "re.Match[str]") -> str:
    word = found.group()
    if word.isascii():
        return word
    if _CYRILLIC_ONLY.search(word):
        return word.translate(_looks_cyrillic()) if _ASCII_LETTER.search(word) else word
    latin = word.translate(_looks_latin())
    return latin if latin.isascii() or _ASCII_LETTER.search(word) else word


FEWEST_LOST = 2
"""Signs that an encoding lost; one question mark is what people write where they know no name."""
_REPLACED = "\ufffd"
_REPLACED_MISREAD = "ï¿½"
"""U+FFFD in UTF-8, read as Latin-1."""
_LOST = re.compile(rf"(?<=[^\W\d_])(?:{_REPLACED}|\?|{_REPLACED_MISREAD})+(?=[^\W\d_])")
_SIGN_FOR_A_LETTER = re.compile(
    r"(?<=[^\W\d_]{2})[#^~\\|{}\[\]¥¤](?=[^\W\d_])|(?<=[^\W\d_]{3})[.+](?=[^\W\d_])"
)
"""What else stands for a letter in a name: a national sign of seven bits (a Ñ is ¥ or \\, a Š is [), or the
full stop or plus of a SWIFT message, behind more letters than "Co." has. In texts these part words."""


def without_lost(text: str) -> str:
    """Words without the letters in their midst that an encoding lost, as if these had been left out: a
    question mark or U+FFFD stands for each, or for each of its bytes.

    >>> without_lost("M?ller K\\ufffd\\ufffdnig?")
    'Mller Knig?'
    """
    return _LOST.sub("", text) if "?" in text or not text.isascii() else text


def name_without_lost(name: str) -> str:
    """The same of a name, in which other signs stand for letters, too.

    >>> name_without_lost("GUZM.N MU#OZ Co.Ltd M?ller")
    'GUZMN MUOZ Co.Ltd Mller'
    """
    if has_letters_alone(name):
        return name
    return _SIGN_FOR_A_LETTER.sub("", without_lost(name))


def is_lost(name: str) -> bool:
    """Whether an encoding lost more of a name's signs than are left.

    >>> is_lost("???? ??????? OOO"), is_lost("M?ller"), is_lost("?")
    (True, False, False)
    """
    if "?" not in name and name.isascii():
        return False
    name = name.replace(_REPLACED_MISREAD, _REPLACED)
    lost = name.count("?") + name.count(_REPLACED)
    return lost >= FEWEST_LOST and lost > sum(map(str.isalnum, name))
