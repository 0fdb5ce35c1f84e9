"""Names and texts that are hostile to a screener: `shapes()` yields (label, text), up to the fields' limits.

A label begins with the field, one of `FIELDS`, or with "parties" or "addresses" for many of
them, a line each. `every_shape` has all that are measured.
"""

import itertools
import json
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from screening import Designation, Kind, Name, Screener, decode_payment
from screening.payments import PaymentError

FIELDS = ("name", "remittance", "address")
NAME_SIZES = (51, 74, 105, 140, 280, 560, 1120, 2000)
TEXT_SIZES = (2_000, 20_000, 100_000, 1_000_000)
WORDS: Mapping[str, str] = {
    "al": "al",
    "el": "el",
    "de la": "de la",
    "van": "van",
    "bin": "bin",
    "patronymics": "abd al rahman bin ali al",
    "common Arabic given names": "mohammed ali ahmed hassan hussein",
    "one given name": "ali",
    "Spanish names": "jose maria garcia lopez juan carlos",
    "Korean syllables": "kim ri pak choe jong",
    "Chinese syllables": "li wang zhang wei jun",
    "German names": "anna hans peter mueller schmidt maria",
    "Russian names": "ivan sergey aleksandr ivanovich petrov",
    "business words": "general trading company limited international",
    "legal forms": "co ltd llc s.a. gmbh ooo",
    "titles": "mr dr sheikh haji general",
    "single letters": "a b c d e",
    "one letter": "x",
    "numbers": "1 2 3 44 55",
    "one number": "1",
    "initials": "a.b. c.d. e.f.",
    "Han": "王李张刘陈杨黄",
    "Arabic script": "محمد علي احمد",
    "Cyrillic": "иван сергей петров",
    "Hangul": "김정은 이영호 박철",
    "ships": "star sea ocean blue",
}
SYLLABLES = (
    "mo", "ham", "med", "al", "i", "has", "san", "tar", "va", "zov", "ku", "li", "bin", "kim", "ding",
)  # fmt: skip
UNSEEN = ["".join(parts) for parts in itertools.product(("ba", "du", "fi", "go", "mel", "nor"), repeat=3)]
UNSEEN_LETTERS: Mapping[str, tuple[str, str]] = {
    "Arabic": ("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", ""),
    "Hebrew": ("אבגדהוזחטיכלמנסעפצקרשת", ""),
    "Persian": ("اآبپتجچحخدرزژسشصضطعغفقکگلمنوهی", ""),
    "Urdu": ("ابپتٹجچحخدڈرڑزسشصطعغفقکگلمنںوہھی", ""),
    "Cyrillic": ("бвгджзклмнпрстфхцчшщ", "аеиоуыэюя"),
    "Greek": ("βγδζθκλμνξπρστφχψ", "αειουηω"),
    "Georgian": ("ბგდვზთკლმნპჟრსტფქღყშჩცძწჭხჯჰ", "აეიოუ"),
    "Armenian": ("բգդզթժլխծկհձղճմյնշչպջռսվտրցփք", "աեիոու"),
    "Thai": ("กขคงจฉชซญดตถทธนบปผฝพฟภมยรลวสหอ", "ะาิีุูเแโ"),
    "Devanagari": ("कखगघचछजझटठडढणतथदधनपफबभमयरलवशषसह", "ािीुूेैोौ"),
    "Han": ("".join(map(chr, range(0x4E00, 0x5200))), ""),
    "Hangul": (
        "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노도로모보소오조초코토포호구누두루무부수우주추쿠투푸후",
        "",
    ),
}
"""Letters of other scripts, and vowels, where words have them between: of these unseen words are made."""
SEPARATORS: Mapping[str, str] = {
    "blanks": " ",
    "strokes": "/",
    "semicolons": ";",
    "commas": ", ",
    "dashes": "-",
    "f/k/a": " f/k/a ",
    "and": " and ",
    "c/o": " c/o ",
    "aka": " a.k.a. ",
}


