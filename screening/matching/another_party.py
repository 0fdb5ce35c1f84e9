"""Is it another party, though the words of two names are alike one by one? What the whole names tell."""

from collections.abc import Sequence

from screening.designations import CRAFT, THINGS, Kind
from screening.matching.plain_words import is_borne, is_plain
from screening.matching.score import ABBREVIATION, Alignment, Pair
from screening.matching.similarity import TRANSCRIPTION
from screening.names.compounds import OF_THE_FAITH, OF_THE_FAITH_IN_ARABIC, SERVANT
from screening.names.forms import NOT_TOLD, SHORTEST_CUT, NameForm
from screening.names.legal_forms import is_hint
from screening.names.scripts import Script
from screening.names.slavic import is_patronymic
from screening.names.tokens import Class, Token

FAINT = 0.9
"""Weight times the square of the least likeness that names must share of which one is in another alphabet:
four consonants of two common words are no name. Of the right pairs that are found it costs one in twenty, of
the clean Arabic, Persian, Hebrew and Ukrainian names that alert it silences more than half;"""
SURE = 0.88
"""words that are all so alike need not."""
PLAINLY = 0.88
"""So alike is a name from another alphabet whose words stand in another order, or which is no person's;"""
WHOLE = 0.83
"""so alike where all words of a thing's name are there, in order, and no other: Ansar al-Islam."""
ALONE = 0.93
"""so alike where its name is one word: சேரன் is no SAIRAN."""
FAINT_VOCALISED = 0.55
"""The same for people whose names are both vocalised, where a word is less alike than this:"""
MISSPELT = 0.87
RARE = 0.95
"""A word that is shared and weighs so much tells by itself."""
TELLS_APART = 0.5
"""Weight of a name of which one that leaves it out is another bearer's,"""
COMMON_TOGETHER = 1.15
"""if what is shared weighs less: two common names;"""
COMMON_WITHOUT_FIRST = 1.5
"""the same where it is the first name of the list's name, which nobody leaves out;"""
COMMON_WITH_MOTHER = 1.35
"""the same where the mother's surname is shared and the father's is not;"""
COMMON_WITHOUT_LAST = 1.4
"""the same where it is the last name, which in most of the world is the family's;"""
COMMON_OUT_OF_ORDER = 1.85
"""the same where what is shared stands in another order besides."""
COMMON_BEFORE_ANOTHER = 1.6
"""The same where the payment has the whole name of the list, of two words, and a rare last name behind it."""
TWO_NAMES = 2
VERBATIM = 0.97
"""Likeness of words that are the same."""
MOST_WORDS_OF_A_HOUSE = 2
"""Words in common from which a slip in one of them is a slip, more than that;"""
SHORT = 6
"""Words of fewer letters that are only alike are as often two words as one misspelt."""
LACKED = 0.85
"""Weight of a word of a company's name that tells it from others of which the rest is plain words."""
LONG = 10
"""A word of so many letters with a slip is still that word, whatever stands beside it."""
FATHER_OF = frozenset(("abu", "abou", "umm", "um"))
"""Whoever is called the father of Maryam is not she."""
BY_EAR = frozenset(("phonetic", "spelling", "consonants", "consonants but one"))
"""Ways of being alike that say nothing of whose name it is."""


def is_another_party(query: NameForm, name: NameForm, kind: Kind | None, alignment: Alignment) -> bool:
    """Is what two names that are not written alike share too little to be one?"""
    if _is_faint(query, name, kind, alignment) or _is_another_house(query, name, kind, alignment):
        return True
    if kind is Kind.PERSON:
        return _is_another_bearer(query, name, alignment)
    if kind in CRAFT and (
        (query.legal and not name.legal)
        or any(query.tokens[place].text in _ASHORE for place in alignment.left_query)
    ):
        return True  # ARGO I is no Argo Group Limited, DEVON no Devon Bank
    return kind in THINGS and _is_turned_round(query, name, alignment)


_ASHORE = frozenset(
    "bank banka banco banca banque bankasi hotel hotels insurance university college school hospital clinic"  # noqa: SIM905
    " pharmacy restaurant museum supermarket".split()
)
"""Words of houses that are no ships, and have none."""


