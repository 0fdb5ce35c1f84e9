"""Is a stretch of a text that is like a list name enough to say that it is that name?

A name field says "here stands a name"; a text does not. So what is shared must tell: rare words do, words of
the dictionary and of the map hardly; a name that goes on to the left or right is another name; and whoever
shares every word of a list name exactly is told without more.
"""

from collections.abc import Callable, Sequence

from screening.designations import CRAFT, THINGS, Kind
from screening.matching.another_party import is_in_order, is_one_given_name
from screening.matching.name_sets import Candidate
from screening.matching.plain_words import is_borne, is_no_name, is_place, is_plain
from screening.matching.score import Alignment, Pair, align, is_roman
from screening.matching.similarity import Likeness
from screening.matching.texts.houses import (
    goes_on_with_its_trade,
    house_goes_on,
    is_of_another_house,
    is_told_by_its_length,
    is_whole_house,
    legal_beside,
)
from screening.matching.texts.ships import is_called_a_ship
from screening.matching.texts.stretches import Stretch
from screening.matching.texts.surroundings import is_syllable, name_goes_on
from screening.matching.texts.text_words import Gap, TextWord
from screening.names.forms import NOT_TOLD, NameForm, parse
from screening.names.numbering import MARKS
from screening.names.slavic import is_patronymic
from screening.names.syllables import VIETNAMESE, languages, languages_of
from screening.names.tokens import Class, Token
from screening.names.vocabulary import HEAVIEST, rarity, street_words, titles

PLAIN = 0.3
"""What is left of a word's weight if it stands in the dictionary or on the map."""
TELLING = 1.0
"""Weight that must be shared in a text."""
TELLING_BESIDE_NAMES = 1.6
"""The same where a further name stands right before or behind: about two rare words."""
LIKE_BESIDE_NAMES = 0.9
"""And so alike: with the further name left over, the whole would be another name."""
TELLING_EXACT_BESIDE_NAMES = 1.2
"""The same where every word is the same: "Abdul Rahman" is not every "Abdulrahman Al Enezi"."""
EXACT = 0.97
"""Likeness of words that differ in accents or script only."""
SHORTEST_SOLO = 6
"""A name of one word counts in a text only if it is so long, rare and written exactly."""
SHORTEST_TITLED, RARE_TITLED = 5, 0.9
"""Letters and weight of one that has a title on the list, and in the text: "Qari Zakir"."""
SHORTEST_ABBREVIATION = 4
"""The same of an organisation's name that is no company's ("HAMAS", "FARC", "NIOC"), but in a street's name.
Three letters are as often a currency, a bank or a reference."""


def tells(stretch: Stretch, alike: Callable[[Token, Token], Likeness]) -> bool:
    """May the stretch be taken for the name?"""
    name, kind = stretch.candidate.form, stretch.candidate.designation.kind
    if len(name.tokens) == 1:
        return _solo_tells(stretch)
    alignment = align(stretch.form, name, alike)
    exact = _is_exact(alignment, name)
    if (not exact and _parted(stretch)) or _cuts_a_word(stretch.words, stretch.first, stretch.last):
        return False
    if kind is Kind.PERSON and _is_of_two_people(stretch):
        return False
    if all(token.cls is Class.NUMBER for token in name.tokens):
        return stretch.form.plain == name.plain  # "28.07." is no 7-28
    if alignment.left_name and _has_another_father(stretch, alignment.left_name):
        return False
    if kind in THINGS and _has_another_number(stretch, alignment.left_name):
        return False
    if kind in CRAFT and is_called_a_ship(stretch.words, stretch.first, stretch.last):
        return True
    if exact and kind is Kind.ORGANIZATION and is_told_by_its_length(name):
        return True
    weight = sum(
        [_weight(name.tokens[j], kind) for pair in alignment.pairs if _says(pair) for j in pair.name]
    )
    if kind is Kind.ORGANIZATION and (
        (weight < TELLING and not is_whole_house(stretch)) or is_of_another_house(stretch, alignment)
    ):
        return False
    if name.languages:
        return _syllables_tell(stretch, exact, weight)
    return _words_tell(stretch, alignment, exact, weight)


def _is_exact(alignment: Alignment, name: NameForm) -> bool:
    """Is every word there and the same, but a spare one, or one of business in another spelling?"""
    return (
        alignment.left_name in ((), (name.spare,))
        and not alignment.left_query
        and all(pair.likeness.score >= EXACT or _is_business(pair, name) for pair in alignment.pairs)
        and not all(_is_business(pair, name) for pair in alignment.pairs)
    )


