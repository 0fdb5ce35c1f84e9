"""What `interdict demo` draws where there is no terminal, and which broker it plays on."""

import asyncio
import signal
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from rich.console import Console

from streams.cli import main
from streams.commands import demo
from streams.demo import view
from streams.demo.story import Story


class Stage:
    """A play of two scenes, and then nothing more."""

    headline = console_url = ""

    def __init__(self) -> None:
        self.story = Story()
        self.over = False

    async def play(self) -> None:
        try:
            self.headline = "two"  # scenes and addresses that come in no order
            await asyncio.sleep(0.02)
            self.headline, self.console_url = "one", "http://there"
            await asyncio.sleep(0.02)
            self.console_url = "http://here"
            await asyncio.sleep(0.02)
            await asyncio.Event().wait()
        finally:
            self.over = True


async def test_without_a_terminal_each_scene_is_a_line_until_a_signal_ends_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = asyncio.sleep
    monkeypatch.setattr(demo, "asyncio", SimpleNamespace(**{**vars(asyncio), "sleep": lambda _: real(0.001)}))
    out, stage = StringIO(), Stage()
    given: Any = stage
    asyncio.get_running_loop().call_later(0.2, signal.raise_signal, signal.SIGTERM)
    async with asyncio.timeout(20):
        await demo._perform(given, Console(file=out, width=80))

    told = ["two", "one", "live console http://there", "live console http://here"]
    assert out.getvalue().splitlines() == told
    assert stage.over


async def test_on_a_terminal_the_picture_is_drawn_anew_and_taken_away_at_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn = list[Any]()

    class Live:
        def __init__(self, **how: Any) -> None:
            drawn.append({name: given for name, given in how.items() if name != "console"})

        def __enter__(self) -> "Live":
            return self

        def __exit__(self, *error: object) -> None:
            drawn.append("over")

        def update(self, picture: Any, *, refresh: bool) -> None:
            drawn.append((picture, refresh))
            if len(drawn) == 3:
                raise asyncio.CancelledError

    stage, slept = Stage(), list[float]()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        stage.headline = "two"

    stage.headline = "one"
    monkeypatch.setattr(demo, "Live", Live)
    monkeypatch.setattr(view, "screen", lambda _, *, headline, console_url: headline + console_url)
    monkeypatch.setattr(demo, "asyncio", SimpleNamespace(sleep=sleep))
    given: Any = stage
    with pytest.raises(asyncio.CancelledError):
        await demo._draw(given, Console(file=StringIO(), force_terminal=True))

    assert drawn == [{"auto_refresh": False, "transient": True}, ("one", True), ("two", True), "over"]
    assert slept == [0.25]


def test_a_broker_that_is_given_is_played_on() -> None:
    with demo._broker("kafka:9092") as bootstrap:
        assert bootstrap == "kafka:9092"
    with demo._broker(None) as bootstrap:
        assert bootstrap.startswith("127.0.0.1:")


@pytest.mark.parametrize(
    ("given", "prefix", "web_port", "created"),
    [
        ((), "", 0, []),
        (("--broker", "b:1", "--web-port", "6066"), demo.DEMO_PREFIX, 6066, [(demo.DEMO_PREFIX, 4)]),
    ],
)
@pytest.mark.parametrize("shown", [True, False])
def test_topics_of_its_own_are_made_on_a_given_broker_and_the_end_is_an_exit_code(
    monkeypatch: pytest.MonkeyPatch,
    given: tuple[str, ...],
    prefix: str,
    web_port: int,
    created: list[Any],
    shown: bool,
) -> None:
    made, staged = list[Any](), list[Any]()

    class Admin:
        def __init__(self, client: Any, prefix: str) -> None:
            assert client["bootstrap.servers"] == "b:1"
            self.prefix = prefix

        def create(self, partitions: int) -> None:
            made.append((self.prefix, partitions))

    async def perform(*_: object) -> None:
        if not shown:
            staged[0][2].companies["Versor"].hits_before = 1

    monkeypatch.setattr(demo, "TopicAdmin", Admin)
    monkeypatch.setattr(demo, "Stage", lambda *parts: staged.append(parts))
    monkeypatch.setattr(demo, "_perform", perform)
    done = CliRunner().invoke(main, ["demo", "--seconds", "10", "--seed", "5", *given])

    ((settings, seconds, _, seed),) = staged
    assert (settings.topic_prefix, settings.web_port, seconds, seed) == (prefix, web_port, 10.0, 5)
    assert made == created
    assert done.exit_code == (0 if shown else 1), done.output
    assert ("not as it must be" in done.output) is not shown
