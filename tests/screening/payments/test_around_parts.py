"""What becomes of an event by what stands around it: another event, a registry's frame, headers, its type.

`around_parts.txt` holds it whole. `python -m tests.screening.payments.test_around_parts` writes it anew, to
be read before it is kept.
"""

from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from screening.payments import PaymentError, decode_payment
from screening.payments.mapping_file import MappingError, read_mappings
from screening.payments.registry.framing import SchemaKey
from screening.payments.registry.readers import read_schema
from screening.payments.registry.schemas import SchemaNeededError, Schemas, SchemaText
from tests.screening.payments.parts import encoded, of_whole, readings, shown
from tests.screening.payments.test_read_whole import of_payment
from tests.screening.said import kept, write

SAID = Path(__file__).with_name("around_parts.txt")
KEPT = kept(SAID)
EVENT = {"id": "P-1", "parties": [{"role": "creditor", "name": "Bob Brown"}]}
MT = "{1:F01AAAAGB2LAXXX0}{2:I103BBBBUS33AXXXN}{4:\n:20:REF1\n:32A:261127EUR1,5\n:59:/2\nBOB BROWN\n-}"
XML = "<Document><CstmrCdtTrfInitn><PmtInf><Cdtr><Nm>Bob</Nm></Cdtr></PmtInf></CstmrCdtTrfInitn></Document>"
ISO = {"Document": {"CstmrCdtTrfInitn": {"PmtInf": {"Cdtr": {"Nm": "Bob Brown"}}}}}
INSIDE: tuple[Any, ...] = (
    *(EVENT, encoded(EVENT).decode(), MT, XML, ISO, [EVENT], [], {}, 7, None, "", "Ali Hassan", "[7]", "{"),
    *(encoded(ISO).decode(), MT * 2, {"ref": "R", "name": "Bob"}, "half a \\ud800"),
)
MAPPINGS = {
    "hands on": 'when = "$.kind"\nevent = "$.inner"\nleave_out = ["$.a[*]"]',
    "hands on what is opened": 'when = "$.kind"\nopen = ["$.inner"]\nevent = "$.inner.inner"',
    "ignores": 'when = "$.kind"\nignore = true',
    "takes xml": 'format = "xml"\nwhen = "$.Document"\nevent = "$.Document"',
    "reads": 'when = "$.kind"\nid = "$.kind"\n[[mapping.party]]\nrole = "creditor"\nname = "$.inner"',
    "has no event": 'when = "$.kind"\nevent = "@.inner"',
    "splits relatively": 'when = "$.kind"\nid = "$.kind"\nsplit = "@.inner"\n[[mapping.party]]\nname = "$.a"',
    "has an id too much": 'when = "$.kind"\nevent = "$.inner"\nid = "$.kind"',
    "has no name of a party": 'when = "$.kind"\nid = "$.kind"\n[[mapping.party]]\nrole = "creditor"',
}
BODIES = {
    "json": encoded(EVENT),
    "json of words": b'{"id": "x", "parties": "Bob"}',
    "json cut off": b'{"id": "x"',
    "json in no utf-8": b'{"id": "\xff"}',
    "json given twice": b'{"id": "x", "id": "y"}',
    "xml": XML.encode(),
    "mt": MT.encode(),
    "text": b"Bob Brown",
    "nothing": b"",
}
FRAMES = {
    "id": b"\0\0\0\0\7",
    "guid": b"\1" + bytes(range(16)),
    "cut off": b"\0\0\0",
    "of another kind": b"\2\0\0\0\7",
}
HEADERS: dict[str, list[tuple[str, bytes | str]]] = {
    "content type": [("content-type", b"application/json")],
    "content type of text": [("Content-Type", b"text/plain; " + b"x" * 70)],
    "cloud event": [("ce_specversion", b"1.0"), ("ce_id", b"E-1"), ("ce_source", b"/core")],
    "cloud event of http": [("CE-SpecVersion", "1.0"), ("ce-id", "E@1%"), ("ce-subject", "Ali Hassan")],
    "cloud event without an id": [("ce_specversion", b"1.0"), ("ce_source", b"/core")],
    "cloud event with two subjects": [
        *(("ce_specversion", b"1.0"), ("ce_id", b"E-1")),
        *(("ce_subject", b"Ali Hassan"), ("ce_subject", b"Abu Ali"), ("ce_type", b"by Ali Hassan")),
    ],
    "schema": [("__value_schema_id", b"\0\0\0\0\7")],
    "schema cut off": [("__value_schema_id", b"\0\0")],
    "schema as text": [("__value_schema_id", "7")],
    "left out": [("interdict.headers_left_out", b"")],
    "left out and said": [("interdict.headers_left_out", b"x")],
}


def mapped() -> Iterator[tuple[str, str, list[str]]]:
    for name, lines in MAPPINGS.items():
        text = f'[[mapping]]\nname = "{name}"\n{lines}\n'
        for inside in INSIDE:
            for kind in ({"kind": "k"}, {}):
                event = kind | {"inner": inside, "beside": "Ali Hassan", "a": ["u v w"] * 6}
                yield "mapping", f"{name} {shown(inside)} {len(kind)}", outcome(encoded(event), text)
        yield "mapping", f"{name} of xml", outcome(XML.encode(), text)
    yield "mapping", "", outcome(encoded(EVENT), "")


def framed() -> Iterator[tuple[str, str, list[str]]]:
    yield "frame", "", outcome(BODIES["json"], "")
    for body, raw in BODIES.items():
        for frame, bytes_before in FRAMES.items():
            for known in (False, True):
                said = outcome(bytes_before + raw, "", schemas=schemas() if known else None)
                yield "frame", f"{frame} around {body}{', known' * known}", said
        for header, headers in HEADERS.items():
            yield "frame", f"header {header}, {body}", outcome(raw, "", headers=headers, schemas=schemas())
        for content_type in ("application/json", "text/plain", "application/cloudevents+json"):
            said = outcome(raw, "", content_type=content_type)
            yield "frame", f"{content_type}, {body}", said
        for most in (len(raw) - 1, len(raw)):
            yield "frame", f"{body}, at most {most - len(raw)}", outcome(raw, "", max_bytes=most)


def schemas() -> Schemas:
    known = Schemas()
    known.put(SchemaKey(7), read_schema(SchemaText("JSON", "{}")))
    return known


def outcome(raw: bytes, mapping: str, **options: Any) -> list[str]:
    """What is read, or why not, and which mappings ignored it."""
    ignored: list[str] = []
    try:
        mappings = read_mappings(mapping)
        payments = decode_payment(raw, mappings=mappings, ignored=ignored.append, **options)
    except (PaymentError, MappingError) as error:
        return [f"! {getattr(error, 'payment_id', '-')}: {error}"]
    except SchemaNeededError as error:
        return [f"!! {error!r}"]
    return [
        *(line for payment in payments for line in of_payment(payment)),
        *(f"ignored {one}" for one in ignored),
    ]


@cache
def said() -> dict[str, list[str]]:
    return readings(chain(mapped(), framed()))


@pytest.mark.parametrize("whole", sorted({name.partition(" | ")[0] for name in KEPT}))
def test_what_stands_around_an_event_comes_to_what_it_always_did(whole: str) -> None:
    assert of_whole(said(), whole) == of_whole(KEPT, whole)


if __name__ == "__main__":
    write(SAID, said().items())
