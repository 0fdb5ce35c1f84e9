"""Whether two names in case records are the same person.

Four eyes are worthless if `ann`, `Ann ` and the same with a Cyrillic letter count as two people. Names are
whatever a case system writes: user names, addresses, initials. Whether a writer may speak for that person is
a matter of the topic's rights (docs/case-systems.md).
"""

import re
import unicodedata

_ALIKE = (
    "а=a б=6 в=b г=r е=e з=3 и=u к=k м=m н=h о=o п=n р=p с=c т=t у=y х=x ц=u ч=4 ш=w ь=b ѕ=s ј=j і=i ԁ=d ԛ=q "
    "ԝ=w һ=h ӏ=l α=a β=b γ=y ε=e η=n ι=i κ=k ν=v ο=o ρ=p τ=t υ=u χ=x ω=w ϲ=c ϳ=j 0=o 1=l ı=i ø=o ł=l đ=d"
)
"""Letters and digits taken for one another, after case folding. One too many in here makes two people one,
who then ask a third; one too few lets one person be two."""
_NOT_SEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Letters and marks that show nothing, though Unicode calls them letters and marks."""
_LOOK = str.maketrans(dict(pair.split("=") for pair in _ALIKE.split()))


def canonical(person: str) -> str:
    """The form in which names are compared: without letter case, outer blanks and repeated blanks.

    Raises ValueError for a name that could be taken for another: one of mixed scripts, or with invisible
    characters.
    """
    text = " ".join(unicodedata.normalize("NFKC", person).casefold().split())
    if not text:
        raise ValueError("a person is named by at least one character")
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cf", "Co", "Cn", "Cs") or _NOT_SEEN.match(character):
            raise ValueError(f"{person!r}: U+{ord(character):04X} is not seen; write the name without it")
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in text if letter.isalpha()}
    if len(scripts) > 1 and not scripts <= _OF_ONE_LANGUAGE:
        names = " and ".join(sorted(script.lower() for script in scripts))
        raise ValueError(f"{person!r}: letters of {names} in one name; write it in one script")
    return text


_OF_ONE_LANGUAGE = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL"})
"""Scripts that stand together in Japanese and Korean names."""


def same_person(one: str, other: str) -> bool:
    """Whether two names are, or look like, one person's. Raises the same as `canonical`."""
    return _skeleton(one) == _skeleton(other)


def check_two(by: str, approved_by: str) -> None:
    """Raises ValueError if the giver's name is ambiguous, or if the giver is also the approver; there need
    not be an approver."""
    canonical(by)
    if approved_by and same_person(approved_by, by):
        raise ValueError("approved_by: the second pair of eyes must be another person")


def _skeleton(person: str) -> str:
    """Letters and digits alone, with look-alikes unified and marks removed."""
    bare = unicodedata.normalize("NFKD", canonical(person))
    letters = "".join(each for each in bare if each.isalnum() or _is_vowel_sign(each))
    return letters.translate(_LOOK).replace("i", "l")


def _is_vowel_sign(character: str) -> bool:
    """Whether a mark is a vowel sign of an Indic or similar script, not an accent."""
    return unicodedata.category(character)[0] == "M" and unicodedata.combining(character) == 0
