"""How long a message takes to decode to parties, on one core, beside what only parses it.

    python -m benchmarks.payments.decode [--json]

Times are processor time, and the least of 60 short rounds, so that other work on the machine does not count,
in microseconds. The last line names the rivals that are not installed: pip install '.[rivals,registry]'
"""

import argparse
import json
import time
import timeit
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from typing import Any, NamedTuple
from xml.etree import ElementTree

from benchmarks.payments.messages import CANONICAL, MT103, PACS_008
from benchmarks.payments.records import AVRO_SCHEMA, MAPPED, MAPPING, avro_record
from screening.payments import decode_payment
from screening.payments.mapping_file import read_mappings
from screening.payments.registry.framing import SchemaKey
from screening.payments.registry.readers import read_schema
from screening.payments.registry.schemas import Schemas, SchemaText

ROUNDS = 60
SECONDS_PER_ROUND = 0.01
"""Some rounds fall between two turns of other processes: the least time is that of a machine at rest."""
GOALS = {"canonical JSON": 15.0, "pacs.008": 120.0, "MT103": 30.0}
"""Microseconds; what issue and README promise."""


class Measured(NamedTuple):
    """One line of the table. `microseconds` is None for a rival that is not installed."""

    message: str
    bytes: int
    what: str
    microseconds: float | None


def measure(call: Callable[[], object]) -> float:
    """Least processor time of one call, in microseconds."""
    timer = timeit.Timer(call, timer=time.process_time)
    once = timer.timeit(20) / 20
    number = max(1, int(SECONDS_PER_ROUND / max(once, 1e-7)))
    return min(timer.repeat(ROUNDS, number)) / number * 1e6


def contestants() -> Iterator[tuple[str, bytes, str, Callable[[], object] | None]]:
    """Every message with what is measured on it."""
    for message, raw in (("canonical JSON", CANONICAL), ("pacs.008", PACS_008), ("MT103", MT103)):
        yield message, raw, "interdict: decode to parties", partial(decode_payment, raw)
    mappings = read_mappings(MAPPING)
    yield (
        "mapped JSON",
        MAPPED,
        "interdict: decode to parties",
        lambda: decode_payment(MAPPED, mappings=mappings),
    )
    yield "mapped JSON", MAPPED, "json.loads: parse only", lambda: json.loads(MAPPED)
    yield from _avro()
    yield "canonical JSON", CANONICAL, "json.loads: parse only", lambda: json.loads(CANONICAL)
    yield "pacs.008", PACS_008, "ElementTree: parse only", lambda: ElementTree.fromstring(PACS_008)
    yield "pacs.008", PACS_008, "lxml: parse and visit", _lxml()
    yield "pacs.008", PACS_008, "pyiso20022: parse to classes", _pyiso20022()


def _avro() -> Iterator[tuple[str, bytes, str, Callable[[], object] | None]]:
    if not find_spec("fastavro"):
        yield "Avro", b"", "fastavro: parse only", None
        return
    fastavro = import_module("fastavro")
    raw, parsed = avro_record(), fastavro.parse_schema(json.loads(AVRO_SCHEMA))
    known = Schemas()
    known.put(SchemaKey(7), read_schema(SchemaText("AVRO", AVRO_SCHEMA)))
    yield "Avro", raw, "interdict: decode to parties", lambda: decode_payment(raw, schemas=known)
    yield (
        "Avro",
        raw,
        "fastavro: parse only",
        lambda: fastavro.schemaless_reader(BytesIO(raw[5:]), parsed, None),
    )


def _lxml() -> Callable[[], object] | None:
    if not find_spec("lxml"):
        return None
    etree: Any = import_module("lxml.etree")
    return lambda: [(element.tag, element.text) for element in etree.fromstring(PACS_008).iter()]


def _pyiso20022() -> Callable[[], object] | None:
    if not find_spec("pyiso20022") or not find_spec("xsdata"):
        return None
    parser = import_module("xsdata.formats.dataclass.parsers").XmlParser()
    message = import_module("pyiso20022.pacs.pacs_008_001_08.pacs_008_001_08")
    document = ElementTree.tostring(
        next(e for e in ElementTree.fromstring(PACS_008).iter() if e.tag.endswith("}Document"))
    )
    return lambda: parser.from_bytes(document, message.Document)


def _verdict(microseconds: float | None, goal: float | None) -> str:
    if goal is None or microseconds is None:
        return ""
    return f"  (goal {goal:.0f}{', missed' if microseconds > goal else ''})"


def main() -> None:
    """Measure and print; a goal that is missed on this machine is marked."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--json", action="store_true", help="one JSON object a line")
    as_json = arguments.parse_args().json
    absent: list[str] = []
    for message, raw, what, call in contestants():
        if call is None:
            absent.append(what.partition(":")[0])
        line = Measured(message, len(raw), what, round(measure(call), 1) if call else None)
        goal = GOALS.get(message) if what.startswith("interdict") else None
        if as_json:
            print(json.dumps(line._asdict()))
            continue
        figure = "not installed" if line.microseconds is None else f"{line.microseconds:8.1f} µs"
        print(f"{message:15} {line.bytes:6} bytes  {what:30} {figure}{_verdict(line.microseconds, goal)}")
    if not as_json:
        print(f"rivals not installed here: {', '.join(absent) or 'none'}")


if __name__ == "__main__":
    main()
