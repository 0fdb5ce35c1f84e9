"""Seals over decisions and alerts: what finds each way of changing what was written."""

import hmac
import random

import orjson
import pytest

from streams.audit.auditor import Auditor, _add
from streams.audit.chain import HEADER, NO_KEY, Chain, Entry, Head, Seal, digest_of, heads_of, read_seal
from streams.kafka.topics import CUSTOMER_ALERTS as STANDINGS
from tests.streams.audit.forgeries import (
    A0,
    A1,
    ALERTS,
    AUDIT,
    C0,
    D0,
    D1,
    DECISIONS,
    FORGERIES,
    KEY,
    Written,
    on_kafka,
    seal_of,
    whole_session,
    written,
)


def test_what_honest_writers_wrote_has_no_finding() -> None:
    assert written().audit() == []


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forgery_or_a_loss_is_found(forgery: str) -> None:
    change, told = FORGERIES[forgery]
    made = written()
    change(made)

    assert any(told in problem for problem in made.audit()), made.audit()


ON_KAFKA = (
    "one decision taken out",
    "the first alert of a session after retention",
    "an old clear again after hours",
)


@pytest.mark.kafka
def test_a_forgery_is_found_on_a_real_kafka(kafka: str, topic_prefix: str) -> None:
    """Three of them, and nothing where nothing was forged; the forgeries' own command tries all."""
    found = on_kafka(kafka, ("", *ON_KAFKA), topic_prefix)

    assert found.pop("") == []
    for forgery, problems in found.items():
        assert any(FORGERIES[forgery][1] in problem for problem in problems), (forgery, problems)


def test_there_are_more_than_forty_of_them() -> None:
    assert len(FORGERIES) > 40


def standings(*taken: int) -> list[Entry]:
    """What a customer's alerts are after compaction has taken some of twelve records, ten minutes apart."""
    made = Written()
    chained = made.chain("customers1", "customers")
    for number in range(12):
        made.now_ms += 600_000
        made.write(chained, STANDINGS.name, 0, {"payment_id": f"C-{number % 3}", "hits": []})
    entries = made.topics[STANDINGS.name, 0]
    return [entry for place, entry in enumerate(entries) if place not in taken]


def problems(entries: list[Entry]) -> list[str]:
    auditor = Auditor(KEY)
    for entry in entries:
        auditor.take(entry)
    return [finding.problem for finding in (*auditor.findings, *auditor.at_end())]


def test_what_compaction_took_from_a_table_is_no_finding() -> None:
    assert problems(standings(0, 1, 2, 4, 7)) == problems(standings()) == []


def test_a_standing_of_before_that_comes_again_and_one_that_was_altered_are_found() -> None:
    entries = standings(1, 4)
    again = entries[0]._replace(offset=len(entries))
    altered = entries[-1]._replace(value=b'{"payment_id":"C-2","hits":[1]}')

    assert ["a copy of number 0" in found for found in problems([*entries, again])] == [True]
    assert ["does not fit" in found for found in problems([*entries[:-1], altered])] == [True]
    assert ["without a seal" in found for found in problems([*entries, again._replace(headers={})])] == [True]


STRANGE = (
    {"event": {"topic": "t-payments", "partition": 0, "offset": "7"}},
    {"event": {"topic": ["t"], "partition": {}, "offset": 1}},
    {"event": 7},
    {"heads": [1, 2]},
    {"heads": {"t-alerts-0": {"number": 1}}},
    {"heads": {"nowhere": "many/ff"}},
    {"heads": {"t-alerts-9999999999": "-5/zz"}},
)


@pytest.mark.parametrize("told", STRANGE)
def test_whatever_is_sealed_without_a_key_the_audit_goes_on_to_its_end(told: dict[str, object]) -> None:
    """Without a key anybody can seal anything."""
    made = written(key=NO_KEY)
    stranger = made.chain("stranger", key=NO_KEY)
    for topic in (DECISIONS, ALERTS, AUDIT):
        made.write(stranger, topic, 0, {**told, "payment_id": "P-1"})

    assert isinstance(made.audit(key=NO_KEY), list)


@pytest.mark.parametrize("alert", ["", "0", "0:s", "0:s:x", "a:b:c:d", "x:s:1"])
def test_a_seal_that_names_no_alert_where_it_should_cannot_be_read(alert: str) -> None:
    made = written()
    made.write(made.chain("late"), DECISIONS, 0, {"payment_id": "P-1"}, alert)

    assert made.audit() == ["its seal cannot be read"]