def _words_tell(stretch: Stretch, alignment: Alignment, exact: bool, weight: float) -> bool:
    """Is the weight of the words that are shared enough? More must be shared where a further name stands
    beside the stretch."""
    name, kind = stretch.candidate.form, stretch.candidate.designation.kind
    if not name_goes_on(stretch.words, stretch.first, stretch.last):
        return weight >= TELLING or (exact and kind not in CRAFT)
    if kind is Kind.PERSON and is_one_given_name(name):
        return False
    if exact and alignment.left_name and name.paternal != NOT_TOLD:
        return False  # it goes on with another mother's surname
    if exact:
        in_order = kind is not Kind.PERSON or is_in_order(alignment.pairs)
        return in_order and weight >= TELLING_EXACT_BESIDE_NAMES
    missing = any(name.tokens[place].cls is Class.WORD for place in alignment.left_name)
    return not missing and stretch.points >= LIKE_BESIDE_NAMES and weight >= TELLING_BESIDE_NAMES


def _has_another_father(stretch: Stretch, left: Sequence[int]) -> bool:
    """Does a father's name stand right beside, and is the name's own left over: IVANOV IVAN SERGEEVICH is not
    Ivan Petrovich IVANOV."""
    words, first, last = stretch.words, stretch.first, stretch.last
    if not any(is_patronymic(stretch.candidate.form.tokens[place].text) for place in left):
        return False
    return any(
        is_patronymic(word.token.text)
        for word in (*words[max(0, first - 1) : first], *words[last + 1 : last + 2])
    )


def _has_another_number(stretch: Stretch, left: Sequence[int]) -> bool:
    """Is the number of the name left over, and does another end or begin the name field: Design Bureau 106 is
    not Design Bureau 105? Roman ones count what one house has several of."""
    words, first, last = stretch.words, stretch.first, stretch.last
    if not stretch.in_name or not any(
        stretch.candidate.form.tokens[place].cls is Class.NUMBER for place in left
    ):
        return False
    ends = (
        words[last + 2 :] if len(words) > last + 2 and words[last + 1].native in MARKS else words[last + 1 :]
    )
    return any(len(end) == 1 and _is_number(end[0]) for end in (words[:first], ends))


def _is_number(word: TextWord) -> bool:
    return word.token.cls is Class.NUMBER and not is_roman(word.native)


def could_tell(words: Sequence[TextWord], first: int, last: int, candidate: Candidate) -> bool:
    """May any likeness of this stretch to the name be enough? Never no where `tells` says yes: what stands
    beside it, and what the name's words weigh, is told before they are compared."""
    name, kind = candidate.form, candidate.designation.kind
    if len(name.tokens) == 1:
        return True
    if _cuts_a_word(words, first, last):
        return False
    if kind in CRAFT or not name_goes_on(words, first, last):
        return True
    if name.languages:
        return len(name.tokens) >= SYLLABLES_TELL
    if kind is Kind.ORGANIZATION and is_told_by_its_length(name):
        return True
    return telling_weight(candidate) >= TELLING_EXACT_BESIDE_NAMES


SYLLABLES_TELL = 3
"""So many syllables, all the same, are a name, however common each."""


def _syllables_tell(stretch: Stretch, exact: bool, weight: float) -> bool:
    """Names of China, Korea and Vietnam: another syllable of that language beside makes another name.

    Not in a text beside a whole name of China or Korea, which has no more than three: "thanks to you KIM Jong
    Sik".
    """
    words, first, last = stretch.words, stretch.first, stretch.last
    name = stretch.candidate.form
    whole = exact and len(name.tokens) >= SYLLABLES_TELL
    if whole and not stretch.in_name and not name.languages & languages(VIETNAMESE):
        return True
    before = words[first - 1] if first > 0 and words[first].gap is Gap.NONE else None
    behind = words[last + 1] if last + 1 < len(words) and words[last + 1].gap is Gap.NONE else None
    if any(word is not None and _is_syllable_of(word, name.languages) for word in (before, behind)):
        return False
    return whole or (weight >= TELLING and not name_goes_on(words, first, last))


