"""Letters that an encoding lost on their way: a question mark or U+FFFD stands for each, or for each byte.

Of "Müller" there is "M?ller", of "王伟" there is "??".
"""

import re

FEWEST = 2
"""Signs that were lost; one question mark is what people write where they know no name."""
_REPLACED = "\ufffd"
_MISREAD = "ï¿½"
"""U+FFFD in UTF-8, read as Latin-1."""
_LOST = re.compile(rf"(?<=[^\W\d_])(?:{_REPLACED}|\?|{_MISREAD})+(?=[^\W\d_])")


def without_lost(text: str) -> str:
    """Words without the letters that were lost in their midst, as if these had been left out.

    >>> without_lost("M?ller K\\ufffd\\ufffdnig?")
    'Mller Knig?'
    """
    return _LOST.sub("", text) if "?" in text or not text.isascii() else text


def is_lost(name: str) -> bool:
    """Whether more of a name's signs were lost than are left.

    >>> is_lost("???? ??????? OOO"), is_lost("M?ller"), is_lost("?")
    (True, False, False)
    """
    if "?" not in name and name.isascii():
        return False
    name = name.replace(_MISREAD, _REPLACED)
    lost = name.count("?") + name.count(_REPLACED)
    return lost >= FEWEST and lost > sum(map(str.isalnum, name))
