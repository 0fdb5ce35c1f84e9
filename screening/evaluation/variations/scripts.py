"""Names in other scripts than the Latin one."""

import random
import re

from screening.designations import Kind
from screening.evaluation.variations.made import Make, pairs

CYRILLIC = pairs(
    "shch>щ zh>ж kh>х ts>ц ch>ч sh>ш yu>ю ya>я yo>ё ye>е th>т ph>ф ck>к qu>кв a>а b>б c>к d>д e>е f>ф g>г "
    "h>х i>и j>дж k>к l>л m>м n>н o>о p>п q>к r>р s>с t>т u>у v>в w>в x>кс y>й z>з"
)
GREEK = pairs(
    "th>θ ch>χ ph>φ ps>ψ ou>ου a>α b>μπ c>κ d>ντ e>ε f>φ g>γκ h>χ i>ι j>τζ k>κ l>λ m>μ n>ν o>ο p>π q>κ r>ρ "
    "s>σ t>τ u>ου v>β w>γου x>ξ y>ι z>ζ"
)
_ARABIC = pairs(
    "sh>ش kh>خ gh>غ th>ث dh>ذ ch>تش ph>ف ou>و oo>و ee>ي ai>ي ay>ي aw>و b>ب c>ك d>د f>ف g>غ h>ه j>ج k>ك l>ل "
    "m>م n>ن p>ب q>ق r>ر s>س t>ت v>ف w>و x>كس y>ي z>ز"
)


def written_in(table: tuple[tuple[str, str], ...]) -> Make:
    """A maker of names of persons in another script, by this table."""

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


def in_arabic(name: str, kind: Kind | None, dice: random.Random) -> str | None:
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
