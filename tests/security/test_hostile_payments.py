"""Payments made to hurt: each is decided or refused within bounded time and memory."""

import subprocess
import sys
from collections.abc import Callable, Mapping

import orjson
import pytest

from screening import Designation, Name, PaymentError, Screener, decode_payment

SECONDS_MOST = 10.0
"""For one payment on a busy machine; a worker's session in its group lasts as long."""
MEGABYTES_MOST = 600
"""Of the whole process, for 8 MiB of payment: the largest a topic takes."""
SIZE = 7 << 20

HOSTILE: Mapping[str, Callable[[], bytes]] = {
    "a name of 7 MiB": lambda: _with_name("a" * SIZE),
    "a name of a million words": lambda: _with_name("ab cd " * (SIZE // 6)),
    "a name of one letter again and again": lambda: _with_name("a " * 500_000),
    "combining marks without end": lambda: _with_name("\u0301" * (SIZE // 2)),
    "fifty thousand parties": lambda: orjson.dumps(
        {"id": "P", "parties": [{"name": f"Versor {number}"} for number in range(50_000)]}
    ),
    "nesting without end": lambda: b'{"id":"P","parties":' + b"[" * (SIZE // 2),
    "a number of a million digits": lambda: b'{"id":"P","amount":' + b"9" * 1_000_000 + b"}",
    "a billion laughs": lambda: (
        b'<!DOCTYPE l [<!ENTITY a "ha">'
        + b"".join(b'<!ENTITY %c "%s">' % (98 + step, b"&%c;" % (97 + step) * 10) for step in range(9))
        + b"]><l>&j;</l>"
    ),
    "an XML tree as deep as it is long": lambda: b"<a>" * (SIZE // 3),
    "an MT with a million lines": lambda: (
        b"{1:F01BANKDEFFAXXX0000000000}{2:I103BANKUS33XXXXN}{4:\n:20:P\n" + b":70:VERSOR\n" * 500_000 + b"-}"
    ),
}


def _with_name(name: str) -> bytes:
    return orjson.dumps({"id": "P", "parties": [{"role": "creditor", "name": name}]})


def decide(kind: str) -> None:
    """What a worker does with one payment; run in a process of its own by the tests."""
    screener = Screener()
    screener.upsert(Designation("ofac:44521", (Name("VERSOR S.R.O."),)))
    screener.upsert(Designation("ofac:1", (Name("AB CD"),)))
    try:
        for payment in decode_payment(HOSTILE[kind]()):
            screener.screen(payment)
    except PaymentError:
        pass


def test_a_name_too_long_to_be_one_is_refused_with_its_place() -> None:
    assert decode_payment(_with_name("a " * 1000))
    with pytest.raises(PaymentError, match=r"too_large: /parties/0/name: a name of 2002 characters"):
        decode_payment(_with_name("a " * 1001))


MEASURED = """
import sys, time
from pathlib import Path
from tests.security.test_hostile_payments import decide
started = time.process_time()
decide(sys.argv[1])
spent = time.process_time() - started
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(spent, int(peak.split()[1]) / 1024)
"""
"""Linux's own peak: `ru_maxrss` begins with that of the process that started this one."""


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_payment_costs_bounded_time_and_memory(kind: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", MEASURED, kind], capture_output=True, text=True, check=True, timeout=120
    )

    seconds, megabytes = map(float, told.stdout.split())
    assert seconds < SECONDS_MOST
    assert megabytes < MEGABYTES_MOST
