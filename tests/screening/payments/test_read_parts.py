"""What becomes of a message when one part of it is another: a value of an event, a line of a file.

`parts.txt` holds it, for each message and each of its parts the lines of its reading that go (`-`) and come
(`+`) against the reading of the whole; of what stands by itself the whole reading. `python -m
tests.screening.payments.test_read_parts` writes it anew, to be read before it is kept.
"""

from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from tests.screening.payments.parts import VALUES, encoded, of_whole, readings, shown
from tests.screening.payments.test_read_whole import CASES
from tests.screening.said import kept, write

SAID = Path(__file__).with_name("parts.txt")
KEPT = kept(SAID)
UUID = "3f0c1a52-7d5e-4a0b-9d61-000000000000"

OF_EVENTS: dict[str, tuple[Any, ...]] = {
    "id": (),
    "time": ("2026-11-27T10:00:00Z", "2026-11-27T10:00:00", "2026-11-27", "10:00"),
    "amount": ("12.50", " 12 ", "1,000", "NaN", "-1", "1e3", -3),
    "currency": ("EUR",),
    "rail": ("swift", "sepa_instant", "SWIFT"),
    "uetr": (UUID, UUID.upper(), UUID[:-1]),
    "status": ("ACSC", "PENDING", "IVANOV"),
    "remittance": (["Inv 1", "Ali", "Hassan"],),
    "parties": ([], {}, [7], [{}], [{"role": "creditor"}], [{"role": "debtor", "account": "DE1"}]),
    "country": ("IR",),
    "reference": ("REF-7", {"a": "", "b": " ", "c": "Ali Hassan"}),
}
OF_PARTIES: dict[str, tuple[Any, ...]] = {
    "role": ("debtor", "Debtor", "payee"),
    "name": (["Ali", " ", "Hassan"], {"1": "A" * 249, "2": "B" * 250}, {"1": "A" * 250, "2": "B" * 250}),
    "names": (["Ali Hassan", "Abu Ali"], []),
    "kind": ("person", "vessel", "Person"),
    "country": ("IR", "ir", "IRN", "Iran", "Atlantis", ["IR", "Syria"]),
    "account": (
        "GB29NWBK60161331926819",
        "GB29 NWBK 6016 1331 9268 19",
        "GBXXNWBK60161331926819",
        ["1", "2"],
    ),
    "bic": ("DEUTDEFF", "DEUTDEFFXXX", "DEUTDEFFXX", "DEUT1EFF"),
    "lei": ("5493001KJTIIGC8Y1R12", "ALIHASSANALIHASSAN12"),
    "identifiers": (
        *({"registration": "R1"}, {"Passport": ["P1", 7]}, {"bic": "DEUTDEFF"}, {"lei": "ALIHASSAN"}),
        *({"b": "DEUTDEFF"}, {"tax": "ALIHASSAN"}, {"tax": "Ali Hassan"}, {"tax/1": "ALI HASSAN"}),
    ),
    "address": ("1 Main St", {"country": "IR", "city": "Tabriz"}, {"country_code": "country_code"}),
    "birth_date": ("1968", "1968-05-01", "1968-13-01", "0968", "1968-05"),
    "gender": ("male", "female", "M"),
    "nationality": ("IR", ["IR", "SY"]),
    "country-of-birth": ("SY",),
    "alias": (),
}
MT = """{1:F01AAAAGB2LAXXX0000000000}{2:I103BBBBUS33AXXXN}{4:
:20:REF1
:32A:261127EUR1,5
:50K:/1
ALICE GREEN
:59:/2
BOB BROWN
-}"""
TAGS = (
    "{1500}30{1520}20261127SOURCE08000001{2000}000000001234{3100}121042882BANK A*{5000}DALICE GREEN*{4200}%s*"
)
"""A Fedwire message, with a place for its beneficiary."""


