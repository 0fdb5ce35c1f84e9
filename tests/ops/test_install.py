"""Claims about what `make` installs: told in steps, right for every Python that is named, checked by hash."""

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCKS = [ROOT / "locks" / f"{name}.txt" for name in ("product", "registry", "dev")]


@pytest.fixture
def install() -> ModuleType:
    spec = importlib.util.spec_from_file_location("install", ROOT / "deploy" / "install.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 10, 13)])
def test_an_old_python_is_told_what_is_needed(install: ModuleType, version: tuple[int, ...]) -> None:
    said = install.wrong_version(version)

    assert "needs Python 3.11 or newer" in said
    assert "make PYTHON=" in said


def test_a_python_without_builds_is_told_the_range(install: ModuleType) -> None:
    assert "3.11 to 3.14" in install.wrong_version((3, 15, 0))


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 1), (3, 13, 0), (3, 14, 8)])
def test_every_python_between_does(install: ModuleType, version: tuple[int, ...]) -> None:
    assert install.wrong_version(version) is None


def test_the_range_is_that_of_the_project(install: ModuleType) -> None:
    oldest, newest = install.OLDEST, install.NEWEST

    assert PROJECT["requires-python"] == f">={oldest[0]}.{oldest[1]},<{newest[0]}.{newest[1] + 1}"


def test_ci_runs_all_on_the_oldest_and_the_newest_python_and_the_demo_on_every_one(
    install: ModuleType,
) -> None:
    jobs = yaml.safe_load((ROOT / ".github/workflows/tests.yml").read_text())["jobs"]
    on = {name: job["strategy"]["matrix"]["python"] for name, job in jobs.items() if "strategy" in job}
    (_, oldest), (_, newest) = install.OLDEST, install.NEWEST

    assert on["test"] == [f"3.{oldest}", f"3.{newest}"]
    assert on["demo"] == [f"3.{minor}" for minor in range(oldest, newest + 1)]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: str(lock.stem))
def test_every_locked_package_has_its_hashes(lock: Path) -> None:
    entries = re.split(r"\n(?=\S)", lock.read_text().strip())

    assert len(entries) > 40
    for entry in entries:
        assert re.match(r"[\w.\-]+==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry


def test_every_dependency_is_locked_within_its_range() -> None:
    product, registry, dev = (_names(lock) for lock in LOCKS)
    required = {_name(line) for line in PROJECT["dependencies"]}

    assert required <= product
    assert product <= registry <= dev
    assert {_name(line) for line in PROJECT["optional-dependencies"]["registry"]} <= registry
    assert {_name(line) for line in PROJECT["optional-dependencies"]["dev"]} <= dev


def test_a_wrong_python_stops_before_anything_is_built(tmp_path: Path) -> None:
    """By a copy that calls every Python too old: nothing appears beside it."""
    copy = tmp_path / "deploy" / "install.py"
    copy.parent.mkdir()
    text = (ROOT / "deploy" / "install.py").read_text()
    copy.write_text(text.replace("OLDEST, NEWEST = (3, 11)", "OLDEST, NEWEST = (9, 0)"))

    tried = subprocess.run([sys.executable, str(copy), "product"], capture_output=True, text=True)

    assert tried.returncode == 1
    assert "interdict needs Python 9.0 or newer" in tried.stderr
    assert not (tmp_path / ".venv").exists()


def _names(lock: Path) -> set[str]:
    return {_name(line) for line in lock.read_text().splitlines() if "==" in line}


def _name(requirement: str) -> str:
    return re.split(r"[\[=<>~ ;]", requirement)[0].lower().replace("_", "-").replace(".", "-")
