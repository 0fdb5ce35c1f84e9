"""A second, stricter look at names that are alike enough: the lower of the two scores counts.

The index finds by the scorer's own likeness, which must be generous: what it does not see, nobody sees.
Whoever has passed is looked at once more, with what the whole name and its kind tell of each pair of words.
As this only takes away, the index stays exact, and as few names come so far, it costs next to nothing.
"""

import re

from rapidfuzz.distance import Indel

from screening.countries import country_code
from screening.designations import THINGS, Kind
from screening.effort import Effort
from screening.matching.another_party import (
    ARTICLES,
    BY_EAR,
    SHORT,
    VERBATIM,
    is_another_party,
    is_in_order,
)
from screening.matching.begun import BEGUN, is_begun, key_of_begun
from screening.matching.other_words import is_of_people, of_people
from screening.matching.parts import JOINED_NAMES
from screening.matching.plain_words import is_borne, is_plain
from screening.matching.score import (
    ANOTHER_NUMBER,
    Alignment,
    Alike,
    Pair,
    align,
    is_numbered_otherwise,
    is_same_text,
    rate,
    score,
)
from screening.matching.similarity import KNOWN_NAME, NOTHING, Likeness, as_transcribed, as_written, likeness
from screening.names.forms import NameForm
from screening.names.readings import listed_readings, readings
from screening.names.scripts import Script
from screening.names.slavic import looks_slavic
from screening.names.syllables import syllabic, systems_of
from screening.names.tokens import SYLLABIC, Class, Token
from screening.names.transcription import are_two_names
from screening.names.vocabulary import is_arab_name, known_name, title, titles

COMPARED = 20
"""Steps of `Effort` for two words outside an index: their keys are made for it."""
SHORT_RATIO = 0.75
"""Words of fewer letters than `SHORT` that only sound alike must share so much of their letters as well:
Shinhan is not Sina, Gee not Cky."""
SHORT_RATIO_OF_PEOPLE = 0.6
"""The same for people, whose names are heard and written down more often: Kuo and Guo are one name."""
TWO_COMMON_NAMES = 0.12
"""Cost where two common names are alike only by sound or a slip of the pen,"""
COMMON_RATIO = 0.90
"""and not nearly the same in letters."""
NO_NAME_SHARED = 0.7
"""Most where what is shared is no name: a single given name and a company of that one word (David is not
David S.A.), or consonants that several words have together by chance."""
OTHER_SOFT_WORDS = 0.8
"""Factor for names of one word where other particles or titles stand beside it: Sue Bishop is not Bin Xu."""
WHOLE_NAME = 3
"""Signs of most names of China and Korea."""
SHORTEST = 5
"""Letters from which a word behind a stroke may be a name."""
SHORTEST_BEGINNING = 5
"""A shorter word that is written out is not the beginning of another: Ming is not Mingfu."""
RARE_BESIDE_BEGINNING = 0.65
"""Unless the words beside it weigh so much together."""
RARE_BESIDE_NAME = 0.75
"""The same beside a name in its own right."""
ALL_BUT_ONE = 2
"""Words at least that are the same,"""
ALL_BUT_ONE_WEIGH = 1.1
"""and what they weigh together: then one other that is only alike is a slip, whatever it would say alone."""


def compare(query: str, name: str, kind: Kind | str | None = None) -> float:
    """How alike two names are, 0..1; a ranking signal, not a probability. Raises LimitError for two that take
    more comparing than a payment may."""
    effort, points, of_kind = Effort(), 0.0, Kind(kind) if kind else None
    forms = listed_readings(name, kind)
    for asked in readings(query, kind):
        for listed in forms:
            effort.spend(COMPARED * len(asked.tokens) * len(listed.tokens))
            points = max(points, assess_field(asked, listed, of_kind))
    return points


def assess_field(query: NameForm, name: NameForm, kind: Kind | None) -> float:
    """The score of a whole field, which may be the beginning of a name."""
    points = assess(query, name, kind)
    return max(points, BEGUN) if key_of_begun(query) and is_begun(query, name) else points


def assess(query: NameForm, name: NameForm, kind: Kind | None, alike: Alike = likeness) -> float:
    """The score of two parsed names after the second look; `kind` is that of the listed party."""
    points = score(query, name, alike)
    return min(points, second_look(query, name, kind, alike)) if points else points


