"""How near a word of another script comes to a Latin one by its sound, whole: by transcription and as a loan.

`sounds.txt` holds it for `word = latin`; `python -m tests.screening.names.test_sounds_whole` writes it anew,
to be read before it is kept.
"""

from pathlib import Path

from screening.names.loans import agreement, frames, frames_heard
from screening.names.scripts import romanise
from screening.names.transcription import are_two_names, cost, frames_in, frames_of, is_another_name
from tests.screening.said import changed, kept, write

SAID = Path(__file__).with_name("sounds.txt")
KEPT = kept(SAID)


def sounds(pair: str) -> list[str]:
    """What the letters cost that are read so, how far loans agree, and what both are looked up by."""
    native, _, latin = pair.partition(" = ")
    read = romanise(native)
    another = " another name" if is_another_name(native, latin) else ""
    two = " two names" if read and are_two_names(read, latin) else ""
    return [
        f"  cost {cost(native, latin):.4f}{another}{two}",
        f"  loan {' '.join(sorted(frames_heard(read, native)))} {agreement(read, native, latin):.4f} "
        f"of {' '.join(sorted(frames(latin)))}",
        f"  frames {' '.join(sorted(frames_of(native)))} / {' '.join(sorted(frames_in(latin)))}",
    ]


def test_two_words_sound_as_they_always_did() -> None:
    assert changed(KEPT, sounds) == {}


if __name__ == "__main__":
    write(SAID, [(pair, sounds(pair)) for pair in KEPT])