def _is_another_house(query: NameForm, name: NameForm, kind: Kind | None, alignment: Alignment) -> bool:
    """Does one word alone say that two companies are one, and is it altered or a word of the dictionary?

    Whoever misspells "KALA LIMITED" leaves the rest as it is: AECOM is not ASECOM S.A.
    """
    telling = [
        pair for pair in alignment.pairs if any(name.tokens[place].cls is Class.WORD for place in pair.name)
    ]
    if kind is Kind.ORGANIZATION and (
        _is_of_another_form(query, name, alignment) or _is_a_persons(query, name, alignment)
    ):
        return True
    if len(telling) != 1:
        if kind is Kind.ORGANIZATION and _are_all_other_words(query, name, telling or alignment.pairs):
            return True
        return kind is Kind.ORGANIZATION and not query.cut and _lacks_what_tells(name, alignment)
    (pair,) = telling
    ours, theirs = query.tokens[pair.query[0]], name.tokens[pair.name[0]]
    if kind is Kind.PERSON:
        return len(query.tokens) == 1 and bool(query.legal)
    left = alignment.left_query or (alignment.left_name and not query.cut)
    if pair.likeness.score >= VERBATIM:
        if query.legal and query.legal == name.legal and _is_business(query, name, alignment):
            return False  # MARBLE LTD is MARBLE SHIPPING LTD
        if kind is Kind.ORGANIZATION and _are_other_letters(query, name, alignment, theirs):
            return True
        if len(alignment.pairs) > 1:
            return kind is Kind.ORGANIZATION and not query.cut and _lacks_what_tells(name, alignment)
        return bool(left) and is_plain(theirs)
    if len(alignment.pairs) > MOST_WORDS_OF_A_HOUSE:
        return False
    if pair.likeness.how not in _ALTERED or max(len(ours.text), len(theirs.text)) >= LONG:
        return False
    if ours.script is not theirs.script and len(name.tokens) == 1 and len(theirs.text) <= ABBREVIATION:
        return True  # ООО Маяк is not MAK
    if ours.script is not Script.LATIN or theirs.script is not Script.LATIN:
        return False
    if left or _has_other_words_of_form(query, name):
        return True
    return not query.legal and _are_two_words(ours, theirs)


def _is_a_persons(query: NameForm, name: NameForm, alignment: Alignment) -> bool:
    """Does a name go on in front with a given name, of a company of two surnames that says what it is: Ramon
    Rodriguez Lopez is not RODRIGUEZ LOPEZ, S.A. DE C.V.?"""
    if query.legal or not name.legal or alignment.left_name or 0 not in alignment.left_query:
        return False
    shared = [query.tokens[place] for pair in alignment.pairs for place in pair.query]
    return len(shared) > 1 and all(map(_is_borne_only, (query.tokens[0], *shared)))


def _is_borne_only(token: Token) -> bool:
    return is_borne(token) and token.cls is Class.WORD


def _has_other_words_of_form(query: NameForm, name: NameForm) -> bool:
    """Is what stands beside the one word that tells not the same either: Le Saunda, SAKUNDA?"""
    families = [{form.family for form in each.legal} for each in (query, name)]
    if families[0] != families[1]:
        return True
    ours, theirs = ({word for word in each.soft if word not in _COME_AND_GO} for each in (query, name))
    return ours != theirs


ARTICLES = frozenset("al el il ul ur ut uz us ad ash as an ar at az ال аль эль the and und et y e i".split())  # noqa: SIM905
"""Articles come and go, and "and" is written as a sign;"""
_COME_AND_GO = ARTICLES.union(("of", "for", "de", "del", "da", "do", "di", "du", "des", "la"))
"""in the names of companies so do prepositions."""


def _are_all_other_words(query: NameForm, name: NameForm, telling: Sequence[Pair]) -> bool:
    """Is no word that tells the same, each too short to be misspelt: Thanh Cong is not THINH CUONG? Or is one
    a word of its own: Petra is not PETRO?"""
    short = all(len(name.tokens[place].text) < SHORT for pair in telling for place in pair.name)
    if short and len(telling) > 1 and all(pair.likeness.how in _ALTERED for pair in telling):
        return True
    if query.legal and query.legal == name.legal:
        return False
    return all(pair.likeness.score < VERBATIM for pair in telling) and any(
        _are_two_words(query.tokens[pair.query[0]], name.tokens[pair.name[0]])
        for pair in telling
        if pair.likeness.how in _ALTERED
    )


