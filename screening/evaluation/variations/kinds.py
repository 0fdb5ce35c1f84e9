"""Every kind of variation under its label, made the same way on every run."""

import hashlib
import random
from collections.abc import Iterator, Mapping

from screening.designations import Kind
from screening.evaluation.variations.legal_forms import form_dropped, form_swapped, form_translated
from screening.evaluation.variations.made import Make
from screening.evaluation.variations.scripts import CYRILLIC, GREEK, in_arabic, written_in
from screening.evaluation.variations.spelling import (
    accent,
    delete,
    double,
    edit,
    first_letter,
    homoglyph,
    insert,
    lookalike,
    mistype,
    other_vowel,
    respell,
    split,
    substitute,
    transpose,
    twice,
    two_words,
)
from screening.evaluation.variations.words import (
    add_word,
    cut_at,
    drop_word,
    hyphenate,
    initial,
    join,
    join_all,
    last_first,
    middle_initial,
    punctuate,
    repeat,
    reverse,
    swap_words,
    title,
    truncate,
)

KINDS: Mapping[str, Make] = {
    "exact": lambda name, _kind, _dice: name,
    "case": lambda name, _kind, _dice: name.swapcase(),
    "punctuation": punctuate,
    "hyphenated": hyphenate,
    "last name first": last_first,
    "reversed": reverse,
    "words swapped": swap_words,
    "word repeated": repeat,
    "title added": title,
    "legal form respelled": form_swapped,
    "legal form dropped": form_dropped,
    "legal form translated": form_translated,
    "letter deleted": edit(4, delete),
    "letter inserted": edit(4, insert),
    "letter substituted": edit(4, substitute),
    "letters transposed": edit(4, transpose),
    "letter doubled": edit(4, double),
    "neighbouring key": edit(4, mistype),
    "first letter": edit(4, first_letter),
    "two slips, two words": two_words,
    "two slips, one word": edit(7, twice),
    "word dropped": drop_word,
    "word added": add_word,
    "initial for first name": initial,
    "initial for middle name": middle_initial,
    "two words joined": join,
    "all words joined": join_all,
    "word split": edit(5, split),
    "respelled by sound": edit(4, respell),
    "other vowel": edit(4, other_vowel),
    "digit for letter": edit(4, lookalike),
    "homoglyph": edit(4, homoglyph),
    "accent added": edit(4, accent),
    "cut at 35 characters": cut_at(35),
    "cut at 70 characters": cut_at(70),
    "cut to 80 percent": truncate(0.8),
    "in Cyrillic": written_in(CYRILLIC),
    "in Greek": written_in(GREEK),
    "in Arabic": in_arabic,
}
"""Label -> how it is made, in the order of the report."""


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
