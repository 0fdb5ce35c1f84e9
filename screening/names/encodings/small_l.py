"""A capital I or a stroke in the place of a small l, which look the same in most typefaces.

>>> with_small_l("KhaIifah AI-GhuwayI"), with_small_l("Wi||y NGOMA"), with_small_l("PETER III")
('Khalifah Al-Ghuwayl', 'Willy NGOMA', 'PETER III')
"""

import re
from typing import Final

_AMID_SMALL: Final = re.compile(r"(?<=[a-z])[I|]{1,2}(?![A-Z|])|(?<=[A-Z])[I|]{1,2}(?=[a-z])")
_ARTICLE: Final = re.compile(r"\b([AE])[I|](?=[- ])")


def with_small_l(text: str) -> str:
    """The text with an l for each capital I and stroke beside small letters; most texts have none."""
    if "|" not in text and ("I" not in text[1:] or text.istitle()):
        return text
    changed = _AMID_SMALL.sub(lambda found: "l" * len(found[0]), text)
    return text if changed == text else _ARTICLE.sub(r"\1l", changed)