def second_look(
    query: NameForm, name: NameForm, kind: Kind | None, alike: Alike, *, with_runs: bool = True
) -> float:
    """The most that the two names may score. Syllables were looked at closely the first time."""
    if _is_common_part(query):
        return NO_NAME_SHARED
    if query.syllabic or name.syllabic or (is_same_text(query, name) and not name.partial):
        return 1.0
    if kind is not Kind.PERSON and _is_given_name_alone(query, name):
        return NO_NAME_SHARED
    if kind is Kind.PERSON and _has_family_name_more(query, name):
        return NO_NAME_SHARED
    if kind is not Kind.PERSON and _is_lone_end(name):
        return NO_NAME_SHARED
    if kind is Kind.AIRCRAFT and _is_another_mark(query, name):
        return NO_NAME_SHARED
    if query.languages and name.tokens[0].script is Script.ABJAD:
        return NO_NAME_SHARED
    alignment = align(query, name, _strict(kind, alike), with_runs=with_runs)
    if alignment.left_query and alignment.left_name:
        generous = align(query, name, alike, with_runs=with_runs)
        alignment = generous if _is_one_slip(generous, query, name) else alignment
    if any(_is_chance_frame(query, name, pair, kind) for pair in alignment.pairs):
        return NO_NAME_SHARED
    if is_another_party(query, name, kind, alignment):
        return NO_NAME_SHARED
    if kind is Kind.PERSON:
        alignment = _without_short_beginnings(query, alignment)
    elif query.legal and _is_cut_nowhere(query, alignment):
        return NO_NAME_SHARED
    points = rate(query, name, alignment)
    if kind is Kind.VESSEL and is_numbered_otherwise(query, alignment.pairs):
        points *= ANOTHER_NUMBER
    if len(query.tokens) == 1 and len(name.tokens) == 1 and _other_soft_words(query, name):
        points *= OTHER_SOFT_WORDS
    return points


def _is_another_mark(query: NameForm, name: NameForm) -> bool:
    """Has an aircraft's mark other figures: YV2551 is not YV2557, as a number is not the next one."""
    return any(
        word.cls is Class.WORD and _FIGURE.search(word.text) and word.text not in query.unspaced
        for word in name.tokens
    )


_FIGURE = re.compile(r"\d")


def _is_one_slip(alignment: Alignment, query: NameForm, name: NameForm) -> bool:
    """Is every word the same but one, and that one alike: NEW LINE EXCHANGE TROOST? Not Aziz and Azim."""
    if alignment.left_query or alignment.left_name or not is_in_order(alignment.pairs):
        return False
    for pair in alignment.pairs:
        ours, theirs = query.tokens[pair.query[0]].text, name.tokens[pair.name[0]].text
        if are_two_names(ours, theirs) or _are_two_countries(ours, theirs):
            return False
    same = [pair.weight for pair in alignment.pairs if pair.likeness.score >= VERBATIM]
    slip = len(same) + 1 == len(alignment.pairs)
    return slip and len(same) >= ALL_BUT_ONE and sum(same) >= ALL_BUT_ONE_WEIGH


def _strict(kind: Kind | None, alike: Alike) -> Alike:
    def strict(word: Token, other: Token) -> Likeness:
        found = alike(word, other)
        if found.score >= 1.0 or found is NOTHING:
            return found
        return _reviewed(word, other, found, kind)

    return strict


