"""What is found of a list in texts and name fields, whole: which words, in which lines, how alike.

And what it takes, in words looked up, steps and names scored: a bound that lets more through finds no more.

`texts.txt` holds it, a text each, against one small list; `python -m
tests.screening.matching.test_found_in_texts` writes it anew, to be read before it is kept.
"""

from pathlib import Path

from screening import Designation, Kind, Name, NameType
from screening.matching.containment import names_in
from screening.matching.index import Index
from screening.names.readings import readings
from tests.screening.said import changed, kept, write

SAID = Path(__file__).with_name("texts.txt")
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
    None: ("Иван ЗУВАВОВ", "محمد حسن آخوند", "김정은", "王小明", "Ansar al-Tarvaz"),
}


def index() -> Index:
    made = Index()
    numbered = ((kind, name) for kind, names in NAMES.items() for name in names)
    for number, (kind, name) in enumerate(numbered):
        made.put(Designation(f"t:{number}", (Name(name, NameType.PRIMARY),), kind))
    return made


LISTED = index()
KEPT = kept(SAID)


def told(text: str) -> list[str]:
    """A line for each that is found in `line / line`, as a text, as a whole field, and by the index alone."""
    lines = text.split(" / ")
    as_text = [
        f"  text {found.candidate.name.text} {found.points:.4f} {found.text!r} "
        f"{found.first_line}-{found.last_line}"
        for found in names_in(lines, LISTED, 0.85)
    ]
    taken = [f"text {taken_since_the_last()}"]
    as_field = [
        f"  field {found.candidate.name.text} {found.points:.4f} {found.text!r}"
        for found in names_in((lines[0],), LISTED, 0.85, whole=True)
    ]
    taken.append(f"field {taken_since_the_last()}")
    by_index = [
        f"  index {candidate.name.text} {points:.4f} {' '.join(form.plain)}"
        for candidate, points, form in LISTED.search(lines[0], None, 0.7)
    ]
    taken.append(f"index {taken_since_the_last()}")
    scored = sum([len(LISTED.candidates(form, 0.7)) for form in readings(lines[0])])
    LISTED.begin_payment()
    return [*as_text, *as_field, *by_index, f"  took {', '.join(taken)} scored {scored}"]


def taken_since_the_last() -> str:
    """Words looked up, and steps."""
    effort = LISTED.effort
    taken = f"{effort.words}+{effort.steps}"
    LISTED.begin_payment()
    return taken


def test_a_text_holds_what_it_always_held() -> None:
    assert changed(KEPT, told) == {}


if __name__ == "__main__":
    write(SAID, [(said, told(said)) for said in KEPT])
