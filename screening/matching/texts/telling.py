"""Is a stretch of a text that is like a list name enough to say that it is that name?

A name field says "here stands a name"; a text does not. So what is shared must tell: rare words do, words of
the dictionary and of the map hardly; a name that goes on to the left or right is another name; and whoever
shares every word of a list name exactly is told without more.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from screening.designations import Kind
from screening.matching.another_party import THINGS, is_in_order, is_one_given_name
from screening.matching.name_sets import Candidate
from screening.matching.plain_words import is_borne, is_connective, is_no_name, is_place, is_plain
from screening.matching.score import Alignment, Pair, align, is_roman
from screening.matching.similarity import Likeness
from screening.matching.texts.text_words import Gap, TextWord
from screening.names.forms import NOT_TOLD, NameForm, parse
from screening.names.legal_forms import ends_a_form, is_hint
from screening.names.numbering import MARKS
from screening.names.scripts import Script
from screening.names.slavic import is_patronymic
from screening.names.syllables import systems_of
from screening.names.tokens import SPELT, Class, Token
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
SHORTEST_NEIGHBOUR = 5
"""Shorter words that we do not know are as often abbreviations (FFC, ATTN) as names."""
SHORTEST_OF_A_HOUSE = 4
"""Shorter words beside a company's name are connectives or abbreviations."""
VOWEL = re.compile("[aeiouy]")
"""What an abbreviation (ATTN, CLNT) has not."""
SHORTEST_UNVOCALISED = 3
"""The same in scripts that leave the vowels out."""
SHORTEST_SOLO = 6
"""A name of one word counts in a text only if it is so long, rare and written exactly."""
SHORTEST_TITLED, RARE_TITLED = 5, 0.9
"""Letters and weight of one that has a title on the list, and in the text: "Qari Zakir"."""
SHORTEST_ABBREVIATION = 4
"""The same of an organisation's name that is no company's ("HAMAS", "FARC", "NIOC"), but in a street's name.
Three letters are as often a currency, a bank or a reference."""
LONGEST_LEGAL = 6
"""Words of the longest legal forms."""
_FIGURE = re.compile(r"\d")


@dataclass(slots=True, eq=False)
class Stretch:
    """Words `first` to `last` of a text that are like a list name."""

    words: Sequence[TextWord]
    first: int
    last: int
    form: NameForm
    candidate: Candidate
    points: float
    in_name: bool = False
    """Is it in a name field rather than in a text?"""

    @property
    def text(self) -> str:
        """The stretch as it was compared."""
        return " ".join([word.particles + word.native for word in self.words[self.first : self.last + 1]])


def tells(stretch: Stretch, alike: Callable[[Token, Token], Likeness]) -> bool:
    """May the stretch be taken for the name?"""
    name = stretch.candidate.form
    if len(name.tokens) == 1:
        return _solo_tells(stretch)
    alignment = align(stretch.form, name, alike)
    exact = (
        alignment.left_name in ((), (name.spare,))
        and not alignment.left_query
        and all(pair.likeness.score >= EXACT or _is_business(pair, name) for pair in alignment.pairs)
        and not all(_is_business(pair, name) for pair in alignment.pairs)
    )
    if (not exact and _parted(stretch)) or _cuts_a_word(stretch.words, stretch.first, stretch.last):
        return False
    if all(token.cls is Class.NUMBER for token in name.tokens):
        return stretch.form.plain == name.plain  # "28.07." is no 7-28
    if alignment.left_name and _has_another_father(stretch, alignment.left_name):
        return False
    kind = stretch.candidate.designation.kind
    if kind in THINGS and _has_another_number(stretch, alignment.left_name):
        return False
    if kind in _NAMED_AFTER_ALL and _is_ship(stretch):
        return True
    weight = sum(
        [_weight(name.tokens[j], kind) for pair in alignment.pairs if _says(pair) for j in pair.name]
    )
    if kind is Kind.ORGANIZATION and (
        (weight < TELLING and not _is_whole_house(stretch)) or _is_of_another(stretch, alignment)
    ):
        return False
    if name.languages:
        return _syllables_tell(stretch, exact, weight)
    further = beside(stretch.words, stretch.first, stretch.last)
    if further and kind is Kind.PERSON and is_one_given_name(name):
        return False
    if exact and further and alignment.left_name and name.paternal != NOT_TOLD:
        return False  # it goes on with another mother's surname
    if exact and further:
        if kind is Kind.PERSON and not is_in_order(alignment.pairs):
            return False
        return weight >= TELLING_EXACT_BESIDE_NAMES
    if exact:
        return weight >= TELLING or kind not in _NAMED_AFTER_ALL
    if not further:
        return weight >= TELLING
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
    if kind in _NAMED_AFTER_ALL or not beside(words, first, last):
        return True
    if name.languages:
        return len(name.tokens) >= SYLLABLES_TELL
    return telling_weight(candidate) >= TELLING_EXACT_BESIDE_NAMES