def _reviewed(word: Token, other: Token, found: Likeness, kind: Kind | None) -> Likeness:
    how = found.how
    if kind is Kind.PERSON and _are_of_both_sexes(word, other):
        return NOTHING
    if how == "initial":
        return NOTHING if kind is Kind.ORGANIZATION else found
    if kind in THINGS and _are_two_countries(word.text, other.text):
        return NOTHING
    if how == "equivalent word" and kind in THINGS and all(map(is_of_people, word.groups & other.groups)):
        return as_written(word, other)
    if kind in THINGS and found == KNOWN_NAME:
        return as_transcribed(word, other) or NOTHING
    if kind is Kind.PERSON:
        found = of_people(word, other, found)
    if how not in BY_EAR or found is NOTHING:
        return found
    if how in _BY_SOUND and (_is_one_sign(word) or _is_one_sign(other)):
        return NOTHING
    if how != "consonants" and _different_names(word, other):
        return NOTHING
    if kind is Kind.PERSON and are_two_names(word.text, other.text):
        return NOTHING
    if word.script is not Script.LATIN or other.script is not Script.LATIN:
        return found
    alikeness = Indel.normalized_similarity(word.text, other.text)
    least = SHORT_RATIO_OF_PEOPLE if kind is Kind.PERSON else SHORT_RATIO
    if how == "phonetic" and min(len(word.text), len(other.text)) < SHORT and alikeness < least:
        return NOTHING
    if word.weight < 1.0 and other.weight < 1.0 and alikeness < COMMON_RATIO:
        return Likeness(found.score - TWO_COMMON_NAMES, how)
    return found


SHORTEST_COUNTRY = 4
"""Letters of a country's name: Iran, Iraq, Mali."""
SHORTEST_OF_HIS = 4
"""Letters of his name: Mona is no Mon."""


def _are_of_both_sexes(word: Token, other: Token) -> bool:
    """Are two names that people bear his and hers: Fernando and Fernanda, Khalid and Khalida? Surnames are
    one, the Medvedeva of a Medvedev, and in Cyrillic a last letter is as often a case."""
    ours, theirs = word.text, other.text
    if ours[-1:] == theirs[-1:] or word.script is not Script.LATIN or other.script is not Script.LATIN:
        return False
    hers, his = (word, other) if ours.endswith("a") else (other, word)
    stem = hers.text[:-1]
    if not hers.text.endswith("a") or len(his.text) < SHORTEST_OF_HIS or his.text not in (stem, stem + "o"):
        return False
    if not is_borne(his) or stem in _HIS_IN_A or any(map(is_arab_name, word.groups & other.groups)):
        return False
    if looks_slavic(his.text) or looks_slavic(hers.text):
        return False
    return is_borne(hers) or any(map(is_arab_name, his.groups))


_HIS_IN_A = frozenset(
    "arjun ashok gopal harish mahadev narayan rahul raman vasudev vikram ibrahim ismail zahari jeremi".split()  # noqa: SIM905
)
"""His names that end in -a as well, most of them of India."""


def _are_two_countries(word: str, other: str) -> bool:
    """A bank of Iraq is none of Iran, nor one of Niger of Nigeria."""
    ours = country_code(word) if len(word) >= SHORTEST_COUNTRY else None
    return ours is not None and (country_code(other) or ours) != ours


def _is_one_sign(word: Token) -> bool:
    """Signs of Han or Hangul are syllables, which their own tables tell; by ear 许 is Soe and 荣 is Ryong."""
    signs = len(word.native) if word.script in SYLLABIC else 0
    return signs == 1 or (signs == WHOLE_NAME and bool(syllabic([word.native], hyphened=False)))


_BY_SOUND = ("phonetic", "joined, phonetic")


def _different_names(word: Token, other: Token) -> bool:
    """Are both known names, and not the same? A pet form alone makes no name known.

    Names of equal sound are one name whose spellings the tables hold apart.
    """
    if word.skeleton == other.skeleton:
        return False
    ours = {group for group in word.groups if group > 0 and not is_arab_name(group)}
    theirs = {group for group in other.groups if group > 0 and not is_arab_name(group)}
    return bool(ours) and bool(theirs) and ours.isdisjoint(theirs)


def _other_soft_words(query: NameForm, name: NameForm) -> bool:
    """Does one of two names of one word have particles or titles that the other has not? One title in common
    is enough, in any spelling: Mulla Hamidullah is Mullah Hamidullah Akhund."""
    ours, theirs = ({title(word) for word in form.soft if word not in ARTICLES} for form in (query, name))
    if ours and theirs and query.tokens[0].script is not name.tokens[0].script:
        return False  # الشيخ is "the shaykh", and which title another is the tables do not say
    return ours != theirs and (ours & theirs).isdisjoint(titles())


def _is_whole_word(word: Token) -> bool:
    return len(word.text) < SHORTEST_BEGINNING and (is_borne(word) or is_plain(word))