def events() -> Iterator[tuple[str, str, bytes]]:
    """Each with the name of the whole and of the change."""
    party = {"role": "creditor", "name": "Bob Brown"}
    event = {"id": "C-1", "parties": [party]}
    yield "event", "", encoded(event)
    for key, own in OF_EVENTS.items():
        for value in (*VALUES, *own):
            yield "event", f"{key} {shown(value)}", encoded(event | {key: value})
    yield "event", "no id", encoded({"parties": [party]})
    yield "event", "no id and no parties", encoded({"payer": "Ali Hassan"})
    for key, own in OF_PARTIES.items():
        for value in (*VALUES, *own):
            changed = encoded(event | {"parties": [party | {key: value}]})
            yield "event", f"party {key} {shown(value)}", changed
    both = party | {"names": ["Abu Ali"], "country": "Atlantis", "identifiers": {"tax": "Ali Hassan"}}
    yield "event", "party of texts everywhere", encoded(event | {"parties": [both]})
    words = {"currency": "IVANOV", "rail": UUID, "uetr": "Ali Hassan", "status": "AB-CD", "note": "x"}
    yield "event", "words for codes", encoded(event | words)


def texts() -> Iterator[tuple[str, str, bytes]]:
    """Messages of lines: each line left out, there twice, cut by a sign, and ended in other ways."""
    for name in ("full_mt103.fin", "full_mt940.fin", "full_fedwire.txt", "full_nacha.txt", "mt101.fin"):
        raw = (CASES / name).read_bytes()
        yield name, "", raw
        lines = raw.splitlines(keepends=True)
        for number, line in enumerate(lines):
            changes = {
                "left out": b"",
                "twice": line * 2,
                "cut": line.rstrip(b"\r\n")[:-1] + b"\n",
            }
            if name == "full_nacha.txt":
                changes = {"longer": line.replace(b" ", b"  ", 1), "shorter": line.replace(b" ", b"", 1)}
            for what, instead in changes.items():
                changed = b"".join((*lines[:number], instead, *lines[number + 1 :]))
                yield name, f"line {number + 1} {what}", changed


