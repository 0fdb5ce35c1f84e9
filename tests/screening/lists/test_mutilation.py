"""Broken copies of list files: each parses to the same designations or is refused with a reason.

Two things no reader can see: a letter that turned into another letter inside a value, whose entry comes out
amended and no other; and a block that is missing so neatly that what is left is whole again, which publishing
refuses by `--max-shrink` once it is more than a few entries.
"""

import random
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from screening import Designation, ListError, parse_list
from tests.screening.lists.ofac_files import NULL, ofac_folder, sdn
from tests.screening.lists.test_un import document, individual
from tests.screening.lists.whole_files import ENTRIES, WHOLE
from tests.shared_data import SHARED_DATA, needs_shared_data

Files = dict[str, bytes]
Mutilation = Callable[[random.Random, bytes], bytes]


def cut_anywhere(rng: random.Random, raw: bytes) -> bytes:
    return raw[: rng.randrange(len(raw) - 1)]


def part_missing(rng: random.Random, raw: bytes) -> bytes:
    """A block that never arrived."""
    start = rng.randrange(len(raw))
    return raw[:start] + raw[start + rng.randint(1, 5_000) :]


def high_bits_flipped(rng: random.Random, raw: bytes) -> bytes:
    broken = bytearray(raw)
    for place in rng.choices(range(len(raw)), k=3):
        broken[place] ^= 0x80
    return bytes(broken)


def bytes_zeroed(rng: random.Random, raw: bytes) -> bytes:
    place = rng.randrange(len(raw))
    return raw[:place] + bytes(min(512, len(raw) - place)) + raw[place + 512 :]


def tag_or_quote_dropped(rng: random.Random, raw: bytes) -> bytes:
    found = rng.choice(list(re.finditer(rb'<[^>?!]+>|"', raw)))
    return raw[: found.start()] + raw[found.end() :]


def lines_shuffled(rng: random.Random, raw: bytes) -> bytes:
    lines = raw.splitlines(keepends=True)
    rng.shuffle(lines)
    return b"".join(lines)


def as_utf_16(rng: random.Random, raw: bytes) -> bytes:
    del rng
    return raw.decode("utf-8").encode("utf-16")


def misread_as_latin_1(rng: random.Random, raw: bytes) -> bytes:
    del rng
    return raw.decode("latin-1").encode("utf-8")


def twice_in_a_row(rng: random.Random, raw: bytes) -> bytes:
    del rng
    return raw + raw


def replaced_by_a_web_page(rng: random.Random, raw: bytes) -> bytes:
    del rng, raw
    return b"<!doctype html><html><head><title>Sign in</title></head></html>"


MUTILATIONS: tuple[Mutilation, ...] = (
    *(cut_anywhere, high_bits_flipped, bytes_zeroed, tag_or_quote_dropped, lines_shuffled),
    *(as_utf_16, misread_as_latin_1, twice_in_a_row, replaced_by_a_web_page),
)


BINARY: tuple[Mutilation, ...] = (
    *(cut_anywhere, high_bits_flipped, bytes_zeroed, misread_as_latin_1, twice_in_a_row),
    replaced_by_a_web_page,
)


def of_text_or_zip(files: Files) -> tuple[Mutilation, ...]:
    """A workbook has neither tags nor lines to break."""
    return BINARY if any(name.endswith(".xlsx") for name in files) else MUTILATIONS


def ofac_files(tmp_path: Path) -> Files:
    entries = [
        sdn(number, f"COMPANY {number}, S.A.", remarks=f"a.k.a. 'WEAK{number}'; Linked To: COMPANY 10, S.A..")
        for number in range(10, 60)
    ]
    aliases = [(number, number, "aka", f"ALIAS {number}", NULL) for number in range(10, 60)]
    addresses = [(number, number, f"Street {number}", "Havana", "Cuba", NULL) for number in range(10, 60)]
    return read(ofac_folder(tmp_path / "whole", entries, aliases=aliases, addresses=addresses))


def un_files() -> Files:
    people = "\n".join(
        individual(f"<NAME_ORIGINAL_SCRIPT>محمد {number}</NAME_ORIGINAL_SCRIPT>", number)
        for number in range(50)
    )
    return {"un.xml": document(people).encode()}


