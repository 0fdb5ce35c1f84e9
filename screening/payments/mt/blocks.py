"""The blocks of one SWIFT message: its text block, sender and receiver, and everything else around it."""

import re
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from screening.payments.model import Field, Party, PartyIdentifier, PaymentError, PaymentProblem, Role
from screening.payments.mt.split import SEPARATORS, Part
from screening.payments.shapes import is_reference
from screening.tuples import make

_BLOCK = re.compile(r"\{([A-Z0-9]{1,3}):([^{}]*)\}")
_FRAME = re.compile(r"\{[1-9S]:|[{}$\x00-\x03\ufeff]")
"""What is left of a message's frame when its blocks are taken out."""
MOST_NAMED = 5
"""Doubled blocks that a note names."""
_SPOKEN = re.compile(r"[^\s{}$:0-9\x00-\x03\ufeff]").search
"""Finds what is no frame for sure, so that most messages need no closer look."""
_UETR = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_BIC = re.compile(r"[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}[A-Z0-9]{0,4}")


class Envelope(NamedTuple):
    """A message without its fields: what its blocks say."""

    body: str
    """The fields, line by line."""
    sender: str | None
    kind: str
    """The message type, "103"; empty where no block says it."""
    uetr: str | None
    parties: list[Party]
    notes: tuple[str, ...]


def open_envelope(part: Part) -> Envelope:
    """The blocks of one message. Raises PaymentError if it has no text block."""
    message = part.text.replace("\r\n", "\n")
    if "\r" in message:
        message = message.replace("\r", "\n")
    body, outside = _text_block(message)
    around = _BLOCK.split(outside)
    names, values = around[1::3], around[2::3]
    first = dict(zip(names, values, strict=True))
    notes, parties = [], list[Party]()
    if doubled := len(first) < len(names):
        first = dict(zip(reversed(names), reversed(values), strict=True))
    sender = _headers(first, parties)
    if doubled:
        _repeated(names, values, parties)
        twice = sorted(name for name, times in Counter(names).items() if times > 1)[:MOST_NAMED]
        notes.append(f"block {', '.join(twice)} stands more than once: the first is read, all are screened")
    if _SPOKEN("".join(around[::3])) and (text := _text(around[::3])):
        parties.append(Party(Role.OTHER, texts=(Field(text, "outside the blocks"),)))
        notes.append("text outside the blocks is screened as text")
    if "\n-}" in body:
        notes.append("a line that begins with -} is read as part of its field")
    if part.acknowledged:
        _acknowledged(part.acknowledged, parties)
        notes.append("an acknowledgement (F21) of the network stands beside the message")
    kind, uetr = first.get("2", "")[1:4], first.get("121") or None
    return make(Envelope, (body, sender, kind, uetr, parties, tuple(notes)))


def _text(pieces: list[str]) -> str:
    """What stands between the blocks, with its blanks, without what is only their frame."""
    return " ".join(text for piece in pieces if (text := _FRAME.sub(" ", piece).strip(SEPARATORS)))


def _text_block(message: str) -> tuple[str, str]:
    """Block 4 and everything around it. A text block alone, without headers, is a message too.

    It ends with the last line that begins with `-}`: one before that is part of a field, for a reader that
    ended there would not see what follows.
    """
    start = message.find("{4:")
    if start < 0:
        alone = message.strip(SEPARATORS)
        if not alone.startswith(":"):
            raise PaymentError(PaymentProblem.NOT_MT, "block 4 ({4: ... -}) is missing")
        return alone.removesuffix("-}").removesuffix("\n-"), ""
    end = message.rfind("\n-}", start)
    if end < 0:
        end = message.rfind("-}", start)
        if end < 0:
            raise PaymentError(PaymentProblem.NOT_MT, "block 4 has no end (-}); the message is cut off")
        return message[start + 3 : end], f"{message[:start]}\n{message[end + 2 :]}"
    return message[start + 3 : end], f"{message[:start]}\n{message[end + 3 :]}"


def _headers(blocks: dict[str, str], parties: list[Party]) -> str | None:
    """Sender and receiver, then whatever else the blocks hold as text. Returns the sender's BIC."""
    first, second = blocks.get("1", ""), blocks.get("2", "")
    framed = first[1:3].isdigit()
    own = first[3:15] if framed else first[:12]
    if second.startswith("I"):
        sender = _terminal(Role.INSTRUCTING_AGENT, own, "block 1")
        receiver = _terminal(Role.INSTRUCTED_AGENT, second[4:16], "block 2")
    else:
        sender = _terminal(Role.INSTRUCTING_AGENT, second[14:26], "block 2")
        receiver = _terminal(Role.INSTRUCTED_AGENT, own, "block 1")
    parties += [party for party in (sender, receiver) if party]
    for name, value in blocks.items():
        if not (_UETR.fullmatch(value) or is_reference(value)):
            parties.append(Party(Role.OTHER, texts=(Field(value, f"block {name}"),)))
    return sender.identifiers[0].value if sender else None


def _repeated(names: list[str], values: list[str], parties: list[Party]) -> None:
    """Banks and words of blocks that occur a second time."""
    seen: dict[str, int] = {}
    for name, value in zip(names, values, strict=True):
        seen[name] = seen.get(name, 0) + 1
        if seen[name] == 1:
            continue
        path = f"block {name}[{seen[name]}]"
        bank = None
        if name == "1":
            bank = _terminal(Role.INSTRUCTING_AGENT, value[3:15], path)
        elif name == "2":
            address = value[4:16] if value.startswith("I") else value[14:26]
            bank = _terminal(Role.INSTRUCTED_AGENT, address, path)
        if bank:
            parties.append(bank)
        if not is_reference(value):
            parties.append(Party(Role.OTHER, texts=(Field(value, path),)))


def _acknowledged(text: str, parties: list[Party]) -> None:
    """Words in the acknowledgements around a message; their bank is that of the message's own header."""
    around = _BLOCK.split(text)
    words = [
        Field(value, f"acknowledgement, block {name}")
        for name, value in zip(around[1::3], around[2::3], strict=True)
        if not is_reference(value)
    ]
    if outside := _text(around[::3]):
        words.append(Field(outside, "acknowledgement"))
    if words:
        parties.append(Party(Role.OTHER, texts=tuple(words)))


@lru_cache(maxsize=4096)
def _terminal(role: Role, address: str, path: str) -> Party | None:
    """The bank of a logical terminal: of `RBOSGBCHXXXX` it is `RBOSGBCH`; None where that is no address.

    Kept, because the same few banks stand in every message; an address has 12 characters, so that is bounded.
    """
    bic = address[:8] + address[9:].removesuffix("XXX")
    if not _BIC.fullmatch(bic):
        return None
    return Party(role, identifiers=(PartyIdentifier("bic", bic, path),))
