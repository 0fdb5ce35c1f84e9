"""Ids are what strangers wrote: none of them moves a terminal's cursor or fills it."""

from typing import Any

import pytest

from streams.audit.replay import Recorded, Replayed
from streams.commands import recheck, replay
from streams.commands._text import LONGEST, printable
from streams.records.shapes import EventPlace

HOSTILE = ("P\x1b[2J\x1b]0;title\x07", "P\nidentical: P-2", "P\r", "\u202eP", "P" * 100_000)


@pytest.mark.parametrize("payment_id", HOSTILE)
def test_an_id_stays_on_its_line_whatever_is_in_it(
    payment_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    record: Any = {"payment_id": payment_id}  # of which a line shows nothing else
    replayed = Replayed(Recorded(b"", record), b"", ())
    place: EventPlace = {"topic": "payments", "partition": 0, "offset": 1, "timestamp_ms": 1_692_273_600_000}
    recheck._print(payment_id, place, "clear", False)

    for line in (replay._line(replayed, False), capsys.readouterr().out.removesuffix("\n")):
        assert line.isprintable()
        assert len(line) < LONGEST + 50


def test_what_can_be_printed_is_printed_as_it_is() -> None:
    assert printable("Zahlung 7, Müller & Söhne, 陈") == "Zahlung 7, Müller & Söhne, 陈"
    assert printable("x" * 9, most=5) == "xxxx…"
