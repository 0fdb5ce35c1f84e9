"""One gender out of everything that an entry says."""

from collections.abc import Iterable

from screening.designations import Gender

_WORDS = {"male": Gender.MALE, "m": Gender.MALE, "female": Gender.FEMALE, "f": Gender.FEMALE}


def one_gender(stated: Iterable[str]) -> Gender | None:
    """The gender that is stated; None if none or both are, because another gender speaks against a match.

    >>> one_gender(["Male", "", "unknown"]), one_gender(["F", "female"]), one_gender(["M", "F"])
    (<Gender.MALE: 'male'>, <Gender.FEMALE: 'female'>, None)
    """
    known = {_WORDS[word] for text in stated if (word := text.strip().lower()) in _WORDS}
    return known.pop() if len(known) == 1 else None