def messages() -> Iterator[tuple[str, str, bytes]]:
    """MT messages whose frame is another."""
    body = MT[MT.index("{4:") :]
    fields = body[len("{4:\n") : -len("-}")]
    yield "mt", "", MT.encode()
    for what, text in {
        "carriage returns alone": MT.replace("\n", "\r"),
        "no line before its end": MT.replace("\n-}", "-}"),
        "no end": MT[:-2],
        "no block 4": MT.replace("{4:", "{3:"),
        "no block 4 and no end": MT.replace("{4:", "")[:-2],
        "fields alone": fields,
        "fields alone with an end": fields + "-}",
        "a block alone": body,
        "a text without fields": "{4:\nBOB BROWN\n-}",
        "text before its fields": MT.replace(":20:", "OSAMA LADEN\n:20:"),
        "blanks before its fields": MT.replace(":20:", "  \n:20:"),
        "text behind": MT + "\nOSAMA LADEN",
        "text before": "OSAMA LADEN\n" + MT,
        "text between headers": MT.replace("{2:", "OSAMA LADEN{2:"),
        "text between trailers": body + "{5:1}OSAMA LADEN{5:2}",
        "text behind an end without a line": MT.replace("\n-}", "-}") + "OSAMA LADEN",
        "no line before its fields": MT.replace("{4:\n", "{4:"),
        "half a service in front": MT.replace("{1:F01", "{1:F1A"),
        "the other half": MT.replace("{1:F01", "{1:FA1"),
        "a structured text in a field of plain ones": MT.replace(
            ":59:", ":70:166?00GUT?32IVAN ZUVAVOV\n:59:"
        ),
        "text between": MT.replace("{4:", "OSAMA LADEN{4:"),
        "a line that seems its end": MT.replace("BOB BROWN", "BOB BROWN\n-} OSAMA LADEN"),
        "its service in front": MT.replace("{1:F01", "{1:"),
        "sent to it": MT.replace(
            "{2:I103BBBBUS33AXXXN}", "{2:O1031200261127BBBBUS33AXXX00000000002611271200N}"
        ),
        "no receiver": MT.replace("BBBBUS33AXXX", "BBBB0033AXXX"),
        "no sender": MT.replace("AAAAGB2LAXXX", "AAAA002LAXXX"),
        "a branch": MT.replace("AAAAGB2LAXXX", "AAAAGB2LALON"),
        "a uetr": MT.replace("{4:", f"{{3:{{121:{UUID}}}}}{{4:"),
        "a uetr and no reference": MT.replace("{4:", f"{{3:{{121:{UUID}}}}}{{4:").replace(":20:REF1\n", ""),
        "no reference": MT.replace(":20:REF1\n", ""),
        "no party": "{1:F01}{2:I103}{4:\n:20:REF1\n-}",
        "no sender and no receiver": MT[MT.index("{4:") :].replace("BOB BROWN", "BOB"),
        "blocks twice": MT.replace(
            "{4:", "X{1:f01CCCCGB2LAXXX0}{2:I202DDDDUS33AXXXN}{3:{108:OSAMA LADEN}}{4:"
        ),
        "blocks twice, sent to it": MT.replace(
            "{4:", "X{1:f01CCCCGB2LAXXX0}{2:O2021200261127DDDDUS33AXXX00000000002611271200N}{4:"
        ),
        "two messages, both of them broken": MT.replace(":20:REF1\n", "") * 2,
        "many blocks twice": MT.replace("{4:", "".join(f"{{S:{{{n}:X}}}}" * 2 for n in "ABCDEFG") + "{4:"),
        "many fields twice": MT.replace(
            ":50K:",
            ":20:R2\n:23B:A\n:23B:B\n:32A:261127EUR2,\n:70:A\n:70:B\n:57A:AAAAGB2L\n:57D:A\n:59:X\n:50K:",
        ),
        "an acknowledgement before": "{1:F21AAAAGB2LAXXX0}{4:{177:2611271200}{451:0}}" + MT,
        "an acknowledgement before with words": "{1:F21AAAAGB2LAXXX0}{4:{405:OSAMA LADEN}}" + MT,
        "an acknowledgement behind with words": MT + "{1:F21AAAAGB2LAXXX0}{4:{405:OSAMA LADEN}} BIN LADEN",
        "acknowledgements alone": "{1:F21AAAAGB2LAXXX0}{4:{177:2611271200}{451:0}}",
        "acknowledgements alone, twice": "{1:F21AAAAGB2LAXXX0}{4:{177:2611271200}{451:0}}" * 2,
        "two messages, told apart by their headers": MT.replace("\n-}", "-}")
        + MT.replace(":20:REF1", ":21:REF2").replace("{4:", f"{{3:{{121:{UUID}}}}}{{4:"),
        "two messages, told apart by a sign": fields.rstrip() + "$" + fields.replace("REF1", "REF2"),
        "fields alone, with dashes": fields + "-A\n-B\n",
        "two messages": MT + MT.replace("REF1", "REF2"),
        "two messages and an acknowledgement": MT
        + MT.replace("REF1", "REF2")
        + "{1:F21AAAAGB2LAXXX0}{4:{405:OSAMA LADEN}}",
        "two messages, one of them broken": MT + MT.replace(":20:REF1\n", ""),
        "two without headers": fields + "-\n" + fields.replace("REF1", "REF2"),
        "text before two": "OSAMA LADEN\n" + MT + MT,
        "blanks before two": " \n" + MT + MT,
        "an amount of words": MT.replace("261127EUR1,5", "261127EUR" + "ONE" * 20),
        "no decimals": MT.replace("EUR1,5", "EUR1,"),
        "an amount of 33B alone": MT.replace(":32A:261127EUR1,5", ":33B:USD7,"),
        "a message of no list": MT.replace("I103", "I199"),
        "no type": MT.replace("{2:I103BBBBUS33AXXXN}", ""),
        "a statement without a type": MT.replace("{2:I103BBBBUS33AXXXN}", "").replace(
            ":50K:",
            ":60F:C261126EUR100,\n:61:2611271127C5,5NTRFREF 7//B1\n:86:OSAMA\n:62F:C261127EUR98,5\n:50K:",
        ),
        "amounts that come again": MT.replace("{2:I103BBBBUS33AXXXN}", "").replace(
            ":59:", ":21:T1\n:32B:EUR1,\n:59:/3\nCARL\n:21:T2\n:32B:EUR2,\n:59:"
        ),
    }.items():
        yield "mt", what, text.encode()
    for length in (1, 60, 61, 62, 63, 64):
        yield "mt", f"{length} bytes before", b"\xff" * length + MT.encode()
    yield "mt", "text in front", b"AB" + MT.encode()
    yield "mt", "letters of another page", MT.replace("BOB", "B\xd6B").encode("latin-1")


