"""Text to tokens: the one normalisation that list names and payment names both go through."""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

_WORD = re.compile(r"[^\W_]+")
_DOTTED = re.compile(r"(?<=\b\w)\.(?=\w\b)|'|’|ʼ|`")

LEGAL_FORMS = frozenset(
    (
        "llc",
        "ltd",
        "limited",
        "inc",
        "corp",
        "corporation",
        "co",
        "company",
        "gmbh",
        "ag",
        "sa",
        "sro",
        "ooo",
        "oao",
        "pao",
        "zao",
        "ao",
        "llp",
        "plc",
        "bv",
        "nv",
        "spa",
        "srl",
        "kg",
        "jsc",
    )
)
_LONG_FORMS = (
    ("limited liability company", "llc"),
    ("limited liability partnership", "llp"),
    ("joint stock company", "jsc"),
)


@lru_cache(maxsize=100_000)
def tokens(text: str) -> tuple[str, ...]:
    """ "VERSOR, s.r.o." -> ("versor", "sro"); other scripts are transliterated."""
    text = unicodedata.normalize("NFKC", text)
    if not text.isascii():
        text = anyascii(text)
    text = _DOTTED.sub("", text.casefold())
    words = " ".join(_WORD.findall(text))
    for long, short in _LONG_FORMS:
        words = words.replace(long, short)
    return tuple(words.split())


def substance(words: tuple[str, ...]) -> tuple[str, ...]:
    """The tokens that tell one party from another: all but legal forms, unless nothing else is there."""
    return tuple(word for word in words if word not in LEGAL_FORMS) or words
