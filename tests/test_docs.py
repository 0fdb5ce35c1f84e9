"""What the documentation says is true: commands, settings, metrics, topics, files, links."""

import html
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import rich_click as click

from config.settings import ENV_PREFIX, Settings
from screening.matching import steps
from screening.matching.texts.search import STRETCH
from streams.cli import COMMANDS, main
from streams.diagnosis import examine
from streams.exposed import registries
from streams.kafka.topics import ALL

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
EVERY_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built documentation; a dead link, a page that no menu leads to and an unknown anchor are errors."""
    folder = tmp_path_factory.mktemp("site")
    # not --quiet: it hides warnings from --strict, too
    build = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    built = subprocess.run(build, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    return folder


def test_the_site_builds_without_a_warning(site: Path) -> None:
    assert (site / "index.html").exists()


def test_the_site_fetches_nothing_from_elsewhere(site: Path) -> None:
    foreign = re.compile(r'<(?:script|img|link)[^>]+(?:src|href)="https?://')

    assert [page.name for page in site.rglob("*.html") if foreign.search(page.read_text())] == []


def test_no_mark_of_an_include_is_left_in_the_site(site: Path) -> None:
    mark = re.compile(r"\d\s*(?:&lt;|<)\s*-{2}|(?:&lt;|<)!--\s*generated:|-{2}8")
    pages = {path: re.sub(r"<[^>]+>", "", path.read_text()) for path in site.rglob("*.html")}

    assert [path.name for path, text in pages.items() if mark.search(text)] == []


@pytest.mark.parametrize(
    "program", sorted((ROOT / "docs" / "examples").glob("*.py")), ids=lambda path: path.name
)
def test_every_example_program_stands_on_a_page(site: Path, program: Path) -> None:
    first = program.read_text().splitlines()[0].strip('"')
    pages = [re.sub(r"<[^>]+>", "", path.read_text()) for path in site.rglob("index.html")]

    assert any(first in html.unescape(text) for text in pages)


def test_the_reference_lists_everything_there_is(site: Path) -> None:
    reference = {path.parent.name: path.read_text() for path in (site / "reference").rglob("index.html")}

    assert [
        name for name in Settings.model_fields if f"{ENV_PREFIX}{name.upper()}<" not in reference["settings"]
    ] == []
    assert [spec.name for spec in ALL if spec.name not in reference["topics"]] == []
    assert [name for name in COMMANDS if f"interdict {name}" not in reference["commands"]] == []
    names = [family.name for registry in registries() for family in registry.collect()]
    assert [name for name in names if name not in reference["metrics"]] == []


@EVERY_PAGE
def test_commands_exist_with_their_options(page: Path) -> None:
    wrong = [" ".join(words) for words in command_lines(page) if not known(words)]

    assert wrong == []


@EVERY_PAGE
def test_settings_exist(page: Path) -> None:
    known_names = {f"{ENV_PREFIX}{name.upper()}" for name in Settings.model_fields} | {f"{ENV_PREFIX}CONFIG"}
    named = re.findall(rf"\b{ENV_PREFIX}[A-Z_]+\b", page.read_text())

    unknown = {name for name in named if not {name, name.removesuffix("_FILE")} & known_names}
    assert unknown <= {"INTERDICT_NAME"}


@EVERY_PAGE
def test_metrics_exist(page: Path) -> None:
    known_names = {family.name for registry in registries() for family in registry.collect()}
    named = re.findall(r"`(interdict_[a-z_]+)`", page.read_text())

    assert {re.sub(r"_(total|info|bucket)$", "", name) for name in named} <= known_names


@EVERY_PAGE
def test_topics_exist(page: Path) -> None:
    prose = FENCE.sub("", page.read_text())
    named = set(re.findall(r"`(screening\.[a-z-]+)`", prose))

    assert named <= {spec.name for spec in ALL}


@pytest.mark.parametrize("page", PAGES[1:], ids=lambda page: page.stem)
def test_files_exist(page: Path) -> None:
    path = r"(?<![\w/.-])((?:config|docs|deploy|screening|streams|tests)/[\w./-]*\w)"
    named = re.findall(path, page.read_text())

    assert [name for name in named if not list(ROOT.glob(name + "*"))] == []


def test_what_doctor_prints_is_shown_with_the_policy_and_the_matcher_that_ship() -> None:
    page = (ROOT / "docs" / "operating.md").read_text()
    said = {check.subject: check.text for check in examine(Settings(broker="localhost:1"))}

    assert said["policy"] in page
    assert said["versions"].partition(" (")[0] in page


def test_the_steps_of_the_page_on_limits_are_those_that_are_spent() -> None:
    table = (ROOT / "docs" / "limits.md").read_text().partition("| steps |")[2].partition("\n\n")[0]
    named = [
        int(cost.replace(",", "")) for cost in re.findall(r"\| ([\d,]+)(?: more)? \|$", table, re.MULTILINE)
    ]

    spent = (steps.REFERENCE, steps.LOOKED_UP, steps.LAID_BESIDE, steps.SPELT_OUT, steps.LOANED)
    assert named == [1, *spent, steps.ALIKE, steps.ALIKE_IN_NAME, STRETCH]


def command_lines(page: Path) -> Iterator[list[str]]:
    """Each `interdict ...` of the page's shell blocks and of its inline code, as words."""
    text = page.read_text()
    blocks = [body.replace("\\\n", " ") for language, body in FENCE.findall(text) if language == "sh"]
    inline = re.findall(r"`(interdict [^`\n]+)`", FENCE.sub("", text))
    for line in [line for block in blocks for line in block.splitlines()] + inline:
        words = shlex.split(line, comments=True)
        if words[:1] == ["interdict"]:
            yield words[1:]


def known(words: list[str]) -> bool:
    """Whether the command line has these commands and options; values are not looked at."""
    context = main.make_context("interdict", [], resilient_parsing=True)
    command: click.Command | None = main
    for place, word in enumerate(words):
        if not isinstance(command, click.Group) or word.startswith("-"):
            break
        command = command.get_command(context, word)
        if command is None:
            return False
        rest = words[place + 1 :]
    else:
        rest = []
    assert command is not None
    options = {option for parameter in command.params for option in parameter.opts} | {"--help", "--version"}
    return {word.partition("=")[0] for word in rest if word.startswith("--")} <= options
