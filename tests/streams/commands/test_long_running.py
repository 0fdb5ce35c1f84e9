"""What long-running commands hand to what does their work, and what they say meanwhile."""

import asyncio
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
import rich_click as click
from click.testing import CliRunner

from screening.cases.dispositions import SuppressionRules
from screening.evaluation.variations import KINDS
from streams.cli import main
from streams.commands import answers, audit, effectiveness, lookback, suggest, worker
from streams.kafka import promises
from streams.lookback.run import Report
from streams.offline.policies import load_policy, load_suggestions
from tests.streams.commands.test_progress import ERASED, terminal_of

Patch = pytest.MonkeyPatch


def said_by(did: list[Any], what: str) -> Callable[[], AbstractContextManager[None]]:
    """In place of a context that does something: it is noted."""

    def noted() -> AbstractContextManager[None]:
        did.append(what)
        return nullcontext()

    return noted


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("as_json", [False, True])
def test_a_lookback_that_follows_ends_in_order_and_tells_each_run(
    as_json: bool, number: signal.Signals, monkeypatch: Patch
) -> None:
    did: list[Any] = []

    class Metrics:
        registry = "registry"

        def looked(self) -> None:
            did.append("looked")

        def done(self, report: Report) -> None:
            did.append(("done", report.payments))

    class Follower:
        def __init__(self, client: Any, topics: Any, policy: Any, **more: Any) -> None:
            did.append((client["bootstrap.servers"], topics.prefix, policy))
            self.progress, self.done = more.pop("progress"), more.pop("done")
            assert more.pop("snapshots") is not None
            did.append(more)

        def run(self, stop: Any) -> None:
            self.progress(Report(1, planned=4, payments=2))
            self.done(Report(1, planned=4, payments=4, alerts=1))
            did.append(stop())
            signal.raise_signal(number)
            did.append(stop())

    monkeypatch.setattr(lookback, "LookbackMetrics", Metrics)
    monkeypatch.setattr(lookback, "Follower", Follower)
    monkeypatch.setattr(lookback, "serve_metrics", lambda *given: did.append(("served", *given[:2])))
    monkeypatch.setattr(lookback, "end_when_the_clock_is_set_back", said_by(did, "clock"))
    monkeypatch.setattr(lookback, "reader_of", lambda _: "reader")
    before = [signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)]
    try:
        words = ["lookback", "--follow", "--since", "2h", "--broker", "b:1", "--prefix", "t-", "--group", "g"]
        words += ["--json"] if as_json else []
        done = CliRunner().invoke(main, words, env={"INTERDICT_AUDIT_KEY": "k" * 32})
    finally:
        for each, handler in zip((signal.SIGTERM, signal.SIGINT), before, strict=True):
            signal.signal(each, handler)

    assert done.exit_code == 0, done.output
    assert did == [
        ("served", "registry", None),
        "clock",
        ("b:1", "t-", load_policy(None)),
        {
            "window_seconds": 7200.0,
            "group": "g",
            "rules": SuppressionRules(),
            "key": b"k" * 32,
            "read": "reader",
        },
        "looked",
        ("done", 4),
        "looked",
        False,
        "looked",
        True,
    ]
    if as_json:
        assert orjson.loads(done.stdout)["payments"] == 4
    else:
        assert done.stdout.startswith("4 payments against 1 designations: 1 new alerts, ")


def test_a_worker_is_made_of_its_settings_once_its_port_is_free(monkeypatch: Patch) -> None:
    did: list[Any] = []

    class Faust:
        spinner: object = "which writes marks for a terminal into logs"

        def __init__(self, app: Any, **more: Any) -> None:
            assert more.pop("stdout") is sys.stderr
            did.append((app, more))

        def execute_from_commandline(self) -> None:
            did.append(("runs", self.spinner))

    monkeypatch.setattr(worker, "map_large_blocks", lambda: did.append("blocks"))
    monkeypatch.setattr(worker, "security_warnings", lambda _: ["in clear", "no key"])
    monkeypatch.setattr(worker, "check_port", lambda *port: did.append(port))
    monkeypatch.setattr(worker, "Worker", lambda settings, policy: (settings.group, settings.broker, policy))
    monkeypatch.setattr(worker, "FaustWorker", Faust)
    monkeypatch.setattr(worker.log, "warning", lambda *said: did.append(said))
    words = [
        "--broker",
        "b:1",
        "--group",
        "g",
        "--web-host",
        "::1",
        "--web-port",
        "7",
        "--log-level",
        "debug",
    ]
    done = CliRunner().invoke(main, ["worker", *words])

    assert done.exit_code == 0, done.output
    assert did == [
        "blocks",
        ("%s", "in clear"),
        ("%s", "no key"),
        ("::1", 7),
        (("g", "b:1", load_policy(None)), {"loglevel": "DEBUG", "redirect_stdouts": False, "quiet": False}),
        ("runs", None),
    ]


