"""The scorer: how alike two names are.

A score is the weight of what the two names share, less what the sharing costs (spelling), over that weight
plus a penalty for what is left over. Words left over on one side are an omission, which people do all the
time; words left over on both sides contradict each other, which tells namesakes apart.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from screening.matching.parts import are_names_apart, joined, names_in, runs, stub, truncated
from screening.matching.similarity import BY_LETTER, MISSPELT, OTHER_NUMBER, Likeness, likeness
from screening.names.compounds import SERVANT
from screening.names.forms import NOT_TOLD, NameForm
from screening.names.legal_forms import LegalForm
from screening.names.scripts import Script
from screening.names.tokens import SYLLABIC, Class, Token

LEFT_IN_QUERY: Final = 0.33
"""Penalty for weight that only the query has."""
LEFT_IN_NAME: Final = 0.28
"""Penalty for weight that only the list name has: payments leave out more than they add."""
LEFT_AFTER_CUT: Final = 0.1
"""The same where the query fills its field, so that words of the name had no room."""
LEFT_SPARE: Final = LEFT_AFTER_CUT / LEFT_IN_NAME
"""What is left of the weight of a spare word where it alone is missing: an East Slavic father's name, which
payments from abroad have not; a mother's surname in other letters than Latin ones."""
A_SLIP: Final = 0.84
"""So alike are words of which one is the other with a slip, in a name without its spare word: of eight
letters. Gennady Karpov is no Gennady Vyacheslavovich KARLOV."""
CONTRADICTION: Final = 1.6
"""Penalty for weight left over on both sides."""
OTHER_LEGAL_FORM: Final = 0.88
"""Factor where the legal forms belong to different families (a stock company is not a limited one)."""
MISSING_LEGAL_FORM: Final = 0.993
"""Factor where only one side names a legal form, or another spelling of the same."""
UNSPACED: Final = 0.97
"""Score of names that differ in nothing but where their spaces are."""
GLUED: Final = 0.97
"""Factor where a particle had to be read as part of a word."""
NOT_VERBATIM: Final = 0.99
"""Most where every word matches but order, particles or titles differ: 1.0 is for equal names only."""
IDENTIFYING: Final = 1.6
"""Words of this weight together, about two rare ones, identify a party by themselves,"""
IDENTIFYING_LIKENESS: Final = 0.9
"""if they are so alike: then"""
RELIEF: Final = 0.8
"""what is left over counts only so much."""
ANOTHER_NUMBER: Final = 0.88
"""Factor where the number of an organisation or a ship is another one: Unit 41599 is not Unit 41598."""
SON_FOR_FATHER: Final = 0.78
"""Factor where one is A son of B and the other B son of A: enough to clear them at the shipped threshold."""
LEFT_AT_LEAST: Final = 0.85
"""A name too common to identify anybody still tells one person from another."""
LEFT_SERVANT: Final = 0.74
"""Half a name, so that it counts less, but more than it identifies."""
BURDEN: Final = 2.9
"""How much more an extra word counts against a name of one word, and an extra syllable of Han or Hangul."""
ABBREVIATION: Final = 3
"""Names of so few letters are shared by hundreds of companies, which what they do tells apart."""
DISTINCTIVE: Final = 0.48
"""A word of this weight must be shared, or everything: what is left of "11420 CORP" is not every CORP."""
DISTINCTIVE_TOGETHER: Final = 0.93
"""Or common words that together weigh this: two of the very commonest do not."""
INDISTINCT_CAP: Final = 0.7
"""Most that names can score which share only common words."""


class Pair(NamedTuple):
    """Words of the query against words of the name."""

    query: tuple[int, ...]
    name: tuple[int, ...]
    likeness: Likeness
    weight: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """Which word answers which."""

    pairs: tuple[Pair, ...]
    left_query: tuple[int, ...]
    left_name: tuple[int, ...]


Alike = Callable[[Token, Token], Likeness]


