"""Opening list files: a file, a folder or a zip, and what is no list, told by its beginning."""

import bz2
import gzip
import hashlib
import lzma
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from screening import ListError, parse_list
from screening.lists import csl, json_lines
from screening.lists.errors import Tolerance
from screening.lists.files import END_MARK, ListFiles, csv_rows, distinct, records
from screening.lists.ofac.names import NamesToIds
from tests.screening.lists.reading import refusal, written


def folder(place: Path, **files: bytes) -> Path:
    place.mkdir()
    for name, raw in files.items():
        (place / name.replace("_", ".")).write_bytes(raw)
    return place


def zipped(place: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("inside/", b"")
        for name, raw in files.items():
            archive.writestr(f"inside/{name.replace('_', '.')}", raw)
    return place


def test_a_file_a_folder_and_a_zip_have_the_same_files(tmp_path: Path) -> None:
    files = {"A_XML": b"<a/>", "b_csv": b"x,y"}
    for path in (folder(tmp_path / "f", **files), zipped(tmp_path / "z.bin", **files)):
        found = ListFiles(path)
        assert found.names == ("a.xml", "b.csv")
        assert ("a.xml" in found, "A.XML" in found, "c.xml" in found) == (True, False, False)
        assert (found.ending(".xml"), found.ending(".json")) == (("a.xml",), ())
        assert found.only(".xml") == "a.xml"
        with found.open("b.csv") as stream:
            assert stream.read() == b"x,y"
    lone = ListFiles(written(tmp_path, "Any.Thing", "x"))
    assert (lone.names, lone.ending(".xml"), lone.only(".xml")) == (("any.thing",),) * 2 + ("any.thing",)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress], ids=["gzip", "bzip2", "xz"])
@pytest.mark.parametrize("source", ["un", "csv"])
def test_a_packed_list_is_refused_as_one(tmp_path: Path, pack: Callable[[bytes], bytes], source: str) -> None:
    path = tmp_path / "list.xml"
    path.write_bytes(pack(b"<CONSOLIDATED_LIST/>"))

    with pytest.raises(ListError, match=r"this is packed \((gzip|bzip2|xz)\); unpack it"):
        list(parse_list(source, path))


def test_what_systems_leave_beside_the_files_is_none_of_them(tmp_path: Path) -> None:
    path = tmp_path / "mac.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in (
            "list/own.csv",
            "__MACOSX/list/._own.csv",
            "list/.DS_Store",
            "list/Thumbs.db",
            "list/~$own.csv",
        ):
            archive.writestr(
                name, b"uid,name\n1,Ann Green\n" if name == "list/own.csv" else b"\x00\x05\x16\x07"
            )

    assert ListFiles(path).names == ("own.csv",)
    assert [entry.id for entry in parse_list("csv", path)] == ["csv:1"]


def test_two_files_of_one_name_are_refused_as_one_would_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("2025/own.csv", b"uid,name\n1,Ann Green\n")
        archive.writestr("2026/OWN.csv", b"uid,name\n2,Bob Brown\n")

    with pytest.raises(ListError, match=r"2025/own\.csv and 2026/OWN\.csv have one name; keep the one"):
        list(parse_list("csv", path))


@pytest.mark.parametrize("part", ["[Content_Types].xml", "META-INF/manifest.xml"])
@pytest.mark.parametrize(
    ("source", "remedy"), [("csv", "save its sheet as CSV"), ("uk", "fetch the form that uk")]
)
def test_a_spreadsheet_is_refused_with_what_to_do(
    tmp_path: Path, part: str, source: str, remedy: str
) -> None:
    path = tmp_path / "own.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name in (part, "xl/sheet1.xml", "xl/other/sheet1.xml"):
            archive.writestr(name, b"<x/>")

    with pytest.raises(ListError, match=f"this is a spreadsheet .* {remedy}"):
        list(parse_list(source, path))


def test_of_several_or_no_files_with_an_ending_none_is_taken(tmp_path: Path) -> None:
    files = ListFiles(folder(tmp_path / "f", a_xml=b"<a/>", b_xml=b"<b/>", c_csv=b"x"))

    with pytest.raises(ListError, match=r"f: 2 files end in \.xml, one is expected"):
        files.only(".xml")
    with pytest.raises(ListError, match=r"3 files end in \.xml or \.csv"):
        files.only(".xml", ".csv")
    with pytest.raises(ListError, match=r"0 files end in \.json"):
        files.only(".json")
    assert files.only(".csv", ".json") == "c.csv"


