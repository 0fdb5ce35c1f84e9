"""Run in a copy of the tree: tries changes by tests that are collected once, each in a fork of that process.

A change within functions is made in memory; one of more than that (a constant, a class) has its tests
imported anew. Only the tests run that were seen to call what is changed, the cheapest first, those without
Kafka before those with it. Takes a JSON object on its input and gives a JSON line for each change.
"""

import importlib
import json
import math
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import monotonic
from types import CodeType

import pytest

from tests.mutants.calls import Recording, Seen, Watch, keep, modules, recorded
from tests.mutants.forked import End, end_in_order, forked
from tests.mutants.near import near
from tests.mutants.patience import mover, slower
from tests.mutants.replaced import Place, changed, names, replace

ON_KAFKA = frozenset(("kafka", "kafka_here", "registry"))
"""The fixtures of a test that needs a real broker or registry."""
LIBRARIES = ("faust", "aiokafka", "confluent_kafka", "orjson", "rich_click", "aiohttp", "prometheus_client")
"""What a fork need not import: none of it is changed."""
RECORDING_SECONDS = 900.0
LEAST_SECONDS, LEAST_ON_KAFKA = 15.0, 45.0
NOTES = os.dup(2)
FORGETS = "streams/"
"""Where nothing that was worked out is kept for the next test."""
QUICK_SECONDS = 40.0
"""The tests without Kafka for one change, by what they took when they were recorded."""
FAILED = 1
NOTHING_REPLACED = 2


@dataclass(slots=True)
class Change:
    """One that is tried."""

    number: int
    name: str
    file: str
    source: str
    codes: dict[Place, CodeType] | None = None
    """None: more than functions."""
    verdict: str = ""
    by: str = ""
    """The test that noticed it."""
    plan: dict[str, float] = field(default_factory=dict)
    """The tests for it, where they are imported anew, and the seconds after which each is stuck."""
    tests: int = 0
    """How many there were for it."""
    limits: tuple[float, float] = (0.0, 0.0)
    """Seconds after which they are stuck, and of CPU time."""

    @contextmanager
    def written(self) -> Iterator[None]:
        """In the file, too: for processes that tests start."""
        file = Path(self.file)
        whole = file.read_text()
        file.write_text(self.source)
        try:
            yield
        finally:
            file.write_text(whole)


@dataclass(slots=True, eq=False)
class Runs:
    """Runs items, and remembers the first that fails."""

    said: Path
    failed: str = field(default="", init=False)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.failed:
            self.failed = report.nodeid
            sys.stdout.write(f"FAILED {report.nodeid}\n{report.longreprtext[-3000:]}\n")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and not self.failed:
            self.failed = report.nodeid or "collection"

    def run(self, items: Sequence[pytest.Item]) -> int:
        """FAILED with the first that fails, whose name is left in a file then."""
        blamed = self.said.with_suffix(".blamed")
        blamed.write_text(self.failed)
        for item, after in zip(items, [*items[1:], None], strict=True):
            if not self.failed:
                blamed.write_text(item.nodeid)
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        return FAILED if self.failed else 0

    def blamed(self) -> str:
        """Which one failed in the last fork, or did not end."""
        with suppress(FileNotFoundError):
            return self.said.with_suffix(".blamed").read_text()
        return ""


