"""Dead letters: what a message could not be read for, and what says that one was sent again.

A dead letter is the original record under its key, byte for byte, with `interdict.error.*` headers beside its
own. One that was sent again has a note behind it on the same topic: the key, no value, and the headers
`interdict.replay.*`. The record on the payments topic carries the same headers, so that its decisions can
say what they replace. Both are kept as long as dead letters are, in the archive of `interdict audit export`
as well.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from screening.payments.model import HEADERS_LEFT_OUT
from streams.kafka.log import Record
from streams.records.headers import Headers
from streams.records.shapes import MoreOfDecision, Replaces

ERROR = "interdict.error."
REPLAY = "interdict.replay."
LONGEST_WORDS = 500
"""Of who and why, in characters."""
_PLACE = re.compile(r"[a-zA-Z0-9._-]{1,249}-[0-9]{1,10}@[0-9]{1,19}")
"""`topic-partition@offset`, of names that Kafka allows."""
_DECISION = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Again:
    """A dead letter was sent again: who did it, why and when."""

    by: str
    why: str
    at: str


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One dead letter; `event` is where the message stood, as `place` is where this stands."""

    place: str
    partition: int
    record: Record
    headers: Headers
    """As they came, with those that say why it is here."""

    @property
    def error(self) -> Mapping[str, str]:
        """By the last word of the header: topic, partition, offset, timestamp, code, message, version."""
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
        """Which message it is: where that stood and since when. Of a topic that was made anew another one
        stands there."""
        return self.event, self.error.get("timestamp", "")

    @property
    def reason(self) -> str:
        return self.error["code"]

    @property
    def value_left_out(self) -> bool:
        """It was too large for this topic; its bytes stand where the message stood."""
        return "value_left_out" in self.error

    @property
    def original_headers(self) -> Headers:
        """Those that the message came with, as far as they could be read."""
        return senders(self.headers)


def dead_letter(topic: str, partition: int, record: Record) -> DeadLetter | None:
    """A record of the topic as a dead letter; None for a note, and for what somebody else wrote."""
    headers: Headers = [*record.pairs]
    found = DeadLetter(f"{topic}-{partition}@{record.offset}", partition, record, headers)
    if is_note(record) or not {"topic", "partition", "offset", "code"} <= found.error.keys():
        return None
    return found


def senders(headers: Iterable[tuple[str, bytes | None]]) -> Headers:
    """Of a record's headers those that are not ours."""
    ours = (ERROR, REPLAY, HEADERS_LEFT_OUT)
    return [(name, value) for name, value in headers if not name.startswith(ours)]


def is_copy(again: Record, original: Record) -> bool:
    """Whether one record is the other sent again: its key, bytes and sender's headers.

    Anybody who may write to the payments topic may write that his record is another one sent again.
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
    """What the record that is sent again, and the note, carry."""
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
    """Of a note: where the dead letter stands that was sent again, where its message did, and who sent it."""
    said = {
        name: (headers.get(REPLAY + name) or b"").decode(errors="replace")
        for name in ("of", "event", "by", "why", "at")
    }
    return said.pop("of"), said.pop("event"), Again(**said)


def replaced(headers: Iterable[tuple[str, bytes | None]]) -> MoreOfDecision:
    """What the decisions about a message that was sent again say of it: `{"replaces": ...}`, else nothing.

    Whoever sends payments can write these headers: what names no dead letter, message or decision of ours is
    not repeated.
    """
    words = {
        name.removeprefix(REPLAY): (value or b"").decode(errors="replace")
        for name, value in headers
        if name.startswith(REPLAY)
    }
    if not all(_PLACE.fullmatch(words.get(name, "")) for name in ("of", "event")):
        return {}
    told: Replaces = {"dead_letter": words["of"], "event": words["event"]}
    if _DECISION.fullmatch(words.get("decision", "")):
        told["decision_id"] = words["decision"]
    return {"replaces": told}
