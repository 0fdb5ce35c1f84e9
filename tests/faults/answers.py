"""`python -m tests.faults.answers`: workers and gates killed with -9 at random moments while payments flow.

Two gates take turns, a list changes, a case system judges what was stopped, and the processes are started
again as a supervisor would. In the end every payment is looked for on the gate's topics, as committed: once
released or once stopped, released afterwards only when all its hits were found false before, its bytes and
key as they came, each of its answers once. Exit code 1 when one is not so. `--seed N --runs 1` repeats a run.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from confluent_kafka import KafkaException

from screening.cases.dispositions import Disposition, Verdict
from streams.kafka.topics import OF_ANSWERS
from streams.records.json import disposition_to_json
from tests.command import end_in_order, say
from tests.e2e.gate import GateProcess, Seen, create_gate_topics, seen, sent
from tests.e2e.pipeline import PaymentFeed, Pipeline
from tests.e2e.records import Record, producer, read_all, uncommitted
from tests.e2e.source import generated_list, payments
from tests.e2e.worker import WorkerProcess, wait_until
from tests.faults.scene import Supervisor
from tests.kafka.broker import KafkaCluster

LISTED = 60
TO_COME = 20
SHOPS = 200
PATIENCE_SECONDS = 300.0
SESSION_SECONDS = "6"
"""The shortest that brokers allow by default."""
POLICY = "[stripping]\napply = false\n[answers]\ndeadline_seconds = {deadline}\n"


@dataclass(slots=True)
class Run:
    """What one seed did, and what was found wrong."""

    seed: int
    counted: Counter[str] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)


@dataclass(slots=True)
class CaseSystem:
    """Judges every alerted pair, odd designations as true; `given` is when each was first on the broker."""

    pipeline: Pipeline
    given: dict[str, Verdict] = field(default_factory=dict)

    def judge(self, share: float, rng: random.Random) -> None:
        """A share of what is alerted and not judged yet."""
        writer = producer(self.pipeline.bootstrap)
        for record in read_all(self.pipeline.bootstrap, self.pipeline.topics.alerts):
            for hit in orjson.loads(record.value or b"")["hits"]:
                given = self._verdict(hit)
                if given.key not in self.given and rng.random() < share:
                    self.given[given.key] = given.verdict
                    body = disposition_to_json(given)
                    writer.produce(self.pipeline.topics.dispositions, body, given.key.encode())
        writer.flush()

    def _verdict(self, hit: dict[str, Any]) -> Disposition:
        listed = hit["designation"]
        odd = int(listed["id"].partition(":")[2]) % 2 if listed["id"].startswith("ofac:") else 0
        verdict = Verdict.TRUE_POSITIVE if odd else Verdict.FALSE_POSITIVE
        until = datetime.now(UTC) + timedelta(days=9)
        return Disposition(
            hit["fingerprint"], listed["id"], listed["fingerprint"], verdict, "m.novak", "a series", until
        )


def run(
    bootstrap: str,
    folder: Path,
    *,
    seed: int,
    count: int,
    rate: float,
    kills: int,
    workers: int,
    deadline: float,
) -> Run:
    """`count` payments at `rate` a second through the gate, and so many kills while they flow."""
    started, rng, done = time.monotonic(), random.Random(seed), Run(seed)
    everybody = generated_list(LISTED + TO_COME, seed=seed)
    events = list(payments(count, everybody, hits=count // 10, seed=seed, shops=SHOPS))
    policy = folder / "policy.toml"
    policy.write_text(POLICY.format(deadline=deadline))
    settings = {
        "INTERDICT_SESSION_TIMEOUT_SECONDS": SESSION_SECONDS,
        "INTERDICT_POLICY_FILE": str(policy),
    }
    prefix = f"gate-{seed}-{time.time_ns() % 10**6}."
    pipeline = Pipeline(bootstrap, folder, prefix=prefix, workers=workers, settings=settings)
    with pipeline, ExitStack() as ended:
        pipeline.create_topics()
        create_gate_topics(pipeline, 4)
        pipeline.publish(everybody[:LISTED])
        gates = [GateProcess(f"gate-{number}", pipeline, folder, settings=settings) for number in (1, 2)]
        for gate in gates:
            ended.callback(gate.stop)
            gate.start()
        for worker in pipeline.workers:
            worker.start()
        answering = lambda: any(gate.answering for gate in gates)  # noqa: E731
        wait_until(answering, "a gate answers", seconds=PATIENCE_SECONDS, told=gates[0].log_end)
        for worker in pipeline.workers:
            wait_until(lambda: worker.ready, "a worker is ready", seconds=PATIENCE_SECONDS, told=worker.told)  # noqa: B023
        cases = CaseSystem(pipeline)
        with Supervisor([*pipeline.workers, *gates]) as supervisor:
            feed = PaymentFeed(bootstrap, pipeline.topics.payments, events, rate)
            feed.start()
            coming = everybody[LISTED:]
            for _ in range(kills):
                time.sleep(rng.uniform(0.2, max(0.4, 1.6 * count / rate / kills)))
                victim: WorkerProcess = rng.choice([*pipeline.workers, *gates])
                done.kills[victim.name.partition("-")[0]] += victim.running
                victim.kill()
                if coming:
                    pipeline.change(coming[-1].id, coming.pop())
                cases.judge(0.5, rng)
            feed.hurry()
            feed.finish()
            pipeline.settle(seconds=PATIENCE_SECONDS)
            _settle(pipeline, cases, rng, gates)
        done.counted["restarts"] = sum(supervisor.exits.values())
    found = seen(bootstrap, pipeline.topics)
    done.wrong = [*wrong(pipeline, found, cases, done.counted)]
    done.seconds = time.monotonic() - started
    if not done.wrong:
        _delete(pipeline)
    return done


def _settle(pipeline: Pipeline, cases: CaseSystem, rng: random.Random, gates: Sequence[GateProcess]) -> None:
    """Everything is answered, and everything that a disposition can end is ended."""
    told = lambda: "\n".join(gate.log_end() for gate in gates)  # noqa: E731
    group, topic = f"{pipeline.group}.answers", pipeline.topics.payments
    wait_until(
        lambda: uncommitted(pipeline.bootstrap, topic, group) == 0,
        "every payment is answered",
        seconds=PATIENCE_SECONDS,
        told=told,
    )
    cases.judge(1.0, rng)
    wait_until(
        lambda: not judgeable(pipeline), "what is judged is ended", seconds=PATIENCE_SECONDS, told=told
    )


def judgeable(pipeline: Pipeline) -> list[str]:
    """Stopped records that wait, though every one of their hits can be judged."""
    stops = {each.key: each.value for each in read_all(pipeline.bootstrap, pipeline.topics.stops)}
    found = {(key or b"").decode(): orjson.loads(value) for key, value in stops.items() if value}
    return [place for place, stop in found.items() if stop["hits"] and stop["whole"] and not stop["ended"]]


def wrong(pipeline: Pipeline, found: Seen, cases: CaseSystem, counted: Counter[str]) -> Iterator[str]:
    """What is not as it must be, in sentences; `counted` gets what became of the payments."""
    hits = _hits(pipeline)
    for place, payment in sent(pipeline.bootstrap, pipeline.topics):
        counted["payments"] += 1
        released, stopped = found.released.get(place, []), found.stopped.get(place, [])
        yield from _bytes(place, payment, [*released, *stopped])
        at_once = [each for each in released if "interdict.answer.follows" not in each.headers]
        later = [each for each in released if "interdict.answer.follows" in each.headers]
        if len(at_once) + len(stopped) != 1:
            yield f"{place}: {len(at_once)} times released at once, {len(stopped)} times stopped"
        if len(later) > 1 or (later and not stopped):
            yield f"{place}: {len(later)} times released afterwards, {len(stopped)} times stopped"
        verdicts = {cases.given.get(pair) for pair in hits.get(place, ())}
        for each in later:
            if each.headers["interdict.answer.cause"] == b"false_positive" and verdicts != {
                Verdict.FALSE_POSITIVE
            }:
                yield f"{place}: released, though its hits were found {verdicts}"
        answers = found.answers.get(place, [])
        steps = [("follows" in answer) for answer in answers]
        if steps not in ([False], [False, True]) or len({a["answer_id"] for a in answers}) != len(answers):
            yield f"{place}: answers {[(a['course'], a['cause']) for a in answers]}"
            continue
        if later and answers[-1]["course"] != "release":
            yield f"{place}: released and answered {answers[-1]['course']}"
        if answers[-1]["cause"] == "true_positive" and Verdict.TRUE_POSITIVE not in verdicts:
            yield f"{place}: rejected, though its hits were found {verdicts}"
        counted[" then ".join(f"{answer['cause']}" for answer in answers)] += 1


def _bytes(place: str, payment: Record, moved: Sequence[Record]) -> Iterator[str]:
    for record in moved:
        if (record.key, record.value) != (payment.key, payment.value):
            yield f"{place}: other bytes than were sent"
        if any(record.headers.get(name) != value for name, value in payment.headers.items()):
            yield f"{place}: other headers than were sent"


def _hits(pipeline: Pipeline) -> dict[str, set[str]]:
    """The pairs of every decision about each record."""
    found: dict[str, set[str]] = {}
    for record in read_all(pipeline.bootstrap, pipeline.topics.decisions):
        body = orjson.loads(record.value or b"")
        event = body["event"]
        pairs = found.setdefault(f"{event['topic']}-{event['partition']}@{event['offset']}", set())
        pairs |= {f"{hit['fingerprint']}|{hit['designation']['id']}" for hit in body["hits"]}
    return found


def _delete(pipeline: Pipeline) -> None:
    pipeline.delete_topics()
    pipeline.delete_topics(OF_ANSWERS)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1, help="of the first run; the next one has the next")
    parser.add_argument("--payments", type=int, default=2000, help="in each run")
    parser.add_argument("--rate", type=float, default=200.0, help="payments a second")
    parser.add_argument("--kills", type=int, default=4, help="in each run, of workers and gates")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--deadline", type=float, default=3600.0, help="seconds; a short one passes in kills")
    asked = parser.parse_args()
    failed, total = 0, Counter[str]()
    with KafkaCluster() as cluster:
        for seed in range(asked.seed, asked.seed + asked.runs):
            try:
                done = _one(asked, cluster.bootstrap, seed)
            except (OSError, RuntimeError, KafkaException) as error:
                failed += 1
                say(f"run {seed} FAILED: {error}")
                continue
            failed += bool(done.wrong)
            total += done.counted + Counter({f"{name}s killed": n for name, n in done.kills.items()})
            say(f"run {seed}: {_told(done.counted)}; killed {_told(done.kills)}; {done.seconds:.0f} s")
            for sentence in done.wrong[:20]:
                say(f"  WRONG {sentence}")
    say(f"{asked.runs} runs, {failed} wrong or not settled: {_told(total)}")
    return 1 if failed else 0


def _one(asked: argparse.Namespace, bootstrap: str, seed: int) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        return run(
            bootstrap,
            Path(folder),
            seed=seed,
            count=asked.payments,
            rate=asked.rate,
            kills=asked.kills,
            workers=asked.workers,
            deadline=asked.deadline,
        )


def _told(counted: Counter[str]) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in sorted(counted.items()))


if __name__ == "__main__":
    end_in_order()
    sys.exit(main())
