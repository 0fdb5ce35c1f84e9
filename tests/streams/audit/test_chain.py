"""Seals over decisions and alerts: 30 ways of changing what was written, and what finds each."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import orjson
import pytest

from streams.audit.auditor import REPEATED_WITHIN_MS, Auditor, _add
from streams.audit.chain import HEADER, NO_ALERT, Chain, Entry, digest_of, read_seal

KEY = b"k"
START_MS = 1_700_000_000_000
DECISIONS, ALERTS, AUDIT = "t-screening.decisions", "t-screening.alerts", "t-screening.audit"
Topic = list[Entry]


@dataclass
class Written:
    """What sessions wrote, by topic and partition, in the order of the topics."""

    topics: dict[tuple[str, int], Topic] = field(default_factory=dict)
    now_ms: int = START_MS
    chains: dict[str, Chain] = field(default_factory=dict)
    begins: dict[tuple[str, int], int] = field(default_factory=dict)

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
        seal = chained.link(topic, partition, key, raw, alert)
        self.append(Entry(topic, partition, 0, seal.at_ms, key, raw, dict([seal.header])))
        return seal.named(partition)

    def append(self, entry: Entry) -> None:
        held = self.topics.setdefault((entry.topic, entry.partition), [])
        held.append(entry._replace(offset=len(held)))

    def decide(self, chained: Chain, number: int, partition: int = 0) -> None:
        """A decision about the payment at this offset; each fourth one hits."""
        value = {
            "decision_id": "D",
            "payment_id": f"P-{number}",
            "outcome": "hit" if number % 4 == 0 else "clear",
            "event": {"topic": "t-payments", "partition": 0, "offset": number},
        }
        hit = number % 4 == 0
        alert = self.write(chained, ALERTS, partition, value | {"hits": []}) if hit else NO_ALERT
        self.write(chained, DECISIONS, partition, value, alert)

    def checkpoint(self, chained: Chain, kind: str = "checkpoint") -> None:
        self.write(chained, AUDIT, 0, orjson.loads(chained.checkpoint(kind)))

    def audit(self, key: bytes = KEY, kept: tuple[str, ...] = ()) -> list[str]:
        auditor = Auditor(key, kept)
        for (topic, partition), begins_at in self.begins.items():
            auditor.begins(topic, partition, begins_at)
        for topic in (AUDIT, DECISIONS, ALERTS):
            for (name, _), entries in sorted(self.topics.items()):
                for entry in entries if name == topic else ():
                    auditor.take(entry)
        gaps = [gap.finding() for gap in auditor.undecided()]
        return [finding.problem for finding in chain(auditor.findings, auditor.at_end(), gaps)]


def written(key: bytes = KEY) -> Written:
    """Two workers that take turns on two partitions, and a lookback; each leaves checkpoints."""
    made = Written()
    workers = [made.chain(f"worker{number}", key=key) for number in range(2)]
    for worker in workers:
        made.checkpoint(worker, "begin")
    for number in range(40):
        made.decide(workers[number % 2], number, partition=number // 20)
        if number % 10 == 9:
            made.checkpoint(workers[number % 2])
    lookback = made.chain("lookback1", "lookback", key)
    for number in range(3):
        event = {"topic": "t-payments", "partition": 0, "offset": number}
        alert = {"decision_id": "L", "payment_id": f"P-{number}", "trigger": "lookback", "outcome": "hit"}
        made.write(lookback, ALERTS, 0, alert | {"event": event})
    made.checkpoint(lookback)
    for worker in workers:
        made.checkpoint(worker, "end")
    return made


def test_what_honest_writers_wrote_has_no_finding() -> None:
    assert written().audit() == []


D0, D1, A0, A1, C0 = (DECISIONS, 0), (DECISIONS, 1), (ALERTS, 0), (ALERTS, 1), (AUDIT, 0)
Change = Callable[[Written], None]


def of_session(entries: Topic, session: str) -> list[int]:
    return [place for place, each in enumerate(entries) if f"/{session}/".encode() in each.headers[HEADER]]


def take_out(at: tuple[str, int], *places: int) -> Change:
    def change(made: Written) -> None:
        entries = made.topics[at]
        gone = {place % len(entries) for place in places}
        made.topics[at] = [each for place, each in enumerate(entries) if place not in gone]

    return change


def alter(at: tuple[str, int], place: int, **changes: Any) -> Change:
    def change(made: Written) -> None:
        made.topics[at][place] = made.topics[at][place]._replace(**changes)

    return change


def copy(at: tuple[str, int], place: int, to: tuple[str, int] | None = None, later_ms: int = 0) -> Change:
    def change(made: Written) -> None:
        topic, partition = to or at
        entry = made.topics[at][place]
        made.append(entry._replace(topic=topic, partition=partition, timestamp=entry.timestamp + later_ms))

    return change


def swapped(made: Written) -> None:
    entries = made.topics[D0]
    entries[7], entries[9] = entries[9], entries[7]


def whole_session(at: tuple[str, int], session: str) -> Change:
    def change(made: Written) -> None:
        gone = {*of_session(made.topics[at], session)}
        made.topics[at] = [each for place, each in enumerate(made.topics[at]) if place not in gone]

    return change


def every_alert(made: Written) -> None:
    del made.topics[A0], made.topics[A1]


def tail(at: tuple[str, int], count: int) -> Change:
    def change(made: Written) -> None:
        del made.topics[at][-count:]

    return change


def strangers(at: tuple[str, int], session: str, key: bytes) -> Change:
    """Sealed by somebody without the key, as a session that is known or of their own."""

    def change(made: Written) -> None:
        topic, partition = at
        stranger = Chain(key, "worker", session, lambda: made.now_ms / 1000)
        made.write(stranger, topic, partition, {"decision_id": "F", "payment_id": "P-1", "outcome": "clear"})

    return change


def continued_by_a_stranger(made: Written) -> None:
    """With the right number and the digest before, but without the key."""
    last = made.topics[D1][-1]
    seal = read_seal(last.headers[HEADER])
    forged = seal._replace(number=seal.number + 1, before=seal.digest)
    digest = digest_of(b"guessed", DECISIONS, 1, forged, b"P-1", b"{}")
    header = dict([forged._replace(digest=digest).header])
    made.append(last._replace(key=b"P-1", value=b"{}", headers=header))


def unsealed(made: Written) -> None:
    made.append(made.topics[D0][3]._replace(headers={}))


def seal_of_another(made: Written) -> None:
    entries = made.topics[D0]
    entries[3] = entries[3]._replace(headers=entries[5].headers)


def old_clear_after_hours(made: Written) -> None:
    made.now_ms += 2 * REPEATED_WITHIN_MS
    made.decide(made.chain("worker0"), 40, partition=0)
    made.append(made.topics[D0][1])


def last_of_a_dead_session_after_hours(made: Written) -> None:
    made.now_ms += 2 * REPEATED_WITHIN_MS
    last = made.topics[D0][of_session(made.topics[D0], "worker1")[-1]]
    made.decide(made.chain("worker0"), 40, partition=0)
    made.append(last)


def names_another_alert(made: Written) -> None:
    entry = made.topics[D0][4]
    seal = read_seal(entry.headers[HEADER])
    made.topics[D0][4] = entry._replace(headers=dict([seal._replace(alert="0:worker0:0").header]))


FORGERIES: dict[str, tuple[Change, str]] = {
    "a decision altered": (alter(D0, 7, value=b'{"outcome": "clear"}'), "altered"),
    "an alert altered": (alter(A0, 2, value=b"{}"), "altered"),
    "a decision of another payment": (alter(D0, 7, key=b"P-999"), "altered"),
    "a decision without its bytes": (alter(D0, 7, value=None), "altered"),
    "a time altered": (alter(D0, 7, timestamp=START_MS + 86_400_000), "its time"),
    "a seal that cannot be read": (alter(D0, 7, headers={HEADER: b"\xff"}), "cannot be read"),
    "the seal of another record": (seal_of_another, "altered, moved or forged"),
    "a decision that names another alert": (names_another_alert, "altered, moved or forged"),
    "one decision taken out": (take_out(D0, 7), "taken out before it: number 3 of session worker1"),
    "the first decision of a session": (take_out(D0, 0), "taken out before it: number 0"),
    "one alert taken out": (take_out(A0, 1), "taken out before it"),
    "a decision and its alert": (
        lambda made: (take_out(D0, 4)(made), take_out(A0, 1)(made), None)[2],
        "taken out",
    ),
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


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forgery_or_a_loss_is_found(forgery: str) -> None:
    change, told = FORGERIES[forgery]
    made = written()
    change(made)

    assert any(told in problem for problem in made.audit()), made.audit()


def test_there_are_thirty_of_them() -> None:
    assert len(FORGERIES) >= 30


def test_a_checkpoint_that_was_kept_elsewhere_shows_a_tail_cut_off_with_its_checkpoints() -> None:
    made = written()
    kept = read_seal(made.topics[C0][-1].headers[HEADER]).digest.hex()
    assert made.audit(kept=(kept,)) == []
    for entries in made.topics.values():
        del entries[len(entries) // 2 :]

    assert any(f"the checkpoint {kept} is gone" in problem for problem in made.audit(kept=(kept,)))


def test_what_retention_took_from_the_beginning_is_no_finding() -> None:
    made = written()
    for at, gone in ((D0, 13), (A0, 3), (C0, 2)):
        made.topics[at] = made.topics[at][gone:]
        made.begins[at] = gone
    del made.topics[A1][:]
    made.begins[A1] = 9

    assert [problem for problem in made.audit() if "no decision" not in problem] == []


@pytest.mark.parametrize("last", [1, 3, 6])
def test_records_sent_again_by_their_producer_are_no_finding(last: int) -> None:
    made = Written()
    worker = made.chain("worker0")
    for number in range(9):
        made.decide(worker, number)
    for entry in made.topics[D0][-last:]:
        made.append(entry)
    made.decide(worker, 9)

    assert made.audit() == []


def test_without_the_key_nobody_can_write_a_chain_that_holds() -> None:
    made = written(key=b"guessed")

    assert sum("forged" in problem for problem in made.audit()) == sum(map(len, made.topics.values()))


def test_a_dead_letter_is_any_bytes_and_needs_no_seal() -> None:
    auditor = Auditor(KEY)
    for offset in range(3):
        auditor.take(Entry("t-screening.dead-letters", 0, offset, 0, None, b'{"event": 1, \xff', {}))

    assert (auditor.findings, auditor.unsealed) == ([], 3)


def test_a_session_taken_out_everywhere_with_its_checkpoints_leaves_payments_that_nobody_decided() -> None:
    made = written()
    for at in (D0, D1, A0, A1, C0):
        whole_session(at, "worker1")(made)

    told = made.audit()
    assert sum("no decision about the payment" in problem for problem in told) == 19


def test_events_may_come_in_any_order() -> None:
    offsets = [*range(1000), *range(500)]
    random.Random(1).shuffle(offsets)
    runs: list[list[int]] = []
    for offset in offsets:
        _add(runs, offset)

    assert runs == [[0, 1000]]