SYLLABLES_TELL = 3
"""So many syllables, all the same, are a name, however common each."""


def _syllables_tell(stretch: Stretch, exact: bool, weight: float) -> bool:
    """Names of China, Korea and Vietnam: with another syllable beside, it is another name."""
    words, first, last = stretch.words, stretch.first, stretch.last
    before = words[first - 1] if first > 0 and words[first].gap is Gap.NONE else None
    behind = words[last + 1] if last + 1 < len(words) and words[last + 1].gap is Gap.NONE else None
    if any(word is not None and is_syllable(word) for word in (before, behind)):
        return False
    if exact and len(stretch.candidate.form.tokens) >= SYLLABLES_TELL:
        return True
    return weight >= TELLING and not beside(words, first, last)


def is_syllable(word: TextWord) -> bool:
    """May a word go on with a name of syllables? "to" and "loan" are no names, though they are syllables; nor
    is a longer word of the dictionary or the map, such as Dubai."""
    if len(word.native) == 1 or word.native in _FORMERLY or not systems_of(word.native):
        return False
    long = len(word.native) >= SHORTEST_NEIGHBOUR
    return not (is_no_name(word.token) and (long or is_connective(word.token)))


def telling_weight(candidate: Candidate) -> float:
    """What the words of a list name tell in a text."""
    return sum([_weight(word, candidate.designation.kind) for word in candidate.form.tokens])


_NAMED_AFTER_ALL = (Kind.VESSEL, Kind.AIRCRAFT)
"""Kinds that bear the names of people, places and things."""


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
        plain = is_plain(word) or (kind in _NAMED_AFTER_ALL and is_borne(word))
        plain = plain or (kind is Kind.VESSEL and word.cls is Class.NUMBER)  # "Victory 2 pcs"
    return word.weight * PLAIN if plain else word.weight


def _parted(stretch: Stretch) -> bool:
    """Does something stand inside the stretch that parts two parties?"""
    inner = stretch.words[stretch.first + 1 : stretch.last + 1]
    return any(word.gap >= Gap.AND for word in inner)


def _cuts_a_word(words: Sequence[TextWord], first: int, last: int) -> bool:
    """Does the stretch begin or end inside a written word? Syllables of one name are no name."""
    begins = first > 0 and words[first - 1].written == words[first].written
    return begins or (last + 1 < len(words) and words[last].written == words[last + 1].written)


def beside(words: Sequence[TextWord], first: int, last: int) -> bool:
    """Does a name go on right before or behind the words `first` to `last`? In another script none does."""
    if first > 0 and words[first].gap is Gap.NONE:
        before = words[first - 1]
        hyphened = words[first].hyphen and _goes_on_by_hyphen(before)
        if hyphened or (_is_name(before) and _is_of_one_script(before, words[first])):
            return True
    if last + 1 == len(words):
        return False
    behind = words[last + 1]
    if behind.gap is not Gap.NONE:
        return False
    hyphened = behind.hyphen and _goes_on_by_hyphen(behind)
    return hyphened or (_is_name(behind) and _is_of_one_script(words[last], behind))


def _goes_on_by_hyphen(word: TextWord) -> bool:
    """Is a word beside a hyphen more of the name? None of payments is, no reference, abbreviation or legal
    form: "MAHAN AIR-INVOICE", "44-MAHAN AIR", "IMPS-MAHAN AIR-SBHN", "CONCORD-CATERING-LLC"."""
    if _is_reference(word) or is_connective(word.token) or is_hint(word.native):
        return False
    if is_patronymic(word.token.text) or word.token.text in _FORMERLY:
        return False
    return word.token.script is not Script.LATIN or VOWEL.search(word.token.text) is not None


def _is_reference(word: TextWord) -> bool:
    """Has it figures, as nothing has that goes on with a name: the INV4471 of "INV4471 MAHAN AIR"?"""
    return _FIGURE.search(word.native) is not None


