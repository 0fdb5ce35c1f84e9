"""Narrative fields of MT messages: 70, 72, 77B and their like, where parties hide behind code words."""

import re
from collections.abc import Iterator, Mapping

from screening.payments.model import Field, Party, PartyIdentifier, Role
from screening.payments.shapes import BIC
from screening.tuples import make

NARRATIVES: Mapping[str, Role] = {
    "70": Role.REMITTANCE,
    "71B": Role.OTHER,
    "72": Role.OTHER,
    "72Z": Role.OTHER,
    "73": Role.OTHER,
    "75": Role.OTHER,
    "76": Role.OTHER,
    "77A": Role.OTHER,
    "77B": Role.OTHER,
    "77T": Role.OTHER,
    "79": Role.OTHER,
    "86": Role.OTHER,
}
"""Free text by tag."""

_CODE_WORD = re.compile(r"/([A-Z]{3,8})/(.*)")
_RESIDENCE = re.compile(r"([A-Z]{2})(?://(.*))?")
_PARTIES: Mapping[str, Role] = {"ULTD": Role.ULTIMATE_DEBTOR, "ULTB": Role.ULTIMATE_CREDITOR}
_AGENTS: Mapping[str, Role] = {
    "INS": Role.INSTRUCTING_AGENT,
    "INT": Role.INTERMEDIARY_AGENT,
    "INTA": Role.INTERMEDIARY_AGENT,
    "ACC": Role.CREDITOR_AGENT,
}
_RESIDENTS: Mapping[str, Role] = {"ORDERRES": Role.DEBTOR, "BENEFRES": Role.CREDITOR}


def narrative(role: Role, lines: list[str], path: str, parties: list[Party]) -> None:
    """The text of a field, and the parties that its code words name.

    A line that starts with `//` goes on with the one before. Each line is screened by itself, and the whole
    as one text, for a name may run over the end of a line; where a word may have been cut there, also joined
    without a blank.
    """
    texts = [make(Field, (line, f"{path}/{at}")) for at, line in enumerate(lines, 1) if line.strip()]
    if len(lines) > 1:
        bare = [line.removeprefix("//") for line in lines]
        texts.append(Field(" ".join(bare), f"{path}/1"))
        if any(line.startswith("//") for line in lines):
            texts.append(Field("".join(bare), f"{path}/1"))
    if texts:
        parties.append(Party(role, (), (), (), (), tuple(texts)))
    for at, code, value in _coded(lines):
        where = f"{path}/{at}"
        if code in _PARTIES:
            parties.append(Party(_PARTIES[code], (Field(value, where),)))
        elif code in _RESIDENTS:
            _resident(_RESIDENTS[code], value, where, parties)
        elif bic := BIC.match(value):
            agent = PartyIdentifier("bic", bic.group(), where)
            parties.append(Party(_AGENTS.get(code, Role.OTHER), (), (agent,)))


def _coded(lines: list[str]) -> Iterator[tuple[int, str, str]]:
    """Line number, code word and value of each `/CODE/value`, with its `//` lines."""
    at, code, value = 0, "", ""
    for number, line in enumerate(lines, 1):
        found = _CODE_WORD.match(line)
        if found:
            if code:
                yield at, code, value.strip()
            at, (code, value) = number, found.groups()
        elif code and line.startswith("//"):
            value += f" {line[2:]}"
    if code:
        yield at, code, value.strip()


def _resident(role: Role, value: str, path: str, parties: list[Party]) -> None:
    """`/ORDERRES/BE//MEILAAN 1, 9000 GENT`: where the ordering customer lives."""
    found = _RESIDENCE.fullmatch(value)
    if found:
        address = (Field(found[2], path),) if found[2] else ()
        parties.append(Party(role, (), (), address, (Field(found[1], path),)))
