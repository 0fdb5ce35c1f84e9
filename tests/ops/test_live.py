"""Every query of every dashboard and every recording rule, asked of a real Prometheus under load."""

import asyncio
import math
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import yaml
from aiohttp import web
from prometheus_client import start_http_server

from config.grafana.boards import DASHBOARDS
from config.grafana.panels import to_json
from config.settings import load_settings
from screening.decisions import ListState, Outcome
from screening.policy.answers import Cause
from streams.answers.metrics import AnswerMetrics
from streams.console.opening import console_of
from streams.console.standalone import ConsoleServer
from streams.customers.metrics import CustomerMetrics
from streams.customers.shelf import Trigger
from streams.records.customers import Proof
from tests.kafka.broker import free_port
from tests.ops.live import live_worker
from tests.ops.prometheus import CONFIG, binary

RULES = CONFIG / "prometheus" / "rules"
PATIENCE_SECONDS = 40.0  # seconds suffice; a busy machine may take more
LOAD_SECONDS = 8.0
VARIABLES = {"$job": "interdict", "$instance": ".*", "$__rate_interval": "15s"}


async def test_every_panel_and_recording_rule_answers_under_load(tmp_path: Path) -> None:
    async with (
        live_worker() as worker,
        watched_list(worker.bootstrap, tmp_path) as lists,
        desk(worker.bootstrap) as console,
        gate_and_customers() as (gate, customers),
        prometheus(
            {
                "interdict": worker.url,
                "interdict-lists": lists,
                "interdict-console": console,
                "interdict-answers": gate,
                "interdict-customers": customers,
            },
            tmp_path,
        ) as ask,
    ):
        paying = asyncio.create_task(worker.keep_paying())
        await worker.lists.begin("2023-08-16")
        await worker.lists.entry("44521", "VERSOR S.R.O.")
        await worker.lists.commit("2023-08-16")
        await asyncio.sleep(LOAD_SECONDS)
        # once more, so that the histogram has two samples to take a rate from
        await worker.lists.begin("2023-08-17")
        await worker.lists.entry("44520", "DEFENSE ENGINEERING")
        await worker.lists.commit("2023-08-17")
        silent = queries()
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while silent and time.monotonic() < give_up_at:
            await asyncio.sleep(1)
            silent = [(where, query) for where, query in silent if not await ask(query)]
        paying.cancel()

    assert silent == []


async def test_metrics_of_a_live_worker_count_what_it_decided() -> None:
    async with live_worker() as worker, aiohttp.ClientSession(worker.url) as client:
        await worker.pay("Ashot Mkrtychev")
        await worker.pay("Nordic Timber AB")
        wanted = (
            'interdict_payments_total{format="json",outcome="hit"} 1.0',
            'interdict_payments_total{format="json",outcome="clear"} 1.0',
        )

        text = ""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not all(line in text for line in wanted):
                async with client.get("metrics") as answer:
                    text = await answer.text()

        assert 'interdict_hits_total{action="hold",list="ofac",role="creditor"} 1.0' in text
        assert 'interdict_list_version_info{list="ofac",' in text


async def test_a_payments_trace_is_the_exemplar_of_its_latency() -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    header = ("traceparent", f"00-{trace}-b7ad6b7169203331-01".encode())
    accept = {"Accept": "application/openmetrics-text; version=1.0.0"}
    async with live_worker() as worker, aiohttp.ClientSession(worker.url) as client:
        payment = b'{"id": "P-1", "parties": [{"role": "creditor", "name": "Nordic Timber AB"}]}'
        await worker.producer.send("payments", payment, headers=[header])
        async with asyncio.timeout(PATIENCE_SECONDS):
            text = ""
            while trace not in text:
                async with client.get("metrics", headers=accept) as answer:
                    text = await answer.text()

    (line,) = [line for line in text.splitlines() if trace in line]
    assert line.startswith("interdict_end_to_end_seconds_bucket")


async def test_a_collector_named_in_the_environment_is_sent_the_spans() -> None:
    posted: asyncio.Queue[bytes] = asyncio.Queue()

    async def take(request: web.Request) -> web.Response:
        await posted.put(await request.read())
        return web.Response(content_type="application/x-protobuf")

    collector = web.Application()
    collector.router.add_post("/v1/traces", take)
    runner = web.AppRunner(collector)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    endpoint = f"http://127.0.0.1:{runner.addresses[0][1]}"
    trace = bytes.fromhex("0af7651916cd43dd8448eb211c80319c")
    header = ("traceparent", f"00-{trace.hex()}-b7ad6b7169203331-01".encode())

    async with live_worker(OTEL_EXPORTER_OTLP_ENDPOINT=endpoint, OTEL_BSP_SCHEDULE_DELAY="200") as worker:
        payment = b'{"id": "P-1", "parties": [{"role": "creditor", "name": "Nordic Timber AB"}]}'
        await worker.producer.send("payments", payment, headers=[header])
        body = await asyncio.wait_for(posted.get(), PATIENCE_SECONDS)
    await runner.cleanup()

    assert trace in body
    assert b"process payments" in body


