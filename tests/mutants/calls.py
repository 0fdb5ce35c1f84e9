"""Which test calls which function of ours, as a run of the tests has seen it; kept between runs."""

import hashlib
import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from types import FrameType

from tests.mutants.replaced import outermost

KEPT = Path(".cache/mutants")
OURS = ("streams", "screening", "config")
STARTED = "subprocess.Popen"
"""What the interpreter tells of a process that is started, whose calls nobody sees here."""

Called = dict[str, list[str]]
"""The functions that were called, by module: those that stand in no other function."""


@dataclass(slots=True)
class Seen:
    """What one test did, once, with nothing changed."""

    called: Called
    seconds: float
    failed: bool
    process: bool
    """It started a process: which functions run there is not known."""


@dataclass(slots=True)
class Recording:
    """The tests of one file."""

    text: str
    """The hash of the file."""
    modules: dict[str, str]
    """The hash of each module of ours when they ran."""
    tests: dict[str, Seen] = field(default_factory=dict)

    def touches(self, file: str) -> bool:
        """Whether a test calls anything of the module."""
        return any(file in seen.called for seen in self.tests.values())


class Watch:
    """Sees which functions of a tree are called, and whether a process is started."""

    def __init__(self, tree: Path) -> None:
        self._roots = tuple(f"{tree / each}/" for each in OURS)
        self._from = len(str(tree)) + 1
        self.codes: set[tuple[str, str]] = set()
        self.process = False
        sys.addaudithook(self._heard)

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """While it lasts, in every thread that begins meanwhile, too."""
        self.codes, self.process = set(), False
        sys.settrace(self._trace)
        threading.settrace(self._trace)
        try:
            yield
        finally:
            sys.settrace(None)
            threading.settrace(None)

    def called(self) -> Called:
        found: dict[str, set[str]] = {}
        for file, name in self.codes:
            found.setdefault(file[self._from :], set()).add(outermost(name))
        return {file: sorted(names) for file, names in sorted(found.items())}

    def _trace(self, frame: FrameType, event: str, argument: object) -> Callable[..., None] | None:
        del event, argument
        if (file := frame.f_code.co_filename).startswith(self._roots):
            self.codes.add((file, frame.f_code.co_qualname))
        return None

    def _heard(self, event: str, arguments: object) -> None:
        del arguments
        if event == STARTED:
            self.process = True


def recorded(test: str, kind: str) -> Recording | None:
    """What is kept of a test file as it reads now."""
    path = _kept(test, kind)
    if not path.exists():
        return None
    held = json.loads(path.read_text())
    if held["text"] != _hash(test):
        return None
    return Recording(
        held["text"], held["modules"], {name: Seen(**seen) for name, seen in held["tests"].items()}
    )


def keep(test: str, kind: str, seen: dict[str, Seen]) -> Recording:
    """What was seen of a test file, written down."""
    path = _kept(test, kind)
    path.parent.mkdir(parents=True, exist_ok=True)
    made = Recording(_hash(test), dict(modules()), seen)
    path.write_text(json.dumps(asdict(made)))
    return made


@cache
def modules() -> dict[str, str]:
    """The hash of each module of ours as it reads."""
    return {str(path): _hash(str(path)) for each in OURS for path in sorted(Path(each).rglob("*.py"))}


def _kept(test: str, kind: str) -> Path:
    return KEPT / f"{test.replace('/', '.')}.{kind}.json"


def _hash(file: str) -> str:
    return hashlib.sha1(Path(file).read_bytes(), usedforsecurity=False).hexdigest()