def _are_two_words(word: Token, other: Token) -> bool:
    """Is a short word of a payment one that the tables know, and another one: is Data no DATAK?"""
    if max(len(word.text), len(other.text)) >= SHORT or word.skeleton == other.skeleton:
        return False
    if word.text + "s" == other.text or other.text + "s" == word.text:
        return False
    if is_plain(word):
        return not is_plain(other) and not is_borne(other)
    return is_borne(word) and is_plain(other)


def _are_other_letters(query: NameForm, name: NameForm, alignment: Alignment, shared: Token) -> bool:
    """Has either of two companies that share three letters a word more? NPC INC is not NPC INTERNATIONAL."""
    if len(shared.text) > ABBREVIATION:
        return False
    if query.legal and query.legal != name.legal and alignment.left_name and not query.cut:
        return True
    first = min([place for pair in alignment.pairs for place in pair.query])
    return any(query.tokens[place].cls is Class.WORD for place in alignment.left_query if place < first)


def _is_of_another_form(query: NameForm, name: NameForm, alignment: Alignment) -> bool:
    """Do only words that say what a company does agree, of which the list has two more and another legal form
    or none: is a company a "... and Communication Technology Center"?"""
    if query.cut or not query.legal or not set(query.legal).isdisjoint(name.legal):
        return False
    shared = [name.tokens[place] for pair in alignment.pairs for place in pair.name]
    return len(alignment.left_name) > 1 and all(map(is_plain, shared))


def _is_business(query: NameForm, name: NameForm, alignment: Alignment) -> bool:
    """Do all words that are left say what a company does?"""
    left = [query.tokens[i] for i in alignment.left_query] + [name.tokens[i] for i in alignment.left_name]
    return all(token.cls is Class.BUSINESS for token in left)


def _lacks_what_tells(name: NameForm, alignment: Alignment) -> bool:
    """Are only two words of the dictionary shared, and a word left: North West is not NOVATEK NORTH-WEST."""
    if len(alignment.pairs) > MOST_WORDS_OF_A_HOUSE:
        return False
    shared = [name.tokens[place] for pair in alignment.pairs for place in pair.name]
    left = [name.tokens[place] for place in alignment.left_name]
    return (
        bool(shared)
        and all(map(is_plain, shared))
        and any(
            token.cls is Class.WORD
            and (token.weight >= LACKED or not is_plain(token))
            and not token.text.isdigit()
            for token in left
        )
    )


_ALTERED = frozenset(("spelling", "phonetic", "romanisation", "joined, phonetic"))


def _is_faint(query: NameForm, name: NameForm, kind: Kind | None, alignment: Alignment) -> bool:
    """Is what two names share too little, and too vaguely, to be a name? An initial of a payment is as
    vague as it is."""
    pairs = alignment.pairs
    if not pairs:
        return False
    whole = [pair for pair in pairs if query.tokens[pair.query[0]].cls is not Class.INITIAL]
    least = min([pair.likeness.score for pair in whole or pairs])
    transcribed = any(pair.likeness.how == TRANSCRIPTION for pair in pairs)
    if transcribed and (kind in THINGS or not is_in_order(pairs)):
        every = kind in THINGS and len(pairs) > 1 and not (alignment.left_query or alignment.left_name)
        alone = kind in THINGS and len(name.tokens) == 1
        if least < (WHOLE if every and is_in_order(pairs) else ALONE if alone else PLAINLY):
            return True
    shared = sum([pair.weight for pair in pairs]) * least**2
    if transcribed or any(token.script is Script.ABJAD for token in (*query.tokens, *name.tokens)):
        return least < SURE and shared < FAINT
    if kind is not Kind.PERSON or least >= MISSPELT or shared >= FAINT_VOCALISED:
        return False
    return all(
        pair.likeness.how in BY_EAR if pair.likeness.score < MISSPELT else pair.weight < RARE
        for pair in pairs
    )


def is_in_order(pairs: Sequence[Pair]) -> bool:
    """Do the words of two names answer each other in one order?"""
    places = [pair.query for pair in sorted(pairs, key=lambda pair: pair.name)]
    return places == sorted(places)


