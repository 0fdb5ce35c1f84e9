"""Names with their words in another order, joined, dropped, added, abbreviated or cut."""

import random
import re

from screening.designations import Kind
from screening.evaluation.variations.made import Make


def last_first(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    """A person's last name first, with a comma behind it."""
    del dice
    words = name.split()
    return f"{words[-1]}, {' '.join(words[:-1])}" if kind is Kind.PERSON and len(words) > 1 else None


def reverse(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    """The words from the last to the first."""
    del kind, dice
    words = name.split()
    return " ".join(reversed(words)) if 1 < len(words) <= 4 else None


def swap_words(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    """Two neighbouring words the other way about."""
    del kind
    words = name.split()
    if len(words) < 2:
        return None
    at = dice.randrange(len(words) - 1)
    words[at], words[at + 1] = words[at + 1], words[at]
    return " ".join(words)


def drop_word(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    """A middle name of a person, a word after the first of a company; two words always stay."""
    words = name.split()
    places = range(1, len(words) - (kind is Kind.PERSON))
    if len(words) < 3:
        return None
    del words[dice.choice(places)]
    return " ".join(words)


_GIVEN = ("Ahmad", "Maria", "Sergei", "John", "Li", "Carlos", "Amina", "Viktor")
_BUSINESS = ("Trading", "International", "Group", "Holding", "Services", "Export")


def add_word(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    """A given name or a word of business more."""
    words = name.split()
    extra = dice.choice(_GIVEN if kind is Kind.PERSON else _BUSINESS)
    words.insert(dice.randrange(1, max(len(words), 2)), extra)
    return " ".join(words)


def repeat(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    """One word written twice."""
    del kind
    words = name.split()
    at = dice.randrange(len(words))
    return " ".join([*words[: at + 1], *words[at:]])


def initial(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    """The first name of a person by its letter."""
    del dice
    words = name.split()
    if kind is not Kind.PERSON or len(words) < 2 or len(words[0]) < 3:
        return None
    return " ".join([words[0][0] + ".", *words[1:]])


def middle_initial(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    """A middle name of a person by its letter."""
    words = name.split()
    if kind is not Kind.PERSON or len(words) < 3:
        return None
    at = dice.randrange(1, len(words) - 1)
    return " ".join([*words[:at], words[at][0], *words[at + 1 :]])


def join(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    """Two words without the blank between them."""
    del kind
    words = name.split()
    if len(words) < 2:
        return None
    at = dice.randrange(len(words) - 1)
    return " ".join([*words[:at], words[at] + words[at + 1], *words[at + 2 :]])


def join_all(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    """All words without their blanks."""
    del kind, dice
    words = name.split()
    return "".join(words) if 2 <= len(words) <= 4 else None


def hyphenate(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    """A hyphen for a blank."""
    return _replace_space(name, kind, dice, "-")


def _replace_space(name: str, kind: Kind | None, dice: random.Random, by: str) -> str | None:
    del kind
    places = [found.start() for found in re.finditer(" ", name)]
    if not places:
        return None
    at = dice.choice(places)
    return name[:at] + by + name[at + 1 :]


def punctuate(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    """Without its punctuation; a name without any has a full stop put in."""
    del kind
    stripped = re.sub(r"[.,'\"()/-]", " ", name)
    return " ".join(stripped.split()) if stripped != name else _replace_space(name, None, dice, ". ")


def title(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    """A title before the name of a person."""
    shown = dice.choice(("Mr. ", "Dr ", "Gen. ", "Sheikh ", "Haji "))
    return shown + name if kind is Kind.PERSON else None


def truncate(share: float) -> Make:
    """A maker of names cut to this share of their letters."""

    def make(name: str, kind: Kind | None, dice: random.Random) -> str | None:
        del kind, dice
        return name[: int(len(name) * share)].rstrip() if len(name) >= 10 else None

    return make


def cut_at(width: int) -> Make:
    """A maker of names cut at this width, as fields of forms cut them."""

    def make(name: str, kind: Kind | None, dice: random.Random) -> str | None:
        del kind, dice
        cut = name[:width]
        return cut if len(name) > width and cut == cut.rstrip() else None

    return make