def score(query: NameForm, name: NameForm, alike: Alike = likeness, *, with_runs: bool = True) -> float:
    """The scorer on parsed names; `alike` may be a cached form of `likeness`, never another measure."""
    if not query.tokens or not name.tokens:
        return 0.0
    if are_told_otherwise(query, name):
        return 0.0
    if query.syllabic:
        return by_syllable(query, name, alike)
    return rate(query, name, align(query, name, alike, with_runs=with_runs))


def are_told_otherwise(query: NameForm, name: NameForm) -> bool:
    """Have two names other forms that tell? Syllables are compared with as many of them alone, and names of
    one language that are spelt in syllables by these, unless they are the same."""
    if query.syllabic or name.syllabic:
        return query.syllabic is not name.syllabic or len(query.tokens) != len(name.tokens)
    return query.languages & name.languages != 0 and query.plain != name.plain


def rate(query: NameForm, name: NameForm, alignment: Alignment, *, spares: bool = True) -> float:
    """The score of two names whose words answer each other so; `spares`: a spare word is left out at will."""
    points = weigh(query, name, alignment, spares=spares)
    return UNSPACED if points < UNSPACED and is_same_text(query, name) else points


def is_same_text(query: NameForm, name: NameForm) -> bool:
    """Are two names the same letters in a row?"""
    return query.unspaced == name.unspaced and query.brief == name.brief


def by_syllable(query: NameForm, name: NameForm, alike: Alike) -> float:
    """Names of China, Korea and Vietnam: every syllable alike in one order, or 0."""
    asked, listed = query.tokens, name.tokens
    count = len(asked)
    best = 0.0
    for turn in range(count):
        total = 0.0
        for place in range(count):
            found = alike(asked[place], listed[(place + turn) % count])
            if not found.score:
                break
            total += found.score
        else:
            points = total / count
            if points > NOT_VERBATIM and (turn or query.soft != name.soft):
                points = NOT_VERBATIM
            best = max(best, points)
    return best


def align(query: NameForm, name: NameForm, alike: Alike = likeness, *, with_runs: bool = True) -> Alignment:
    """The best reading first, each word once; greedy, which at the length of names is as good as exact."""
    options = _single_options(query, name, alike)
    if with_runs:
        options += _joined_options(query, name)
    options.sort(
        key=lambda pair: (-pair.likeness.score * (0.5 + pair.weight), abs(pair.query[0] - pair.name[0]))
    )
    free_query, free_name = set(range(len(query.tokens))), set(range(len(name.tokens)))
    chosen = []
    for pair in options:
        if free_query.issuperset(pair.query) and free_name.issuperset(pair.name):
            free_query.difference_update(pair.query)
            free_name.difference_update(pair.name)
            chosen.append(pair)
    return Alignment(tuple(chosen), tuple(sorted(free_query)), tuple(sorted(free_name)))


def _single_options(query: NameForm, name: NameForm, alike: Alike) -> list[Pair]:
    options = []
    last = len(query.tokens) - 1
    for i, word in enumerate(query.tokens):
        for j, other in enumerate(name.tokens):
            found = alike(word, other)
            if not found[0] and i != last:
                continue
            if name.company and Class.INITIAL in (word.cls, other.cls) and word.cls is not other.cls:
                continue
            if i == last and found.score < 1.0:
                found = max(found, truncated(word, other, query.cut))
                if query.ends_in_stub and not found.score:
                    found = stub(word, other)
            if found.score:
                options.append(Pair((i,), (j,), found, min(word.weight, other.weight)))
    if query.glued or name.glued:
        options += _glued_options(query, name, alike)
    return options


def _glued_options(query: NameForm, name: NameForm, alike: Alike) -> list[Pair]:
    """Words that are alike only when a particle is read as part of one of them."""
    pairs = [(i, word, j, other) for i, word in query.glued for j, other in enumerate(name.tokens)]
    pairs += [(i, word, j, other) for i, word in enumerate(query.tokens) for j, other in name.glued]
    options = []
    for i, word, j, other in pairs:
        found = alike(word, other)
        if found.score:
            weight = min(query.tokens[i].weight, name.tokens[j].weight)
            options.append(Pair((i,), (j,), Likeness(found.score * GLUED, "particle joined"), weight))
    return options


