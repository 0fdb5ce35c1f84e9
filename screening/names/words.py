"""Text to words: case folded, punctuation gone, signs and digits that stand for letters read as letters."""

import re
import unicodedata
from itertools import zip_longest

from screening.names.cleaning import clean, has_letters_alone
from screening.names.legal_forms import unglue
from screening.names.numbering import MARKS, is_marked, unmarked
from screening.names.slavic import in_first_case
from screening.names.vocabulary import (
    HEAVIEST,
    classes,
    han_places,
    rarity,
    simplified_han,
    titles,
    wide_business_words,
)

_APOSTROPHES = "'’‘`´ʼʻʿʾ′\""
_QUOTES = re.compile(r"(?:\"|''|``|´´|’’|‘‘)(?!\w\b)|[™℠]")
"""A quotation mark parts words, blank or not: `OOO"CONCORD CATERING"`. Before a last letter it is a sign of
Hebrew (`בע"מ`) or of an Arabic letter (`Sana''a`)."""
_QUOTED_BY_ONE = re.compile(r"(?<=[^\W\d_]{2})['`‘](?=[^\W\d_]{2}[^'`’]*['`’](?!\w))")
"""The first of two single ones around a name, as SWIFT has no others: `OOO'CONCORD CATERING'`."""
_ANY_QUOTE = re.compile(r"[\"'`´‘’™℠]")
_SPACES = {code: " " for code in range(128) if not chr(code).isalnum()}
_TABLE = str.maketrans(
    {**_SPACES, **dict.fromkeys(map(ord, _APOSTROPHES)), ord("@"): "a", ord("$"): "s", ord("€"): "e"}
)
_DOTTED = re.compile(r"(?<=\b\w)\.(?=\s?\w\b)")
_GAPS = re.compile(r"[^\w\s]|_")
_LEET = str.maketrans("013457", "oieast")
_MIXED = re.compile(r"(?<=[^\W\d])[013457](?=[^\W\d])|(?<=[^\W\d]{2})[013457]\b|\b[013457](?=[^\W\d]{3})")
_BANG = re.compile(r"(?<=[^\W\d])!(?=[^\W\d])")


_CYRILLIC = re.compile("[а-яієї]{4}")


def words_of(text: str) -> list[str]:
    """Case-folded words without punctuation; "S.R.O." is one word, "Abu-Bakr" two."""
    text = clean(text)
    if _ANY_QUOTE.search(text):
        text = _QUOTED_BY_ONE.sub(" ", _QUOTES.sub(" ", text))
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(simplified_han())
        text = _GAPS.sub(_keep_marks, unglue(text))
        text = _TRADE_BEHIND.sub(" ", text)
        text = _LATIN_BESIDE.sub(" ", text)
        if _WIDE.search(text):
            text = _WIDE.sub(_parts_apart, _POLITELY.sub(" ", text))
    if "." in text:
        text = _DOTTED.sub("", text)
    text = text.casefold()
    if text.startswith(_MESSRS):
        text = _TO_A_HOUSE.sub("", text)
    letters_only = has_letters_alone(text)
    if not letters_only:
        if "!" in text:
            text = _BANG.sub("i", text)
        text = text.translate(_TABLE)
        if _MIXED.search(text):
            text = _MIXED.sub(lambda found: found.group().translate(_LEET), text)
    words = text.split()
    if not MARKS.isdisjoint(words) or (not letters_only and any(map(is_marked, words))):
        words = unmarked(words)
    if len(words) > 1 and _CYRILLIC.search(text):
        words = in_first_case(words)
        if not _HOUSES.keys().isdisjoint(words):
            words = [part for word in words for part in _HOUSES.get(word, (word,))]
    if len(words) > 1 and not ENDINGS.isdisjoint(words):
        words = _with_endings(words)
    return _with_articles(words) if len(words) > 1 and not SERVED.isdisjoint(words) else words


