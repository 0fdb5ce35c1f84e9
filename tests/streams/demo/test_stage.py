"""The acts of the demo, what it sends and reads, and when its worker is ready; without either."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from config.settings import load_settings
from streams.demo import stage as stages
from streams.demo import worker as workers
from streams.demo.payments import COMPANIES
from streams.demo.stage import Stage
from streams.demo.story import Story
from streams.demo.worker import DemoError, _free_port, _ready, worker_process

SETTINGS = load_settings(broker="b:1", topic_prefix="t-")
Patch = pytest.MonkeyPatch


def new_stage(seconds: float | None = 40.0) -> Stage:
    return Stage(SETTINGS, seconds, Story(), 7)


@pytest.mark.parametrize(("seconds", "slept"), [(40.0, [20.0, 20.0]), (None, [15.0, float("inf")])])
async def test_payments_flow_before_and_after_the_designations_and_the_last_are_waited_for(
    monkeypatch: Patch, seconds: float | None, slept: list[float]
) -> None:
    one, did = new_stage(seconds), list[Any]()

    @asynccontextmanager
    async def paying() -> AsyncIterator[None]:
        did.append("pays")
        yield
        did.append("pays no more")

    async def sleep(length: float) -> None:
        did.append((length, one.headline, one.story.published))

    async def publish(designations: Any, source_date: str) -> None:
        did.append((source_date, len([*designations]) > 3))

    async def wait_for(coming: Any, length: float) -> None:
        coming.close()
        did.append((length, one.headline))
        raise TimeoutError

    monkeypatch.setattr(Stage, "_paying", lambda _: paying())
    monkeypatch.setattr(Stage, "_publish", lambda _, *given: publish(*given))
    monkeypatch.setattr(stages, "asyncio", SimpleNamespace(sleep=sleep, wait_for=wait_for))
    await one._acts()

    first, second = slept
    assert did == [
        "pays",
        (first, "payments are screened; three companies are not designated yet: clear", False),
        ("2023-08-16", True),
        (second, "designated: the next payment to any of the three is a hit", True),
        "pays no more",
        (10.0, "waiting for the last decisions"),
    ]


async def test_payments_are_sent_forty_a_second_until_they_are_not(monkeypatch: Patch) -> None:
    sent, slept = list[Any](), list[float]()
    real = asyncio.sleep

    class Producer:
        def __init__(self, **options: Any) -> None:
            assert (options["acks"], options["linger_ms"]) == ("all", 5)

        async def start(self) -> None:
            sent.append("start")

        async def stop(self) -> None:
            sent.append("stop")

        async def send(self, topic: str, value: bytes, key: bytes) -> None:
            assert topic == "t-payments" and b'"id"' in value
            sent.append(key)

    async def sleep(length: float) -> None:
        slept.append(length)
        await real(0)

    monkeypatch.setattr(stages, "AIOKafkaProducer", Producer)
    monkeypatch.setattr(asyncio, "sleep", sleep)
    one = new_stage()
    async with one._paying():
        while len(slept) < 3:
            await real(0)

    assert sent[:3] == ["start", b"DEMO-000001", b"DEMO-000002"]
    assert sent[-1] == "stop"
    assert set(slept) == {0.025}
    assert len(one.story.sent) == len(sent) - 2


async def test_what_is_in_force_is_read_from_the_worker_s_own_feed() -> None:
    first, second, _ = COMPANIES
    lines = [
        b"event: tick\n",
        b'data: {"designation": {"name": "%s"}, "effective_seconds": 9}\n' % first.encode(),
        b"\n",
        b"event: designation\n",
        b'data: {"designation": {"name": "%s LLC"}, "effective_seconds": 0.5}\n' % first.upper().encode(),
        b"event: designation\n",
        b'data: {"designation": {}, "effective_seconds": 0.7}\n',
        b"event: designation\n",
        b'data: {"more": "' + b"x" * 300_000 + b'", "designation": {"name": "%s"}, ' % second.encode(),
        b'"effective_seconds": 0.25}\n',
    ]

    async def events(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        await answer.write(b"".join(lines))
        return answer

    app = web.Application()
    app.router.add_get("/events", events)
    one = new_stage()
    async with TestServer(app) as server:
        one.console_url = str(server.make_url("/"))
        await one._read_feed()

    assert [company.effective_seconds for company in one.story.companies.values()] == [0.5, 0.25, None]


@pytest.mark.parametrize(("statuses", "ends", "ready"), [([503, 500, 200], None, True), ([503], 1, False)])
async def test_a_worker_is_ready_when_it_says_so_and_never_once_it_has_ended(
    statuses: list[int], ends: int | None, ready: bool
) -> None:
    process: Any = SimpleNamespace(returncode=None)
    left = list(statuses)

    async def answer(_: web.Request) -> web.Response:
        status = left.pop(0)
        if not left:
            process.returncode = ends
        return web.Response(status=status)

    app = web.Application()
    app.router.add_get("/ready", answer)
    async with TestServer(app) as server:
        assert await _ready(process, str(server.make_url("/ready"))) is ready
    assert left == []


async def test_one_that_nobody_hears_of_for_a_minute_is_given_up(monkeypatch: Patch) -> None:
    monkeypatch.setattr(workers, "READY_SECONDS", 0.3)
    process: Any = SimpleNamespace(returncode=None)

    assert await _ready(process, f"http://127.0.0.1:{_free_port()}/ready") is False


@pytest.mark.parametrize("ready", [True, False])
async def test_a_worker_is_started_on_its_port_and_ended_in_order_or_its_log_shown(
    monkeypatch: Patch, ready: bool
) -> None:
    did = list[Any]()

    class Process:
        returncode: int | None = None

        def terminate(self) -> None:
            did.append("terminated")

        async def wait(self) -> None:
            self.returncode = 0

    async def started(*words: str, stdout: Any, stderr: Any, process_group: int) -> Process:
        assert stdout is stderr and process_group == 0
        stdout.write(b"x" * 5_000 + b"the reason")
        did.append(words[1:])
        return Process()

    async def is_ready(_: Process, url: str) -> bool:
        did.append(url)
        return ready

    monkeypatch.setattr(asyncio, "create_subprocess_exec", started)
    monkeypatch.setattr(workers, "_ready", is_ready)
    settings = SETTINGS.model_copy(update={"web_port": 6_067})
    if ready:
        async with worker_process(settings) as url:
            assert url == "http://127.0.0.1:6067/"
    else:
        with pytest.raises(DemoError, match="the worker did not become ready") as told:
            async with worker_process(settings):
                pass
        said = str(told.value).partition("\n")[2]
        assert said.endswith("xthe reason") and len(said) == 4_000

    words = ("-m", "streams", "worker", "--broker", "b:1", "--prefix", "t-")
    assert did == [
        (*words, "--web-host", "127.0.0.1", "--web-port", "6067"),
        "http://127.0.0.1:6067/ready",
        "terminated",
    ]


@pytest.mark.parametrize("fails", [False, True])
async def test_the_list_stands_before_its_worker_starts_and_what_is_watched_ends_with_the_acts(
    monkeypatch: Patch, fails: bool
) -> None:
    one, did = new_stage(), list[Any]()

    async def publish(client: Any, designations: Any, **more: Any) -> None:
        did.append((client["bootstrap_servers"], len([*designations]) > 3, more, one.headline))

    @asynccontextmanager
    async def worker(settings: Any) -> AsyncIterator[str]:
        did.append((settings is SETTINGS, one.headline))
        yield "http://desk/"
        did.append("worker ends")

    async def watches(what: str) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            did.append(f"{what} no more")

    async def acts() -> None:
        await asyncio.sleep(0)
        did.append(("acts", one.console_url))
        if fails:
            raise DemoError("no broker")

    monkeypatch.setattr(stages, "publish", publish)
    monkeypatch.setattr(stages, "worker_process", worker)
    monkeypatch.setattr(Stage, "_read_decisions", lambda _: watches("decisions"))
    monkeypatch.setattr(Stage, "_read_feed", lambda _: watches("feed"))
    monkeypatch.setattr(Stage, "_acts", lambda _: acts())
    if fails:
        with pytest.raises(ExceptionGroup):
            await one.play()
    else:
        await one.play()

    publishing = "publishing the sample list as it stood on 15 August 2023"
    more = {"list_name": "sample", "topic": "t-designations", "source_date": "2023-08-15"}
    assert did[0] == ("b:1", True, more, publishing)
    starting = "a worker is starting: it reads the whole list before it takes a payment"
    assert did[1:3] == [(True, starting), ("acts", "http://desk/")]
    ended = ["decisions no more", "feed no more"]
    assert sorted(did[3:]) == (ended if fails else [*ended, "worker ends"])
