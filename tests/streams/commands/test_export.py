"""What `interdict export` and `interdict suggest` do beside Kafka: the lines they write, and how they end."""

import asyncio
import json
import signal
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from screening.cases.dispositions import Disposition, Verdict
from streams.cli import main
from streams.commands import export, suggest
from streams.commands._options import settings_from
from streams.commands.export import target_name
from streams.export.webhook import WebhookRefusedError
from streams.records.json import disposition_to_json
from tests.streams.topics_in_memory import TopicsInMemory

SETTINGS = ("--broker", "b.example.com:9092", "--prefix", "p.")


def ended_by() -> list[bool]:
    """Whether this process, as it runs, takes SIGTERM and Ctrl-C as a word to end in order."""
    loop = asyncio.get_running_loop()
    return [loop.remove_signal_handler(number) for number in (signal.SIGTERM, signal.SIGINT)]


def test_an_alert_is_a_line_and_a_signal_ends_the_export(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[Any] = []

    async def forward(topic: str, group: str, *_: object, **more: Any) -> None:
        asked.extend((topic, group, *ended_by()))
        for body in (b'{"a": 1}', b'{"b": 2}'):
            await more["deliver"]("id", body)

    monkeypatch.setattr(export, "forward", forward)
    monkeypatch.setattr(export, "begin_with_the_next", lambda *_: asked.append("now"))
    done = CliRunner().invoke(main, ["export", "lines", *SETTINGS, "--name", "shipper"])

    assert (done.exit_code, done.stdout) == (0, '{"a": 1}\n{"b": 2}\n'), done.output
    assert asked == ["p.screening.alerts", "interdict-export-shipper", True, True]
    assert any("cross the network in clear text" in said for said in caplog.messages)


def test_suggestions_say_what_others_can_read_and_a_signal_ends_them(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[Any] = []

    async def run(settings: Any, *_: object, oldest: bool) -> None:
        asked.extend((settings.topic_prefix, oldest, *ended_by()))

    monkeypatch.setattr(suggest, "run_suggestions", run)
    done = CliRunner().invoke(main, ["suggest", "run", *SETTINGS, "--from", "beginning"])

    assert done.exit_code == 0, done.output
    assert asked == ["p.", True, True, True]
    assert any("cross the network in clear text" in said for said in caplog.messages)


def run_webhook(monkeypatch: pytest.MonkeyPatch, forward: Any, *words: str) -> Any:
    monkeypatch.setattr(export, "forward", forward)
    return CliRunner().invoke(main, ["export", "webhook", *words, *SETTINGS])


@pytest.mark.parametrize("named", [False, True])
def test_a_webhook_is_a_group_of_its_own_and_a_message_it_refuses_is_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, named: bool
) -> None:
    asked, url = list[Any](), "https://cases.example.com/in?token=x"
    (tmp_path / "secret").write_text("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n")

    async def forward(topic: str, group: str, *_: object, **more: Any) -> None:
        asked.extend((topic, group, more["deliver"].__self__._key))
        raise WebhookRefusedError("it answered 404")

    monkeypatch.setattr(export, "begin_with_the_next", lambda _, *at: asked.append(at))
    words = (*("--name", "cases") * named, "--from", "now", "--secret-file", str(tmp_path / "secret"))
    done = run_webhook(monkeypatch, forward, url, *words)

    assert done.exit_code == 1
    told = " ".join(done.stderr.replace("│", " ").split())
    assert "it answered 404; it was not delivered, and will be tried again when started" in told
    group = "cases" if named else target_name("webhook", url)
    place = ("p.screening.alerts", f"interdict-export-{group}")
    assert asked[:3] == [place, *place]
    assert len(asked[3]) == 24


@pytest.mark.parametrize(
    ("url", "secret", "told"),
    [("http://cases.example.com/", None, "use https"), ("https://r/", "short", "secret")],
)
def test_an_endpoint_that_cannot_be_meant_is_a_usage_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str, secret: str | None, told: str
) -> None:
    (tmp_path / "secret").write_text(secret or "")
    given = ("--secret-file", str(tmp_path / "secret")) if secret else ()
    done = run_webhook(monkeypatch, None, url, *given)

    assert done.exit_code == 2 and told in " ".join(done.stderr.split())


def test_an_export_s_name_shows_the_host_alone() -> None:
    names = [target_name("webhook", url) for url in ("https://a.b/x", "https://a.b/y", "https://[::1]:8/")]

    assert names[0].startswith("webhook-a.b-") and names[0] != names[1]
    assert all(len(name.rpartition("-")[2]) == 8 for name in names)
    assert names[2].startswith("webhook-..1-")


async def test_a_word_to_end_breaks_off_the_wait_for_a_receiver_and_nothing_else_is_an_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings, given = settings_from(broker="b:1"), list[Any]()
    metrics: Any = None

    async def forward(*_: object, stopping: asyncio.Event, **more: Any) -> None:
        given.append(stopping)
        await more["deliver"]("waits", b"for ever")

    async def deliver(*_: object) -> None:
        begun.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(export, "forward", forward)
    monkeypatch.setattr(export, "begin_with_the_next", lambda *_: None)
    for said in (True, False):
        begun = asyncio.Event()
        task = asyncio.create_task(export._forward(settings, "alert", "n", deliver, metrics, "now"))
        await begun.wait()
        if said:
            export._stop(given[-1], task)
            await task
        else:
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        assert given[-1].is_set() is said
    export._stop(given[-1], None)
    assert given[-1].is_set()


def suggestion(
    alert_id: str, suggested: str, fingerprint: str, at: str = "2026-01-01T00:00:00+00:00"
) -> bytes:
    made = {"alert_id": alert_id, "suggested": suggested, "rule": "years", "suggested_at": at}
    pair = {"fingerprint": fingerprint, "designation_id": "ofac:1", "designation_fingerprint": "g"}
    return json.dumps(made | pair).encode()


@pytest.mark.parametrize(("wrong", "code"), [(False, 0), (True, 1)])
def test_suggestions_are_measured_by_the_dispositions_that_came_after_them(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, wrong: bool, code: int
) -> None:
    topics = TopicsInMemory()
    topics.stand_in(monkeypatch)
    at = datetime(2026, 1, 2, tzinfo=UTC).timestamp()
    topics.put("p.screening.suggestions", "A", suggestion("A", "false_positive", "f"))
    topics.put("p.screening.suggestions", "B", suggestion("B", "true_positive", "h"))
    topics.put("p.screening.suggestions", "C", b"no suggestion")
    topics.put("p.screening.suggestions", "D", None)
    ever = datetime(2100, 1, 1, tzinfo=UTC)
    one = Disposition("f", "ofac:1", "g", Verdict.FALSE_POSITIVE, "ann", "why", ever)
    if wrong:
        one = replace(one, verdict=Verdict.TRUE_POSITIVE)
    topics.put("p.screening.dispositions", one.key, disposition_to_json(one), at)
    topics.put("p.screening.dispositions", "x|y", b"no disposition", at)
    lines, told = (
        CliRunner().invoke(main, ["suggest", "measure", *SETTINGS, *more]) for more in ((), ("--json",))
    )

    assert (lines.exit_code, told.exit_code) == (code, code), lines.output
    assert lines.stdout.startswith("1 of 2 pairs have a disposition that came after their suggestion\n")
    assert json.loads(told.stdout)["cleared_wrongly"] == (["A"] if wrong else [])
    assert sum("cannot be read and is skipped" in said for said in caplog.messages) == 2 * 3