def test_a_file_s_hash_is_its_own_and_a_folder_s_is_of_names_and_hashes(tmp_path: Path) -> None:
    lone = written(tmp_path, "a.csv", b"x" * 100_000)
    assert ListFiles(lone).sha256 == hashlib.sha256(b"x" * 100_000).hexdigest()

    hashes = {
        ListFiles(folder(tmp_path / name, **files)).sha256
        for name, files in {
            "one": {"a_csv": b"1", "b_csv": b"2"},
            "swapped": {"a_csv": b"2", "b_csv": b"1"},
            "renamed": {"a_csv": b"1", "c_csv": b"2"},
            "fewer": {"a_csv": b"1"},
        }.items()
    }
    assert len(hashes) == 4
    assert ListFiles(tmp_path / "one").sha256 in hashes
    one = "".join(
        f"{name}\0{hashlib.sha256(raw).hexdigest()}\n" for name, raw in (("a.csv", b"1"), ("b.csv", b"2"))
    )
    assert ListFiles(tmp_path / "one").sha256 == hashlib.sha256(one.encode()).hexdigest()


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        *((b"", "the file is empty"), (b" \n\t", "the file is empty")),
        *(
            (b"\n<!DOCTYPE  HTML>", "a web page"),
            (b"<HTML lang='en'>", "a web page"),
            (b"x <head>", "a web page"),
        ),
        (b" " * 2043 + b"<html>", "a web page"),
        (b" " * 2044 + b"<html>", ""),
        (b"<Error><Code>AccessDenied</Code></Error>", "an error message"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<s:Fault>", "an error message"),
        (b" <exception>", "an error message"),
        *(
            (b" " * 2048 + b"<html>", "the file is empty"),
            (b"<header>", ""),
            (b"<errors>", ""),
            (b"x<Error>", ""),
        ),
        (b"x" * 2048 + b"<html>", ""),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_no_list_is_told_by_its_beginning(tmp_path: Path, raw: bytes, said: str) -> None:
    for path in (written(tmp_path, "a", raw), zipped(tmp_path / "z", a=raw)):
        if said:
            with pytest.raises(ListError, match=said), ListFiles(path).open("a"):
                pass
        else:
            with ListFiles(path).open("a") as stream:
                assert stream.read() == raw


def test_an_empty_file_is_one_where_that_may_be(tmp_path: Path) -> None:
    with ListFiles(written(tmp_path, "a", b"")).open("a", may_be_empty=True) as stream:
        assert stream.read() == b""


def test_a_file_is_named_in_its_folder_and_a_lone_one_by_its_path(tmp_path: Path) -> None:
    many, lone = folder(tmp_path / "f", a_csv=b"", b_csv=b"x"), written(tmp_path, "c.csv", b"")
    for path, name, where in ((many, "a.csv", f"{many}/a.csv"), (lone, "c.csv", str(lone))):
        with pytest.raises(ListError) as refused, ListFiles(path).open(name):
            pass
        assert str(refused.value).startswith(f"{where}: the file is empty")
    with (
        pytest.raises(ListError, match=r"gone\.csv: No such file"),
        ListFiles(tmp_path / "gone.csv").open("gone.csv"),
    ):
        pass


def test_a_zip_that_is_cut_off_is_said_to_be_one(tmp_path: Path) -> None:
    """It was searched for the file that should be in it, or read as XML."""
    whole = zipped(tmp_path / "z.zip", a_csv=b"x" * 1000).read_bytes()
    for cut in (4, len(whole) // 2, len(whole) - 22):
        with pytest.raises(ListError, match="the zip is cut off; fetch it again"):
            ListFiles(written(tmp_path, "cut.zip", whole[:cut]))
    assert ListFiles(written(tmp_path, "a.csv", whole[:3])).names == ("a.csv",)


def test_an_encrypted_or_broken_zip_is_refused(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "z.zip", a_csv=b"x" * 1000, b_csv=b"y").read_bytes()
    locked = bytearray(whole)
    for mark, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        for found in re.finditer(re.escape(mark), whole):
            locked[found.start() + flags] |= 1

    with pytest.raises(ListError, match=r"inside/a\.csv is encrypted; unpack it first"):
        ListFiles(written(tmp_path, "locked.zip", bytes(locked)))
    broken = bytearray(whole)
    broken[whole.rindex(b"x" * 500)] ^= 1
    with (
        pytest.raises(ListError, match="the zip is damaged"),
        ListFiles(written(tmp_path, "broken.zip", bytes(broken))).open("a.csv") as stream,
    ):
        stream.read()


def test_rows_are_numbered_blank_ones_passed_over_and_the_end_mark_kept(tmp_path: Path) -> None:
    files = ListFiles(written(tmp_path, "a.csv", '\ufeffa,b\r\n\r\n"c\r\nd",é\r\n' + END_MARK))

    assert [*csv_rows(files, "a.csv")] == [(1, ["a", "b"]), (4, ["c\r\nd", "é"]), (5, [END_MARK])]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"a,b\nc,\xff\n", "a.csv line 2: not UTF-8"),
        (b"a,b\nc,\x01\n", "a.csv line 2: control characters"),
        (b"a,\x1a\n", "a.csv line 1: control characters"),
        (b'a,"b"c\n', "a.csv line 1: .* the file is truncated or not CSV"),
        (b'a,"b', "a.csv line 1: .* the file is truncated or not CSV"),
    ],
)
def test_a_damaged_row_is_named_by_its_line(tmp_path: Path, raw: bytes, said: str) -> None:
    with pytest.raises(ListError, match=said):
        list(csv_rows(ListFiles(written(tmp_path, "a.csv", raw)), "a.csv"))


