"""What honest writers leave on the topics, and every way of changing it that the audit must find.

`python -m tests.streams.audit.forgeries` makes each of them on a real Kafka and asks `interdict audit verify`
there. Exit code 1 when it misses one, or finds something where nothing was changed.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import orjson
from click.testing import CliRunner
from confluent_kafka import Producer

from streams.audit.auditor import REPEATED_WITHIN_MS, Auditor
from streams.audit.beginnings import TOLERANCE_MS
from streams.audit.chain import HEADER, NO_ALERT, Chain, Entry, Seal, digest_of, read_seal
from streams.cli import main as interdict
from streams.kafka import topics as specs
from tests.kafka.broker import KafkaCluster
from tests.kafka.topics import create, delete_records

KEY = b"k"
DAY_MS = 86_400_000
DECISIONS, ALERTS, AUDIT = specs.DECISIONS.name, specs.ALERTS.name, specs.AUDIT.name
Topic = list[Entry]
Place = tuple[str, int]
"""A topic's name without its prefix, and a partition."""


@dataclass
class Written:
    """What sessions wrote under one prefix, by topic and partition, in the order of the topics."""

    prefix: str = "t-"
    topics: dict[Place, Topic] = field(default_factory=dict)
    now_ms: int = field(default_factory=lambda: int(time.time() * 1000) - DAY_MS)
    chains: dict[str, Chain] = field(default_factory=dict)
    begins: dict[Place, int] = field(default_factory=dict)
    """How many records retention has taken from the beginning."""

    def chain(self, session: str, writer: str = "worker", key: bytes = KEY) -> Chain:
        if session not in self.chains:
            self.chains[session] = Chain(key, writer, session, lambda: self.now_ms / 1000)
        return self.chains[session]

    def write(
        self, chained: Chain, topic: str, partition: int, value: dict[str, Any], alert: str = NO_ALERT
    ) -> str:
        """One sealed record; returns how a decision names its seal."""
        self.now_ms += 100
        key, raw = str(value.get("payment_id", chained.session)).encode(), orjson.dumps(value)
        seal = chained.link(self.prefix + topic, partition, key, raw, alert)
        chained.acknowledged(self.prefix + topic, partition)
        self.append((topic, partition), Entry("", 0, 0, seal.at_ms, key, raw, dict([seal.header])))
        return seal.named(partition)

    def append(self, at: Place, entry: Entry) -> None:
        topic, partition = at
        held = self.topics.setdefault(at, [])
        held.append(entry._replace(topic=self.prefix + topic, partition=partition, offset=len(held)))

    def decide(self, chained: Chain, number: int, partition: int = 0) -> None:
        """A decision about the payment at this offset; each fourth one hits."""
        value = {
            "decision_id": "D",
            "payment_id": f"P-{number}",
            "outcome": "hit" if number % 4 == 0 else "clear",
            "event": {"topic": f"{self.prefix}payments", "partition": 0, "offset": number},
        }
        hit = number % 4 == 0
        alert = self.write(chained, ALERTS, partition, value | {"hits": []}) if hit else NO_ALERT
        self.write(chained, DECISIONS, partition, value, alert)

    def checkpoint(self, chained: Chain, kind: str = "checkpoint") -> None:
        self.write(chained, AUDIT, 0, orjson.loads(chained.checkpoint(kind)))

    def audit(self, key: bytes = KEY, kept: tuple[str, ...] = ()) -> list[str]:
        auditor = Auditor(key, kept)
        for (topic, partition), begins_at in self.begins.items():
            auditor.begins(self.prefix + topic, partition, begins_at)
        for topic in (AUDIT, DECISIONS, ALERTS):
            for (name, _), entries in sorted(self.topics.items()):
                for entry in entries if name == topic else ():
                    auditor.take(entry)
        gaps = [gap.finding() for gap in auditor.undecided()]
        return [finding.problem for finding in chain(auditor.findings, auditor.at_end(), gaps)]