def beneficiaries() -> Iterator[tuple[str, str, bytes]]:
    """Fedwire's elements of a party, in every way to write them."""
    for value in (
        *(
            "D1234*BOB BROWN*1 MAIN ST*PARIS",
            "BOB BROWN",
            "BTATRSKBX*BANK",
            "TATRSKBXXXX*BANK",
            "BENJAMINS*BANK",
        ),
        *(
            "BENJAMIN1*BANK",
            "9X12*BOB BROWN",
            "F1*BOB",
            "DALICE GREEN*BOB",
            "D*BOB",
            "/123*BOB",
            "//FW12*BOB",
        ),
        *(
            "XDEUTDEFF*BOB",
            "CDEUTDEFF*BOB",
            "Z12*BOB",
            "1/BOB BROWN*2/STREET*3/IR/TABRIZ*8/MORE",
            "3/IR*1/BOB",
        ),
        *(
            "3/IRAN*1/BOB",
            "3IR*BOB",
            "1/BOB*1/BROWN",
            "2/STREET*BOB",
            "A/STREET*BOB",
            "*",
            "",
            "D12*",
            "50*BOB",
        ),
    ):
        yield "fedwire", f"{{4200}}{value}", (TAGS % value).encode()
        yield (
            "fedwire",
            f"{{7050}}{value}",
            (TAGS % "X").replace("{4200}", f"{{7050}}{value}*{{4200}}").encode(),
        )
        yield (
            "fedwire",
            f"{{8300}}{value}",
            (TAGS % "X").replace("{4200}", f"{{8300}}{value}*{{4200}}").encode(),
        )
    yield "fedwire", "", (TAGS % "X").encode()
    for what, text in {
        "cents of words": (TAGS % "X").replace("000000001234", "ONE" * 20),
        "two messages": (TAGS % "X") + (TAGS % "Y"),
        "two beginnings of one": "{1510}1000" + (TAGS % "X"),
        "a bank without a number": (TAGS % "X").replace("121042882", ""),
        "a bank without a name": (TAGS % "X").replace("BANK A", ""),
        "no name": (TAGS % "X").replace("{1520}20261127SOURCE08000001", ""),
        "a reference": (TAGS % "X").replace("{1520}20261127SOURCE08000001", "{3320}R-1*"),
        "no party": "{1500}30{2000}000000000100",
        "a beginning alone": "{1500}30",
    }.items():
        yield "fedwire", what, text.encode()


@cache
def said() -> dict[str, list[str]]:
    return readings(chain(events(), texts(), messages(), beneficiaries()))


@pytest.mark.parametrize("whole", sorted({name.partition(" | ")[0] for name in KEPT}))
def test_a_part_of_a_message_comes_to_what_it_always_did(whole: str) -> None:
    assert of_whole(said(), whole) == of_whole(KEPT, whole)


if __name__ == "__main__":
    write(SAID, said().items())
