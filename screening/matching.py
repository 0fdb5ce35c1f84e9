"""The scorer: how alike two names are, and why."""

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from screening.decisions import Explanation
from screening.designations import Kind
from screening.names import LEGAL_FORMS, substance, tokens


def compare(query: str, name: str, kind: Kind | str | None = None) -> float:
    """How alike two names are, 0..1; a ranking signal, not a probability."""
    del kind
    return score(tokens(query), tokens(name))


def score(query: tuple[str, ...], name: tuple[str, ...]) -> float:
    """The scorer on tokens."""
    left, right = substance(query), substance(name)
    if not left or not right:
        return 0.0
    return fuzz.token_sort_ratio(" ".join(left), " ".join(right)) / 100


def explain(query: tuple[str, ...], name: tuple[str, ...]) -> tuple[Explanation, ...]:
    """The alignment behind a score, token by token; built only for hits."""
    rows, left = [], list(name)
    for word in query:
        best = max(left, key=lambda other: OSA.normalized_similarity(word, other), default="")
        alike = OSA.normalized_similarity(word, best) if best else 0.0
        legal = word in LEGAL_FORMS
        if alike < 0.6:
            rows.append(Explanation(word, "", "unmatched", 0.1 if legal else 1.0, 0.0))
            continue
        left.remove(best)
        how = "legal form" if legal else "exact" if alike == 1 else "spelling"
        rows.append(Explanation(word, best, how, 0.1 if legal else 1.0, round(alike, 4)))
    rows += [Explanation("", word, "unmatched", 0.1 if word in LEGAL_FORMS else 1.0, 0.0) for word in left]
    return tuple(rows)
