"""Words that are alike enough for the index and yet two: names in their own right, and what another script or
the ear alone takes for one."""

from rapidfuzz.distance import Indel

from screening.matching.plain_words import is_borne, is_known
from screening.matching.similarity import NOTHING, TRANSCRIPTION, Likeness, in_latin_letters
from screening.names.scripts import Script, is_cyrillic
from screening.names.slavic import is_slavic_name, looks_slavic
from screening.names.tokens import Token
from screening.names.vocabulary import is_arab_name, is_given_name, known_name

SAME_LETTERS = 0.6
"""Share of their letters that two words of one script have in common of which the consonants are alike."""


def of_people(word: Token, other: Token, found: Likeness) -> Likeness:
    """How alike two words of people's names are that are alike so, at a second look."""
    by_ear = found.how in ("phonetic", "spelling", TRANSCRIPTION)
    if by_ear and are_names_of_their_own(word, other):
        return NOTHING
    if word.script is other.script:
        return _in_one_script(word, other, found)
    if Script.ABJAD in (word.script, other.script):
        return _in_arabic(word, other, found)
    if found.how != TRANSCRIPTION or not (is_cyrillic(word.native) or is_cyrillic(other.native)):
        return found
    if looks_slavic(word.text) and looks_slavic(other.text):
        return found if in_latin_letters(word, other) is not NOTHING else NOTHING
    return found


def _in_one_script(word: Token, other: Token, found: Likeness) -> Likeness:
    if found.how == "consonants but one":
        return found if Indel.normalized_similarity(word.native, other.native) >= SAME_LETTERS else NOTHING
    if found.how == "phonetic" and word.text[0] != other.text[0] and _is_no_name(word):
        return NOTHING  # a garage is no Karaki
    return found


def _in_arabic(word: Token, other: Token, found: Likeness) -> Likeness:
    """Sin is no shin: Sami is no Shami in Arabic, though the ear takes one for the other elsewhere."""
    arabic, latin = (word, other) if word.script is Script.ABJAD else (other, word)
    is_sin = "\u0633" in arabic.native and "\u0634" not in arabic.native
    return NOTHING if found.how == "phonetic" and is_sin and "sh" in latin.text else found


def are_names_of_their_own(word: Token, other: Token) -> bool:
    """Are both names in their own right and not spellings of one, so that neither is a slip of the other:
    Rakesh and Rajesh, Azman and Ayman? At least one stands in the table of such names; what other tables
    hold apart is for them."""
    ours, theirs = known_name(word.text), known_name(other.text)
    if ours == theirs or word.skeleton == other.skeleton or not word.groups.isdisjoint(other.groups):
        return False
    if Script.ABJAD in (word.script, other.script):
        return False
    return (bool(ours) or _is_a_name(word)) and (bool(theirs) or _is_a_name(other))


def _is_a_name(word: Token) -> bool:
    """Do the tables of the Arab world or of East Slavs have it?"""
    return any(is_arab_name(group) or is_slavic_name(group) for group in word.groups)


def is_of_people(group: int) -> bool:
    """Is a class of equivalent words one of people's names?"""
    return group < 0 or is_given_name(group) or is_slavic_name(group)


def _is_no_name(word: Token) -> bool:
    return is_known(word.text) and not is_borne(word)