_MESSRS = ("m/s", "messrs")
_TO_A_HOUSE = re.compile(r"(?:m/s|messrs)\.?\s+(?=\S)")
"""How companies of India and the Gulf are addressed: M/s. ZUVAVA."""
_HOUSES = {"гк": ("группа", "компаний"), "нк": ("нефтяная", "компания"), "аб": ("банк",), "акб": ("банк",)}
"""How houses of Russia shorten what they are: ГК Ренова, НК Роснефть, АБ Россия."""
_WIDE = re.compile(r"[\u3400-\u9fff]{2,}|[\uac00-\ud7a3]{4,}")
_TRADE_BEHIND = re.compile(
    "(?<=[\u30a1-\u30fa\u30fc])(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff])(?=[\u30a1-\u30fa])"
)
"""Where a company's name in katakana meets its trade in Chinese signs."""
_WRITTEN_ON = r"\u0590-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3"
"""Signs of scripts that have no blanks, or write short words on to a foreign one."""
_LATIN_BESIDE = re.compile(
    rf"(?<=[A-Za-z\u00c0-\u024f]{{2}})(?=[{_WRITTEN_ON}])|(?<=[{_WRITTEN_ON}])(?=[A-Za-z\u00c0-\u024f]{{2}})"
)
"""Where a name in Latin letters meets them: 支付ZUVAVA LTD货款. One letter is of a word (Tシャツ)."""
_POLITELY = re.compile(
    "(?<=[\u3400-\u9fff]{2})(?:先生|女士|小姐|太太|様)(?![\u3400-\u9fff])"
    "|(?<=[\uac00-\ud7a3]{3})(?:씨|님|귀하)(?![\uac00-\ud7a3])"
)
"""Mr and Mrs behind a name of Chinese or Korean signs, written on to it."""
LONGEST_PERSON = 4
"""Signs of a name of China at most: what is longer and begins with a place is a company's."""
LONGEST_PLACE = 4
_BOTH = {"进出口": "进口 出口"}
"""What two business words are together: import and export."""
_OF_A_PLACE = re.compile("[市省](?!场)")


def _parts_apart(found: "re.Match[str]") -> str:
    """What a company does apart from its name, in scripts without spaces: "佐瓦贸易" -> "佐瓦", "贸易".

    Behind the place that it begins with no sign says "city", and 香港 is in Latin letters, Hong Kong.
    """
    row = found.group()
    if len(row) < LONGEST_PERSON:
        latin = han_places().get(row, row)
        return latin if latin.isascii() else row
    for together, apart in _BOTH.items():
        row = row.replace(together, apart)
    if len(row) >= LONGEST_PERSON:
        row = _without_city(row)
    return wide_business_words().sub(r" \g<0> ", row)


def _without_city(row: str) -> str:
    for length in range(LONGEST_PLACE, 1, -1):
        if place := han_places().get(row[:length]):
            rest = row[length:]
            rest = rest[1:] if _OF_A_PLACE.match(rest) else rest
            return f"{place} {rest}" if place.isascii() else place + rest
    return row


ENDINGS = frozenset(
    "allah ullah ollah الله اللہ لله zada zadah zadeh khel زاده زادہ پور ای خیل خيل".split()  # noqa: SIM905 - a word list
)


def _with_endings(words: list[str]) -> list[str]:
    """ "abd", "allah" -> "abdallah": endings that are never a name are written apart or not, at will."""
    of_rank = titles()
    joined: list[str] = []
    for word in words:
        if word in ENDINGS and joined and joined[-1] not in of_rank:
            joined[-1] += word
        else:
            joined.append(word)
    return joined


SERVED = frozenset(
    "rahman rehman rahaman rahim raheem rashid raza razzaq razaq islam haq haque hoque huq hak"  # noqa: SIM905
    " huda hoda hasan hassan husain hussain hossain karim kabir alam aziz ghani goni bari wahab"
    " wahhab qadir quader mulk".split()
)
"""What names of South Asia go on with behind an article that is written on to the word before it."""
_ARTICLE_BEHIND = re.compile(r"(?!.*(?:bd|db))([a-z]{4,}|zia|ata|nur)u([a-z])")
"""Behind few letters, or "bd", it is Abdul with a slip: Hbdul, Adbul."""
_SOUNDS_SO = frozenset(("mansur", "manzur", "shakur", "gafur", "ghafur", "ghaffur", "shukur"))
"""Names that end in -ur by themselves, in spellings that are not so common as to be told by that."""


def _with_articles(words: list[str]) -> list[str]:
    """ "zakiur", "rahman" -> "zaki", "ur", "rahman"; "Timur Rashid" is two names."""
    apart: list[str] = []
    for word, following in zip_longest(words, words[1:], fillvalue=""):
        found = _ARTICLE_BEHIND.fullmatch(word) if following in SERVED else None
        if found and found[2] in ("l", following[0]) and _is_no_name(word):
            apart += [found[1], "u" + found[2]]
        else:
            apart.append(word)
    return apart


def _is_no_name(word: str) -> bool:
    if word == "nurul":
        return True
    return rarity(word, "") == HEAVIEST and not classes(word) and word not in _SOUNDS_SO


def _keep_marks(found: "re.Match[str]") -> str:
    char = found.group()
    if char in _APOSTROPHES or unicodedata.category(char) in ("Mn", "Mc"):
        return "" if char in _APOSTROPHES else char
    return char if char in ".&" else " "
