"""Why two names are alike, word by word: built for hits only."""

from typing import Final

from screening.cache import by_word
from screening.decisions import Explanation
from screening.matching.parts import JOINED
from screening.matching.score import Alike, Pair, align, legal_factor
from screening.matching.similarity import likeness
from screening.names.forms import NameForm
from screening.names.legal_forms import is_hint
from screening.names.tokens import Token
from screening.names.words import words_of

DROPPED: Final = "dropped"
"""How a row says that particles or titles of one side play no part."""


def explain(
    query: NameForm, name: NameForm, said: str = "", listed: str = "", alike: Alike = likeness
) -> tuple[Explanation, ...]:
    """The alignment behind a score, word by word. `said`, `listed`: the two texts; `alike` as in
    `score`."""
    alignment = align(query, name, alike)
    if not alignment.pairs and query.unspaced == name.unspaced:  # with its particles in one word
        weight = sum([token.weight for token in name.tokens])
        return (Explanation(said or query.unspaced, listed, JOINED.how, round(weight, 3), 1.0),)
    rows = [_answered(query, name, pair) for pair in sorted(alignment.pairs)]
    rows += [_left_over(query.tokens[i], listed=False) for i in alignment.left_query]
    rows += [_left_over(name.tokens[i], listed=True) for i in alignment.left_name]
    ours = [word for word in query.soft if word not in name.soft]
    theirs = [word for word in name.soft if word not in query.soft]
    if ours or theirs:
        rows.append(Explanation(" ".join(ours), " ".join(theirs), DROPPED, 0.0, 0.0))
    if query.legal or name.legal:
        as_said, as_listed = _legal_as_written(query, said), _legal_as_written(name, listed)
        factor = round(legal_factor(query.legal, name.legal), 4)
        rows.append(Explanation(as_said, as_listed, "legal form", 0.1, factor))
    return tuple(rows)


def _answered(query: NameForm, name: NameForm, pair: Pair) -> Explanation:
    return Explanation(
        " ".join([query.tokens[i].native for i in pair.query]),
        " ".join([name.tokens[i].native for i in pair.name]),
        pair.likeness.how,
        round(pair.weight, 3),
        round(pair.likeness.score, 4),
    )


def _left_over(token: Token, *, listed: bool) -> Explanation:
    """A word of one side, the listed name's or the other, that nothing answers."""
    said, word = ("", token.native) if listed else (token.native, "")
    return Explanation(said, word, "unmatched", round(token.weight, 3), 0.0)


def _legal_as_written(form: NameForm, text: str) -> str:
    """The legal forms of a name as its text writes them ("s.r.o."), else as we call them ("ltd")."""
    if not form.legal:
        return ""
    known = [token.native for token in form.tokens] + list(form.soft)
    written = [
        chunk.strip(",;\"'()")
        for chunk in text.split()
        if (words := _words_of_forms(chunk)) and not any(word in known for word in words)
    ]
    return " ".join(written) or " ".join(legal.form for legal in form.legal)


@by_word(1 << 12)
def _words_of_forms(chunk: str) -> tuple[str, ...]:
    """The words of a piece of text that may be a legal form; none for any other."""
    words = words_of(chunk)
    return tuple(words) if any(map(is_hint, words)) else ()
