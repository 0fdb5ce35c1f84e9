"""The chain over decisions: every way of changing what was written, and what finds it."""

import random
from collections.abc import Callable

import orjson
import pytest

from streams.audit.chain import HEADER, Auditor, Chain, Entry, _add


def written(sessions: int = 2, each: int = 20, key: bytes = b"k") -> list[Entry]:
    """What workers that take turns write to one partition, one decision for each payment event."""
    chains = [Chain(key, f"worker{number}") for number in range(sessions)]
    entries = []
    for offset in range(sessions * each):
        event = {"topic": "payments", "partition": 0, "offset": offset}
        value = orjson.dumps(
            {"decision_id": "D", "payment_id": f"P-{offset}", "outcome": "clear", "event": event}
        )
        name, link = chains[offset % sessions].link("decisions", 0, b"P", value)
        entries.append(Entry("decisions", 0, offset, 0, b"P", value, {name: link}))
    return entries


def problems(entries: list[Entry], key: bytes = b"k", begins_at: int = 0) -> list[str]:
    auditor = Auditor(key)
    for entry in entries:
        auditor.take(entry, begins_at=begins_at)
    return [finding.problem for finding in [*auditor.findings, *auditor.undecided()]]


def test_what_workers_wrote_is_in_order() -> None:
    assert problems(written()) == []


def altered(entries: list[Entry]) -> None:
    entries[7] = entries[7]._replace(value=(entries[7].value or b"").replace(b"clear", b"hit"))


def of_another_payment(entries: list[Entry]) -> None:
    entries[7] = entries[7]._replace(key=b"Q")


def taken_out(entries: list[Entry]) -> None:
    del entries[7]


def first_taken_out(entries: list[Entry]) -> None:
    del entries[0]


def put_in(entries: list[Entry]) -> None:
    entries.insert(7, entries[7]._replace(headers={}))


def test_a_dead_letter_is_any_bytes_and_needs_no_seal() -> None:
    letters = [Entry("dead", 0, offset, 0, None, b'{"event": 1, \xff', {}) for offset in range(3)]

    assert problems(letters) == []


def test_an_alert_of_a_lookback_has_no_seal() -> None:
    entries = written()
    alert = orjson.dumps({"decision_id": "D", "trigger": "lookback", "outcome": "hit"})
    entries.insert(7, Entry("decisions", 0, 0, 0, b"P", alert, {}))

    assert problems(entries) == []
    entries[7] = entries[7]._replace(value=alert.replace(b"hit", b"clear"))
    assert problems(entries) == ["without a seal among records that have one"]


def put_in_with_a_seal_of_its_own(entries: list[Entry]) -> None:
    name, link = Chain(b"guessed", "worker1").link("decisions", 0, b"P", entries[7].value)
    entries.insert(7, entries[7]._replace(headers={name: link}))


def swapped(entries: list[Entry]) -> None:
    entries[7], entries[9] = entries[9], entries[7]


def without_a_readable_seal(entries: list[Entry]) -> None:
    entries[7] = entries[7]._replace(headers={HEADER: b"\xff"})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (altered, "altered: its seal"),
        (of_another_payment, "altered: its seal"),
        (taken_out, "taken out before it: number 3 of session worker1"),
        (first_taken_out, "taken out before it: number 0 of session worker0"),
        (put_in, "without a seal"),
        (put_in_with_a_seal_of_its_own, "altered: its seal worker1/0"),
        (swapped, "taken out before it"),
        (without_a_readable_seal, "cannot be read"),
    ],
)
def test_a_change_is_found(change: Callable[[list[Entry]], None], told: str) -> None:
    entries = written()
    change(entries)

    assert any(told in problem for problem in problems(entries))


def test_a_session_taken_out_whole_is_found_by_the_payments_nobody_decided() -> None:
    entries = [entry for entry in written() if b"worker1" not in entry.headers[HEADER]]

    told = problems(entries)
    assert len(told) == 19
    assert told[0] == "no decision about the payment at offset 1"


def test_what_retention_took_from_the_beginning_is_no_finding() -> None:
    assert problems(written()[13:], begins_at=13) == []


def test_a_request_repeated_by_its_producer_is_no_finding() -> None:
    entries = written()
    entries[20:20] = entries[15:20]

    auditor = Auditor(b"k")
    for entry in entries:
        auditor.take(entry)
    assert (auditor.findings, auditor.repeats) == ([], 5)


def test_without_the_key_nobody_can_write_a_chain_that_holds() -> None:
    assert len(problems(written(key=b"guessed"))) == 40


def test_events_may_come_in_any_order() -> None:
    offsets = [*range(1000), *range(500)]
    random.Random(1).shuffle(offsets)
    runs: list[list[int]] = []
    for offset in offsets:
        _add(runs, offset)

    assert runs == [[0, 1000]]