def _without_short_beginnings(query: NameForm, alignment: Alignment) -> Alignment:
    """Without whole words that only begin another, unless the rest tells who it is: Vojislav SES(ELJ).

    Only the last word of a query may be cut short, and one that is a name in its own right seldom is: Hamid
    is no beginning of Hamidawi.
    """
    last = query.tokens[-1]
    rest = [pair.weight for pair in alignment.pairs if pair.likeness.how != "beginning"]
    known = bool(known_name(last.text)) or any(map(is_arab_name, last.groups))
    if sum(rest) >= (RARE_BESIDE_NAME if known else RARE_BESIDE_BEGINNING):
        return alignment
    if not known and not _is_whole_word(last):
        return alignment
    dropped = [pair for pair in alignment.pairs if pair.likeness.how == "beginning"]
    if not dropped:
        return alignment
    return Alignment(
        tuple([pair for pair in alignment.pairs if pair not in dropped]),
        (*alignment.left_query, *[place for pair in dropped for place in pair.query]),
        (*alignment.left_name, *[place for pair in dropped for place in pair.name]),
    )


def _is_cut_nowhere(query: NameForm, alignment: Alignment) -> bool:
    """Does a short word only begin one of the list's, though a legal form stands behind it: Saab AB?"""
    last = query.tokens[-1]
    return (
        len(last.text) < SHORT
        and not query.unspaced.endswith(last.native)
        and any(pair.likeness.how == "beginning" for pair in alignment.pairs)
    )


def _is_lone_end(name: NameForm) -> bool:
    """Is it a short word of the dictionary behind a stroke ("RESISTANCE MOVEMENT/ARMY")?"""
    return (
        name.partial
        and len(name.tokens) == 1
        and len(name.tokens[0].text) < SHORTEST
        and is_plain(name.tokens[0])
    )


def _is_common_part(query: NameForm) -> bool:
    """Is it one word between strokes, of the dictionary, map or people: Mariana/Ordonez, /NAME/JOHN SMITH?
    By itself it says nothing; `texts` look at what stands beside it."""
    return (
        query.partial
        and len(query.tokens) == 1
        and not query.legal
        and (is_borne(query.tokens[0]) or is_plain(query.tokens[0]))
    )


_TOGETHER = ("joined, phonetic", JOINED_NAMES.how)


def _is_chance_frame(query: NameForm, name: NameForm, pair: Pair, kind: Kind | None) -> bool:
    """Is a Latin word that we know by itself several words of the list, or of another script, by sound only:
    Andresen is not Andrey SHEIN?

    Of a thing's name one word is never several of a payment's: עומר אביטן is not AL-MURABITOUN.
    """
    if pair.likeness.how not in _TOGETHER:
        return False
    ours = [query.tokens[place] for place in pair.query]
    if kind in THINGS and len(ours) > 1 and ours[0].script is not Script.LATIN:
        return True
    if pair.likeness == JOINED_NAMES:
        return False
    theirs = [name.tokens[place] for place in pair.name]
    if any(_is_one_sign(word) for word in (*ours, *theirs)):
        return True
    (one,), several = (ours, theirs) if len(ours) == 1 else (theirs, ours)
    if one.script is not Script.LATIN or (several[0].script is Script.LATIN and several is ours):
        return False
    return is_borne(one) or is_plain(one)


OF_A_HOUSE = 0.82
"""Weight from which a word that is no given name is a company's by itself: lists have GAZPROMBANK so often
that it counts as borne, by nobody."""


def _has_family_name_more(query: NameForm, name: NameForm) -> bool:
    """Has the list the given name alone of a name of China, Korea or Vietnam: every Ahn, Oh or Seo Young-chul
    is not Young-Chul? Whoever bears the listed family name is found by the whole name."""
    if not query.languages or name.languages or len(name.tokens) >= len(query.tokens):
        return False
    if query.tokens[0].script is not Script.LATIN:
        return False
    return all(systems_of(token.native) for token in name.tokens)


def _is_given_name_alone(query: NameForm, name: NameForm) -> bool:
    if len(query.tokens) != 1 or len(name.tokens) != 1 or query.legal or not name.legal:
        return False
    word = query.tokens[0]
    return word.cls is Class.WORD and is_borne(word) and (bool(word.groups) or word.weight < OF_A_HOUSE)