@dataclass(slots=True, eq=False)
class Collected(Runs):
    """A run of pytest whose tests are collected, and tried in forks of it."""

    changes: Sequence[Change]
    tell: Callable[[Change], None]
    kafka: bool
    seconds: float
    watch: Watch = field(init=False)
    at_import: dict[str, list[str]] = field(default_factory=dict, init=False)
    by_file: dict[str, list[pytest.Item]] = field(default_factory=dict, init=False)
    known: dict[str, Recording] = field(default_factory=dict, init=False)

    @property
    def kind(self) -> str:
        return "kafka" if self.kafka else "quick"

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        sys.settrace(None)
        self.at_import = self.watch.called()
        for item in session.items:
            if bool(ON_KAFKA.intersection(getattr(item, "fixturenames", ()))) is self.kafka:
                self.by_file.setdefault(item.nodeid.partition("::")[0], []).append(item)
        self.failed = ""
        for change in self.changes:
            for tests in self._near(change.file):
                if not change.verdict and (items := self._chosen(change, tests)):
                    self._try(change, items)
            if not (change.verdict or change.plan or self.kafka or change.file.startswith(FORGETS)):
                self._plan_behind_memories(change)
            if not change.verdict and not change.plan:
                note(f"# passes {change.tests} tests ({self.kind}): {change.name}\n")
        return True

    @staticmethod
    def _near(file: str) -> tuple[list[str], list[str]]:
        """The tests in the folders like the module's own, and those elsewhere, which are asked then."""
        home = f"tests/{file.partition('/')[0]}/"
        tests = near(file)
        return [each for each in tests if each.startswith(home)], [
            each for each in tests if not each.startswith(home)
        ]

    def _plan_behind_memories(self, change: Change) -> None:
        """The tests that call anything of the module, imported anew: what a cache holds is made once, in the
        first test that asks for it or before all of them, and by what stood there then."""
        items = self._chosen(change, near(change.file), of_module=True)
        change.plan, change.limits = self._each(items), self._limits(items)
        change.tests = max(change.tests, len(items))

    def _try(self, change: Change, items: list[pytest.Item]) -> None:
        change.tests += len(items)
        change.limits = (change.limits[0] + self._limits(items)[0], change.limits[1] + self._limits(items)[1])
        if self._called(change) is None:
            change.plan |= self._each(items)
            return
        while items:
            with change.written():
                work, each = partial(self._changed, change, items), self._each(items)
                code = forked(work, self.said, *self._limits(items), mover(self.said, each))
            if code == NOTHING_REPLACED:
                change.plan |= self._each(items)
            if code in (0, NOTHING_REPLACED):
                return
            by = self.blamed()
            blamed = next((place for place, item in enumerate(items) if item.nodeid == by), 0)
            sure = code == FAILED and not self.kafka  # a process that died may have had too little memory
            if sure or not self._fails_unchanged(items[blamed]):
                change.verdict = "stuck" if code == End.STUCK else "killed"
                change.by = items[blamed].nodeid
                self.tell(change)
                return
            items = items[blamed + 1 :]

    def _changed(self, change: Change, items: Sequence[pytest.Item]) -> int:
        if not replace(Path(change.file).resolve(), change.codes or {}):
            return NOTHING_REPLACED
        return self.run(items)

    def _each(self, items: Iterable[pytest.Item]) -> dict[str, float]:
        """Each test and the seconds after which it is stuck. The first of a file may wait for a fixture of
        them all, which is whose it was when they were recorded."""
        longest: dict[str, float] = {}
        for item in items:
            file = item.nodeid.partition("::")[0]
            if file not in longest:
                longest[file] = max(seen.seconds for seen in self.known[file].tests.values())
        least = LEAST_ON_KAFKA if self.kafka else LEAST_SECONDS
        return {item.nodeid: least + slower() * longest[item.nodeid.partition("::")[0]] for item in items}

    def _fails_unchanged(self, item: pytest.Item) -> bool:
        """Tests on Kafka wait for each other's processes, and may fail where the machine is slow."""
        limits, each = self._limits([item]), self._each([item])
        return forked(lambda: self.run([item]), self.said, limits[0] + each[item.nodeid], limits[1]) != 0

    def _chosen(self, change: Change, tests: Iterable[str], *, of_module: bool = False) -> list[pytest.Item]:
        """Of these files the tests that call what is changed, within the time for one change."""
        called = None if of_module else self._called(change)
        found: list[tuple[bool, float, int, pytest.Item]] = []
        for test in tests:
            for item in self.by_file.get(test, ()):
                seen = self._recording(test, change.file).tests.get(item.nodeid)
                if seen is None or seen.failed:
                    continue
                certain = self._certain(seen, change.file, called) or _is_about(item, change.file)
                if certain or seen.process or (called is None and not self._lives(change.file, test)):
                    found.append((not certain, seen.seconds, len(found), item))
        chosen: list[pytest.Item] = []
        total = 0.0
        for _, seconds, _, item in sorted(found):
            if chosen and (total := total + seconds) > self.seconds:
                break
            chosen.append(item)
        return chosen

    def _called(self, change: Change) -> set[str] | None:
        """The functions that are changed; None where it shows without a call: of more than functions, and of
        one that runs when the module is imported, as what makes decorators."""
        found = names(change.codes) if change.codes is not None else {""}
        return found if found and found.isdisjoint((*self.at_import.get(change.file, ()), "")) else None

    def _certain(self, seen: Seen, file: str, called: set[str] | None) -> bool:
        return file in seen.called if called is None else not called.isdisjoint(seen.called.get(file, ()))

    def _lives(self, file: str, test: str) -> bool:
        """Whether some test of the file calls something of the module: a module of constants has no calls."""
        return self._recording(test, file).touches(file)

    def _recording(self, test: str, file: str) -> Recording:
        """Of a test file, made with the module as it is, if it calls any of it."""
        held = self.known.get(test) or recorded(test, self.kind)
        if held is None or (held.modules.get(file) != modules().get(file) and held.touches(file)):
            held = self._record(test)
        self.known[test] = held
        return held

    def _record(self, test: str) -> Recording:
        began = monotonic()
        forked(lambda: self._watched(test), self.said, RECORDING_SECONDS)
        left = self.said.with_suffix(".seen")
        held = json.loads(left.read_text()) if left.exists() else {}
        left.unlink(missing_ok=True)
        seen = {name: Seen(**each) for name, each in held.items()}
        failed = [name for name, each in seen.items() if each.failed]
        note(
            f"# {test} ({self.kind}): {len(seen)} of {len(self.by_file[test])} tests seen in"
            f" {monotonic() - began:.0f} s; they fail without a change: {failed}\n"
        )
        return keep(test, self.kind, seen)

    def _watched(self, test: str) -> int:
        seen: dict[str, dict[str, object]] = {}
        items = self.by_file[test]
        for item, after in zip(items, [*items[1:], None], strict=True):
            self.failed, began = "", monotonic()
            with self.watch():
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            seen[item.nodeid] = {
                "called": self.watch.called(),
                "seconds": monotonic() - began,
                "failed": bool(self.failed),
                "process": self.watch.process,
            }
            self.said.with_suffix(".seen").write_text(json.dumps(seen))
        return 0

    def _limits(self, items: Iterable[pytest.Item]) -> tuple[float, float]:
        """Seconds, and seconds of CPU time, after which tests count as stuck."""
        seen = [self.known[item.nodeid.partition("::")[0]].tests[item.nodeid] for item in items]
        once, least = sum(each.seconds for each in seen), LEAST_ON_KAFKA if self.kafka else LEAST_SECONDS
        return least + slower() * once, least + once