def _is_of_one_script(word: TextWord, other: TextWord) -> bool:
    """Are both Latin, or neither? A text in Arabic goes on behind a company's Latin name."""
    return (word.token.script is Script.LATIN) is (other.token.script is Script.LATIN)


def _is_name(word: TextWord) -> bool:
    token = word.token
    if token.cls is not Class.WORD or is_no_name(token) or is_hint(word.native) or is_patronymic(token.text):
        return False
    if (
        token.text in SHIPS
        or token.text in _OF_A_VOYAGE
        or token.text in BRANCHES
        or token.text in _CHARTERED
    ):
        return False
    if _is_reference(word) or is_connective(token) or ends_a_form(word.native):
        return False
    if token.script is Script.ABJAD:
        return len(token.native) >= SHORTEST_UNVOCALISED
    if token.script is Script.LATIN and not VOWEL.search(token.text):
        return False
    return len(token.text) >= SHORTEST_NEIGHBOUR or rarity(token.text, token.skeleton) < 1.0


def _solo_tells(stretch: Stretch) -> bool:
    """A list name of one word: with its own legal form beside it, or long, rare and of no dictionary or map.

    A ship's or aircraft's only where the text says that it is one: they are called like streets and girls.
    """
    name = stretch.candidate.form
    (word,) = name.tokens
    if word.cls is not Class.WORD or beside(stretch.words, stretch.first, stretch.last):
        return False
    if stretch.in_name and _house_goes_on(stretch, is_place):
        return False
    if stretch.candidate.designation.kind in _NAMED_AFTER_ALL:
        return _is_ship(stretch)
    if name.legal and not {form.family for form in name.legal}.isdisjoint(_legal_beside(stretch)):
        return True
    if is_plain(word) or rarity(word.text, "") < HEAVIEST:
        return False
    if is_titled(name) and len(word.text) >= SHORTEST_TITLED and word.weight >= RARE_TITLED:
        return True
    if len(word.text) >= SHORTEST_SOLO:
        return word.weight == HEAVIEST
    return _is_abbreviation(stretch, word)


def is_with_its_legal_form(words: Sequence[TextWord], first: int, last: int, candidate: Candidate) -> bool:
    """Is a stretch one word that no dictionary has, with the legal form that a company of one word has on the
    list: TARVIK CO, and not ZVK Tarvik Co?"""
    name = candidate.form
    if first != last or len(name.tokens) != 1 or not name.legal or is_plain(words[first].token):
        return False
    before = words[first - 1] if first and words[first].gap is Gap.NONE else None
    if before and not (is_connective(before.token) or is_hint(before.native) or _is_reference(before)):
        return False
    stretch = Stretch(words, first, last, name, candidate, 0.0)
    return not {form.family for form in name.legal}.isdisjoint(_legal_beside(stretch))


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
    if at + 1 < len(words) and _goes_on_with_its_trade(words[at + 1]):
        return False
    behind, before = street_words()
    return not (
        (at and words[at - 1].token.text in before)
        or (at + 1 < len(words) and words[at + 1].token.text in behind)
    )


def _goes_on_with_its_trade(word: TextWord) -> bool:
    """Is it the next word of a company's name, which says what that does, or its legal form: Alco Trading?"""
    trade = word.token.cls is Class.BUSINESS and not is_connective(word.token)
    return word.gap is Gap.NONE and (trade or is_hint(word.native))


def _is_whole_house(stretch: Stretch) -> bool:
    """May a company's name of plain words alone be whole? Luxi Chemical Group is not "Chemical Group"."""
    if stretch.in_name and (_house_goes_on(stretch) or _is_last_of_several(stretch)):
        return False
    legal = {form.family for form in stretch.candidate.form.legal}
    inside = {form.family for form in parse(stretch.text, Kind.ORGANIZATION).legal}
    return not legal or not legal.isdisjoint(_legal_beside(stretch) | inside)


def _is_of_another(stretch: Stretch, alignment: Alignment) -> bool:
    """Does a particle join the stretch to a word before, where the name's own first word is left over: is
    Banco do Estado do Espirito Santo the INDUSTRIAS DEL ESPIRITU SANTO?"""
    words, first = stretch.words, stretch.first
    if 0 not in alignment.left_name or not first or not words[first].particles:
        return False
    return words[first].gap is Gap.NONE and not is_connective(words[first - 1].token)


