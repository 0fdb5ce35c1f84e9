"""Companies' names in a text: is one whole, or part of another's, and which legal form stands beside it?"""

from collections.abc import Callable, Sequence
from functools import lru_cache

from screening.countries import country_code
from screening.designations import CRAFT, Kind
from screening.matching.name_sets import Candidate
from screening.matching.plain_words import is_connective, is_no_name, is_plain
from screening.matching.score import Alignment
from screening.matching.texts.ships import SHIPS, VOYAGES
from screening.matching.texts.stretches import Stretch
from screening.matching.texts.surroundings import (
    BRANCHES,
    LONGEST_ADDRESS,
    VOWEL,
    begins_an_address,
    is_reference,
    is_town_and_country,
)
from screening.matching.texts.text_words import Gap, TextWord
from screening.names.forms import NameForm, parse
from screening.names.legal_forms import is_hint
from screening.names.tokens import SPELT, Class, Token

SHORTEST_OF_A_HOUSE = 4
"""Shorter words beside a company's name are connectives or abbreviations."""
LONGEST_LEGAL = 6
"""Words of the longest legal forms."""


def is_whole_house(stretch: Stretch) -> bool:
    """May a company's name of plain words alone be whole? Luxi Chemical Group is not "Chemical Group"."""
    if stretch.in_name and (house_goes_on(stretch) or _is_last_of_several(stretch)):
        return False
    legal = {form.family for form in stretch.candidate.form.legal}
    inside = {form.family for form in parse(stretch.text, Kind.ORGANIZATION).legal}
    return not legal or not legal.isdisjoint(legal_beside(stretch) | inside)


FEWEST_OF_ITS_OWN = 4
"""Words of a company's name that nobody else has, however plain each is."""


def is_told_by_its_length(name: NameForm) -> bool:
    """Has a company's name so many words, or names a country among three, that whoever has them all is that
    company, whatever stands beside: International Union of Virtual Media, Housing Bank of Iran?"""
    words = len(name.tokens)
    if words + 1 < FEWEST_OF_ITS_OWN:
        return False
    return words >= FEWEST_OF_ITS_OWN or any(_is_a_country(token.text) for token in name.tokens)


@lru_cache(maxsize=1 << 14)
def _is_a_country(word: str) -> bool:
    return country_code(word) is not None


def is_of_another_house(stretch: Stretch, alignment: Alignment) -> bool:
    """Does a particle join the stretch to a word before, where the name's own first word is left over: is
    Banco do Estado do Espirito Santo the INDUSTRIAS DEL ESPIRITU SANTO?"""
    words, first = stretch.words, stretch.first
    if 0 not in alignment.left_name or not first or not words[first].particles:
        return False
    return words[first].gap is Gap.NONE and not is_connective(words[first - 1].token)


def house_goes_on(stretch: Stretch, ends: Callable[[Token], bool] = is_connective) -> bool:
    """Does a word that is no connective stand right before or behind, within a name field? `ends` says of
    which words behind it does not: a town is where a house is."""
    words, first, last = stretch.words, stretch.first, stretch.last
    lone = first > 0 and words[first].gap is Gap.NONE and not words[first].particles
    before = words[first - 1] if lone else None
    if before and stretch.candidate.designation.kind in CRAFT and before.token.text in SHIPS:
        before = None
    behind = words[last + 1] if last + 1 < len(words) and words[last + 1].gap is Gap.NONE else None
    if behind and stretch.candidate.designation.kind in CRAFT and behind.token.text in VOYAGES:
        behind = None
    if behind and (behind.token.text in BRANCHES or ends(behind.token)):
        behind = None
    if behind and begins_an_address(words[last + 1 : last + 3]):
        behind = None
    if behind and is_town_and_country(words[last + 1 : last + 1 + LONGEST_ADDRESS]):
        behind = None
    return any(word is not None and _is_of_a_house(word) for word in (before, behind))


def _is_last_of_several(stretch: Stretch) -> bool:
    """Does a plain word stand before an "and" that leads to the stretch: Energy & Chemical Group?"""
    words, first = stretch.words, stretch.first
    return first > 0 and words[first].gap is Gap.AND and _is_plain_part(words[first - 1])


def _is_plain_part(word: TextWord) -> bool:
    return is_no_name(word.token) and not is_connective(word.token) and not is_hint(word.native)


def _is_of_a_house(word: TextWord) -> bool:
    token = word.token
    if token.cls not in SPELT or len(token.text) < SHORTEST_OF_A_HOUSE or not VOWEL.search(token.text):
        return False
    if is_reference(word):
        return False
    return not is_connective(token) and not is_hint(word.native)


def goes_on_with_its_trade(word: TextWord) -> bool:
    """Is it the next word of a company's name, which says what that does, or its legal form: Alco Trading?"""
    trade = word.token.cls is Class.BUSINESS and not is_connective(word.token)
    return word.gap is Gap.NONE and (trade or is_hint(word.native))


def is_with_its_legal_form(words: Sequence[TextWord], first: int, last: int, candidate: Candidate) -> bool:
    """Is a stretch one word that no dictionary has, with the legal form that a company of one word has on the
    list: TARVIK CO, and not ZVK Tarvik Co?"""
    name = candidate.form
    if first != last or len(name.tokens) != 1 or not name.legal or is_plain(words[first].token):
        return False
    before = words[first - 1] if first and words[first].gap is Gap.NONE else None
    if before and not (is_connective(before.token) or is_hint(before.native) or is_reference(before)):
        return False
    stretch = Stretch(words, first, last, name, candidate, 0.0)
    return not {form.family for form in name.legal}.isdisjoint(legal_beside(stretch))


def legal_beside(stretch: Stretch) -> set[str]:
    """Families of the legal forms right before and behind a stretch."""
    words, first, last = stretch.words, stretch.first, stretch.last
    before = [(place, last) for place in _run(words, first, -1) if is_hint(words[place].native)]
    behind = [(first, place) for place in _run(words, last, 1) if is_hint(words[last + 1].native)]
    return _families(stretch, before) | _families(stretch, behind)


def _run(words: Sequence[TextWord], place: int, step: int) -> list[int]:
    """The places of the words in one direction that may be of a legal form, up to whatever parts parties."""
    found: list[int] = []
    while 0 <= place + step < len(words) and len(found) < LONGEST_LEGAL:
        if words[max(place, place + step)].gap is Gap.BREAK:
            break
        place += step
        found.append(place)
    return found


def _families(stretch: Stretch, wider: Sequence[tuple[int, int]]) -> set[str]:
    """Families of the legal forms that the widest of these holds beside the stretch and nothing else: of a
    form in several words ("joint stock company") only the first is told by itself."""
    alone = len(parse(stretch.text, Kind.ORGANIZATION).tokens)
    for first, last in reversed(wider):
        words = stretch.words[first : last + 1]
        form = parse(" ".join([word.particles + word.native for word in words]), Kind.ORGANIZATION)
        if form.legal and len(form.tokens) <= alone:
            return {legal.family for legal in form.legal}
    return set()