def _is_syllable_of(word: TextWord, spoken: int) -> bool:
    """May a word go on with a name in one of these languages, given as bits? "com" is of Vietnam alone."""
    return is_syllable(word) and bool(languages_of(word.native) & spoken)


def telling_weight(candidate: Candidate) -> float:
    """What the words of a list name tell in a text."""
    return sum([_weight(word, candidate.designation.kind) for word in candidate.form.tokens])


def _says(pair: Pair) -> bool:
    """Does a pair of words say anything? Two numbers do where they are the same."""
    return pair.likeness.how != "other number"


def _is_business(pair: Pair, name: NameForm) -> bool:
    """Is it one word of business in two spellings: Trdg and TRADING?"""
    return pair.likeness.how == "equivalent word" and name.tokens[pair.name[0]].cls is Class.BUSINESS


def _weight(word: Token, kind: Kind | None) -> float:
    if word.cls is Class.INITIAL:
        return 0.0
    if kind is Kind.PERSON:
        plain = is_no_name(word) and word.cls is not Class.NUMBER
    else:
        plain = is_plain(word) or (kind in CRAFT and is_borne(word))
        plain = plain or (kind is Kind.VESSEL and word.cls is Class.NUMBER)  # "Victory 2 pcs"
    return word.weight * PLAIN if plain else word.weight


def _parted(stretch: Stretch) -> bool:
    """Does something stand inside the stretch that parts two parties?"""
    inner = stretch.words[stretch.first + 1 : stretch.last + 1]
    return any(word.gap >= Gap.AND for word in inner)


def _is_of_two_people(stretch: Stretch) -> bool:
    """Does an "and" stand between common names, as in "dinner with Mohammed & Ali"? Two rare ones are one
    person."""
    inner = stretch.words[stretch.first + 1 : stretch.last + 1]
    if all(word.gap is not Gap.AND for word in inner):
        return False
    return telling_weight(stretch.candidate) < TELLING_EXACT_BESIDE_NAMES


def _cuts_a_word(words: Sequence[TextWord], first: int, last: int) -> bool:
    """Does the stretch begin or end inside a written word? Syllables of one name are no name."""
    begins = first > 0 and words[first - 1].written == words[first].written
    return begins or (last + 1 < len(words) and words[last].written == words[last + 1].written)


def _solo_tells(stretch: Stretch) -> bool:
    """A list name of one word: with its own legal form beside it, or long, rare and of no dictionary or map.

    A ship's or aircraft's only where the text says that it is one: they are called like streets and girls.
    """
    name = stretch.candidate.form
    (word,) = name.tokens
    if word.cls is not Class.WORD or name_goes_on(stretch.words, stretch.first, stretch.last):
        return False
    if stretch.in_name and house_goes_on(stretch, is_place):
        return False
    if stretch.candidate.designation.kind in CRAFT:
        return is_called_a_ship(stretch.words, stretch.first, stretch.last)
    if name.legal and not {form.family for form in name.legal}.isdisjoint(legal_beside(stretch)):
        return True
    if is_plain(word) or rarity(word.text, "") < HEAVIEST:
        return False
    if is_titled(name) and len(word.text) >= SHORTEST_TITLED and word.weight >= RARE_TITLED:
        return True
    if len(word.text) >= SHORTEST_SOLO:
        return word.weight == HEAVIEST
    return _is_abbreviation(stretch, word)


def is_titled(name: NameForm) -> bool:
    """Is it a name of one word with a title, which is not called so without: "Mullah Krekar"?"""
    return len(name.tokens) == 1 and not titles().isdisjoint(name.soft)


def _is_abbreviation(stretch: Stretch, word: Token) -> bool:
    """Is a short word a whole name of an organisation on the list, letter for letter, and no street's?"""
    words, at = stretch.words, stretch.first
    if stretch.candidate.designation.kind is Kind.PERSON or stretch.candidate.form.legal:
        return False
    if len(word.text) < SHORTEST_ABBREVIATION or stretch.last != at or words[at].token.text != word.text:
        return False
    if len(parse(stretch.candidate.name.text, Kind.ORGANIZATION).tokens) > 1:
        return False  # the first letters of a longer name, which is not called so
    if at + 1 < len(words) and goes_on_with_its_trade(words[at + 1]):
        return False
    behind, before = street_words()
    return not (
        (at and words[at - 1].token.text in before)
        or (at + 1 < len(words) and words[at + 1].token.text in behind)
    )
