"""Names that a payment system cut short: a whole field that is the beginning of a listed name.

Systems cut names at 12 to 35 characters (BACS at 18, NACHA at 16 and 22, cards at 22 to 27), and nothing in a
field says so. What tells is the field itself: its words are the first words of a listed name, in that order,
and its last word only begins the next one. Of 64,000 names of people and companies on no list none is such a
beginning; cut at 16 characters one in 2,000 is.
"""

from collections.abc import Iterator
from typing import Final

from screening.names.forms import SHORTEST_CUT, NameForm
from screening.names.tokens import SPELT, Class
from screening.names.vocabulary import is_arab_name, known_name

BEGUN: Final = 0.85
"""What such a name scores: the rest of it may be another."""
FEWEST_LETTERS: Final = 11
"""Of all its words: as many as "Ivan Petrovi" has, cut at 12 characters."""
FEWEST_OF_LAST: Final = 2
"""Of the word that was cut: one is an initial."""
OF_A_LETTER: Final = 0.15
"""What a letter of the last word tells beside the weight of the words before it,"""
TELLING: Final = 1.0
"""and what they tell together: Alexander Ba(sov) is too little."""


def key_of_begun(query: NameForm) -> str:
    """What the names that a query may be the beginning of are filed under; nothing for most queries."""
    tokens = query.tokens
    if len(tokens) < 2 or query.syllabic or query.languages or query.partial:
        return ""
    last = tokens[-1]
    letters = len(last.text)
    if last.cls not in SPELT or not query.unspaced.endswith(last.text):
        return ""  # a number, or a legal form stands behind it
    if letters < SHORTEST_CUT and not query.ends_in_stub:
        return ""
    if known_name(last.text) or (last.groups and any(map(is_arab_name, last.groups))):
        return ""  # a name in its own right: Mohammed Mahmoud is not Mohammed MAHMOUDI
    weight, begun = 0.0, ""
    for token in tokens[:-1]:
        begun += token.text
        if token.cls is Class.WORD:
            weight += token.weight
    if not weight or weight + OF_A_LETTER * letters < TELLING or letters + len(begun) < FEWEST_LETTERS:
        return ""
    return _key(begun, last.text)


def keys_of_beginnings(name: NameForm) -> Iterator[str]:
    """What a listed name is filed under, once for each of its words that a cut may fall into."""
    if name.syllabic:
        return
    before = ""
    for token in name.tokens:
        text = token.text
        if before and len(text) > FEWEST_OF_LAST:
            yield _key(before, text)
        before += text


def _key(before: str, word: str) -> str:
    return f"{before} {word[:FEWEST_OF_LAST]}"


def is_begun(query: NameForm, name: NameForm) -> bool:
    """Is a query that has a key the beginning of a name?"""
    last = len(query.tokens) - 1
    if len(name.tokens) <= last:
        return False
    begun, whole = query.tokens[last].text, name.tokens[last].text
    return (
        len(begun) < len(whole)
        and whole.startswith(begun)
        and all(query.tokens[place].text == name.tokens[place].text for place in range(last))
    )
