"""Text to words: case folded, punctuation gone, signs and digits that stand for letters read as letters."""

import re
import unicodedata

from screening.names.cleaning import clean
from screening.names.legal_forms import unglue
from screening.names.numbering import MARKS, is_marked, unmarked
from screening.names.vocabulary import simplified_han, wide_business_words

_APOSTROPHES = "'’‘`´ʼʻʿʾ′\""
_QUOTES = re.compile(r"(?:\"|''|``|´´|’’|‘‘)(?!\w\b)|[™℠]")
"""A quotation mark parts words, blank or not: `OOO"CONCORD CATERING"`. Before a last letter it is a sign of
Hebrew (`בע"מ`) or of an Arabic letter (`Sana''a`)."""
_QUOTED_BY_ONE = re.compile(r"(?<=[^\W\d_]{2})['`‘](?=[^\W\d_]{2}[^'`’]*['`’](?!\w))")
"""The first of two single ones around a name, as SWIFT has no others: `OOO'CONCORD CATERING'`."""
_ANY_QUOTE = re.compile(r"[\"'`´‘’™℠]")
_SPACES = {code: " " for code in range(128) if not chr(code).isalnum()}
_TABLE = str.maketrans(
    {**_SPACES, **dict.fromkeys(map(ord, _APOSTROPHES)), ord("@"): "a", ord("$"): "s", ord("€"): "e"}
)
_DOTTED = re.compile(r"(?<=\b\w)\.(?=\s?\w\b)")
_GAPS = re.compile(r"[^\w\s]|_")
_LEET = str.maketrans("013457", "oieast")
_MIXED = re.compile(r"(?<=[^\W\d])[013457](?=[^\W\d])|(?<=[^\W\d]{2})[013457]\b|\b[013457](?=[^\W\d]{3})")
_BANG = re.compile(r"(?<=[^\W\d])!(?=[^\W\d])")


def words_of(text: str) -> list[str]:
    """Case-folded words without punctuation; "S.R.O." is one word, "Abu-Bakr" two."""
    text = clean(text)
    if _ANY_QUOTE.search(text):
        text = _QUOTED_BY_ONE.sub(" ", _QUOTES.sub(" ", text))
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(simplified_han())
        text = _GAPS.sub(_keep_marks, unglue(text))
        if _LONG_WIDE.search(text):
            text = _LONG_WIDE.sub(_business_apart, text)
    if "." in text:
        text = _DOTTED.sub("", text)
    text = text.casefold()
    letters_only = text.isascii() and text.replace(" ", "").isalpha()
    if not letters_only:
        if "!" in text:
            text = _BANG.sub("i", text)
        text = text.translate(_TABLE)
        if _MIXED.search(text):
            text = _MIXED.sub(lambda found: found.group().translate(_LEET), text)
    words = text.split()
    if not MARKS.isdisjoint(words) or (not letters_only and any(map(is_marked, words))):
        words = unmarked(words)
    return _with_endings(words) if len(words) > 1 and not ENDINGS.isdisjoint(words) else words


_LONG_WIDE = re.compile(r"[\u3400-\u9fff]{4,}|[\uac00-\ud7a3]{4,}")


def _business_apart(found: "re.Match[str]") -> str:
    """What a company does apart from its name, in scripts without spaces: "佐瓦贸易" -> "佐瓦", "贸易"."""
    return wide_business_words().sub(r" \g<0> ", found.group())


ENDINGS = frozenset(
    "allah ullah ollah الله اللہ لله zada zadah zadeh khel زاده زادہ خیل خيل".split()  # noqa: SIM905 - a word list
)


def _with_endings(words: list[str]) -> list[str]:
    """ "abd", "allah" -> "abdallah": endings that are never a name are written apart or not, at will."""
    joined: list[str] = []
    for word in words:
        if word in ENDINGS and joined:
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def _keep_marks(found: "re.Match[str]") -> str:
    char = found.group()
    if char in _APOSTROPHES or unicodedata.category(char) in ("Mn", "Mc"):
        return "" if char in _APOSTROPHES else char
    return char if char in ".&" else " "