def written(prefix: str = "t-", key: bytes = KEY) -> Written:
    """Two workers that take turns on two partitions, and a lookback; each leaves checkpoints."""
    made = Written(prefix)
    workers = [made.chain(f"worker{number}", key=key) for number in range(2)]
    for worker in workers:
        made.checkpoint(worker, "begin")
    for number in range(40):
        made.decide(workers[number % 2], number, partition=number // 20)
        if number % 10 == 9:
            made.checkpoint(workers[number % 2])
    lookback = made.chain("lookback1", "lookback", key)
    for number in range(3):
        event = {"topic": f"{prefix}payments", "partition": 0, "offset": number}
        alert = {"decision_id": "L", "payment_id": f"P-{number}", "trigger": "lookback", "outcome": "hit"}
        made.write(lookback, ALERTS, 0, alert | {"event": event})
    made.checkpoint(lookback)
    for worker in workers:
        made.checkpoint(worker, "end")
    return made


D0, D1, A0, A1, C0 = (DECISIONS, 0), (DECISIONS, 1), (ALERTS, 0), (ALERTS, 1), (AUDIT, 0)


Change = Callable[[Written], None]


def seal_of(entry: Entry) -> Seal:
    header = entry.headers[HEADER]
    assert header
    return read_seal(header)


def of_session(entries: Topic, session: str) -> list[int]:
    return [place for place, each in enumerate(entries) if seal_of(each).session == session]


def take_out(at: Place, *places: int) -> Change:
    def change(made: Written) -> None:
        entries = made.topics[at]
        gone = {place % len(entries) for place in places}
        made.topics[at] = [each for place, each in enumerate(entries) if place not in gone]

    return change


def alter(at: Place, place: int, **changes: Any) -> Change:
    def change(made: Written) -> None:
        made.topics[at][place] = made.topics[at][place]._replace(**changes)

    return change


def copy(at: Place, place: int, to: Place | None = None, later_ms: int = 0) -> Change:
    def change(made: Written) -> None:
        entry = made.topics[at][place]
        made.append(to or at, entry._replace(timestamp=entry.timestamp + later_ms))

    return change


def both(one: Change, other: Change) -> Change:
    def change(made: Written) -> None:
        one(made)
        other(made)

    return change


def swapped(made: Written) -> None:
    entries = made.topics[D0]
    entries[7], entries[9] = entries[9], entries[7]


def whole_session(at: Place, session: str) -> Change:
    def change(made: Written) -> None:
        gone = {*of_session(made.topics[at], session)}
        made.topics[at] = [each for place, each in enumerate(made.topics[at]) if place not in gone]

    return change


def every_alert(made: Written) -> None:
    del made.topics[A0], made.topics[A1]


def tail(at: Place, count: int) -> Change:
    def change(made: Written) -> None:
        del made.topics[at][-count:]

    return change


def strangers(at: Place, session: str, key: bytes) -> Change:
    """Sealed by somebody without the key, as a session that is known or of their own."""

    def change(made: Written) -> None:
        topic, partition = at
        stranger = Chain(key, "worker", session, lambda: made.now_ms / 1000)
        made.write(stranger, topic, partition, {"decision_id": "F", "payment_id": "P-1", "outcome": "clear"})

    return change


def continued_by_a_stranger(made: Written) -> None:
    """With the right number and the digest before, but without the key."""
    last = made.topics[D1][-1]
    seal = seal_of(last)
    forged = seal._replace(number=seal.number + 1, before=seal.digest)
    digest = digest_of(b"guessed", last.topic, 1, forged, b"P-1", b"{}")
    header = dict([forged._replace(digest=digest).header])
    made.append(D1, last._replace(key=b"P-1", value=b"{}", headers=header))


def unsealed(made: Written) -> None:
    made.append(D0, made.topics[D0][3]._replace(headers={}))


def seal_of_another(made: Written) -> None:
    entries = made.topics[D0]
    entries[3] = entries[3]._replace(headers=entries[5].headers)


def old_clear_after_hours(made: Written) -> None:
    made.now_ms += 2 * REPEATED_WITHIN_MS
    made.decide(made.chain("worker0"), 40, partition=0)
    made.append(D0, made.topics[D0][1])


def last_of_a_dead_session_after_hours(made: Written) -> None:
    made.now_ms += 2 * REPEATED_WITHIN_MS
    last = made.topics[D0][of_session(made.topics[D0], "worker1")[-1]]
    made.decide(made.chain("worker0"), 40, partition=0)
    made.append(D0, last)


def seal_says(**changes: Any) -> Change:
    """Of a decision with a hit: something else, under the digest of what it said."""

    def change(made: Written) -> None:
        entry = made.topics[D0][4]
        seal = seal_of(entry)
        made.topics[D0][4] = entry._replace(headers=dict([seal._replace(**changes).header]))

    return change


def moved(at: Place, place: int, to: Place) -> Change:
    def change(made: Written) -> None:
        made.append(to, made.topics[at].pop(place))

    return change


def in_another_order(made: Written) -> None:
    random.Random(1).shuffle(made.topics[D0])


def a_block_elsewhere(made: Written) -> None:
    for entry in made.topics[D0][3:8]:
        made.append(A1, entry)


def after_retention(*places: Place) -> Change:
    """A session that began long after what retention has left, and which loses its first record at these
    places."""

    def change(made: Written) -> None:
        for at, gone in ((D0, 5), (A0, 2), (C0, 2)):
            made.topics[at] = made.topics[at][gone:]
            made.begins[at] = gone
        made.now_ms += 2 * TOLERANCE_MS
        late = made.chain("late")
        for number in range(40, 60):
            made.decide(late, number, partition=0)
            made.checkpoint(late, "begin" if number == 40 else "checkpoint")
        for at in places:
            take_out(at, of_session(made.topics[at], "late")[0])(made)

    return change


FORGERIES: dict[str, tuple[Change, str]] = {
    "a decision altered": (alter(D0, 7, value=b'{"outcome": "clear"}'), "altered"),
    "an alert altered": (alter(A0, 2, value=b"{}"), "altered"),
    "a decision of another payment": (alter(D0, 7, key=b"P-999"), "altered"),
    "a decision without its bytes": (alter(D0, 7, value=None), "altered"),
    "a time altered": (alter(D0, 7, timestamp=1_700_000_000_000), "its time"),
    "a seal that cannot be read": (alter(D0, 7, headers={HEADER: b"\xff"}), "cannot be read"),
    "the seal of another record": (seal_of_another, "altered, moved or forged"),
    "a decision that names another alert": (seal_says(alert="0:worker0:0"), "altered, moved or forged"),
    "a decision that names no alert": (seal_says(alert="-"), "altered, moved or forged"),
    "another writer": (seal_says(writer="lookback"), "altered, moved or forged"),
    "another session": (seal_says(session="worker1"), "altered, moved or forged"),
    "another number": (seal_says(number=7), "altered, moved or forged"),
    "another moment": (seal_says(at_ms=1_700_000_000_000), "altered, moved or forged"),
    "a decision without its key": (alter(D0, 7, key=None), "altered, moved or forged"),
    "an alert moved to another partition": (moved(A0, 1, A1), "altered, moved or forged"),
    "a partition in another order": (in_another_order, "taken out before it"),
    "a block of decisions copied among alerts": (a_block_elsewhere, "altered, moved or forged"),
    "a session's first checkpoint": (take_out(C0, 0), "taken out before it: number 0"),
    "the first decision of a session after retention": (
        after_retention(D0),
        "taken out at its beginning: numbers 0 to 0 of session late",
    ),
    "the first alert of a session after retention": (
        after_retention(A0),
        "taken out at its beginning: numbers 0 to 0 of session late",
    ),
    "an old alert again": (copy(A0, 0), "a copy of an older record"),
    "one decision taken out": (take_out(D0, 7), "taken out before it: number 3 of session worker1"),
    "the first decision of a session": (take_out(D0, 0), "taken out before it: number 0"),
    "one alert taken out": (take_out(A0, 1), "taken out before it"),
    "a decision and its alert": (both(take_out(D0, 4), take_out(A0, 1)), "taken out"),
    "every alert": (every_alert, "every record of session"),
    "every alert of a worker's session": (whole_session(A1, "worker0"), "every record of session worker0"),
    "every decision of a session": (whole_session(D0, "worker1"), "every record of session worker1"),
    "every alert of a lookback": (whole_session(A0, "lookback1"), "every record of session lookback1"),
    "the last decisions": (tail(D1, 5), "cut off at its end"),
    "the last decision": (tail(D1, 1), "cut off at its end"),
    "the last alerts": (tail(A1, 2), "cut off at its end"),
    "a checkpoint": (take_out(C0, 2), "taken out before it"),
    "a checkpoint altered": (alter(C0, 3, value=b'{"heads": {}}'), "altered"),
    "without a seal": (unsealed, "without a seal"),
    "sealed by a stranger": (strangers(D0, "stranger", b"guessed"), "forged"),
    "sealed by a stranger without a key": (strangers(D0, "stranger", b"interdict"), "forged"),
    "sealed by a stranger as a known session": (strangers(D0, "worker0", b"guessed"), "forged"),
    "continued by a stranger": (continued_by_a_stranger, "forged"),
    "two swapped": (swapped, "taken out before it"),
    "an old clear again": (copy(D0, 1), "a copy of an older record"),
    "an old clear again after hours": (old_clear_after_hours, "long after it"),
    "the last record of a dead session again": (last_of_a_dead_session_after_hours, "long after it"),
    "a decision copied to another partition": (copy(D0, 7, to=D1), "moved"),
    "an alert copied among decisions": (copy(A0, 1, to=D0), "moved"),
}


def send(made: Written, producer: Producer) -> None:
    """To the topics of its prefix; what retention took stands in front, to be deleted there."""
    for (topic, partition), entries in made.topics.items():
        name = made.prefix + topic
        for _ in range(made.begins.get((topic, partition), 0)):
            producer.produce(name, b"taken by retention", b"", partition=partition)
        for each in entries:
            producer.produce(
                name,
                each.value,
                each.key,
                partition=partition,
                timestamp=each.timestamp,
                headers=list(each.headers.items()),
            )
    for number in range(PAYMENTS):
        producer.produce(f"{made.prefix}payments", b"{}", b"%d" % number, partition=0)


PAYMENTS = 60


def on_kafka(bootstrap: str, forgeries: Iterable[str], prefix: str) -> dict[str, list[str]]:
    """The problems that `interdict audit verify` names after each, on topics of its own; "" is no forgery."""
    made_of: dict[str, Written] = {}
    for number, forgery in enumerate(forgeries):
        made = made_of[forgery] = written(f"{prefix}{number}-")
        if forgery:
            FORGERIES[forgery][0](made)
    topics = [f"{made.prefix}{name}" for made in made_of.values() for name in TOPICS]
    create(bootstrap, topics, partitions=2)
    producer = Producer({"bootstrap.servers": bootstrap, "enable.idempotence": True, "log_level": 2})
    for made in made_of.values():
        send(made, producer)
    assert producer.flush(120) == 0
    delete_records(
        bootstrap,
        {
            (made.prefix + topic, partition): end
            for made in made_of.values()
            for (topic, partition), end in made.begins.items()
        },
    )
    return {forgery: _verified(bootstrap, made.prefix) for forgery, made in made_of.items()}


TOPICS = (DECISIONS, ALERTS, AUDIT, specs.PAYMENTS.name)


def _verified(bootstrap: str, prefix: str) -> list[str]:
    words = ["audit", "verify", "--json", "--broker", bootstrap, "--prefix", prefix]
    told = CliRunner().invoke(interdict, words, env={"INTERDICT_AUDIT_KEY": KEY.decode()})
    assert told.exit_code in (0, 1), told.output
    findings = orjson.loads(told.stdout)["findings"]
    assert told.exit_code == bool(findings)
    return [finding["problem"] for finding in findings]


def main() -> int:
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    missed = 0
    with KafkaCluster() as cluster:
        for forgery, problems in on_kafka(cluster.bootstrap, ["", *FORGERIES], "forged-").items():
            told = FORGERIES[forgery][1] if forgery else ""
            named = next((problem for problem in problems if told in problem), "")
            good = bool(named) if forgery else not problems
            missed += not good
            said = named or ("nothing" if not problems else f"other than {told}: {problems[0]}")
            sys.stdout.write(f"{'found ' if good else 'MISSED'} {forgery or 'nothing changed'}: {said}\n")
    sys.stdout.write(f"{len(FORGERIES)} forgeries and losses, {missed} missed\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
