"""Names of companies with another legal form, or without one."""

import random
import re

from screening.designations import Kind

_FORMS = (
    ("LIMITED LIABILITY COMPANY", "LLC"),
    ("JOINT STOCK COMPANY", "JSC"),
    ("LIMITED", "LTD"),
    ("CORPORATION", "CORP"),
    ("COMPANY", "CO"),
    ("INCORPORATED", "INC"),
    ("S.A.", "Sociedad Anonima"),
    ("LLC", "L.L.C."),
    ("GMBH", "G.m.b.H."),
)
_FORM = re.compile(
    r",?\s+(?:CO\.?,? LTD\.?|COMPANY LIMITED|CO\.?|LTD\.?|LIMITED|LLC|L\.L\.C\.|INC\.?|CORP\.?|CORPORATION|"
    r"COMPANY|GMBH|S\.A\.(?: DE C\.V\.)?|JSC|LTDA\.?|PLC|B\.V\.|AG|S\.R\.L\.|LIMITED LIABILITY COMPANY|"
    r"JOINT STOCK COMPANY)$",
    re.IGNORECASE,
)


def form_swapped(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    """Another way to write the legal form."""
    del dice
    if kind is not Kind.ORGANIZATION:
        return None
    for long, short in _FORMS:
        for one, other in ((long, short), (short, long)):
            made = re.sub(rf"(?<=\s){re.escape(one)}\.?$", other, name, flags=re.IGNORECASE)
            if made != name:
                return made
    return None


def form_dropped(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    """Without the legal form."""
    del dice
    made = _FORM.sub("", name)
    return made if kind is Kind.ORGANIZATION and made != name and len(made) > 3 else None


_ENDS_IN_LLC = re.compile(r"(?:LLC|L\.L\.C\.|LIMITED LIABILITY COMPANY)$", re.IGNORECASE)


def form_translated(name: str, kind: Kind | None, dice: random.Random) -> str | None:
    """The legal form in Russian, before the name."""
    bare = form_dropped(name, kind, dice)
    if bare is None or not _ENDS_IN_LLC.search(name):
        return None
    return f"{dice.choice(('OOO', 'ООО', 'Obshchestvo s ogranichennoy otvetstvennostyu'))} {bare}"