def test_an_export_of_the_audit_is_of_four_topics_into_a_folder_that_is_made(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    asked: list[Any] = []

    def export(client: Any, topics: Any, folder: Path, key: bytes) -> Any:
        assert folder.is_dir()
        asked.append((client["bootstrap.servers"], topics, folder, key))
        return SimpleNamespace(manifest="m-1.json", records=7, files=2)

    monkeypatch.setattr(audit, "export", export)
    folder = tmp_path / "new" / "archive"
    for _ in range(2):
        words = ["audit", "export", "--broker", "b:1", "--prefix", "t-", str(folder)]
        done = CliRunner().invoke(main, words, env={"INTERDICT_AUDIT_KEY": "k" * 32})
        assert (done.exit_code, done.output) == (0, "m-1.json: 7 records in 2 files\n")

    names = ("audit", "decisions", "alerts", "dead-letters")
    assert asked == [("b:1", tuple(f"t-screening.{name}" for name in names), folder, b"k" * 32)] * 2


@pytest.mark.parametrize("is_terminal", [False, True])
def test_an_audit_says_every_five_seconds_how_fast_it_is(is_terminal: bool, monkeypatch: Patch) -> None:
    now, said = [1_000.0], list[str]()
    monkeypatch.setattr(audit, "time", SimpleNamespace(time=lambda: now[0]))
    monkeypatch.setattr(audit, "sys", SimpleNamespace(stderr=SimpleNamespace(isatty=lambda: is_terminal)))
    monkeypatch.setattr(click, "echo", lambda text, err: said.append(f"{text} {err}"))
    report = audit._progress(now[0])
    for seconds, records in ((5.0, 10_000), (5.1, 20_400), (10.0, 30_000), (10.2, 51_000)):
        now[0] = 1_000.0 + seconds
        seen: Any = SimpleNamespace(records=records)
        report(seen)

    lines = ["20,400 records, 4,000 a second True", "51,000 records, 5,000 a second True"]
    assert said == (lines if is_terminal else [])


@pytest.mark.parametrize("is_terminal", [False, True])
def test_what_is_measured_shows_how_many_names_are_tried_of_all(
    is_terminal: bool, monkeypatch: Patch
) -> None:
    terminal: Any = terminal_of(monkeypatch)
    terminal.isatty = lambda: is_terminal

    def measure(match: Any, entries: Any, names: Any, per_kind: int, advance: Any) -> Any:
        for count in (1, 2):
            advance(count)
        return match, entries, names, per_kind

    monkeypatch.setattr(effectiveness, "measure", measure)
    given: Any = ("match", ["entry"], ["Ann", "Ben"], 5)

    assert effectiveness._measured(*given) == given
    total = len(KINDS) * 5 + 2
    assert (f"3/{total}" in terminal.getvalue()) is is_terminal
    assert ("trying names" in terminal.getvalue()) is is_terminal
    assert terminal.getvalue().endswith(ERASED if is_terminal else "")


@pytest.mark.parametrize("vanishing", ["t-screening.stops", "t-screening.dispositions"])
def test_no_payment_is_answered_while_stops_or_dispositions_vanish_with_age(
    vanishing: str, monkeypatch: Patch
) -> None:
    """A gate began again without the stops that were gone, and what they were about waited for ever."""

    async def wrong_cleanup(client: Any, topic: str) -> str:
        assert client["bootstrap_servers"] == "b:1"
        return f"{topic}: cleanup.policy is delete" if topic == vanishing else ""

    monkeypatch.setattr(promises, "wrong_cleanup", wrong_cleanup)
    monkeypatch.setattr(answers, "begin", lambda _: None)
    monkeypatch.setattr(answers, "stop_signals", list)
    words = ["answers", "run", "--broker", "b:1", "--prefix", "t-"]
    done = CliRunner().invoke(main, words, env={"INTERDICT_ANSWERS": "true"})

    assert done.exit_code == 2
    assert f"{vanishing}: cleanup.policy is delete; until then no payment is answered" in done.output


@pytest.mark.parametrize("follow", [[], ["--follow"]])
def test_nobody_looks_back_while_dispositions_vanish_with_age(follow: list[str], monkeypatch: Patch) -> None:
    """A payment that only a true positive makes a hit was not alerted."""

    async def wrong_cleanup(_: Any, topic: str) -> str:
        return f"{topic}: cleanup.policy is delete"

    monkeypatch.setattr(promises, "wrong_cleanup", wrong_cleanup)
    done = CliRunner().invoke(main, ["lookback", "--broker", "b:1", "--prefix", "t-", *follow])

    assert done.exit_code == 2
    assert "t-screening.dispositions: cleanup.policy is delete; until then nobody looks back" in done.output


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("start", [None, "beginning", "now"])
def test_answers_are_given_until_a_signal(
    number: signal.Signals, start: str | None, monkeypatch: Patch
) -> None:
    did: list[Any] = []

    class Service:
        def __init__(self, client: Any, topics: Any, group: str, *given: Any) -> None:
            did.append((client["bootstrap.servers"], topics.prefix, group, given[0], given[-1]))
            assert given[-2] is metrics

        def run(self, stopping: Any) -> None:
            did.append(stopping())
            signal.raise_signal(number)
            did.append(stopping())

    monkeypatch.setattr(answers, "Service", Service)
    metrics = SimpleNamespace(registry="registry")
    monkeypatch.setattr(answers, "AnswerMetrics", lambda: metrics)
    monkeypatch.setattr(answers, "serve_metrics", lambda *_: None)
    monkeypatch.setattr(answers, "begin", lambda _: did.append("began"))
    monkeypatch.setattr(answers, "end_when_the_clock_is_set_back", said_by(did, "clock"))
    before = [signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)]
    try:
        words = ["answers", "run", "--broker", "b:1", "--prefix", "t-", *(["--from", start] if start else ())]
        environment = {"INTERDICT_ANSWERS": "true", "INTERDICT_GROUP": "g"}
        done = CliRunner().invoke(main, words, env=environment)
    finally:
        for each, handler in zip((signal.SIGTERM, signal.SIGINT), before, strict=True):
            signal.signal(each, handler)

    assert done.exit_code == 0, done.output
    assert did == ["began", ("b:1", "t-", "g", 10.0, start), "clock", False, True]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize(("start", "oldest"), [((), False), (("--from", "beginning"), True)])
def test_suggestions_are_made_until_a_signal(
    number: signal.Signals, start: tuple[str, ...], oldest: bool, monkeypatch: Patch
) -> None:
    did: list[Any] = []
    metrics = SimpleNamespace(registry="registry")

    async def suggested(settings: Any, rules: Any, told: Any, stopping: Any, *, oldest: bool) -> None:
        did.append((settings.broker, rules, told is metrics, oldest, stopping.is_set()))
        signal.raise_signal(number)
        async with asyncio.timeout(10):
            await stopping.wait()
        did.append("stopped")

    monkeypatch.setattr(suggest, "run_suggestions", suggested)
    monkeypatch.setattr(suggest, "SuggestionMetrics", lambda: metrics)
    monkeypatch.setattr(suggest, "serve_metrics", lambda *given: did.append(given[:2]))
    monkeypatch.setattr(suggest, "begin", lambda _: did.append("began"))
    done = CliRunner().invoke(main, ["suggest", "run", "--broker", "b:1", *start])

    assert done.exit_code == 0, done.output
    rules = load_suggestions(None)
    assert did == ["began", ("registry", None), ("b:1", rules, True, oldest, False), "stopped"]
