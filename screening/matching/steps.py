"""What searching takes, in steps of `Effort`, of half a microsecond: words, names, scores.

With fewer steps for words that are looked up, texts of new words take longer than all others.
"""

from typing import Final

from screening.matching.words.lexicon import Lexicon
from screening.names.scripts import Script
from screening.names.tokens import Class, Token
from screening.names.transcription import is_transcribed

LOOKED_UP: Final = 160
"""A word that was never seen, whose keys lie all over a large table."""
LAID_BESIDE: Final = 4
"""On top for each Latin word that one of another alphabet is laid beside."""
LOANED: Final = 3000
"""A foreign word in katakana or Hangul, which is read in several ways."""
REFERENCE: Final = 120
"""A word with figures, which few list words share a key with."""
LONG_WORD: Final = 16
"""Letters of a word of another alphabet whose ways to be written in Latin `LOOKED_UP` holds;"""
SPELT_OUT: Final = 40
"""for each letter more: few list words are so long that they share a key with it."""
ALIKE: Final = 14
"""Each list word that is like a word of a text: about four were compared for that."""
ALIKE_IN_NAME: Final = 7
"""The same where a name is looked for as a whole, and not from each place of a text."""
POSTINGS_A_STEP: Final = 10
"""Names of a word that are gathered in one step."""
NUMBERS_A_STEP: Final = 4
"""Names that answer enough of a query, gathered in one step."""
SCORED: Final = 15
"""A score begun."""
UNCHECKED: Final = 3_000
"""Steps of looking words up, a millisecond and a half, until it is looked whether they are too many."""


def first_look(token: Token, lexicon: Lexicon) -> int:
    """Steps of a word the first time; a number is like all others. What a word of another alphabet takes
    depends on the list, and is told by looking it up."""
    if token.cls is Class.NUMBER:
        return 1
    if not token.text.isalpha():
        return REFERENCE
    if token.script is Script.LATIN:
        return LOOKED_UP
    if token.script is Script.LOAN:
        return LOANED
    longer = SPELT_OUT * max(0, len(token.native) - LONG_WORD) if is_transcribed(token.native) else 0
    return LOOKED_UP + longer + LAID_BESIDE * lexicon.expand(token).beside
