"""What stands right beside a stretch of a text: does a name go on there, or something else begin?"""

import re
from collections.abc import Sequence

from screening.countries import country_code
from screening.matching.plain_words import is_borne, is_connective, is_no_name, is_of_payments, is_on_the_map
from screening.matching.texts.ships import CHARTERED, FORMERLY, OF_A_VOYAGE, SHIPS
from screening.matching.texts.text_words import Gap, TextWord
from screening.names.legal_forms import ends_a_form, is_hint
from screening.names.scripts import Script
from screening.names.slavic import is_patronymic
from screening.names.syllables import systems_of
from screening.names.tokens import Class
from screening.names.vocabulary import particles, rarity, street_words

SHORTEST_NEIGHBOUR = 5
"""Shorter words that we do not know are as often abbreviations (FFC, ATTN) as names."""
SHORTEST_UNVOCALISED = 3
"""The same in scripts that leave the vowels out."""
VOWEL = re.compile("[aeiouy]")
"""What an abbreviation (ATTN, CLNT) has not."""
_FIGURE = re.compile(r"\d")
BRANCHES = frozenset(
    [
        *("branch", "filiale", "filial", "filia", "niederlassung", "zweigniederlassung", "zweigstelle"),
        *("sucursal", "succursale", "agence", "oddzial", "pobocka", "podruznica", "subesi", "sube"),
    ]
)
"""Words behind a house's name that say which part of it."""


def name_goes_on(words: Sequence[TextWord], first: int, last: int) -> bool:
    """Does a name go on right before or behind the words `first` to `last`? In another script none does."""
    if first > 0 and words[first].gap is Gap.NONE:
        before = words[first - 1]
        hyphened = words[first].hyphen and _goes_on_by_hyphen(before)
        if hyphened or (_is_name(before) and _is_of_one_script(before, words[first])):
            return True
    if last + 1 == len(words):
        return False
    behind = words[last + 1]
    if behind.gap is not Gap.NONE or begins_an_address(words[last + 1 : last + 3]):
        return False
    if behind.hyphen and _goes_on_by_hyphen(behind):
        return True
    return (
        _is_name(behind)
        and _is_of_one_script(words[last], behind)
        and not is_town_and_country(words[last + 1 : last + 1 + LONGEST_ADDRESS])
    )


_FLATS = frozenset(("flat", "apt", "apartment", "suite", "unit", "floor", "room"))
_STREET = re.compile(r".{3,}(?:strasse|str|straat|gasse|platz|allee|gatan|vagen|laan|plein|gracht)")
"""Streets in one word with their name, in letters a-z: "hauptstrasse"."""


def begins_an_address(words: Sequence[TextWord]) -> bool:
    """Are the first words behind a name a street or a flat: CALLE GOYA 12? What people bear as well is a
    street only with a number: CARRERA 15."""
    _, before = street_words()
    token = words[0].token
    if token.text in _FLATS or _STREET.fullmatch(token.text) is not None:
        return True
    if token.text not in before or token.text in particles():
        return False
    return not is_borne(token) or (len(words) > 1 and words[1].token.cls is Class.NUMBER)


LONGEST_ADDRESS = 4
"""Words of a town and its country."""


def is_town_and_country(words: Sequence[TextWord]) -> bool:
    """Do words begin with a town and a country right behind it: TEHRAN IRAN? Towns are people's names as
    well; with the country they are an address."""
    texts = [word.native for word in words]
    for town in (1, 2):
        if not is_on_the_map("".join(texts[:town])):
            continue
        for country in (1, 2):
            name = texts[town : town + country]
            if len(name) == country and country_code(" ".join(name)) is not None:
                return words[town].gap <= Gap.COMMA
    return False


def _goes_on_by_hyphen(word: TextWord) -> bool:
    """Is a word beside a hyphen more of the name? None of payments is, no reference, abbreviation or legal
    form: "MAHAN AIR-INVOICE", "44-MAHAN AIR", "IMPS-MAHAN AIR-SBHN", "CONCORD-CATERING-LLC"."""
    if is_reference(word) or is_connective(word.token) or is_hint(word.native):
        return False
    if is_patronymic(word.token.text) or word.token.text in FORMERLY:
        return False
    return word.token.script is not Script.LATIN or VOWEL.search(word.token.text) is not None


def is_reference(word: TextWord) -> bool:
    """Has it figures, as nothing has that goes on with a name: the INV4471 of "INV4471 MAHAN AIR"?"""
    return _FIGURE.search(word.native) is not None


def _is_of_one_script(word: TextWord, other: TextWord) -> bool:
    """Are both Latin, or neither? A text in Arabic goes on behind a company's Latin name."""
    return (word.token.script is Script.LATIN) is (other.token.script is Script.LATIN)


def _is_name(word: TextWord) -> bool:
    token = word.token
    if token.cls is not Class.WORD or is_no_name(token) or is_hint(word.native) or is_patronymic(token.text):
        return False
    if token.text in SHIPS or token.text in OF_A_VOYAGE or token.text in BRANCHES or token.text in CHARTERED:
        return False
    if is_reference(word) or is_connective(token) or ends_a_form(word.native):
        return False
    if token.script is Script.ABJAD:
        return len(token.native) >= SHORTEST_UNVOCALISED
    if token.script is Script.LATIN and not VOWEL.search(token.text):
        return False
    return len(token.text) >= SHORTEST_NEIGHBOUR or rarity(token.text, token.skeleton) < 1.0


def is_syllable(word: TextWord) -> bool:
    """May a word go on with a name of syllables? "to" and "loan" are no names, though they are syllables; nor
    is a longer word of the dictionary or the map, such as Dubai."""
    if len(word.native) == 1 or word.native in FORMERLY or not systems_of(word.native):
        return False
    long = len(word.native) >= SHORTEST_NEIGHBOUR
    return not (is_no_name(word.token) and (long or is_of_payments(word.token.text)))
