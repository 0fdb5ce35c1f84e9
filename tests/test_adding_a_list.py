"""The page on adding a list is true: its module, as printed, is a list."""

import re
from pathlib import Path
from types import ModuleType

import pytest

from screening import lists, parse_list
from screening.lists.private.files import COLUMNS

DOCS = Path(__file__).parents[1] / "docs"


def test_the_module_of_the_page_is_a_list_with_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (code, *_) = re.findall(r"```python\n(.*?)```", (DOCS / "adding-a-list.md").read_text(), re.DOTALL)
    module = ModuleType("ruritania")
    exec(code, module.__dict__)  # noqa: S102  the documentation's own code
    monkeypatch.setattr(lists, "PARSERS", {**lists.PARSERS, "ruritania": module})
    path = tmp_path / "gazette.csv"
    path.write_text("number,name,country\n44,Zenda Works,Slovakia\n")

    assert [(entry.id, entry.countries) for entry in parse_list("ruritania", path)] == [
        ("ruritania:44", ("SK",))
    ]


def test_every_source_and_column_is_on_the_page_about_lists() -> None:
    page = (DOCS / "lists.md").read_text()

    assert [source for source in lists.PARSERS if f"| `{source}` |" not in page] == []
    assert [column for column in COLUMNS if f"`{column}`" not in page] == []
