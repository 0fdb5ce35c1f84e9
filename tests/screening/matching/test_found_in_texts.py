"""What is found of a list in texts and name fields, whole: which words, in which lines, how alike.

And what it takes, in words looked up, steps and names scored: a bound that lets more through finds no more.
Behind it what the bounds let through at a low threshold and a high one: how many names are scored against the
first line, how few words a name may have that is like it (each answering one of its words, two or five), and
in how many stretches of the text each name is looked for, by its number.

`texts.txt` holds it, a text each, against one small list; `python -m
tests.screening.matching.test_found_in_texts` writes it anew, to be read before it is kept.
"""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

from screening import Designation, Kind, Name, NameType
from screening.matching.bounds import fewest_words
from screening.matching.index import Index
from screening.matching.name_sets import COUNTED_WORDS
from screening.matching.texts.containment import names_in
from screening.matching.texts.stretches import Places, _by_two_of_theirs
from screening.matching.texts.text_words import text_words
from screening.names.readings import readings
from tests.screening.said import changed, kept, write

SAID = Path(__file__).with_name("texts.txt")
REPEATING = ("Jung YUNG Tarvel", "Jung JUNG Zorvat", "Yung QORVEL")
"""Names with words that are alike among themselves, or like those of others."""
NAMES = {
    Kind.PERSON: (
        *("Ashot MKRTYCHEV", "Ali HASSAN", "Abdul RAHMAN", "Usama BIN LADEN", "WANG Xiaoming", "KIM Jong Un"),
        *("Carlos GOMEZ MORENO", "Juan PEREZ GARCIA", "Ivan Petrovich TARVAZOV", "J. R. ZORAVKIN"),
        *("Aleksandr LUKASHENKA", "Abu Bakr QORVAZI", "Nguyen Van TARVINH", "RI Yong Ho", "LI Wei"),
        *("Omar AHMED", "Maria del Carmen TARVAZQUEZ", "Mohammed Qasim KHUDAI RAHIM", "Sean ZORAV"),
    ),
    Kind.ORGANIZATION: (
        *("VERSOR S.R.O.", "Chemical Group", "Luxi Avionics Group", "BANK MELLI IRAN", "LAZARUS GROUP"),
        *("Islamic Revolutionary Guard Corps", "QWXANTIUM LLC", "HAMAS", "Rosneft Trading SA"),
        *("General Trading Group LLC", "National Council of Resistance of Iran", "K.V.T. Trading LLC"),
        *("Military Unit 41598", "Tarvik Design Bureau 105", "11420 CORP", "Petro Chemicals", "B R C S.A."),
        *("Zuvava Sanayi ve Ticaret A.S.", "ZORAV LTD", "SINA BANK", "Qorban Zahed Shipping Company"),
    ),
    Kind.VESSEL: ("FOREST", "QWX STAR", "GRACE", "TARVIK 7", "Nuevo Hermanos Tarvena"),
    Kind.AIRCRAFT: ("EP-GOM",),
    None: ("Иван ЗУВАВОВ", "محمد حسن آخوند", "김정은", "王小明", "Ansar al-Tarvaz", *REPEATING),
}


@cache
def index() -> Index:
    made = Index()
    numbered = ((kind, name) for kind, names in NAMES.items() for name in names)
    for number, (kind, name) in enumerate(numbered):
        made.put(Designation(f"t:{number}", (Name(name, NameType.PRIMARY),), kind))
    return made


KEPT = kept(SAID)


def told(text: str) -> list[str]:
    """A line for each that is found in `line / line`, as a text, as a whole field, and by the index alone."""
    lines = text.split(" / ")
    as_text = [
        f"  text {found.candidate.name.text} {found.points:.4f} {found.text!r} "
        f"{found.first_line}-{found.last_line}"
        for found in names_in(lines, index(), 0.85)
    ]
    taken = [f"text {taken_since_the_last()}"]
    as_field = [
        f"  field {found.candidate.name.text} {found.points:.4f} {found.text!r}"
        for found in names_in((lines[0],), index(), 0.85, whole=True)
    ]
    taken.append(f"field {taken_since_the_last()}")
    by_index = [
        f"  index {candidate.name.text} {points:.4f} {' '.join(form.plain)}"
        for candidate, points, form in index().search(lines[0], None, 0.7)
    ]
    taken.append(f"index {taken_since_the_last()}")
    scored = sum([len(index().candidates(form, 0.7)) for form in readings(lines[0])])
    index().begin_payment()
    bounds = [f"  bounds {threshold} {let_through(lines, threshold)}" for threshold in (0.4, 0.9)]
    return [
        *as_text,
        *as_field,
        *by_index,
        f"  took {', '.join(taken)} scored {scored}",
        *bounds,
        *twice(lines),
    ]


def let_through(lines: list[str], threshold: float) -> str:
    """What the bounds leave to be scored of a line, and to be read of a text."""
    query = readings(lines[0])[0]
    scored = len(index().candidates(query, threshold))
    fewest = [fewest_words(query.tokens, threshold, together, COUNTED_WORDS) for together in (1, 2, 5)]
    said = f"scored {scored} took {taken_since_the_last()} fewest {fewest}"
    if words := text_words(lines):
        places = Places(words, index(), threshold)
        every = range(len(index().names))
        read = [f"{at}:{len(places.stretches(index().name(at).form))}" for at in places.hopeful(every)]
        said = f"{said} read {' '.join(read)}".rstrip()
        index().begin_payment()
    return said


def twice(lines: list[str]) -> Iterator[str]:
    """Names that answer two neighbours, and those that do so by two words of their own, by their numbers."""
    words = [word.token for word in text_words(lines)]
    both, by_two = set[int](), set[int]()
    for word, further in pairwise(words):
        names = index().answers(word) & index().answers(further)
        both |= {*names}
        by_two |= {*_by_two_of_theirs(word, further, names, index())}
    index().begin_payment()
    if both:
        yield f"  twice {sorted(both)} by two of theirs {sorted(by_two)}"


def taken_since_the_last() -> str:
    """Words looked up, and steps."""
    effort = index().effort
    taken = f"{effort.words}+{effort.steps}"
    index().begin_payment()
    return taken


def test_a_text_holds_what_it_always_held() -> None:
    assert changed(KEPT, told) == {}


def test_a_hyphen_joins_two_words_and_an_article_to_none_before_it() -> None:
    words = text_words(["Ali-Hassan Al-Salah Jong-Un"])

    assert [(word.native, word.particles, word.hyphen) for word in words] == [
        *(("ali", "", False), ("hassan", "", True), ("salah", "al ", False)),
        *(("jong", "", False), ("un", "", True)),
    ]


if __name__ == "__main__":
    write(SAID, [(said, told(said)) for said in KEPT])
