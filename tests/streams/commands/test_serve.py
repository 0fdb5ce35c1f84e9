"""`interdict serve` as it is started: it answers, and records what it is asked to."""

import asyncio
import subprocess
import sys
import time
from pathlib import Path

import httpx
import orjson

from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.topics import Topics
from tests.e2e.records import read_all
from tests.kafka.broker import free_port
from tests.streams.list_topic import ListTopic

ROOT = Path(__file__).parents[3]
PATIENCE_SECONDS = 60.0


async def publish(bootstrap: str) -> None:
    async with ListTopic(bootstrap) as topic:
        await topic.entry("44521", "VERSOR S.R.O.")
        await topic.commit()


def test_a_server_that_records_answers_and_its_decision_is_on_the_topic(tmp_path: Path) -> None:
    port = free_port()
    with EmbeddedBroker(dict(Topics().partitions(1))) as broker, (tmp_path / "log").open("w") as log:
        asyncio.run(publish(broker.bootstrap))
        command = (sys.executable, "-m", "streams", "serve", "--record", "--broker", broker.bootstrap)
        with subprocess.Popen([*command, "--port", str(port)], cwd=ROOT, stderr=log) as server:
            try:
                answer = screened(f"http://127.0.0.1:{port}", (tmp_path / "log"), server)
            finally:
                server.terminate()
        kept, checkpoints = (
            [orjson.loads(record.value or b"") for record in read_all(broker.bootstrap, topic)]
            for topic in (Topics().decisions, Topics().audit)
        )

    assert [each["outcome"] for each in answer["decisions"]] == ["hit"]
    assert [each["decision_id"] for each in kept] == [each["decision_id"] for each in answer["decisions"]]
    assert [each["kind"] for each in checkpoints] == ["begin", "end"]
    heads = {name: len(each["heads"]) for each in checkpoints for name in (each["kind"], each["writer"])}
    assert heads == {"begin": 2, "end": 3, "serve": 3}
    assert server.returncode == 0


def screened(url: str, log: Path, server: subprocess.Popen[bytes]) -> dict[str, list[dict[str, str]]]:
    """The answer of a server that has become ready."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    payment = {"id": "P-1", "parties": [{"role": "creditor", "name": "Versor SRO"}]}
    while True:
        assert server.poll() is None and time.monotonic() < give_up_at, log.read_text()
        try:
            answer = httpx.post(f"{url}/screen?record=true", json=payment, timeout=PATIENCE_SECONDS)
            if answer.status_code == 200:
                found: dict[str, list[dict[str, str]]] = answer.json()
                return found
        except httpx.TransportError:
            pass
        time.sleep(0.1)
