"""Dead letters: messages that could not be read, with the reason, and the notes that one was sent again.

A dead letter is the original record under its key, byte for byte, with `interdict.error.*` headers beside its
own. When it is sent again, a note follows on the same topic: the key, no value, and the headers
`interdict.replay.*`. The record on the payments topic carries the same headers, so that its decisions can say
what they replace. Both are kept as long as dead letters are, also in the archive of `interdict audit export`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from screening.payments.model import HEADERS_LEFT_OUT
from streams.kafka.log import Place, Record
from streams.records.headers import LEFT_OUT, Headers
from streams.records.shapes import MoreOfDecision, Replaces

ERROR = "interdict.error."
REPLAY = "interdict.replay."
LONGEST_SIZE = 10
"""Digits of a message's bytes."""
LONGEST_WORDS = 500
"""Of who and why, in characters."""
_PLACE = re.compile(r"[a-zA-Z0-9._-]{1,249}-[0-9]{1,10}@[0-9]{1,19}")
"""`topic-partition@offset`, of names that Kafka allows."""
_DECISION = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Again:
    """That a dead letter was sent again: who did it, why and when."""

    by: str
    why: str
    at: str


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One dead letter; `event` is the place of the message, and `place` that of the dead letter."""

    place: str
    partition: int
    record: Record
    headers: Headers
    """As they came, with those that say why it is here."""
    size: int
    """Bytes of the message, also where they are not here."""

    @property
    def at(self) -> Place:
        return Place(self.partition, self.record.offset)

    @property
    def error(self) -> Mapping[str, str]:
        """The error headers by their last word: topic, partition, offset, timestamp, code, message,
        version."""
        return {
            name.removeprefix(ERROR): (value or b"").decode(errors="replace")
            for name, value in self.headers
            if name.startswith(ERROR)
        }

    @property
    def event(self) -> str:
        error = self.error
        return f"{error['topic']}-{error['partition']}@{error['offset']}"

    @property
    def message(self) -> tuple[str, str]:
        """Which message it is: its place and its time, because a recreated topic has another message in the
        same place."""
        return self.event, self.error.get("timestamp", "")

    @property
    def reason(self) -> str:
        return self.error["code"]

    @property
    def value_left_out(self) -> bool:
        """Whether it was too large for this topic, or never read; its bytes are still where the message
        was."""
        return "value_left_out" in self.error or any(name == LEFT_OUT for name, _ in self.headers)

    def without_bytes(self) -> "DeadLetter":
        """Where it stands and why: a message may have 64 MiB, and its headers as many."""
        ours = [each for each in self.headers if each[0].startswith(ERROR)]
        return replace(self, record=self.record._replace(value=None, headers={}, pairs=()), headers=ours)

    @property
    def original_headers(self) -> Headers:
        """The message's own headers, as far as they could be read."""
        return senders(self.headers)


def dead_letter(topic: str, partition: int, record: Record) -> DeadLetter | None:
    """A record of the topic as a dead letter; None for a note, and for a record that somebody else wrote."""
    headers: Headers = [*record.pairs]
    left_out = record.headers.get(ERROR + "value_left_out") or b""
    size = int(left_out) if left_out.isdigit() and len(left_out) <= LONGEST_SIZE else len(record.value or b"")
    found = DeadLetter(f"{topic}-{partition}@{record.offset}", partition, record, headers, size)
    if is_note(record) or not {"topic", "partition", "offset", "code"} <= found.error.keys():
        return None
    return found


def senders(headers: Iterable[tuple[str, bytes | None]]) -> Headers:
    """The headers of a record that are not ours."""
    ours = (ERROR, REPLAY, HEADERS_LEFT_OUT, LEFT_OUT)
    return [(name, value) for name, value in headers if not name.startswith(ours)]


def is_copy(again: Record, original: Record) -> bool:
    """Whether one record is the other sent again: it has the same key, bytes and sender's headers.

    Anybody who may write to the payments topic can claim that a record is another one sent again.
    """
    return (again.key, again.value, senders(again.pairs)) == (
        original.key,
        original.value,
        senders(original.pairs),
    )


def is_note(record: Record) -> bool:
    """Whether a record says that the dead letter before it was sent again."""
    return record.value is None and REPLAY + "of" in record.headers and ERROR + "code" not in record.headers


def replay_headers(letter: DeadLetter, again: Again) -> list[tuple[str, bytes]]:
    """The headers of the record that is sent again, and of the note."""
    words = {
        "of": letter.place,
        "event": letter.event,
        "decision": letter.error.get("decision", ""),
        "by": again.by[:LONGEST_WORDS],
        "why": again.why[:LONGEST_WORDS],
        "at": again.at,
    }
    return [(REPLAY + name, value.encode()) for name, value in words.items() if value]


def noted(headers: Mapping[str, bytes | None]) -> tuple[str, str, Again]:
    """From a note: the place of the dead letter that was sent again, the place of its message, and who sent
    it."""
    said = {
        name: (headers.get(REPLAY + name) or b"").decode(errors="replace")
        for name in ("of", "event", "by", "why", "at")
    }
    return said.pop("of"), said.pop("event"), Again(**said)


def replaced(headers: Iterable[tuple[str, bytes | None]]) -> MoreOfDecision:
    """What decisions on a message that was sent again say about that: `{"replaces": ...}`, or nothing.

    Anybody who sends payments can write these headers, so values that name no dead letter, message or
    decision of ours are dropped.
    """
    words = {
        name.removeprefix(REPLAY): (value or b"").decode(errors="replace")
        for name, value in headers
        if name.startswith(REPLAY)
    }
    if not all(_PLACE.fullmatch(words.get(name, "")) for name in ("of", "event")):
        return {}
    replaces: Replaces = {"dead_letter": words["of"], "event": words["event"]}
    if _DECISION.fullmatch(words.get("decision", "")):
        replaces["decision_id"] = words["decision"]
    return {"replaces": replaces}
