"""Names of China, Korea and Vietnam, syllable by syllable.

A syllable of these names is as good as a letter: another one is another name, and one is spelt in many ways.
"Teng Hsiao-ming" and "Deng Xiaoming", "Rhee", "Lee" and "Ri" have every syllable in common by the tables of
the spellings, and "Guo" and "Gu" have none, however alike they look. A name is read so where all its words
are syllables of one spelling, two to four of them, and the first or the last is a family name.

>>> [syllable.text for syllable in syllabic(("teng", "hsiao", "ming"), hyphened=True)[0].syllables]
['teng', 'hsiao', 'ming']
"""

from screening.names.syllables.names import MOST, Syllabic, Syllable, syllabic
from screening.names.syllables.spellings import KOREAN, PINYIN, VIETNAMESE, WADE_GILES
from screening.names.syllables.words import (
    goes_on_in_vietnamese,
    is_korean_syllable,
    languages,
    languages_of,
    romanise_han,
    systems_of,
)

__all__ = [
    "KOREAN",
    "MOST",
    "PINYIN",
    "VIETNAMESE",
    "WADE_GILES",
    "Syllabic",
    "Syllable",
    "goes_on_in_vietnamese",
    "is_korean_syllable",
    "languages",
    "languages_of",
    "romanise_han",
    "syllabic",
    "systems_of",
]
