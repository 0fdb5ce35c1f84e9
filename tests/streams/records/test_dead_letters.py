"""What a dead letter says of its message, and what says that it was sent again."""

from typing import Any, NamedTuple

import pytest

from streams.kafka.log import Record
from streams.records.dead_letters import (
    Again,
    DeadLetter,
    dead_letter,
    is_note,
    noted,
    replaced,
    replay_headers,
)
from streams.records.headers import dead_letter_headers, headers_of

DECISION = "d" * 32
OWN = [("content-type", b"text"), ("x", b"1"), ("x", b"2")]


class Message(NamedTuple):
    topic: str = "payments"
    partition: int = 3
    offset: int = 17
    timestamp: float = 1.5
    key: bytes | None = b"P-1"
    value: Any = b"x"
    headers: Any = OWN


def record(*headers: tuple[str, bytes | None], value: bytes | None = b"x") -> Record:
    return Record(5, 0.0, b"P-1", value, dict(headers), headers)


def letter(*more: tuple[str, bytes]) -> DeadLetter:
    headers = dead_letter_headers(Message(), "not_json", "at 1", "1.0", DECISION)
    found = dead_letter("dead", 2, record(*headers, *more))
    assert found is not None
    return found


def test_a_dead_letter_says_where_its_message_stood_and_why_beside_its_own_headers() -> None:
    found = letter()

    assert found.error == {
        "topic": "payments",
        "partition": "3",
        "offset": "17",
        "timestamp": "1500",
        "code": "not_json",
        "message": "at 1",
        "version": "1.0",
        "decision": DECISION,
    }
    assert (found.place, found.partition, found.event, found.reason) == (
        "dead-2@5",
        2,
        "payments-3@17",
        "not_json",
    )
    assert found.original_headers == OWN
    assert not found.value_left_out
    assert letter(("interdict.error.value_left_out", b"7")).value_left_out
    assert letter(("interdict.replay.of", b"dead-0@1")).original_headers == OWN


def test_a_word_that_is_empty_is_left_out_and_a_long_message_is_cut() -> None:
    told = dict(dead_letter_headers(Message(partition=0, offset=0, timestamp=0.0), "c", "x" * 1001, ""))

    assert told["interdict.error.message"] == b"x" * 1000
    assert [told[f"interdict.error.{name}"] for name in ("partition", "offset", "timestamp")] == [b"0"] * 3
    assert "interdict.error.decision" not in told and "interdict.error.version" not in told


@pytest.mark.parametrize(("given", "held"), [(None, []), ([], []), ({"a": b"1"}, [("a", b"1")]), (OWN, OWN)])
def test_headers_are_a_list_however_they_are_handed_over(given: Any, held: list[tuple[str, bytes]]) -> None:
    assert headers_of(Message(headers=given)) == held


@pytest.mark.parametrize("lacks", ["topic", "partition", "offset", "code"])
def test_what_does_not_say_where_it_stood_is_no_dead_letter(lacks: str) -> None:
    headers = dead_letter_headers(Message(), "not_json", "at 1", "1.0")
    without = [(name, value) for name, value in headers if name != f"interdict.error.{lacks}"]

    assert dead_letter("dead", 2, record(*headers)) is not None
    assert dead_letter("dead", 2, record(*without)) is None


def test_a_note_names_who_sent_which_message_again_and_the_message_carries_it_too() -> None:
    again = Again("ann", "y" * 501, "2023-08-17")
    headers = replay_headers(letter(), again)

    assert dict(headers) == {
        "interdict.replay.of": b"dead-2@5",
        "interdict.replay.event": b"payments-3@17",
        "interdict.replay.decision": DECISION.encode(),
        "interdict.replay.by": b"ann",
        "interdict.replay.why": b"y" * 500,
        "interdict.replay.at": b"2023-08-17",
    }
    assert noted(dict(headers)) == ("dead-2@5", "payments-3@17", Again("ann", "y" * 500, "2023-08-17"))
    assert noted({}) == ("", "", Again("", "", ""))
    assert replaced([*OWN, *headers]) == {
        "replaces": {"dead_letter": "dead-2@5", "event": "payments-3@17", "decision_id": DECISION}
    }


@pytest.mark.parametrize(
    ("of", "event", "told"),
    [
        (b"dead-2@5", b"payments-3@17", True),
        (b"a.b_c-D-0@" + b"9" * 19, b"p-0@1", True),
        (b"dead-2@5", b"", False),
        (b"", b"payments-3@17", False),
        (b"closed by the sender", b"payments-3@17", False),
        (b"dead-2@5", b"payments-3@17<script>", False),
        (b"dead-2@5\n", b"payments-3@17", False),
        (b"z" * 250 + b"-2@5", b"payments-3@17", False),
        (b"dead-2@5", b"payments-3@\xff", False),
        ("dead-2@٣".encode(), b"payments-3@17", False),
    ],
)
def test_what_names_no_dead_letter_and_message_is_not_repeated(of: bytes, event: bytes, told: bool) -> None:
    headers = [("interdict.replay.of", of), ("interdict.replay.event", event)]

    assert bool(replaced(headers)) is told
    assert replaced([*OWN, headers[1]]) == replaced(headers[:1]) == {}
    odd = replaced([*headers, ("interdict.replay.decision", b"not ours")])
    assert odd == replaced(headers)


def test_a_note_has_no_value_and_says_of_which_dead_letter_it_is() -> None:
    of, code = ("interdict.replay.of", b"dead-2@5"), ("interdict.error.code", b"c")

    assert is_note(record(of, value=None))
    assert not is_note(record(of, value=b""))
    assert not is_note(record(value=None))
    assert not is_note(record(of, code, value=None))
    assert (
        dead_letter("dead", 0, record(*dead_letter_headers(Message(), "c", "", ""), value=None)) is not None
    )
