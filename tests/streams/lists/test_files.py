"""What a list file hands to its publication, and what is said of rows that were read as far as they go."""

import logging
from pathlib import Path
from typing import Any

import pytest

from config.settings import load_settings
from screening.lists import ListError
from screening.lists.files import ListFiles
from streams.lists import files
from streams.lists.files import ListFile, publish_file

BAD = Path(__file__).parents[2] / "screening" / "lists" / "cases" / "ofac_bad_comment" / "sdn.csv"


@pytest.mark.parametrize("allowed", [1, 2])
def test_a_row_that_is_allowed_to_be_malformed_is_named_in_the_log(
    allowed: int, caplog: pytest.LogCaptureFixture
) -> None:
    counted: list[int] = []
    with caplog.at_level(logging.WARNING):
        entries = [each.id for each in ListFile("ofac", BAD, bad_rows=allowed).designations(counted.append)]

    assert (entries, counted) == (["ofac:101", "ofac:102"], [1, 2])
    assert [each.getMessage() for each in caplog.records] == [
        "sdn_comments.csv line 2: the row is malformed; what can be read of it is in force",
        f"1 malformed rows of {allowed} that are allowed",
    ]


def test_where_none_is_allowed_the_list_is_refused_and_where_none_is_bad_nothing_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ListError, match="line 2"):
        list(ListFile("ofac", BAD).designations())
    (tmp_path / "own.csv").write_text("uid,name\n1,Acme\n2,Foo\n")
    with caplog.at_level(logging.WARNING):
        assert len(list(ListFile("csv", tmp_path / "own.csv").designations())) == 2
    assert caplog.records == []


@pytest.mark.parametrize(("name", "published_as"), [("", "csv"), ("acme", "acme")])
async def test_a_file_is_published_as_its_list_with_where_it_is_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, published_as: str
) -> None:
    path = tmp_path / "own.csv"
    path.write_text("uid,name\n1,Acme\n2,Foo\n")
    asked: list[Any] = []

    async def publish(client: Any, designations: Any, **more: Any) -> str:
        asked.append((client["bootstrap_servers"], [each.id for each in designations], more))
        return "published"

    monkeypatch.setattr(files, "publish", publish)
    settings, read = load_settings(broker="b:1", topic_prefix="t-"), list[int]()
    sent: Any = object()
    given: dict[str, Any] = {"max_shrink": 0.25, "dry_run": True, "read": read.append, "sent": sent}
    answer: Any = await publish_file(settings, ListFile("csv", path, name), **given)

    assert (answer, read) == ("published", [1, 2])
    more = {
        "list_name": published_as,
        "topic": "t-designations",
        "source_date": "",
        "source_sha256": ListFiles(path).sha256,
        "max_shrink": 0.25,
        "dry_run": True,
        "progress": sent,
    }
    assert asked == [("b:1", [f"{published_as}:1", f"{published_as}:2"], more)]
