"""`python -m tests.e2e`: the main job at full size on a real Kafka, with its counts.

Two workers in one group decide 20,000 payments, 200 of them to a listed party, while one worker is killed
and started again; then 100 designations are published and taken back while payments run. Uses the OFAC list
in ../shared/data where it is there, a generated one of the same size where not. Exit code 1 when anything is
missing, wrong or late.
"""

import argparse
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from screening import Designation
from screening.lists import PARSERS, parse_list
from tests.command import end_in_order, say
from tests.e2e.effect import measure, share_in_time
from tests.e2e.pipeline import PaymentFeed, Pipeline
from tests.e2e.reconciliation import reconcile
from tests.e2e.source import generated_list, payments
from tests.kafka.broker import KafkaCluster
from tests.shared_data import SHARED_DATA

OFAC_ENTRIES = 9418
OBJECTIVE_MS = 100.0


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--payments", type=int, default=20_000)
    options.add_argument("--hits", type=int, default=200)
    options.add_argument("--publications", type=int, default=100)
    asked = options.parse_args()
    say(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before the start")
    with (
        KafkaCluster() as cluster,
        tempfile.TemporaryDirectory() as folder,
        Pipeline(cluster.bootstrap, Path(folder), prefix="e2e.") as pipeline,
    ):
        pipeline.create_topics()
        listed = the_list()
        published = pipeline.publish(listed)
        say(f"published {published.entries:,} designations, version {published.version}")
        pipeline.start()
        on_time = in_time(pipeline, asked.publications)
        whole = nothing_lost(pipeline, listed, asked.payments, asked.hits)
    return 0 if on_time and whole else 1


def the_list() -> list[Designation]:
    folder = SHARED_DATA / "ofac"
    if "ofac" in PARSERS and folder.is_dir():
        return list(parse_list("ofac", folder))
    say(f"no OFAC list in {folder}: a generated one stands in")
    return generated_list(OFAC_ENTRIES)


def nothing_lost(pipeline: Pipeline, listed: list[Designation], count: int, hits: int) -> bool:
    """Every payment is decided although a worker is killed half-way."""
    sent = list(payments(count, listed, hits=hits))
    before = pipeline.decided()
    feed = PaymentFeed(pipeline.bootstrap, pipeline.topics.payments, sent)
    feed.start()
    pipeline.wait_for_decisions(before + count // 2, seconds=600)
    victim = pipeline.workers[0]
    victim.kill()
    say(f"killed {victim.name} after {pipeline.decided() - before:,} decisions")
    victim.start()
    say(f"{victim.name} was ready again after {victim.wait_until_ready():.1f} s")
    feed.finish()
    pipeline.settle(seconds=600)
    account = reconcile(pipeline.bootstrap, pipeline.topics, sent, others="E-")
    say(str(account))
    for kind, ids in account.wrong.items():
        say(f"{kind}: {ids[:5]}")
    return not account.wrong and account.hits - account.false_alarms == hits


def in_time(pipeline: Pipeline, publications: int) -> bool:
    """Every designation and delisting binds in every worker within the objective."""
    parties = [
        replace(party, id=f"ofac:new-{number}")
        for number, party in enumerate(generated_list(publications, seed=7))
    ]
    effects = measure(pipeline, parties)
    for effect in effects:
        say(str(effect))
    shares = {worker.name: share_in_time(worker) for worker in pipeline.workers}
    for name, share in shares.items():
        say(f"{name}: {share:.1%} of all changes searchable within {OBJECTIVE_MS:.0f} ms, by its own metric")
    return all(effect.quantile(0.99) <= OBJECTIVE_MS for effect in effects) and min(shares.values()) >= 0.99


if __name__ == "__main__":
    end_in_order()
    sys.exit(main())
