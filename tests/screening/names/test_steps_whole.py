"""What each step on the way from a text to a name makes of it, whole: cleaning, words, legal forms, sounds.

`steps.txt` holds it for texts, `words.txt` for words, a line a step that says anything, in ASCII. A name as a
whole may hide what a step does (`test_read_whole`). `python -m tests.screening.names.test_steps_whole`
writes both anew, to be read before they are kept.
"""

from collections.abc import Iterator
from pathlib import Path

from screening.names.cleaning import clean, clean_code
from screening.names.compounds import has_article, split_word
from screening.names.initials import as_one, bare, dotted, first_letters
from screening.names.legal_forms import is_hint, mended, split_forms, unglue
from screening.names.loans import frames
from screening.names.numbering import is_marked, unmarked
from screening.names.phonetics import consonants, skeleton
from screening.names.scripts import romanise, script_of, syllables
from screening.names.slavic import fold, folds, is_fathers_name, is_slavic_name, looks_slavic, slavic_classes
from screening.names.syllables import syllabic, systems_of
from screening.names.tokens import keys, make_token, seeks
from screening.names.transcription import frames_in, frames_of, is_transcribed
from screening.names.vocabulary import is_business_word, number_of, rarity
from screening.names.words import words_of
from tests.screening.said import changed, kept, write

SAID = Path(__file__).with_name("steps.txt")
KEPT = kept(SAID)
WORDS = SAID.with_name("words.txt")
KEPT_WORDS = kept(WORDS)


def steps(said: str) -> list[str]:
    """A line for each step; `said` is a text as `ascii` prints it, without its quotes."""
    text = said.encode().decode("unicode_escape")
    words = words_of(text)
    name, forms = split_forms(words)
    of_text: dict[str, object] = {
        "clean": clean(text),
        "code": clean_code(text),
        "unglued": unglue(text),
        "words": words,
        "unmarked": unmarked(words),
        "name": name,
        "legal": [f"{form.family}:{form.form}" for form in forms],
        "dotted": dotted(text, words),
        "bare": bare(words),
        "as one": as_one(words),
        "syllables": [
            (read.systems, [(each.text, sorted(each.groups)[:4]) for each in read.syllables])
            for hyphened in (False, True)
            for read in syllabic(words, hyphened)
        ],
    }
    same = {"clean": text, "code": text, "unglued": text, "unmarked": words, "name": words, "as one": words}
    return [f"  {step} {made!a}" for step, made in of_text.items() if made and made != same.get(step)]


def of_word(said: str) -> Iterator[str]:
    """What is known of a word by itself."""
    word = said.encode().decode("unicode_escape")
    latin = romanise(word)
    groups = slavic_classes(latin)
    marks = {
        "hint": is_hint(word),
        "marked": is_marked(word),
        "slavic": looks_slavic(latin),
        "father": is_fathers_name(latin),
        "slavic name": any(map(is_slavic_name, groups)),
        "article": has_article(word),
        "transcribed": is_transcribed(word),
        "business": is_business_word(latin),
    }
    told = [mark for mark, so in marks.items() if so]
    yield f"  {script_of(word)} {latin or '-'} systems {systems_of(word)} {' '.join(told)}".rstrip()
    if latin:
        sounds = f"{skeleton(latin)} {consonants(latin)} {'/'.join(folds(latin))} {fold(latin)}"
        yield f"  sounds {sounds} rarity {rarity(latin, skeleton(latin)):.3f} groups {sorted(groups)}"
        yield f"  frames {sorted(frames(latin))} {sorted(frames_of(word))} {sorted(frames_in(latin))}"
    if token := make_token(word):
        yield f"  keys {sorted(keys(token))!a}"
        yield f"  seeks {sorted({*seeks(token)})!a}"
    if number := number_of(latin):
        yield f"  number {number}"
    if split_word(word) != (word,):
        yield f"  parts {split_word(word)!a}"
    if mended(word) != word:
        yield f"  mended {mended(word)!a}"
    if len(syllables(word)) > 1:
        yield f"  signs {syllables(word)!a}"
    if len(word) == 1:
        yield f"  begins {sorted(first_letters(word, latin))!a}"


def test_each_step_makes_of_a_text_what_it_always_did() -> None:
    assert changed(KEPT, steps) == {}


def test_a_word_is_known_as_it_always_was() -> None:
    assert changed(KEPT_WORDS, of_word) == {}


if __name__ == "__main__":
    write(SAID, [(said, steps(said)) for said in KEPT])
    write(WORDS, [(said, of_word(said)) for said in KEPT_WORDS])