def real_ofac() -> Files:
    return {path.name: path.read_bytes() for path in (SHARED_DATA / "ofac").glob("*.csv")}


def read(folder: Path) -> Files:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def outcome(source: str, files: Files, folder: Path) -> Mapping[str, Designation] | None:
    """The designations by id, or None when the files were refused with a reason."""
    folder.mkdir(exist_ok=True)
    for name, raw in files.items():
        (folder / name).write_bytes(raw)
    try:
        return {entry.id: entry for entry in parse_list(source, folder)}
    except ListError as error:
        assert str(error)
        return None


def mutilated(
    files: Files, seed: int, mutilations: tuple[Mutilation, ...] = MUTILATIONS
) -> Iterator[tuple[str, Files]]:
    rng = random.Random(seed)
    for mutilate in mutilations:
        name = rng.choices(list(files), weights=[len(raw) for raw in files.values()])[0]
        yield f"{mutilate.__name__} {name}", files | {name: mutilate(rng, files[name])}


@pytest.mark.parametrize("seed", range(20))
def test_a_broken_copy_parses_to_the_same_entries_or_is_refused(tmp_path: Path, seed: int) -> None:
    for source, files in (("ofac", ofac_files(tmp_path)), ("un", un_files())):
        whole = outcome(source, files, tmp_path / "copy")
        for what, broken in mutilated(files, seed):
            if broken != files:
                assert outcome(source, broken, tmp_path / "copy") in (None, whole), what


@pytest.mark.parametrize("form", WHOLE)
def test_a_broken_copy_of_any_newer_format_parses_to_the_same_entries_or_is_refused(
    tmp_path: Path, form: str
) -> None:
    """Seventy of each; `benchmarks/mutilations.py` breaks two hundred."""
    source, make = WHOLE[form]
    files = make(tmp_path)
    whole = outcome(source, files, tmp_path / "copy")
    assert whole is not None and len(whole) == ENTRIES
    for seed in range(8):
        for what, broken in mutilated(files, seed, of_text_or_zip(files)):
            if broken != files:
                assert outcome(source, broken, tmp_path / "copy") in (None, whole), f"{what}, seed {seed}"


def test_a_damaged_or_locked_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("consolidated.csv", "x")
    raw = path.read_bytes()
    version, flags = raw.rfind(b"PK\x01\x02") + 6, raw.rfind(b"PK\x01\x02") + 8
    for place, value, why in ((version, 148, "damaged"), (flags, 1, "encrypted")):
        path.write_bytes(raw[:place] + bytes([value]) + raw[place + 1 :])

        with pytest.raises(ListError, match=why):
            list(parse_list("csl", path))


@needs_shared_data
@pytest.mark.parametrize("seed", [7])  # benchmarks/mutilations.py breaks 200
def test_a_broken_copy_of_the_real_files_parses_to_the_same_entries_or_is_refused(
    tmp_path: Path, seed: int
) -> None:
    for source, files in (("ofac", real_ofac()), ("un", read(SHARED_DATA / "un"))):
        whole = outcome(source, files, tmp_path / source)
        for what, broken in mutilated(files, seed, (*MUTILATIONS, part_missing)):
            assert outcome(source, broken, tmp_path / source) in (None, whole), what


@needs_shared_data
def test_a_letter_that_became_another_letter_amends_at_most_its_own_entry(tmp_path: Path) -> None:
    rng = random.Random(3)
    files = read(SHARED_DATA / "un")
    whole = outcome("un", files, tmp_path)
    assert whole is not None
    for _ in range(3):
        raw = bytearray(files["consolidated.xml"])
        place = rng.choice([match.start() for match in re.finditer(rb"(?<=>)[A-Z](?=[A-Z]+<)", raw)])
        raw[place] = rng.choice(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        broken = outcome("un", {"consolidated.xml": bytes(raw)}, tmp_path)
        if broken is not None:
            assert set(broken) == set(whole)
            assert sum(broken[key] != whole[key] for key in whole) <= 1