@pytest.mark.parametrize(
    ("text", "lacking", "rows"),
    [
        ("a,b,c\n1,2,3\n", 0, [(2, "1", "2", "3")]),
        ("a,b,c\n1,2\n", 1, [(2, "1", "2", "")]),
        (" a ,b,c\n1,2,\n", 0, [(2, "1", "2", "")]),
        ("a,b,c\n1,2\n", 0, None),
        ("a,b,c\n1\n", 1, None),
        ("a,b,c\n1,2,3,4\n", 1, None),
    ],
)
def test_a_row_has_a_cell_for_each_column_but_those_that_may_lack(
    tmp_path: Path, text: str, lacking: int, rows: list[tuple[int, str, str, str]] | None
) -> None:
    files = ListFiles(written(tmp_path, "a.csv", f"above\nabove\n{text}"))
    if rows is None:
        with pytest.raises(ListError, match=r"a\.csv line 4: . cells under 3 columns"):
            list(records(files, "a.csv", ("a",), skip=2, lacking=lacking))
    else:
        found = records(files, "a.csv", ("a", "c"), skip=2, lacking=lacking)
        assert [(line - 2, row["a"], row["b"], row["c"]) for line, row in found] == rows


def test_a_column_that_is_missing_is_named(tmp_path: Path) -> None:
    files = ListFiles(written(tmp_path, "a.csv", "a,b\n1,2\n"))

    with pytest.raises(ListError, match="the header has no column 'c'; is this the right format"):
        list(records(files, "a.csv", ("a", "c", "d")))
    with pytest.raises(ListError, match="no column 'a'"):
        list(records(files, "a.csv", ("a",), skip=9))


def test_what_rows_say_of_one_column_is_there_once_and_in_order() -> None:
    rows = [{"a": "1"}, {"b": "2"}, {"a": "3"}, {"a": "1"}]

    assert [*distinct(rows, "a")] == ["1", "3"]


LINE = b'{"id": "1"}'


@pytest.mark.parametrize(
    ("raw", "places"),
    [
        (LINE + b"\n\n " + LINE, ["a line 1", "a line 3"]),
        (b" [" + LINE + b",\n" + LINE + b"]", ["a record 1", "a record 2"]),
        (b"\n[" + LINE + b"]", None),
        (b"[1]", None),
        (LINE + b"\n7", None),
        (LINE[:-1], None),
    ],
)
def test_objects_stand_a_line_each_or_in_one_array(
    tmp_path: Path, raw: bytes, places: list[str] | None
) -> None:
    files = ListFiles(written(tmp_path, "a", raw))
    if places is None:
        with pytest.raises(ListError, match=r"a (line [12]|record 1)?:? ?.*(no JSON object|cut off)"):
            list(json_lines.json_lines(files, "a"))
    else:
        assert [*json_lines.json_lines(files, "a")] == [(place, {"id": "1"}) for place in places]


def test_what_must_be_read_at_once_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = orjson.dumps({"results": [{"id": "1", "name": "A"}]})
    monkeypatch.setattr(csl, "_LARGEST_BYTES", 1 << 20)
    assert "more than 1 MiB" in refusal("csl", tmp_path, "a.json", raw.ljust(1 << 20))
    assert len(list(parse_list("csl", written(tmp_path, "a.json", raw.ljust((1 << 20) - 1))))) == 1

    monkeypatch.setattr(json_lines, "_LARGEST_ARRAY_BYTES", 100)
    with pytest.raises(ListError, match="an array of more than 64 MiB"):
        list(json_lines.json_lines(ListFiles(written(tmp_path, "b", b"[\n".ljust(102))), "b"))
    array = b"[\n" + LINE + b"]"
    assert len(list(json_lines.json_lines(ListFiles(written(tmp_path, "b", array.ljust(101))), "b"))) == 1

    with pytest.raises(ListError, match="c line 2: more than 64 MiB"):
        list(json_lines.json_lines(ListFiles(written(tmp_path, "c", LINE + b"\n" + LINE.ljust(100))), "c"))
    assert len(list(json_lines.json_lines(ListFiles(written(tmp_path, "c", LINE.ljust(99))), "c"))) == 1


