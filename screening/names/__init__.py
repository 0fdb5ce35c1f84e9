"""Text to tokens: the one normalisation that list names and payment names both go through.

>>> form = parse("VERSOR, s.r.o.")
>>> [token.text for token in form.tokens], [legal.form for legal in form.legal]
(['versor'], ['ltd'])
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from screening.designations import Kind
from screening.names.legal_forms import split_forms, unglue
from screening.names.tokens import Class, Token, make_token, split_word
from screening.names.vocabulary import particles, titles

__all__ = ["Class", "NameForm", "Token", "parse", "tokens_of"]

FIELD_WIDTHS = frozenset((35, 70, 105, 140))
"""Where payment formats cut names: lines of MT 50 and 59 (35 each), ISO 20022 Max70Text and Max140Text."""


class NameForm(NamedTuple):
    """A name ready to be compared."""

    tokens: tuple[Token, ...]
    """What tells the party from others."""
    legal: tuple[tuple[str, str], ...] = ()
    """Legal forms as (family, form)."""
    soft: tuple[str, ...] = ()
    """Particles and titles, which count nothing."""
    cut: bool = False
    """The text fills a field exactly: its last word may be a beginning, further words may be missing."""

    @property
    def plain(self) -> tuple[str, ...]:
        """The words in order, for the test of true equality."""
        return tuple(token.native for token in self.tokens)


_APOSTROPHES = "'’‘`´ʼʻʿʾ′\""
_SPACES = {code: " " for code in range(128) if not chr(code).isalnum()}
_TABLE = str.maketrans(
    {**_SPACES, **dict.fromkeys(map(ord, _APOSTROPHES)), ord("@"): "a", ord("$"): "s", ord("€"): "e"}
)
_DOTTED = re.compile(r"(?<=\b\w)\.(?=\s?\w\b)")
_GAPS = re.compile(r"[^\w\s]|_")
_LEET = str.maketrans("013457", "oieast")
_MIXED = re.compile(r"(?<=[^\W\d])[013457](?=[^\W\d])|(?<=[^\W\d]{2})[013457]\b|\b[013457](?=[^\W\d]{3})")
_HAN_BESIDE = re.compile(r"(?<=[\u3400-\u9fff])(?=[\u3400-\u9fff])")


def words_of(text: str) -> list[str]:
    """Case-folded words without punctuation; "S.R.O." is one word, "Abu-Bakr" two."""
    if not text.isascii():
        text = _GAPS.sub(_keep_marks, unglue(unicodedata.normalize("NFKC", text)))
    if "." in text:
        text = _DOTTED.sub("", text)
    text = text.casefold().translate(_TABLE)
    if not text.isalpha() and _MIXED.search(text):
        text = _MIXED.sub(lambda found: found.group().translate(_LEET), text)
    return text.split()


def _keep_marks(found: "re.Match[str]") -> str:
    char = found.group()
    if char in _APOSTROPHES or unicodedata.category(char) in ("Mn", "Mc"):
        return "" if char in _APOSTROPHES else char
    return char if char in ".&" else " "


@lru_cache(maxsize=1 << 16)
def tokens_of(word: str) -> tuple[Token, ...]:
    """The tokens of one word; the same objects for the same word while it is remembered."""
    return tuple(token for part in split_word(word) if (token := make_token(part)))


def parse(text: str, kind: Kind | str | None = None) -> NameForm:
    """The comparable form of a name; empty tokens only if no letter or digit is in it."""
    words = words_of(text)
    legal: list[tuple[str, str]] = []
    if kind != Kind.PERSON and len(words) > 1:
        name, legal = split_forms(words)
        words = name or words
    hard = [word for word in words if word not in particles() and word not in titles()]
    soft = (
        tuple(word for word in words if word in particles() or word in titles())
        if len(hard) < len(words)
        else ()
    )
    tokens = tuple(token for word in hard or words for token in tokens_of(word))
    return NameForm(tokens, tuple(legal), soft if hard else (), len(text) in FIELD_WIDTHS)