def _is_another_bearer(query: NameForm, name: NameForm, alignment: Alignment) -> bool:
    """Does one of them have a name more that tells its bearer from others called so?

    The father's surname stands before the mother's in Spanish, and whoever leaves one out leaves out the
    mother's: "Carlos Moreno" is not Carlos GOMEZ MORENO. Two names that thousands bear do not tell who of
    them is meant.
    """
    shared = sum([pair.weight for pair in alignment.pairs])
    if alignment.left_query and not alignment.left_name:
        return _is_named_further(query, name, shared, alignment)
    if query.fathers and not alignment.left_name and shared < COMMON_OUT_OF_ORDER and not name.fathers:
        return not is_in_order(alignment.pairs)  # Hassan bin Ahmad is not Ahmad HASSAN
    if not alignment.left_name or alignment.left_query or query.cut:
        return False
    if 0 in alignment.left_name and name.tokens[0].text in FATHER_OF:
        return True
    if name.paternal != NOT_TOLD and name.paternal not in alignment.left_name:
        return False
    left = [name.tokens[place] for place in alignment.left_name]
    if any(len(word) == 1 for word in query.soft) or not any(
        token.cls is Class.WORD and token.weight >= TELLS_APART for token in left
    ):
        return False
    if 0 in alignment.left_name and (shared < COMMON_WITHOUT_FIRST or not is_in_order(alignment.pairs)):
        return True
    if alignment.left_name == (name.spare,):
        return shared < COMMON_TOGETHER
    if shared < COMMON_OUT_OF_ORDER and not is_in_order(alignment.pairs):
        return True
    if len(name.tokens) - 1 in alignment.left_name and name.paternal == NOT_TOLD:
        return shared < (COMMON_OUT_OF_ORDER if name.spare != NOT_TOLD else COMMON_WITHOUT_LAST)
    return shared < COMMON_TOGETHER or (name.paternal in alignment.left_name and shared < COMMON_WITH_MOTHER)


def _stands_between(alignment: Alignment, more: Sequence[int]) -> bool:
    """Does a name stand between two that the list has in another order: Osman Ibrahim Mohamed is not Mohamed
    OSMAN, whose family name stands first or last."""
    places = [place for pair in alignment.pairs for place in pair.query]
    return not is_in_order(alignment.pairs) and any(min(places) < place < max(places) for place in more)


def _is_named_further(query: NameForm, name: NameForm, shared: float, alignment: Alignment) -> bool:
    """Does a payment with the whole name of the list go on: Ahmed Sultan Al Ketbi is not Ahmed SULTAN. Ivanov
    Ivan Sergeevich is Ivan IVANOV all the same."""
    more = alignment.left_query
    if all(is_patronymic(query.tokens[place].text) for place in more):
        return False
    if len(query.tokens) - 1 in more and len(name.tokens) == TWO_NAMES and shared < COMMON_BEFORE_ANOTHER:
        last = query.tokens[-1]
        tells = last.weight >= RARE or (is_one_given_name(name) and not is_plain(last))
        return last.cls is Class.WORD and tells and not is_hint(last.native)
    words = [query.tokens[place] for place in more]
    if shared < COMMON_OUT_OF_ORDER and _stands_between(alignment, more) and all(map(is_borne, words)):
        return True
    return shared < COMMON_TOGETHER and any(is_borne(t) and t.weight >= TELLS_APART for t in words)


def is_one_given_name(name: NameForm) -> bool:
    """Abdul Rahman and Sad al-Din are one name in two words; with another beside it, it is whoever is called
    so."""
    if len(name.tokens) != TWO_NAMES:
        return False
    return name.tokens[0].text in SERVANT or name.tokens[1].text in (OF_THE_FAITH, OF_THE_FAITH_IN_ARABIC)


def _is_turned_round(query: NameForm, name: NameForm, alignment: Alignment) -> bool:
    """Does a thing's name have its words, or the syllables of one, in another order, and one left over?"""
    if any(pair.query[0] > pair.query[-1] or pair.name[0] > pair.name[-1] for pair in alignment.pairs):
        return True
    places = [pair.name for pair in sorted(alignment.pairs)]
    left = [query.tokens[i] for i in alignment.left_query] + [name.tokens[i] for i in alignment.left_name]
    if places == sorted(places):
        return False
    return any(len(token.text) > SHORTEST_CUT or token.cls is Class.NUMBER for token in left)
