"""`python -m benchmarks.serve`: `interdict serve` under wrk for a minute, and the same through Kafka.

wrk is a package of Debian (`apt-get install wrk`). Server and worker take one core each in turn; payments are
those of `python -m benchmarks.stream` whose parties are all new, and none is asked about twice, so that
nothing is remembered.
A core's requests a second are those answered by the seconds of CPU that answering took, so that a busy
machine lowers them little; p50 and p99 are what a caller waits, and a busy machine is in them.
"""

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks.matching.data import ofac
from benchmarks.stream.contenders import INTERDICT, Contender, Process
from benchmarks.stream.made import Payment, payments
from benchmarks.stream.measure import backlog, latencies, make_topics, publish_list, send
from tests.command import say
from tests.kafka.broker import KafkaCluster, free_ports

PREFIX = "serve."
READY_SECONDS = 300.0
NEVER = "1000000"
"""Requests a second from which a client is refused: none is here."""
STEADY = 50.0
"""Payments a second through Kafka while their delay is measured."""
SIXTH, TENTH = 6, 10
"""Of the payments so many go through Kafka, and of these so many at a steady rate."""
SCRIPT = """
local bodies, at = {}, tonumber(os.getenv("FROM"))
for line in io.lines(os.getenv("PAYMENTS")) do bodies[#bodies + 1] = line end
request = function()
  at = at % #bodies + 1
  return wrk.format("POST", nil, {["content-type"] = "application/json"}, bodies[at])
end
done = function(summary, latency)
  local bad = summary.errors
  local failed = bad.status + bad.connect + bad.read + bad.write + bad.timeout
  io.write(string.format("FOUND %d %d %d %d %d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), failed))
end
"""


class Asked(NamedTuple):
    """What wrk saw: times in seconds."""

    requests: int
    seconds: float
    p50: float
    p99: float
    failed: int


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--payments", type=int, default=60_000)
    asked = parser.parse_args()
    if not shutil.which("wrk"):
        say("wrk is not installed: apt-get install wrk")
        return 2
    listed = ofac()
    names = [name.text for entry in listed for name in entry.names]
    made = [*payments(asked.payments, names)]
    say(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {len(listed):,} entries listed")
    with KafkaCluster() as cluster, tempfile.TemporaryDirectory() as folder:
        make_topics(cluster.bootstrap, PREFIX)
        asyncio.run(publish_list(cluster.bootstrap, PREFIX, listed, "ofac"))
        failed = served(cluster.bootstrap, Path(folder), made, asked.seconds)
        asyncio.run(through_kafka(cluster.bootstrap, Path(folder), made))
    return int(failed > 0)


def served(bootstrap: str, folder: Path, made: Sequence[Payment], seconds: int) -> int:
    """By HTTP, one caller and eight at once; returns how many requests failed."""
    (port,) = free_ports(1)
    environment = {"INTERDICT_BROKER": bootstrap, "INTERDICT_TOPIC_PREFIX": PREFIX}
    command = ["-m", "streams", "serve", "--port", str(port), "--rate", NEVER]
    (folder / "payments").write_bytes(b"\n".join(payment.value for payment in made))
    (folder / "ask.lua").write_text(SCRIPT)
    failed = done = 0
    server = Process(command, environment, max(os.sched_getaffinity(0)))
    try:
        wait_until_ready(f"http://127.0.0.1:{port}/ready")
        for callers, lasting in ((1, max(5, seconds // 4)), (8, seconds)):
            before = server.cpu_seconds
            found = ask(f"http://127.0.0.1:{port}/screen", folder, callers, lasting, done)
            cpu = server.cpu_seconds - before
            failed += found.failed
            done += found.requests
            say(
                f"POST /screen, callers {callers}: {found.requests:,} in {found.seconds:.0f} s, "
                f"{found.requests / cpu:,.0f} a second of a core ({cpu / found.requests * 1e3:.2f} ms each), "
                f"p50 {found.p50 * 1e3:.1f} ms, p99 {found.p99 * 1e3:.1f} ms, failed {found.failed}"
            )
    finally:
        server.stop()
    return failed


def ask(url: str, folder: Path, callers: int, seconds: int, since: int) -> Asked:
    """Payments are asked about in order, from this one on, and from the first again after the last."""
    command = ["wrk", "-t1", f"-c{callers}", f"-d{seconds}s", "--timeout", "30s"]
    done = subprocess.run(
        [*command, "-s", str(folder / "ask.lua"), url],
        env={**os.environ, "PAYMENTS": str(folder / "payments"), "FROM": str(since)},
        capture_output=True,
        text=True,
        check=True,
    )
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("FOUND ")]
    requests, duration, p50, p99, failed = map(int, line.split()[1:])
    return Asked(requests, duration / 1e6, p50 / 1e6, p99 / 1e6, failed)


def wait_until_ready(url: str) -> None:
    ends = time.monotonic() + READY_SECONDS
    while time.monotonic() < ends:
        try:
            with urlopen(url, timeout=5):  # noqa: S310  our own server
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"{url}: not ready within {READY_SECONDS:.0f} s")


async def through_kafka(bootstrap: str, folder: Path, made: Sequence[Payment]) -> None:
    """Some of them by the topic: first a backlog, then others one by one."""
    some = made[: len(made) // SIXTH]
    backlogged, steady = some[len(some) // TENTH :], some[: len(some) // TENTH]
    await asyncio.to_thread(send, bootstrap, PREFIX, backlogged)
    cores = [max(os.sched_getaffinity(0))]
    with Contender(INTERDICT, bootstrap, PREFIX, folder / "names", cores, 1.0) as worker:
        found = await backlog(worker, len(backlogged), READY_SECONDS)
        delays = await latencies(worker, steady, STEADY)
    p50, p99 = (delays[min(len(delays) - 1, len(delays) * percent // 100)] for percent in (50, 99))
    pace = found.decided / found.cpu_seconds
    say(
        f"through Kafka: {pace:,.0f} a second of a core ({1e3 / pace:.2f} ms each) from a backlog; at "
        f"{STEADY:.0f} a second p50 {p50} ms, p99 {p99} ms from producer to decision on the broker"
    )


if __name__ == "__main__":
    sys.exit(main())