def _joined_options(query: NameForm, name: NameForm) -> list[Pair]:
    asked = [Pair(run, (j,), *found) for run, j, found in _as_one(query.tokens, name.tokens)]
    listed = [Pair((i,), run, *found) for run, i, found in _as_one(name.tokens, query.tokens)]
    return asked + listed


def _as_one(
    several: Sequence[Token], wholes: Sequence[Token]
) -> Iterator[tuple[tuple[int, ...], int, tuple[Likeness, float]]]:
    """Neighbours that are one word of the other name: their places, its place, how alike and how heavy.

    What neither is spelt nor sounds like one of the words, as nearly everything, is told by that alone.
    """
    frames = _frames(several, wholes)
    if len(several) < 2 or (not frames and _are_too_long(several, wholes)):
        return
    known = {spelling for whole in wholes for spelling in (whole.text, whole.skeleton)}
    of_two = bool(frames) and any(map(names_in, wholes))
    for places in runs(len(several)):
        parts = [several[place] for place in places]
        if (
            (len(parts) == 2 and (of_two or (frames and are_names_apart(parts))))
            or "".join([part.text for part in parts]) in known
            or "".join([part.skeleton for part in parts]) in known
            or (frames and "".join([part.consonants for part in parts]) in frames)
        ):
            weight = sum([part.weight for part in parts])
            for at, whole in enumerate(wholes):
                found = joined(parts, whole)
                if found.score:
                    yield places, at, (found, min(weight, whole.weight))


def _are_too_long(several: Sequence[Token], wholes: Sequence[Token]) -> bool:
    """Have any two neighbours more letters, and sounds, than the longest word of the other name?"""
    letters = max([len(whole.text) for whole in wholes])
    sounds = max([len(whole.skeleton) for whole in wholes])
    before = several[0]
    for token in several[1:]:
        if (
            len(before.text) + len(token.text) <= letters
            or len(before.skeleton) + len(token.skeleton) <= sounds
        ):
            return False
        before = token
    return True


def _frames(several: Sequence[Token], wholes: Sequence[Token]) -> set[str]:
    """The consonants of the words, where those of either name may leave out their vowels."""
    for tokens in (several, wholes):
        for token in tokens:
            if token.script is Script.ABJAD:
                return {whole.consonants for whole in wholes}
    return set()


def weigh(query: NameForm, name: NameForm, alignment: Alignment, *, spares: bool = True) -> float:
    """The score of an alignment."""
    if not alignment.pairs:
        return 0.0
    shared = sum(pair.weight for pair in alignment.pairs)
    alike = sum(pair.weight * pair.likeness.score for pair in alignment.pairs)
    only_query = sum(_left_weight(query.tokens[i], name) for i in alignment.left_query)
    only_name = sum(_left_weight(name.tokens[i], None) for i in alignment.left_name)
    if spares and lacks_spare_alone(query, name, alignment):
        only_name *= LEFT_SPARE
    left = penalty(only_query, only_name, query.cut)
    if shared >= IDENTIFYING and alike >= IDENTIFYING_LIKENESS * shared:
        left *= RELIEF
    points = alike / (shared + left)
    points *= legal_factor(query.legal, name.legal)
    if name.company and is_numbered_otherwise(query, alignment.pairs):
        points *= ANOTHER_NUMBER
    if query.fathers and name.fathers and _generations_swapped(query, name, alignment.pairs):
        points *= SON_FOR_FATHER
    if points > NOT_VERBATIM and (
        query.partial or name.partial or query.plain != name.plain or query.soft != name.soft
    ):
        points = NOT_VERBATIM
    by_letter = any(pair.likeness.how == BY_LETTER for pair in alignment.pairs)
    if (only_query or only_name or by_letter) and not _distinctive(query.tokens, alignment.pairs):
        points = min(points, INDISTINCT_CAP)
    return points


def lacks_spare_alone(query: NameForm, name: NameForm, alignment: Alignment) -> bool:
    """Is a query the name without its one spare word, where that says nothing?"""
    if alignment.left_name != (name.spare,) or alignment.left_query or query.cut:
        return False
    if any(pair.likeness.how == MISSPELT and pair.likeness.score < A_SLIP for pair in alignment.pairs):
        return False
    return name.paternal == NOT_TOLD or query.is_abroad