def _house_goes_on(stretch: Stretch, ends: Callable[[Token], bool] = is_connective) -> bool:
    """Does a word that is no connective stand right before or behind, within a name field? `ends` says of
    which words behind it does not: a town is where a house is."""
    words, first, last = stretch.words, stretch.first, stretch.last
    lone = first > 0 and words[first].gap is Gap.NONE and not words[first].particles
    before = words[first - 1] if lone else None
    if before and stretch.candidate.designation.kind in _NAMED_AFTER_ALL and before.token.text in SHIPS:
        before = None
    behind = words[last + 1] if last + 1 < len(words) and words[last + 1].gap is Gap.NONE else None
    if behind and stretch.candidate.designation.kind in _NAMED_AFTER_ALL and behind.token.text in _VOYAGES:
        behind = None
    if behind and (behind.token.text in BRANCHES or ends(behind.token)):
        behind = None
    return any(word is not None and _is_of_a_house(word) for word in (before, behind))


BRANCHES = frozenset(
    [
        *("branch", "filiale", "filial", "filia", "niederlassung", "zweigniederlassung", "zweigstelle"),
        *("sucursal", "succursale", "agence", "oddzial", "pobocka", "podruznica", "subesi", "sube"),
    ]
)
"""Words behind a house's name that say which part of it."""


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
    if _is_reference(word):
        return False
    return not is_connective(token) and not is_hint(word.native)


def _legal_beside(stretch: Stretch) -> set[str]:
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


SHIPS = frozenset(
    [
        *("mv", "mt", "ss", "fv", "vlcc", "vessel", "vsl", "ship", "tanker", "motortanker", "motorvessel"),
        *("motorschiff", "schiff", "schip", "buque", "navire", "navio", "nave", "motonave", "gemi", "gemisi"),
        *("statek", "fartyg", "skib", "kapal", "teplokhod", "tk", "sudno", "tug", "barge", "steamer", "imo"),
        *("onboard", "aboard", "carrier", "yacht", "dredger", "roro", "lpgc", "lngc", "fso", "fpso", "osv"),
        "mn",
    ]
)
"""Words that say of a name beside them that it is a ship's."""


def _is_ship(stretch: Stretch) -> bool:
    """Does the text say so right before or behind ("MV FOREST IMO 9078268", "M/T AMBER", "laytime AMBER")?"""
    words, first, last = stretch.words, stretch.first, stretch.last
    before = [word.token.text for word in words[max(0, first - FORMER) : first]]
    behind = [word.token.text for word in words[last + 1 : last + 3]]
    if not SHIPS.isdisjoint(behind):
        return True
    if before[-1:] == ["crew"] and words[first].gap is Gap.BREAK:
        return True  # "crew of AMBER"
    if not _CHARTERED.isdisjoint([*before[-1:], "".join(before[-2:]), "".join(before[-3:])]):
        return True
    named = before
    while named and named[-1] in _NAMED:
        named = named[:-1]
    if _says_ship(named[-1:]) or _says_ship(["".join(named[-2:])]):
        return True
    if named and named[-1] in _FORMERLY and _says_ship(_paired(named)):
        return True
    return bool(behind) and (
        behind[0] in _VOYAGES or (len(behind) > 1 and behind[0] in _OF_A_VOYAGE and behind[1][0].isdigit())
    )


def _says_ship(words: Sequence[str]) -> bool:
    return not SHIPS.isdisjoint(words)


def _paired(words: Sequence[str]) -> list[str]:
    """The words, and each two neighbours as one: the M/V of "M/V SUNNY"."""
    return [*words, *map("".join, pairwise(words))]


_CHARTERED = frozenset(
    [
        *("demurrage", "laytime", "bunkers", "bunker", "portdues", "charterhire", "timecharter", "bunkering"),
        *("pilotage", "towage", "drydocking", "portagency", "portagencyfee", "portagencyfees", "shipagency"),
        *("portcharges", "portcosts", "crewwages", "crewchange"),
    ]
)
"""Words right before a ship's name that are of ships alone."""
_FORMERLY = frozenset(("ex", "fka", "formerly", "former", "previously", "aka", "alias"))
_NAMED = frozenset(("name", "named", "known", "called", "as"))
"""Words behind a word of ships, or one of a former name, that stand before the name."""
FORMER = 6
"""Words before a ship's former name among which the ship's kind stands: "M/V SUNNY (EX LAODICEA)"."""
_VOYAGES = frozenset(("voy", "voyage", "voyg", "laycan", "demurrage"))
_OF_A_VOYAGE = frozenset(("v", "bl", "cp"))
"""Words right behind a ship's name, the latter with a number."""