def queries() -> list[tuple[str, str]]:
    """Where each query stands, and the query as Grafana would send it."""
    panels = [
        (f"{board.title}, {panel['title']}", target["expr"])
        for board in DASHBOARDS
        for panel in to_json(board)["panels"]
        for target in panel.get("targets", ())
        if "ALERTS{" not in target["expr"]  # nothing fires here
    ]
    recorded = [
        (rule["record"], rule["record"])
        for group in yaml.safe_load((RULES / "recording.yml").read_text())["groups"]
        for rule in group["rules"]
    ]
    return [(where, _filled(query)) for where, query in panels + recorded]


def _filled(query: str) -> str:
    for name, value in VARIABLES.items():
        query = query.replace(name, value)
    return query


@asynccontextmanager
async def watched_list(bootstrap: str, folder: Path) -> AsyncIterator[str]:
    """`interdict lists watch` on a private list; yields the address of its metrics."""
    (folder / "watched.csv").write_text("uid,name\n1,Juniper Textiles BV\n")
    port = free_port()
    watch = ("lists", "watch", "csv", str(folder / "watched.csv"), "--name", "watched", "--every", "1")
    process = await asyncio.create_subprocess_exec(
        *(str(Path(sys.executable).with_name("interdict")), *watch),
        *("--broker", bootstrap, "--metrics-port", str(port)),
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def desk(bootstrap: str) -> AsyncIterator[str]:
    """A console that is asked twice a second."""
    console = console_of(load_settings(broker=bootstrap), ())

    async def ask(client: aiohttp.ClientSession) -> None:
        while True:
            for path in ("desk/work", "desk/records"):
                async with client.get(path):
                    pass
            await asyncio.sleep(0.5)

    server = ConsoleServer("127.0.0.1", 0, console)
    async with server, aiohttp.ClientSession(server.url) as client:
        asking = asyncio.create_task(ask(client))
        yield server.url
        asking.cancel()


@asynccontextmanager
async def gate_and_customers() -> AsyncIterator[tuple[str, str]]:
    """The metrics of a gate and of a customer service, counting as they do; yields the addresses."""
    gate, customers = AnswerMetrics(), CustomerMetrics()
    lately = datetime.now(UTC)
    customers.proved(Proof(0, 1, 1, "", ListState(), "", "", lately, lately))

    async def go_on() -> None:
        while True:
            gate.answered(Cause.CLEAR, "release", time.time())
            customers.screened(Trigger.LIST, Outcome.CLEAR, 0.001)
            customers.effective(0.1)
            await asyncio.sleep(0.2)

    ports = free_port(), free_port()
    serving = [
        start_http_server(port, "127.0.0.1", registry)
        for port, registry in zip(ports, (gate.registry, customers.registry), strict=True)
    ]
    going = asyncio.create_task(go_on())
    yield f"http://127.0.0.1:{ports[0]}/", f"http://127.0.0.1:{ports[1]}/"
    going.cancel()
    for server, thread in serving:
        server.shutdown()
        server.server_close()
        thread.join()


@asynccontextmanager
async def prometheus(targets: dict[str, str], folder: Path) -> AsyncIterator[Any]:
    """A Prometheus that scrapes each job every second with our rules; yields a function that asks it."""
    address = f"127.0.0.1:{free_port()}"
    config = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [f"{RULES}/*.yml"],
        "scrape_configs": [
            {"job_name": job, "static_configs": [{"targets": [url.removeprefix("http://").rstrip("/")]}]}
            for job, url in targets.items()
        ],
    }
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
    process = await asyncio.create_subprocess_exec(
        binary("prometheus"),
        f"--config.file={folder}/prometheus.yml",
        f"--storage.tsdb.path={folder}/data",
        f"--web.listen-address={address}",
        "--log.level=warn",
    )
    try:
        async with aiohttp.ClientSession(f"http://{address}/") as client:
            await _up(client)

            async def ask(query: str) -> list[float]:
                """The values that are numbers; none when the query found no series or only NaN."""
                async with client.get("api/v1/query", params={"query": query}) as answer:
                    told = await answer.json()
                assert told["status"] == "success", (query, told)
                values = [float(series["value"][1]) for series in told["data"]["result"]]
                return [value for value in values if not math.isnan(value)]

            yield ask
    finally:
        process.terminate()
        await process.wait()


async def _up(client: aiohttp.ClientSession) -> None:
    async with asyncio.timeout(30):
        while True:
            with suppress(aiohttp.ClientError):
                async with client.get("-/ready") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.1)
