"""Any script to lower-case Latin letters, by our own tables where a standard reading exists.

Cyrillic follows the ICAO/BGN habit of passports ("Юрий" -> "yuriy"), Greek reads its digraphs, Hangul is
romanised as North and South Korean names are usually printed ("김정은" -> "kim jong un"), Arabic and Hebrew
give what is written, mostly consonants. Everything else goes through anyascii.
"""

import re
import unicodedata
from enum import StrEnum

from anyascii import anyascii


class Script(StrEnum):
    """Only the distinctions that the matcher makes."""

    LATIN = "latin"
    ALPHABET = "alphabet"
    """Written with its vowels: Cyrillic, Greek, Armenian, Georgian, ..."""
    ABJAD = "abjad"
    """Written mostly without vowels: Arabic, Persian, Urdu, Hebrew."""
    KANA = "kana"
    LOAN = "loan"
    """A foreign word in a script of syllables, which lacks letters for it; known by the name around it."""
    HAN = "han"
    HANGUL = "hangul"


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((letters, latin) for letters, _, latin in (pair.partition("=") for pair in text.split()))


def _table(pairs: str) -> dict[int, str]:
    table = {}
    for pair in pairs.split():
        letter, _, latin = pair.partition("=")
        table[ord(letter)] = latin
    return table


_LATIN = _table("ß=ss ø=o æ=ae œ=oe ł=l đ=d ð=d þ=th ı=i ə=a ŋ=n ħ=h ŧ=t ĸ=k ɓ=b ɗ=d ƙ=k ʻ= ʿ= ʾ= ʼ= ’= ‘=")
_CYRILLIC = _table(
    "а=a б=b в=v г=g д=d е=e ё=e ж=zh з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=ts "
    "ч=ch ш=sh щ=shch ъ= ы=y ь= э=e ю=yu я=ya і=i ї=yi є=ye ґ=g ў=u ђ=dj ј=j љ=lj њ=nj ћ=c џ=dz ѓ=gj ќ=kj "
    "ѕ=dz ә=a ғ=gh қ=k ң=n ө=o ұ=u ү=u һ=h ӣ=i ӯ=u ҷ=j ҳ=h ҙ=z ҫ=s ҡ=k ѣ=e ѳ=f ѵ=i"
)
_GREEK = _table(
    "α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=y φ=f χ=h ψ=ps ω=o"
)
_GREEK_PAIRS = _pairs(
    "γουα=wa γουε=we γουι=wi γουο=wo ου=u αυ=av ευ=ev γγ=ng γκ=g γξ=nx μπ=b ντ=nd τζ=j τσ=ts"
)
_ARABIC = _table(
    "ا=a أ=a إ=i آ=a ٱ=a ب=b ت=t ث=th ج=j ح=h خ=kh د=d ذ=dh ر=r ز=z س=s ش=sh ص=s ض=d ط=t ظ=z ع=a غ=gh ف=f "
    "ق=q ك=k ل=l م=m ن=n ه=h و=w ي=y ى=a ة=h ء= ؤ=w ئ=y پ=p چ=ch ژ=zh گ=g ک=k ی=y ھ=h ہ=h ۃ=h ٹ=t ڈ=d ڑ=r "
    "ں=n ے=y ۓ=y ې=y ۍ=y ئ=y ړ=r ږ=zh ښ=sh ڼ=n ټ=t ډ=d څ=ts ځ=dz ڭ=ng ۆ=w ۇ=w ە=a ێ=e ڕ=r ڵ=l ۋ=w ـ="
)
_HEBREW = _table(
    "א=a ב=b ג=g ד=d ה=h ו=w ז=z ח=h ט=t י=y כ=k ך=k ל=l מ=m ם=m נ=n ן=n ס=s ע=a פ=p ף=f צ=ts ץ=ts ק=k ר=r "
    "ש=sh ת=t ׳= ״="
)
_LETTERS = {**_LATIN, **_CYRILLIC, **_GREEK, **_ARABIC, **_HEBREW}


# Initial, vowel and final letters of a Hangul syllable in code order (Unicode 3.12), as names print them.
def _letters(text: str) -> tuple[str, ...]:
    return tuple(part.strip("-") for part in text.split())