def private(tmp_path: Path, *names: str) -> Path:
    rows = "".join(f'{number},"{name}",,owned_by=0;owned_by=ofac:1\n' for number, name in enumerate(names))
    return written(tmp_path, "own.csv", f"uid,name,aliases,links\n{rows}")


def test_a_few_names_of_the_wrong_encoding_are_the_source_s_own_and_many_are_ours(tmp_path: Path) -> None:
    sound, broken = [f"Müller {number}" for number in range(9)], "Müller".encode().decode("latin-1")

    assert len(list(parse_list("csv", private(tmp_path, *sound, broken, "Plain")))) == 11
    with pytest.raises(
        ListError, match="2 of 10 names with foreign letters were read with the wrong encoding"
    ):
        list(parse_list("csv", private(tmp_path, *sound[1:], broken, broken, "Plain")))


def test_names_whose_letters_became_question_marks_keep_the_list_out(tmp_path: Path) -> None:
    sound = ["Plain"] * 99

    assert len(list(parse_list("csv", private(tmp_path, *sound, "M?ller")))) == 100
    with pytest.raises(ListError, match="2 of 100 names have question marks for letters"):
        list(parse_list("csv", private(tmp_path, *sound[1:], "M\ufffdller", "Jos? Qorvel")))


def test_entries_under_another_list_s_name_keep_their_ties_among_themselves(tmp_path: Path) -> None:
    (entry,) = parse_list("csv", private(tmp_path, "Acme"), name="owned")

    assert (entry.id, [link.to for link in entry.links]) == ("owned:0", ["owned:0", "ofac:1"])


@pytest.mark.parametrize(
    ("name", "said"),
    [("--", "line 2, column name: .--.; what the party is called"), ("A\x7fB", "control characters")],
)
def test_a_name_that_is_none_keeps_the_list_out(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(ListError, match=said):
        list(parse_list("csv", private(tmp_path, name)))


def test_a_list_that_is_unknown_missing_or_tolerated_without_need_is_refused(tmp_path: Path) -> None:
    path = private(tmp_path, "Acme")
    for source, place, tolerance, said in (
        ("ofca", path, None, "unknown list 'ofca'; known are ofac, "),
        ("csv", tmp_path / "gone", None, "gone: no such file or folder"),
        ("csv", path, Tolerance(1), "csv has no rows that may be malformed"),
    ):
        with pytest.raises(ListError, match=said):
            list(parse_list(source, place, tolerance=tolerance))
    assert len(list(parse_list("csv", path, tolerance=Tolerance(0)))) == 1


def test_a_tolerance_accepts_as_many_as_it_says_and_names_them() -> None:
    tolerance = Tolerance(2)

    assert [tolerance.accepts(where) for where in ("a", "b", "c")] == [True, True, False]
    assert tolerance.rows == ["a", "b"]


def test_a_name_that_two_entries_share_leads_to_neither() -> None:
    names = NamesToIds()
    for name, designation_id in (("R D I, S.A.", "1"), ("r d i s.a", "1"), ("ACME", "2"), ("Acme", "3")):
        names.add(name, designation_id)

    assert [names.get(name) for name in ("RDI SA", "acme", "unknown")] == ["1", None, None]


def test_a_file_that_is_not_what_its_sum_was_made_of_is_refused(tmp_path: Path) -> None:
    whole = b"uid,name,remarks\n1,Ivan Petrov,see 12\n"
    file, proof = tmp_path / "own.csv", tmp_path / "own.csv.sha256"
    proof.write_text(f"{hashlib.sha256(whole).hexdigest().upper()}  own.csv\n")

    for place in (file, tmp_path):
        file.write_bytes(whole)
        assert [entry.id for entry in parse_list("csv", place)] == ["csv:1"]
        file.write_bytes(whole[:-3])
        with pytest.raises(ListError, match=r"not those of own\.csv\.sha256"):
            list(parse_list("csv", place))

    proof.write_text("to come")
    with pytest.raises(ListError, match="no SHA-256 in it"):
        list(parse_list("csv", file))