def test_a_checkpoint_that_was_kept_elsewhere_shows_a_tail_cut_off_with_its_checkpoints() -> None:
    made = written()
    kept = seal_of(made.topics[C0][-1]).digest.hex()
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
        made.append(D0, entry)
    made.decide(worker, 9)

    assert made.audit() == []


def test_records_that_come_again_with_some_left_out_are_copies() -> None:
    """A producer repeats all since its last acknowledgement, up to its newest."""
    made = Written()
    worker = made.chain("worker0")
    for number in range(9):
        made.decide(worker, number)
    for entry in (made.topics[D0][-5], made.topics[D0][-1]):
        made.append(D0, entry)

    assert made.audit() == ["a copy of an older record of session worker0"]


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


def test_links_that_are_taken_back_leave_the_chain_as_it_was() -> None:
    chain = Chain(KEY, session="s", clock=lambda: 1.0)
    nothing = chain.end("t", 0)
    first = chain.link("t", 0, b"P-1", b"{}")
    one = chain.end("t", 0)
    chain.link("t", 0, b"P-2", b"{}")

    chain.rewind("t", 0, one)
    second = chain.link("t", 0, b"P-3", b"{}")
    assert (second.number, second.before, second.at_ms) == (1, first.digest, 1000)
    chain.rewind("t", 0, nothing)
    assert chain.end("t", 0) == nothing == (0, b"")
    assert chain.link("t", 0, b"P-1", b"{}") == first


def test_a_checkpoint_names_the_last_record_of_each_partition_that_was_acknowledged() -> None:
    chain = Chain(KEY, "worker", "s", clock=lambda: 2.0)
    seals = [chain.link("t", partition, b"P", b"{}") for partition in (1, 1, 0)]
    chain.acknowledged("t", 1)
    told = orjson.loads(chain.checkpoint("end"))

    assert told == {
        "kind": "end",
        "writer": "worker",
        "session": "s",
        "at_ms": 2000,
        "heads": {"t-1": f"1/{seals[1].digest.hex()}"},
    }
    assert heads_of(told) == [Head("t", 1, 1, seals[1].digest.hex())]


def test_a_seal_is_read_as_it_was_written_and_one_of_another_version_is_not() -> None:
    chain = Chain(KEY, "worker", "s", clock=lambda: 2.0)
    chain.link("t", 0, b"P", b"{}")
    seal = chain.link("t", 0, b"P", b"{}", "1:s:0")
    name, header = seal.header

    assert (name, read_seal(header)) == (HEADER, seal)
    assert seal.named(3) == "3:s:1"
    with pytest.raises(ValueError, match="version 1"):
        read_seal(header.replace(b"2/", b"1/", 1))


def test_every_part_of_a_record_and_of_its_seal_is_in_the_digest() -> None:
    seal = Chain(KEY, "worker", "s", clock=lambda: 2.0).link("t", 0, b"P", b"{}")
    right = digest_of(KEY, "t", 0, seal, b"P", b"{}")
    others = [
        digest_of(b"another", "t", 0, seal, b"P", b"{}"),
        digest_of(KEY, "u", 0, seal, b"P", b"{}"),
        digest_of(KEY, "t", 1, seal, b"P", b"{}"),
        digest_of(KEY, "t", 0, seal, b"Q", b"{}"),
        digest_of(KEY, "t", 0, seal, b"P", b"[]"),
        digest_of(KEY, "t", 0, seal, b"P{", b"}"),
        digest_of(KEY, "t", 0, seal, b"", b"P{}"),
        *(
            digest_of(KEY, "t", 0, other, b"P", b"{}")
            for other in (
                seal._replace(writer="lookback"),
                seal._replace(session="r"),
                seal._replace(number=1),
                seal._replace(at_ms=2001),
                seal._replace(alert="0:s:0"),
                seal._replace(before=b"x"),
            )
        ),
    ]

    assert right == seal.digest
    assert right not in others
    assert len(set(others)) == len(others)


def test_a_digest_is_over_every_part_of_a_record_and_of_its_seal_with_their_lengths() -> None:
    """Written out: an archive that was sealed by another version must be read by this one."""
    seal = Seal("desk", "s1", 7, 1_700_000_000_123, "0:s1:3", bytes(range(32)), b"")
    place = b"2/t-alerts/2/desk/s1/7/1700000000123/0:s1:3"
    parts = b"\0\0\0+" + place + b"\x20" + bytes(range(32)) + b"\0\0\0\x03" + b"P-1" + b"{}"

    assert digest_of(KEY, "t-alerts", 2, seal, b"P-1", b"{}") == hmac.digest(KEY, parts, "sha256")
    assert digest_of(KEY, "t-alerts", 2, seal, None, None) == hmac.digest(
        KEY, parts[:-9] + bytes(4), "sha256"
    )