@dataclass(slots=True, eq=False)
class Planned(Runs):
    """A run of pytest that imports what is changed, and runs the tests that are planned for it."""

    plan: Sequence[str]
    ended: int = field(default=0, init=False)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        cases: dict[str, list[pytest.Item]] = {}
        for item in session.items:
            cases.setdefault(_uncased(item.nodeid), []).append(item)
        # a case that is named after what is changed has another name now
        found = [[items[name]] if name in items else cases.get(_uncased(name), []) for name in self.plan]
        self.ended = self.run(list(dict.fromkeys(item for each in found for item in each)))
        return True


def _uncased(name: str) -> str:
    """The test that the case of this name is one of."""
    return name.partition("[")[0]


def _is_about(item: pytest.Item, file: str) -> bool:
    """Whether it is the case of the module in a test that looks at every module."""
    return item.nodeid.endswith(f"[{file.removesuffix('.py').replace('/', '.')}]")


def note(line: str) -> None:
    """What no change is answered with, said where the first process says it, not in a fork's own output."""
    os.write(NOTES, line.encode())


def pytests(files: Iterable[str], plugin: Runs) -> None:
    """Raises RuntimeError where pytest itself fails."""
    options = ("-q", "-p", "no:cacheprovider", "--continue-on-collection-errors")
    end = pytest.main([*options, *files], plugins=[plugin])
    if end in (pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR):
        raise RuntimeError(f"pytest ended with {end}")


