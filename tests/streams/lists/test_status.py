"""Lists in force: the topic's own view, and what workers say against it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from streams.kafka.embedded import EmbeddedBroker
from streams.lists.asking import ask_workers
from streams.lists.status import ListVersionThere, TopicLists, WorkerLists, read_topic
from tests.streams.list_topic import ListTopic

NOW = datetime(2023, 8, 16, 14, tzinfo=UTC)
V1 = ListVersionThere("v1", 2, "aa", NOW)
V2 = ListVersionThere("v2", 2, "bb", NOW)


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker({"designations": 1}) as embedded:
        yield embedded


async def test_the_topic_tells_versions_publications_under_way_and_contradictions(
    broker: EmbeddedBroker,
) -> None:
    async with ListTopic(broker.bootstrap) as topic:
        await topic.begin("v1")
        await topic.entry("1", "Somebody")
        end = await topic.commit("v1") + 1
        whole = read_topic({"bootstrap.servers": broker.bootstrap}, "designations")
        await topic.commit("v2", missing=1)
        await topic.begin("v3")
        broken = read_topic({"bootstrap.servers": broker.bootstrap}, "designations")

    assert (whole.lists["ofac"].version, whole.lists["ofac"].entries, whole.end) == ("v1", 1, end)
    assert (whole.problems, dict(whole.coming)) == ([], {})
    assert dict(broken.coming) == {"ofac": "v3"}
    assert "v2" in broken.problems[0]


@pytest.mark.parametrize(
    ("lists", "offset", "state"),
    [
        ({"ofac": V2}, 10, "in force"),
        ({"ofac": V1}, 9, "behind"),
        ({"ofac": replace(V2, sha256="cc")}, 10, "differs"),
        ({"ofac": V1}, 10, "differs"),
        ({}, 10, "absent"),
        ({}, 0, "behind"),
    ],
)
def test_a_worker_is_in_force_behind_or_different(
    lists: dict[str, ListVersionThere], offset: int, state: str
) -> None:
    assert WorkerLists("w", lists, offset).state("ofac", TopicLists({"ofac": V2}, end=10)) == state


async def test_workers_answer_or_say_why_they_cannot_be_counted() -> None:
    status: dict[str, Any] = {
        "worker": "host:1",
        "lists": {"ofac": {"version": "v1", "entries": 2, "sha256": "aa", "applied_at": NOW.isoformat()}},
        "offsets": {"0": 12},
    }

    async def answer(request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != "Bearer secret":
            return web.Response(status=401)
        return web.json_response(status)

    async def other(_: web.Request) -> web.Response:
        return web.json_response({"hello": "world"})

    async def broken(_: web.Request) -> web.Response:
        return web.Response(status=400)

    app = web.Application()
    app.router.add_get("/broken/status.json", broken)
    app.router.add_get("/status.json", answer)
    app.router.add_get("/other/status.json", other)
    async with TestServer(app) as server:
        url = str(server.make_url("/"))
        (worker,) = await ask_workers([url], "secret")
        locked, foreign, away = await ask_workers([url, f"{url}other", "http://127.0.0.1:1"])
        (failed,) = await ask_workers([f"{url}broken/"])

    assert (worker.worker, worker.lists["ofac"], worker.offset) == ("host:1", V1, 12)
    assert "--token" in locked.error
    assert failed.error == f"{url}broken/ answered 400"
    assert "no worker of ours" in foreign.error
    assert "did not answer" in away.error