def burden(name: NameForm) -> float:
    """The least that a list name costs of which nothing is answered."""
    weights = [_left_weight(token, None) for token in name.tokens]
    return sum(weights) - ((1 - LEFT_SPARE) * weights[name.spare] if name.spare != NOT_TOLD else 0.0)


def left_over(token: Token) -> float:
    """The least that a word costs which the other name does not answer."""
    return _left_weight(token, None)


def left_in_query(token: Token, alone: bool) -> float:
    """The least that a word of a query costs which a name does not answer; `alone`: one of a single word."""
    if token.cls in (Class.BUSINESS, Class.INITIAL) or token.text in SERVANT:
        return left_over(token)
    return left_over(token) * (BURDEN if alone or token.script in SYLLABIC else 1.0)


def _left_weight(token: Token, name: NameForm | None) -> float:
    """What a word left over counts; `name` is given for words of the query."""
    if token.cls is Class.BUSINESS:
        abbreviated = name is not None and len(name.tokens) == 1 and len(name.tokens[0].text) <= ABBREVIATION
        return token.weight * BURDEN if abbreviated else token.weight
    if token.text in SERVANT:
        return LEFT_SERVANT
    weight = max(token.weight, LEFT_AT_LEAST) if token.cls is Class.WORD else token.weight
    if name is not None and (token.script in SYLLABIC or len(name.tokens) == 1):
        return weight * BURDEN
    return weight


def penalty(only_query: float, only_name: float, cut: bool = False) -> float:
    """What weight left over on either side costs; grows with both."""
    both = min(only_query, only_name)
    omitted = LEFT_AFTER_CUT if cut else LEFT_IN_NAME
    return CONTRADICTION * both + LEFT_IN_QUERY * (only_query - both) + omitted * (only_name - both)


def _distinctive(tokens: Sequence[Token], pairs: Sequence[Pair]) -> bool:
    """Is what is shared more than numbers and words that everybody bears?"""
    return are_distinctive([pair.weight for pair in pairs if tokens[pair.query[0]].cls is Class.WORD])


def are_distinctive(weights: Sequence[float]) -> bool:
    """Do words of these weights, shared, tell more than that two names are common?"""
    return sum(weights) >= DISTINCTIVE_TOGETHER or max(weights, default=0.0) >= DISTINCTIVE


_ROMAN: Final = frozenset("ivxlc")


def is_numbered_otherwise(query: NameForm, pairs: Sequence[Pair]) -> bool:
    """Is a number another one? Roman ones count what one house has several of: funds, phases, ships."""
    return any(
        pair.likeness is OTHER_NUMBER and not is_roman(query.tokens[pair.query[0]].native) for pair in pairs
    )


def is_roman(number: str) -> bool:
    """Is a number written in Roman figures?"""
    return _ROMAN.issuperset(number)


def _generations_swapped(query: NameForm, name: NameForm, pairs: Sequence[Pair]) -> bool:
    """Is the father of the one the child of the other, and the other way about?

    Only beside another word in one place on both sides: else the whole name may be written from its end.
    """
    answers = {pair.query: pair.name for pair in pairs}
    kept = {asked for asked, answered in answers.items() if asked == answered}
    return any(
        answers.get((father - 1,)) == (other,)
        and answers.get((father,)) == (other - 1,)
        and kept - {(father - 1,), (father,)}
        for father in query.fathers
        for other in name.fathers
    )


def legal_factor(ours: tuple[LegalForm, ...], theirs: tuple[LegalForm, ...]) -> float:
    """What is left of a score for the legal forms of two names."""
    if ours == theirs:
        return 1.0
    if not ours or not theirs:
        return MISSING_LEGAL_FORM
    families = {family for family, _ in ours}
    if families.isdisjoint(family for family, _ in theirs):
        return OTHER_LEGAL_FORM
    return MISSING_LEGAL_FORM
