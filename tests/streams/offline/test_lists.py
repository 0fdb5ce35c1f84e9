"""List files as a table: names that are none, files that add up, and the version that names them."""

from pathlib import Path

import pytest

from screening import Policy
from screening.ledger import ListDigest
from screening.lists import ListError
from streams.offline.lists import load_screener, read_lists
from streams.records.json import designation_to_json

HEAD = "uid,name\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "one.csv").write_text(f"{HEAD}1,Versor\n2,Verus\n")
    (tmp_path / "two.csv").write_text(f"{HEAD}2,Verus\n3,Petrov\n")
    return tmp_path


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ("csv", "'csv' is no SOURCE:PATH, such as ofac:sdn.zip"),
        ("csv:", "'csv:' is no SOURCE:PATH, such as ofac:sdn.zip"),
        ("csv:nowhere.csv", "nowhere.csv: no such file or folder"),
    ],
)
def test_what_names_no_file_is_refused(spec: str, told: str) -> None:
    with pytest.raises(ListError) as refused:
        read_lists([spec])
    assert str(refused.value) == told


def test_two_files_of_a_source_add_up_and_an_entry_of_both_counts_once(folder: Path) -> None:
    both = read_lists([f"csv:{folder / 'one.csv'}", f"csv:{folder / 'two.csv'}"])
    digest = ListDigest()
    for key, entry in both.entries.items():
        digest.add(key.encode(), designation_to_json(entry))

    assert [(key, entry.names[0].text) for key, entry in both.entries.items()] == [
        ("csv:1", "Versor"),
        ("csv:2", "Verus"),
        ("csv:3", "Petrov"),
    ]
    (version,) = both.versions.values()
    assert (version.version, version.entries, version.sha256) == (digest.sha256[:12], 3, digest.sha256)
    assert [*both.versions] == ["csv"]


def test_a_screener_of_files_holds_and_names_them(folder: Path) -> None:
    screener = load_screener([f"csv:{folder / 'one.csv'}"], Policy())

    assert [hit.designation.id for hit in screener.match("Versor")] == ["csv:1"]
    assert screener.lists.versions == read_lists([f"csv:{folder / 'one.csv'}"]).versions


def test_two_entries_under_one_id_are_refused_with_their_names(folder: Path) -> None:
    (folder / "two.csv").write_text(f"{HEAD}2,Verus Limited\n")

    with pytest.raises(
        ListError, match="the id csv:2 stands for 'Verus' in a file before it and for 'Verus Li"
    ):
        read_lists([f"csv:{folder / 'one.csv'}", f"csv:{folder / 'two.csv'}"])