def planned(plan: Sequence[str], said: Path) -> int:
    """The end of the tests of `plan` with the change, all of it imported anew."""
    said.with_suffix(".blamed").write_text("")
    plugin = Planned(said, plan=plan)
    pytests(dict.fromkeys(name.partition("::")[0] for name in plan), plugin)
    return plugin.ended or (FAILED if plugin.failed else 0)


def collected(plugin: Collected, answers: Path) -> int:
    """What becomes of its changes, in `answers`; those that are noticed are told at once."""
    plugin.watch = Watch(Path.cwd())
    files = dict.fromkeys(test for change in plugin.changes for test in near(change.file))
    with plugin.watch():
        pytests(files, plugin)
    told = [
        [each.number, each.verdict, each.by, each.plan, each.tests, each.limits] for each in plugin.changes
    ]
    answers.write_text(json.dumps(told))
    return 0


def tried(changes: Sequence[Change], *, kafka: bool, seconds: float, tell: Callable[[Change], None]) -> None:
    """Try those without a verdict by the tests without Kafka, or those on it."""
    said, answers = Path("said.txt").resolve(), Path("answers.txt").resolve()
    left = {change.number: change for change in changes if not change.verdict}
    plugin = Collected(said, changes=[*left.values()], tell=tell, kafka=kafka, seconds=seconds)
    if forked(lambda: collected(plugin, answers), said.with_suffix(".all"), math.inf):
        raise RuntimeError(said.with_suffix(".all").read_text()[-3000:])
    for number, verdict, by, plan, tests, limits in json.loads(answers.read_text()):
        change = left[number]
        change.verdict, change.by, change.tests = verdict, by, change.tests + tests
        change.limits = tuple(limits)
        if plan and not verdict:
            change.plan = plan
            _anew(change, said, kafka=kafka)
            if change.verdict:
                tell(change)


def _anew(change: Change, said: Path, *, kafka: bool) -> None:
    """Noticed is whatever ends otherwise than well: a conftest that cannot be imported ends pytest itself.
    Of tests that may fail without the change only those that pass then."""
    plan = [*change.plan]
    while plan:
        with change.written():
            code = forked(partial(planned, plan, said), said, *change.limits, mover(said, change.plan))
        if not code:
            return
        by = Runs(said).blamed() or "collection"
        again = [by] if by in plan else plan
        sure = code == FAILED and by in plan and not kafka
        if sure or not forked(partial(planned, again, said), said, *change.limits):
            change.verdict, change.by = "stuck" if code == End.STUCK else "killed", by
            return
        plan = plan[plan.index(by) + 1 :] if by in plan else []


def main() -> None:
    """The changes of the input, each with what became of it, as `run.Verdict` names it."""
    end_in_order()
    asked = json.loads(sys.stdin.read())
    for library in LIBRARIES:
        importlib.import_module(library)
    sys.dont_write_bytecode = True
    answers = os.fdopen(os.dup(1), "w")

    def tell(change: Change) -> None:
        answers.write(json.dumps([change.number, change.verdict, change.by, change.tests]) + "\n")
        answers.flush()

    changes = [Change(number, *given) for number, given in enumerate(asked["changes"])]
    for change in changes:
        _read(change)
        if change.verdict:
            tell(change)
    modules()
    tried(changes, kafka=False, seconds=QUICK_SECONDS, tell=tell)
    if asked["kafka"]:
        tried(changes, kafka=True, seconds=asked["seconds"], tell=tell)
    for change in changes:
        if not change.verdict:
            change.verdict = "SURVIVED" if change.tests else "NOT RUN"
            tell(change)


def _read(change: Change) -> None:
    file = Path(change.file)
    try:
        change.codes = changed(file.resolve(), file.read_text(), change.source)
    except SyntaxError:
        # the tool takes the stars of `f(*names)` for an operator, too
        change.verdict = "no program"


if __name__ == "__main__":
    main()
