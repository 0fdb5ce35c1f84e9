"""What counts as noticed, where tests are imported anew with what is changed."""

from pathlib import Path

import pytest

from tests.mutants.warm import Change, _anew

TESTS = {
    "test_case.py": """
import pytest
from held import LIMIT

@pytest.mark.parametrize("limit", [LIMIT])
def test_it(limit):
    assert limit < 3
""",
    "conftest.py": "from held import LIMIT\nassert LIMIT > 0\n",
    "held.py": "LIMIT = 1\n",
}


@pytest.mark.parametrize(
    ("after", "verdict", "by"),
    [
        ("LIMIT = 2", "", ""),
        ("LIMIT = 3", "killed", "test_case.py::test_it[3]"),
        ("LIMIT = 0", "killed", "collection"),
        ("raise SystemExit(0)", "killed", "collection"),
    ],
    ids=["alive", "a case of another name", "a conftest that fails", "an import that ends all"],
)
def test_a_change_is_noticed_by_tests_that_fail_or_cannot_be_collected(
    after: str, verdict: str, by: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    for name, text in TESTS.items():
        (tmp_path / name).write_text(text)
    plan = {"test_case.py::test_it[1]": 30.0}
    change = Change(0, "one", "held.py", after, plan=plan, limits=(30.0, 30.0))

    _anew(change, tmp_path / "said.txt", kafka=False)

    assert (change.verdict, change.by) == (verdict, by)
    assert (tmp_path / "held.py").read_text() == TESTS["held.py"]