_INITIALS = _letters("k kk n t tt r m p pp s ss - j jj ch k t p h")
_VOWELS = _letters("a ae ya yae o e yo ye o wa wae oe yo u wo we wi yu u ui i")
_FINALS = _letters("- k k k n n n t l k m l l l p l m p p t t ng t t k t p t")
_VOICED = {0: "g", 3: "d", 7: "b"}
_HANGUL_BASE = 0xAC00

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
_ABJAD = re.compile(r"[\u0590-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_KANA = re.compile(r"[\u3041-\u30ff\u31f0-\u31ff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_MARKS = re.compile(r"[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]")
_NO_DIGRAPH = re.compile(
    r"(?<=[\u0633\u0634\u0635\u062b\u062a\u0637\u062e\u062f\u0630\u0636\u063a\u0643\u06a9\u0632\u0638])(?=[\u062d\u0647])"
)
"""Between s, t, d, k, z and h, so that they are not read as sh, th, dh, kh, zh; and between sh, kh, gh and h,
which are not one letter doubled."""
_PERSIAN_LETTER = re.compile("[پچژکگیٹڈڑںھہے]")
_PERSIAN = _table("ث=s ذ=z ض=z ظ=z")
"""Letters as Persian, Pashto and Urdu speak them, in words with letters that Arabic lacks: Sanaullah."""
_GREEK_LETTER = re.compile(r"[\u0370-\u03ff]")
_ARMENIAN_PAIRS = _pairs("ու=u եւ=ev և=ev")
_ARMENIAN_LETTER = re.compile(r"[\u0530-\u058f]")
_THAI_LETTER = re.compile(r"[\u0e00-\u0e7f]")
_VOWEL_BEFORE = re.compile("([เแโใไ])((?:[กขคฆตทบปผพฟด][รลว](?![ะาำิีึืุูเแโใไ็]))|[ก-ฮ])")
_JUNK = re.compile(r"[^a-z0-9]+")


def script_of(word: str) -> Script:
    """The script of a word; a word of mixed scripts counts as the least legible of them."""
    if word.isascii():
        return Script.LATIN
    if _HAN.search(word):
        return Script.HAN
    if _ABJAD.search(word):
        return Script.ABJAD
    if _HANGUL.search(word):
        return Script.HANGUL
    if _KANA.search(word):
        return Script.KANA
    first = next((char for char in word if char.isalpha()), "a")
    return Script.LATIN if ord(first) < 0x0370 or 0x1E00 <= ord(first) < 0x1F00 else Script.ALPHABET


def is_cyrillic(word: str) -> bool:
    """Does a word begin with a Cyrillic letter?"""
    return "\u0400" <= word[:1] < "\u0530"


def in_order_said(word: str) -> str:
    """A word of Thai with each vowel behind the letters behind which it is said; any other as it is.

    >>> in_order_said("เลนิน") == "ล" + "เ" + "นิน"
    True
    """
    return _VOWEL_BEFORE.sub(r"\2\1", word) if _THAI_LETTER.match(word) else word


def romanise(word: str) -> str:
    """One case-folded word of any script -> letters a-z and digits; "vučić" -> "vucic"."""
    if word.isascii():
        return word if word.isalnum() else _JUNK.sub("", word)
    plain = unicodedata.normalize("NFC", "".join(map(_base, word)))
    if _GREEK_LETTER.search(plain):
        plain = "d" + plain[2:] if plain.startswith("ντ") else plain
        plain = plain[:-2] + "d" if plain.endswith("ντ") else plain
        for pair, reading in _GREEK_PAIRS:
            plain = plain.replace(pair, reading)
    elif _ARMENIAN_LETTER.search(plain):
        for pair, reading in _ARMENIAN_PAIRS:
            plain = plain.replace(pair, reading)
    plain = in_order_said(plain)
    if _PERSIAN_LETTER.search(plain):
        plain = plain.translate(_PERSIAN)
    plain = _NO_DIGRAPH.sub("e", plain)
    if _HANGUL.search(plain):
        plain = _voiced(plain)
    latin = plain.translate(_LETTERS)
    return _JUNK.sub("", (latin if latin.isascii() else anyascii(latin)).casefold())


def _base(char: str) -> str:
    """The letter without its marks, unless the marked letter has its own reading (й, ё, ї, آ)."""
    if char.isascii() or ord(char) in _LETTERS or 0xAC00 <= ord(char) < 0xD7A4:
        return char
    return _MARKS.sub("", unicodedata.normalize("NFKD", char))


def _voiced(word: str) -> str:
    """Hangul in Latin letters; k, t and p are g, d and b between voiced sounds: "주오바" -> "juoba"."""
    read = []
    voiced = False
    for char in word:
        code = ord(char) - _HANGUL_BASE
        if not 0 <= code < 11172:
            read.append(char)
            voiced = False
            continue
        initial, rest = divmod(code, 21 * 28)
        first = _VOICED.get(initial) if voiced else None
        read.append((first or _INITIALS[initial]) + _VOWELS[rest // 28] + _FINALS[rest % 28])
        voiced = _FINALS[rest % 28] in ("", "n", "m", "ng", "l")
    return "".join(read)


def syllables(word: str) -> tuple[str, ...]:
    """Names in Han without spaces, character by character: how Latin lists print them."""
    if 1 < len(word) <= 4 and all(map(_HAN.match, word)):
        return tuple(word)
    return (word,)
