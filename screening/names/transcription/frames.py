"""The consonants of a word with a vowel at either end: by them a word of another alphabet is looked up.

>>> sorted(frames_of("анна")), sorted(frames_in("anna"))
(['an', 'ana', 'na'], ['ana'])
"""

from functools import lru_cache
from itertools import islice

from screening.cache import by_word
from screening.names.phonetics import OpenSpelling, said, spellings, undoubled
from screening.names.transcription.costs import BRIEF
from screening.names.transcription.letters import VOWELS, Letter, letters_of

LIKELY = 24
"""Cost, in tenths, up to which a spelling of a letter leads to words."""
LIKELY_WHOLE = 5
"""The same for a whole word, for each of its letters: what it costs by its vowels comes on top."""
MOST_WAYS = 16
"""Ways of consonants by which a word is looked up; a Latin word has half as many at the most."""
_VOICELESS = str.maketrans("fz", "vs", "aeiouyh")
"""What no alphabet keeps apart, or writes for certain."""
_FIXED = spellings(
    "tsch>s tch>s sch>s sh>s zh>s sz>s cz>s tz>s ts>s dz>s dj>j ph>f kh>k gh>g ck>k qu>k q>k x>ks"
)
_OPEN = (
    OpenSpelling("th", "t", "s"),
    OpenSpelling("ch", "s", "k"),
    OpenSpelling("c(?=[eiy])", "s"),
    OpenSpelling("c", "k"),
    OpenSpelling("g(?=[eiy])", "g", "s"),
    OpenSpelling("j", "s", ""),
    OpenSpelling("w", "", "v"),
)
"""Spellings of several sounds, or none."""


VOWEL = "a"
"""Stands for the vowel at either end in a frame."""
_Way = tuple[str, str, bool, bool]
"""Letters that are written in Latin: the vowel they begin with or nothing, the consonants, whether they end
with a vowel, and whether there are any."""


@by_word(1 << 14)
def frames_of(native: str) -> frozenset[str]:
    """The frames that Latin words have which a word may be written as, by its likeliest ways."""
    letters = letters_of(native)
    limit = LIKELY_WHOLE * (len(letters) + BRIEF)
    ways: dict[_Way, int] = {("", "", False, False): 0}
    for letter in letters:
        ways = _longer(ways, _likely(letter), limit)
        if len(ways) > MOST_WAYS:
            ways = dict(sorted(ways.items(), key=lambda way: (way[1], way[0]))[:MOST_WAYS])
    frames = {start + consonants + (VOWEL if ends else "") for start, consonants, ends, _ in ways}
    return frozenset([*frames, *[frame.replace("ts", "s") for frame in frames]])


_Said = tuple[int, str, tuple[str, ...], bool]
"""What a spelling costs, its letters, its consonants by how they may be said, and whether a vowel ends it."""


@lru_cache(maxsize=1 << 12)
def _likely(letter: Letter) -> tuple[_Said, ...]:
    """The likely spellings of a letter; some are vowels alone, which have no consonants, some are nothing."""
    return tuple(
        [
            (
                each.cost,
                each.latin,
                () if set(each.latin) <= set(VOWELS) else _sounds(each.latin),
                each.latin[-1:] in VOWELS,
            )
            for each in letter.spellings
            if each.cost <= LIKELY
        ]
    )


def _longer(ways: dict[_Way, int], likely: tuple[_Said, ...], limit: int) -> dict[_Way, int]:
    """The ways with one more letter written that cost less than the limit."""
    longer: dict[_Way, int] = {}
    for more, written, sounds, vowel in likely:
        for way, before in ways.items():
            dear = before + more
            if dear >= limit:
                continue
            start, consonants, _, begun = way
            if not sounds:
                further = (start if begun else VOWEL, consonants, True, True) if written else way
                if dear < longer.get(further, limit):
                    longer[further] = dear
            for sound in sounds:
                joins = consonants[-1:] == sound[:1]
                further = (start, consonants + (sound[1:] if joins else sound), vowel, True)
                if dear < longer.get(further, limit):
                    longer[further] = dear
    return longer


@by_word(1 << 12)
def frames_in(latin: str) -> frozenset[str]:
    """The consonants of a Latin word, by how it may be said, with its vowels at either end.

    >>> sorted(frames_in("anna")), sorted(frames_in("chave"))
    (['ana'], ['kv', 'kva', 'sv', 'sva'])
    """
    bare = latin.rstrip("h") or latin
    start = VOWEL if bare[0] in VOWELS else ""
    ends = ("", VOWEL) if bare[-1] == "e" else (VOWEL,) if bare[-1] in VOWELS else ("",)
    return frozenset([start + sound + end for sound in _sounds(bare) for end in ends])


@by_word(1 << 12)
def _sounds(latin: str) -> tuple[str, ...]:
    """The consonants of a Latin word or spelling, by how it may be said: "chavez" -> "svs", "kvs"."""
    found: dict[str, None] = {}
    for spoken in islice(said(latin, _FIXED, _OPEN), MOST_WAYS // 2):
        found[undoubled(spoken.translate(_VOICELESS))] = None
    return tuple(found)