def repeated(words: str, separator: str, size: int) -> str:
    """The words one after the other until the text is so long."""
    parts = words.split()
    text = separator.join(itertools.islice(itertools.cycle(parts), size // min(map(len, parts)) + 2))
    return text[:size].strip()


def listed(words: Sequence[str], seed: int, separator: str, size: int) -> str:
    """Words of the list in an order of chance."""
    chance = random.Random(seed)
    text = ""
    while len(text) < size:
        text += chance.choice(words) + separator
    return text[:size].strip()


def unseen(script: str, seed: int, size: int) -> str:
    """Words of a script that nobody saw before, of two to six letters, a blank between."""
    letters, vowels = UNSEEN_LETTERS[script]
    chance = random.Random(f"{script} {seed}")
    text = ""
    while len(text) < size:
        for _ in range(chance.randint(2, 3) if vowels else chance.randint(3, 5)):
            text += chance.choice(letters) + (chance.choice(vowels) if vowels else "")
        text += " "
    return text[:size].strip()


def unseen_shapes(sizes: Sequence[int] = (2_000,), start: int = 0) -> Iterator[tuple[str, str]]:
    """Unseen words of every script and of all together, in a name, a remittance and an address."""
    for size in sizes:
        for place, field in enumerate(FIELDS):
            seed = start + place
            for script in UNSEEN_LETTERS:
                yield f"{field} unseen {script} words, {size}", unseen(script, seed, size)
            every = [unseen(script, seed + len(FIELDS), size).split() for script in UNSEEN_LETTERS]
            mixed = " ".join([word for together in zip(*every, strict=False) for word in together])
            yield f"{field} unseen words of all scripts, {size}", mixed[:size].strip()


def shapes(
    list_words: Sequence[str] = ("hassan", "trading", "ivanovich", "bank", "al", "kim"),
    list_names: Sequence[str] = ("Ivan Petrovich Tarvazov", "Zuvava Trading LLC"),
    words: Mapping[str, str] = WORDS,
    sizes: Sequence[int] = NAME_SIZES,
    text_sizes: Sequence[int] = TEXT_SIZES,
) -> Iterator[tuple[str, str]]:
    """Every shape at every size, small ones first."""
    for label, group in words.items():
        for size in sizes:
            yield f"name {label}, blanks, {size}", repeated(group, " ", size)
    for separator, sign in SEPARATORS.items():
        if separator != "blanks":
            for size in sizes:
                yield f"name given names, {separator}, {size}", repeated("mohammed ali hassan", sign, size)
    for seed in (1, 2, 7):
        for size in sizes:
            yield f"name listed words, seed {seed}, {size}", listed(list_words, seed, " ", size)
    for size in sizes:
        yield f"name listed names, blanks, {size}", listed(list_names, 3, " ", size)
        yield f"name one word of chance letters, {size}", listed("aeioulmnrstk", 5, "", size)
        yield f"name one letter without end, {size}", "a" * size
        yield f"name accents on one letter, {size}", "m" + "\u0301" * (size - 1)
        yield f"name zero-width blanks, {size}", "ivan" + "\u200b" * (size - 4)
        yield f"name brackets, {size}", ("(" * (size // 2) + "ali" + ")" * (size // 2))[:size]
    for size in text_sizes:
        yield f"remittance listed names, {size}", listed(list_names, 3, "; ", size)
        yield f"remittance listed words, {size}", listed(list_words, 1, " ", size)
        yield f"remittance given names, {size}", repeated("mohammed ali ahmed hassan", " ", size)
        yield f"remittance unseen words, {size}", listed(UNSEEN, 4, " ", size)
        yield f"remittance digits, {size}", listed("0123456789 ", 6, "", size)
        yield f"remittance accounts, {size}", repeated("AT611904300234573201", " ", size)
        yield f"remittance dots, {size}", ("a." * (size // 2))[:size]
        yield f"remittance zero-width blanks, {size}", "\u200b" * (size // 3)
        yield f"remittance countries, {size}", repeated("iran crimea sevastopol cuba", " ", size)


def two_and_two(words: Sequence[str]) -> list[str]:
    """Names of two words each."""
    return [*map(" ".join, zip(words[::2], words[1::2], strict=False))]


def many_fields(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """A party a line: short names of words that nobody saw before, and the same words in each address."""
    chance = random.Random(11)
    for script in ("Cyrillic", "Arabic", "Greek", "Hangul"):
        yield f"parties unseen {script} words", "\n".join(two_and_two(unseen(script, 5, 14_000).split()))
    made = ["".join(chance.choices(SYLLABLES, k=3)) for _ in range(2_400)]
    yield "parties unseen words", "\n".join(two_and_two(made))
    yield "parties listed words", "\n".join(two_and_two(chance.choices(words, k=2_400)))
    nearly = [word[:-1] + chance.choice("aeiou") for word in chance.choices(words, k=2_400)]
    yield "parties nearly listed words", "\n".join(two_and_two(nearly))
    for label, few in (
        ("unseen", made[:150]),
        ("listed", chance.choices(words, k=60)),
        ("Cyrillic", unseen("Cyrillic", 6, 300).split()),
    ):
        lines = [" ".join(chance.sample(few, len(few))) for _ in range(2_400 // len(few))]
        yield f"addresses the same {label} words", "\n".join(lines)


def payment(label: str, text: str) -> bytes:
    event: dict[str, object] = {"id": "hostile", "parties": [{"role": "creditor", "name": "Bob Brown"}]}
    if label.startswith("name"):
        event["parties"] = [{"role": "creditor", "name": text}]
    elif label.startswith("parties"):
        event["parties"] = [{"role": "creditor", "name": line} for line in text.splitlines()]
    elif label.startswith("addresses"):
        event["parties"] = [
            {"role": "creditor", "name": "Bob Brown", "address": line} for line in text.splitlines()
        ]
    elif label.startswith("address"):
        event["parties"] = [{"role": "creditor", "name": "Bob Brown", "address": text}]
    else:
        event["remittance"] = text
    return json.dumps(event, ensure_ascii=False).encode()


def long_texts(words: Sequence[str], names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Remittances as long as are read, of what costs most: other words and names each time."""
    chance = random.Random(9)
    yield "remittance of names", " / ".join(chance.choices(names, k=700))
    for count in (600, 1_200, 2_400):
        yield f"remittance of words, {count}", " ".join(chance.choices(words, k=count))
        unseen = ["".join(chance.choices(SYLLABLES, k=3)) for _ in range(count)]
        yield f"remittance of unseen words, {count}", " ".join(unseen)
        few = ["mohammed", "ali", "ahmed", "hassan", "hussein"]
        yield f"remittance of few words, {count}", " ".join(chance.choices(few, k=count))


def every_shape(listed: Sequence[Designation], *, whole: bool = False) -> Iterator[tuple[str, str]]:
    """All shapes, of the words and names of a list; of unseen words in other scripts the dearest, or the
    `whole` of them."""
    words = [word for each in listed for name in each.names for word in name.text.split()]
    names = [each.name for each in listed]
    yield from shapes(words, names)
    yield from long_texts(words, names)
    yield from many_fields(words)
    for label, text in unseen_shapes():
        if whole or label.startswith("remittance") or "all scripts" in label:
            yield label, text


def generated() -> Iterator[Designation]:
    """As many names as OFAC has, of syllables, where its list is not at hand."""
    chance = random.Random(3)
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(15_000)]
    for number in range(9_000):
        names = [Name(" ".join(chance.choices(words, k=chance.randint(1, 5)))) for _ in range(2)]
        yield Designation(f"made:{number}", tuple(names), kind=chance.choice(list(Kind)))


def seconds_for(screener: Screener, raw: bytes) -> float:
    """Of CPU. The same work takes longer beside others that use the caches: what is slow is tried again."""
    started = time.process_time()
    with suppress(PaymentError):
        for one in decode_payment(raw):
            screener.screen(one)
    return time.process_time() - started
