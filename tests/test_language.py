"""The words of the glossary: what documentation, logs, settings and metrics say has one meaning."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings import Settings
from streams.exposed import registries

ROOT = Path(__file__).parents[1]
AVOIDED = {
    r"held back|hold\w* back": "screening is paused; a hit is suppressed",
    r"\bverdicts?\b": "disposition, or the policy's ruling",
    r"\buntold\b|(?:are|is|was|were|be|not) told\b": "published, reported, recorded, determined",
    r"says? something else|nothing any more": "changed",
    r"on no way to|\bbinds in\b|for there (?:was|were) too": "subject, verb, object",
}
LOG = {"debug", "info", "warning", "error", "critical"}


def said() -> Iterator[tuple[str, str]]:
    """Where it stands, and what it says: without code, which keeps the names that others rely on."""
    for page in [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
        for number, line in enumerate(text.splitlines(), 1):
            yield f"{page.name} {number}", re.sub(r"`[^`]*`|\(#[^)]*\)", "", line)
    for name, field in Settings.model_fields.items():
        yield f"setting {name}", field.description or ""
    for registry in registries():
        for family in registry.collect():
            yield f"metric {family.name}", family.documentation
    for file in sorted((ROOT / "streams").rglob("*.py")):
        yield from logged(file)


def logged(file: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LOG:
            for part in node.args[:1]:
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield f"{file.name} {node.lineno}", part.value


@pytest.mark.parametrize("words", AVOIDED, ids=lambda words: AVOIDED[words])
def test_the_words_of_the_glossary_are_used(words: str) -> None:
    found = [
        f"{where}: {text.strip()[:90]}" for where, text in said() if re.search(words, text, re.IGNORECASE)
    ]

    assert found == [], AVOIDED[words]


GONE = frozenset(
    (
        "untold",
        "bones",
        "solid",
        "News",
        "_doubt",
        "_silence",
        "_told",
        "_tell",
        "held_back",
        "romanize",
        "verdicts_known",
    )
)
"""Names that said too little, or two things; the glossary's words took their place."""


def names(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.arg):
            yield node.arg


def test_code_uses_the_words_of_the_glossary_too() -> None:
    found = {
        f"{file.relative_to(ROOT)}: {name}"
        for package in ("streams", "screening", "config")
        for file in (ROOT / package).rglob("*.py")
        for name in GONE.intersection(names(file))
    }

    assert found == set()
