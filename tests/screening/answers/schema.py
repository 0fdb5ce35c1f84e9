"""A message held to ISO 20022's schema, by the classes that pyiso20022 has made of it.

The schema itself may not be handed on. Its classes carry all of it: which elements there are, in which
order, how many, how long, of which pattern. xsdata refuses what is not there; the rest is looked at here.
"""

import dataclasses
import re
from collections.abc import Iterator
from enum import Enum
from typing import Any
from xml.etree import ElementTree

from pyiso20022.pacs import pacs_002_001_10
from xsdata.formats.dataclass.context import XmlContext
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.config import ParserConfig
from xsdata.formats.dataclass.serializers import XmlSerializer

STRICT = ParserConfig(
    fail_on_unknown_properties=True, fail_on_unknown_attributes=True, fail_on_converter_warnings=True
)
CONTEXT = XmlContext()


def against_schema(text: str) -> list[str]:
    """What a pacs.002.001.10 breaks; raises for an element that the schema has not."""
    found = XmlParser(config=STRICT, context=CONTEXT).from_string(text, pacs_002_001_10.Document)
    written = XmlSerializer(context=CONTEXT).render(found)
    wrong = [*_broken(found, "Document")]
    if _elements(written) != _elements(text):
        wrong.append("the elements stand in another order")
    return wrong


def _elements(text: str) -> list[str]:
    return [each.tag for each in ElementTree.fromstring(text).iter()]  # noqa: S314  our own


def _broken(value: Any, at: str) -> Iterator[str]:
    for each in dataclasses.fields(value):
        limits, name = each.metadata, f"{at}/{each.metadata.get('name', each.name)}"
        held = getattr(value, each.name)
        values = held if isinstance(held, list) else [] if held is None else [held]
        if limits.get("required") and not values:
            yield f"{name}: missing"
        for one in values:
            if dataclasses.is_dataclass(one):
                yield from _broken(one, name)
            elif isinstance(one, str) and not isinstance(one, Enum):
                if not limits.get("min_length", 0) <= len(one) <= limits.get("max_length", 10**6):
                    yield f"{name}: {len(one)} characters"
                if (pattern := limits.get("pattern")) and not re.fullmatch(pattern, one):
                    yield f"{name}: {one!r} is not of {pattern}"
