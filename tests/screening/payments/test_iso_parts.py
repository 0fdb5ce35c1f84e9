"""What becomes of an ISO 20022 message when one element of it is another: left out, or with another text.

`iso_parts.txt` holds for each name of an element a hash over what its changes come to. `python -m
tests.screening.payments.test_iso_parts` writes it anew, and with the name of a file says what they come to.
"""

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.screening.payments.parts import VALUES, as_program, encoded, hashes, readings, shown
from tests.screening.payments.test_read_whole import CASES
from tests.screening.said import kept

SAID = Path(__file__).with_name("iso_parts.txt")
KEPT = kept(SAID)
TEXTS_OF_ELEMENTS = ("", "Ali Hassan", "X1", "1.5", "x" * 60)


def elements() -> Iterator[tuple[str, str, bytes]]:
    """ISO 20022: each element left out, and another text in each; the same of its JSON."""
    for name in ("full_pacs008.xml", "camt054.xml", "pain001_acme.xml"):
        tree = ET.fromstring((CASES / name).read_bytes())  # noqa: S314 - our own
        yield name, "", ET.tostring(tree)
        parents = {child: parent for parent in tree.iter() for child in parent}
        for number, element in enumerate([*parents]):
            tag, parent = element.tag.rpartition("}")[2], parents[element]
            place, before = [*parent].index(element), element.text
            parent.remove(element)
            yield name, f"{tag} {number} left out", ET.tostring(tree)
            parent.insert(place, element)
            for text in TEXTS_OF_ELEMENTS if not len(element) else ():
                element.text = text
                yield name, f"{tag} {number} {text}", ET.tostring(tree)
            element.text = before
    event = json.loads((CASES / "full_iso.json").read_bytes())
    yield "full_iso.json", "", encoded(event)
    for value, key, where in places(event, ""):
        before = value[key]
        for new in VALUES:
            value[key] = new
            yield "full_iso.json", f"{where} {shown(new)}", encoded(event)
        value[key] = before


def places(value: Any, at: str) -> Iterator[tuple[Any, Any, str]]:
    """Everything below a value: in what it stands, under which key, and where."""
    keys = [*value] if isinstance(value, dict) else [*range(len(value))] if isinstance(value, list) else []
    for key in keys:
        yield value, key, f"{at}/{key}"
        yield from places(value[key], f"{at}/{key}")


@cache
def said() -> dict[str, list[str]]:
    return readings(elements())


@pytest.mark.parametrize("whole", KEPT)
def test_an_element_of_a_message_comes_to_what_it_always_did(whole: str) -> None:
    assert hashes(said())[whole] == KEPT[whole]


if __name__ == "__main__":
    as_program(said(), SAID)
